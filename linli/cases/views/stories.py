"""Pieces that every page of a case shows: its story, its steps, its pictures."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from linli.attachments.models import Attachment
from linli.base.addresses import address_for
from linli.cases.models import Case, Event
from linli.cases.rules import OPEN, State, Verb
from linli.cases.rules.sentences import Story, step_words


@dataclass(frozen=True)
class Step:
    """One line of the timeline as the page shows it."""

    at: datetime
    words: str
    note: str = ""
    who: str = ""
    is_coming: bool = False


@dataclass(frozen=True)
class Picture:
    """A photo or voice message: where it is, and small."""

    address: str
    thumbnail_address: str
    token: str = ""
    role_words: str = ""
    is_public: bool = False
    cover_address: str = ""


def story_of(case: Case) -> Story:
    """Return what the sentence about a case is made of."""
    lead = str(case.lead or case.owner or "")
    return Story(case.state, lead, case.filed_at, case.resolved_at, case.due)


def files_of(case: Case, *, released_only: bool, key: str = "") -> dict[str, list[Picture]]:
    """Return the photos by role ("before", "after", "evidence") and the voice messages ("voice").

    `key` is the receipt by which somebody who is not signed in may see them.
    """
    rows = Attachment.objects.of(case.subject)
    found: dict[str, list[Picture]] = {"before": [], "after": [], "evidence": [], "voice": []}
    query = f"?key={key}" if key else ""
    for row in rows.released() if released_only else rows:
        small = address_for("attachments:thumbnail", row.token) + query
        large = address_for("attachments:show", row.token) + query
        found.setdefault(row.role, []).append(Picture(large, small))
    return found


def pictures_of(case: Case) -> list[Picture]:
    """Return every photo with what the desk needs to decide whether the public sees it."""
    words = {"before": _("办理前"), "after": _("办理后")}
    rows = Attachment.objects.of(case.subject).filter(form=Attachment.Form.PHOTO)
    return [
        Picture(
            address_for("attachments:show", row.token),
            address_for("attachments:thumbnail", row.token),
            row.token,
            words.get(row.role, _("现场")),
            row.public_at is not None,
            address_for("attachments:cover", row.token),
        )
        for row in rows
    ]


def count_photos(cases: Iterable[Case]) -> Counter[int]:
    """Return by case how many photos it has, in one query."""
    numbers = {case.subject: case.pk for case in cases}
    rows = Attachment.objects.filter(subject__in=numbers, form=Attachment.Form.PHOTO)
    return Counter(numbers[subject] for subject in rows.values_list("subject", flat=True))


def hides_who_answered(case: Case, event: Event) -> bool:
    """Whether an event would tell, while answers are waited for, who of several has answered or was called.

    Whoever sees that one of three answered knows who has not.
    """
    if case.closed_at is not None or event.details.get("is_final"):
        return False
    return event.verb == Verb.CALLED_BACK or (event.verb == Verb.ANSWERED and case.state == State.RESOLVED)


def words_of(event: Event) -> str:
    """Say an event; the one with which the answers closed the case says how it ended."""
    if event.details.get("is_final"):
        return str(State(event.details["outcome"]).label)
    return step_words(event.verb, event.organisation.name if event.organisation else "")


def steps_of(events: Iterable[Event], case: Case) -> list[Step]:
    """Return the public timeline, oldest first, and what comes next where a clock runs."""
    steps = [
        Step(event.at, words_of(event), event.public_words)
        for event in events
        if not hides_who_answered(case, event)
    ]
    return steps + coming(case)


def is_running(case: Case) -> bool:
    """Whether the case's clock counts now."""
    return case.state in OPEN and case.state != State.PAUSED


def coming(case: Case) -> list[Step]:
    """Return what comes next and by when, nothing where no clock runs."""
    body = str(case.lead or case.owner or "")
    if not case.due or not is_running(case):
        return []
    return [Step(case.due, _("%(body)s办结") % {"body": body} if body else _("办结"), is_coming=True)]
