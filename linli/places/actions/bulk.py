"""Many places at once, for ledgers: what stands under given places, and planting a row of them in one statement."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from linli.base.bulk import insert_rows, next_keys, parts_of, tokens
from linli.places.actions.planting import TIERS
from linli.places.models import Place
from linli.places.rules import Kind, clean_name, full_name, may_stand_under, sort_name

TIER_COLUMNS = ("community_id", "street_id", "district_id", "estate_id", "grid_id")
NODE_COLUMNS = ("pk", "kind", "name", "full_name", "path", "parent_id", *TIER_COLUMNS)


@dataclass(frozen=True, slots=True)
class Node:
    """A place as far as finding and planting under it needs it; `tiers` are the ids of TIER_COLUMNS."""

    pk: int
    kind: str
    name: str
    full_name: str
    path: str
    parent_id: int | None
    tiers: tuple[int | None, ...]


def nodes(places: Iterable[Place]) -> list[Node]:
    """Return these places as nodes."""
    return [_node([getattr(place, column) for column in NODE_COLUMNS]) for place in places]


def nodes_of_kind(kind: str, within: Place) -> list[Node]:
    """Return the live places of one kind at or under `within`."""
    rows = Place.objects.live().within(within).filter(kind=kind)
    return [_node(row) for row in rows.order_by("pk").values_list(*NODE_COLUMNS)]


def children(parent_ids: Collection[int]) -> list[Node]:
    """Return what stands right under these places and is in use, facilities left out."""
    found: list[Node] = []
    for part in parts_of(sorted(parent_ids)):
        rows = Place.objects.live().filter(parent__in=part).exclude(kind=Kind.FACILITY)
        found += [_node(row) for row in rows.values_list(*NODE_COLUMNS)]
    return found


def _node(row: Sequence[object]) -> Node:
    return Node(*row[:6], tuple(row[6:]))  # type: ignore[arg-type, call-arg]


@transaction.atomic
def plant_all(kind: str, wanted: Sequence[tuple[Node, str]]) -> list[Node]:
    """Plant a place of `kind` for each (parent, name), in the order given, and return them.

    The caller has looked (`children`) that none of them is there, in the same transaction.
    """
    own = TIERS.get(Kind(kind), "")
    made: list[Node] = []
    for key, (parent, typed) in zip(next_keys(Place, len(wanted)), wanted, strict=True):
        if not may_stand_under(kind, parent.kind):
            raise ValueError(f"{kind} under {parent.kind}")
        name = clean_name(typed)[:120]
        tiers = dict(zip(TIER_COLUMNS, parent.tiers, strict=True))
        if own:
            tiers[f"{own}_id"] = key
        whole = full_name(kind, name, parent.full_name)
        made.append(Node(key, kind, name, whole, f"{parent.path}{key}/", parent.pk, tuple(tiers.values())))
    columns = ("id", "token", "kind", "name", "sort_name", "full_name", "path", "parent_id", *TIER_COLUMNS)
    insert_rows(
        Place,
        columns,
        (
            (
                row.pk,
                token,
                kind,
                row.name,
                sort_name(row.name),
                row.full_name,
                row.path,
                row.parent_id,
                *row.tiers,
            )
            for token, row in zip(tokens(len(made)), made, strict=True)
        ),
    )
    return made
