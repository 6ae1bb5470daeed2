"""The counter and the administration of roles; strangers get 404."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.organisations import actions as organisations
from linli.organisations.models import AssistedSession, Membership, Organisation
from linli.organisations.rules import Power, Role
from linli.people import actions as people
from linli.people.models import Account, HomeCode, Person, Proxy, Residency
from linli.trail.models import Look

LONG_AGO = "2025-01-01"


def address(name, *args):
    return reverse(f"organisations:{name}", args=args)


def browser_of(person: Person) -> Client:
    """A browser in which a worker is signed in with a staff account."""
    account = person.accounts.exclude(username=None).first()
    if account is None:
        account, _password = people.open_staff_account(person, f"u{person.pk}", None, timezone.now())
    client = Client()
    client.force_login(account)
    return client


@pytest.fixture
def li(willow):
    return browser_of(willow.li)


@pytest.fixture
def administrator(willow):
    return browser_of(willow.administrator)


def find(client, wanted):
    client.post(address("assist_start"), {"wanted": wanted})
    return client.get(address("assist_start"))


def begin(client, resident, **typed):
    return client.post(
        address("assist", resident.token), {"reason": "本人来窗口", "channel": "counter", **typed}
    )


def test_powers_need_a_staff_account_a_phone_alone_makes_a_resident(willow):
    person = people.register("张秀英", "13800000001", timezone.now())
    organisations.appoint(
        person, willow.desk, Role.SECRETARY, willow.community, timezone.localdate(), None, timezone.now()
    )
    by_phone = Client()
    by_phone.force_login(people.open_phone_account(person, timezone.now()))
    assert by_phone.get(address("assist_start")).status_code == 404
    assert browser_of(person).get(address("assist_start")).status_code == 200


def test_a_role_that_ends_today_gives_nothing_today(willow, li):
    assert Power.INTAKE in li.get(address("assist_start")).wsgi_request.powers
    role = Membership.objects.get(person=willow.li)
    organisations.dismiss(role, timezone.localdate(), willow.administrator, timezone.now())
    assert li.get(address("assist_start")).status_code == 404


def test_a_search_shows_masked_rows_and_each_leaves_a_line_in_the_trail(willow, li):
    page = find(li, "13800000001")
    assert "张**" in page.text
    assert "138****0001" in page.text
    assert "张秀英" not in page.text
    assert "3幢" in page.text
    assert "502室" not in page.text
    assert "13800000001" not in page.wsgi_request.get_full_path()
    look = Look.objects.about(willow.zhang.subject).first()
    assert look.looker == f"people.Person:{willow.li.pk}"


def test_a_search_stays_within_ones_own_places(willow, li):
    assert "张**" in find(li, "张秀").text
    elsewhere = browser_of(willow.stranger)
    for wanted in ("张秀英", "13800000001"):
        assert "没有找到" in find(elsewhere, wanted).text
    assert elsewhere.get(address("resident", willow.zhang.token)).status_code == 404
    assert begin(elsewhere, willow.zhang).status_code == 404
    assert find(li, "张").status_code == 422


def test_what_is_masked_opens_for_sixty_seconds_after_a_reason(willow, li, monkeypatch):
    clear = address("resident_in_clear", willow.zhang.token)
    card = address("resident", willow.zhang.token)
    assert li.get(clear).url == card
    assert li.post(address("reveal", willow.zhang.token), {"why": " "}).status_code == 422
    li.post(address("reveal", willow.zhang.token), {"why": "核对回电号码"})
    page = li.get(clear)
    assert "13800000001" in page.text
    assert "502室" in page.text
    assert int(page["Refresh"].split(";")[0]) <= 60
    assert Look.objects.about(willow.zhang.subject).filter(reason="核对回电号码").count() == 1
    assert li.get(address("resident_in_clear", willow.chen.token)).status_code == 302
    later = timezone.now() + timedelta(seconds=61)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert li.get(clear).url == card


def test_acting_for_an_elder_is_marked_on_every_request_and_ends_by_time(willow, li, monkeypatch):
    assert begin(li, willow.chen, reason="").status_code == 422
    begin(li, willow.chen)
    request = li.get("/people/me/").wsgi_request
    assert (request.assisting.resident, request.acting_for, request.person) == (
        willow.chen,
        willow.chen,
        willow.li,
    )
    assert willow.chen.pending_notices.filter(title="有工作人员替您代办").exists()
    later = timezone.now() + timedelta(minutes=30)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    request = li.get("/people/me/").wsgi_request
    assert (request.assisting, request.acting_for) == (None, None)


def test_ending_an_assisted_session_ends_it_now(willow, li):
    begin(li, willow.chen)
    assert li.get(address("end_assist")).status_code == 405
    li.post(address("end_assist"))
    assert AssistedSession.objects.get().ended_at is not None
    assert li.get("/people/me/").wsgi_request.assisting is None
    assert li.post(address("end_assist")).url == address("assist_start")


def test_a_proxy_is_granted_at_the_counter_for_an_elder_who_is_told(willow, li):
    begin(li, willow.chen)
    typed = {"name": "陈小梅", "phone": "13800000003", "scope": "everything"}
    li.post("/people/proxies/", typed)
    proxy = Proxy.objects.get()
    assert (proxy.principal, proxy.agent, proxy.granted_by) == (willow.chen, willow.daughter, willow.li)
    assert willow.chen.pending_notices.filter(title="您授权了家人代办").exists()


def test_a_paper_code_is_given_only_while_assisting_and_shown_once(willow, li):
    issue = address("issue_paper_code", willow.chen.token)
    assert li.post(issue).status_code == 409
    begin(li, willow.chen)
    assert li.post(issue).url == address("slip")
    account = Account.objects.exclude(paper_code_index=None).get()
    code = li.get(address("slip")).context["code"]
    assert people.open_paper_code(code, "here", timezone.now()) == account
    assert code not in str(dict(li.session))
    li.post(address("revoke_paper_code", willow.chen.token))
    account.refresh_from_db()
    assert account.paper_code_index is None


def test_the_slip_is_gone_after_ten_minutes(willow, li, monkeypatch):
    begin(li, willow.chen)
    li.post(address("issue_paper_code", willow.chen.token))
    later = timezone.now() + timedelta(minutes=10)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert "code" not in li.get(address("slip")).context


def test_a_new_resident_is_registered_without_a_phone_and_their_home_proved(willow, li):
    page = li.post(address("register_resident"), {"name": "新来的", "phone": "138001380001"})
    assert page.status_code == 422
    assert "您写了 12 位" in page.text
    assert 'value="138001380001"' in page.text
    li.post(address("register_resident"), {"name": "新来的", "phone": ""})
    newcomer = Person.objects.get(name="新来的")
    where = address("settle", newcomer.token)
    assert willow.home.token in li.get(where, {"at": willow.building.token}).text
    li.post(f"{where}?at={willow.home.token}", {"tenure": "tenant", "since": LONG_AGO})
    residency = Residency.objects.get(person=newcomer)
    assert (residency.source, residency.verified_by) == ("counter", willow.li)
    li.post(address("move_out", newcomer.token, residency.token), {"on": timezone.localdate().isoformat()})
    assert newcomer.home_now(timezone.localdate()) is None


def test_someone_known_elsewhere_who_stands_at_the_counter_is_found_by_name_and_number(willow):
    elsewhere = browser_of(willow.stranger)
    assert elsewhere.get(address("resident", willow.zhang.token)).status_code == 404
    answer = elsewhere.post(address("register_resident"), {"name": "张秀英", "phone": "13800000001"})
    assert answer.url == address("resident", willow.zhang.token)
    assert elsewhere.get(answer.url).status_code == 200
    assert elsewhere.get(address("resident", willow.chen.token)).status_code == 404


def test_a_claimed_home_is_verified_by_its_own_workers_only(willow, li):
    someone = people.register("租客", "13600136000", timezone.now())
    claimed = people.settle(someone, willow.home, "tenant", timezone.localdate(), "self", timezone.now())
    where = address("verify", someone.token, claimed.token)
    elsewhere = browser_of(willow.stranger)
    assert elsewhere.post(where).status_code == 404
    assert li.get(where).status_code == 200
    claimed.refresh_from_db()
    assert claimed.verified_at is None
    li.post(where)
    claimed.refresh_from_db()
    assert claimed.source == "counter"


def test_a_home_code_is_made_for_a_home_of_ones_own_place_only(willow, li):
    li.post(f"{address('home_code')}?at={willow.home.token}")
    code = li.get(address("slip")).context["code"]
    assert people.use_home_code(willow.daughter, code, "family", "here", timezone.now()).home == willow.home
    elsewhere = browser_of(willow.stranger)
    assert elsewhere.post(f"{address('home_code')}?at={willow.home.token}").status_code == 404
    assert HomeCode.objects.count() == 1


def test_an_administrator_appoints_hands_over_a_password_and_dismisses(willow, administrator):
    where = address("appoint", willow.desk.token)
    typed = {
        "name": "新同事", "phone": "13500135000", "role": Role.GRID_WORKER, "place": willow.grid.pk,
        "since": LONG_AGO, "username": "xin",
    }  # fmt: skip
    assert administrator.get(where).status_code == 200
    wrong = administrator.post(where, {**typed, "since": "昨天"})
    assert wrong.status_code == 422
    assert "新同事" in wrong.text
    assert administrator.post(where, typed).url == address("slip")
    slip = administrator.get(address("slip"))
    password = slip.context["code"]
    assert Account.objects.get(username="xin").check_password(password)
    assert "用户名：<strong>xin</strong>" in slip.text  # what is handed over opens the door alone
    role = Membership.objects.get(person__name="新同事")
    assert (role.place, role.appointed_by) == (willow.grid, willow.administrator)
    assert "新同事" in administrator.get(address("organisation", willow.desk.token)).text
    administrator.post(address("recover", role.token))
    assert "用户名：<strong>xin</strong>" in administrator.get(address("slip")).text
    assert not Account.objects.get(username="xin").check_password(password)
    administrator.post(address("dismiss", role.token), {"on": timezone.localdate().isoformat()})
    assert not Membership.objects.current(role.person, timezone.localdate()).exists()


def test_nobody_appoints_or_resets_themselves(willow, administrator):
    body = willow.district_centre
    typed = {
        "name": willow.administrator.name, "phone": "", "role": Role.SECRETARY, "place": willow.community.pk,
        "since": LONG_AGO,
    }  # fmt: skip
    assert administrator.post(address("appoint", body.token), typed).status_code == 422
    own = Membership.objects.get(person=willow.administrator)
    assert administrator.post(address("recover", own.token)).status_code == 409
    with pytest.raises(Exception, match="任用自己"):
        organisations.engage(
            willow.zhang.name, "13800000001", "", (body, Role.SECRETARY, willow.community),
            timezone.localdate(), willow.zhang, timezone.now(),
        )  # fmt: skip


def test_administration_ends_at_the_edge_of_ones_own_places(willow):
    person = people.register("桃园管理员", "", timezone.now())
    organisations.appoint(
        person,
        willow.strangers,
        Role.ADMINISTRATOR,
        willow.elsewhere,
        timezone.localdate(),
        None,
        timezone.now(),
    )
    client = browser_of(person)
    role = Membership.objects.get(person=willow.li)
    assert client.get(address("organisation", willow.desk.token)).status_code == 404
    assert client.get(address("appoint", willow.desk.token)).status_code == 404
    assert client.post(address("dismiss", role.token), {"on": LONG_AGO}).status_code == 404
    assert client.post(address("recover", role.token)).status_code == 404
    assert client.post(address("retire", willow.desk.token)).status_code == 404
    assert willow.strangers.name in client.get(address("list")).text
    assert willow.desk.name not in client.get(address("list")).text


def test_the_street_sees_bodies_and_head_counts_but_no_names(willow):
    page = browser_of(willow.qian).get(address("organisation", willow.desk.token))
    assert "网格员" in page.text
    assert "李明" not in page.text
    assert address("appoint", willow.desk.token) not in page.text


def test_a_body_is_set_up_within_ones_own_places_and_closed(willow, administrator):
    typed = {"name": "绿色园林队", "function": "greenery", "tier": "outside", "serves": "杨柳苑，桃园社区"}
    assert administrator.post(address("create"), {**typed, "serves": "月亮小区"}).status_code == 422
    assert administrator.post(address("create"), {**typed, "function": "astronauts"}).status_code == 422
    administrator.post(address("create"), typed)
    body = Organisation.objects.get(name="绿色园林队")
    assert set(body.serves.all()) == {willow.estate, willow.elsewhere}
    page = administrator.get(address("organisation", body.token)).text
    assert ("园林绿化单位" in page, "greenery" in page) == (True, False)
    administrator.post(address("retire", body.token))
    assert organisations.find("greenery", willow.home) is None


def test_residents_and_staff_without_the_power_find_no_such_pages(willow):
    worker = browser_of(willow.zhao)
    resident = Client()
    resident.force_login(people.open_phone_account(willow.zhang, timezone.now()))
    for client in (worker, resident):
        for name in ("list", "create", "assist_start", "register_resident", "home_code", "slip"):
            assert client.get(address(name)).status_code == 404
    assert Client().get(address("list")).url.startswith(reverse("people:sign_in"))


@pytest.mark.parametrize("name", ["list", "assist_start"])
def test_a_page_of_many_rows_costs_as_many_queries_as_one_of_few(willow, name, django_assert_max_num_queries):
    organisations.appoint(
        willow.li, willow.desk, Role.SECRETARY, willow.community, timezone.localdate(), None, timezone.now()
    )
    client = browser_of(willow.li)
    for number in range(15):
        other = people.register(f"陈家人{number}", "", timezone.now())
        people.settle(other, willow.home, "family", timezone.localdate(), "self", timezone.now())
    client.post(address("assist_start"), {"wanted": "陈家人"})
    with django_assert_max_num_queries(40 if name == "assist_start" else 10):
        page = client.get(address(name))
    assert page.status_code == 200
