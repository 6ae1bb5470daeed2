"""Certificates: which are needed, until when they hold, when to warn, and what follows when one lapses."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.partners.rules.standing import Kind


class PaperKind(models.TextChoices):
    """What a paper certifies."""

    BUSINESS_LICENCE = "business", _("营业执照")
    SOCIAL_REGISTRATION = "social", _("社会组织登记证书")
    COMMITTEE_FILING = "committee", _("业主委员会备案通知书")
    FOOD_PERMIT = "food", _("食品经营许可证")
    SECURITY_FILING = "security", _("保安服务许可或备案")
    LIFT_LICENCE = "lift", _("电梯维修许可证")
    HEALTH_PERMIT = "health", _("卫生许可证")
    CARE_FILING = "care", _("养老服务备案回执")
    INSURANCE = "insurance", _("责任保险单")
    OTHER = "other", _("其他证照")


# Without these it is not admitted, and without a valid one it takes no new orders.
REQUIRED: dict[str, frozenset[str]] = {
    Kind.PROPERTY: frozenset({PaperKind.BUSINESS_LICENCE}),
    Kind.OWNERS_COMMITTEE: frozenset({PaperKind.COMMITTEE_FILING}),
    Kind.SOCIAL_ORGANISATION: frozenset({PaperKind.SOCIAL_REGISTRATION}),
    Kind.ENTERPRISE: frozenset({PaperKind.BUSINESS_LICENCE}),
    Kind.DEPARTMENT: frozenset(),
    Kind.RESIDENTS_GROUP: frozenset(),
}


class Validity(models.TextChoices):
    """What a paper is worth on a day."""

    GOOD = "good", _("有效")
    ENDING = "ending", _("快到期")
    LAPSED = "lapsed", _("已过期")
    REPLACED = "replaced", _("已换新或作废")


def validity(expires_on: date | None, is_replaced: bool, warned_from: date | None, today: date) -> Validity:
    """Return what a paper is worth: the day on which it expires is its last (None: for ever).

    `warned_from` is the first day of warning, as `stage_reached` counts it.
    """
    if is_replaced:
        return Validity.REPLACED
    if expires_on is None:
        return Validity.GOOD
    if today > expires_on:
        return Validity.LAPSED
    return Validity.ENDING if warned_from is not None and today >= warned_from else Validity.GOOD


def stage_reached(now: datetime, warned_at: Sequence[tuple[int, datetime]]) -> int | None:
    """Return the smallest of the warning stages (working days ahead) whose moment has come; None before all.

    `warned_at` are (stage, moment) in any order.
    """
    reached = [stage for stage, moment in warned_at if now >= moment]
    return min(reached) if reached else None


def orders_until(
    needed: Iterable[str], held: Iterable[tuple[str, date | None]], suspended_on: date | None, today: date
) -> date | None:
    """Return the last day on which a body takes new orders, None without end.

    Of each needed kind the paper that holds longest counts; one that is missing ends it yesterday, a
    suspension the day before it.
    """
    ends: list[date] = []
    papers = list(held)
    for kind in needed:
        days = [expires for one, expires in papers if one == kind]
        if not days:
            ends.append(today - timedelta(days=1))
        elif None not in days:
            ends.append(max(day for day in days if day is not None))
    if suspended_on is not None:
        ends.append(suspended_on - timedelta(days=1))
    return min(ends) if ends else None
