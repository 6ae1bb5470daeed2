"""A consent that is taken back ends what rested on it, and no ledger and no worker puts it back (PIPL 15)."""

from datetime import timedelta

import pytest

from linli.base.errors import Refused
from linli.organisations import actions as organisations
from linli.organisations.rules import Role
from linli.people import actions as people
from linli.people.models import Person
from linli.privacy import actions
from linli.register import actions as register
from linli.register.actions import bulk
from linli.register.models import Tag, TagKind
from tests.cast import LONG_AGO, MONDAY, Willow

HOUR = timedelta(hours=1)


@pytest.fixture
def officer(willow: Willow) -> Person:
    who = people.register("卫数据", "", at=MONDAY)
    body, place = willow.district_centre, willow.district
    organisations.appoint(who, body, Role.DATA_OFFICER, place, LONG_AGO, by=None, at=MONDAY)
    return who


def volunteers(willow: Willow, person: Person) -> bool:
    return Tag.objects.filter(person=person, kind__code="volunteer", until=None).exists()


def test_a_tag_by_consent_ends_with_it_and_comes_back_only_with_another(
    willow: Willow, officer: Person
) -> None:
    register.load_tag_kinds()
    kind = TagKind.objects.get(code="volunteer")

    def tag(person: Person) -> None:
        register.tag(person, kind, since=LONG_AGO, source="self", by=willow.sun, at=MONDAY + HOUR)

    notice = actions.publish_notice(
        "volunteer", "做志愿者", "想请您参加", "不参加也一样", by=officer, at=MONDAY
    )
    for person in (willow.zhang, willow.chen):
        actions.consent(person, notice, by=person, at=MONDAY)
        tag(person)
    given = willow.zhang.consents.get()
    actions.withdraw(given, by=willow.zhang, at=MONDAY + HOUR)
    assert (volunteers(willow, willow.zhang), volunteers(willow, willow.chen)) == (False, True)
    assert Tag.objects.get(person=willow.zhang).ended_because == "本人撤回同意"
    with pytest.raises(Refused, match="重新同意"):
        tag(willow.zhang)
    told = bulk.Told("志愿者名册", MONDAY.date(), willow.sun, MONDAY)
    bulk.add_tags([(willow.zhang.pk, kind.pk), (willow.neighbour.pk, kind.pk)], told)
    assert (volunteers(willow, willow.zhang), volunteers(willow, willow.neighbour)) == (False, True)
    actions.consent(willow.zhang, notice, by=willow.zhang, at=MONDAY + 2 * HOUR)
    tag(willow.zhang)
    assert volunteers(willow, willow.zhang)
