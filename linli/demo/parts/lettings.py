"""Registrations that wait, lettings that run, and two empty homes."""

from datetime import datetime, timedelta

from linli.demo.world import Say, World
from linli.lettings import actions
from linli.lettings.actions import Arrival, Sender, Terms, Vacancy
from linli.lettings.models import Tenant
from linli.lettings.rules import Refusal
from linli.people import actions as people
from linli.people.models import Person, Residency
from linli.people.rules import Tenure
from linli.places import actions as places
from linli.places.models import Place

NEW = (("方小路", "17000200001"), ("邓一凡", "17000200002"), ("谭青", "17000200003"), ("纪远", "17000200004"))
TENANTS = (("施雨", "17000200011"), ("柯明", "17000200012"), ("涂安", "17000200013"), ("向晴", "17000200014"))
WORDS = ("朝南，六楼，有电梯，家具齐全", "一楼带小院，适合老人，出门就是公交站")


def fill(world: World, cast: dict[str, Person], at: datetime, say: Say) -> None:
    """Tell of newcomers, lettings and offers in the first homes that have one verified owner."""
    say("租住：来住登记、租房登记、空房")
    owners = _owners(world, cast, at - timedelta(days=80), 7)
    for number, (home, owner) in enumerate(owners[:4]):
        _let(home, owner, number, at - timedelta(days=70 - number * 9))
    _arrive(world, owners, at)
    for number, (home, owner) in enumerate(owners[4:6]):
        said = Vacancy(2 + number, (at + timedelta(days=5)).date(), WORDS[number])
        offered = actions.offer(home, owner, said, at - timedelta(days=9 - number))
        if number == 0:
            asker = people.register("施雨", "17000200011", at)
            actions.ask(offered, asker, "一家三口，想这周末看看房子。", at - timedelta(days=1))


def _owners(world: World, cast: dict[str, Person], at: datetime, count: int) -> list[tuple[Place, Person]]:
    """Return homes and their owners, verified at the counter; the cast's own homes are left to themselves."""
    rows = (
        Residency.objects.filter(tenure=Tenure.OWNER, home__estate=world.estates["翠堤府"], until=None)
        .exclude(person__in=list(cast.values()))
        .exclude(person__phone_index="")
        .select_related("home", "person")
        .order_by("pk")
    )
    found = []
    for row in rows[:count]:
        people.verify(row, cast["sun"], at, Residency.Source.COUNTER)
        people.describe(row, cast["sun"], at, lives_there=False)
        found.append((row.home, row.person))
    return found


def _let(home: Place, owner: Person, number: int, at: datetime) -> None:
    name, phone = TENANTS[number]
    terms = Terms(at.date(), at.date() + timedelta(days=365), "living", [(name, phone)])
    letting = actions.register_letting(home, owner, terms, by=owner, at=at)
    tenant = people.register(name, phone, at, is_demo=True)
    if number < 3:  # the last one has not answered yet
        actions.confirm(Tenant.objects.get(letting=letting), by=tenant, at=at + timedelta(hours=20))


def _arrive(world: World, owners: list[tuple[Place, Person]], at: datetime) -> None:
    """Two wait, one was agreed to by the owner, one was sent back."""
    rows = []
    for number, ((name, phone), (home, _owner)) in enumerate(zip(NEW, owners[3:7], strict=True)):
        when = at - timedelta(days=5 - number)
        code = places.issue_code(home, by=None, at=when)
        said = Arrival(name, phone, (when - timedelta(days=1)).date())
        rows.append(actions.register_newcomer(code, said, Sender(None, f"demo{number}", "10.0.0.9"), when))
    actions.agree_at_home(rows[3], by=owners[6][1], at=at - timedelta(hours=20))
    actions.refuse(rows[2], Refusal.WRONG_HOME, by=owners[5][1], at=at - timedelta(hours=30))
