"""Planting places, changing what is known of them, and taking them out of use."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import CharField, F, Model, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils.translation import gettext as _

from linli.base.errors import require
from linli.places.models import Place
from linli.places.rules import Kind, clean_name, facts_of, full_code, full_name, may_stand_under, sort_name

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

    `facts` are columns that fit its kind: code, latitude and longitude (WGS-84 degrees), estate_type, lacks,
    floor_area (m²), occupancy, facility_class, facility_kind, ownership, grid. A grid given to a building
    is passed on to what is planted under it later. Raises Refused where the tree does not allow it or the
    name is taken.
    """
    if parent is not None:
        parent = Place.objects.select_for_update().get(pk=parent.pk)
    _check_planting(kind, parent, facts)
    place = seedling(kind, name, parent, facts)
    check_name(place)
    place.save(force_insert=True)
    _take_root(place, parent)
    place.save(update_fields=["path", *TIERS.values()])
    return place


@transaction.atomic
def plant_many(kind: str, parent: Place | None, rows: Sequence[dict[str, Any]]) -> list[Place]:
    """Plant many places of one `kind` under one `parent`, each row {"name": …, facts …}; all or none."""
    if parent is not None:
        parent = Place.objects.select_for_update().get(pk=parent.pk)
    for row in rows:
        _check_planting(kind, parent, _without_name(row))
    seedlings = [seedling(kind, row["name"], parent, _without_name(row)) for row in rows]
    _check_names(kind, parent, [place.name for place in seedlings])
    return root_all([(place, parent) for place in seedlings])


def _without_name(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != "name"}


def root_all(seedlings: Sequence[tuple[Place, Place | None]]) -> list[Place]:
    """Write unsaved places of one kind, each with its saved parent, in a few statements for each 500."""
    for start in range(0, len(seedlings), 500):
        chunk = seedlings[start : start + 500]
        Place.objects.bulk_create([place for place, _parent in chunk])
        # Paths need the ids that were just given: one statement writes them all.
        path: Any = Concat(
            Coalesce(Subquery(Place.objects.filter(pk=OuterRef("parent_id")).values("path")[:1]), Value("/")),
            Cast("pk", CharField()),
            Value("/"),
        )
        own = TIERS.get(Kind(chunk[0][0].kind))
        Place.objects.filter(pk__in=[place.pk for place, _parent in chunk]).update(
            path=path, **({f"{own}_id": F("pk")} if own else {})
        )
        for place, parent in chunk:
            _take_root(place, parent)
    return [place for place, _parent in seedlings]


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
    grid = facts.get("grid")
    require(
        grid is None or (grid.kind == Kind.GRID and grid.community_id == (parent and parent.community_id)),
        _("网格要选同一个社区里的。"),
    )
    _check_facts(kind, facts)


def _check_facts(kind: str, facts: dict[str, Any]) -> None:
    unfit = sorted(name for name in facts.keys() - facts_of(kind) if facts[name] not in (None, "", []))
    words = "、".join(str(getattr(Place._meta.get_field(name), "verbose_name", name)) for name in unfit)
    require(not unfit, _("%(kind)s没有这些资料：%(words)s。") % {"kind": Kind(kind).label, "words": words})
    require(
        (facts.get("latitude") is None) == (facts.get("longitude") is None),
        _("经度和纬度要一起填，或者都不填。"),
    )


def seedling(kind: str, name: str, parent: Place | None, facts: dict[str, Any]) -> Place:
    """Return an unsaved place with all but its path, in the tiers and grid of its parent."""
    cleaned = clean_name(name)
    require(bool(cleaned), _("请写上名称。"))
    if facts.get("code"):
        facts = facts | {"code": _division_code(facts["code"])}
    place = Place(kind=kind, name=cleaned, parent=parent, path="", **facts)
    place.full_name = full_name(kind, cleaned, parent.full_name if parent else "")
    place.sort_name = sort_name(cleaned)
    if parent is not None:
        for tier in TIERS.values():
            if tier != "grid" or (place.grid_id is None and kind != Kind.GRID):
                setattr(place, f"{tier}_id", getattr(parent, f"{tier}_id"))
    return place


def _division_code(code: str) -> str:
    whole = full_code(code)
    require(bool(whole), _("「%(code)s」不是区划代码：应为 2、4、6、9 或 12 位数字。") % {"code": code})
    return whole


def _check_names(kind: str, parent: Place | None, names: list[str]) -> None:
    if kind in MAY_SHARE_A_NAME:
        return
    twice = {name for name in names if names.count(name) > 1}
    held = Place.objects.live().filter(parent=parent, kind=kind, name__in=names)
    taken = "、".join(sorted(twice | set(held.values_list("name", flat=True))))
    require(not taken, _("这些名称重复了：%(names)s。请改名或删掉，再提交。") % {"names": taken})


def check_name(place: Place) -> None:
    """Refuse a name that another live place of the kind has under the same parent."""
    if place.kind in MAY_SHARE_A_NAME:
        return
    taken = Place.objects.live().filter(parent=place.parent, kind=place.kind, name=place.name)
    require(
        not taken.exclude(pk=place.pk).exists(),
        _("这里已经有「%(name)s」了，请换一个名称，或者直接用它。") % {"name": place.name},
    )


def _take_root(place: Place, parent: Place | None) -> None:
    """Fill what needs the place's own id."""
    place.path = f"{parent.path if parent else '/'}{place.pk}/"
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
def retire(place: Place, *, by: Model, at: datetime) -> Place:
    """Take `place` out of use, with everything under it; history stays, and its codes say so."""
    place = Place.objects.select_for_update().get(pk=place.pk)
    if place.kind == Kind.GRID:
        Place.objects.filter(grid=place).exclude(pk=place.pk).update(grid=None)
    Place.objects.live().within(place).update(retired_at=at)
    place.refresh_from_db(fields=["retired_at"])
    return place
