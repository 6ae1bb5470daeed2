"""Changing one's own number and password: proved, told to the old number, and nobody else's business."""

from datetime import timedelta

import pyotp
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.base import gateways
from linli.people import actions as people
from linli.people.models import Account, PendingNotice, Person, PhoneChange, SignIn

OLD, NEW = "13800138000", "13900139000"
ME = "/people/me/"


@pytest.fixture
def sms(db):
    gateways.memory.sent.clear()
    gateways.memory.outcomes.clear()
    return gateways.memory


def address(name):
    return reverse(f"people:{name}")


def code_in(message):
    return message.split("验证码")[1].strip()[:6]


def sign_in(client, sms, number=OLD):
    client.post(address("sign_in"), {"phone": number, "next": ME})
    text = sms.sent[-1][2]
    return client.post(address("sign_in_code"), {"code": text.split("登录码")[1].strip()[:6]})


def zhang_here(client, sms):
    zhang = people.register("张阿姨", OLD, timezone.now())
    sign_in(client, sms)
    return zhang


def staff(client, name="李网格员"):
    now = timezone.now()
    li = people.register(name, "13700137000", now)
    account, _password = people.open_staff_account(li, "li", None, now)
    people.change_password(account, "long-and-own-9", now)
    people.prepare_totp(account)
    account.refresh_from_db()
    client.force_login(account)
    return li, account


def test_a_new_number_is_proved_the_old_one_told_and_opens_nothing_any_more(client, sms):
    zhang, other_device = zhang_here(client, sms), Client()
    sms.sent.clear()
    other_device.force_login(Account.objects.get())
    assert client.get(address("phone")).text.count("就是这一台") == 1
    client.post(address("phone"), {"phone": "139 0013 9000"})
    assert [number for _id, number, _text in sms.sent] == [NEW]
    page = client.get(address("phone_code"))
    assert "139****9000" in page.text
    assert NEW not in page.text
    answer = client.post(address("phone_code"), {"code": code_in(sms.sent[-1][2])})
    assert (answer.status_code, answer.url) == (302, ME)
    assert "139****9000" in client.get(ME).text
    assert sms.sent[-1][1] == OLD
    assert "139****9000" in sms.sent[-1][2]
    assert PhoneChange.objects.get().outcome == "sent"
    assert PendingNotice.objects.filter(person=zhang, title="您的手机号已换").count() == 1
    assert (
        other_device.get(ME).status_code == 302
    )  # what was signed in by the old number sees nothing of hers
    assert not zhang.accounts.exclude(phone_index=Account.objects.get(persons=zhang).phone_index).exists()


def test_a_wrong_code_changes_nothing_and_five_make_it_worthless(client, sms):
    zhang = zhang_here(client, sms)
    client.post(address("phone"), {"phone": NEW})
    right = code_in(sms.sent[-1][2])
    wrong = "000000" if right != "000000" else "000001"
    for _try in range(5):
        page = client.post(address("phone_code"), {"code": wrong})
        assert page.status_code == 422
        assert "验证码不对" in page.text
    assert client.post(address("phone_code"), {"code": right}).status_code == 422
    assert Person.objects.get(pk=zhang.pk).phone == OLD
    assert sms.sent[-1][1] == NEW


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("138001380001", "您写了 12 位"),
        (OLD, "不用换"),
        ("12345", "收不到短信"),
        ("0577-88881234", "收不到短信"),
        ("", "请写新的手机号"),
    ],
)
def test_a_number_that_cannot_be_the_new_one_is_refused_and_kept_as_typed(client, sms, typed, said):
    zhang_here(client, sms)
    sms.sent.clear()
    page = client.post(address("phone"), {"phone": typed})
    assert page.status_code == 422
    assert said in page.text
    assert f'value="{typed}"' in page.text or not typed
    assert not sms.sent


def test_family_that_shares_the_old_number_stays_signed_in_by_it(client, sms):
    zhang = zhang_here(client, sms)
    chen = people.register("陈伯", OLD, timezone.now())
    old = Account.objects.get()
    old.persons.add(chen)
    family = Client()
    family.force_login(old)
    session = client.session
    session["person"] = zhang.pk
    session.save()
    client.post(address("phone"), {"phone": NEW})
    client.post(address("phone_code"), {"code": code_in(sms.sent[-1][2])})
    assert "张阿姨" in client.get(ME).text
    assert "陈伯" in family.get(ME).text
    assert list(old.persons.all()) == [chen]


def test_the_new_number_opens_what_the_person_said_before(client, sms):
    zhang = zhang_here(client, sms)
    client.post(address("phone"), {"phone": NEW})
    client.post(address("phone_code"), {"code": code_in(sms.sent[-1][2])})
    elsewhere = Client()
    with_limits_past = timezone.now() + timedelta(minutes=2)
    row = people.send_sign_in_code(NEW, "198.51.100.9", with_limits_past)
    code = sms.sent[-1][2].split("登录码")[1].strip()[:6]
    account = people.open_sign_in_code(row.token, code, "198.51.100.9", with_limits_past)
    assert list(account.persons.all()) == [zhang]
    assert elsewhere.get(ME).status_code == 302


def test_a_code_for_changing_the_number_does_not_serve_another_person(client, sms):
    zhang_here(client, sms)
    client.post(address("phone"), {"phone": NEW})
    chen = people.register("陈伯", OLD, timezone.now())
    Account.objects.get().persons.add(chen)
    session = client.session
    session["person"] = chen.pk
    session.save()
    assert client.get(address("phone_code")).url == address("phone")


def test_staff_prove_themselves_by_the_second_factor_before_a_code_goes_out(client, sms):
    li, account = staff(client)
    page = client.post(address("phone"), {"phone": NEW, "totp": "123"})
    assert page.status_code == 422
    assert "动态码不对" in page.text
    assert not sms.sent
    client.post(address("phone"), {"phone": NEW, "totp": pyotp.TOTP(account.totp_secret).now()})
    client.post(address("phone_code"), {"code": code_in(sms.sent[-1][2])})
    assert Person.objects.get(pk=li.pk).phone == NEW
    assert client.get(ME).wsgi_request.user == account  # still at work, in the same account


def test_a_password_is_changed_by_whoever_knows_the_present_one_and_other_devices_are_out(client, db):
    _li, account = staff(client)
    other = Client()
    other.force_login(account)
    typed = {"present": "wrong", "password": "柳树下的一把椅子 9", "again": "柳树下的一把椅子 9"}
    page = client.post(address("password"), typed)
    assert page.status_code == 422
    assert "现在的密码不对" in page.text
    short = client.post(address("password"), {"present": "long-and-own-9", "password": "短", "again": "短"})
    assert short.status_code == 422
    assert client.post(address("password"), typed | {"present": "long-and-own-9"}).url == ME
    assert client.get(ME).status_code == 200
    assert other.get(ME).status_code == 302
    account.refresh_from_db()
    assert account.check_password("柳树下的一把椅子 9")
    assert SignIn.objects.filter(ended_at=None).count() == 1


def test_a_resident_has_no_password_to_change(client, sms):
    zhang_here(client, sms)
    assert client.get(address("password")).status_code == 404
    assert "改密码" not in client.get(ME).text
