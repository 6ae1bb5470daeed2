"""A small tree for tests of this floor: 东岸区 › 柳河街道 › 柳树社区 › 杨柳苑 › 3幢, and 桃园社区 next door."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from linli.places import actions as places
from linli.places.models import Kind, Place

NOW = datetime(2026, 3, 9, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@dataclass
class Grove:
    """The places by the names of what they are."""

    district: Place
    street: Place
    community: Place
    elsewhere: Place
    grid: Place
    estate: Place
    building: Place
    home: Place
    lamp: Place


def plant_grove() -> Grove:
    """Plant it through actions."""
    district = places.plant(Kind.DISTRICT, "东岸区", None, code="990101")
    street = places.plant(Kind.STREET, "柳河街道", district, code="990101001")
    community = places.plant(
        Kind.COMMUNITY, "柳树社区", street, code="990101001001", latitude=28.0010, longitude=120.7010
    )
    elsewhere = places.plant(
        Kind.COMMUNITY, "桃园社区", street, code="990101001002", latitude=28.0310, longitude=120.7310
    )
    estate = places.plant(Kind.ESTATE, "杨柳苑", community, latitude=28.0012, longitude=120.7012)
    building = places.plant(Kind.BUILDING, "3幢", estate)
    return Grove(
        district,
        street,
        community,
        elsewhere,
        grid=places.plant(Kind.GRID, "第一网格", community),
        estate=estate,
        building=building,
        home=places.plant(Kind.HOME, "502室", building, floor_area="89.60"),
        lamp=places.plant(
            Kind.FACILITY, "门前路灯", estate, facility_kind="路灯", latitude=28.00125, longitude=120.70128
        ),
    )
