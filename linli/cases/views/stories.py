"""Pieces that every page of a case shows: its story, its steps, its pictures."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from linli.attachments.models import Attachment
from linli.base.addresses import address_for
from linli.cases.models import Case, Event
from linli.cases.rules import State
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


def files_of(case: Case, *, released_only: bool) -> dict[str, list[Picture]]:
    """Return the case's photos by role ("before", "after", "evidence") and its voice messages ("voice")."""
    rows = Attachment.objects.of(case.subject)
    found: dict[str, list[Picture]] = {}
    for row in rows.released() if released_only else rows:
        small = address_for("attachments:thumbnail", row.token)
        found.setdefault(row.role, []).append(Picture(address_for("attachments:show", row.token), small))
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
            address_for("attachments:mask", row.token),
        )
        for row in rows
    ]


def steps_of(events: Iterable[Event], case: Case) -> list[Step]:
    """Return the public timeline, oldest first, and what comes next where a clock runs."""
    steps = [
        Step(
            event.at,
            step_words(event.verb, event.organisation.name if event.organisation else ""),
            event.public_words,
        )
        for event in events
    ]
    if case.due and case.closed_at is None and case.state not in {State.RESOLVED, State.PAUSED}:
        steps.append(Step(case.due, str(case.lead or case.owner or ""), is_coming=True))
    return steps
