"""Rows of cases as lists show them: title, where it stands and until when, place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from linli.base.clockwords import length_words
from linli.cases.models import Case
from linli.cases.rules.sentences import Sentence, own_sentence, sentence
from linli.cases.views.stories import is_running, story_of

KEPT = 6 * 60 * 60  # seconds

# All that a row shows: a list leaves the long texts in the database.
COLUMNS = (
    "token",
    "version",
    "state",
    "title",
    "filed_at",
    "resolved_at",
    "responded_at",
    "response_due",
    "due",
    "lead__name",
    "owner__name",
    "place__name",
    "place__full_name",
)


@dataclass(frozen=True)
class Line:
    """One case in a list."""

    case: Case
    sentence: Sentence
    title: str
    place: str


def lines_of(
    cases: Iterable[Case], now: datetime, *, is_public: bool = False, is_own: bool = False
) -> list[Line]:
    """Return lines for cases that carry `lead`, `owner` and `place`; the public reads its own title and no door."""
    say = own_sentence if is_own else sentence
    return [
        Line(
            case=case,
            sentence=_until(say(story_of(case), now), case, now),
            title=case.shown_title if is_public else case.title,
            place=str(case.estate or "") if is_public else case.where,
        )
        for case in cases
    ]


def awaited(case: Case) -> datetime | None:
    """Return by when the next word is owed: the first answer, then the end; None where no clock runs."""
    if not is_running(case):
        return None
    return case.response_due if case.response_due and not case.responded_at else case.due


def _until(said: Sentence, case: Case, now: datetime) -> Sentence:
    """Let a sentence that names no time yet go on with the time by which something is owed."""
    due = awaited(case)
    if said.due is not None or due is None:
        return said
    return Sentence(_("%(words)s，") % {"words": said.words}, "late" if due < now else said.tone, due)


def rows_of(cases: Iterable[Case], now: datetime) -> list[SafeString]:
    """Return each case as a row of the desk's list, its markup kept until the case, the language or the day changes.

    Half of what a list costs is drawing twenty rows that did not change since they were drawn last.
    """
    keys = {_key(case, now): case for case in cases}
    drawn: dict[str, str] = cache.get_many(keys)
    fresh = {key: _draw(case, now) for key, case in keys.items() if key not in drawn}
    if fresh:
        cache.set_many(fresh, KEPT)
    return [mark_safe(drawn.get(key) or fresh[key]) for key in keys]  # noqa: S308 (drawn by our own template)


def _draw(case: Case, now: datetime) -> str:
    line = lines_of([case], now)[0]
    return render_to_string("cases/desk_row.html", {"line": line, "now": now})


def _key(case: Case, now: datetime) -> str:
    """Name a drawn row by all that it shows: what is late is said to the minute, then to the hour, then to the day."""
    due = awaited(case)
    late = length_words(now - due) if due is not None and due < now else ""
    shown = f"{case.token}:{case.version}:{get_language()}:{now.date()}:{late}"
    return f"cases.row:{blake2b(shown.encode(), digest_size=16).hexdigest()}"  # caches take no words for keys
