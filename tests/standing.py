"""What tests stand on, built once for all that follow each other and want it; each takes its own changes back.

A test that wants an empty database, or one that commits, has it taken down first.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import ExitStack
from copy import deepcopy
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction

from tests.cast import MONDAY, Willow, build


class Standing:
    """The cast, or the community that has been lived in: one at a time, in a transaction that stays open."""

    def __init__(self) -> None:
        self.name: Hashable = None
        self.built: Any = None
        self.around = ExitStack()
        self.is_held = False  # by a file whose own changes are not rolled back yet
        self.has_browser = False

    def put_up(self, name: Hashable, make: Callable[[ExitStack], Any]) -> Any:
        """Return what stands under this name; build it where something else stands."""
        if self.name != name:
            self.take_down()
            self.around.enter_context(transaction.atomic())
            self.built, self.name = make(self.around), name
        return self.built

    def take_down(self) -> None:
        """Roll everything back, so that the database is empty again."""
        if self.name is not None:
            self.name = self.built = None
            transaction.set_rollback(True)
            self.around.close()


STANDING = Standing()


def commits(item: pytest.Item) -> bool:
    """Say whether a test really commits: then nothing may stand around it."""
    mark = item.get_closest_marker("django_db")
    asks_for = {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    return bool(asks_for or (mark and mark.kwargs.get("transaction")))


@pytest.fixture(scope="session")
def take_down(django_db_blocker) -> Callable[[], None]:
    """Return what takes down whatever stands."""

    def down() -> None:
        with django_db_blocker.unblock():
            STANDING.take_down()

    return down


@pytest.fixture(scope="session")
def curtain(django_db_setup: None, take_down: Callable[[], None]) -> Iterator[None]:
    """Take down what still stands when the last test has ended, before the database goes."""
    yield
    take_down()


@pytest.fixture
def cast_begins() -> datetime:
    """Return when the cast is made; a file that wants it at another time says so by a fixture of this name."""
    return MONDAY


@pytest.fixture
def ground(request: pytest.FixtureRequest, curtain: None, cast_begins: datetime, django_db_blocker) -> None:
    """Put up what this test stands on before its own transaction begins: conftest.py has it asked for first."""
    names = request.fixturenames
    with django_db_blocker.unblock():
        if "chromium" in names and not STANDING.has_browser:
            STANDING.take_down()  # what starts the browser changes which connection Django uses
            STANDING.has_browser = True
        if STANDING.is_held or "lived_in" in names:
            return
        if "willow" in names and not commits(request.node):
            STANDING.put_up(cast_begins, lambda _around: build(cast_begins))
        else:
            STANDING.take_down()


@pytest.fixture
def willow(db: None, cast_begins: datetime) -> Willow:
    """Return the cast, this test's own copy: nobody else sees what it changes."""
    return deepcopy(STANDING.built) if STANDING.name == cast_begins else build(cast_begins)
