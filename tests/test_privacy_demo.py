"""The demo's desk of data protection is made by actions, within a few seconds."""

from types import SimpleNamespace
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.demo.parts import privacy
from linli.duties.functions import Function
from linli.people.models import Person
from linli.privacy import actions, told
from linli.privacy.models import BreakGlass, Consent
from tests.cast import Willow
from tests.signing_in import sign_in


def test_the_demo_has_a_desk_whose_features_are_assessed(willow: Willow) -> None:
    world: Any = SimpleNamespace(
        district=willow.district,
        community=willow.community,
        bodies={Function.DISTRICT_CENTRE: willow.district_centre},
    )
    cast = {"zhang": willow.zhang, "he": willow.neighbour, "jiang": willow.stranger, "chu": willow.auditor}
    now = timezone.now()
    privacy.fill(world, cast, now, lambda words: None)
    for feature in told.features():
        actions.require_assessed(feature, now)
    assert Consent.objects.filter(person=willow.zhang).count() == 2
    assert BreakGlass.objects.get().was_right is True
    page = sign_in(Client(), Person.objects.get(name="卫书吉")).get(reverse("privacy:desk"))
    assert page.status_code == 200
