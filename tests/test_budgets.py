"""Queries of each list page: no more than tests/budgets.csv allows, and as many for 40 rows as for 5.

Columns: `name` of the URL, `viewer` of the cast ("anonymous": nobody), `arguments` and `query` as in tests/access.csv
(words of the cast stand for tokens of its places and bodies), `queries` that the page may make at most.
"""

import csv
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from linli.attachments import actions as attachments
from linli.cases import actions as cases
from linli.cases.actions import Said
from linli.cases.models import Case
from linli.cases.rules import Channel
from linli.duties.models import Category
from linli.insights import actions as insights
from linli.lettings.models import Newcomer
from linli.notices import actions as notices
from linli.notices.models import Delivery
from linli.notices.rules import State as Sending
from linli.organisations import actions as organisations
from linli.organisations.models import Membership, Tier
from linli.people import actions as people
from linli.people.models import Person, Residency, Tenure
from linli.places import actions as places
from linli.places.models import Kind
from linli.register import actions as register
from linli.register.rules import Source
from linli.todos import actions as todos
from linli.todos.actions.outside import Line
from linli.todos.models import Todo
from linli.todos.rules import Reason
from linli.trail import actions as trail
from linli.transparency import actions as transparency
from tests.access import ask
from tests.cast import Willow
from tests.signing_in import signed_in
from tests.telling import photo

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).with_name("budgets.csv")
FEW, MANY = 5, 40


@dataclass(frozen=True)
class Budget:
    """One list page and how many queries it may make."""

    name: str
    viewer: str
    arguments: str
    query: str
    queries: int

    def address(self, willow: Willow) -> str:
        """Return the whole address."""
        pairs = (part.split("=", 1) for part in self.arguments.split())
        known = {key: getattr(getattr(willow, value, None), "token", value) for key, value in pairs}
        if known.get("token") == "code":
            known["token"] = willow.lamp.codes.latest("pk").token
        if "log" in known:
            known["log"] = willow.community.code or ""
        path = reverse(self.name, kwargs=known)
        return f"{path}?{self.query}" if self.query else path

    def __str__(self) -> str:
        return f"{self.name} as {self.viewer}"


def budgets() -> list[Budget]:
    """Read the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [Budget(**(line | {"queries": int(line["queries"])})) for line in csv.DictReader(file)]


class Filling:
    """Fills every list, one row more at each turn."""

    def __init__(self, willow: Willow, at: datetime) -> None:
        self.willow, self.at = willow, at
        self.lamp_out = Category.objects.get(code="lighting.lamp_out")
        self.dry = Category.objects.get(code="water.no_water")
        system, _token = todos.add_system("安全平台", willow.district_centre, willow.administrator, at)
        self.system = system
        places.issue_code(willow.lamp, by=willow.sun, at=at)

    def one_more(self, number: int) -> None:
        """Add one row to every list."""
        w, at = self.willow, self.at
        case = self._case(f"第{number}盏路灯不亮")
        if number % 4 == 0:
            picture = attachments.attach(photo(), case.subject, "before", at, w.zhang.subject)
            attachments.release(picture, at)
        cases.support(case, w.neighbour, at=at)
        order = cases.dispatch(case, w.property, by=w.sun, at=at)
        cases.ask_return(order, "not_our_duty", "属市政。", by=w.zhao, at=at)
        self._case(f"第{number}处停水", self.dry)
        cases.file(Said(text=f"第{number}件待审", place=w.lamp, category=self.lamp_out), by=w.zhang, at=at)
        self._resolved(number)
        self._around(number)
        self._lives_here(number)

    def _lives_here(self, number: int) -> None:
        """Add a resident of the register and a newcomer who waits."""
        w, at = self.willow, self.at
        resident = people.register(f"住户{number}", "", at)
        people.settle(resident, w.home, Tenure.FAMILY, at.date(), Residency.Source.IMPORT, at)
        facts = {"sex": "2", "schooling": "20"}
        register.state(resident, facts, source=Source.VISIT, by=w.sun, at=at)
        Newcomer.objects.create(
            home=w.home, name=f"新来{number}", tenure=Tenure.TENANT, since=at.date(), asked_at=at,
            ends_at=at + timedelta(days=7),
        )  # fmt: skip

    def _case(self, text: str, category: Category | None = None) -> Case:
        said = Said(text=text, place=self.willow.lamp, category=category or self.lamp_out)
        case = cases.file(said, by=self.willow.zhang, at=self.at)
        return cases.moderate(case, by=self.willow.sun, at=self.at)

    def _resolved(self, number: int) -> None:
        """Add one to check, one to ring about and one to answer."""
        w, at = self.willow, self.at
        patrol = Said(text=f"第{number}处纸箱", place=w.estate, channel=Channel.PATROL)
        phone = Said(text=f"第{number}次下水慢", place=w.estate, channel=Channel.TELEPHONE)
        for said, resident in ((patrol, None), (phone, self._person(f"来电人{number}"))):
            case = cases.file_for(said, resident=resident, by=w.li, at=at)
            cases.dispatch(case, w.property, by=w.sun, at=at)
            cases.resolve(case, "已经办好，现场看过。", by=w.zhao, at=at)

    def _person(self, name: str) -> Person:
        return Person.objects.create(name=name, created_at=self.at)

    def _around(self, number: int) -> None:
        """Add a building, a body with a member, a looker, a message, a statement and an admission."""
        w, at = self.willow, self.at
        places.plant(Kind.BUILDING, f"{number + 20}幢", w.estate, grid=w.grid)
        places.issue_code(
            places.plant(Kind.FACILITY, f"{number}号灯", w.estate, facility_kind="路灯"), by=w.sun, at=at
        )
        body = organisations.create(
            f"第{number}服务队", f"team_{number}", Tier.COMMUNITY, [w.community], at=at
        )
        organisations.appoint(
            self._person(f"队员{number}"),
            w.desk,
            "grid_worker",
            w.community,
            at.date(),
            by=w.administrator,
            at=at,
        )
        assert body.pk
        trail.looked(
            w.zhang.subject,
            f"people.Person:{w.sun.pk}",
            f"孙* · {number}",
            "姓名",
            "办理",
            at + timedelta(hours=number),
        )
        notices.tell([w.zhang], f"cases.Case:0:{number}", f"第{number}条", "", "/", "测试", at)
        Delivery.objects.filter(person=w.zhang).update(state=Sending.FAILED)
        line = Line(f"任务{number}", "某法", 1, 0, at.date() + timedelta(days=30))
        todos.admit(self.system, line, w.administrator, at)
        waiting = (
            Todo.objects.of(w.sun, Membership.objects.filter(person=w.sun)).open().filter(origin="cases")
        )
        todos.say_pointless(waiting.latest("pk"), Reason.UNFIT, "", w.sun, at)


def counted(willow: Willow) -> Counter[str]:
    """Return how many queries each page makes with nothing in the cache."""
    found: Counter[str] = Counter()
    for budget in budgets():
        person = getattr(willow, budget.viewer, None)
        browser = signed_in(person) if person else Client()
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            response = ask(browser, budget.address(willow))
        assert response.status_code == 200, (str(budget), response.status_code)
        found[str(budget)] = len(queries)
    return found


def settle(at: datetime) -> None:
    """Count the figures and seal the record, as the clock does."""
    insights.tally(at.date(), at.date())
    insights.count_months(at.date())
    transparency.seal_all()


def test_lists_keep_their_budget_and_do_not_grow_with_their_rows(willow: Willow) -> None:
    at = timezone.now() - timedelta(hours=3)
    filling = Filling(willow, at)
    for number in range(FEW):
        filling.one_more(number)
    settle(at)
    few = counted(willow)
    for number in range(FEW, MANY):
        filling.one_more(number)
    settle(at)
    many = counted(willow)
    grown = {page: (few[page], many[page]) for page in many if many[page] > few[page]}
    assert not grown, f"queries for {FEW} and for {MANY} rows: {grown}"
    over = {str(one): (many[str(one)], one.queries) for one in budgets() if many[str(one)] > one.queries}
    assert not over, f"queries and budget: {over}"
    lazy = {str(one): (many[str(one)], one.queries) for one in budgets() if many[str(one)] < one.queries - 4}
    assert not lazy, f"a budget so wide holds nothing: {lazy}"
