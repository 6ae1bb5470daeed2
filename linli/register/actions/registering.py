"""Somebody is registered at a home: known by name and number or new, with paper and tenure, in one act."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from linli.people import actions as people
from linli.people.models import Person
from linli.places.models import Place
from linli.register.actions.moving import belong
from linli.register.actions.stating import state
from linli.register.actions.suspecting import suspect
from linli.register.rules import IdentityKind, Value


@dataclass(frozen=True)
class Resident:
    """Who comes: name and number, paper, in what way they belong to the home and since when."""

    name: str
    phone: str
    identity_kind: str
    identity: str
    tenure: str
    since: date
    lives_there: bool = True
    in_both: bool = False


@transaction.atomic
def register_at(home: Place, resident: Resident, *, source: str, by: Person, at: datetime) -> Person:
    """Register a resident of a home and return them; the same name and number is the same person.

    Likely duplicates are raised at once. The caller checked `by`'s right.
    """
    person = people.register(resident.name, resident.phone, at, by)
    values: dict[str, Value] = {"name": resident.name}
    if resident.phone:
        values["phone"] = resident.phone
    if resident.identity or resident.identity_kind == IdentityKind.NONE:
        values |= {"identity": resident.identity}
        values["identity_kind"] = resident.identity_kind or IdentityKind.RESIDENT
    belong(
        person,
        home,
        resident.tenure,
        resident.since,
        by=by,
        at=at,
        lives_there=resident.lives_there,
        in_both=resident.in_both,
    )
    state(person, values, source=source, by=by, at=at)
    suspect(person, at)
    return person
