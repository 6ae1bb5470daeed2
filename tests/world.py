"""A community that has been lived in: the cast, what happened to them, and a browser for each.

`lived_in` serves the tests of one file: every address of Linli has a row here that it can show.
"""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone

from linli.cases.models import CallBack, Case
from linli.people.models import Person
from tests.cast import Willow, build
from tests.signing_in import signed_in
from tests.standing import STANDING
from tests.telling import DAYS, Story
from tests.told import TOLD


@dataclass
class LivedIn:
    """The cast, what happened to them, and a browser for each."""

    willow: Willow
    now: datetime
    cases: dict[str, Case] = field(default_factory=dict)
    names: dict[str, str] = field(
        default_factory=dict
    )  # what tests/access.csv calls rows → parts of addresses
    appointed: dict[str, Person] = field(default_factory=dict)  # whom no other test needs: the data officer
    browsers: dict[str, Client] = field(default_factory=dict)

    @property
    def viewers(self) -> dict[str, Person | None]:
        """Return the columns of tests/access.csv with the person who stands for each."""
        w = self.willow
        return {
            "anonymous": None, "resident": w.neighbour, "asker": w.zhang,
            "grid_worker": w.li, "community_worker": w.sun, "secretary": w.wang,
            "property_worker": w.zhao, "street_officer": w.qian, "department_officer": w.urban,
            "district_officer": w.district_officer, "checker": w.checker, "administrator": w.administrator,
            "auditor": w.auditor, "stranger": w.stranger, **self.appointed,
        }  # fmt: skip

    def browser(self, viewer: str) -> Client:
        """Return a new browser in which this person is signed in: what happens in it stays in it."""
        client = Client()
        client.cookies = copy(self.browsers[viewer].cookies)
        return client

    def arguments(self, recipe: str) -> dict[str, str]:
        """Return the arguments of an address: "token=case residency=own_home" → names of rows as tokens."""
        pairs = (part.split("=", 1) for part in recipe.split())
        return {key: self.names.get(value, value) for key, value in pairs}

    def query(self, recipe: str) -> str:
        """Return what stands behind "?": "at=home"."""
        return "&".join(f"{key}={value}" for key, value in self.arguments(recipe).items())


def live(willow: Willow, now: datetime) -> LivedIn:
    """Tell the whole story and open a browser for everyone."""
    world = LivedIn(willow, now)
    story = Story(world)
    for step in (
        story.tell_cases, story.tell_files, story.tell_people, story.tell_lists,
        story.tell_tasks, story.tell_notices, story.seal,
    ):  # fmt: skip
        step()
    for tell in TOLD:
        tell(world)
    for name, case in world.cases.items():
        world.names[f"{name}_case"], world.names[f"{name}_receipt"] = case.token, case.receipt
    world.names |= {"number": world.cases["confirmed"].number}
    for name in (
        "district",
        "street",
        "community",
        "grid",
        "estate",
        "building",
        "home",
        "lamp",
        "elsewhere",
    ):
        world.names[name] = getattr(willow, name).token
    for name in ("desk", "property", "street_office"):
        world.names[f"{name}_body"] = getattr(willow, name).token
    world.names["call"] = str(CallBack.objects.get(answer__case=world.cases["by_phone"]).pk)
    for role, person in world.viewers.items():
        world.browsers[role] = signed_in(person) if person else Client()
    world.browsers["agent"] = signed_in(willow.daughter)
    return world


def told(around: ExitStack) -> LivedIn:
    """Build the cast weeks ago and tell what happened since; `around` lasts as long as it stands."""
    around.enter_context(override_settings(LOG_FOLDER=settings.DATA / f"log-{secrets.token_hex(4)}"))
    now = timezone.now()
    return live(build(now - timedelta(days=DAYS + 2)), now)


@pytest.fixture(scope="module")
def lived_in(curtain: None, django_db_blocker) -> Iterator[LivedIn]:
    """The lived-in community for all tests of a file; each test's own changes are rolled back, then the file's."""
    with django_db_blocker.unblock():
        world = STANDING.put_up("lived in", told)
        with transaction.atomic():
            STANDING.is_held = True
            yield replace(world, names=dict(world.names), appointed=dict(world.appointed))
            STANDING.is_held = False
            transaction.set_rollback(True)
