"""Where everything is: one tree from province to home, grids laid over buildings, and public facilities."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.base.fields import PathField, TokenField


class Kind(models.TextChoices):
    PROVINCE = "province", _("省")
    CITY = "city", _("市")
    DISTRICT = "district", _("区县")
    STREET = "street", _("街道")
    COMMUNITY = "community", _("社区")
    GRID = "grid", _("网格")
    ESTATE = "estate", _("小区")
    BUILDING = "building", _("楼栋")
    UNIT = "unit", _("单元")
    HOME = "home", _("户")
    FACILITY = "facility", _("公共部件")


class EstateType(models.TextChoices):
    COMMERCIAL = "commercial", _("商品房")
    RESETTLEMENT = "resettlement", _("拆迁安置")
    OLD = "old", _("老旧小区")


class Occupancy(models.TextChoices):
    OWNER_LIVED = "owner_lived", _("自住")
    LET = "let", _("出租")
    EMPTY = "empty", _("空置")


class FacilityClass(models.TextChoices):
    UTILITY = "utility", _("公用设施")
    ROAD = "road", _("道路交通")
    APPEARANCE = "appearance", _("市容环境")
    GREENERY = "greenery", _("园林绿化")
    OTHER = "other", _("其他部件")


class Ownership(models.TextChoices):
    PUBLIC = "public", _("公共")
    COMMON = "common", _("业主共有")
    PRIVATE = "private", _("自有")


class PlaceQuerySet(models.QuerySet["Place"]):
    def within(self, place: "Place") -> Self:
        """Return `place` and everything under it."""
        return self.filter(path__gte=place.path, path__lt=place.path[:-1] + "0")


class Place(models.Model):
    """One node of the tree. `path` is the ids from the root, "/1/57/", so that a subtree is one index range."""

    token = TokenField()
    kind = models.CharField(_("层级"), max_length=12, choices=Kind)
    name = models.CharField(_("名称"), max_length=120)
    code = models.CharField(_("区划代码"), max_length=12, unique=True, null=True, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = PathField(max_length=160, db_index=True, editable=False)
    # The tiers above, held on the row because every list and every right is cut by them.
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

    def __str__(self) -> str:
        return self.name


class PlaceAlias(models.Model):
    """A division code that was valid once, so that old papers still find their place."""

    code = models.CharField(_("旧代码"), max_length=12, unique=True)
    place = models.ForeignKey(Place, models.CASCADE, related_name="aliases")
    until = models.DateField(_("用至"), null=True, blank=True)

    class Meta:
        verbose_name = _("旧区划代码")


class PlaceCode(models.Model):
    """The QR code (码上) stuck on a place; a new sticker retires the old, whose address then says so."""

    token = TokenField()
    place = models.ForeignKey(Place, models.CASCADE, related_name="codes")
    issued_at = models.DateTimeField(_("制码时间"))
    retired_at = models.DateTimeField(_("作废时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("码")
