"""What the top of the house tells privacy: `settings.HELD` names the module (linli/config/held.py)."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from importlib import import_module
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from linli.base.work_calendar import Calendar
from linli.people.models import Person
from linli.places.models import Place
from linli.privacy.rules import Erased, Holder, Keep


def _told() -> Any:
    return import_module(settings.HELD)


def holders() -> list[Holder]:
    """Return which tables hold something about a person."""
    return list(_told().HOLDERS)


def in_words() -> Mapping[str, Callable[[Any], str]]:
    """Return how a copy says what a column holds that is a code, a cipher or a machine's note."""
    found: Mapping[str, Callable[[Any], str]] = _told().IN_WORDS
    return found


def not_about() -> dict[str, str]:
    """Return the columns that name a person and say nothing about them, with the reason."""
    return dict(_told().NOT_ABOUT)


def not_personal() -> tuple[set[str], set[str]]:
    """Return (tables, column names) that hold nothing personal."""
    return set(_told().NOT_PERSONAL_TABLES), set(_told().NOT_PERSONAL_COLUMNS)


def keeps() -> list[Keep]:
    """Return what the nightly purge removes."""
    return list(_told().KEEPS)


def features() -> dict[str, Any]:
    """Return the features that need an impact assessment, with their names."""
    return dict(_told().FEATURES)


def open_matters(person: Person, at: datetime) -> list[str]:
    """Return in words what is still running for a person, so that erasing must wait."""
    return [words for path in _told().OPEN_MATTERS for words in import_string(path)(person, at)]


def erase_everywhere(person: Person, by: Person, at: datetime, *, lives_here: bool) -> list[Erased]:
    """Let each domain erase what it may, in the order told."""
    done: list[Erased] = []
    for path in _told().ERASERS:
        done += import_string(path)(person, by, at, lives_here=lives_here)
    return done


def withdrawn(person: Person, code: str, by: Person, at: datetime) -> None:
    """Let each domain end what rested on the consent `code` that somebody takes back, in the same transaction."""
    for path in _told().WITHDRAWN:
        import_string(path)(person, code, by, at)


def rotators() -> list[Callable[[datetime, datetime], int]]:
    """Return what brings to the present keys what is no column, each `(since the newest index key, at) -> changed`."""
    return [import_string(path) for path in _told().ROTATORS]


def leftovers() -> dict[str, int]:
    """Return how many values that are no columns still need an older sealing key, by what they are in."""
    counts = {name: import_string(path)() for name, path in _told().LEFTOVERS.items()}
    return {name: count for name, count in counts.items() if count}


def open_todo(key: str, title: Any, due: datetime, address: str, at: datetime, **whose: Any) -> None:
    """Put something on the list of those who guard personal data."""
    _told().open_todo(key, title, due, address, at, **whose)


def close_todo(key: str, at: datetime) -> None:
    """Take it off the lists."""
    _told().close_todo(key, at)


def calendar_of(place: Place | None) -> Calendar:
    """Return the calendar that counts working days at a place."""
    calendar: Calendar = _told().calendar_of(place)
    return calendar


def tell(persons: Iterable[Person], key: str, title: Any, body: Any, address: str, at: datetime) -> None:
    """Tell many persons at once (a breach)."""
    _told().tell(persons, key, title, body, address, at)
