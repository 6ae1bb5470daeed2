"""Who the 5,764 residents of 柳树社区 are: papers, households, tags, and what happened to some of them.

Every person is invented; identity numbers have valid check digits and begin with 98, which belongs to no place.
"""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import groupby

from django.utils.timezone import localdate

from linli.demo.names import sex_by
from linli.demo.world import MOVED_IN, SEED, Say, World
from linli.people import actions as people
from linli.people.models import Person, Residency
from linli.register import actions
from linli.register.actions import Newborn, Report, bulk
from linli.register.models import TagKind
from linli.register.rules import check_digit

AREA = "980101"
PARTY_MEMBERS = 55
# How many of those whose age fits carry a tag: code, from age, to age, how many.
TAGGED = (
    ("subsistence", 30, 90, 38),
    ("near_subsistence", 30, 90, 21),
    ("disabled", 10, 95, 96),
    ("mobility_impaired", 70, 100, 31),
    ("party_member", 25, 90, PARTY_MEMBERS),
    ("floating_party_member", 22, 60, 7),
    ("veteran", 25, 85, 43),
    ("pregnant", 22, 42, 12),
    ("volunteer", 20, 75, 84),
    ("block_leader", 35, 75, 36),
    ("unemployed", 20, 58, 27),
)
SCHOOLING = ("80", "70", "60", "41", "31", "21", "14")
WORKPLACES = ("望江纺织厂", "东岸超市", "柳河小学", "望江公交公司", "自家开店", "东岸物流园")
HEAD, HUSBAND, WIFE, SON, DAUGHTER, FATHER, MOTHER, OTHER = "02", "11", "12", "20", "30", "51", "52", "99"


class Neighbour:
    """One resident as the ledger has them."""

    def __init__(self, person: Person, home: int, draw: random.Random, at: datetime, order: int) -> None:
        self.person, self.home = person, home
        year = person.birth_year or draw.randint(1950, 2000)
        self.born = min(date(year, draw.randint(1, 12), draw.randint(1, 28)), localdate(at))
        self.age = localdate(at).year - year
        self.sex = sex_by(person.name) or draw.choice("12")
        first = f"{AREA}{self.born:%Y%m%d}{order % 499 * 2 + (1 if self.sex == '1' else 2):03d}"
        self.number = first + check_digit(first)


def fill(world: World, cast: dict[str, Person], at: datetime, say: Say) -> None:
    """Write down the ledger of the community, then let things happen."""
    say("居民档案：5,764 人，1,903 户")
    draw = random.Random(SEED + 1)  # noqa: S311 — invented people, the same each time
    actions.load_tag_kinds()
    residents = _residents(world, draw, at)
    half = len(residents) // 2
    for part, day in ((residents[:half], date(2025, 6, 16)), (residents[half:], date(2026, 5, 18))):
        told = bulk.Told("社区人口台账", min(day, localdate(at)), cast["sun"], at)
        bulk.add_profiles([(one.person.pk, _facts(one, draw)) for one in part], told)
    told = bulk.Told("社区人口台账", min(date(2026, 5, 18), localdate(at)), cast["sun"], at)
    bulk.add_members(list(_members(residents)), {})
    bulk.add_tags(_tags(residents, draw), told)
    actions.index([one.person.pk for one in residents], at)
    _happen(world, cast, at)


def _residents(world: World, draw: random.Random, at: datetime) -> list[Neighbour]:
    rows = Residency.objects.on(localdate(at)).within([world.community]).select_related("person")
    found: dict[int, Neighbour] = {}
    for order, row in enumerate(rows.order_by("home", "pk")):
        if row.person_id not in found:
            found[row.person_id] = Neighbour(row.person, row.home_id, draw, at, order)
    return list(found.values())


def _facts(one: Neighbour, draw: random.Random) -> dict[str, str]:
    """Return what the ledger says; some cells nobody has asked for yet."""
    facts = {
        "identity_kind": "resident" if one.age > 1 else "none",
        "identity": one.number if one.age > 1 else "",
        "sex": one.sex,
        "birth_date": one.born.isoformat(),
        "ethnicity": draw.choices(("01", "03", "15", "36"), (96, 2, 1, 1))[0],
        "nationality": "中国",
        "registered_at": "江南省望江市东岸区" if draw.random() < 0.7 else "",
    }
    if one.age < 18:
        return facts | {"employment": "31" if one.age > 5 else "", "marriage": "10"}
    facts["marriage"] = draw.choices(("20", "10", "30", "40"), _marriages(one.age))[0]
    facts["schooling"] = draw.choice(SCHOOLING) if draw.random() < 0.8 else ""
    facts["employment"] = "80" if one.age >= 60 else draw.choice(("17", "24", "54", "51", "13"))
    if one.age < 60 and draw.random() < 0.5:
        facts["workplace"] = draw.choice(WORKPLACES)
    if one.age >= 65 and draw.random() < 0.6:
        facts["health"] = draw.choice(("10", "20", "30", "31"))
    return facts


def _marriages(age: int) -> tuple[int, int, int, int]:
    if age < 28:
        return 20, 78, 0, 2
    return (70, 3, 22, 5) if age > 70 else (84, 6, 2, 8)


def _members(residents: list[Neighbour]) -> Iterator[bulk.NewMember]:
    """Yield households of the homes: the first to be settled is the head, the rest by age and sex."""
    for number, (home, family) in enumerate(groupby(residents, key=lambda one: one.home)):
        head, *others = list(family)
        yield bulk.NewMember(head.person.pk, f"LS{number:05d}", home, HEAD, MOVED_IN.isoformat())
        has_spouse = False
        for one in others:
            relation = _relation(head, one, has_spouse=has_spouse)
            has_spouse = has_spouse or relation in {HUSBAND, WIFE}
            yield bulk.NewMember(one.person.pk, f"LS{number:05d}", home, relation, MOVED_IN.isoformat())


def _relation(head: Neighbour, one: Neighbour, *, has_spouse: bool) -> str:
    younger = head.age - one.age
    if abs(younger) <= 14 and one.age >= 22 and one.sex != head.sex and not has_spouse:
        return WIFE if one.sex == "2" else HUSBAND
    if younger >= 18:
        return SON if one.sex == "1" else DAUGHTER
    if younger <= -18:
        return FATHER if one.sex == "1" else MOTHER
    return OTHER


def _tags(residents: list[Neighbour], draw: random.Random) -> list[tuple[int, int]]:
    kinds = dict(TagKind.objects.values_list("code", "pk"))
    held = {(one.person.pk, kinds["very_old"]) for one in residents if one.age >= 80}
    for _home, family in groupby(residents, key=lambda one: one.home):
        members = list(family)
        if len(members) == 1 and members[0].age >= 65:
            held.add((members[0].person.pk, kinds["lives_alone"]))
    for code, youngest, eldest, count in TAGGED:
        fitting = [one.person.pk for one in residents if youngest <= one.age <= eldest]
        held |= {(person, kinds[code]) for person in draw.sample(fitting, min(count, len(fitting)))}
    return sorted(held)


def _happen(world: World, cast: dict[str, Person], at: datetime) -> None:
    """Three moves, a birth, three proposals that wait, and two people who were registered twice."""
    sun, day = cast["sun"], localdate(at) - timedelta(days=9)
    someone = [person for person in world.residents if person.name and person.phone][40:60]
    settled = {row.person_id: row for row in Residency.objects.filter(person__in=someone, until=None)}
    movers = [person for person in someone if person.pk in settled]
    for person, home in zip(movers[:2], world.homes[100:102], strict=True):
        actions.move([person], home, "tenant", Report(day, "self", sun, at, note="换了租的房子"))
    actions.move_out([movers[2]], Report(day, "family", sun, at, note="回老家住"))
    actions.birth([movers[3]], Newborn("朱一诺", "2"), Report(day, "paper", sun, at, "演示-0007"))
    actions.propose(movers[4], {"workplace": "望江公交公司"}, by=movers[4], at=at, note="换了工作")
    actions.propose(movers[5], {"phone": "17000098765"}, by=movers[5], at=at)
    newborn = {"name": "林若曦", "sex": "2", "birth_date": day.isoformat()}
    actions.propose(movers[6], newborn, by=movers[6], at=at, kind="newborn")
    for person in movers[7:9]:
        twin = people.register(person.name, "", at, sun, is_demo=True)
        home = settled[person.pk].home
        actions.belong(twin, home, "family", day, by=sun, at=at)
        actions.suspect(twin, at)
    actions.index_changed(at, limit=10_000)
