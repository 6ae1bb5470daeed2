"""Facts, tags, search and corrections, with real rows."""

from datetime import date, timedelta

import pytest

from linli.base.errors import Refused
from linli.people import actions as people
from linli.people.models import PendingNotice, Residency
from linli.places import actions as places
from linli.places.models import Kind
from linli.register import actions
from linli.register.models import Correction, Duplicate, FactChange, PersonWords, Profile, Tag, known
from linli.register.rules import FIELDS, CorrectionKind, CorrectionState, IdentityKind
from linli.register.tests.people_rows import TODAY, kind, number, role_of
from linli.todos.models import Todo
from tests.cast import MONDAY, Willow

LATER = MONDAY + timedelta(days=30)


def say(willow: Willow, values: dict, *, person=None, source="self", at=MONDAY, **more):
    return actions.state(person or willow.zhang, values, source=source, by=willow.sun, at=at, **more)


def test_a_first_value_lives_in_the_row_and_history_starts_with_the_second(willow: Willow) -> None:
    say(willow, {"marriage": "已婚", "workplace": "纺织厂"})
    assert not FactChange.objects.exists()
    profile = say(willow, {"workplace": "超市"}, source="visit", at=LATER)
    change = FactChange.objects.get()
    assert (change.before, change.source, change.stated_on) == ("纺织厂", "self", TODAY)
    assert "纺织厂".encode() not in bytes(change.value_sealed)
    assert change.value == ""
    assert profile.provenance("workplace")["source"] == "visit"
    assert profile.provenance("marriage")["source"] == "self"


def test_the_same_value_again_moves_only_its_confirmed_day(willow: Willow) -> None:
    say(willow, {"marriage": "20", "schooling": "60"})
    profile = say(willow, {"marriage": "已婚"}, source="visit", at=LATER)
    assert profile.confirmed("marriage") == LATER.date()
    assert profile.confirmed("schooling") == TODAY
    assert profile.provenance("marriage")["source"] == "self"
    assert not FactChange.objects.exists()
    say(willow, {"marriage": "已婚"}, at=LATER, stated_on=TODAY)
    assert Profile.objects.get().confirmed("marriage") == LATER.date()


def test_confirming_everything_moves_the_row_and_keeps_it_small(willow: Willow) -> None:
    say(willow, {"marriage": "20", "schooling": "60"})
    moved = actions.confirm(willow.zhang, by=willow.zhang, at=LATER)
    assert set(moved) == {"name", "phone", "marriage", "schooling"}
    profile = Profile.objects.get()
    assert all(profile.confirmed(field) == LATER.date() for field in moved)
    assert "marriage" not in profile.facts
    assert actions.confirm(willow.zhang, by=willow.zhang, at=LATER) == []


def test_sex_and_birth_date_are_read_from_the_number(willow: Willow) -> None:
    profile = say(willow, {"identity": number(date(1956, 4, 2), 12).lower()})
    assert (profile.sex, profile.birth_date) == ("2", date(1956, 4, 2))
    assert profile.provenance("sex")["source"] == "number"
    willow.zhang.refresh_from_db()
    assert willow.zhang.birth_year == 1956
    assert profile.identity not in str(Profile.objects.filter(pk=willow.zhang.pk).values())


def test_a_number_that_contradicts_what_was_said_is_refused_unless_one_is_certain(willow: Willow) -> None:
    say(willow, {"sex": "男"})
    with pytest.raises(Refused, match="身份证号是女，性别写的是男"):
        say(willow, {"identity": number(date(1956, 4, 2), 12)})
    assert not Profile.objects.get().identity
    profile = say(willow, {"identity": number(date(1956, 4, 2), 12)}, is_certain=True)
    assert profile.sex == "1"
    assert profile.identity


def test_all_that_is_wrong_is_said_at_once(willow: Willow) -> None:
    with pytest.raises(Refused) as refused:
        say(willow, {"identity": "123", "birth_date": "1990-06-31", "marriage": "火星"})
    for words in ("18 位", "没有 1990年6月31日", "没有“火星”这一项"):
        assert words in refused.value.reason
    assert not Profile.objects.exists()


def test_a_passport_and_a_baby_without_papers(willow: Willow) -> None:
    profile = say(willow, {"identity_kind": "护照", "identity": "c01x00t47", "nationality": "德国"})
    assert profile.identity == "C01X00T47"
    assert profile.sex == ""
    profile = say(willow, {"identity_kind": IdentityKind.NONE}, person=willow.chen)
    assert profile.identity == ""
    with pytest.raises(Refused, match="18 位"):
        say(willow, {"identity_kind": IdentityKind.RESIDENT})


def test_name_and_telephone_change_where_persons_are_kept_with_history(willow: Willow) -> None:
    say(willow, {"name": "张秀瑛", "phone": "138 0000 0099"}, source="paper", source_words="户口簿")
    willow.zhang.refresh_from_db()
    assert (willow.zhang.name, willow.zhang.phone) == ("张秀瑛", "13800000099")
    assert {change.before for change in FactChange.objects.all()} == {"张秀英", "13800000001"}
    assert not FactChange.objects.filter(value__contains="13800000001").exists()


def test_known_answers_for_many_in_a_constant_number_of_queries(
    willow, django_assert_max_num_queries
) -> None:
    say(willow, {"marriage": "20", "birth_date": "1950-01-02", "health": "62"})
    actions.tag(willow.zhang, kind("disabled"), since=TODAY, source="paper", by=willow.sun, at=MONDAY)
    household = actions.found_household(
        willow.home, willow.zhang, TODAY, by=willow.sun, at=MONDAY, number="H1"
    )
    ids = [person.pk for person in willow.everyone().values()]
    with django_assert_max_num_queries(5):
        found = known(
            ids, [*FIELDS, "home", "building", "tenure", "household", "relation", "tags", "age"], TODAY
        )
    mine = found[willow.zhang.pk]
    assert mine["name"] == "张秀英"
    assert (mine["health"], mine["tags"], mine["age"]) == ("62", ["残疾"], 76)
    assert mine["home"].endswith("502室")
    assert mine["building"].endswith("3幢")
    assert (mine["household"], mine["relation"]) == (household.number, "02")
    assert "marriage" not in found[willow.li.pk]


def test_a_tag_needs_a_kind_with_purpose_and_ends_with_a_reason(willow: Willow) -> None:
    subsistence = kind("subsistence")
    assert actions.load_tag_kinds() == 0
    held = actions.tag(
        willow.chen,
        subsistence,
        since=TODAY,
        source="department",
        by=willow.sun,
        at=MONDAY,
        detail="证 330-7",
    )
    again = actions.tag(willow.chen, subsistence, since=TODAY, source="visit", by=willow.sun, at=LATER)
    assert again.pk == held.pk
    assert again.confirmed_on == LATER.date()
    assert again.detail == "证 330-7"
    assert not held.is_stale(LATER.date())
    assert Tag.objects.get().is_stale(date(2028, 1, 1))
    with pytest.raises(Refused, match="为什么结束"):
        actions.untag(held, because=" ", by=willow.sun, at=LATER)
    actions.untag(held, because="收入增加", by=willow.sun, at=LATER)
    assert not Tag.objects.on(LATER.date()).exists()
    with pytest.raises(Refused, match="用途"):
        actions.add_tag_kind(
            "x", "重点关注", purpose="", legal_basis="某法", sensitivity="sensitive", shelf_life_days=None
        )


def found(willow: Willow, words: str, worker=None) -> set[str]:
    rows = actions.search(words, role_of(worker or willow.sun), MONDAY)
    return {person.name for person in rows}


def test_everybody_is_found_by_name_door_telephone_tag_and_number(willow: Willow) -> None:
    say(willow, {"identity": number(date(1956, 4, 2), 12)})
    rare = people.register("𬱖䶮", "13800007777", MONDAY)
    actions.belong(rare, willow.home, "family", TODAY, by=willow.sun, at=MONDAY)
    actions.tag(willow.chen, kind("lives_alone"), since=TODAY, source="visit", by=willow.sun, at=MONDAY)
    assert actions.index_changed(MONDAY) >= 3
    assert actions.index_changed(MONDAY) == 0
    for words in ("张", "秀英", "张秀英", "英", number(date(1956, 4, 2), 12), "13800000001", "0001"):
        assert found(willow, words) == {"张秀英"}, words
    assert found(willow, "𬱖") == found(willow, "䶮") == found(willow, "7777") == {"𬱖䶮"}
    assert found(willow, "独居老人") == {"陈福生"}
    everybody = {"张秀英", "陈福生", "何建军", "𬱖䶮"}
    for words in ("3幢502", "杨柳苑", "杨柳 502", "杨柳苑3幢502室", "3-502", "第一网格", "柳树社区"):
        assert found(willow, words) == everybody, words
    assert found(willow, willow.home.full_name) == everybody
    assert found(willow, "杨柳苑 张") == found(willow, "柳树社区张秀英") == {"张秀英"}
    assert found(willow, "柳树社区 501") == set()
    assert found(willow, "李明") == set()  # no home of his is known
    assert found(willow, "张三") == set()


def test_nobody_is_found_outside_ones_places(willow: Willow) -> None:
    actions.index_changed(MONDAY)
    assert found(willow, "张秀英", willow.stranger) == set()
    assert found(willow, "13800000001", willow.stranger) == set()
    assert found(willow, "张秀英", willow.zhao) == set()  # the property company keeps no register
    residency = Residency.objects.get(person=willow.zhang)
    people.move_out(residency, TODAY, willow.sun, MONDAY)
    assert found(willow, "张秀英") == set()  # at once, though the words are read again a minute later


def test_the_index_holds_no_name_and_no_telephone(willow: Willow) -> None:
    actions.index_changed(MONDAY)
    words = PersonWords.objects.get(pk=willow.zhang.pk).words
    assert "张" not in words
    assert "0001" not in words.split()


def test_likely_duplicates_are_raised_with_reasons_and_judged_once(willow: Willow) -> None:
    say(willow, {"identity": number(date(1956, 4, 2), 12)})
    other = people.register("张秀瑛", "13800000001", MONDAY)
    actions.belong(other, willow.home, "family", TODAY, by=willow.sun, at=MONDAY)
    say(willow, {"identity": number(date(1956, 4, 2), 12)}, person=other)
    pair = Duplicate.objects.get()
    assert pair.reasons == ["identity", "phone_name"]
    assert pair in Duplicate.objects.open_within(role_of(willow.sun))
    assert pair not in Duplicate.objects.open_within(role_of(willow.stranger))
    assert [row.pk for row in actions.found_duplicates(willow.community, MONDAY)] == [pair.pk]
    actions.dismiss(pair, by=willow.sun, at=MONDAY)
    assert actions.found_duplicates(willow.community, MONDAY) == []
    say(willow, {"name": "张秀英"}, person=other)
    pair.refresh_from_db()
    assert pair.state == "open"
    assert set(pair.reasons) == {"identity", "phone_name", "name_birth", "home_name"}


def test_a_resident_proposes_a_worker_confirms_and_both_are_told(willow: Willow) -> None:
    correction = actions.propose(willow.zhang, {"workplace": "退休"}, by=willow.zhang, at=MONDAY)
    assert actions.propose(willow.zhang, {"workplace": "退休"}, by=willow.zhang, at=MONDAY) == correction
    todo = Todo.objects.get(key=f"register.Correction:{correction.pk}")
    assert todo.organisation == willow.desk
    assert "退休" not in todo.title
    assert "退休".encode() not in bytes(Correction.objects.get().values_sealed)
    with pytest.raises(Refused, match="自己的申请"):
        actions.rule_on_correction(correction, accept=True, by=willow.zhang, at=MONDAY)
    with pytest.raises(Refused, match="写明原因"):
        actions.rule_on_correction(correction, accept=False, by=willow.sun, at=MONDAY)
    actions.rule_on_correction(correction, accept=True, by=willow.sun, at=LATER)
    profile = Profile.objects.get(pk=willow.zhang.pk)
    assert (profile.workplace, profile.provenance("workplace")["source"]) == ("退休", "self")
    todo.refresh_from_db()
    assert todo.closed_at == LATER
    assert PendingNotice.objects.filter(person=willow.zhang, title__contains="已采纳").count() == 1


def test_a_proposal_that_is_plainly_wrong_is_refused_at_once(willow: Willow) -> None:
    with pytest.raises(Refused, match="31日"):
        actions.propose(willow.zhang, {"birth_date": "1956-06-31"}, by=willow.zhang, at=MONDAY)
    with pytest.raises(Refused, match="还没有登记住处"):
        actions.propose(willow.daughter, {"workplace": "厂"}, by=willow.daughter, at=MONDAY)


def test_family_is_added_by_a_proposal(willow: Willow) -> None:
    actions.found_household(willow.home, willow.zhang, TODAY, by=willow.sun, at=MONDAY)
    values = {"name": "张小宝", "relation": "42", "identity_kind": "none"}
    row = actions.propose(willow.zhang, values, by=willow.zhang, at=MONDAY, kind=CorrectionKind.FAMILY)
    actions.rule_on_correction(row, accept=True, by=willow.sun, at=MONDAY)
    added = Profile.objects.get(person__name="张小宝").person
    assert added.home_now(TODAY) == willow.home
    assert added.household_memberships.get().relation == "42"
    assert added.residencies.get().verified_by == willow.sun
    newborn = {"name": "张小贝", "sex": "2", "birth_date": "2026-03-01"}
    row = actions.propose(willow.zhang, newborn, by=willow.zhang, at=MONDAY, kind=CorrectionKind.NEWBORN)
    actions.rule_on_correction(row, accept=True, by=willow.sun, at=MONDAY)
    assert Profile.objects.get(person__name="张小贝").birth_date == date(2026, 3, 1)


def test_a_tag_that_is_contested_ends_when_the_desk_agrees(willow: Willow) -> None:
    held = actions.tag(
        willow.chen, kind("lives_alone"), since=TODAY, source="visit", by=willow.sun, at=MONDAY
    )
    row = actions.propose(
        willow.chen,
        {"tag": held.token},
        by=willow.daughter,
        at=MONDAY,
        kind=CorrectionKind.TAG,
        note="我同住",
    )
    actions.rule_on_correction(row, accept=True, by=willow.sun, at=LATER)
    held.refresh_from_db()
    assert held.until == LATER.date()
    with pytest.raises(Refused, match="已经结束"):
        actions.propose(willow.chen, {"tag": held.token}, by=willow.chen, at=LATER, kind=CorrectionKind.TAG)


def test_a_proposal_can_be_taken_back(willow: Willow) -> None:
    row = actions.propose(willow.zhang, {"workplace": "厂"}, by=willow.zhang, at=MONDAY)
    actions.withdraw_correction(row, by=willow.zhang, at=MONDAY)
    assert (
        actions.rule_on_correction(row, accept=True, by=willow.sun, at=MONDAY).state
        == CorrectionState.WITHDRAWN
    )
    assert not Profile.objects.exists()


def test_a_home_in_another_community_is_found_there_only(willow: Willow) -> None:
    estate = places.plant(Kind.ESTATE, "桃花苑", willow.elsewhere)
    far = places.plant(Kind.HOME, "101室", places.plant(Kind.BUILDING, "1幢", estate))
    actions.belong(willow.zhang, far, "owner", TODAY, by=willow.stranger, at=MONDAY, lives_there=False)
    actions.index_changed(MONDAY)
    assert found(willow, "张秀英", willow.stranger) == {"张秀英"}
    assert found(willow, "桃花苑", willow.stranger) == {"张秀英"}
    assert found(willow, "桃花苑") == set()
