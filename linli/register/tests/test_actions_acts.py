"""Moves, births, deaths, lettings, sales and merges: each one act, told beforehand and taken back exactly."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as tuned
from hypothesis import strategies as st

from linli.base.errors import Refused
from linli.people import actions as people
from linli.people.models import Account, PendingNotice, Person, Proxy, Residency
from linli.places import actions as places
from linli.places.models import Kind, Place
from linli.register import actions
from linli.register.actions import Newborn
from linli.register.actions.merging import OWN, references
from linli.register.actions.undoing import columns_of, rows_about
from linli.register.models import Event, FactChange, HouseholdMember, Merge, Profile, Tag
from linli.register.tests.people_rows import TODAY, kind, number, report
from linli.trail import actions as trail
from linli.trail.models import subjects_of
from tests.cast import MONDAY, Willow

Case: Any = apps.get_model("cases.Case")  # a neighbour on this floor, reached as the merge reaches it
EARLIER = TODAY - timedelta(days=10)


@pytest.fixture
def upstairs(willow: Willow) -> Place:
    return places.plant(Kind.HOME, "602室", willow.building)


def lives(person: Person) -> list[tuple[str, str, bool]]:
    rows = Residency.objects.on(TODAY).filter(person=person).select_related("home").order_by("home__name")
    return [(row.home.name, row.tenure, row.lives_there) for row in rows]


def test_a_household_moves_whole_and_its_owner_goes_on_owning(willow: Willow, upstairs: Place) -> None:
    household = actions.found_household(
        willow.home, willow.zhang, EARLIER, by=willow.sun, at=MONDAY, number="H1"
    )
    actions.join(household, willow.chen, "10", EARLIER, by=willow.sun, at=MONDAY)
    event = actions.move([willow.zhang, willow.chen], upstairs, "tenant", report(willow.sun))
    assert event.kind == "move"
    assert lives(willow.zhang) == [("502室", "owner", False), ("602室", "tenant", True)]
    members = HouseholdMember.objects.filter(until=None, household__home=upstairs)
    assert {(row.person.name, row.relation) for row in members} == {("张秀英", "02"), ("陈福生", "10")}
    assert members[0].household.number == "H1"
    assert lives(willow.neighbour) == [("502室", "tenant", True)]
    assert PendingNotice.objects.filter(person=willow.zhang, key=f"register-event:{event.token}").exists()


def test_a_move_is_told_beforehand_and_leaves_nothing(willow: Willow, upstairs: Place) -> None:
    before = rows_about([willow.zhang.pk])
    told = actions.tried_out(
        lambda: actions.effects(
            actions.move([willow.zhang], upstairs, "tenant", report(willow.sun)).undo, [willow.community]
        )
    )
    assert any("不再登记在" in line for line in told)
    assert any("602室（租户）" in line for line in told)
    assert rows_about([willow.zhang.pk]) == before
    assert not Event.objects.exists()


def test_every_act_is_taken_back_exactly(willow: Willow, upstairs: Place) -> None:
    actions.tag(willow.chen, kind("lives_alone"), since=EARLIER, source="visit", by=willow.sun, at=MONDAY)
    people.grant_proxy(willow.chen, willow.daughter, "everything", by=willow.chen, at=MONDAY)
    people.issue_paper_code(willow.chen, by=willow.sun, at=MONDAY)
    ids = [willow.zhang.pk, willow.chen.pk, willow.neighbour.pk, willow.daughter.pk]
    acts = [
        lambda: actions.move([willow.zhang], upstairs, "tenant", report(willow.sun)),
        lambda: actions.move_out([willow.neighbour], report(willow.sun)),
        lambda: actions.birth([willow.zhang], Newborn("张小宝", "1"), report(willow.sun)),
        lambda: actions.death(willow.chen, report(willow.sun)),
        lambda: actions.letting(upstairs, [willow.daughter], report(willow.sun)),
        lambda: actions.end_letting(willow.home, [], report(willow.sun)),
        lambda: actions.sale(willow.home, [willow.daughter], report(willow.sun)),
    ]
    for act in acts:
        before = rows_about(ids, [willow.home.pk, upstairs.pk])
        event = act()
        assert rows_about(ids, [willow.home.pk, upstairs.pk]) != before
        actions.undo_event(event, because="登记错了", by=willow.sun, at=MONDAY)
        assert rows_about(ids, [willow.home.pk, upstairs.pk]) == before, event.kind
        assert actions.undo_event(event, because="再撤", by=willow.sun, at=MONDAY).undone_at == MONDAY


def test_what_changed_since_is_not_overwritten_by_an_undo(willow: Willow, upstairs: Place) -> None:
    event = actions.move([willow.neighbour], upstairs, "tenant", report(willow.sun, EARLIER))
    row = Residency.objects.get(person=willow.neighbour, home=upstairs)
    people.move_out(row, TODAY, willow.sun, MONDAY)
    row = Residency.objects.get(person=willow.neighbour, home=willow.home)
    Residency.objects.filter(pk=row.pk).update(until=TODAY)
    with pytest.raises(Refused, match="之后资料又改过"):
        actions.undo_event(event, because="错了", by=willow.sun, at=MONDAY)


def test_a_baby_without_a_number_lives_with_its_parents(willow: Willow) -> None:
    actions.found_household(willow.home, willow.zhang, EARLIER, by=willow.sun, at=MONDAY)
    event = actions.birth([willow.zhang], Newborn("张小宝", "2"), report(willow.sun, EARLIER))
    child = Profile.objects.get(person__name="张小宝")
    assert (child.identity_kind, child.identity, child.birth_date) == ("none", "", EARLIER)
    assert lives(child.person) == [("502室", "family", True)]
    assert child.person.household_memberships.get().relation == "30"
    assert child.person in event.persons.all()
    with pytest.raises(Refused, match="已经登记过"):
        actions.birth([willow.zhang], Newborn("张小宝", "2"), report(willow.sun, EARLIER))
    with pytest.raises(Refused, match="不能晚于今天"):
        actions.birth([willow.zhang], Newborn("张小贝", "2"), report(willow.sun, TODAY + timedelta(days=1)))


def test_a_death_ends_all_that_it_must_and_nobody_is_told_under_that_name(willow: Willow) -> None:
    proxy = people.grant_proxy(willow.chen, willow.daughter, "everything", by=willow.chen, at=MONDAY)
    people.issue_paper_code(willow.chen, by=willow.sun, at=MONDAY)
    actions.tag(willow.chen, kind("lives_alone"), since=EARLIER, source="visit", by=willow.sun, at=MONDAY)
    told = PendingNotice.objects.filter(person=willow.chen).count()
    with pytest.raises(Refused, match="证明"):
        actions.death(willow.chen, report(willow.sun, paper=""))
    event = actions.death(willow.chen, report(willow.sun, EARLIER))
    assert not Residency.objects.filter(person=willow.chen, until=None).exists()
    assert not Tag.objects.filter(person=willow.chen, until=None).exists()
    proxy.refresh_from_db()
    assert proxy.revoked_at == MONDAY
    assert not Account.objects.filter(persons=willow.chen, is_active=True).exists()
    assert Profile.objects.get(pk=willow.chen.pk).died_on == EARLIER
    assert PendingNotice.objects.filter(person=willow.chen).count() == told
    people.notify(Person.objects.get(pk=willow.chen.pk), "x", "x", "x", "", MONDAY)
    assert PendingNotice.objects.filter(person=willow.chen).count() == told
    assert event.paper == "证-7"
    with pytest.raises(Refused, match="已经登记过去世"):
        actions.death(willow.chen, report(willow.sun))


def test_a_letting_moves_the_owner_out_and_ends_again(willow: Willow, upstairs: Place) -> None:
    actions.letting(willow.home, [willow.daughter], report(willow.sun, EARLIER))
    assert lives(willow.zhang) == [("502室", "owner", False)]
    assert lives(willow.daughter) == [("502室", "tenant", True)]
    with pytest.raises(Refused, match="不用租自己"):
        actions.letting(willow.home, [willow.zhang], report(willow.sun))
    actions.end_letting(willow.home, [willow.daughter], report(willow.sun))
    assert lives(willow.daughter) == []
    assert lives(willow.neighbour) == [("502室", "tenant", True)]
    with pytest.raises(Refused, match="没有登记租户"):
        actions.end_letting(upstairs, [], report(willow.sun))


def test_a_sale_changes_the_owners_and_the_tenants_stay(willow: Willow) -> None:
    with pytest.raises(Refused, match="编号"):
        actions.sale(willow.home, [willow.daughter], report(willow.sun, paper=""))
    actions.sale(willow.home, [willow.daughter], report(willow.sun))
    assert lives(willow.zhang) == lives(willow.chen) == []
    assert lives(willow.daughter) == [("502室", "owner", False)]
    assert lives(willow.neighbour) == [("502室", "tenant", True)]
    actions.sale(willow.home, [willow.neighbour], report(willow.sun))
    assert lives(willow.neighbour) == [("502室", "owner", True)]


def test_two_homes_are_normal_and_living_in_both_is_asked(willow: Willow, upstairs: Place) -> None:
    actions.belong(willow.zhang, upstairs, "owner", TODAY, by=willow.sun, at=MONDAY, lives_there=False)
    assert len(lives(willow.zhang)) == 2
    with pytest.raises(Refused, match=r"登记的是住在本社区的另一户.*两处都住"):
        actions.belong(willow.chen, upstairs, "family", TODAY, by=willow.sun, at=MONDAY)
    actions.belong(willow.chen, upstairs, "family", TODAY, by=willow.sun, at=MONDAY, in_both=True)
    assert [there for _home, _tenure, there in lives(willow.chen)] == [True, True]


def test_a_household_has_one_head_and_a_person_one_household(willow: Willow) -> None:
    household = actions.found_household(willow.home, willow.zhang, EARLIER, by=willow.sun, at=MONDAY)
    with pytest.raises(Refused, match="已有户主"):
        actions.join(household, willow.chen, "02", EARLIER, by=willow.sun, at=MONDAY)
    actions.join(household, willow.chen, "10", EARLIER, by=willow.sun, at=MONDAY)
    actions.change_head(household, willow.chen, relation_before="10", by=willow.sun, at=MONDAY)
    relations = dict(household.members.filter(until=None).values_list("person", "relation"))
    assert relations == {willow.chen.pk: "02", willow.zhang.pk: "10"}
    other = actions.found_household(willow.home, willow.neighbour, EARLIER, by=willow.sun, at=MONDAY)
    actions.join(other, willow.zhang, "99", TODAY, by=willow.sun, at=MONDAY)
    assert HouseholdMember.objects.filter(person=willow.zhang, until=None).get().household == other
    actions.leave(willow.chen, TODAY, by=willow.sun, at=MONDAY)
    household.refresh_from_db()
    assert household.until == TODAY


def twin(willow: Willow) -> Person:
    return people.register("张秀瑛", "13800000055", MONDAY)


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Read every row that names a person, in every domain, but what the merge keeps for itself."""
    models = {model for model, _column in references()} | {Person, Profile}
    return {
        model._meta.label: sorted(
            (
                str(row.pk),
                *sorted((name, str(value)) for name, value in columns_of(row).items() if name != "undo"),
            )
            for row in model._default_manager.all()
        )
        for model in models
        if model not in OWN or model is Profile
    }


def test_a_merge_moves_what_points_to_a_person_in_every_domain_and_back(
    willow: Willow, upstairs: Place
) -> None:
    other = twin(willow)
    people.settle(other, willow.home, "owner", TODAY, "self", MONDAY)
    people.settle(other, upstairs, "tenant", TODAY, "self", MONDAY)
    account = people.open_phone_account(other, MONDAY)
    account.persons.add(willow.zhang)
    people.open_phone_account(willow.zhang, MONDAY)
    people.grant_proxy(willow.zhang, willow.daughter, "cases", by=willow.zhang, at=MONDAY)
    people.grant_proxy(other, willow.daughter, "everything", by=other, at=MONDAY)
    people.grant_proxy(willow.chen, other, "everything", by=willow.chen, at=MONDAY)
    actions.tag(other, kind("party_member"), since=TODAY, source="paper", by=willow.sun, at=MONDAY)
    actions.state(other, {"identity": number(date(1956, 4, 2), 12)}, source="paper", by=willow.sun, at=MONDAY)
    actions.state(other, {"marriage": "20", "workplace": "厂"}, source="self", by=willow.sun, at=MONDAY)
    actions.state(willow.zhang, {"marriage": "30"}, source="visit", by=willow.sun, at=MONDAY)
    spoken = Case.objects.create(
        number="20260309-000001", matter="complaint", channel="page", title="灯", text="灯不亮", reporter=other,
        filed_at=MONDAY, clock_from=MONDAY, place=willow.lamp, community=willow.community,
    )  # fmt: skip
    trail.looked(other.subject, willow.li.subject, "李* · 居委会", "姓名", "走访", MONDAY)
    before = everything()
    told = set(PendingNotice.objects.values_list("pk", flat=True))
    merged = actions.merge(willow.zhang, other, by=willow.sun, at=MONDAY)
    other.refresh_from_db()
    assert other.merged_into == willow.zhang
    assert Case.objects.get(pk=spoken.pk).reporter == willow.zhang
    assert {row.home.name for row in Residency.objects.on(TODAY).filter(person=willow.zhang)} == {
        "502室",
        "602室",
    }
    assert not Residency.objects.on(TODAY).filter(person=other).exists()
    assert not Proxy.objects.in_force(MONDAY).filter(principal=other).exists()
    assert Proxy.objects.in_force(MONDAY).filter(agent=willow.zhang, principal=willow.chen).exists()
    assert set(account.persons.all()) == {willow.zhang}
    assert list(Person.objects.of_phone("13800000055")) == []
    profile = Profile.objects.get(pk=willow.zhang.pk)
    assert profile.identity == number(date(1956, 4, 2), 12)
    assert profile.provenance("identity")["source"] == "paper"
    assert profile.marriage == "30"
    assert willow.zhang.fact_changes.get(field="marriage").before == "20"
    assert list(Profile.objects.of_identity(profile.identity)) == [profile]
    assert other.subject in subjects_of(willow.zhang.subject)
    with pytest.raises(Refused, match="已经合并过"):
        actions.merge(willow.zhang, other, by=willow.sun, at=MONDAY)
    actions.unmerge(merged, by=willow.sun, at=MONDAY)
    PendingNotice.objects.exclude(pk__in=told).delete()
    assert everything() == before
    assert other.subject not in subjects_of(willow.zhang.subject)
    assert Case.objects.get(pk=spoken.pk).reporter == other


@tuned(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    keep=st.fixed_dictionaries(
        {}, optional={"marriage": st.sampled_from(["20", "30"]), "workplace": st.just("甲厂")}
    ),
    drop=st.fixed_dictionaries(
        {},
        optional={
            "marriage": st.sampled_from(["20", "40"]),
            "workplace": st.sampled_from(["甲厂", "乙厂"]),
            "schooling": st.just("60"),
            "health": st.just("62"),
        },
    ),
    shared=st.sets(st.sampled_from(["home", "upstairs", "tag", "account"])),
)
def test_unmerging_is_the_identity(
    willow: Willow, upstairs: Place, keep: Any, drop: Any, shared: set[str]
) -> None:
    one = Person.objects.create(name="甲", created_at=MONDAY)
    other = Person.objects.create(name="", created_at=MONDAY, birth_year=1950)
    for person, facts in ((one, keep), (other, drop)):
        if facts:
            actions.state(person, facts, source="self", by=willow.sun, at=MONDAY)
        if "home" in shared or person is other:
            people.settle(person, willow.home, "owner", TODAY, "self", MONDAY)
        if "upstairs" in shared:
            people.settle(person, upstairs, "owner", TODAY, "self", MONDAY)
        if "tag" in shared:
            actions.tag(person, kind("veteran"), since=TODAY, source="self", by=willow.sun, at=MONDAY)
        if "account" in shared:
            people.issue_paper_code(person, by=willow.sun, at=MONDAY)
    before = everything()
    told = set(PendingNotice.objects.values_list("pk", flat=True))
    actions.unmerge(actions.merge(one, other, by=willow.sun, at=MONDAY), by=willow.sun, at=MONDAY)
    PendingNotice.objects.exclude(pk__in=told).delete()
    assert everything() == before


def test_a_merge_taken_apart_leaves_nothing_of_the_other_in_the_history(willow: Willow) -> None:
    other = people.register("陈福生", "13800009999", MONDAY)
    theirs, own = number(date(1945, 1, 1)), number(date(1945, 1, 1), 13)
    for who, values in ((other, {"identity": theirs}), (willow.chen, {"workplace": "甲厂"})):
        actions.state(who, values, source="visit", by=willow.sun, at=MONDAY)
    merged = actions.merge(willow.chen, other, by=willow.sun, at=MONDAY)
    later = {"identity": own, "phone": "13911110000", "workplace": "丁厂"}
    actions.state(willow.chen, later, source="self", by=willow.sun, at=MONDAY + timedelta(hours=1))
    changes = FactChange.objects.filter(person=willow.chen)
    assert {change.before for change in changes} == {theirs, "13800009999", "甲厂"}
    actions.unmerge(merged, by=willow.sun, at=MONDAY + timedelta(hours=2))
    assert [change.before for change in changes.all()] == ["甲厂"]
    assert Profile.objects.of_identity(theirs).get().person == other
    assert Profile.objects.of_identity(own).get().person == willow.chen


def test_cases_follow_the_survivor(willow: Willow) -> None:
    other = twin(willow)
    columns = {(model, column) for model, column in references()}
    assert (Case, "reporter_id") in columns
    assert (Account.persons.through, "person_id") in columns
    assert not any(model is Merge for model, _column in columns)
    people.settle(other, willow.home, "family", TODAY, "self", MONDAY)
    merged = actions.merge(willow.zhang, other, by=willow.sun, at=MONDAY)
    assert merged.undo["ended"]["people.residency"]
    with pytest.raises(Refused, match="自己的档案"):
        actions.merge(willow.li, willow.wang, by=willow.wang, at=MONDAY)


def test_columns_that_name_a_person_as_text_exist() -> None:
    for label, column in settings.PERSON_NAMED_IN:
        assert apps.get_model(label)._meta.get_field(column)
