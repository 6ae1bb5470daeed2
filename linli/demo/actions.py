"""Filling the demo, and walking in as one of its cast. Nothing of this runs outside demo mode."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django_q.models import OrmQ

from linli.base.errors import require
from linli.demo.bodies import CAST, build_bodies, build_staff
from linli.demo.parts import PARTS
from linli.demo.tales import WEEKS, live_through
from linli.demo.world import build_places, build_residents
from linli.duties import actions as duties
from linli.insights import actions as insights
from linli.notices import actions as notices
from linli.people import actions as people
from linli.people.models import Account, Person, Proxy
from linli.transparency import actions as transparency

Say = Callable[[str], None]


def is_filled() -> bool:
    """Whether the demo community is there already."""
    return Person.objects.filter(is_demo=True).exists()


def fill(at: datetime, say: Say) -> None:
    """Build 柳树社区 and live through its last twelve weeks, up to `at`. One transaction for the standing part."""
    begun = at - timedelta(weeks=WEEKS + 1)
    with transaction.atomic():
        say("小区、楼栋、公共部件")
        world = build_places(begun, say)
        say("单位和工作人员")
        build_bodies(world, begun)
        cast = build_staff(world, begun)
        duties.load_defaults(world.district, by=cast["wu"], at=begun)
        say("居民")
        build_residents(world, begun, say)
        _open_accounts(cast, begun)
        _let_family_act(cast, begun)
    say("十二周里发生的事")
    live_through(world, cast, at, say)
    for fill_part in PARTS:
        fill_part(world, cast, at, say)
    say("核对：通知、存证、数字")
    _forget_jobs(at)
    transparency.seal_all()
    first = (at - timedelta(weeks=WEEKS)).date()
    insights.tally(first, at.date())
    insights.count_months(first)


def _open_accounts(cast: dict[str, Person], at: datetime) -> None:
    """Give each of the cast a way in: residents a telephone, staff a user name whose password nobody is told."""
    for part in CAST:
        if part.role:
            people.open_staff_account(cast[part.key], part.key, None, at)
        elif cast[part.key].phone:
            people.open_phone_account(cast[part.key], at)


def _let_family_act(cast: dict[str, Person], at: datetime) -> None:
    """陈小梅 acts for her father, who is 81 and has no smartphone; he is told."""
    father, daughter = cast["chen"], cast["chen-daughter"]
    people.grant_proxy(father, daughter, Proxy.Scope.EVERYTHING, by=father, at=at)


def _forget_jobs(at: datetime) -> None:
    """Let the jobs that those weeks enqueued be forgotten: what they were for has been done."""
    notices.tell_pending(at)
    OrmQ.objects.all().delete()


def account_of(key: str) -> Account:
    """Return the account of one of the cast. Raises Refused outside demo mode."""
    require(settings.DEMO, "")
    part = next((part for part in CAST if part.key == key), None)
    require(part is not None, "")
    assert part is not None  # noqa: S101 — for the type checker
    person = (
        Person.objects.filter(is_demo=True, name=part.name, accounts__isnull=False).order_by("pk").first()
    )
    require(person is not None, "")
    assert person is not None  # noqa: S101
    account: Account = Account.objects.filter(persons=person).order_by("pk")[0]
    return account
