"""Rows of public cases as lists show them: sentence, place, pictures, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from linli.attachments.models import Attachment
from linli.base.addresses import address_for
from linli.cases.models import Case
from linli.cases.rules.sentences import Sentence, Story, own_sentence, sentence
from linli.front.rules import Figures, figures
from linli.places.models import Place

BEFORE, AFTER = "before", "after"


@dataclass(frozen=True)
class Photo:
    """A released picture: where it is shown in full and small."""

    address: str
    thumbnail_address: str


@dataclass(frozen=True)
class Line:
    """One public case in a list."""

    case: Case
    sentence: Sentence
    address: str
    title: str
    place: str
    before: list[Photo] = field(default_factory=list)
    after: list[Photo] = field(default_factory=list)


def public_lines(cases: Iterable[Case], now: datetime, *, with_photos: bool = False) -> list[Line]:
    """Return lines for public cases that carry `lead` and `estate`; one query more for their photos."""
    rows = list(cases)
    photos = _photos([case.subject for case in rows]) if with_photos else {}
    return [
        Line(
            case=case,
            sentence=sentence(_story(case), now),
            address=address_for("cases:case", case.token),
            title=case.shown_title,
            place=str(case.estate or ""),
            before=photos.get((case.subject, BEFORE), []),
            after=photos.get((case.subject, AFTER), []),
        )
        for case in rows
    ]


def own_lines(cases: Iterable[Case], now: datetime) -> list[Line]:
    """Return lines for a person's own cases, in their own words and with what waits for them."""
    return [
        Line(
            case=case,
            sentence=own_sentence(_story(case), now),
            address=address_for("cases:case", case.token),
            title=case.title,
            place=str(case.estate or ""),
        )
        for case in cases
    ]


def recent_figures(place: Place, newest: int) -> Figures:
    """Return the figures of the newest public matters of an estate or community: one short index range."""
    cases = Case.objects.public().within(place).order_by("-id")
    return figures(cases.values_list("state", "filed_at", "resolved_at")[:newest])


def _story(case: Case) -> Story:
    return Story(
        state=case.state,
        lead=str(case.lead or case.owner or ""),
        filed_at=case.filed_at,
        resolved_at=case.resolved_at,
        due=case.due,
    )


def _photos(subjects: list[str]) -> dict[tuple[str, str], list[Photo]]:
    found: defaultdict[tuple[str, str], list[Photo]] = defaultdict(list)
    rows = Attachment.objects.released().filter(
        subject__in=subjects, role__in=(BEFORE, AFTER), form=Attachment.Form.PHOTO
    )
    for photo in rows.order_by("pk"):
        found[photo.subject, photo.role].append(
            Photo(
                address_for("attachments:show", photo.token),
                address_for("attachments:thumbnail", photo.token),
            )
        )
    return found
