"""Changing what a place is called, where it hangs and which code it has, and all that follows under it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Model, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from linli.base.errors import require
from linli.places.actions.planting import TIERS, change_facts, check_name
from linli.places.models import Place, PlaceAlias, inside
from linli.places.rules import (
    JOINED_BY,
    Kind,
    clean_name,
    facts_of,
    full_name,
    is_beneath,
    is_named_by_hand,
    may_stand_under,
    sort_name,
)


@transaction.atomic
def rename(place: Place, name: str, *, by: Model, at: datetime) -> Place:
    """Give `place` another name; the full names of everything under it follow. Returns the changed row."""
    place = Place.objects.select_for_update().get(pk=place.pk)
    cleaned = clean_name(name)
    require(bool(cleaned), _("请写上名称。"))
    if cleaned == place.name:
        return place
    require(
        is_named_by_hand(place.kind),
        _("「%(name)s」的名称来自官方区划表：请在表里改好，再导入一次。") % {"name": place.name},
    )
    place.name = cleaned
    check_name(place)
    name_division(place, cleaned)
    return place


@transaction.atomic
def change_place(place: Place, name: str, *, by: Model, at: datetime, **facts: Any) -> Place:
    """Change the name and what is known of `place`, both or neither."""
    return change_facts(rename(place, name, by=by, at=at), by=by, at=at, **facts)


@transaction.atomic
def move(place: Place, parent: Place, *, by: Model, at: datetime) -> Place:
    """Hang `place` with all under it under another `parent`; in another community it leaves its grid.

    Under the parent that it has already, nothing changes.
    """
    place = Place.objects.select_for_update().get(pk=place.pk)
    parent = Place.objects.select_for_update().get(pk=parent.pk)
    if place.parent_id == parent.pk:
        return place
    check_move(place, parent)
    place.parent = parent
    move_division(place, parent)
    return place


def check_move(place: Place, parent: Place) -> None:
    """Raise Refused, saying why, where `place` cannot hang under `parent`: the wrong tier, or its name is taken."""
    words = {"name": place.name, "parent": parent.full_name}
    require(
        may_stand_under(place.kind, parent.kind) and not is_beneath(parent.path, place.path),
        _("「%(name)s」不能移到「%(parent)s」下面。") % words,
    )
    require(place.retired_at is None, _("「%(name)s」已经停用，不能再移。") % words)
    require(parent.retired_at is None, _("「%(parent)s」已经停用，请选在用的地点。") % words)
    check_name(Place(pk=place.pk, kind=place.kind, name=place.name, parent=parent))


def name_division(place: Place, name: str) -> None:
    """Write a name that has been checked, and the full names under it."""
    place.name = name
    above = place.parent.full_name if place.parent else ""
    _spread_full_name(place, full_name(place.kind, name, above))
    place.sort_name = sort_name(name)
    place.save(update_fields=["name", "sort_name"])


def move_division(place: Place, parent: Place) -> None:
    """Hang a place under a parent that has been checked: paths, tiers and full names under it follow."""
    old_path = place.path
    beneath = Place.objects.filter(inside([Place(kind=Kind.ESTATE, path=old_path)]))
    for tier in ("community", "street", "district", "estate"):
        if TIERS.get(Kind(place.kind)) != tier:
            held, now = getattr(place, f"{tier}_id"), getattr(parent, f"{tier}_id")
            if held != now:
                beneath.filter(**{tier: held}).update(**{f"{tier}_id": now})
    if place.community_id != parent.community_id and place.kind != Kind.COMMUNITY:
        beneath.exclude(kind=Kind.GRID).update(grid=parent.grid_id)
    new_path = f"{parent.path}{place.pk}/"
    beneath.update(path=Concat(Value(new_path), Substr(F("path"), len(old_path) + 1)))
    Place.objects.filter(pk=place.pk).update(parent=parent)
    place.refresh_from_db()
    _spread_full_name(place, full_name(place.kind, place.name, parent.full_name))


def _spread_full_name(place: Place, new: str) -> None:
    """Write `new` as the full name of `place` and as the beginning of those under it."""
    old = place.full_name
    if old == new:
        return
    place.full_name = new
    beneath = Place.objects.filter(inside([Place(kind=Kind.ESTATE, path=place.path)])).exclude(pk=place.pk)
    beneath.filter(full_name__startswith=f"{old}{JOINED_BY}").update(
        full_name=Concat(Value(new), Substr(F("full_name"), len(old) + 1))
    )
    place.save(update_fields=["full_name"])


def give_code(place: Place, code: str, *, until: date) -> None:
    """Give `place` the 12-digit `code`; the one it had, valid `until` that day, still finds it."""
    PlaceAlias.objects.filter(code=code, place=place).delete()
    if place.code:
        remember_code(place.code, place, until=until)
    place.code = code
    place.save(update_fields=["code"])


def remember_code(code: str, place: Place, *, until: date | None) -> None:
    """Let an old `code` find `place`."""
    PlaceAlias.objects.update_or_create(code=code, defaults={"place": place, "until": until})


@transaction.atomic
def lay_grid(grid: Place, buildings: Iterable[Place], *, by: Model, at: datetime) -> int:
    """Lay `grid` over `buildings` (or estates, homes, facilities) and what is under them. Returns how many
    rows.

    A building lies in one grid: a new one takes the place of the old.
    """
    buildings = list(buildings)
    require(grid.kind == Kind.GRID, _("「%(name)s」不是网格。") % {"name": grid.name})
    for building in buildings:
        require(
            building.community_id == grid.community_id and "grid" in facts_of(building.kind),
            _("「%(name)s」不在网格所属的社区里，不能划入。") % {"name": building.name},
        )
    return Place.objects.within_any(buildings).exclude(grid=grid).update(grid=grid)


@transaction.atomic
def draw_grid(
    grid: Place, inside_it: Iterable[Place], outside_it: Iterable[Place], *, by: Model, at: datetime
) -> None:
    """Lay `grid` over the buildings `inside_it`; those `outside_it` that lay in it lie in none."""
    lay_grid(grid, inside_it, by=by, at=at)
    lift_grid([building for building in outside_it if building.grid_id == grid.pk], by=by, at=at)


@transaction.atomic
def lift_grid(buildings: Iterable[Place], *, by: Model, at: datetime) -> int:
    """Take `buildings` and everything under them out of their grid. Returns how many rows."""
    return Place.objects.within_any(buildings).exclude(kind=Kind.GRID).update(grid=None)
