"""Which cases lie within a place, and which a worker's memberships open: conditions, not yet rows."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from linli.cases.models.closing import CallBack, Check
from linli.cases.models.work import Asking, Order
from linli.organisations.models import Membership
from linli.organisations.rules import POWERS, Power
from linli.places.models import Kind, Place, inside

if TYPE_CHECKING:
    from linli.cases.models.case import Case

HELD_BY_COLUMN = (Kind.GRID, Kind.ESTATE, Kind.COMMUNITY, Kind.STREET, Kind.DISTRICT)
DESK_PLACES = (Kind.GRID, Kind.ESTATE, Kind.COMMUNITY)
DESK_POWERS = frozenset({Power.INTAKE, Power.DISPATCH})
WORKING_POWERS = DESK_POWERS | {Power.HANDLE, Power.ARBITRATE, Power.CHECK}


def within_place(place: Place) -> Q:
    """Return the condition "at or under `place`", by its tier's own column where the case holds one."""
    if place.kind in HELD_BY_COLUMN:
        return Q(**{place.kind: place.pk})
    return inside([place], "place__")


def handled_by(memberships: Sequence[Membership], *, by_place_alone: bool = False) -> Q:
    """Return the condition "these memberships may open it".

    A desk (INTAKE or DISPATCH in a grid, estate or community) opens all that is said there. Above the
    community, and in units, only what came to the own body opens: by an order, as owner, or to rule on,
    check or call back.
    """
    opened = Q(pk__in=[])
    bodies: defaultdict[str, set[int]] = defaultdict(set)  # by power, and under "" with any power to work
    for membership in memberships:
        powers = POWERS[membership.role]
        for power in ("", *powers) if powers & WORKING_POWERS else ():
            bodies[power].add(membership.organisation_id)
        if powers & DESK_POWERS and membership.place.kind in DESK_PLACES:
            opened |= within_place(membership.place)
    if by_place_alone or not bodies:
        return opened
    return opened | _came_to(bodies)


def opens_at_a_glance(case: "Case", memberships: Sequence[Membership]) -> bool:
    """Whether the case's own columns show already that these memberships open it; False says nothing.

    Part of what `handled_by` asks the database: the place of a desk, the owner, and the lead of what is not
    imported, who has an order.
    """
    bodies = {case.owner_id, None if case.is_history else case.lead_id}
    for membership in memberships:
        powers, place = POWERS[membership.role], membership.place
        if powers & WORKING_POWERS and membership.organisation_id in bodies:
            return True
        is_desk = powers & DESK_POWERS and place.kind in DESK_PLACES
        if is_desk and getattr(case, f"{place.kind}_id") == place.pk:
            return True
    return False


def _came_to(bodies: Mapping[str, Collection[int]]) -> Q:
    """Return the condition "it came to one of these bodies": to own, to work on, to rule on, to check or to ring.

    Each is asked of the case that is looked at, by the case's own index, so that a body's orders of all years are
    never listed; and only where the power to act on it is held.
    """
    this = OuterRef("pk")
    mine: Q = Q(owner__in=bodies[""]) | Q(
        Exists(Order.objects.filter(case=this, organisation__in=bodies[""]))
    )
    if rules := bodies.get(Power.ARBITRATE):
        mine |= Q(Exists(Asking.objects.filter(order__case=this, arbiter__in=rules)))
    if checks := bodies.get(Power.CHECK):
        mine |= Q(Exists(Check.objects.filter(case=this, organisation__in=checks)))
        mine |= Q(Exists(CallBack.objects.filter(answer__case=this, organisation__in=checks)))
    return mine
