"""The ledger as rows. Policy rules: G04 (sums of a day, nothing finer), G03."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from linli.burden import actions, rules
from linli.burden.models import Errand, Load
from linli.burden.rules import Sum
from linli.organisations.models import Organisation
from tests.cast import MONDAY, Willow

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()
DESK = "柳树社区居民委员会"


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


def told(_first: datetime, _last: datetime) -> list[rules.Errand]:
    """Stand for what the top of the house tells (linli/config/errands.py, tests/test_errands.py)."""
    desk = Organisation.objects.get(name=DESK)
    return [
        rules.Errand("todos.OutsideSystem:1:t-1", desk.pk, "消防巡查", "东岸区社会治理中心", TODAY, TODAY)
    ]


def test_a_task_at_short_notice_is_written_down_once(willow: Willow, settings: Any) -> None:
    settings.ERRANDS = "linli.burden.tests.test_actions.told"
    assert [actions.note_errands(MONDAY + timedelta(hours=hours)) for hours in (1, 2)] == [1, 0]
    errand = Errand.objects.get()
    assert (errand.organisation, errand.task, errand.demanded_by) == (
        willow.desk,
        "消防巡查",
        "东岸区社会治理中心",
    )
    assert (errand.came_on, errand.due_on) == (TODAY, TODAY)
    assert list(Errand.objects.to_bodies([willow.property.pk], TODAY, TODAY + timedelta(days=1))) == []


def test_what_is_older_than_two_years_is_removed_and_the_rest_stays(willow: Willow) -> None:
    actions.note(willow.sun, willow.desk, "cases:sign", 1, 0, MONDAY)
    actions.note(willow.sun, willow.desk, "cases:sign", 1, 0, MONDAY - timedelta(days=760))
    assert actions.purge(MONDAY.date()) == 1
    assert Load.objects.get().day == MONDAY.date()
    assert actions.purge(MONDAY.date()) == 0
