"""Decisions with their reasons, versions, gaps, precedents and calendars: real rows, through actions only."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from linli.base.errors import Refused
from linli.base.worktime import Unit, due_of_stages, moved_words
from linli.duties import actions as duties
from linli.duties.actions import HolidayRow, Hours, Terms
from linli.duties.models import Category, DutyLine, DutyList, Gap, Holiday
from linli.duties.record import recorded_lists
from linli.duties.rules import read_holidays
from linli.organisations import actions as organisations
from linli.organisations.models import Tier
from linli.places import actions as places
from linli.places.models import Kind
from linli.transparency import checking
from linli.transparency.models import Entry

NOTICE = "2027-01-01~2027-01-03,元旦,休\n2027-05-01~2027-05-05,劳动节,休\n2027-10-01~2027-10-07,国庆节,休"


def category(code):
    return Category.objects.get(code=code)


def terms(lead="street_office", **more):
    stages = [{"name": "办理", "amount": 2, "unit": "working_day"}]
    values = {"basis": "街道办〔2026〕3号", "sign": (2, "working_hour"), "response": (4, "working_hour")}
    return Terms(**{"lead": lead, "stages": stages, **values, **more})


def holiday_rows(text=NOTICE):
    return [HolidayRow(*row) for row in read_holidays(text)]


def test_a_common_lamp_goes_to_the_property_company_and_the_reasons_cite_the_line(willow, at):
    decision = duties.decide(category("lighting.lamp_out"), willow.lamp, at)
    assert decision.lead == willow.property
    assert decision.line is not None
    said = "\n".join(decision.because)
    assert f"第 {decision.line.number} 条" in said
    assert decision.line.basis in said
    assert "部件先属主、后属地" in said
    assert "业主共有" in said
    assert "安居物业" in said
    assert decision.due_words in said
    assert decision.gap == ""
    assert (decision.sign_due, decision.due) == (
        at + timedelta(hours=4),
        at.replace(day=12, hour=17, minute=30),
    )


def test_a_public_lamp_of_the_same_kind_goes_to_whoever_keeps_public_lamps(willow, at):
    lamp = places.plant(
        Kind.FACILITY, "柳河路路灯", willow.community,
        facility_class="utility", facility_kind="路灯", ownership="public",
    )  # fmt: skip
    keeper = organisations.create("区照明中心", "lighting", Tier.DISTRICT, [willow.district], at=at)
    assert duties.decide(category("lighting.lamp_out"), lamp, at).lead == keeper


def test_each_stage_counts_in_its_own_unit_and_the_words_name_them(willow, at):
    """T03: 私搭乱建 停工 4 工作时, 处罚 7 工作日, 拆除 20 工作日."""
    decision = duties.decide(category("appearance.illegal_building"), willow.building, at)
    assert decision.lead == willow.urban_management
    assert decision.assists == [willow.property]
    assert [unit for _name, _amount, unit in decision.stages] == [
        "working_hour",
        "working_day",
        "working_day",
    ]
    assert decision.due == datetime(2026, 4, 16, 17, 30, tzinfo=at.tzinfo)  # over Qingming, 4–6 April
    assert len(decision.due_words) <= 300
    assert decision.next_tier == "district"


def test_nobody_matches_so_the_desk_owns_it_and_the_gap_is_reported_once(willow, at):
    own = Category.objects.create(code="moon", name="月球事务", english="Moon", matter="help", order=99)
    decision = duties.decide(own, willow.estate, at)
    assert decision.line is None
    assert decision.lead == willow.desk
    assert any("首问负责" in words for words in decision.because)
    assert "月球事务" in decision.gap
    first = duties.note_gap(decision, "cases.Case:1", at)
    assert duties.note_gap(decision, "cases.Case:1", at) == first
    assert Gap.objects.open().count() == 1
    sure = duties.decide(category("lighting.lamp_out"), willow.lamp, at)
    assert duties.note_gap(sure, "cases.Case:2", at) is None


def test_a_line_whose_unit_does_not_exist_here_keeps_its_limits_and_reports_the_missing_unit(willow, at):
    decision = duties.decide(category("energy.gas_leak"), willow.estate, at)
    assert decision.lead == willow.desk
    assert decision.line is not None
    assert decision.gap == "这里没有登记燃气企业"
    assert decision.sign_due == at + timedelta(hours=1)
    gap = duties.note_gap(decision, "cases.Case:3", at)
    gas = organisations.create("望江燃气", "gas_company", Tier.OUTSIDE, [willow.district], at=at)
    assert duties.review_gaps([willow.district], at) == 1
    gap.refresh_from_db()
    assert gap.closed_at == at
    assert duties.decide(category("energy.gas_leak"), willow.estate, at).lead == gas


def test_where_the_owner_has_no_body_the_next_fitting_line_is_used_and_said(willow, at):
    draft = duties.draft(willow.district, by=willow.district_officer, at=at)
    lines = draft.lines.filter(category__code="lighting.lamp_out")
    any_line = lines.get(ownership="")
    duties.change_line(any_line, terms("street_office"), by=willow.district_officer, at=at)
    duties.publish(draft, by=willow.district_officer, at=at)
    lamp = places.plant(
        Kind.FACILITY, "桃园路灯", willow.elsewhere, facility_class="utility", ownership="common"
    )
    decision = duties.decide(category("lighting.lamp_out"), lamp, at)
    assert decision.lead == willow.street_office
    assert decision.line.ownership == ""
    assert decision.gap == "这里没有登记物业服务企业"
    assert any("更贴切" in words for words in decision.because)


def test_a_matter_without_category_goes_to_the_desk_without_a_gap(willow, at):
    decision = duties.decide(None, willow.estate, at)
    assert (decision.lead, decision.line, decision.gap) == (willow.desk, None, "")
    assert decision.due > at


def test_a_place_that_no_desk_serves_is_refused_with_what_to_do(willow, at):
    nowhere = places.plant(Kind.DISTRICT, "西岸区", willow.district.parent, code="990102000000")
    with pytest.raises(Refused, match="服务台"):
        duties.decide(category("lighting.lamp_out"), nowhere, at)


def test_the_record_speaks_chinese_and_the_page_the_readers_language(willow, at):
    with translation.override("en"):
        decision = duties.decide(category("lighting.lamp_out"), willow.lamp, at)
    assert "个工作日" in decision.due_words


def test_deciding_takes_a_constant_number_of_queries(willow, at):
    lamp_out, illegal = category("lighting.lamp_out"), category("appearance.illegal_building")
    counts = []
    for matter, place in ((lamp_out, willow.lamp), (illegal, willow.home)):
        with CaptureQueriesContext(connection) as queries:
            duties.decide(matter, place, at)
        counts.append(len(queries))
    assert max(counts) <= 6


def test_the_default_list_loads_once_and_a_second_run_changes_nothing(willow, at):
    before = (Category.objects.count(), DutyList.objects.count(), DutyLine.objects.count())
    again = duties.load_defaults(willow.district, by=willow.district_officer, at=at)
    assert (Category.objects.count(), DutyList.objects.count(), DutyLine.objects.count()) == before
    assert again.number == 1
    assert not again.is_draft
    assert Category.objects.leaves().count() >= 80


def test_a_district_keeps_what_it_edited_when_defaults_load_again(willow, at):
    Category.objects.filter(code="lighting.lamp_out").update(name="灯坏了")
    duties.load_defaults(willow.district, by=willow.district_officer, at=at)
    assert category("lighting.lamp_out").name == "灯坏了"


def test_a_published_list_never_changes_and_a_draft_is_a_copy_that_does(willow, at):
    by = willow.district_officer
    first = DutyList.objects.in_force(willow.lamp, at)
    line = first.lines.get(number="6.1")
    for refused in (
        lambda: duties.change_line(line, terms(), by=by, at=at),
        lambda: duties.remove_line(line, by=by, at=at),
        lambda: duties.add_line(first, category("lighting.lamp_out"), terms(), by=by, at=at),
        lambda: duties.publish(first, by=by, at=at),
        lambda: duties.discard(first, by=by, at=at),
    ):
        with pytest.raises(Refused, match="已经发布"):
            refused()
    draft = duties.draft(willow.district, by=by, at=at)
    assert duties.draft(willow.district, by=by, at=at) == draft
    assert (draft.number, draft.based_on) == (2, first)
    assert draft.lines.count() == first.lines.count()
    duties.change_line(draft.lines.get(number="6.1"), terms(), by=by, at=at)
    assert first.lines.get(number="6.1").lead == line.lead


def test_a_case_keeps_the_version_it_was_filed_under(willow, at):
    by, later = willow.district_officer, at + timedelta(days=1)
    before = duties.decide(category("noise.neighbour"), willow.home, at)
    draft = duties.draft(willow.district, by=by, at=later)
    duties.change_line(draft.lines.get(category__code="noise.neighbour"), terms(), by=by, at=later)
    duties.publish(draft, note="噪声由街道牵头", by=by, at=later)
    old = duties.decide(category("noise.neighbour"), willow.home, at)
    new = duties.decide(category("noise.neighbour"), willow.home, later)
    assert (old.duty_list, old.line, old.lead) == (before.duty_list, before.line, before.lead)
    assert new.duty_list == draft
    assert new.lead == willow.street_office


def test_history_before_the_first_version_is_judged_by_the_first(willow, at):
    decision = duties.decide(category("lighting.lamp_out"), willow.lamp, at - timedelta(days=2000))
    assert decision.duty_list.number == 1
    assert decision.lead == willow.property


def test_the_list_of_a_community_beats_that_of_its_district(willow, at):
    by = willow.district_officer
    own = duties.draft(willow.community, by=by, at=at)
    assert own.lines.count() > 100  # a copy of the district's
    line = own.lines.get(category__code="lighting.lamp_out", ownership="common")
    duties.change_line(line, terms("community_desk"), ownership="common", by=by, at=at)
    duties.publish(own, by=by, at=at)
    assert duties.decide(category("lighting.lamp_out"), willow.lamp, at).lead == willow.desk


def test_what_a_version_changes_is_said_line_by_line(willow, at):
    by = willow.district_officer
    old = DutyList.objects.in_force(willow.lamp, at)
    new = duties.draft(willow.district, by=by, at=at)
    assert duties.changes(old, new) == []
    line = new.lines.get(category__code="noise.neighbour")
    duties.change_line(line, terms("street_office"), by=by, at=at)
    duties.remove_line(new.lines.get(category__code="water.low_pressure"), by=by, at=at)
    added = duties.add_line(new, category("water.low_pressure"), terms(), place=willow.estate, by=by, at=at)
    found = {
        (change.line.category.code, change.old is None, change.new is None)
        for change in duties.changes(old, new)
    }
    assert found == {
        ("noise.neighbour", False, False),
        ("water.low_pressure", False, True),
        ("water.low_pressure", True, False),
    }
    words = next(c.words for c in duties.changes(old, new) if c.old and c.new)
    assert "主办：社区服务台 → 街道办事处" in words
    assert added.number.startswith("3.")
    low = category("water.low_pressure")
    touching = [change for change in duties.changes(old, new) if change.concerns(low, willow.building)]
    assert len(touching) == 2  # of open work there: the line that goes and the one that comes
    assert [c for c in duties.changes(old, new) if c.concerns(low, willow.elsewhere)] == touching[:1]


def test_a_line_outside_the_list_or_written_twice_is_refused(willow, at):
    by = willow.district_officer
    own = duties.draft(willow.community, by=by, at=at)
    with pytest.raises(Refused, match="范围内"):
        duties.add_line(own, category("house.crack"), terms(), place=willow.elsewhere, by=by, at=at)
    with pytest.raises(Refused, match="直接修改那一条"):
        duties.add_line(own, category("house.crack"), terms(), by=by, at=at)
    with pytest.raises(Refused, match="协办"):
        duties.add_line(
            own, category("house.crack"), terms(assists=["street_office"]), place=willow.estate, by=by, at=at
        )
    with pytest.raises(Refused, match="依据"):
        duties.add_line(own, category("house.crack"), terms(basis=""), place=willow.estate, by=by, at=at)


def test_publishing_is_recorded_publicly_with_a_digest_and_an_empty_list_is_refused(willow, at):
    entry = Entry.objects.filter(type="duties.published").latest("pk")
    assert entry.payload["version"] == 1
    assert len(entry.payload["sha256"]) == 64
    draft = duties.draft(willow.district, by=willow.district_officer, at=at)
    draft.lines.all().delete()
    with pytest.raises(Refused, match="还没有条目"):
        duties.publish(draft, by=willow.district_officer, at=at)


def lists_now(subjects):
    rows = recorded_lists(int(subject.rpartition(":")[2]) for subject in subjects)
    return {f"duties.DutyList:{pk}": {**facts, "ref": ref} for pk, ref, facts in rows}


def test_an_altered_line_of_a_published_list_is_named_by_the_check_of_the_record(willow, at):
    """C24: what was published is compared with its rows; here a limit was stretched behind the actions' back."""
    entry = Entry.objects.filter(type="duties.published").latest("pk")
    comparers = {"duties.DutyList": lists_now}

    def said():
        return [one for one in checking.findings(entry.log, comparers) if entry.ref in one]

    assert said() == []
    line = DutyLine.objects.filter(duty_list=int(entry.subject.rpartition(":")[2]))[0]
    DutyLine.objects.filter(pk=line.pk).update(sign_amount=line.sign_amount + 5)
    (finding,) = said()
    assert "sha256" in finding


def test_a_ruling_on_a_returned_order_becomes_a_precedent_line_once(willow, at):
    by, matter, ruling = willow.qian, category("parking.ground_lock"), "退单裁定 20260309-000001"
    for _again in range(2):
        line = duties.add_precedent(
            matter,
            willow.estate,
            "street_urban_management",
            "柳河街道退单裁定",
            ruling,
            by=by,
            at=at,
        )
    assert line.duty_list.is_draft
    assert line.duty_list.place == willow.district
    assert line.duty_list.lines.filter(category=matter, place=willow.estate).count() == 1
    assert "street_urban_management" not in line.assists
    assert duties.decide(matter, willow.estate, at).lead == willow.property  # a draft decides nothing
    duties.publish(line.duty_list, by=by, at=at)
    after = duties.decide(matter, willow.building, at)
    assert after.lead == willow.urban_management
    assert after.line.source == ruling


def test_a_deadline_that_crosses_an_unknown_year_says_so_until_the_notice_is_imported(willow, at):
    late = at.replace(year=2026, month=12, day=30)
    before = duties.decide(category("house.crack"), willow.estate, late)
    assert not before.is_certain
    assert "2027 年放假安排还没有公布" in before.due_words
    changed = duties.import_holidays(2027, holiday_rows(), "国办发明电〔2026〕7号", by=None, at=at)
    assert changed == 15
    after = duties.decide(category("house.crack"), willow.estate, late)
    assert after.is_certain
    assert after.due > before.due
    from_due = duties.explain(category("house.crack"), willow.estate, late)
    assert from_due.due == after.due


def test_a_changed_holiday_gives_the_sentence_for_open_cases(willow, at):
    """Case 2 of the clock list: recomputed with an event that says so; closed cases keep their result."""
    stages = [("办理", 3, Unit.WORKING_DAY)]
    filed = at.replace(year=2027, month=4, day=30)
    was = due_of_stages(filed, stages, duties.calendar_of(willow.estate))
    duties.import_holidays(2027, holiday_rows(), "国办发明电〔2026〕7号", by=None, at=at)
    now = due_of_stages(filed, stages, duties.calendar_of(willow.estate))
    assert "5月" in moved_words(was.at, now, "2027 年放假安排已公布", None)
    assert moved_words(was.at, now, "2027 年放假安排已公布", at) == ""


def test_importing_holidays_again_changes_nothing_and_a_correction_replaces_the_year(willow, at):
    number = "国办发明电〔2026〕7号"
    assert duties.import_holidays(2027, holiday_rows(), number, by=None, at=at) == 15
    assert duties.import_holidays(2027, holiday_rows(), number, by=None, at=at) == 0
    shorter = holiday_rows(NOTICE.replace("2027-01-01~2027-01-03", "2027-01-01"))
    assert duties.import_holidays(2027, shorter, number, by=None, at=at) == 2
    assert not Holiday.objects.filter(day=date(2027, 1, 3)).exists()
    with pytest.raises(Refused, match="不完整"):
        duties.import_holidays(2027, holiday_rows()[:3], number, by=None, at=at)
    assert Holiday.objects.count() == 13


def test_an_imported_year_replaces_what_the_package_says_of_it(willow, at):
    assert not duties.calendar_of(willow.estate).works_on(date(2026, 2, 17))  # Spring Festival
    days = "2026-01-01,元旦,休\n2026-05-01~2026-05-02,劳动节,休\n2026-10-01~2026-10-03,国庆节,休"
    duties.import_holidays(2026, holiday_rows(days), "测试", by=None, at=at)
    assert duties.calendar_of(willow.estate).works_on(date(2026, 2, 17))


def test_hours_of_the_nearest_place_count_and_urgent_hours_follow_the_setting(willow, at):
    by = willow.district_officer
    duties.set_hours(willow.district, Hours(time(8), time(17), [1, 2, 3, 4, 5]), by=by, at=at)
    duties.set_hours(
        willow.community,
        Hours(
            time(8), time(20), [1, 2, 3, 4, 5, 6, 7], urgent_around_the_clock=False, rests_on_holidays=False
        ),
        by=by,
        at=at,
    )
    assert duties.calendar_of(willow.home).closes == time(20)
    assert duties.calendar_of(willow.elsewhere).closes == time(17)
    night = at.replace(hour=23)
    decision = duties.decide(category("energy.gas_leak"), willow.estate, night)
    assert decision.sign_due == (night + timedelta(days=1)).replace(hour=9)
    with pytest.raises(Refused, match="晚于"):
        duties.set_hours(willow.community, Hours(time(18), time(9), [1]), by=by, at=at)


def test_a_gap_can_be_set_aside_by_hand(willow, at):
    gap = duties.note_gap(duties.decide(category("energy.gas_leak"), willow.estate, at), "cases.Case:9", at)
    assert list(duties.keepers_of(willow.estate, at)) == [willow.district_officer]
    assert duties.close_gap(gap, by=willow.district_officer, at=at).closed_at == at
    assert duties.close_gap(gap, by=willow.district_officer, at=at + timedelta(days=1)).closed_at == at
