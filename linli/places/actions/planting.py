"""Planting places, changing what is known of them, laying grids over buildings, and taking places out of use."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Model, Q, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from linli.base.errors import require
from linli.places.models import Place
from linli.places.rules import Kind, clean_name, facts_of, full_code, full_name, may_stand_under

TIERS = {
    Kind.COMMUNITY: "community",
    Kind.STREET: "street",
    Kind.DISTRICT: "district",
    Kind.ESTATE: "estate",
    Kind.GRID: "grid",
}
MAY_SHARE_A_NAME = {Kind.FACILITY, Kind.COMMUNITY, Kind.STREET, Kind.DISTRICT, Kind.CITY, Kind.PROVINCE}


@transaction.atomic
def plant(kind: str, name: str, parent: Place | None, **facts: Any) -> Place:
    """Add a place of `kind` under `parent` (None: a root) and return it.

    `facts` are columns that fit its kind: code, latitude and longitude (WGS-84 degrees), estate_type, lacks, floor_area
    (m²), occupancy, facility_class, facility_kind, ownership, grid. A grid given to a building is passed on to what is
    planted under it later. Raises Refused where the tree does not allow it or the name is taken.
    """
    if parent is not None:
        parent = Place.objects.select_for_update().get(pk=parent.pk)
    _check_planting(kind, parent, facts)
    place = _seedling(kind, name, parent, facts)
    _check_name(place)
    place.save(force_insert=True)
    _take_root(place, parent)
    place.save(update_fields=["path", "community", "street", "district", "estate", "grid"])
    return place


@transaction.atomic
def plant_many(kind: str, parent: Place | None, rows: Sequence[dict[str, Any]]) -> list[Place]:
    """Plant many places of one `kind` under one `parent`, each row {"name": …, other facts …}, in a few statements."""
    for row in rows:
        _check_planting(kind, parent, {key: value for key, value in row.items() if key != "name"})
    seedlings = [
        _seedling(kind, row["name"], parent, {key: value for key, value in row.items() if key != "name"})
        for row in rows
    ]
    return root_all((place, parent) for place in seedlings)


def root_all(seedlings: Iterable[tuple[Place, Place | None]]) -> list[Place]:
    """Write unsaved places, each with its saved parent, and give them path and tiers; at most 500 a statement."""
    pairs = list(seedlings)
    places = [place for place, _parent in pairs]
    Place.objects.bulk_create(places, batch_size=500)
    for place, parent in pairs:
        _take_root(place, parent)
    Place.objects.bulk_update(
        places, ["path", "community", "street", "district", "estate", "grid"], batch_size=200
    )
    return places


def _check_planting(kind: str, parent: Place | None, facts: dict[str, Any]) -> None:
    require(
        may_stand_under(kind, parent.kind if parent else None),
        _("%(kind)s不能放在%(parent)s下面，请换一个上级。")
        % {
            "kind": Kind(kind).label,
            "parent": f"「{parent.name}」({Kind(parent.kind).label})" if parent else _("最上层"),
        },
    )
    require(
        parent is None or parent.retired_at is None,
        _("「%(name)s」已经停用，不能再往下添加。") % {"name": parent.name if parent else ""},
    )
    _check_facts(kind, facts)


def _check_facts(kind: str, facts: dict[str, Any]) -> None:
    unfit = sorted(name for name in facts.keys() - facts_of(kind) if facts[name] not in (None, "", []))
    words = "、".join(str(Place._meta.get_field(name).verbose_name) for name in unfit)
    require(not unfit, _("%(kind)s没有这些资料：%(words)s。") % {"kind": Kind(kind).label, "words": words})
    require(
        (facts.get("latitude") is None) == (facts.get("longitude") is None),
        _("经度和纬度要一起填，或者都不填。"),
    )


def _seedling(kind: str, name: str, parent: Place | None, facts: dict[str, Any]) -> Place:
    cleaned = clean_name(name)
    require(bool(cleaned), _("请写上名称。"))
    if facts.get("code"):
        facts = facts | {"code": _division_code(facts["code"])}
    place = Place(kind=kind, name=cleaned, parent=parent, path="", **facts)
    place.full_name = full_name(kind, cleaned, parent.full_name if parent else "")
    return place


def _division_code(code: str) -> str:
    whole = full_code(code)
    require(bool(whole), _("「%(code)s」不是区划代码：应为 2、4、6、9 或 12 位数字。") % {"code": code})
    return whole


def _check_name(place: Place) -> None:
    if place.kind in MAY_SHARE_A_NAME:
        return
    taken = Place.objects.live().filter(parent=place.parent, kind=place.kind, name=place.name)
    require(
        not taken.exclude(pk=place.pk).exists(),
        _("这里已经有「%(name)s」了，请换一个名称，或者直接用它。") % {"name": place.name},
    )


def _take_root(place: Place, parent: Place | None) -> None:
    """Fill path and tiers, which need the place's own id."""
    place.path = f"{parent.path if parent else '/'}{place.pk}/"
    for tier in ("community", "street", "district", "estate"):
        setattr(place, f"{tier}_id", getattr(parent, f"{tier}_id") if parent else None)
    if parent is not None and place.grid_id is None:
        place.grid_id = parent.grid_id
    own = TIERS.get(Kind(place.kind))
    if own:
        setattr(place, f"{own}_id", place.pk)


@transaction.atomic
def change_facts(place: Place, *, by: Model, at: datetime, **facts: Any) -> Place:
    """Change what is known of `place`; only facts that fit its kind. Returns the changed row."""
    place = Place.objects.select_for_update().get(pk=place.pk)
    _check_facts(place.kind, {"latitude": place.latitude, "longitude": place.longitude} | facts)
    for name, value in facts.items():
        setattr(place, name, value)
    place.save(update_fields=list(facts))
    return place


@transaction.atomic
def rename(place: Place, name: str, *, by: Model, at: datetime) -> Place:
    """Give `place` another name; the full names of everything under it follow in one statement."""
    place = Place.objects.select_for_update().get(pk=place.pk)
    old = place.full_name
    place.name = clean_name(name)
    require(bool(place.name), _("请写上名称。"))
    _check_name(place)
    above = place.parent.full_name if place.parent else ""
    place.full_name = full_name(place.kind, place.name, above)
    place.save(update_fields=["name", "full_name"])
    beneath = Place.objects.within(place).exclude(pk=place.pk).filter(full_name__startswith=f"{old} · ")
    if place.kind != Kind.GRID:
        beneath.update(full_name=Concat(Value(place.full_name), Substr(F("full_name"), len(old) + 1)))
    return place


@transaction.atomic
def lay_grid(grid: Place, buildings: Iterable[Place], *, by: Model, at: datetime) -> int:
    """Lay `grid` over `buildings` (or estates, homes, facilities); everything under them follows. Returns how many rows.

    A building lies in one grid: a new one takes the place of the old.
    """
    require(grid.kind == Kind.GRID, _("「%(name)s」不是网格。") % {"name": grid.name})
    covered = Q(pk__in=[])
    for building in buildings:
        require(
            building.community_id == grid.community_id and "grid" in facts_of(building.kind),
            _("「%(name)s」不在网格所属的社区里，不能划入。") % {"name": building.name},
        )
        covered |= Q(path__startswith=building.path)
    return Place.objects.filter(covered).update(grid=grid)


@transaction.atomic
def lift_grid(buildings: Iterable[Place], *, by: Model, at: datetime) -> int:
    """Take `buildings` and everything under them out of their grid. Returns how many rows."""
    covered = Q(pk__in=[])
    for building in buildings:
        covered |= Q(path__startswith=building.path)
    return Place.objects.filter(covered).exclude(kind=Kind.GRID).update(grid=None)


@transaction.atomic
def retire(place: Place, *, by: Model, at: datetime) -> Place:
    """Take `place` out of use, with everything under it; history stays, and its codes say so."""
    place = Place.objects.select_for_update().get(pk=place.pk)
    Place.objects.filter(path__startswith=place.path, retired_at=None).update(retired_at=at)
    if place.kind == Kind.GRID:
        Place.objects.filter(grid=place).exclude(pk=place.pk).update(grid=None)
    place.refresh_from_db(fields=["retired_at"])
    return place
