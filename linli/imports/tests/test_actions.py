"""Ledgers become rows of the register: once, in chunks, and never over what somebody said later."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django_q.models import OrmQ

from linli.base.errors import Refused
from linli.imports import actions
from linli.imports.actions import loading, running
from linli.imports.models import Conflict, Run, State
from linli.imports.rules.columns import REASON
from linli.imports.tests.rows import (
    BABY,
    HEADINGS,
    LEDGER_DAY,
    OTHER_NUMBER,
    WANG,
    checked,
    gone_on,
    load_rows,
    loaded,
    mapped,
    received,
    text,
)
from linli.people.models import Person, Residency
from linli.places.models import Place
from linli.register import actions as register
from linli.register.models import FactChange, Profile
from tests.cast import MONDAY, Willow

LATER = MONDAY + timedelta(days=30)


def other(row: list[str], **changes: str) -> list[str]:
    return [changes.get(heading, cell) for heading, cell in zip(HEADINGS, row, strict=True)]


def whole(run: Run) -> tuple[int, int, int, int]:
    return (
        Person.objects.count(),
        Profile.objects.count(),
        Residency.objects.count(),
        FactChange.objects.count(),
    )


def test_a_ledger_is_checked_without_a_trace_and_then_loaded(willow: Willow) -> None:
    before = Person.objects.count()
    run = checked(mapped(received(willow, text([WANG, BABY]))))
    assert (run.state, run.checked) == (State.CHECKED, {"new": 2})
    assert run.examples["new"] == [["2", "王**", ""], ["3", "王*", ""]]
    assert Person.objects.count() == before
    run = gone_on(actions.load(run, willow.sun, MONDAY))
    assert (run.state, run.counts["new"]) == (State.LOADED, 2)
    wang = Profile.objects.of_identity(WANG[1]).get()
    assert (wang.person.name, wang.person.phone, wang.identity) == ("王小明", "13900000001", WANG[1])
    assert (wang.sex, wang.birth_date, wang.stated_on) == ("2", date(1949, 12, 31), LEDGER_DAY)
    assert (wang.source, wang.source_words, wang.entered_by) == ("import", "派出所人口台账", willow.sun)
    stay = wang.person.residencies.get()
    assert (stay.home, stay.tenure, stay.since, stay.verified_by) == (
        willow.home,
        "family",
        LEDGER_DAY,
        willow.sun,
    )
    baby = Person.objects.get(name="王宝")
    assert baby.residencies.get().home == willow.home
    assert baby.birth_year == 2026


def test_the_same_file_again_changes_nothing_and_a_later_one_moves_only_the_confirmed_day(
    willow: Willow,
) -> None:
    run = load_rows(willow, [WANG, BABY])
    rows = list(Profile.objects.order_by("pk").values())
    count = whole(run)
    again = load_rows(willow, [WANG, BABY])
    assert again.counts["repeated"] == 2
    assert (list(Profile.objects.order_by("pk").values()), whole(again)) == (rows, count)
    load_rows(willow, [WANG, BABY], stated_on=date(2026, 3, 8))
    moved = [row | {"confirmed_on": date(2026, 3, 8)} for row in rows]
    assert list(Profile.objects.order_by("pk").values()) == moved
    assert whole(run) == count
    load_rows(willow, [WANG], stated_on=date(2026, 2, 1))
    assert list(Profile.objects.order_by("pk").values()) == moved


def test_part_of_a_record_repeated_later_confirms_that_part_alone(willow: Willow) -> None:
    load_rows(willow, [WANG])
    part = text([[WANG[0], WANG[1], WANG[4]]], ["姓名", "身份证号", "联系电话"])
    loaded(mapped(received(willow, part, stated_on=date(2026, 3, 8), source="电话回访")))
    profile = Profile.objects.of_identity(WANG[1]).get()
    assert profile.confirmed("phone") == date(2026, 3, 8)
    assert profile.provenance("phone")["stated_on"] == LEDGER_DAY.isoformat()
    load_rows(willow, [other(WANG, 联系电话="")], stated_on=date(2026, 3, 9), source="另一本")
    profile.refresh_from_db()
    assert profile.confirmed("phone") == date(2026, 3, 8)


def test_a_later_ledger_fills_gaps_and_renews_older_ledgers_with_history(willow: Willow) -> None:
    load_rows(willow, [other(WANG, 性别="")])
    more = text([[WANG[0], WANG[1], "13900000099", "本科"]], ["姓名", "身份证号", "联系电话", "文化程度"])
    run = loaded(mapped(received(willow, more, stated_on=date(2026, 3, 5))))
    assert run.counts["changed"] == 1
    profile = Profile.objects.of_identity(WANG[1]).select_related("person").get()
    assert (profile.schooling, profile.person.phone) == ("20", "13900000099")
    old = FactChange.objects.get()
    assert (old.field, old.before, old.stated_on) == ("phone", "13900000001", LEDGER_DAY)
    assert profile.provenance("phone")["stated_on"] == "2026-03-05"


def test_what_the_person_said_is_not_overwritten_but_decided(willow: Willow) -> None:
    load_rows(willow, [WANG])
    wang = Person.objects.get(name="王小明")
    register.state(wang, {"phone": "13911112222"}, source="self", by=wang, at=MONDAY)
    run = load_rows(willow, [other(WANG, 联系电话="13922223333")], stated_on=date(2026, 3, 9))
    assert run.counts["conflicting"] == 1
    conflict = Conflict.objects.get()
    assert (conflict.field, conflict.held, conflict.offered) == ("phone", "13911112222", "13922223333")
    wang.refresh_from_db()
    assert wang.phone == "13911112222"
    assert b"139" not in bytes(conflict.held_sealed) + bytes(conflict.offered_sealed)
    actions.decide(conflict, "kept", willow.sun, MONDAY)
    again = load_rows(
        willow, [other(WANG, 联系电话="13922223333")], stated_on=date(2026, 3, 9), source="又一本"
    )
    assert (again.counts.get("conflicting", 0), Conflict.objects.count()) == (0, 1)
    with pytest.raises(Refused, match="已经决定过"):
        actions.decide(conflict, "taken", willow.sun, MONDAY)


@pytest.mark.parametrize(("decision", "phone"), [("taken", "13922223333"), ("both_wrong", "")])
def test_deciding_takes_the_ledger_or_neither(willow: Willow, decision: str, phone: str) -> None:
    load_rows(willow, [WANG])
    load_rows(
        willow, [other(WANG, 联系电话="13922223333")]
    )  # of the same day: which is right is not for us to say
    conflict = Conflict.objects.get()
    actions.decide(conflict, decision, willow.sun, MONDAY)
    actions.decide(conflict, decision, willow.sun, MONDAY)
    assert Person.objects.get(name="王小明").phone == phone
    assert FactChange.objects.get(field="phone").before == "13900000001"


def test_a_person_in_two_homes_owns_the_second_or_somebody_decides(willow: Willow, at: Any) -> None:
    rows = [WANG, other(WANG, 室号="601室", 居住身份="业主"), other(WANG, 室号="602室", 居住身份="租户")]
    run = load_rows(willow, rows, plants_homes=True)
    wang = Person.objects.get(name="王小明")
    homes = set(wang.residencies.values_list("home__name", flat=True))
    assert homes == {"502室", "601室"}
    conflict = Conflict.objects.get(run=run)
    assert (conflict.field, conflict.held) == ("home", str(willow.home.pk))
    actions.decide(conflict, "taken", willow.sun, at)
    living = wang.residencies.filter(until=None, lives_there=True).values_list("home__name", "tenure")
    assert set(living) == {("602室", "tenant")}


def test_unknown_homes_are_reported_or_planted(willow: Willow) -> None:
    row = other(WANG, 楼栋="9幢", 室号="101")
    run = checked(mapped(received(willow, text([row]))))
    assert run.checked == {"broken": 1}
    assert "没有找到住处" in run.examples["broken"][0][2]
    again = mapped(run, plants_homes=True)
    run = loaded(again)
    assert (run.counts["planted"], run.counts["new"]) == (2, 1)
    home = Place.objects.get(name="101室")
    assert (home.full_name, home.community) == ("柳树社区 · 杨柳苑 · 9幢 · 101室", willow.community)
    assert home.path.startswith(willow.estate.path)


def test_a_bad_row_never_loses_a_good_one_and_can_be_mended(willow: Willow) -> None:
    bad = other(WANG, 姓名="李四", 身份证号="110105194912310022", 室号="－502室")
    run = load_rows(willow, [bad, WANG, other(BABY, 出生日期="2026年6月31日"), ["=cmd|' /C calc'!A0"]])
    assert (run.counts["new"], run.counts["broken"]) == (1, 3)
    mended = b"".join(actions.error_file(run, "csv")).decode("utf-8-sig")
    assert mended.splitlines()[0] == ",".join([*HEADINGS, REASON])
    assert "校验码" in mended
    assert "没有 2026年6月31日 这一天" in mended
    assert "'=cmd" in mended
    good = mended.replace("110105194912310022", OTHER_NUMBER).replace("=cmd|' /C calc'!A0", "")
    assert "'－502室" in good
    second = loaded(mapped(received(willow, good.encode(), name="改好.csv"), plants_homes=True))
    assert Profile.objects.of_identity(OTHER_NUMBER).get().person.name == "李四"
    assert Place.objects.filter(name="-502室").exists()
    assert second.counts["new"] == 1


def test_a_killed_worker_loses_and_doubles_nothing(willow: Willow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "CHUNK", 1)
    run = checked(mapped(received(willow, text([WANG, BABY, other(BABY, 姓名="王贝")]))))
    run = actions.load(run, willow.sun, MONDAY)
    add, calls = loading.people.add_stays, []

    def dies_once(*args: Any) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        add(*args)

    monkeypatch.setattr(loading.people, "add_stays", dies_once)
    with pytest.raises(KeyboardInterrupt):
        gone_on(run)
    run.refresh_from_db()
    assert (run.state, run.done, run.counts["new"]) == (State.LOADING, 2, 1)
    assert not Person.objects.filter(name="王宝").exists()
    OrmQ.objects.all().delete()
    assert actions.wake(MONDAY) == 0
    assert actions.wake(MONDAY + timedelta(minutes=9)) == 1
    assert OrmQ.objects.count() == 1
    run = gone_on(run)
    assert (run.state, run.counts["new"]) == (State.LOADED, 3)
    assert Person.objects.filter(name__startswith="王").count() == 4  # 王主任 was there


def test_jobs_and_slices_go_on_where_they_stopped(willow: Willow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "CHUNK", 1)
    run = actions.check(mapped(received(willow, text([WANG, BABY, WANG]))), willow.sun, MONDAY)
    payloads = [str(job.task) for job in OrmQ.objects.all()]
    assert run.token in payloads[-1]
    assert WANG[1] not in str(payloads)
    assert "王" not in str(payloads)
    for done in (2, 3, 4):
        step = actions.go_on(run.token, lambda: MONDAY, seconds=-1)
        assert step is not None
        assert step.done == done
    run = gone_on(run)
    assert run.checked == {"new": 2, "again": 1}
    assert actions.go_on(run.token, lambda: MONDAY) is None


def test_the_same_file_by_two_people_is_told_and_not_loaded_at_once(willow: Willow) -> None:
    first = checked(mapped(received(willow, text([WANG]))))
    second = checked(mapped(received(willow, text([WANG]), name="另存.csv", by=willow.wang)))
    assert actions.same_file(second) == first
    actions.load(first, willow.sun, MONDAY)
    with pytest.raises(Refused, match="正在由另一次导入处理"):
        actions.load(second, willow.wang, MONDAY)
    gone_on(first)
    assert loaded(second).counts == {"repeated": 1}


def test_a_stopped_load_can_go_on(willow: Willow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "CHUNK", 1)
    run = actions.load(checked(mapped(received(willow, text([WANG, BABY])))), willow.sun, MONDAY)
    actions.go_on(run.token, lambda: MONDAY, seconds=-1)
    run = actions.stop(run, willow.sun, MONDAY)
    assert actions.go_on(run.token, lambda: MONDAY) is None
    run = gone_on(actions.load(run, willow.sun, MONDAY))
    assert (run.state, run.counts["new"]) == (State.LOADED, 2)


def test_a_mapping_that_loses_a_column_is_told_before_anything_is_loaded(willow: Willow) -> None:
    run = received(willow, text([[*WANG, "七"]], [*HEADINGS, "网格"]))
    with pytest.raises(Refused, match="这些列还没有去处：网格"):
        actions.map_columns(run, run.mapping, "auto", plants_homes=False, by=willow.sun, at=MONDAY)
    mapped(run)
    assert received(willow, text([WANG]), name="下一本.csv").mapping["身份证号"] == "identity"
    assert received(willow, text([[*WANG, "七"]], [*HEADINGS, "网格"])).mapping["网格"] == "-"


def test_files_lie_sealed_and_go_when_their_time_is_over(
    willow: Willow, uploads: Path, django_capture_on_commit_callbacks: Any
) -> None:
    run = load_rows(willow, [WANG, other(WANG, 姓名="", 身份证号="110105194912310022")])
    lying = b"".join(path.read_bytes() for path in uploads.iterdir())
    assert lying
    assert WANG[1].encode() not in lying
    assert "王小明".encode() not in lying
    assert WANG[1].encode() not in bytes(run.broken_rows.get().rows_sealed)
    assert actions.purge(MONDAY + timedelta(days=6)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.purge(MONDAY + timedelta(days=8)) == 1
    assert not list(uploads.iterdir())
    assert run.broken_rows.exists()
    actions.purge(MONDAY + timedelta(days=31))
    assert not run.broken_rows.exists()
    run.refresh_from_db()
    with pytest.raises(Refused, match="按期删除"):
        actions.samples_of(run)


def test_somebody_of_another_community_is_neither_compared_nor_shown(willow: Willow) -> None:
    load_rows(willow, [WANG])
    elsewhere = text(
        [other(WANG, 联系电话="13933334444", 小区="桃花源", 楼栋="1幢", 室号="101", 居住身份="租户")]
    )
    source = actions.source_of(willow.elsewhere, "桃园台账", willow.stranger, MONDAY)
    file = actions.new_file_name()
    size = running.files.keep(file, [elsewhere])
    run = actions.receive(source, file, "a.csv", size, stated_on=LEDGER_DAY, by=willow.stranger, at=MONDAY)
    run = loaded(mapped(run, plants_homes=True))
    conflict = Conflict.objects.get(run=run)
    assert (conflict.field, conflict.is_elsewhere) == ("home", True)
    assert Person.objects.get(name="王小明").phone == "13900000001"
