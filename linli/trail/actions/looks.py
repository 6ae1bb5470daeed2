"""Writing down that somebody looked."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.module_loading import import_string

from linli.base.errors import require
from linli.base.text import shorten
from linli.base.words import kept
from linli.base.words import said as _
from linli.trail.circumstances import PRESENT
from linli.trail.models import DisclosureRule, Look, Seen, Succession, Withholding
from linli.trail.rules import (
    FIELDS_LENGTH,
    REASON_LENGTH,
    WORDS_LENGTH,
    Disclosure,
    Purpose,
    is_complete,
    is_household,
    shown_from,
    without_names,
)


def looked(
    subject: str,
    looker: str,
    looker_words: str,
    fields: str,
    reason: str,
    at: datetime,
    under: str = "",
    purpose: str = "",
) -> Look | None:
    """Write down that `looker` saw `fields` of `subject` for `reason`, in the transaction of the look itself.

    `subject`, `looker` and `under` name rows as text ("people.Person:42", "cases.Case:7"); `looker_words`
    is what the person looked at will read ("李* · 柳树社区居委会 · 网格员"), `fields` what was seen
    ("姓名、电话"). `purpose` is a `rules.Purpose`; left out, it is the task where there is one in `under`,
    else a typed reason. One's own data leaves no line and returns None. Raises Refused where the look cannot
    be explained: without a reason nothing is shown.
    """
    return looked_at_many([subject], looker, looker_words, fields, reason, at, under, purpose)


@transaction.atomic
def looked_at_many(
    subjects: Iterable[str],
    looker: str,
    looker_words: str,
    fields: str,
    reason: str,
    at: datetime,
    under: str = "",
    purpose: str = "",
) -> Look | None:
    """Write down one act of looking at a list or a household: one look, a line for each person shown.

    Each reads their own line alone: where `reason` names another of a household (`under` is one), it says
    同户家人 instead; elsewhere `fields` and `reason` must not name anyone. Whoever looks is left
    out; nobody left, nothing is written and the answer is None. Three statements, however many subjects.
    """
    others = [subject for subject in dict.fromkeys(subjects) if subject != looker]
    if not others:
        return None
    require(is_complete(looker_words, fields, reason), _("请先写明为什么要看，再打开个人信息。"))
    purpose = purpose or (Purpose.TASK if under else Purpose.TYPED)
    rule = _rule_for(purpose, at)
    here = PRESENT.get()
    look = Look.objects.create(
        at=at,
        looker=looker,
        looker_words=shorten(looker_words, WORDS_LENGTH),
        fields=shorten(kept(fields), FIELDS_LENGTH),
        reason=shorten(_for_each(kept(reason), others, under), REASON_LENGTH),
        under=under,
        purpose=purpose,
        request_id=here.request_id,
        body=here.body,
        path=here.path,
        count=len(others),
        disclosure=rule.disclosure,
        shown_from=shown_from(rule.disclosure, at, rule.days, _holds_until(rule.withholding)),
        withholding=rule.withholding,
    )
    Seen.objects.bulk_create([Seen(look=look, subject=subject, at=at) for subject in others], batch_size=500)
    return look


def closed(under: str, at: datetime) -> int:
    """Show the looks that waited for the matter `under` to close; returns how many. Again changes nothing."""
    waiting = Look.objects.filter(under=under, disclosure=Disclosure.AT_CLOSE, shown_from__gt=at)
    return waiting.update(shown_from=at)


@transaction.atomic
def follow(subject: str, survivor: str, at: datetime) -> None:
    """Let `survivor` read the trail of `subject` too: the two rows were merged. Again changes nothing."""
    Succession.objects.update_or_create(subject=subject, defaults={"survivor": survivor, "at": at})


def unfollow(subject: str) -> None:
    """Take that back: the merge was undone, and each trail is its own again."""
    Succession.objects.filter(subject=subject).delete()


def _rule_for(purpose: str, at: datetime) -> DisclosureRule:
    """Return the rule in force; one whose withholding has lapsed or ended counts as "at once"."""
    rule = DisclosureRule.objects.filter(purpose=purpose).select_related("withholding").first()
    at_once = DisclosureRule(purpose=purpose, disclosure=Disclosure.IMMEDIATE, days=0)
    if rule is None:
        return at_once
    is_held = rule.withholding is not None and rule.withholding.is_usable(at)
    return at_once if rule.disclosure == Disclosure.NEVER and not is_held else rule


def _for_each(reason: str, subjects: list[str], under: str) -> str:
    """Return the reason as every member of a household may read it."""
    if len(subjects) < 2 or not is_household(under):
        return reason
    people = import_string("linli.config.personal.people_of")(subjects)
    return without_names(reason, (person.name for person in people.values()), kept(_("同户家人")))


def _holds_until(withholding: Withholding | None) -> datetime | None:
    return withholding.holds_until if withholding else None
