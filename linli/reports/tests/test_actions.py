"""Workbooks made into templates, filled from the register, compared, asked for; real rows, through actions only."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.base.errors import Refused
from linli.organisations.rules import Power
from linli.people import actions as people
from linli.people.models import Person, Residency, Tenure
from linli.places import actions as places
from linli.places.models import Kind, Place
from linli.register import actions as register
from linli.register.models import Profile, TagKind
from linli.register.rules import Source as FactSource
from linli.reports import actions, jobs
from linli.reports.actions import Asked, Mapped, Upload
from linli.reports.models import Demand, Filling, Template, Wanted
from linli.reports.rules import Source, Subject, Who, compare
from linli.reports.tests.books import content_of, elders, read
from linli.todos.models import Todo
from linli.trail.models import Look, Seen
from tests.cast import LONG_AGO, MONDAY, Willow

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TODAY = MONDAY.date()
ZHANG = "990101194503070020"


def state(person: Person, by: Person, at: Any = MONDAY, **values: Any) -> None:
    register.state(person, values, source=FactSource.VISIT, by=by, at=at)


@pytest.fixture
def told(willow: Willow) -> Willow:
    """张阿姨's record is whole, 何建军's half, 陈伯's nearly empty."""
    state(willow.zhang, willow.sun, sex="2", birth_date=date(1945, 3, 7), ethnicity="01")
    state(willow.neighbour, willow.sun, sex="1", birth_date=date(1990, 5, 2))
    return willow


def asked(**more: Any) -> Asked:
    fields = {
        "demander": "柳河街道民政科", "basis": "柳民〔2026〕3号", "period": "month", "since": TODAY,
        "until": TODAY + 90 * DAY,
    }  # fmt: skip
    return Asked(**(fields | more))


def made(willow: Willow, book: Any = None, *, subject: str = Subject.PERSON, **more: Any) -> Template:
    upload = Upload("老年人.xlsx", content_of(book or elders()))
    return actions.make(
        "老年人统计", willow.community, subject, upload, asked(**more), by=willow.sun, at=MONDAY
    )


def ready(willow: Willow, who: Who | None = None, book: Any = None, **more: Any) -> Template:
    template = made(willow, book, **more)
    return actions.map_columns(template, [], who or Who(), is_whole=True, by=willow.sun, at=MONDAY)


def fill(willow: Willow, template: Template, **more: Any) -> Filling:
    fields = {"place": willow.community, "on": TODAY, "is_whole": True, "by": willow.sun, "at": MONDAY}
    fields |= more
    return actions.fill(template, fields.pop("place"), fields.pop("on"), **fields)


def test_an_uploaded_workbook_becomes_a_template_with_its_columns_proposed(told: Willow) -> None:
    template = made(told)
    rows = [(c.number, c.source, c.fact) for c in template.columns.all()]
    assert rows == [
        (1, "number", ""), (2, "fact", "name"), (3, "fact", "sex"), (4, "fact", "identity"),
        (5, "fact", "birth_date"), (6, "question", ""), (7, "question", ""), (8, "fact", "address"),
        (9, "fact", "floor_area"), (10, "blank", ""),
    ]  # fmt: skip
    sex, born, area = (template.columns.get(number=n) for n in (3, 5, 9))
    assert (sex.codes["1"], sex.codes["2"]) == ("男性", "女性")
    assert (born.date_format, area.unit) == ("month_words", "hundred")
    assert not template.is_ready
    assert b"PK" not in bytes(template.book_sealed)[:40]


def test_a_workbook_is_filled_for_a_place_and_a_day_and_stays_theirs(told: Willow) -> None:
    """C03: a template maps held facts to a superior's spreadsheet and fills it."""
    filling = fill(told, ready(told))
    book = read(filling.book)
    sheet = book["汇总表"]
    rows = {
        sheet.cell(row, 2).value: [sheet.cell(row, c).value for c in (1, 3, 5, 8, 9)] for row in (6, 7, 8)
    }
    assert set(rows) == {"张秀英", "陈福生", "何建军"}
    assert rows["张秀英"][1:] == ["女性", "1945年3月", "柳树社区杨柳苑3幢502室", 0.896]
    assert sheet["A1"].value == "柳河街道老年人情况统计表"
    assert sheet["I9"].value == "=SUM(I6:I8)"
    assert filling.rows == 3
    assert filling.version == 1
    assert filling.token in sheet.oddFooter.left.text
    assert filling.missing["监护人 / 姓名"] == 3
    assert filling.missing["基本信息 / 性别"] == 1


def test_everyone_in_a_filled_workbook_can_read_who_had_it_filled_and_why(told: Willow) -> None:
    """E of the issue: every person in it is traced, with the demand as the reason."""
    filling = fill(told, ready(told))
    look = Look.objects.get(under=f"reports.Filling:{filling.pk}")
    assert "柳河街道民政科" in look.reason
    assert "柳民〔2026〕3号" in look.reason
    seen = set(Seen.objects.filter(look=look).values_list("subject", flat=True))
    assert seen == {f"people.Person:{p.pk}" for p in (told.zhang, told.chen, told.neighbour)}
    before = Look.objects.count()
    assert actions.hand_out(filling, by=told.sun, at=MONDAY) == filling.book
    assert Look.objects.count() == before + 1


def test_identity_numbers_and_telephones_are_covered_unless_asked_for_whole(told: Willow) -> None:
    state(
        told.zhang,
        told.sun,
        identity_kind="resident",
        identity="11010519491231002X",
        birth_date=date(1949, 12, 31),
    )
    template = ready(told)
    whole = actions.gather(template, told.community, TODAY, is_whole=True).table()["rows"]
    covered = actions.gather(template, told.community, TODAY, is_whole=False).table()["rows"]
    name = f"people.Person:{told.zhang.pk}"
    assert "11010519491231002X" in whole[name]
    assert "1101**********002X" in covered[name]


def test_past_its_end_a_workbook_is_not_filled_without_a_new_basis(told: Willow) -> None:
    template = ready(told, until=TODAY)
    tomorrow = MONDAY + DAY
    with pytest.raises(Refused, match="依据已经到期"):
        fill(told, template, at=tomorrow)
    actions.demand(template, asked(basis="柳民〔2026〕9号", since=tomorrow.date()), by=told.sun, at=tomorrow)
    assert fill(told, template, at=tomorrow).demand.basis == "柳民〔2026〕9号"


def test_facts_are_those_of_the_day_as_far_as_history_goes(told: Willow) -> None:
    later = MONDAY + 10 * DAY
    template = ready(told)
    state(told.neighbour, told.sun, at=later, ethnicity="02", sex="1")
    state(told.zhang, told.sun, at=later, ethnicity="03")
    residency = told.neighbour.residencies.get()
    people.move_out(residency, later.date(), told.sun, later)
    then = actions.gather(template, told.community, TODAY, is_whole=True)
    now = actions.gather(template, told.community, later.date(), is_whole=True)
    assert {row.called for row in then.rows} - {row.called for row in now.rows} == {"何建军"}
    facts = {
        row.called: row.facts
        for row in actions.gather(_with(template, "ethnicity"), told.community, TODAY, is_whole=True).rows
    }
    assert facts["张秀英"]["ethnicity"] == "01"


def _with(template: Template, fact: str) -> Template:
    template.columns.filter(number=10).update(source=Source.FACT, fact=fact)
    return template


def test_only_who_is_meant_is_in_it(told: Willow) -> None:
    register.load_tag_kinds()
    kind = TagKind.objects.get(code="subsistence")
    register.tag(told.zhang, kind, since=LONG_AGO, source=FactSource.PAPER, by=told.sun, at=MONDAY)
    for who, expected in (
        (Who(youngest=60), {"张秀英"}),
        (Who(tags=("subsistence",)), {"张秀英"}),
        (Who(tenures=(Tenure.TENANT,)), {"何建军"}),
        (Who(sex="1"), {"何建军"}),
        (Who(lives_alone=True), set()),
        (Who(youngest=60, sex="1"), set()),
    ):
        template = ready(told, who)
        found = actions.gather(template, told.community, TODAY, is_whole=True)
        assert {row.called for row in found.rows} == expected, who


def test_homes_and_lettings_are_rows_of_their_own_with_the_owner_named(told: Willow) -> None:
    homes = ready(told, subject=Subject.HOME)
    _set(homes, {2: "owner", 3: "tenants"})
    rows = actions.gather(homes, told.community, TODAY, is_whole=True)
    assert [row.name for row in rows.rows] == [f"places.Place:{told.home.pk}"]
    assert (rows.rows[0].facts["owner"], rows.rows[0].facts["tenants"]) == ("张秀英", 1)
    assert set(rows.rows[0].shows) == {told.zhang.pk, told.chen.pk}
    lettings = ready(told, subject=Subject.LETTING)
    _set(lettings, {2: "name", 3: "owner"})
    rows = actions.gather(lettings, told.community, TODAY, is_whole=True)
    assert [row.called for row in rows.rows] == ["何建军"]
    assert rows.rows[0].facts["owner"] == "张秀英"


def _set(template: Template, facts: dict[int, str]) -> None:
    for number, fact in facts.items():
        template.columns.filter(number=number).update(source=Source.FACT, fact=fact)


def test_what_nobody_asked_goes_to_the_grids_list_once_and_the_answer_to_the_register(told: Willow) -> None:
    """G03: one field = one source; what two reports need is asked once."""
    places.lay_grid(told.grid, [told.building], by=told.sun, at=MONDAY)
    filling = fill(told, ready(told))
    asked_for = actions.ask(filling, by=told.sun, at=MONDAY)
    assert asked_for == Wanted.objects.open().count() > 0
    assert actions.ask(filling, by=told.sun, at=MONDAY) == 0
    todo = Todo.objects.open().get(key__startswith="reports.Wanted:")
    assert (todo.organisation, todo.power) == (told.desk, Power.INTAKE)
    wanted = Wanted.objects.get(person=told.chen, fact="sex")
    assert wanted.grid == told.grid
    with pytest.raises(Refused):
        actions.answer(wanted, "雄", by=told.li, at=MONDAY)
    actions.answer(wanted, "男", by=told.li, at=MONDAY)
    assert Profile.objects.get(person=told.chen).sex == "1"
    assert fill(told, filling.template).missing.get("基本信息 / 性别") is None


def test_what_the_register_hears_another_way_leaves_the_list_by_the_clock(told: Willow) -> None:
    """G03: what is known is not asked."""
    places.lay_grid(told.grid, [told.building], by=told.sun, at=MONDAY)
    actions.ask(fill(told, ready(told)), by=told.sun, at=MONDAY)
    Demand.objects.update(until=date(2999, 1, 1))  # the job reads the time itself
    wanted = Wanted.objects.get(person=told.chen, fact="sex")
    assert actions.settle_everywhere(MONDAY) == 0
    state(told.chen, told.li, sex="1")
    jobs.settle()
    wanted.refresh_from_db()
    assert wanted.answered_at is not None
    Wanted.objects.open().exclude(person=told.zhang).delete()
    last = list(Wanted.objects.open())
    Person.objects.filter(pk=told.zhang.pk).update(merged_into=told.neighbour)
    assert actions.settle_everywhere(MONDAY) == len(last)
    assert not Todo.objects.open().filter(key__startswith="reports.Wanted:").exists()


def test_nobody_is_asked_for_a_report_that_nobody_may_demand_any_more(told: Willow) -> None:
    """C03: a template has an end date; past it, what another report wants too is asked for that one alone."""
    ended, lasting = ready(told, until=TODAY), ready(told)
    lasting.columns.exclude(words="基本信息 / 性别").update(source=Source.BLANK, fact="")
    actions.ask(fill(told, ended), by=told.sun, at=MONDAY)
    assert actions.drop_undemanded(told.community, at=MONDAY) == 0
    assert actions.drop_undemanded(told.community, at=MONDAY + DAY) > 0
    assert {(row.fact, row.template_id) for row in Wanted.objects.open()} == {("sex", lasting.pk)}
    assert not Todo.objects.open().filter(key__startswith=f"reports.Wanted:{ended.pk}:").exists()
    actions.retire(lasting, by=told.sun, at=MONDAY + DAY)
    actions.settle_everywhere(MONDAY + DAY)
    assert not Wanted.objects.open().exists()
    renewed = asked(basis="柳民〔2026〕9号", since=TODAY + DAY)
    actions.demand(ended, renewed, by=told.sun, at=MONDAY + DAY)
    assert actions.ask(fill(told, ended, at=MONDAY + DAY), by=told.sun, at=MONDAY + DAY) > 0


def test_whoever_moved_away_is_not_asked_at_the_old_door(told: Willow) -> None:
    actions.ask(fill(told, ready(told)), by=told.sun, at=MONDAY)
    theirs = Wanted.objects.open().filter(person=told.neighbour)
    assert theirs.exists()
    others = Wanted.objects.open().exclude(person=told.neighbour).count()
    people.move_out(told.neighbour.residencies.get(), TODAY, told.sun, MONDAY)
    actions.settle_everywhere(MONDAY)
    assert not theirs.exists()
    assert Wanted.objects.open().count() == others


def test_a_question_the_register_does_not_hold_is_answered_once_and_stays_with_the_report(
    told: Willow,
) -> None:
    template = ready(told)
    filling = fill(told, template)
    actions.ask(filling, by=told.sun, at=MONDAY)
    column = template.columns.get(words="监护人 / 姓名")
    wanted = Wanted.objects.get(person=told.chen, column=column)
    actions.answer(wanted, "=陈小梅", by=told.li, at=MONDAY)
    wanted.refresh_from_db()
    assert wanted.said == "=陈小梅"
    assert "陈小梅".encode() not in bytes(wanted.said_sealed)
    sheet = read(fill(told, template).book)["汇总表"]
    guardians = [sheet.cell(row, 6).value for row in (6, 7, 8)]
    assert guardians.count("'=陈小梅") == 1
    assert sheet["F6"].data_type != "f"


def test_nobody_is_urged_who_would_rather_not_say(told: Willow) -> None:
    filling = fill(told, ready(told))
    actions.ask(filling, by=told.sun, at=MONDAY)
    for wanted in Wanted.objects.open():
        actions.leave(wanted, by=told.li, at=MONDAY)
    assert not Todo.objects.open().filter(key__startswith="reports.Wanted:").exists()
    assert actions.ask(filling, by=told.sun, at=MONDAY) == 0


def test_a_question_for_what_is_held_already_is_refused(told: Willow) -> None:
    """G03: the form builder refuses a field already held."""
    template = made(told)
    with pytest.raises(Refused, match="已经有了") as refused:
        actions.map_columns(
            template, [Mapped(3, Source.QUESTION)], Who(), is_whole=True, by=told.sun, at=MONDAY
        )
    assert "12号" in refused.value.rule
    actions.map_columns(template, [Mapped(6, Source.QUESTION)], Who(), is_whole=True, by=told.sun, at=MONDAY)


def test_a_column_left_out_of_the_mapping_is_not_lost(told: Willow) -> None:
    template = ready(told)
    before = list(template.columns.values_list("number", "source", "fact"))
    actions.map_columns(
        template, [Mapped(10, Source.CONSTANT, constant="已核")], Who(), is_whole=True, by=told.sun, at=MONDAY
    )
    after = list(template.columns.values_list("number", "source", "fact"))
    assert after[:9] == before[:9]
    assert after[9] == (10, Source.CONSTANT, "")


def test_a_demand_whose_fields_are_all_held_is_answered_with_what_is_there(told: Willow) -> None:
    template = ready(told)
    filling = fill(told, template)
    with pytest.raises(Refused, match="还有要去问的列"):
        actions.answer_held(filling.demand, filling, by=told.sun, at=MONDAY)
    mapped = [Mapped(6, Source.BLANK), Mapped(7, Source.BLANK)]
    actions.map_columns(template, mapped, Who(), is_whole=True, by=told.sun, at=MONDAY)
    assert actions.is_all_held(template)
    actions.answer_held(filling.demand, filling, by=told.sun, at=MONDAY)
    demand = Demand.objects.get(pk=filling.demand.pk)
    assert (demand.answer, demand.answered_by) == (filling, told.sun)


def test_versions_are_kept_and_comparable(told: Willow) -> None:
    template = ready(told)
    first = fill(told, template)
    state(told.chen, told.sun, sex="1")
    second = fill(told, template)
    assert (first.version, second.version) == (1, 2)
    old, new = (actions.read_table(row, by=told.sun, at=MONDAY) for row in (first, second))
    found = compare(old["rows"], new["rows"], old["columns"], new["columns"], frozenset(old["numbers"]))
    assert [(c.column, c.before, c.after) for c in found.changes] == [("基本信息 / 性别", "", "男性")]


def test_another_communitys_staff_and_those_without_the_register_fill_nothing(told: Willow) -> None:
    template = ready(told)
    for nobody in (told.stranger, told.li, told.zhang, told.qian):
        with pytest.raises(Refused, match="负责"):
            fill(told, template, by=nobody)
    with pytest.raises(Refused, match="还没到"):
        fill(told, template, on=TODAY + DAY)


def test_a_template_of_one_estate_fills_nothing_outside_it(told: Willow) -> None:
    template = ready(told)
    Template.objects.filter(pk=template.pk).update(place=told.estate)
    with pytest.raises(Refused, match="填不了别处"):
        fill(told, template)
    assert fill(told, template, place=told.building).rows == 3


def test_content_is_purged_in_time_and_counts_stay(told: Willow) -> None:
    filling = fill(told, ready(told))
    assert actions.purge(MONDAY, at=MONDAY + DAY) == 0
    assert actions.purge(MONDAY + DAY, at=MONDAY + DAY) == 1
    filling.refresh_from_db()
    assert (filling.book, filling.rows, len(filling.digest)) == (b"", 3, 64)
    with pytest.raises(Refused, match="已按保存期限清除"):
        actions.hand_out(filling, by=told.sun, at=MONDAY)


def test_six_and_more_ledgers_are_there_for_a_community_and_fill(told: Willow) -> None:
    register.load_tag_kinds()
    kind = TagKind.objects.filter(name__contains="残疾").first()
    assert kind is not None
    register.tag(told.chen, kind, since=LONG_AGO, source=FactSource.PAPER, by=told.sun, at=MONDAY)
    templates = {row.shipped: row for row in actions.ship(told.community, by=told.sun, at=MONDAY)}
    assert len(templates) >= 6
    assert actions.ship(told.community, by=told.sun, at=MONDAY) == []
    rows = {code: fill(told, template, is_whole=False).rows for code, template in templates.items()}
    assert rows == {
        "people": 3, "lettings": 1, "disabled": 1, "allowance": 0, "elders": 1, "elders_80": 1,
        "elders_alone": 0, "hazards": 0,
    }  # fmt: skip


def _many(willow: Willow, count: int) -> None:
    unit = places.plant(Kind.BUILDING, f"{count}号楼", willow.estate)
    rooms = places.plant_many(Kind.HOME, unit, [{"name": f"{n}室"} for n in range(count)])
    for n, home in enumerate(rooms):
        person = people.register(f"居民{n}", f"139{count:04d}{n:04d}", at=MONDAY)
        people.settle(person, home, Tenure.OWNER, LONG_AGO, Residency.Source.IMPORT, at=MONDAY)


def test_filling_costs_as_many_queries_for_many_people_as_for_few(told: Willow) -> None:
    template = ready(told)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            actions.gather(template, told.community, TODAY, is_whole=True)
        return len(caught)

    few = queries()
    _many(told, 30)
    assert queries() == few <= 15


def test_a_stranger_place_shows_nobody(told: Willow) -> None:
    template = ready(told)
    empty = Place.objects.get(pk=told.elsewhere.pk)
    assert actions.gather(template, empty, TODAY, is_whole=True).rows == []
