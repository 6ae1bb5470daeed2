"""Whose record a worker may open, and which rows a desk works on: phrases that take the caller."""

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from linli.organisations.models import Membership
from linli.people.models import Person, PersonQuerySet, Residency
from linli.places.models import Kind, Place, inside
from linli.register.models.acts import Event, Merge, registered_places

AFTER_LEAVING = timedelta(
    days=30
)  # a move or death can be corrected as long; then the record is the next desk's


def residents_of(memberships: list[Membership], on: date) -> PersonQuerySet:
    """Return those who live in or own a home where these roles keep the register, or did until a month ago.

    A row that was merged counts with the row it was merged into.
    """
    homes = Residency.objects.filter(since__lte=on).within(registered_places(memberships))
    recent = homes.filter(Q(until=None) | Q(until__gt=on - AFTER_LEAVING))
    here = Exists(recent.filter(person=OuterRef("pk")))
    survivor = Exists(recent.filter(person=OuterRef("merged_into")))
    return Person.objects.filter(here | survivor)


def homes_of(memberships: list[Membership]) -> QuerySet[Place]:
    """Return the homes where these roles keep the register."""
    return Place.objects.live().filter(inside(registered_places(memberships)), kind=Kind.HOME)


def events_of(memberships: list[Membership]) -> QuerySet[Event]:
    """Return the acts at homes where these roles keep the register."""
    return Event.objects.within(registered_places(memberships))


def merges_of(memberships: list[Membership], on: date) -> QuerySet[Merge]:
    """Return the merges of those whose record these roles may open."""
    return Merge.objects.filter(kept__in=residents_of(memberships, on).values("pk"))
