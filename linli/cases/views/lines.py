"""Rows of cases as lists show them: title, where it stands and until when, place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from linli.base.clockwords import length_words
from linli.cases.models import Case
from linli.cases.rules.sentences import Sentence, own_sentence, sentence
from linli.cases.views.stories import story_of

KEPT = 6 * 60 * 60  # seconds


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
    """Return lines for cases that carry `lead` and `owner`; the public reads the public title and no door."""
    say = own_sentence if is_own else sentence
    return [
        Line(
            case=case,
            sentence=say(story_of(case), now),
            title=case.shown_title if is_public else case.title,
            place=str(case.estate or "") if is_public else str(case.place),
        )
        for case in cases
    ]


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
    late = length_words(now - case.due) if case.due and case.due < now else ""
    return f"cases.row:{case.token}:{case.version}:{get_language()}:{now.date()}:{late}"
