"""Where everything is: one tree from province to home, grids laid over buildings, and public facilities."""

from collections.abc import Iterable
from typing import Protocol, Self

from django.db import models
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from linli.base.fields import PathField, TokenField
from linli.places.rules import (
    SEES_TREE,
    EstateType,
    FacilityClass,
    Kind,
    Occupancy,
    Ownership,
    extent_of,
    full_code,
    is_beneath,
    is_default_coordinate,
    path_end,
)

__all__ = [
    "EstateType",
    "FacilityClass",
    "Kind",
    "Occupancy",
    "Ownership",
    "Place",
    "PlaceAlias",
    "PlaceCode",
    "grounds",
    "inside",
]


def inside(places: Iterable["Place"], prefix: str = "") -> models.Q:
    """Return the condition "at or under one of `places`", for rows that reach their place by `prefix`.

    `Case.objects.filter(inside([community], "place__"))`. A grid holds the buildings it is laid over. No
    place at all holds nothing.
    """
    condition = models.Q(pk__in=[])
    for place in places:
        if place.kind == Kind.GRID:
            condition |= models.Q(**{f"{prefix}grid_id": place.pk})
        else:
            condition |= models.Q(
                **{f"{prefix}path__gte": place.path, f"{prefix}path__lt": path_end(place.path)}
            )
    return condition


class Ground(Protocol):
    """What this floor needs to know of a membership: where it holds, and what it lets one do there."""

    @property
    def place(self) -> "Place":
        """Where the role is held."""

    @property
    def powers(self) -> frozenset[str]:
        """What it lets one do."""


def grounds(memberships: Iterable[Ground], powers: frozenset[str] = SEES_TREE) -> list["Place"]:
    """Return the places where one of `powers` is held, each once."""
    held = {row.place.pk: row.place for row in memberships if row.powers & powers}
    return list(held.values())


class PlaceQuerySet(models.QuerySet["Place"]):
    def within(self, place: "Place") -> Self:
        """Return `place` and everything under it; for a grid, what it is laid over."""
        return self.filter(inside([place]))

    def within_any(self, places: Iterable["Place"]) -> Self:
        """Return what lies at or under one of `places`."""
        return self.filter(inside(places))

    def live(self) -> Self:
        """Return places in use."""
        return self.filter(retired_at=None)

    def seen_by(self, memberships: Iterable["Ground"], powers: frozenset[str] = SEES_TREE) -> Self:
        """Return what lies at or under the places where the caller's roles hold one of `powers`."""
        return self.within_any(grounds(memberships, powers))

    def above(self, place: "Place") -> Self:
        """Return `place` and its ancestors, nearest first."""
        return self.filter(pk__in=place.ancestor_ids()).order_by(Length("path").desc())

    def matching(self, words: str) -> Self:
        """Return places by a division code (whole or its beginning) or by words that all occur in the full
        name.

        Upper tiers come first: 鼓楼 finds the community before its lamps.
        """
        digits = words if words.isascii() and words.isdigit() else ""
        if len(digits) >= 6:  # 301 is a room
            by_alias = models.Q(aliases__code=full_code(digits))
            found = self.filter(models.Q(code__startswith=digits) | by_alias).distinct()
        else:
            found = self
            for word in words.split():
                found = found.filter(full_name__icontains=word)
        return found.select_related("estate", "community", "street", "district").order_by(
            Length("path"), "full_name", "id"
        )

    def has_centre_at(self, latitude: float, longitude: float) -> bool:
        """Tell whether a point is a place's own position, which a map or form fills in by itself."""
        extent = extent_of((latitude, longitude), 3)
        centres = self.exclude(kind=Kind.FACILITY).filter(
            latitude__range=(extent.south, extent.north), longitude__range=(extent.west, extent.east)
        )
        known = [(place.latitude or 0.0, place.longitude or 0.0) for place in centres[:20]]
        return is_default_coordinate((latitude, longitude), known)

    def of_code(self, code: str) -> "Place | None":
        """Return the place that has, or once had, the division code `code` (12 digits or a short form)."""
        whole = full_code(code)
        if not whole:
            return None
        return self.filter(code=whole).first() or self.filter(aliases__code=whole).first()


class Place(models.Model):
    """One node of the tree. `path` is the ids from the root, "/1/57/", so that a subtree is one range."""

    token = TokenField()
    kind = models.CharField(_("层级"), max_length=12, choices=Kind)
    name = models.CharField(_("名称"), max_length=120)
    # Held on the row because every list shows it: "柳树社区 · 杨柳苑 · 3幢".
    full_name = models.CharField(_("全称"), max_length=800, editable=False, default="")
    # The name as it is ordered: 2幢 before 10幢, alike on both databases.
    sort_name = PathField(max_length=160, editable=False, default="")
    code = models.CharField(_("区划代码"), max_length=12, unique=True, null=True, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = PathField(max_length=160, db_index=True, editable=False)
    # The tiers it is in, itself included (a community's community is itself): lists and rights are cut by
    # them.
    community = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    street = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    district = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    estate = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    grid = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="gridded", verbose_name=_("所在网格")
    )
    latitude = models.FloatField(_("纬度"), null=True, blank=True)  # WGS-84 degrees
    longitude = models.FloatField(_("经度"), null=True, blank=True)
    estate_type = models.CharField(_("小区类型"), max_length=12, choices=EstateType, blank=True)
    lacks = models.JSONField(_("短板"), default=list, blank=True)  # words: 信号, 坡道, 电梯, 自助机 …
    floor_area = models.DecimalField(
        _("建筑面积"), max_digits=10, decimal_places=2, null=True, blank=True
    )  # m²
    occupancy = models.CharField(_("居住状况"), max_length=12, choices=Occupancy, blank=True)
    facility_class = models.CharField(_("部件大类"), max_length=12, choices=FacilityClass, blank=True)
    facility_kind = models.CharField(_("部件种类"), max_length=40, blank=True)  # 路灯, 电梯, 消火栓 …
    ownership = models.CharField(_("权属"), max_length=8, choices=Ownership, blank=True)
    retired_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("地点")
        indexes = [
            models.Index(fields=["parent", "kind", "sort_name", "id"], name="place_children"),
            # Searched by name by anybody: few among a million homes.
            models.Index(
                fields=["kind", "id"],
                name="place_public_tiers",
                condition=models.Q(kind__in=[Kind.COMMUNITY, Kind.ESTATE]),
            ),
            models.Index(
                fields=["latitude", "longitude"],
                name="place_position",
                condition=models.Q(latitude__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "kind", "name"],
                condition=models.Q(
                    retired_at=None,
                    kind__in=[Kind.GRID, Kind.ESTATE, Kind.BUILDING, Kind.UNIT, Kind.HOME],
                ),
                name="one_name_under_a_place",
            ),
            models.CheckConstraint(
                condition=models.Q(latitude=None, longitude=None)
                | models.Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__gte=-90,
                    latitude__lte=90,
                    longitude__gte=-180,
                    longitude__lte=180,
                ),
                name="place_on_earth",
            ),
            models.CheckConstraint(
                condition=models.Q(floor_area=None) | models.Q(floor_area__gt=0),
                name="floor_area_is_positive",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def ancestor_ids(self) -> list[int]:
        """Return the ids from the root to this place, itself last; no query."""
        return [int(part) for part in self.path.strip("/").split("/")]

    def chain(self) -> list["Place"]:
        """Return this place and its ancestors, nearest first, in one query."""
        return list(Place.objects.above(self))

    def holds(self, other: "Place") -> bool:
        """Tell whether `other` is this place or lies at or under it (in a grid: is laid under it)."""
        if self.kind == Kind.GRID:
            return self.pk in {other.pk, other.grid_id}
        return is_beneath(other.path, self.path)

    @property
    def shows_residents(self) -> bool:
        """Whether knowing this place says who lives there, so that it stays off public pages."""
        return self.kind == Kind.HOME


class PlaceAlias(models.Model):
    """A division code that was valid once, so that old papers still find their place."""

    code = models.CharField(_("旧代码"), max_length=12, unique=True)
    place = models.ForeignKey(Place, models.CASCADE, related_name="aliases")
    until = models.DateField(_("用至"), null=True, blank=True)

    class Meta:
        verbose_name = _("旧区划代码")

    def __str__(self) -> str:
        return self.code


class PlaceCodeQuerySet(models.QuerySet["PlaceCode"]):
    def live(self) -> Self:
        """Return the codes that stand: the others say where the new one hangs."""
        return self.filter(retired_at=None)


class PlaceCode(models.Model):
    """The QR code (码上) stuck on a place; a new sticker retires the old, whose address then says so."""

    token = TokenField()
    place = models.ForeignKey(Place, models.CASCADE, related_name="codes")
    issued_at = models.DateTimeField(_("制码时间"))
    issued_by = models.CharField(_("制码人"), max_length=40, blank=True)  # "people.Person:42"
    retired_at = models.DateTimeField(_("作废时间"), null=True, blank=True)

    objects = PlaceCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("码")
        constraints = [
            models.UniqueConstraint(
                fields=["place"], condition=models.Q(retired_at=None), name="one_live_code_per_place"
            )
        ]

    def __str__(self) -> str:
        return self.token

    @property
    def is_live(self) -> bool:
        """Whether scanning it still opens the place."""
        return self.retired_at is None
