"""Kinds of places, which may stand under which, their paths, names and codes."""

import re
import unicodedata
from functools import lru_cache

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """The tiers of the tree, and what stands in it."""

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
    """How an estate came to be (小区类型)."""

    COMMERCIAL = "commercial", _("商品房")
    RESETTLEMENT = "resettlement", _("拆迁安置")
    OLD = "old", _("老旧小区")


class Occupancy(models.TextChoices):
    """Who uses a home."""

    OWNER_LIVED = "owner_lived", _("自住")
    LET = "let", _("出租")
    EMPTY = "empty", _("空置")


class FacilityClass(models.TextChoices):
    """The classes of GB/T 30428 城市管理部件."""

    UTILITY = "utility", _("公用设施")
    ROAD = "road", _("道路交通")
    APPEARANCE = "appearance", _("市容环境")
    GREENERY = "greenery", _("园林绿化")
    OTHER = "other", _("其他部件")


class Ownership(models.TextChoices):
    """Whose it is, which decides who repairs it."""

    PUBLIC = "public", _("公共")
    COMMON = "common", _("业主共有")
    PRIVATE = "private", _("自有")


# Which kinds may hold which. A county may hold communities (龙港市 has no townships), a community houses.
ABOVE: dict[str, tuple[str, ...]] = {
    Kind.PROVINCE: (),
    Kind.CITY: (Kind.PROVINCE,),
    Kind.DISTRICT: (Kind.CITY, Kind.PROVINCE),
    Kind.STREET: (Kind.DISTRICT, Kind.CITY),
    Kind.COMMUNITY: (Kind.STREET, Kind.DISTRICT),
    Kind.GRID: (Kind.COMMUNITY,),
    Kind.ESTATE: (Kind.COMMUNITY,),
    Kind.BUILDING: (Kind.ESTATE, Kind.COMMUNITY),
    Kind.UNIT: (Kind.BUILDING,),
    Kind.HOME: (Kind.UNIT, Kind.BUILDING, Kind.ESTATE, Kind.COMMUNITY),
    Kind.FACILITY: (Kind.UNIT, Kind.BUILDING, Kind.ESTATE, Kind.COMMUNITY, Kind.STREET, Kind.DISTRICT),
}
# A deployment may start at any official division: one community alone is a whole tree.
ROOTS = frozenset({Kind.PROVINCE, Kind.CITY, Kind.DISTRICT, Kind.STREET, Kind.COMMUNITY})

ANY_PLACE = frozenset({"code", "latitude", "longitude"})
IN_A_GRID = frozenset({Kind.ESTATE, Kind.BUILDING, Kind.UNIT, Kind.HOME, Kind.FACILITY})
OWN_FACTS: dict[str, frozenset[str]] = {
    Kind.ESTATE: frozenset({"estate_type", "lacks"}),
    Kind.HOME: frozenset({"floor_area", "occupancy"}),
    Kind.FACILITY: frozenset({"facility_class", "facility_kind", "ownership"}),
}

SIGNIFICANT_DIGITS: dict[str, int] = {
    Kind.PROVINCE: 2,
    Kind.CITY: 4,
    Kind.DISTRICT: 6,
    Kind.STREET: 9,
    Kind.COMMUNITY: 12,
}
DIVISIONS = frozenset(SIGNIFICANT_DIGITS)
FIRST_IN_FULL_NAME = {Kind.PROVINCE, Kind.CITY, Kind.DISTRICT, Kind.COMMUNITY}
JOINED_BY = " · "


# What an estate may lack, as stored (shown in the reader's language).
LACKS = {
    "信号": _("手机信号"),
    "坡道": _("无障碍坡道"),
    "电梯": _("电梯"),
    "自助机": _("自助服务机"),
    "停车位": _("停车位"),
    "充电": _("充电设施"),
    "路灯": _("路灯"),
    "活动场地": _("活动场地"),
    "消防通道": _("消防通道"),
}
FACILITY_KINDS = {
    FacilityClass.UTILITY: ("路灯", "电梯", "消火栓", "井盖", "门禁", "监控", "配电箱", "充电桩", "健身器材"),
    FacilityClass.ROAD: ("护栏", "道闸", "减速带", "停车位", "交通标志", "无障碍坡道"),
    FacilityClass.APPEARANCE: ("垃圾桶", "垃圾房", "公共厕所", "宣传栏", "信报箱"),
    FacilityClass.GREENERY: ("行道树", "绿地", "花坛", "长椅"),
    FacilityClass.OTHER: ("水箱", "化粪池", "围墙", "大门"),
}

# The powers (named as text: roles live on a higher floor) that open the tree, and the one that changes it.
SEES_TREE = frozenset({"register", "oversee", "administer"})
CHANGES_TREE = frozenset({"register"})


def may_stand_under(kind: str, parent_kind: str | None) -> bool:
    """Tell whether a place of `kind` may be planted under `parent_kind` (None: as a root)."""
    return kind in ROOTS if parent_kind is None else parent_kind in ABOVE[kind]


def may_be_added_under(kind: str) -> list[Kind]:
    """Return what people add under a place of `kind`; divisions come from the official tables alone."""
    return [below for below in Kind if kind in ABOVE[below] and below not in DIVISIONS]


def may_hold(kind: str) -> tuple[str, ...]:
    """Return the kinds under which people may move a place of `kind`; divisions hang where the tables say."""
    return () if kind in DIVISIONS else ABOVE[kind]


def is_named_by_hand(kind: str) -> bool:
    """Tell whether people name such places; names of divisions follow the official tables."""
    return kind not in DIVISIONS


def facts_of(kind: str) -> frozenset[str]:
    """Return the names of the columns that a place of `kind` may carry besides kind, name and parent."""
    grid = frozenset({"grid"}) if kind in IN_A_GRID else frozenset()
    return ANY_PLACE | grid | OWN_FACTS.get(kind, frozenset())


def clean_name(name: str) -> str:
    """Take away what cannot be seen (byte order marks, zero-width and control signs) and spare white space.

    Characters are never replaced: 䢺 and 𬱖 stay what they are.
    """
    seen = "".join(sign for sign in name if unicodedata.category(sign) not in {"Cf", "Cc"} or sign.isspace())
    return re.sub(r"\s+", " ", seen).strip()


def sort_name(name: str) -> str:
    """Return the key by which names stand as people count: 2幢 before 10幢."""
    return re.sub(r"[0-9]+", lambda digits: digits[0].zfill(5), name)[:160]


@lru_cache(maxsize=1_000)  # a ledger names the same division in each of its rows
def full_code(code: str) -> str:
    """Return the official 12-digit form of a division code given in full or short (2, 4, 6 or 9 digits).

    "" where it is no division code. Full-width digits and a spreadsheet's apostrophe are read as meant.
    """
    digits = re.sub(r"[\s']", "", unicodedata.normalize("NFKC", clean_name(code)))
    if not re.fullmatch(r"[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12}", digits):
        return ""
    return digits.ljust(12, "0")


def short_code(code: str, kind: str) -> str:
    """Return the digits that carry meaning for `kind`: 330302000000 of a district is 330302."""
    return code[: SIGNIFICANT_DIGITS.get(kind, 12)]


def full_name(kind: str, name: str, parent_full_name: str) -> str:
    """Return the name with where it is, from the community or county down: "柳树社区 · 杨柳苑 · 3幢"."""
    starts_here = kind in FIRST_IN_FULL_NAME or not parent_full_name
    return name if starts_here else f"{parent_full_name}{JOINED_BY}{name}"


def path_end(path: str) -> str:
    """Return the first path that no longer lies under `path`: "0" is the sign after "/"."""
    return path[:-1] + "0"


def is_beneath(path: str, above: str) -> bool:
    """Tell whether `path` is `above` or lies under it."""
    return above <= path < path_end(above)
