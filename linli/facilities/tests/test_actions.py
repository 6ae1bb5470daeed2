"""Files, inspections, rhythms and imports: the yes and the no in one test."""

from datetime import date, timedelta

import pytest

from linli.base.errors import Refused
from linli.cases.models import Case
from linli.facilities import actions
from linli.facilities.actions import Facts, Found
from linli.facilities.models import Facility, FacilityKind, Inspection, InspectionDue
from linli.facilities.rules import Condition, Result, Rhythm, Standing
from linli.facilities.tests.rows import enrolled, lift_at, plan_of
from linli.places.models import Place
from linli.todos.models import Todo
from tests.cast import MONDAY, Willow

pytestmark = pytest.mark.django_db
TODAY = MONDAY.date()
DAY = timedelta(days=1)


def test_a_file_gives_a_number_and_schedules_what_its_kind_needs(willow: Willow) -> None:
    with pytest.raises(Refused, match="社区的工作人员"):
        actions.enrol(willow.lamp, Facts("路灯"), by=willow.zhao, at=MONDAY)
    with pytest.raises(Refused, match="不是公共部件"):
        actions.enrol(willow.building, Facts("路灯"), by=willow.sun, at=MONDAY)
    with pytest.raises(Refused, match="没有“飞碟”"):
        actions.enrol(willow.lamp, Facts("飞碟"), by=willow.sun, at=MONDAY)
    lift = enrolled(willow, last={"半月维护保养": date(2026, 3, 1)})
    second = enrolled(willow, place=lift_at(willow, "4幢电梯"))
    assert (lift.number, second.number) == ("9901010151000001", "9901010151000002")
    assert dict(lift.dues.values_list("plan__name", "due_on")) == {
        "半月维护保养": date(2026, 3, 16), "年度定期检验（检测）": TODAY,
    }  # fmt: skip
    again = enrolled(willow, place=lift.place)
    assert (again.pk, again.number) == (lift.pk, lift.number)
    assert lift.dues.count() == 2
    lift.place.refresh_from_db()
    assert (lift.place.facility_class, lift.place.ownership) == ("utility", "common")


def test_another_kind_gets_another_number_and_other_inspections(willow: Willow) -> None:
    place = lift_at(willow)
    enrolled(willow, place=place)
    changed = enrolled(willow, kind="消防栓", place=place)
    assert changed.number == "9901010113000001"
    assert set(changed.dues.values_list("plan__name", flat=True)) == {"外观和漏水检查", "消防设施全面检测"}


def test_a_fine_inspection_moves_what_is_due_and_a_late_paper_does_not_move_it_back(willow: Willow) -> None:
    lift = enrolled(willow)
    upkeep = plan_of(lift, "半月")
    first = actions.inspect(lift, upkeep, Found(), by=willow.zhao, at=MONDAY, once="x")
    assert actions.inspect(lift, upkeep, Found(), by=willow.zhao, at=MONDAY, once="x") == first
    due = InspectionDue.objects.get(facility=lift, plan=upkeep)
    assert (due.last_on, due.due_on) == (TODAY, TODAY + 15 * DAY)
    actions.inspect(lift, upkeep, Found(on=TODAY - 20 * DAY), by=willow.zhao, at=MONDAY)
    due.refresh_from_db()
    assert due.due_on == TODAY + 15 * DAY
    with pytest.raises(Refused, match="今天以后"):
        actions.inspect(lift, upkeep, Found(on=TODAY + DAY), by=willow.zhao, at=MONDAY)
    with pytest.raises(Refused, match="管理单位和维保单位"):
        actions.inspect(lift, upkeep, Found(), by=willow.stranger, at=MONDAY)
    with pytest.raises(Refused, match="管理单位和维保单位"):
        actions.inspect(lift, upkeep, Found(), by=willow.zhang, at=MONDAY)
    assert not Case.objects.exists()


def test_a_statutory_inspection_names_its_report_and_the_next_day_that_it_says(willow: Willow) -> None:
    lift = enrolled(willow)
    yearly = plan_of(lift, "年度")
    with pytest.raises(Refused, match="报告编号"):
        actions.inspect(lift, yearly, Found(), by=willow.zhao, at=MONDAY)
    wrong = Found(report_number="T-1", next_on=TODAY)
    with pytest.raises(Refused, match="五年以内"):
        actions.inspect(lift, yearly, wrong, by=willow.zhao, at=MONDAY)
    named = Found(report_number="T-1", next_on=date(2027, 1, 31))
    actions.inspect(lift, yearly, named, by=willow.zhao, at=MONDAY)
    due = InspectionDue.objects.get(facility=lift, plan=yearly)
    assert (due.due_on, due.is_named) == (date(2027, 1, 31), True)


def test_a_defect_becomes_a_case_at_the_facility_which_then_waits_to_be_mended(willow: Willow) -> None:
    lift = enrolled(willow)
    upkeep = plan_of(lift, "半月")
    with pytest.raises(Refused, match="哪里有问题"):
        actions.inspect(lift, upkeep, Found(Result.DEFECT), by=willow.zhao, at=MONDAY)
    record = actions.inspect(lift, upkeep, Found(Result.DEFECT, "钢丝绳断股"), by=willow.zhao, at=MONDAY)
    case = record.case
    assert case is not None
    assert (case.place, case.channel, case.reporter) == (lift.place, "patrol", None)
    lift.refresh_from_db()
    assert lift.condition == Condition.TO_MEND
    assert lift.changes.get().before == Condition.GOOD
    actions.inspect(lift, upkeep, Found(), by=willow.zhao, at=MONDAY + DAY)
    lift.refresh_from_db()
    assert lift.condition == Condition.GOOD, "查过正常，就不再待修"
    assert Case.objects.count() == 1


def test_what_a_grid_worker_mends_at_once_is_one_tap_without_a_clock(willow: Willow) -> None:
    lamp = enrolled(willow, "路灯", willow.lamp)
    record = actions.inspect(
        lamp, plan_of(lamp, "亮灯"), Found(Result.MENDED, "灯罩松了，拧紧了"), by=willow.li, at=MONDAY
    )
    assert record.case is not None
    assert (record.case.state, record.case.due) == ("on_spot", None)
    by_property = actions.inspect(lamp, None, Found(Result.MENDED, "换了灯泡"), by=willow.zhao, at=MONDAY)
    assert by_property.case is None, "物业不替居民受理"
    defect = actions.inspect(lamp, None, Found(Result.DEFECT, "灯杆斜了"), by=willow.li, at=MONDAY)
    assert defect.case is not None
    assert defect.case.filed_by == willow.li


def test_a_condition_has_its_history_and_only_those_who_look_after_it_change_it(willow: Willow) -> None:
    lamp = enrolled(willow, "路灯", willow.lamp)
    with pytest.raises(Refused, match="管理单位"):
        actions.note_condition(lamp, Condition.STOPPED, "修路", by=willow.zhang, at=MONDAY)
    with pytest.raises(Refused, match="怎么了"):
        actions.note_condition(lamp, Condition.STOPPED, " ", by=willow.li, at=MONDAY)
    actions.note_condition(lamp, Condition.STOPPED, "修路停用", by=willow.li, at=MONDAY)
    actions.note_condition(lamp, Condition.STOPPED, "修路停用", by=willow.li, at=MONDAY)
    lamp.refresh_from_db()
    assert lamp.condition == Condition.STOPPED
    assert lamp.changes.count() == 1


def test_what_comes_due_waits_on_the_list_of_who_looks_and_leaves_it_once_looked(willow: Willow) -> None:
    lift = enrolled(willow, last={"半月维护保养": TODAY, "年度定期检验（检测）": TODAY})
    assert actions.warn(MONDAY + 11 * DAY) == 0
    assert actions.warn(MONDAY + 12 * DAY) == 1
    actions.warn(MONDAY + 13 * DAY)
    todo = Todo.objects.open().get(subject=lift.subject)
    assert todo.organisation == willow.property
    actions.inspect(lift, plan_of(lift, "半月"), Found(), by=willow.zhao, at=MONDAY + 14 * DAY)
    assert not Todo.objects.open().filter(subject=lift.subject).exists()
    bare = actions.enrol(willow.lamp, Facts("路灯"), by=willow.sun, at=MONDAY)
    actions.warn(MONDAY)
    assert Todo.objects.open().get(subject=bare.subject).organisation == willow.desk, "没人管的由社区先管"


def test_a_districts_rhythm_moves_what_is_due_but_not_what_a_report_named(willow: Willow) -> None:
    lift = enrolled(willow, last={"半月维护保养": TODAY})
    upkeep, yearly = plan_of(lift, "半月"), plan_of(lift, "年度")
    actions.inspect(
        lift, yearly, Found(report_number="T", next_on=date(2027, 1, 31)), by=willow.zhao, at=MONDAY
    )
    ten_days = Rhythm(10, "day", "maintainer", 2, "维保合同第 3 条")
    with pytest.raises(Refused, match="区里"):
        actions.set_plan(upkeep, ten_days, by=willow.sun, at=MONDAY)
    actions.set_plan(upkeep, ten_days, by=willow.district_officer, at=MONDAY)
    half_year = Rhythm(6, "month", "statutory", 30, "测试")
    actions.set_plan(yearly, half_year, by=willow.district_officer, at=MONDAY)
    days = dict(lift.dues.values_list("plan__name", "due_on"))
    assert days[upkeep.name] == TODAY + 10 * DAY
    assert days[yearly.name] == date(2027, 1, 31)
    added = actions.add_plan(
        lift.kind,
        "困人救援演练",
        Rhythm(12, "month", "responsible", 30, "建议周期"),
        by=willow.district_officer,
        at=MONDAY,
    )
    assert added.dues.get().due_on == date(2027, 3, 9)
    assert actions.load_kinds() == 0, "what a district changed stays"
    upkeep.refresh_from_db()
    assert upkeep.every == 10


CSV = """名称,位置,种类,归谁,管理单位,维保单位,谁出钱,启用日期,型号,上次半月维护保养,备注
1号梯,3幢,电梯,业主共有,安居物业,,物业费,2019/5/1,三菱,2026-03-01,x
2号梯,3幢,电梯,业主共有,没有的物业,,物业费,,,,
灯,9幢,路灯,,,,,,,,
消火栓甲,杨柳苑,消火栓,共有,,,,2019-06-31,,,
消火栓乙,杨柳苑,消火栓,,,,,,,,
"""


def test_an_import_is_tried_first_keeps_good_rows_and_makes_nothing_twice(willow: Willow) -> None:
    def bring(text: str, *, keep: bool, encoding: str = "utf-8-sig") -> actions.Imported:
        data = text.encode(encoding)
        return actions.import_facilities(data, willow.community, by=willow.sun, at=MONDAY, keep=keep)

    before = Place.objects.count()
    tried = bring(CSV, keep=False)
    assert (tried.made, len(tried.faults)) == (2, 3)
    assert (Place.objects.count(), Facility.objects.count()) == (before, 0)
    done = bring(CSV, keep=True, encoding="gb18030")
    assert [(fault.line, fault.name) for fault in done.faults] == [(3, "2号梯"), (4, "灯"), (5, "消火栓甲")]
    reasons = " ".join(fault.reason for fault in done.faults)
    assert "没有服务这里的单位" in reasons
    assert "没有找到位置" in reasons
    assert "共有" in reasons
    assert done.unknown == ["备注"]
    again = bring(CSV, keep=True)
    assert (again.made, again.changed) == (0, 2)
    assert Facility.objects.count() == 2
    assert Facility.objects.get(place__name="1号梯").dues.get(plan__every=15).due_on == date(2026, 3, 16)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "空的"),
        (b"PK\x03\x04", "CSV"),
        ("名称,种类\n灯,路灯\n".encode(), "位置"),
        ("名称,名称,位置,种类\n".encode(), "名字一样"),
        (b"\xff\xff\xff\xff", "编码"),
    ],
)
def test_a_file_that_is_no_such_table_is_answered_by_what_is_wrong(
    willow: Willow, data: bytes, said: str
) -> None:
    with pytest.raises(Refused, match=said):
        actions.import_facilities(data, willow.community, by=willow.sun, at=MONDAY, keep=True)
    with pytest.raises(Refused, match="工作人员登记"):
        actions.import_facilities(data, willow.community, by=willow.zhao, at=MONDAY, keep=True)


def test_nothing_is_asked_of_a_facility_that_is_gone(willow: Willow) -> None:
    lift = enrolled(willow)
    assert actions.warn(MONDAY) == 2
    actions.note_condition(lift, Condition.MISSING, "拆了", by=willow.zhao, at=MONDAY)
    assert actions.warn(MONDAY + DAY) == 0
    assert InspectionDue.objects.get(facility=lift, plan__every=15).standing_on(TODAY + DAY) == Standing.LATE
    assert Inspection.objects.count() == 0
    assert FacilityKind.objects.count() > 15
