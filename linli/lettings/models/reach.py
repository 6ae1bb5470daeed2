"""Whose homes somebody may speak for: verified on that day, or within the places of their desk."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from linli.organisations.models import Membership
from linli.organisations.rules import Power
from linli.people.models import Person, Residency
from linli.people.rules import Tenure
from linli.places.models import Place


def homes_known_in(person: Person, on: date) -> QuerySet[Residency]:
    """Return the residencies by which `person` may speak for a home: verified, in force on that day."""
    return Residency.objects.on(on).verified().filter(person=person)


def owned_homes(person: Person, on: date) -> QuerySet[Place]:
    """Return the homes of which `person` is a verified owner on that day, whether or not they live there."""
    owned = homes_known_in(person, on).filter(tenure=Tenure.OWNER)
    return Place.objects.live().filter(pk__in=owned.values("home"))


def desk_places(memberships: Iterable[Membership]) -> list[Place]:
    """Return the places where the holders of these roles take residents' matters in."""
    return [row.place for row in memberships if Power.INTAKE in row.powers]
