"""The measured world: a street of ten communities whose matters were lived through by calling actions."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone

from linli.cases import actions as cases
from linli.cases.actions import Said, Verdict
from linli.cases.models import Case
from linli.cases.rules import Channel, Outcome
from linli.duties import actions as duties
from linli.duties.models import Category
from linli.organisations import actions as organisations
from linli.organisations.models import Organisation, Tier
from linli.organisations.rules import Role
from linli.people import actions as people
from linli.people.models import Account, Person, Residency, Tenure
from linli.places import actions as places
from linli.places.models import Kind, Place
from linli.transparency import actions as transparency

COMMUNITIES = 10
RESIDENTS = 20  # of each community; each says one thing before the copying begins
SINCE = date(2025, 1, 1)
MINUTE = timedelta(minutes=1)
# What is said: (category by code or none, words). Each is said once in each community.
VOICES = (
    ("lighting.lamp_out", "{n}幢门前的路灯不亮三天了，晚上老人出门怕摔。"),
    ("lighting.lamp_out", "{n}幢后面小路的灯忽明忽暗，请来看看。"),
    ("", "楼道里堆了旧柜子和纸箱，轮椅过不去。"),
    ("", "垃圾投放点前两天没人清，味道很大。"),
    ("lighting.lamp_out", "地下车库入口的灯白天也亮着，晚上反而不亮。"),
    ("", "健身角的扶手松了，小孩在上面玩危险。"),
)
DONE = "已经到现场处理好，换了新的，晚上又看过一次。"


@dataclass
class Community:
    """One community: who speaks, who dispatches, who does the work, and their signed-in browsers."""

    place: Place
    estate: Place
    lamp: Place
    desk: Organisation
    company: Organisation
    dispatcher: Person
    worker: Person
    residents: list[Person] = field(default_factory=list)
    resident_sessions: list[str] = field(default_factory=list)
    dispatcher_session: str = ""
    worker_session: str = ""


@dataclass
class World:
    """The street, its officer, its communities, and which cases are over."""

    street: Place
    communities: list[Community]
    officer: Person
    officer_session: str = ""
    over: list[Case] = field(default_factory=list)
    running: list[Case] = field(default_factory=list)


def build(now: datetime) -> World:
    """Build the street, live through the first few cases of each community, and open browsers."""
    begun = now - timedelta(days=60)
    world = _plant(begun)
    for community in world.communities:
        _live(world, community, now - timedelta(days=3))
    transparency.seal_all()
    _sign_in(world)
    return world


def _plant(at: datetime) -> World:
    province = places.plant(Kind.PROVINCE, "江南省", None, code="980000000000")
    city = places.plant(Kind.CITY, "望江市", province, code="980100000000")
    district = places.plant(Kind.DISTRICT, "东岸区", city, code="980101000000")
    street = places.plant(Kind.STREET, "柳河街道", district, code="980101001000")
    centre = _body("东岸区社会治理中心", "district_centre", Tier.DISTRICT, district, at, is_desk=True)
    office = _body("柳河街道办事处", "street_office", Tier.STREET, street, at, is_desk=True)
    _body("柳河街道核查回访组", "checking", Tier.STREET, street, at)
    author = _staff("吴涛", centre, Role.DISTRICT_OFFICER, district, at)
    officer = _staff("钱敏", office, Role.STREET_OFFICER, street, at)
    duties.load_defaults(district, by=author, at=at)
    return World(street, [_community(street, number, at) for number in range(1, COMMUNITIES + 1)], officer)


def _community(street: Place, number: int, at: datetime) -> Community:
    name = f"柳树第{number}社区"
    where = {"latitude": 28.0 + number * 0.02, "longitude": 120.7}
    place = places.plant(Kind.COMMUNITY, name, street, code=f"9801010010{number:02}", **where)
    estate = places.plant(Kind.ESTATE, f"杨柳苑{number}期", place, **where)
    lamp = places.plant(
        Kind.FACILITY, "3幢门前路灯", estate, facility_class="utility", facility_kind="路灯",
        ownership="common", latitude=where["latitude"] + 0.0003, longitude=where["longitude"] + 0.0002,
    )  # fmt: skip
    homes = places.plant_many(
        Kind.HOME,
        places.plant(Kind.BUILDING, "3幢", estate),
        [{"name": f"{floor}01室"} for floor in range(1, RESIDENTS + 1)],
    )
    desk = _body(f"{name}居民委员会", "community_desk", Tier.COMMUNITY, place, at, is_desk=True)
    company = _body(f"安居物业第{number}处", "property", Tier.OUTSIDE, estate, at)
    found = Community(
        place, estate, lamp, desk, company,
        dispatcher=_staff(f"孙丽{number}", desk, Role.COMMUNITY_WORKER, place, at),
        worker=_staff(f"赵强{number}", company, Role.PROPERTY_WORKER, estate, at),
    )  # fmt: skip
    for index, home in enumerate(homes):
        phone = f"1770{number:03}{index:04}"
        person = people.register(f"居民{number}-{index + 1}", phone, at, is_demo=True)
        people.settle(person, home, Tenure.OWNER, SINCE, Residency.Source.IMPORT, at)
        found.residents.append(person)
    return found


def _body(name: str, function: str, tier: str, serves: Place, at: datetime, **more: bool) -> Organisation:
    return organisations.create(name, function, tier, [serves], at=at, **more)


def _staff(name: str, body: Organisation, role: Role, place: Place, at: datetime) -> Person:
    person = people.register(name, "", at, is_demo=True)
    organisations.appoint(person, body, role, place, SINCE, by=person, at=at)
    return person


def _live(world: World, community: Community, at: datetime) -> None:
    """Let every resident say one thing; sixteen end in the usual ways, four are still under way."""
    for number, resident in enumerate(community.residents):
        at += 3 * MINUTE
        case = _say(community, resident, number, at)
        if number < 16:
            _end(community, case, resident, number, at)
            world.over.append(case)
        else:
            _begin(community, case, number, at)
            world.running.append(case)


def _say(community: Community, resident: Person, number: int, at: datetime) -> Case:
    code, words = VOICES[number % len(VOICES)]
    category = Category.objects.get(code=code) if code else None
    said = Said(text=words.format(n=number), place=community.lamp, category=category, channel=Channel.PAGE)
    case = cases.file(said, by=resident, at=at)
    cases.moderate(case, by=community.dispatcher, at=at + MINUTE)
    return case


def _end(community: Community, case: Case, resident: Person, number: int, at: datetime) -> None:
    if number == 0:
        cases.withdraw(case, by=resident, at=at + 2 * MINUTE, words="已经好了")
        return
    if number == 1:
        channel = "请到派出所户籍窗口，或打 12345 问。"
        cases.decline(
            case, by=community.dispatcher, at=at + 2 * MINUTE, reason="不由社区办理。", channel=channel
        )
        return
    _resolve(community, case, at)
    verdict = Verdict(
        outcome=Outcome.PARTLY if number == 2 else Outcome.SOLVED, rating=3 + number % 3, words="谢谢"
    )
    cases.confirm(case, resident, verdict, by=resident, at=at + 40 * MINUTE)


def _begin(community: Community, case: Case, number: int, at: datetime) -> None:
    """Leave one at the desk, one with the unit, one signed, one resolved and waiting for the asker."""
    if number == 17:
        cases.dispatch(case, community.company, by=community.dispatcher, at=at + 2 * MINUTE)
    elif number == 18:
        order = cases.dispatch(case, community.company, by=community.dispatcher, at=at + 2 * MINUTE)
        cases.start(order, by=community.worker, at=at + 5 * MINUTE, words="看过现场，缺一只电源。")
    elif number == 19:
        _resolve(community, case, at)


def _resolve(community: Community, case: Case, at: datetime) -> None:
    order = cases.dispatch(case, community.company, by=community.dispatcher, at=at + 2 * MINUTE)
    cases.sign(order, by=community.worker, at=at + 5 * MINUTE)
    cases.resolve(case, DONE, by=community.worker, at=at + 30 * MINUTE)


def _sign_in(world: World) -> None:
    """Open a browser for everyone who asks for pages."""
    now = timezone.now()
    world.officer_session = session_of(_staff_account(world.officer, now), world.officer)
    for community in world.communities:
        for name in ("dispatcher", "worker"):
            person = getattr(community, name)
            setattr(community, f"{name}_session", session_of(_staff_account(person, now), person))
        for resident in community.residents:
            account = people.open_phone_account(resident, now)
            community.resident_sessions.append(session_of(account, resident))


def _staff_account(person: Person, at: datetime) -> Account:
    """Open a staff account that has its own password and second factor behind it."""
    account, _password = people.open_staff_account(person, f"bench{person.pk}", None, at)
    account.must_change_password, account.totp_enrolled_at = False, at
    account.save()
    return account


def session_of(account: Account, person: Person) -> str:
    """Return the key of a session in which `person` is signed in."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(account.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = account.get_session_auth_hash()
    store["person"] = person.pk
    store.save()
    return store.session_key


def sessions_of(world: World, who: str) -> Iterator[str]:
    """Yield the session keys of one kind of caller, a community after the other."""
    for community in world.communities:
        yield getattr(community, f"{who}_session")
