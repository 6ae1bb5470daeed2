"""柳树社区 as it stands: 9 estates, 7 grids, 1,903 households and 5,764 residents.

The figures follow the community that a field study describes; every name, number and street is invented, and no
message leaves the demo.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from linli.demo.names import GIVEN, SURNAMES
from linli.organisations.models import Organisation
from linli.people import actions as people
from linli.people.models import Person, Residency
from linli.people.rules import Tenure
from linli.places import actions as places
from linli.places.models import EstateType, Kind, Ownership, Place

Say = Callable[[str], None]
HOUSEHOLDS, RESIDENTS = 1903, 5764
MOVED_IN = date(2024, 3, 1)
SEED = 20260301


@dataclass(frozen=True)
class EstatePlan:
    """An estate: how many homes, how tall, where its middle is, and what it lacks."""

    name: str
    type: EstateType
    homes: int
    floors: int
    units: int
    latitude: float
    longitude: float
    lacks: tuple[str, ...] = ()


ESTATES = (
    EstatePlan("杨柳苑", EstateType.COMMERCIAL, 312, 11, 2, 28.0012, 120.7012),
    EstatePlan("河滨小区", EstateType.OLD, 286, 6, 3, 28.0025, 120.7031, ("电梯", "坡道", "停车位")),
    EstatePlan("柳岸新村", EstateType.RESETTLEMENT, 268, 6, 3, 28.0038, 120.6995, ("充电桩",)),
    EstatePlan("春晖花园", EstateType.COMMERCIAL, 240, 11, 2, 28.0003, 120.6978),
    EstatePlan("翠堤府", EstateType.COMMERCIAL, 204, 17, 1, 27.9991, 120.7040, ("地下室信号",)),
    EstatePlan("纺织新村", EstateType.OLD, 198, 6, 3, 28.0049, 120.7018, ("电梯", "坡道")),
    EstatePlan("师范宿舍", EstateType.OLD, 156, 6, 2, 27.9983, 120.6999, ("电梯", "门岗")),
    EstatePlan("兴柳公寓", EstateType.COMMERCIAL, 131, 9, 1, 28.0031, 120.6960),
    EstatePlan("柳园里", EstateType.RESETTLEMENT, 108, 6, 2, 27.9975, 120.7025, ("坡道",)),
)
# Which estates each of the seven grids covers.
GRIDS = (
    ("第一网格", ("杨柳苑",)),
    ("第二网格", ("河滨小区",)),
    ("第三网格", ("柳岸新村",)),
    ("第四网格", ("春晖花园",)),
    ("第五网格", ("翠堤府", "柳园里")),
    ("第六网格", ("纺织新村",)),
    ("第七网格", ("师范宿舍", "兴柳公寓")),
)
FACILITIES = (
    ("utility", "路灯", "{n}幢门前路灯", Ownership.COMMON, 4),
    ("utility", "电梯", "{n}幢电梯", Ownership.COMMON, 2),
    ("utility", "消火栓", "{n}号消火栓", Ownership.COMMON, 2),
    ("utility", "健身器材", "健身角{n}", Ownership.COMMON, 1),
    ("appearance", "垃圾投放点", "垃圾投放点{n}", Ownership.COMMON, 2),
    ("greenery", "花坛", "花坛{n}", Ownership.COMMON, 1),
)
PUBLIC_FACILITIES = (
    ("road", "护栏", "柳河沿河护栏", 28.0020, 120.7050),
    ("utility", "路灯", "柳河路12号路灯", 28.0007, 120.7030),
    ("road", "窨井盖", "柳河路与春晖巷口窨井盖", 28.0001, 120.6990),
    ("road", "公交站", "柳树社区公交站", 28.0010, 120.6971),
    ("appearance", "公共厕所", "柳河路公共厕所", 28.0033, 120.7009),
)


@dataclass
class World:
    """What the history needs to find again."""

    district: Place
    street: Place
    community: Place
    elsewhere: Place
    estates: dict[str, Place] = field(default_factory=dict)
    homes: list[Place] = field(default_factory=list)
    facilities: list[Place] = field(default_factory=list)
    bodies: dict[str, Organisation] = field(default_factory=dict)
    residents: list[Person] = field(default_factory=list)
    settled: dict[int, int] = field(default_factory=dict)  # home id → how many of the cast live there


def build_places(at: datetime, say: Say) -> World:
    """Plant the tree from province to home, with grids and facilities."""
    province = places.plant(Kind.PROVINCE, "江南省", None, code="980000000000")
    city = places.plant(Kind.CITY, "望江市", province, code="980100000000")
    district = places.plant(Kind.DISTRICT, "东岸区", city, code="980101000000")
    street = places.plant(Kind.STREET, "柳河街道", district, code="980101001000")
    community = places.plant(
        Kind.COMMUNITY, "柳树社区", street, code="980101001001", latitude=28.0010, longitude=120.7005
    )
    elsewhere = places.plant(
        Kind.COMMUNITY, "桃园社区", street, code="980101001002", latitude=28.0310, longitude=120.7310
    )
    world = World(district, street, community, elsewhere)
    grid_of = {}
    for name, estates in GRIDS:
        grid = places.plant(Kind.GRID, name, community)
        grid_of.update(dict.fromkeys(estates, grid))
    for plan in ESTATES:
        say(f"  {plan.name}：{plan.homes} 户")
        world.estates[plan.name] = _build_estate(world, plan, grid_of[plan.name])
    for group, kind, name, latitude, longitude in PUBLIC_FACILITIES:
        facts = {"facility_class": group, "facility_kind": kind, "ownership": Ownership.PUBLIC}
        world.facilities.append(
            places.plant(Kind.FACILITY, name, community, latitude=latitude, longitude=longitude, **facts)
        )
    _build_neighbour(world)
    places.issue_codes([*world.estates.values(), *world.facilities], by=None, at=at)
    return world


def _build_estate(world: World, plan: EstatePlan, grid: Place) -> Place:
    estate = places.plant(
        Kind.ESTATE, plan.name, world.community, estate_type=plan.type, lacks=list(plan.lacks),
        latitude=plan.latitude, longitude=plan.longitude,
    )  # fmt: skip
    left, number = plan.homes, 0
    while left:
        number += 1
        building = places.plant(Kind.BUILDING, f"{number}幢", estate, grid=grid)
        for unit_number in range(1, plan.units + 1):
            if not left:
                break
            unit = places.plant(Kind.UNIT, f"{unit_number}单元", building)
            rows = [
                {"name": name, "floor_area": area} for name, area in _rooms(plan, min(left, plan.floors * 2))
            ]
            world.homes += places.plant_many(Kind.HOME, unit, rows)
            left -= len(rows)
    for group, kind, name, ownership, count in FACILITIES:
        for n in range(1, min(count, number) + 1):
            if kind == "电梯" and "电梯" in plan.lacks:
                continue
            facts = {"facility_class": group, "facility_kind": kind, "ownership": ownership}
            spot = {"latitude": plan.latitude + n * 0.0001, "longitude": plan.longitude - n * 0.00013}
            world.facilities.append(places.plant(Kind.FACILITY, name.format(n=n), estate, **facts, **spot))
    return estate


def _rooms(plan: EstatePlan, count: int) -> Iterator[tuple[str, Decimal]]:
    """Yield 101室, 102室, 201室 … with a floor area of two sizes a landing."""
    for index in range(count):
        floor, door = divmod(index, 2)
        area = Decimal("68.40") if plan.type == EstateType.OLD else Decimal("96.75")
        yield f"{floor + 1}0{door + 1}室", area + Decimal(door * 12)


def _build_neighbour(world: World) -> None:
    """桃园社区: small, so that there is a next door whose staff must see nothing of 柳树社区."""
    estate = places.plant(
        Kind.ESTATE,
        "桃园小区",
        world.elsewhere,
        estate_type=EstateType.COMMERCIAL,
        latitude=28.0312,
        longitude=120.7312,
    )
    building = places.plant(Kind.BUILDING, "1幢", estate)
    places.plant_many(Kind.HOME, building, [{"name": f"{floor}01室"} for floor in range(1, 7)])
    world.estates[estate.name] = estate


def build_residents(world: World, at: datetime, say: Say) -> None:
    """Settle 5,764 invented residents in the 1,903 homes."""
    draw = random.Random(SEED)  # noqa: S311 — invented people, the same each time
    sizes = _household_sizes(draw)
    telephone = iter(range(17000000000, 17000099999))
    for number, (home, size) in enumerate(zip(world.homes, sizes, strict=True)):
        tenant = draw.random() < 0.24
        surname = draw.choice(SURNAMES)
        for member in range(world.settled.get(home.pk, 0), size):
            name = (surname if draw.random() < 0.7 else draw.choice(SURNAMES)) + draw.choice(GIVEN)
            phone = str(next(telephone)) if member == 0 else ""
            year = draw.randint(1938, 1998) if member < 2 else draw.randint(1940, 2022)
            person = people.register(name, phone, at, birth_year=year, is_demo=True)
            tenure = Tenure.TENANT if tenant else Tenure.OWNER if member == 0 else Tenure.FAMILY
            people.settle(person, home, tenure, MOVED_IN, Residency.Source.IMPORT, at)
            if member == 0:
                world.residents.append(person)
        if number % 400 == 399:
            say(f"  {number + 1:,} 户")


def _household_sizes(draw: random.Random) -> list[int]:
    """Return 1,903 sizes from 1 to 6 that add up to 5,764."""
    sizes = draw.choices((1, 2, 3, 4, 5, 6), weights=(14, 24, 29, 19, 10, 4), k=HOUSEHOLDS)
    while (missing := RESIDENTS - sum(sizes)) != 0:
        index = draw.randrange(HOUSEHOLDS)
        step = 1 if missing > 0 else -1
        if 1 <= sizes[index] + step <= 6:
            sizes[index] += step
    return sizes
