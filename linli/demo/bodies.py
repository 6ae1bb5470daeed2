"""The bodies of the demo and the people who act for them; each of the cast can be entered with one tap."""

from dataclasses import dataclass
from datetime import date, datetime

from linli.demo.world import World
from linli.duties.functions import Function
from linli.organisations import actions as organisations
from linli.organisations.models import Organisation, Tier
from linli.organisations.rules import Role
from linli.people import actions as people
from linli.people.models import Person, Residency
from linli.people.rules import Tenure
from linli.places.models import Place

SINCE = date(2025, 1, 1)

# Function → (name, tier, telephone). Who serves the street, the district or the community follows from the tier.
BODIES: dict[str, tuple[str, str, str]] = {
    Function.COMMUNITY_DESK: ("柳树社区居民委员会", Tier.COMMUNITY, "0577-00000001"),
    Function.MEDIATION: ("柳树社区人民调解委员会", Tier.COMMUNITY, ""),
    Function.STREET_OFFICE: ("柳河街道办事处", Tier.STREET, "0577-00000010"),
    Function.STREET_URBAN_MANAGEMENT: ("柳河街道综合行政执法队", Tier.STREET, "0577-00000011"),
    Function.STREET_SAFETY: ("柳河街道应急消防站", Tier.STREET, ""),
    Function.STREET_CIVIL_AFFAIRS: ("柳河街道社会事务办公室", Tier.STREET, ""),
    Function.STREET_PARTY_OFFICE: ("柳河街道党建工作办公室", Tier.STREET, ""),
    Function.CHECKING: ("柳河街道核查回访组", Tier.STREET, ""),
    Function.POLICE_STATION: ("柳河派出所", Tier.STREET, ""),
    Function.SANITATION: ("东岸区环境卫生中心", Tier.DISTRICT, ""),
    Function.DISTRICT_CENTRE: ("东岸区社会治理中心", Tier.DISTRICT, "0577-00000020"),
    Function.HOUSING: ("东岸区住房和城乡建设局", Tier.DISTRICT, ""),
    Function.PLANNING: ("东岸区自然资源和规划局", Tier.DISTRICT, ""),
    Function.URBAN_MANAGEMENT: ("东岸区综合行政执法局", Tier.DISTRICT, ""),
    Function.GREENERY: ("东岸区园林绿化中心", Tier.DISTRICT, ""),
    Function.LIGHTING: ("东岸区路灯管理所", Tier.DISTRICT, ""),
    Function.DRAINAGE: ("东岸区排水养护中心", Tier.DISTRICT, ""),
    Function.ROADS: ("东岸区市政养护中心", Tier.DISTRICT, ""),
    Function.WATER_COMPANY: ("望江自来水公司东岸营业所", Tier.OUTSIDE, ""),
    Function.POWER_COMPANY: ("望江供电公司东岸供电所", Tier.OUTSIDE, ""),
    Function.GAS_COMPANY: ("望江燃气公司", Tier.OUTSIDE, ""),
    Function.TELECOM: ("望江通信东岸分公司", Tier.OUTSIDE, ""),
    Function.TRAFFIC_POLICE: ("东岸区交警大队", Tier.DISTRICT, ""),
    Function.FIRE_RESCUE: ("东岸区消防救援大队", Tier.DISTRICT, ""),
    Function.ENVIRONMENT: ("东岸区生态环境分局", Tier.DISTRICT, ""),
    Function.WATER_AFFAIRS: ("东岸区水利局", Tier.DISTRICT, ""),
    Function.MARKET_SUPERVISION: ("东岸区市场监督管理局", Tier.DISTRICT, ""),
    Function.CIVIL_AFFAIRS: ("东岸区民政局", Tier.DISTRICT, ""),
    Function.HEALTH: ("东岸区卫生健康局", Tier.DISTRICT, ""),
    Function.EDUCATION: ("东岸区教育局", Tier.DISTRICT, ""),
    Function.TRANSPORT: ("东岸区交通运输局", Tier.DISTRICT, ""),
    Function.PLATFORM: ("东岸区邻里平台运营组", Tier.DISTRICT, ""),
}
PROPERTIES = (
    ("安居物业", ("杨柳苑", "春晖花园", "兴柳公寓")),
    ("翠堤物业", ("翠堤府",)),
    ("和顺物业", ("柳岸新村", "柳园里", "河滨小区")),
)
DESKS = {Function.COMMUNITY_DESK, Function.STREET_OFFICE, Function.DISTRICT_CENTRE}


@dataclass(frozen=True)
class Part:
    """One of the cast: the key of the one-tap door, who they are, and their role ("" for residents)."""

    key: str
    name: str
    says: str
    role: str = ""
    body: str = ""


CAST = (
    Part("zhang", "张秀英", "居民，杨柳苑业主，62 岁，爱管闲事"),
    Part("chen-daughter", "陈小梅", "陈福生的女儿，替 81 岁的父亲代办"),
    Part("he", "何建军", "租户，刚搬来河滨小区"),
    Part("li", "李明", "网格员，第一网格", Role.GRID_WORKER, Function.COMMUNITY_DESK),
    Part("sun", "孙丽", "社区工作者，接电话、派单", Role.COMMUNITY_WORKER, Function.COMMUNITY_DESK),
    Part("wang", "王建国", "柳树社区书记、主任", Role.SECRETARY, Function.COMMUNITY_DESK),
    Part("zhao", "赵强", "安居物业的维修师傅", Role.PROPERTY_WORKER, "安居物业"),
    Part("zhou", "周刚", "柳河街道综合行政执法队", Role.DEPARTMENT_OFFICER, Function.STREET_URBAN_MANAGEMENT),
    Part("zheng", "郑红", "柳河街道核查回访组", Role.CHECKER, Function.CHECKING),
    Part("qian", "钱敏", "柳河街道办事处", Role.STREET_OFFICER, Function.STREET_OFFICE),
    Part("wu", "吴涛", "东岸区社会治理中心", Role.DISTRICT_OFFICER, Function.DISTRICT_CENTRE),
    Part("feng", "冯磊", "系统管理员，看不到群众的事", Role.ADMINISTRATOR, Function.DISTRICT_CENTRE),
    Part("chu", "褚卫", "审计员", Role.AUDITOR, Function.DISTRICT_CENTRE),
    Part("wei", "卫书吉", "数据官，守护个人信息", Role.DATA_OFFICER, Function.DISTRICT_CENTRE),
    Part("shen", "沈洁", "邻里平台运营", Role.COMMUNITY_WORKER, Function.PLATFORM),
    Part("jiang", "蒋丽", "隔壁桃园社区的社区工作者", Role.COMMUNITY_WORKER, "桃园社区居民委员会"),
)
# Where the residents of the cast live: estate, which home of it, tenure, year of birth.
HOMES = {
    "zhang": ("杨柳苑", 52, Tenure.OWNER, 1964),
    "chen-daughter": ("翠堤府", 17, Tenure.OWNER, 1975),
    "chen": ("师范宿舍", 31, Tenure.OWNER, 1945),
    "he": ("河滨小区", 40, Tenure.TENANT, 1992),
}
# The rest of the nine: one secretary, three community workers, five grid workers for seven grids.
OTHER_STAFF = (
    ("林晓燕", Role.COMMUNITY_WORKER),
    ("徐文静", Role.COMMUNITY_WORKER),
    ("朱海燕", Role.GRID_WORKER),
    ("胡志强", Role.GRID_WORKER),
    ("郭丽娟", Role.GRID_WORKER),
    ("罗小军", Role.GRID_WORKER),
)


def build_bodies(world: World, at: datetime) -> None:
    """Set up every body with the places it serves."""
    reach: dict[str, Place] = {
        Tier.COMMUNITY: world.community,
        Tier.STREET: world.street,
        Tier.DISTRICT: world.district,
        Tier.OUTSIDE: world.district,
    }
    for function, (name, tier, telephone) in BODIES.items():
        world.bodies[function] = organisations.create(
            name, function, tier, [reach[tier]], at, telephone=telephone, is_desk=function in DESKS
        )
    for name, estates in PROPERTIES:
        served = [world.estates[estate] for estate in estates]
        world.bodies[name] = organisations.create(name, Function.PROPERTY, Tier.OUTSIDE, served, at)
    name = "桃园社区居民委员会"
    world.bodies[name] = organisations.create(
        name, Function.COMMUNITY_DESK, Tier.COMMUNITY, [world.elsewhere], at, is_desk=True
    )


def build_staff(world: World, at: datetime) -> dict[str, Person]:
    """Appoint the staff and return the cast by key; the residents of the cast are settled in homes of their own."""
    cast = {}
    for part in CAST:
        person = people.register(part.name, "", at, is_demo=True) if part.role else _resident(world, part, at)
        cast[part.key] = person
        if part.role:
            body = world.bodies[part.body]
            organisations.appoint(person, body, part.role, _scope(world, body), SINCE, by=None, at=at)
    cast["chen"] = _resident(world, Part("chen", "陈福生", ""), at)
    for name, role in OTHER_STAFF:
        person = people.register(name, "", at, is_demo=True)
        body = world.bodies[Function.COMMUNITY_DESK]
        organisations.appoint(person, body, role, world.community, SINCE, by=None, at=at)
    for body in world.bodies.values():
        _someone(body, at)
    return cast


def _resident(world: World, part: Part, at: datetime) -> Person:
    """Settle one of the cast in a home of their estate, with a verified residency."""
    estate, number, tenure, year = HOMES[part.key]
    home = [home for home in world.homes if home.estate_id == world.estates[estate].pk][number]
    phone = f"1990000{number:04}" if part.says else ""  # 陈福生 has none
    person = people.register(part.name, phone, at, birth_year=year, is_demo=True)
    residency = people.settle(person, home, tenure, SINCE, Residency.Source.COUNTER, at)
    people.verify(residency, by=person, at=at, source=Residency.Source.COUNTER)
    world.settled[home.pk] = world.settled.get(home.pk, 0) + 1
    return person


def _scope(world: World, body: Organisation) -> Place:
    return body.serves.order_by("path").first() or world.community


def _someone(body: Organisation, at: datetime) -> None:
    """Every body has somebody who can sign and answer."""
    if not body.memberships.exists():
        role = Role.PROPERTY_WORKER if body.function == Function.PROPERTY else Role.DEPARTMENT_OFFICER
        person = people.register(f"{body.name}经办", "", at, is_demo=True)
        for place in body.serves.all():
            organisations.appoint(person, body, role, place, SINCE, by=None, at=at)
