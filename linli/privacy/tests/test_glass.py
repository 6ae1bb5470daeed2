"""紧急查看 before the eyes of those who were seen: told at once, masked again by itself, told where it was wrong."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.organisations.models import Membership
from linli.people.models import Person
from linli.privacy import actions
from linli.privacy.models import BreakGlass
from linli.privacy.tests.conftest import Office
from linli.trail.models import Reveal
from tests.cast import MONDAY, Willow
from tests.signing_in import sign_in

REASON = "楼上漏水淹了电箱，联系不上住户"


@pytest.fixture
def outside(willow: Willow) -> Membership:
    return Membership.objects.get(person=willow.stranger)


def words_to(person: Person, ending: str) -> list[str]:
    return list(person.pending_notices.filter(key__endswith=ending).values_list("title", flat=True))


def test_whose_card_is_opened_under_a_place_is_told_at_once_and_once(
    willow: Willow, office: Office, outside: Membership
) -> None:
    grant = actions.break_glass(outside, REASON, MONDAY, place=willow.building)
    actions.seen_under(grant, MONDAY)
    assert words_to(willow.zhang, ":told") == []
    actions.reveal_under(grant, willow.zhang, MONDAY)
    actions.reveal_under(grant, willow.zhang, MONDAY + timedelta(minutes=5))
    assert words_to(willow.zhang, ":told") == ["有工作人员紧急查看了您的信息"]
    assert words_to(willow.chen, ":told") == []


def test_everybody_whom_a_wrong_grant_showed_is_told_so(
    willow: Willow, office: Office, outside: Membership
) -> None:
    grant = actions.break_glass(outside, REASON, MONDAY, place=willow.building)
    actions.seen_under(grant, MONDAY)
    actions.review(grant, False, "可以先打物业电话", by=office.officer, at=MONDAY)
    for person in (willow.zhang, willow.chen, willow.neighbour):
        assert words_to(person, ":wrong") == ["对您信息的一次紧急查看被认定不正当"]
    assert words_to(willow.daughter, ":wrong") == []


def test_an_open_card_is_masked_again_by_itself(willow: Willow, outside: Membership) -> None:
    grant = actions.break_glass(outside, REASON, timezone.now(), person=willow.zhang)
    client, address = sign_in(Client(), willow.stranger), reverse("privacy:grant", args=[grant.token])
    assert "Refresh" not in client.get(address)
    client.post(reverse("privacy:reveal", args=[grant.token, willow.zhang.token]))
    answer = client.get(address)
    assert willow.zhang.phone in answer.text
    assert 0 < int(answer["Refresh"]) <= 60
    Reveal.objects.update(ends_at=timezone.now())
    answer = client.get(address)
    assert willow.zhang.phone not in answer.text
    assert "Refresh" not in answer
    assert BreakGlass.objects.count() == 1
