"""Who asks to be forgotten is, in every domain, and what the law or another's side needs stays with its reason."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps

from linli.lettings.actions import run_clocks
from linli.lettings.models import Newcomer, Offer
from linli.organisations import actions as organisations
from linli.organisations.models import AssistedSession, Membership
from linli.organisations.rules import Role
from linli.people import actions as people
from linli.people.models import Account, Person, Proxy, Residency, Tenure
from linli.places import actions as places
from linli.places.models import Kind
from linli.privacy import actions, told
from linli.privacy.models import BreakGlass, Consent
from linli.privacy.models.catalogue import _shipped
from linli.register import actions as register
from linli.register.actions import Report
from linli.register.models import Correction, Event, FactChange, Merge, PersonWords, Profile, Tag
from linli.register.rules import Sensitivity, Source
from linli.trail import actions as trail
from linli.trail.models import Look, Seen
from tests.cast import LONG_AGO, MONDAY, Willow

DAY = timedelta(days=1)
NUMBER = "11010519491231002X"
ABOUT = (Profile, FactChange, Tag, Correction, PersonWords, Merge)


@pytest.fixture
def officer(willow: Willow) -> Person:
    who = people.register("卫数据", "", at=MONDAY)
    body, place = willow.district_centre, willow.district
    organisations.appoint(who, body, Role.DATA_OFFICER, place, LONG_AGO, by=None, at=MONDAY)
    return who


def outside(willow: Willow) -> Membership:
    return Membership.objects.get(person=willow.stranger)


def state(willow: Willow, person: Person, **values: Any) -> None:
    register.state(person, values, source=Source.PAPER, by=willow.sun, at=MONDAY)


def lived(willow: Willow) -> Person:
    """何建军 of the register: facts and history, a tag, a second record merged into his, a move, and then gone."""
    person = willow.neighbour
    state(willow, person, identity_kind="resident", identity=NUMBER, sex="2", workplace="东风纺织厂")
    state(willow, person, workplace="望江造船厂")
    kind = register.add_tag_kind(
        "care", "上门关怀", purpose="关怀", legal_basis="本人同意", sensitivity=Sensitivity.SENSITIVE,
        shelf_life_days=None,
    )  # fmt: skip
    register.tag(person, kind, since=LONG_AGO, source=Source.VISIT, by=willow.sun, at=MONDAY, detail="二级")
    twice = people.register("何建钧", "13900000077", at=MONDAY)
    state(willow, twice, registered_at="江南省望江市某路")
    register.merge(person, twice, by=willow.sun, at=MONDAY)
    upstairs = places.plant(Kind.HOME, "602室", willow.building)
    report = Report(MONDAY.date(), Source.PAPER, willow.sun, MONDAY)
    register.move([person, willow.zhang], upstairs, Tenure.TENANT, report)
    register.move_out([person], Report(MONDAY.date() + DAY, Source.PAPER, willow.sun, MONDAY + DAY))
    for row in person.residencies.filter(until=None):
        people.move_out(row, MONDAY.date() + DAY, willow.sun, MONDAY + DAY)
    return person


def test_nothing_of_the_register_is_left_of_somebody_who_moved_away_and_asks(
    willow: Willow, officer: Person
) -> None:
    person = lived(willow)
    ids = [person.pk, Person.objects.get(merged_into=person).pk]
    done = actions.erase(person, by=officer, at=MONDAY + 2 * DAY)
    for model in ABOUT:
        column = "kept" if model is Merge else "person"
        assert not model._default_manager.filter(**{f"{column}__in": ids}).exists(), model
    assert set(Person.objects.filter(pk__in=ids).values_list("name", flat=True)) == {""}
    shared = Event.objects.get(persons=willow.zhang)
    assert (shared.undo, list(shared.persons.all())) == ({}, [willow.zhang])
    everything = json.dumps(
        [str(list(model._default_manager.values())) for model in apps.get_app_config("register").get_models()]
    )
    assert not [word for word in ("何建", "造船厂", "纺织厂", str(NUMBER)) if word in everything]
    assert [part.stays for part in done if "报表" in str(part.title)] != [""]


def test_a_worker_of_before_leaves_no_account_behind(willow: Willow, officer: Person) -> None:
    people.open_staff_account(willow.stranger, "jiangli", None, MONDAY)
    organisations.dismiss(outside(willow), MONDAY.date(), None, MONDAY)
    actions.erase(willow.stranger, by=officer, at=MONDAY + DAY)
    assert not Account.objects.filter(username="jiangli").exists()


def test_who_lives_here_keeps_the_register_and_loses_what_is_their_own(
    willow: Willow, officer: Person
) -> None:
    state(willow, willow.zhang, sex="2")
    Offer.objects.create(
        home=willow.home, owner=willow.zhang, rooms=2, free_from=LONG_AGO, opened_at=MONDAY, ends_at=MONDAY
    )
    done = actions.erase(willow.zhang, by=officer, at=MONDAY)
    assert Profile.objects.filter(pk=willow.zhang.pk).exists()
    assert not Offer.objects.exists()
    assert any("第十三条" in part.stays for part in done)


def test_every_night_what_is_past_its_years_goes(willow: Willow, officer: Person) -> None:
    person = lived(willow)
    trail.looked(willow.zhang.subject, willow.sun.subject, "孙*", "电话", "回电", MONDAY)
    Newcomer.objects.create(
        home=willow.home, name="新来的", tenure=Tenure.TENANT, since=LONG_AGO, state="agreed", asked_at=MONDAY,
        ends_at=MONDAY, answered_at=MONDAY,
    )  # fmt: skip
    later = MONDAY + timedelta(days=1096)
    done = actions.purge_all(later)
    assert (done["register.Merge"], done["lettings.Newcomer"]) == (1, 1)
    assert not Seen.objects.filter(at__lt=later - timedelta(days=1095)).exists()
    assert not Look.objects.filter(at__lt=later - timedelta(days=1095)).exists()
    assert Profile.objects.filter(pk=person.pk).exists(), "five years after they left, not three"
    last = MONDAY + timedelta(days=1830)
    held_back = actions.hold(person, "（2026）江民初1号", by=officer, at=last)
    assert actions.purge_all(last)["register.Profile"] == 0
    actions.lift(held_back, by=officer, at=last)
    assert actions.purge_all(last)["register.Profile"] > 0
    assert not Profile.objects.filter(pk=person.pk).exists()
    assert actions.purge_all(last)["register.Profile"] == 0


def test_what_says_for_how_many_years_it_is_kept_goes_after_them(willow: Willow, officer: Person) -> None:
    """Proxies, assisted sessions, consents taken back, reviewed emergencies, homes left; and not while held."""
    zhang, chen, at = willow.zhang, willow.chen, MONDAY
    people.revoke_proxy(people.grant_proxy(zhang, willow.daughter, "cases", zhang, at), zhang, at)
    organisations.assist(willow.sun, willow.desk, zhang, "本人来窗口", "counter", at)
    notice = actions.publish_notice("ears", "上门关怀", "想知道您的听力", "照样上门", by=officer, at=at)
    actions.withdraw(actions.consent(zhang, notice, by=zhang, at=at), by=zhang, at=at)
    grant = actions.break_glass(outside(willow), "楼上漏水联系不上住户", at, person=zhang)
    actions.review(grant, True, "正当", by=officer, at=at)
    people.move_out(zhang.residencies.get(), at.date(), zhang, at)
    tables = (Proxy, AssistedSession, Consent, BreakGlass)
    held = actions.hold(zhang, "（2026）江民初1号", by=officer, at=at)
    actions.purge_all(at + 1826 * DAY)
    assert [model.objects.count() for model in (*tables, Residency)] == [1, 1, 1, 1, 3]
    actions.lift(held, by=officer, at=at)
    actions.purge_all(at + 1095 * DAY)
    assert [model.objects.count() for model in tables] == [1, 1, 1, 1], "to the day"
    actions.purge_all(at + 1097 * DAY)
    assert [model.objects.count() for model in (*tables, Residency)] == [0, 0, 0, 0, 3]
    done = actions.purge_all(at + 1827 * DAY)
    assert done["people.Residency"] == 1
    assert not zhang.residencies.exists()
    assert chen.residencies.exists()


def test_every_promise_of_days_or_years_is_kept_by_somebody() -> None:
    """A row of the catalogue that names a time has a purge of this or of its own domain."""
    elsewhere = {
        "people.PendingNotice", "people.PhoneChange", "people.SignInCode",  # people.forget_old
        "burden.Load", "lettings.Tenant", "lettings.Offer", "lettings.Inquiry", "notices.Delivery",  # with their own
        "register.FactChange", "register.Event", "register.HouseholdMember",  # with register.Profile
        "cases.Case", "cases.Answer", "cases.Support",  # files of cases, by the rules of archives
        "organisations.Membership", "partners.TermMember", "partners.Partner",  # offices, public and archived
    }  # fmt: skip
    timed = {field.table for field in _shipped().values() if re.search(r"\d+ ?[天年]", field.kept)}
    assert timed - {keep.table for keep in told.keeps()} == elsewhere


def test_a_hold_keeps_what_lettings_would_forget(willow: Willow, officer: Person) -> None:
    offer = Offer.objects.create(
        home=willow.home, owner=willow.zhang, rooms=2, free_from=LONG_AGO, opened_at=MONDAY, ends_at=MONDAY
    )
    waits = Newcomer.objects.create(
        home=willow.home, name="何建军", tenure=Tenure.TENANT, since=LONG_AGO, asked_at=MONDAY, ends_at=MONDAY,
        registered_by=willow.neighbour,
    )  # fmt: skip
    holds = [
        actions.hold(who, "（2026）江民初1号", by=officer, at=MONDAY)
        for who in (willow.zhang, willow.neighbour)
    ]
    run_clocks(MONDAY + 40 * DAY)
    assert Offer.objects.filter(pk=offer.pk).exists()
    assert Newcomer.objects.filter(pk=waits.pk).exists()
    for held in holds:
        actions.lift(held, by=officer, at=MONDAY)
    run_clocks(MONDAY + 40 * DAY)
    assert not Offer.objects.exists()
    assert not Newcomer.objects.exists()
