"""The ledger as rows. Policy rules: G04 (sums of a day, nothing finer), G03."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from linli.burden import actions
from linli.burden.models import Errand, Load
from linli.burden.rules import Sum
from linli.todos import actions as todos
from linli.todos.actions.outside import Line, Task
from tests.cast import MONDAY, Willow

pytestmark = pytest.mark.django_db


def test_a_day_and_form_is_one_row_however_often_it_is_sent(willow: Willow) -> None:
    for hours in (0, 1, 5):
        actions.note(willow.sun, willow.desk, "cases:dispatch", 2, 1, MONDAY + timedelta(hours=hours))
    actions.note(willow.sun, willow.desk, "cases:dispatch", 1, 0, MONDAY + timedelta(days=1))
    actions.note(willow.li, willow.desk, "cases:dispatch", 7, 0, MONDAY)
    row = Load.objects.of(willow.sun).get(day=MONDAY.date())
    assert (row.times, row.typed, row.filled) == (3, 6, 3)
    assert Load.objects.of(willow.sun).count() == 2
    assert Load.objects.count() == 3


def test_sums_of_a_month_are_by_form_and_by_who_demanded_it(willow: Willow) -> None:
    actions.note(willow.sun, willow.desk, "cases:dispatch", 2, 0, MONDAY)
    actions.note(willow.sun, willow.desk, "cases:dispatch", 1, 1, MONDAY + timedelta(days=2))
    actions.note(willow.sun, willow.desk, "reports:fill", 0, 120, MONDAY, "柳河街道办事处")
    march = Load.objects.of(willow.sun).between(
        MONDAY.date().replace(day=1), MONDAY.date() + timedelta(days=20)
    )
    assert march.by_form() == [
        ("cases:dispatch", "", Sum(2, 3, 1)),
        ("reports:fill", "柳河街道办事处", Sum(1, 0, 120)),
    ]


def post(willow: Willow, number: str, at: datetime, due: datetime) -> None:
    system = willow.district_centre.name
    assert system
    todos.post_from_outside(
        outside(willow),
        Task(
            number,
            "消防巡查",
            "",
            due,
            willow.community.code or "",
            "community_desk",
            "https://x.example.cn/",
        ),
        at,
    )


def outside(willow: Willow) -> object:
    if not hasattr(willow, "outside_system"):
        system, _token = todos.add_system("安全平台", willow.district_centre, willow.administrator, MONDAY)
        line = Line(
            "消防巡查", "消防法第四十一条", Decimal(2), Decimal(0), MONDAY.date() + timedelta(days=90)
        )
        todos.admit(system, line, willow.administrator, MONDAY)
        willow.outside_system = system  # type: ignore[attr-defined]
    return willow.outside_system  # type: ignore[attr-defined]


def test_a_task_from_above_with_less_than_a_working_day_is_an_errand_once(willow: Willow) -> None:
    post(willow, "t-1", MONDAY, MONDAY + timedelta(hours=5))
    post(willow, "t-2", MONDAY, MONDAY + timedelta(days=4))
    for _twice in range(2):
        actions.note_errands(MONDAY + timedelta(hours=1))
    errand = Errand.objects.get()
    assert (errand.organisation, errand.task) == (willow.desk, "消防巡查")
    assert errand.demanded_by == "东岸区社会治理中心"
    assert (errand.came_on, errand.due_on) == (MONDAY.date(), MONDAY.date())


def test_what_is_older_than_two_years_is_removed_and_the_rest_stays(willow: Willow) -> None:
    actions.note(willow.sun, willow.desk, "cases:sign", 1, 0, MONDAY)
    actions.note(willow.sun, willow.desk, "cases:sign", 1, 0, MONDAY - timedelta(days=760))
    assert actions.purge(MONDAY.date()) == 1
    assert Load.objects.get().day == MONDAY.date()
    assert actions.purge(MONDAY.date()) == 0
