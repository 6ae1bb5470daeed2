"""The cast: 柳树社区, its street and district, a second community, and the people of whom test names speak."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from linli.duties import actions as duties
from linli.organisations import actions as organisations
from linli.organisations.models import Organisation, Tier
from linli.organisations.rules import Role
from linli.people import actions as people
from linli.people.models import Person, Residency, Tenure
from linli.places import actions as places
from linli.places.models import Kind, Place
from linli.privacy import told
from linli.privacy.models import Assessment

SHANGHAI = ZoneInfo("Asia/Shanghai")
# A Monday at ten, in a year whose holidays are published, with no holiday near.
MONDAY = datetime(2026, 3, 9, 10, 0, tzinfo=SHANGHAI)
LONG_AGO = date(2025, 1, 1)


@dataclass
class Willow:
    """柳树社区 (`community`), the people in it, and 桃园社区 next door whose staff are the strangers."""

    district: Place
    street: Place
    community: Place
    grid: Place
    estate: Place
    building: Place
    home: Place
    lamp: Place
    elsewhere: Place
    desk: Organisation
    property: Organisation
    street_office: Organisation
    urban_management: Organisation
    district_centre: Organisation
    checkers: Organisation
    strangers: Organisation
    zhang: Person  # 张阿姨, an owner of 3幢
    chen: Person  # 陈伯, 81, without a smartphone
    daughter: Person  # 陈小梅, 陈伯's daughter and proxy
    neighbour: Person
    li: Person  # 李网格员
    sun: Person  # 孙社工, dispatches
    wang: Person  # 王主任
    zhao: Person  # 赵师傅 of the property company
    qian: Person  # 钱科长 of the street
    urban: Person  # 周队, 城管
    district_officer: Person
    checker: Person
    administrator: Person
    auditor: Person
    stranger: Person  # a community worker of 桃园社区

    def everyone(self) -> dict[str, Person]:
        """Return each person of the cast by name."""
        return {
            f.name: getattr(self, f.name) for f in fields(self) if isinstance(getattr(self, f.name), Person)
        }


def build(at: datetime = MONDAY) -> Willow:
    """Make the cast through actions."""
    province = places.plant(Kind.PROVINCE, "江南省", None, code="990000000000")
    city = places.plant(Kind.CITY, "望江市", province, code="990100000000")
    district = places.plant(Kind.DISTRICT, "东岸区", city, code="990101000000")
    street = places.plant(Kind.STREET, "柳河街道", district, code="990101001000")
    community = places.plant(
        Kind.COMMUNITY, "柳树社区", street, code="990101001001", latitude=28.0010, longitude=120.7010
    )
    elsewhere = places.plant(
        Kind.COMMUNITY, "桃园社区", street, code="990101001002", latitude=28.0310, longitude=120.7310
    )
    grid = places.plant(Kind.GRID, "第一网格", community)
    estate = places.plant(Kind.ESTATE, "杨柳苑", community, latitude=28.0012, longitude=120.7012)
    building = places.plant(Kind.BUILDING, "3幢", estate, grid=grid)
    home = places.plant(Kind.HOME, "502室", building, floor_area="89.60")
    lamp = places.plant(
        Kind.FACILITY, "3幢门前路灯", estate, facility_class="utility", facility_kind="路灯",
        ownership="common", latitude=28.00125, longitude=120.70128,
    )  # fmt: skip

    def body(name: str, function: str, tier: str, serves: Place, **more: object) -> Organisation:
        return organisations.create(name, function, tier, [serves], at=at, **more)

    desk = body("柳树社区居民委员会", "community_desk", Tier.COMMUNITY, community, is_desk=True)
    strangers = body("桃园社区居民委员会", "community_desk", Tier.COMMUNITY, elsewhere, is_desk=True)
    company = body("安居物业", "property", Tier.OUTSIDE, estate)
    street_office = body("柳河街道办事处", "street_office", Tier.STREET, street, is_desk=True)
    urban_management = body("柳河街道综合行政执法队", "street_urban_management", Tier.STREET, street)
    district_centre = body("东岸区社会治理中心", "district_centre", Tier.DISTRICT, district, is_desk=True)
    checkers = body("柳河街道核查回访组", "checking", Tier.STREET, street)

    def person(name: str, phone: str = "", **more: object) -> Person:
        return people.register(name, phone, at=at, **more)

    zhang, chen = person("张秀英", "13800000001"), person("陈福生", birth_year=1945)
    daughter, neighbour = person("陈小梅", "13800000003"), person("何建军", "13800000004")
    for who, tenure in ((zhang, Tenure.OWNER), (neighbour, Tenure.TENANT), (chen, Tenure.OWNER)):
        residency = people.settle(who, home, tenure, LONG_AGO, Residency.Source.IMPORT, at=at)
        people.verify(residency, by=zhang, at=at, source=Residency.Source.COUNTER)

    def worker(name: str, organisation: Organisation, role: Role, place: Place) -> Person:
        who = person(name)
        organisations.appoint(who, organisation, role, place, LONG_AGO, by=who, at=at)
        return who

    cast = Willow(
        district, street, community, grid, estate, building, home, lamp, elsewhere,
        desk, company, street_office, urban_management, district_centre, checkers, strangers,
        zhang, chen, daughter, neighbour,
        li=worker("李明", desk, Role.GRID_WORKER, community),
        sun=worker("孙丽", desk, Role.COMMUNITY_WORKER, community),
        wang=worker("王建国", desk, Role.SECRETARY, community),
        zhao=worker("赵强", company, Role.PROPERTY_WORKER, estate),
        qian=worker("钱敏", street_office, Role.STREET_OFFICER, street),
        urban=worker("周刚", urban_management, Role.DEPARTMENT_OFFICER, street),
        district_officer=worker("吴涛", district_centre, Role.DISTRICT_OFFICER, district),
        checker=worker("郑红", checkers, Role.CHECKER, street),
        administrator=worker("冯磊", district_centre, Role.ADMINISTRATOR, district),
        auditor=worker("褚卫", district_centre, Role.AUDITOR, district),
        stranger=worker("蒋丽", strangers, Role.COMMUNITY_WORKER, elsewhere),
    )  # fmt: skip
    duties.load_defaults(district, by=cast.district_officer, at=at)
    open_features(cast.district_officer, cast.auditor, at)
    return cast


def open_features(writer: Person, approver: Person, at: datetime) -> None:
    """Let what needs an impact assessment run for ever, in one query: how one is made is tested in linli/privacy."""
    done = {"written_by": writer, "written_at": at, "approved_by": approver, "approved_at": at}
    Assessment.objects.bulk_create(
        Assessment(feature=feature, review_on=date(2999, 1, 1), **done) for feature in told.features()
    )


@pytest.fixture
def at() -> datetime:
    return MONDAY
