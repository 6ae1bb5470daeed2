"""Sums over at least ten workers, by place: the same for everybody who may read them."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from linli.burden import rules
from linli.burden.models import Errand, Load
from linli.burden.rules import Asker, Sum
from linli.organisations.models import Organisation
from linli.places.models import Kind, Place

TIERS = (Kind.COMMUNITY, Kind.STREET, Kind.DISTRICT)


@dataclass
class PlaceSum:
    """What the workers of a place typed in a month; `sum` is None where too few of them stand behind it."""

    place: Place
    sum: Sum | None
    errands: int | None
    parts: list["PlaceSum"] = field(default_factory=list)
    askers: list[tuple[str, Sum | None]] = field(default_factory=list)


@dataclass
class _Month:
    """The loads of a district in a month, by place: who stands behind them, and how much it was."""

    top: int
    bodies: dict[int, int]  # of a body the place it belongs to
    beneath: dict[int, list[int]]
    loads: list[tuple[int, int, Asker, Sum]]  # person, place, for whom, how much
    errands: dict[int, int]

    def under(self, place: int) -> set[int]:
        """Return the place and what lies beneath it in this tree."""
        return {place}.union(*(self.under(part) for part in self.beneath.get(place, [])))


def sum_of(place: Place, month: date) -> PlaceSum | None:
    """Return the sums of a community, street or district for a month that is over; None for any other place."""
    if place.kind not in TIERS:
        return None
    found = _read(place.district_id or place.pk, month)
    workers: dict[int, frozenset[int]] = defaultdict(frozenset)
    for person, where, _asker, _sum in found.loads:
        workers[where] |= {person}
    shown = rules.shown_places(found.top, found.beneath, workers)
    parts = Place.objects.filter(pk__in=found.beneath.get(place.pk, [])).order_by("sort_name", "pk")
    made = _place_sum(place, found, shown)
    made.parts = [_place_sum(part, found, shown) for part in parts]
    if place.kind == Kind.COMMUNITY and made.sum is not None:
        made.askers = _by_asker(found, place.pk)
    return made


def _place_sum(place: Place, found: _Month, shown: set[int]) -> PlaceSum:
    if place.pk not in shown:
        return PlaceSum(place, None, None)
    under = found.under(place.pk)
    total = sum((load for _person, where, _asker, load in found.loads if where in under), Sum())
    return PlaceSum(place, total, sum(found.errands.get(where, 0) for where in under))


def _by_asker(found: _Month, place: int) -> list[tuple[str, Sum | None]]:
    """Return a community's sums by who it was for; only here, where no further place could be subtracted."""
    groups: dict[Asker, frozenset[int]] = defaultdict(frozenset)
    sums: dict[Asker, Sum] = defaultdict(Sum)
    for person, where, asker, load in found.loads:
        if where == place:
            groups[asker] |= {person}
            sums[asker] += load
    shown = rules.shown_groups(groups)
    return [(str(asker.label), sums[asker] if asker in shown else None) for asker in Asker if asker in groups]


def _read(top: int, month: date) -> _Month:
    """Read a district's month in four statements, however many workers and places there are."""
    after = rules.after_month(month)
    rows = list(
        Load.objects.between(month, after)
        .order_by()
        .values_list("person_id", "organisation_id", "form", "demanded_by", "times", "typed", "filled")
    )
    came = list(
        Errand.objects.filter(came_on__gte=month, came_on__lt=after).values_list("organisation_id", flat=True)
    )
    bodies, beneath = _places_of({row[1] for row in rows} | set(came), top)
    loads = [
        (person, bodies[body], Asker.ABOVE if demanded else rules.asker_of(form), Sum(*amounts))
        for person, body, form, demanded, *amounts in rows
        if body in bodies
    ]
    errands: dict[int, int] = defaultdict(int)
    for body in came:
        if body in bodies:
            errands[bodies[body]] += 1
    return _Month(top, bodies, beneath, loads, errands)


def _places_of(organisations: set[int], top: int) -> tuple[dict[int, int], dict[int, list[int]]]:
    """Return of each body the smallest tier that holds all it serves, and the tree of those tiers under `top`."""
    served: dict[int, list[Place]] = defaultdict(list)
    for body in Organisation.objects.filter(pk__in=organisations).prefetch_related("serves"):
        served[body.pk] = list(body.serves.all())
    bodies: dict[int, int] = {}
    parents: dict[int, int] = {}
    for pk, places in served.items():
        chain = _common(places)
        if top in chain:
            bodies[pk] = chain[0]
            within = chain[: chain.index(top) + 1]
            parents |= dict(pairwise(within))
    beneath: dict[int, list[int]] = defaultdict(list)
    for part, whole in sorted(parents.items()):
        beneath[whole].append(part)
    return bodies, dict(beneath)


def _common(places: list[Place]) -> list[int]:
    """Return the tiers that all of these places lie in, the smallest first."""
    chains = [[place.community_id, place.street_id, place.district_id] for place in places]
    shared = [set(column) for column in zip(*chains, strict=True)]
    return [tier.pop() for tier in shared if len(tier) == 1 and None not in tier]
