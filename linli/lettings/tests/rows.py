"""What tests of lettings start with."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from linli.lettings import actions
from linli.lettings.actions import Arrival, Sender, Terms
from linli.lettings.models import Letting, Newcomer
from linli.people import actions as people
from linli.people.models import Person, Residency, Tenure
from linli.places import actions as places
from linli.places.models import Kind, Place, PlaceCode
from tests.cast import LONG_AGO, MONDAY, Willow

NEW_PHONE = "13900000071"
GOOD_NUMBER = "11010519491231002X"  # the example of GB 11643


@dataclass
class Flat:
    """701室 of 3幢, owned by 何业主 who lives elsewhere, with the code at its door."""

    home: Place
    owner: Person
    code: PlaceCode


def flat(willow: Willow, *, lives_there: bool = False) -> Flat:
    home = places.plant(Kind.HOME, "701室", willow.building)
    owner = people.register("何美玲", "13900000070", MONDAY)
    residency = people.settle(
        owner, home, Tenure.OWNER, LONG_AGO, Residency.Source.COUNTER, MONDAY, lives_there=lives_there
    )
    people.verify(residency, willow.sun, MONDAY, Residency.Source.COUNTER)
    return Flat(home, owner, places.issue_code(home, by=willow.sun, at=MONDAY))


def arrive(
    code: PlaceCode, at: datetime = MONDAY, *, name: str = "鲁新来", phone: str = NEW_PHONE,
    person: Person | None = None, device: str = "a", network: str = "10.0.0.1", **more: object,
) -> Newcomer:  # fmt: skip
    said = Arrival(name=name, phone=phone, since=at.date(), **more)  # type: ignore[arg-type]
    return actions.register_newcomer(code, said, Sender(person, device, network), at)


def let(flat: Flat, *, since: date | None = None, days: int = 365, purpose: str = "living",
        tenants: list[tuple[str, str]] | None = None, at: datetime = MONDAY) -> Letting:  # fmt: skip
    first = since or at.date()
    named = tenants or [("鲁新来", NEW_PHONE)]
    terms = Terms(first, first + timedelta(days=days), purpose, named)
    return actions.register_letting(flat.home, flat.owner, terms, by=flat.owner, at=at)
