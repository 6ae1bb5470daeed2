"""Signing in, being somebody, and acting for family, as a browser without script does it."""

from datetime import timedelta
from types import SimpleNamespace

import pyotp
import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.base import gateways
from linli.people import actions as people
from linli.people.models import Account, Person, Proxy, Residency, SignIn
from linli.people.rules import Scope, Tenure
from linli.places import actions as places
from linli.places.models import Kind

NUMBER = "13800138000"
ME = "/people/me/"


@pytest.fixture
def sms(db):
    gateways.memory.sent.clear()
    gateways.memory.outcomes.clear()
    return gateways.memory


@pytest.fixture
def home(db):
    above = None
    for kind, name in (
        (Kind.PROVINCE, "江南省"), (Kind.CITY, "望江市"), (Kind.DISTRICT, "东岸区"), (Kind.STREET, "柳河街道"),
        (Kind.COMMUNITY, "柳树社区"), (Kind.ESTATE, "杨柳苑"), (Kind.BUILDING, "3幢"), (Kind.HOME, "502室"),
    ):  # fmt: skip
        above = places.plant(kind, name, above)
    return above


def address(name, *args):
    return reverse(f"people:{name}", args=args)


def sign_in(client, sms, number=NUMBER, follow_to=ME):
    client.post(address("sign_in"), {"phone": number, "next": follow_to})
    code = "".join(sign for sign in sms.sent[-1][2].split("登录码")[1][:8] if sign.isdigit())
    return client.post(address("sign_in_code"), {"code": code})


def signed_in(client, name="张阿姨", number=NUMBER):
    person = people.register(name, number, timezone.now())
    client.force_login(people.open_phone_account(person, timezone.now()))
    return person


def test_a_number_and_a_code_lead_to_the_page_that_was_asked_for(client, sms):
    assert client.get(ME).url == f"{address('sign_in')}?next={ME}"
    answer = sign_in(client, sms)
    assert (answer.status_code, answer.url) == (302, ME)
    page = client.get(ME)
    assert "138****8000" in page.text
    assert NUMBER not in page.text
    assert SignIn.objects.get().ended_at is None


def test_a_wrong_number_is_explained_and_kept_as_typed(client, sms):
    page = client.post(address("sign_in"), {"phone": "138001380001"})
    assert page.status_code == 422
    assert "11 位数字，您写了 12 位" in page.text
    assert 'value="138001380001"' in page.text
    assert not sms.sent


def test_a_wrong_code_is_explained_and_the_page_stays(client, sms):
    client.post(address("sign_in"), {"phone": NUMBER})
    page = client.post(address("sign_in_code"), {"code": "12ab"})
    assert page.status_code == 422
    assert "登录码不对" in page.text
    assert "138****8000" in page.text
    assert not SignIn.objects.exists()


def test_the_code_page_says_when_the_gateway_failed_or_did_not_answer(client, sms):
    sms.outcomes[:] = [gateways.TimedOut(), gateways.Failed()]
    client.post(address("sign_in"), {"phone": NUMBER})
    assert "没有回音" in client.get(address("sign_in_code")).text
    client.post(address("sign_in"), {"phone": "13900139000"})
    assert "没有发出去" in client.get(address("sign_in_code")).text


def test_asking_again_within_a_minute_is_refused_on_the_same_page(client, sms):
    client.post(address("sign_in"), {"phone": NUMBER})
    page = client.post(address("sign_in_again"))
    assert page.status_code == 422
    assert "次数太多" in page.text
    assert len(sms.sent) == 1


def test_nobody_is_led_to_another_site(client, sms):
    client.post(address("sign_in"), {"phone": NUMBER, "next": "https://example.org/"})
    code = "".join(sign for sign in sms.sent[-1][2].split("登录码")[1][:8] if sign.isdigit())
    assert not client.post(address("sign_in_code"), {"code": code}).url.startswith("http")


def test_a_session_planted_before_signing_in_is_worth_nothing_after(client, sms):
    client.post(address("sign_in"), {"phone": NUMBER})
    planted = client.session.session_key
    sign_in_page = client.get(address("sign_in_code"))
    assert sign_in_page.status_code == 200
    code = "".join(sign for sign in sms.sent[-1][2].split("登录码")[1][:8] if sign.isdigit())
    client.post(address("sign_in_code"), {"code": code})
    assert client.session.session_key != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_those_who_share_a_phone_say_who_they_are_and_switch(client, sms):
    zhang, elder = (people.register(name, NUMBER, timezone.now()) for name in ("张阿姨", "陈伯"))
    assert sign_in(client, sms).url == address("who")
    assert client.get(ME).status_code == 302  # nobody is here yet
    assert client.post(address("choose", elder.token)).url == ME
    assert "陈伯" in client.get(ME).text
    client.post(address("choose", zhang.token))
    assert "张阿姨" in client.get(ME).text
    other = people.register("邻居", "13900139000", timezone.now())
    assert client.post(address("choose", other.token)).status_code == 404
    assert client.post(address("not_me", other.token)).status_code == 404


def test_somebody_of_the_household_is_added_and_a_stranger_sent_away(client, sms):
    zhang = signed_in(client)
    client.post(address("add_person"), {"name": "陈伯"})
    assert "陈伯" in client.get(ME).text
    assert client.post(address("add_person"), {"name": ""}).status_code == 422
    client.post(address("not_me", zhang.token))
    assert not Account.objects.get().persons.filter(pk=zhang.pk).exists()


def test_a_paper_code_signs_in_whoever_has_no_phone(client, db):
    elder, li = (people.register(name, "", timezone.now()) for name in ("陈伯", "李网格员"))
    code = people.issue_paper_code(elder, li, timezone.now())
    page = client.post(address("sign_in_paper"), {"code": "aaaa-bbbb-cccc"})
    assert page.status_code == 422
    assert "aaaa-bbbb-cccc" in page.text
    assert client.post(address("sign_in_paper"), {"code": code, "next": ME}).url == ME
    people.revoke_paper_code(elder, li, timezone.now())
    assert client.get(ME).status_code == 302


def staff(db_name="li"):
    person = people.register("李网格员", "13700137000", timezone.now())
    account, password = people.open_staff_account(person, db_name, None, timezone.now())
    return SimpleNamespace(person=person, account=account, password=password)


def test_a_worker_replaces_the_given_password_enrols_and_is_in(client, db):
    li = staff()
    answer = client.post(address("sign_in_staff"), {"username": "li", "password": li.password, "next": ME})
    assert answer.url == address("new_password")
    assert client.get(address("second_factor")).url == address("sign_in_staff")
    differing = client.post(address("new_password"), {"password": "a-long-own-word", "again": "another"})
    assert "不一样" in differing.text
    own = {"password": "a-long-own-word", "again": "a-long-own-word"}
    assert client.post(address("new_password"), own).url == address("second_factor")
    li.account.refresh_from_db()
    page = client.get(address("second_factor"))
    assert "data:image/svg+xml" in page.text
    assert li.account.totp_secret[:4] in page.text
    assert client.get(ME).status_code == 302  # the password alone opens nothing
    code = pyotp.TOTP(li.account.totp_secret).now()
    assert client.post(address("second_factor"), {"code": code}).url == ME
    assert client.get(ME).status_code == 200


def enrolled():
    li = staff()
    people.change_password(li.account, "a-long-own-word", timezone.now())
    people.prepare_totp(li.account)
    li.account.refresh_from_db()
    people.check_totp(
        li.account,
        pyotp.TOTP(li.account.totp_secret).at(timezone.now() - timedelta(seconds=30)),
        timezone.now(),
    )
    return li


def test_the_secret_is_never_shown_again_and_a_code_opens_once(client, db):
    li = enrolled()
    password = {"username": "li", "password": "a-long-own-word"}
    client.post(address("sign_in_staff"), password)
    page = client.get(address("second_factor"))
    assert li.account.totp_secret[:8] not in page.text.replace(" ", "")
    code = pyotp.TOTP(li.account.totp_secret).now()
    assert client.post(address("second_factor"), {"code": code}).status_code == 302
    client.logout()
    client.post(address("sign_in_staff"), password)
    again = client.post(address("second_factor"), {"code": code})
    assert again.status_code == 422
    assert "已经用过" in again.text


def test_the_second_step_cannot_be_reached_without_the_first_nor_long_after(client, db, monkeypatch):
    assert client.get(address("second_factor")).url == address("sign_in_staff")
    enrolled()
    client.post(address("sign_in_staff"), {"username": "li", "password": "a-long-own-word"})
    assert client.get(address("second_factor")).status_code == 200
    later = timezone.now() + timedelta(minutes=11)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert client.get(address("second_factor")).url == address("sign_in_staff")


def test_an_unknown_user_and_a_wrong_password_look_the_same(client, db):
    enrolled()
    pages = [
        client.post(address("sign_in_staff"), {"username": name, "password": "wrong"})
        for name in ("li", "no")
    ]
    assert {page.status_code for page in pages} == {422}
    assert all("用户名或密码不对" in page.text for page in pages)


def test_ending_one_device_ends_that_one_at_once(client, sms):
    sign_in(client, sms)
    tablet = Client()
    people.register("张阿姨", NUMBER, timezone.now())
    account = Account.objects.get()
    tablet.force_login(account)
    people.record_sign_in(
        account, tablet.session.session_key, "t", "平板", timezone.now(), timezone.now() + timedelta(days=1)
    )
    row = SignIn.objects.get(device="平板")
    assert tablet.get(address("devices")).status_code == 200
    assert "平板" in client.get(address("devices")).text
    client.post(address("end_device", row.token))
    assert tablet.get(address("devices")).status_code == 302
    assert client.get(address("devices")).status_code == 200


def test_a_stranger_cannot_end_my_device(client, sms):
    sign_in(client, sms)
    row, stranger = SignIn.objects.get(), Client()
    signed_in(stranger, "邻居", "13900139000")
    assert stranger.post(address("end_device", row.token)).status_code == 404
    assert client.get(ME).status_code == 200


def test_signing_out_ends_the_session_row_too(client, sms):
    sign_in(client, sms)
    client.post(address("sign_out"))
    assert SignIn.objects.get().ended_at is not None
    assert client.get(ME).status_code == 302


def test_a_home_is_found_step_by_step_claimed_and_confirmed_by_family(client, home):
    zhang = signed_in(client)
    found = client.get(address("claim"), {"q": "杨柳"})
    assert home.parent.parent.token in found.text
    assert home.token in client.get(address("claim"), {"at": home.parent.token}).text
    page = f"{address('claim')}?at={home.token}"
    assert client.post(page, {"tenure": "owner", "since": "很久以前"}).status_code == 422
    client.post(page, {"tenure": "owner", "since": "2025-01-01"})
    client.post(page, {"tenure": "owner", "since": "2025-01-01"})
    own = Residency.objects.get()
    assert own.verified_at is None
    people.verify(own, zhang, timezone.now(), Residency.Source.COUNTER)
    child = Client()
    daughter = signed_in(child, "陈小梅", "13900139000")
    child.post(page, {"tenure": "family", "since": "2025-01-01"})
    claimed = Residency.objects.get(person=daughter)
    assert child.post(address("confirm_family", claimed.token)).status_code == 404
    assert "陈小梅" in client.get(address("homes")).text
    client.post(address("confirm_family", claimed.token))
    claimed.refresh_from_db()
    assert claimed.source == "family"
    client.post(address("move_out", own.token), {"on": timezone.localdate().isoformat()})
    assert "以前住的" in client.get(address("homes")).text
    assert child.get(address("move_out", own.token)).status_code == 404


def test_a_code_from_a_worker_verifies_a_home(client, home):
    zhang = signed_in(client)
    _row, code = people.issue_home_code(home, zhang, timezone.now())
    wrong = client.post(address("use_code"), {"code": "abcd-efgh", "tenure": "tenant"})
    assert wrong.status_code == 422
    assert "abcd-efgh" in wrong.text
    client.post(address("use_code"), {"code": code, "tenure": "tenant"})
    assert Residency.objects.get(person=zhang).tenure == Tenure.TENANT


def test_family_is_asked_acts_with_a_banner_and_is_sent_away_at_once(client, db):
    zhang = signed_in(client)
    typed = {"name": "陈小梅", "phone": "139001390001", "scope": "cases"}
    page = client.post(address("proxies"), typed)
    assert page.status_code == 422
    assert "陈小梅" in page.text
    assert client.post(address("proxies"), {**typed, "phone": "13900139000"}).status_code == 302
    proxy = Proxy.objects.get()
    child = Client()
    daughter = signed_in(child, "陈小梅", "13900139000")
    assert proxy.agent == daughter
    child.post(address("act_for", proxy.token))
    assert child.get(ME).wsgi_request.acting_for == zhang
    assert child.get(ME).wsgi_request.person == daughter
    stranger = Client()
    signed_in(stranger, "邻居", "13600136000")
    assert stranger.post(address("act_for", proxy.token)).status_code == 404
    assert stranger.post(address("revoke_proxy", proxy.token)).status_code == 404
    client.post(address("revoke_proxy", proxy.token))
    assert child.get(ME).wsgi_request.acting_for is None
    assert child.post(address("act_for", proxy.token)).status_code == 404


def test_acting_for_family_ends_by_time_and_never_opens_their_home_or_proxies(client, db, monkeypatch):
    daughter = signed_in(client, "陈小梅", "13900139000")
    zhang = people.register("张阿姨", NUMBER, timezone.now())
    until = timezone.now() + timedelta(hours=1)
    proxy = people.grant_proxy(zhang, daughter, Scope.EVERYTHING, zhang, timezone.now(), until)
    client.post(address("act_for", proxy.token))
    client.post(address("proxies"), {"name": "同伙", "phone": "13600136000", "scope": "everything"})
    assert Proxy.objects.get(agent__name="同伙").principal == daughter
    monkeypatch.setattr("django.utils.timezone.now", lambda: until)
    assert client.get(ME).wsgi_request.acting_for is None


def test_who_may_only_get_notices_cannot_speak_for_anybody(client, db):
    daughter = signed_in(client, "陈小梅", "13900139000")
    zhang = people.register("张阿姨", NUMBER, timezone.now())
    proxy = people.grant_proxy(zhang, daughter, Scope.NOTICES, zhang, timezone.now())
    assert client.post(address("act_for", proxy.token)).status_code == 404
    people.grant_proxy(zhang, daughter, Scope.CASES, zhang, timezone.now())
    wider = Proxy.objects.get(revoked_at=None)
    assert client.post(address("act_for", wider.token)).status_code == 302


def test_getting_a_page_changes_nothing(client, sms, home):
    signed_in(client)
    before = (
        Person.objects.count(),
        Residency.objects.count(),
        Proxy.objects.count(),
        SignIn.objects.count(),
    )
    for name in (
        "sign_in",
        "sign_in_paper",
        "sign_in_staff",
        "who",
        "me",
        "devices",
        "homes",
        "claim",
        "proxies",
    ):
        assert client.get(address(name)).status_code in {200, 302}
    for name in ("sign_out", "add_person", "sign_in_again", "use_code", "end_other_devices", "stop_acting"):
        assert client.get(address(name)).status_code == 405
    after = (Person.objects.count(), Residency.objects.count(), Proxy.objects.count(), SignIn.objects.count())
    assert before == after


# The homes page shows the names of family who wait: three statements more, that they can read who saw them.
@pytest.mark.parametrize(("name", "most"), [("me", 7), ("devices", 7), ("homes", 10), ("proxies", 7)])
def test_a_page_costs_the_same_however_much_it_shows(client, home, name, most, django_assert_max_num_queries):
    zhang = signed_in(client)
    for number in range(12):
        other = people.register(f"家人{number}", "", timezone.now())
        people.grant_proxy(zhang, other, Scope.CASES, zhang, timezone.now())
        people.settle(other, home, Tenure.FAMILY, timezone.localdate(), "self", timezone.now())
    own = people.settle(zhang, home, Tenure.OWNER, timezone.localdate(), "self", timezone.now())
    people.verify(own, other, timezone.now(), Residency.Source.COUNTER)
    with django_assert_max_num_queries(most):
        assert client.get(address(name)).status_code == 200


def test_g05_nobody_is_made_to_sign_in_to_keep_an_account(client, sms):
    """G05: an account untouched for years opens as before; nothing counts or reports signing in."""
    person = signed_in(client)
    Account.objects.update(is_active=True)
    Person.objects.update(created_at=timezone.now() - timedelta(days=3000))
    assert sign_in(client, sms).url == ME
    assert person in Account.objects.get().persons.all()
