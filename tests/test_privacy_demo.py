"""The demo's desk of data protection is made by actions, within a few seconds, and its officer has a door."""

from types import SimpleNamespace
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.demo.bodies import CAST
from linli.demo.parts import privacy
from linli.organisations import actions as organisations
from linli.organisations.rules import Role
from linli.people import actions as people
from linli.people.models import Person
from linli.privacy import actions, told
from linli.privacy.models import BreakGlass, Consent
from tests.cast import LONG_AGO, MONDAY, Willow


def officer_of(willow: Willow) -> Person:
    """The data officer as the demo has them: of the cast, with a staff account."""
    part = next(part for part in CAST if part.role == Role.DATA_OFFICER)
    officer = people.register(part.name, "", MONDAY, is_demo=True)
    organisations.appoint(
        officer, willow.district_centre, part.role, willow.district, LONG_AGO, by=None, at=MONDAY
    )
    people.open_staff_account(officer, part.key, None, MONDAY)
    return officer


def test_the_demo_has_a_desk_whose_features_are_assessed(
    willow: Willow, client: Client, settings: Any
) -> None:
    world: Any = SimpleNamespace(community=willow.community, district=willow.district)
    cast = {
        "zhang": willow.zhang,
        "he": willow.neighbour,
        "jiang": willow.stranger,
        "chu": willow.auditor,
        "wei": officer_of(willow),
    }
    now = timezone.now()
    privacy.fill(world, cast, now, lambda words: None)
    for feature in told.features():
        actions.require_assessed(feature, now)
    assert Consent.objects.filter(person=willow.zhang).count() == 2
    assert BreakGlass.objects.get().was_right is True
    settings.DEMO = True
    assert "卫书吉" in client.get(reverse("demo:cast")).content.decode()
    assert client.post(reverse("demo:walk_in", args=["wei"])).status_code == 302
    assert client.get(reverse("privacy:desk")).status_code == 200
