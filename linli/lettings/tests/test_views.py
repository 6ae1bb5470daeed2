"""The pages: what each side sees, what strangers do not. Policy rules: G03 (asked once), G07 (no business)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.lettings import actions
from linli.lettings.actions import Vacancy
from linli.lettings.models import Letting, Newcomer, Tenant
from linli.lettings.tests.rows import NEW_PHONE, Flat, arrive, flat, let
from linli.organisations import actions as organisations
from linli.people import actions as people
from linli.people.models import Residency, Tenure
from linli.trail.models import Look
from tests.cast import Willow
from tests.signing_in import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def door(willow: Willow) -> Flat:
    return flat(willow)


def typed(**more: str) -> dict[str, str]:
    today = timezone.localdate().isoformat()
    return {"name": "鲁新来", "phone": NEW_PHONE, "tenure": "tenant", "since": today, **more}


def test_the_page_behind_a_homes_code_is_the_same_whoever_lives_there(willow: Willow, door: Flat) -> None:
    address = reverse("lettings:register", args=[door.code.token])
    full = Client().get(address).content.decode()
    Residency.objects.filter(home=door.home).delete()
    empty = Client().get(address).content.decode()
    strip = [line for line in full.splitlines() if "csrf" not in line]
    assert strip == [line for line in empty.splitlines() if "csrf" not in line]
    for secret in ("701", door.owner.name, door.owner.masked):
        assert secret not in full


def test_a_registration_by_nobody_in_particular_leads_to_its_receipt(door: Flat) -> None:
    browser = Client()
    address = reverse("lettings:register", args=[door.code.token])
    wrong = browser.post(address, typed(phone="1390"))
    assert wrong.status_code == 422
    assert "鲁新来" in wrong.content.decode()
    assert 'id="id_phone_error"' in wrong.content.decode()  # beside the field, not only on top
    wrong = browser.post(address, typed(identity="123"))
    assert wrong.status_code == 422
    assert 'id="id_identity_error"' in wrong.content.decode()
    answer = browser.post(address, typed())
    row = Newcomer.objects.get()
    assert answer.headers["Location"] == reverse("lettings:receipt", args=[row.token])
    page = Client().get(answer.headers["Location"]).content.decode()
    assert "等人确认" in page
    for secret in ("鲁新来", NEW_PHONE, "701", door.owner.name, door.owner.masked):
        assert secret not in page


def test_who_is_signed_in_finds_name_and_number_filled_in(willow: Willow, door: Flat) -> None:
    page = signed_in(willow.zhang).get(reverse("lettings:register", args=[door.code.token])).content.decode()
    assert 'value="张秀英"' in page
    assert 'value="13800000001"' in page


def test_the_owner_reads_the_name_not_the_number_and_answers_with_one_tap(willow: Willow, door: Flat) -> None:
    row, owner = arrive(door.code, timezone.now()), signed_in(door.owner)
    address = reverse("lettings:arrival", args=[row.token])
    page = owner.get(address).content.decode()
    assert "鲁新来" in page
    assert NEW_PHONE not in page
    assert Look.objects.about(row.subject).count() == 1
    assert signed_in(willow.zhang).get(address).status_code == 404
    assert (
        signed_in(willow.zhang).post(reverse("lettings:agree_at_home", args=[row.token])).status_code == 404
    )
    assert owner.post(reverse("lettings:refuse_at_home", args=[row.token])).status_code == 422
    assert owner.post(reverse("lettings:agree_at_home", args=[row.token])).status_code == 302
    row.refresh_from_db()
    assert row.state == "agreed"


def test_the_desk_sees_numbers_masked_until_one_tap_and_the_stranger_sees_nothing(
    willow: Willow, door: Flat
) -> None:
    row = arrive(door.code, timezone.now(), identity="11010519491231002X")
    address = reverse("lettings:newcomer", args=[row.token])
    page = signed_in(willow.sun).get(address)
    assert NEW_PHONE not in page.content.decode()
    assert "11010519491231002X" not in page.content.decode()
    offers = {fact["label"]: fact["offer"].signed for fact in page.context["facts"]}
    assert set(offers) == {"手机号", "证件号"}
    sun = signed_in(willow.sun)
    sun.post(reverse("trail:reveal"), {"offer": offers["手机号"]})
    opened = sun.get(address)
    assert NEW_PHONE in opened.content.decode()
    assert "11010519491231002X" not in opened.content.decode()
    assert opened.headers["Refresh"]
    stranger = signed_in(willow.stranger)
    assert stranger.get(address).status_code == 404
    assert stranger.post(reverse("lettings:agree", args=[row.token])).status_code == 404
    assert "701" not in stranger.get(reverse("lettings:desk")).content.decode()
    back = sun.post(
        reverse("lettings:refuse", args=[row.token]), {"reason": "come_to_desk", "words": "带证件来"}
    )
    assert back.status_code == 302
    receipt = Client().get(reverse("lettings:receipt", args=[row.token])).content.decode()
    assert "社区窗口" in receipt
    assert "孙丽" not in receipt


def test_a_landlord_registers_and_the_tenant_confirms_on_their_pages(willow: Willow, door: Flat) -> None:
    now = timezone.now()
    owner, tenant = signed_in(door.owner), people.register("鲁新来", NEW_PHONE, now)
    address, today = reverse("lettings:let", args=[door.home.token]), timezone.localdate()
    form = {"since": today.isoformat(), "until": today.isoformat(), "purpose": "living",
            "name1": "鲁新来", "phone1": NEW_PHONE}  # fmt: skip
    refused = owner.post(address, form)
    assert refused.status_code == 422
    assert "起租之后" in refused.content.decode()
    until = today + timedelta(days=365)
    assert owner.post(address, form | {"until": until.isoformat()}).status_code == 302
    row = Letting.objects.get()
    his = signed_in(tenant)
    page = reverse("lettings:letting", args=[row.token])
    assert "没有这回事" in his.get(page).content.decode()
    assert signed_in(willow.zhang).get(page).status_code == 404
    assert (
        his.post(reverse("lettings:act", args=[row.token, "extend"]), {"until": "2030-01-01"}).status_code
        == 404
    )
    assert owner.post(reverse("lettings:act", args=[row.token, "confirm"])).status_code == 404
    his.post(reverse("lettings:act", args=[row.token, "confirm"]))
    assert Tenant.objects.get().state == "lives_there"
    early = owner.post(reverse("lettings:act", args=[row.token, "extend"]), {"until": today.isoformat()})
    assert early.status_code == 422
    ended = owner.post(reverse("lettings:act", args=[row.token, "end"]), {"on": today.isoformat()})
    assert ended.status_code == 302
    assert not Residency.objects.on(today).filter(person=tenant).exists()
    assert "第十四条" in owner.get(page).content.decode()


def test_the_public_reads_the_building_and_never_the_door_the_owner_or_a_number(
    willow: Willow, door: Flat
) -> None:
    now = timezone.now()
    actions.offer(door.home, door.owner, Vacancy(2, now.date(), "朝南"), now)
    owner = signed_in(door.owner)
    form = {"rooms": "2", "free_from": now.date().isoformat(), "words": "加我微信"}
    assert owner.post(reverse("lettings:vacant", args=[door.home.token]), form).status_code == 422
    row = door.home.offers.get()
    for address in (reverse("lettings:offers"), reverse("lettings:offer", args=[row.token])):
        page = Client().get(address).content.decode()
        assert "3幢" in page
        for secret in ("701", door.owner.name, door.owner.masked, door.owner.phone, door.home.token):
            assert secret not in page
    asked = signed_in(willow.zhang).post(reverse("lettings:ask", args=[row.token]), {"words": "周六想看"})
    inquiry = row.inquiries.get()
    assert asked.headers["Location"] == reverse("lettings:inquiry", args=[inquiry.token])
    page = owner.get(reverse("lettings:inquiry", args=[inquiry.token])).content.decode()
    assert "周六想看" in page
    assert "张秀英" not in page
    assert "13800000001" not in page
    signed_in(willow.sun).post(
        reverse("lettings:inquiry", args=[inquiry.token]), {"words": "周六三点服务台见"}
    )
    answered = signed_in(willow.zhang).get(reverse("lettings:inquiry", args=[inquiry.token])).content.decode()
    assert "周六三点服务台见" in answered
    assert (
        signed_in(willow.neighbour).get(reverse("lettings:inquiry", args=[inquiry.token])).status_code == 404
    )


def test_lists_cost_the_same_however_long_they_are(
    willow: Willow, door: Flat, django_assert_max_num_queries: Any
) -> None:
    now = timezone.now()
    for number in range(5):
        arrive(door.code, now, name="别的人", phone=f"1390000010{number}", device=str(number))
    let(door, at=now)
    sun, owner = signed_in(willow.sun), signed_in(door.owner)
    for show in ("arrivals", "lettings", "inquiries"):
        sun.get(reverse("lettings:desk"), {"show": show})
        with django_assert_max_num_queries(16):
            sun.get(reverse("lettings:desk"), {"show": show})
    owner.get(reverse("lettings:mine"))
    with django_assert_max_num_queries(22):
        owner.get(reverse("lettings:mine"))


def test_a_worker_who_assists_registers_a_letting_for_the_owner(willow: Willow, door: Flat) -> None:
    now = timezone.now()
    people.settle(door.owner, willow.home, Tenure.FAMILY, now.date(), "self", now)
    organisations.assist(willow.sun, willow.desk, door.owner, "老人来窗口办", "counter", now)
    page = signed_in(willow.sun).get(reverse("lettings:mine")).content.decode()
    assert "701室" in page
