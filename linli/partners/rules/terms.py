"""Owners' committees: how long a term is, when the next is to be prepared, when the election is to be filed."""

from calendar import monthrange
from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST_YEARS = 5  # 《业主大会和业主委员会指导规则》（建房〔2009〕274号）: 每届任期不超过5年
RENEWAL_MONTHS = 3  # the same: 任期届满前3个月, 组织换届选举
FILING_DAYS = 30  # 《物业管理条例》第十六条: 自选举产生之日起30日内备案
FILING_RULE = "《物业管理条例》第十六条"
TERM_RULE = "《业主大会和业主委员会指导规则》（建房〔2009〕274号）"
SEATS = (5, 7, 9, 11)  # the same: 由 5 至 11 人单数组成


class Post(models.TextChoices):
    """What somebody is in a committee."""

    CHAIR = "chair", _("主任")
    DEPUTY = "deputy", _("副主任")
    MEMBER = "member", _("委员")


class TermState(models.TextChoices):
    """Where a term stands on a day; computed, never kept."""

    PREPARING = "preparing", _("筹备中")
    IN_OFFICE = "in_office", _("在任")
    RENEWAL_DUE = "renewal_due", _("该筹备换届了")
    OVERDUE = "overdue", _("任期已满，尚未换届")
    ENDED = "ended", _("已换届")


def ends_on(elected_on: date, years: int) -> date:
    """Return the last day of a term of `years` from the election."""
    try:
        same_day = elected_on.replace(year=elected_on.year + years)
    except ValueError:  # 29 February
        same_day = elected_on.replace(year=elected_on.year + years, month=3, day=1)
    return same_day - timedelta(days=1)


def renewal_due(end: date) -> date:
    """Return from when the next election is to be prepared: three months ahead of the end."""
    years_back, month = divmod(end.month - 1 - RENEWAL_MONTHS, 12)
    year = end.year + years_back
    return date(year, month + 1, min(end.day, monthrange(year, month + 1)[1]))


def filing_due(elected_on: date) -> date:
    """Return the last day on which an election may be filed with the street and the housing authority."""
    return elected_on + timedelta(days=FILING_DAYS)


def term_state(elected_on: date | None, end: date | None, ended_on: date | None, today: date) -> TermState:
    """Return where a term stands on that day."""
    if ended_on is not None and ended_on <= today:
        return TermState.ENDED
    if elected_on is None or end is None:
        return TermState.PREPARING
    if today > end:
        return TermState.OVERDUE
    return TermState.RENEWAL_DUE if today >= renewal_due(end) else TermState.IN_OFFICE
