"""When looks are shown to their subjects: rules by purpose, and withholdings that take two people and a year."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from linli.base.errors import require
from linli.trail.models import DisclosureRule, Look, Withholding
from linli.trail.rules import LONGEST_DELAY, REVIEW_PERIOD, Disclosure, Purpose, are_days_fit


@transaction.atomic
def ask_to_withhold(basis: str, why: str, by: str, by_words: str, at: datetime) -> Withholding:
    """Propose a legal basis for not showing looks; it has no effect until a second person approves it."""
    basis, why = " ".join(basis.split()), " ".join(why.split())
    require(bool(basis), _("请写明法律依据：哪部法、第几条。"))
    require(bool(why), _("请写明为什么不能告诉本人。"))
    require(len(basis) <= 200 and len(why) <= 500, _("依据最多 200 字，理由最多 500 字。"))
    return Withholding.objects.create(basis=basis, why=why, asked_by=by, asked_by_words=by_words, asked_at=at)


@transaction.atomic
def approve(withholding: Withholding, by: str, by_words: str, at: datetime) -> Withholding:
    """Approve it for a year, or after a review for another: never whoever asked. Its looks wait as long.

    One that lapsed is not revived: its looks are shown already. Approving twice on the same day changes nothing.
    """
    row = Withholding.objects.select_for_update().get(pk=withholding.pk)
    require(by != row.asked_by, _("要由提出人以外的另一个人批准。"))
    require(row.ended_at is None, _("这条依据已经终止。"))
    require(
        row.holds_until is None or row.holds_until > at,
        _("这条依据已经过期，本人已经看得到；要用请重新提出。"),
    )
    row.approved_by, row.approved_by_words = by, by_words
    row.approved_at = row.approved_at or at
    row.holds_until = at + REVIEW_PERIOD
    row.save(update_fields=["approved_by", "approved_by_words", "approved_at", "holds_until"])
    row.looks.update(shown_from=row.holds_until)
    return row


@transaction.atomic
def end_withholding(withholding: Withholding, at: datetime) -> Withholding:
    """End it: the need has passed, and its looks are shown from now on. Again changes nothing."""
    row = Withholding.objects.select_for_update().get(pk=withholding.pk)
    if row.ended_at is None:
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        Look.objects.filter(withholding=row, shown_from__gt=at).update(shown_from=at)
    return row


@transaction.atomic
def set_rule(
    purpose: str, disclosure: str, days: int, withholding: Withholding | None, by: str, at: datetime
) -> DisclosureRule | None:
    """Decide when future looks for `purpose` are shown; "at once" removes the rule. Past looks keep their date.

    `days` is the delay, for "at close" the latest date. Withholding needs one that is approved and holds.
    """
    require(purpose in Purpose.values and disclosure in Disclosure.values, _("请选择用途和公开方式。"))
    require(
        are_days_fit(disclosure, days),
        _("等一段时间再公开的，请写 1 到 %(most)d 天；其他方式不用写天数。") % {"most": LONGEST_DELAY},
    )
    if disclosure == Disclosure.NEVER:
        is_held = withholding is not None and withholding.is_usable(at)
        require(is_held, _("不公开要有法律依据，并经第二个人批准。请先提出依据，批准后再选它。"))
    else:
        withholding = None
    if disclosure == Disclosure.IMMEDIATE:
        DisclosureRule.objects.filter(purpose=purpose).delete()
        return None
    rule, _is_new = DisclosureRule.objects.update_or_create(
        purpose=purpose,
        defaults={
            "disclosure": disclosure, "days": days, "withholding": withholding, "set_by": by, "set_at": at,
        },
    )  # fmt: skip
    return rule
