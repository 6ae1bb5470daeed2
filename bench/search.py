"""Finding people within one community of a small and of a large register: milliseconds of `register.actions.search`."""

import random
import statistics
import time
from typing import Any

from django.db import connection
from django.utils import timezone

from linli.organisations import actions as organisations
from linli.organisations.models import Membership, Tier
from linli.organisations.rules import Role
from linli.people import actions as people
from linli.people.models import Person, Residency
from linli.places.models import Kind, Place
from linli.register.actions import search

ASKED = 40  # different people looked for
ROUNDS = 5


def timings() -> dict[str, Any]:
    """Return, for each way of asking, the median of each round in milliseconds; and how large the community is."""
    now = timezone.localtime()
    community = Place.objects.filter(kind=Kind.COMMUNITY).earliest("id")
    seats = _seats(community)
    here = Residency.objects.on(now.date()).within([community]).select_related("person", "home__estate")
    sample = random.Random(7).sample(list(here.exclude(person__phone_sealed=b"")[:5_000]), ASKED)
    ways = {
        "name": [row.person.name for row in sample],
        "address": [f"{row.home.estate.name} {row.home.name}" for row in sample if row.home.estate],
        "tail": [row.person.phone[-4:] for row in sample],
    }
    _analyse()
    found: dict[str, Any] = {"people": here.values("person").distinct().count()}
    for way, asked in ways.items():
        assert all(search(words, seats, now) for words in asked[:3]), f"nobody is found by {way}"
        found[way] = [statistics.median(_spent(words, seats) for words in asked) for _round in range(ROUNDS)]
    return found


def _spent(words: str, seats: list[Membership]) -> float:
    now, begun = timezone.now(), time.perf_counter()
    search(words, seats, now)
    return (time.perf_counter() - begun) * 1000


def _seats(community: Place) -> list[Membership]:
    now = timezone.localtime()
    body = organisations.create("试验社区居委会", "committee", Tier.COMMUNITY, [community], now)
    worker: Person = people.register("试验社工", "", now)
    organisations.appoint(worker, body, Role.COMMUNITY_WORKER, community, now.date(), None, now)
    return list(Membership.objects.current(worker, now.date()))


def _analyse() -> None:
    """As the database does by itself after such a load."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
