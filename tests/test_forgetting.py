"""Who asks to be forgotten is, in every domain, and what the law or another's side needs stays with its reason."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps

from linli.lettings.models import Newcomer, Offer
from linli.organisations import actions as organisations
from linli.organisations.rules import Role
from linli.people import actions as people
from linli.people.models import Person, Tenure
from linli.places import actions as places
from linli.places.models import Kind
from linli.privacy import actions
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
