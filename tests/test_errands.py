"""What came from above at short notice reaches the ledger of burdens (减负账本). Policy rules: G03, G11."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from linli.burden import actions as burden
from linli.burden.models import Errand
from linli.reports import actions
from linli.reports.actions import Asked, Upload
from linli.reports.rules import Subject
from linli.reports.tests.books import content_of, elders
from linli.todos import actions as todos
from linli.todos.actions.outside import Line, Task
from tests.cast import MONDAY, Willow

pytestmark = pytest.mark.django_db


def test_a_task_from_above_with_less_than_a_working_day_is_an_errand_and_is_counted_once(
    willow: Willow,
) -> None:
    system, _token = todos.add_system("安全平台", willow.district_centre, willow.administrator, MONDAY)
    line = Line("消防巡查", "消防法第四十一条", Decimal(2), Decimal(0), MONDAY.date() + timedelta(days=90))
    todos.admit(system, line, willow.administrator, MONDAY)

    def post(number: str, due: datetime) -> None:
        where = willow.community.code or ""
        task = Task(number, "消防巡查", "", due, where, "community_desk", "https://x.example.cn/")
        todos.post_from_outside(system, task, MONDAY)

    post("t-1", MONDAY + timedelta(hours=5))
    post("t-2", MONDAY + timedelta(days=4))
    assert [burden.note_errands(MONDAY + timedelta(hours=hours)) for hours in (1, 2)] == [1, 0]
    errand = Errand.objects.get()
    assert (errand.organisation, errand.task) == (willow.desk, "消防巡查")
    assert errand.demanded_by == willow.district_centre.name
    assert (errand.came_on, errand.due_on) == (MONDAY.date(), MONDAY.date())


def test_a_workbook_demanded_for_today_is_an_errand_and_one_for_the_week_or_for_every_month_is_none(
    willow: Willow,
) -> None:
    day = MONDAY.date()

    def demand(name: str, period: str, until: date) -> None:
        asked = Asked("柳河街道民政科", "口头通知", period, day, until)
        upload = Upload("表.xlsx", content_of(elders()))
        actions.make(name, willow.community, Subject.PERSON, upload, asked, by=willow.sun, at=MONDAY)

    demand("今天就要", "once", day)
    demand("明天下班前", "once", day + timedelta(days=1))
    demand("每月一次", "month", day)
    assert [burden.note_errands(MONDAY + timedelta(hours=hours)) for hours in (1, 2)] == [1, 0]
    errand = Errand.objects.get()
    assert (errand.organisation, errand.task, errand.demanded_by) == (
        willow.desk,
        "今天就要",
        "柳河街道民政科",
    )
    assert (errand.came_on, errand.due_on) == (day, day)
