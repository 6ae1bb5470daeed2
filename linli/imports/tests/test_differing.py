"""A later ledger says otherwise of how somebody lives: nothing is passed over in silence, a person decides."""

import re
from datetime import date, timedelta

import pytest

from linli.base.errors import Refused
from linli.imports import actions
from linli.imports.models import Conflict, Run
from linli.imports.tests.rows import (
    BABY,
    HEADINGS,
    LEDGER_DAY,
    OTHER_NUMBER,
    WANG,
    checked,
    loaded,
    mapped,
    received,
    text,
)
from linli.people.models import Person
from linli.register import actions as register
from linli.register.models import HouseholdMember, Profile
from tests.cast import MONDAY, Willow
from tests.signing_in import signed_in

MORE = [*HEADINGS, "户号", "与户主关系", "户口是否在这里", "是否住在这里", "入住日期", "去世日期", "搬离日期"]
LATER = LEDGER_DAY + timedelta(days=5)


def row(base: list[str] = WANG, **changes: str) -> list[str]:
    cells = dict(zip(HEADINGS, base, strict=True)) | changes
    return [cells.get(heading, "") for heading in MORE]


def come(house: Willow, *rows: list[str], on: date = LEDGER_DAY) -> Run:
    return loaded(mapped(received(house, text(rows, MORE), stated_on=on)))


def taken(house: Willow, *rows: list[str]) -> None:
    for conflict in come(house, *rows, on=LATER).conflicts.order_by("pk"):
        actions.decide(conflict, "taken", house.sun, MONDAY)


def broken_reasons(run: Run) -> list[str]:
    return [reason for rows in run.broken_rows.all() for _number, reason, _cells in rows.rows]


HELD = {
    "户号": "1",
    "与户主关系": "户主",
    "户口是否在这里": "否",
    "是否住在这里": "是",
    "入住日期": "2020-01-01",
}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"户口是否在这里": "是"}, "is_registered"),
        ({"是否住在这里": "否"}, "lives_there"),
        ({"入住日期": "2010-05-01"}, "since"),
        ({"与户主关系": "妻"}, "relation"),
        ({"户号": "2", "与户主关系": "子"}, "household"),
    ],
    ids=["is_registered", "lives_there", "since", "relation", "household"],
)
def test_what_differs_in_how_somebody_lives_is_decided(
    willow: Willow, changes: dict[str, str], field: str
) -> None:
    come(willow, row(**HELD))
    run = come(willow, row(**HELD | changes), on=LATER)
    assert (run.counts, [conflict.field for conflict in run.conflicts.all()]) == ({"conflicting": 1}, [field])
    stay = Person.objects.get(name="王小明").residencies.get()
    assert (stay.is_registered, stay.lives_there, stay.since) == (False, True, date(2020, 1, 1))
    actions.decide(run.conflicts.get(), "taken", willow.sun, MONDAY)
    assert come(willow, row(**HELD | changes), on=LATER).counts == {"repeated": 1}


def test_the_page_says_each_difference_in_words(willow: Willow) -> None:
    come(willow, row(**HELD), row(BABY))
    others = {"户口是否在这里": "是", "是否住在这里": "否", "入住日期": "2010-05-01", "户号": "2"}
    run = come(
        willow, row(**others), row(BABY, 去世日期="2026-03-04"), row(**HELD, 居住身份="业主"), on=LATER
    )
    other = come(willow, row(**HELD | {"与户主关系": "妻"}), on=LATER)
    sun = signed_in(willow.sun)
    pages = [sun.get(f"/imports/{which.token}/conflicts/").content.decode() for which in (run, other)]
    found = re.findall(r'<dd lang="zh-Hans">(.*?)</dd>.*?<dd lang="zh-Hans">(.*?)</dd>', "".join(pages))
    assert set(found) == {
        ("否", "是"), ("是", "否"), ("2020-01-01", "2010-05-01"), ("1", "2"), ("—", "2026-03-04"), ("家属", "业主"),
        ("户主", "妻"),
    }  # fmt: skip
    assert pages[0].count("就是登记去世") == 1


def test_what_was_not_known_of_a_residency_is_filled_in(willow: Willow) -> None:
    come(willow, row())
    run = come(willow, row(户口是否在这里="是", 入住日期="2010-05-01"), on=LATER)
    assert (run.counts, run.examples["changed"][0][2]) == ({"changed": 1}, "户口是否在这里、入住日期")
    stay = Person.objects.get(name="王小明").residencies.get()
    assert (stay.is_registered, stay.since) == (True, date(2010, 5, 1))


def test_a_household_changes_its_head_by_decisions(willow: Willow) -> None:
    come(willow, row(户号="1", 与户主关系="户主"), row(BABY, 户号="1", 与户主关系="子"))
    taken(willow, row(BABY, 户号="1", 与户主关系="户主"), row(户号="1", 与户主关系="妻"))
    members = HouseholdMember.objects.filter(until=None).values_list("person__name", "relation")
    assert set(members) == {("王宝", "02"), ("王小明", "12")}
    second = row(姓名="李四", 身份证号=OTHER_NUMBER, 户号="1", 与户主关系="户主")
    assert "已经有户主" in broken_reasons(come(willow, second))[0]


def test_a_death_in_a_ledger_is_no_fact_but_an_act_that_a_person_decides(willow: Willow) -> None:
    come(willow, row())
    run = come(willow, row(去世日期="2026-03-04"), on=LATER)
    wang = Person.objects.get(name="王小明")
    assert (run.counts, wang.closed_at) == ({"conflicting": 1}, None)
    assert Profile.objects.get(pk=wang.pk).died_on is None
    actions.decide(run.conflicts.get(), "taken", willow.sun, MONDAY)
    wang.refresh_from_db()
    assert (wang.closed_at, wang.residencies.get().until) == (MONDAY, date(2026, 3, 4))
    assert Profile.objects.get(pk=wang.pk).died_on == date(2026, 3, 4)
    unknown = row(姓名="李四", 身份证号=OTHER_NUMBER, 去世日期="2026-03-04")
    assert "不再新建档案" in broken_reasons(come(willow, unknown))[0]
    assert "已经去世" in broken_reasons(come(willow, row(室号="502"), on=LATER))[0]
    assert come(willow, row()).counts == {"repeated": 1}
    assert "早于出生日期" in broken_reasons(come(willow, row(去世日期="1949-12-30")))[0]


def test_who_moved_out_by_a_ledger_leaves_the_household_too(willow: Willow) -> None:
    come(willow, row(**HELD))
    taken(willow, row(搬离日期="2026-02-20"))
    wang = Person.objects.get(name="王小明")
    assert wang.residencies.get().until == date(2026, 2, 20)
    assert not HouseholdMember.objects.filter(person=wang, until=None).exists()


def test_an_owner_who_moved_by_a_ledger_stays_the_owner(willow: Willow) -> None:
    come(willow, row(居住身份="业主"))
    conflict = loaded(
        mapped(
            received(willow, text([row(室号="602室", 居住身份="租户")], MORE), stated_on=LATER),
            plants_homes=True,
        )
    ).conflicts.get()
    actions.decide(conflict, "taken", willow.sun, MONDAY)
    held = Person.objects.get(name="王小明").residencies.filter(until=None)
    homes = held.values_list("home__name", "tenure", "lives_there")
    assert set(homes) == {("502室", "owner", False), ("602室", "tenant", True)}


@pytest.mark.parametrize("with_number_first", [True, False])
def test_one_person_once_with_a_number_and_once_without_is_one(
    willow: Willow, *, with_number_first: bool
) -> None:
    rows = [row(), row(身份证号="")]
    run = mapped(received(willow, text(rows if with_number_first else rows[::-1], MORE)))
    run = checked(run)
    assert run.checked == {"new": 1, "again": 1}
    loaded(run)
    assert Profile.objects.get(person__name="王小明").identity == WANG[1]


def test_a_baby_has_a_first_number_and_what_it_contradicts_is_decided(willow: Willow) -> None:
    come(willow, row(BABY, 出生日期="1949-12-31", 性别="男"))
    baby = Person.objects.get(name="王宝")
    register.state(baby, {"identity_kind": "none"}, source="visit", by=willow.sun, at=MONDAY)
    run = come(willow, row(BABY, 身份证号=WANG[1], 性别="", 出生日期=""), on=LATER)
    profile = Profile.objects.get(pk=baby.pk)
    assert (profile.identity, profile.identity_kind) == (WANG[1], "resident")
    conflict = run.conflicts.get()
    assert (conflict.field, conflict.held, conflict.offered) == ("sex", "1", "2")


def test_a_row_that_fits_two_people_changes_neither(willow: Willow) -> None:
    come(willow, row(), row(身份证号=OTHER_NUMBER))
    run = come(willow, row(身份证号="", 联系电话="13900000077"), on=LATER)
    assert run.counts == {"broken": 1}
    assert "分不清是哪一位" in broken_reasons(run)[0]
    assert {person.phone for person in Person.objects.filter(name="王小明")} == {"13900000001"}


def test_a_decision_that_cannot_be_is_refused_and_stays_open(willow: Willow) -> None:
    come(willow, row(**HELD), row(BABY, 户号="2", 与户主关系="户主"))
    conflict = come(willow, row(户号="2", 与户主关系="户主"), on=LATER).conflicts.get()
    with pytest.raises(Refused, match="已有户主"):
        actions.decide(conflict, "taken", willow.sun, MONDAY)
    assert Conflict.objects.get(pk=conflict.pk).decision == "open"
