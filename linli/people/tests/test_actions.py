"""Persons, homes, proxies and ways to sign in, with real rows."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pyotp
import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from linli.base import gateways
from linli.base.errors import Refused
from linli.people import actions as people
from linli.people.models import Account, PendingNotice, Person, Proxy, Residency, SignInCode, Tries
from linli.people.rules import Scope, Tenure, device_words
from linli.places import actions as places
from linli.places.models import Kind

AT = datetime(2026, 3, 9, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = AT.date()
NUMBER = "13800138000"
HERE = "203.0.113.7"


@pytest.fixture
def sms():
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


@pytest.fixture
def cast(db):
    names = {"zhang": "张阿姨", "daughter": "陈小梅", "li": "李网格员"}
    return SimpleNamespace(**{key: people.register(name, "", AT) for key, name in names.items()})


def code_in(sms):
    return "".join(sign for sign in sms.sent[-1][2].split("登录码")[1][:8] if sign.isdigit())


def test_registering_twice_is_registering_once_and_the_number_is_sealed(db):
    first = people.register("张阿姨", "138 0013 8000", AT)
    assert people.register("张阿姨", NUMBER, AT) == first
    assert people.register("张伯伯", NUMBER, AT) != first
    stored = Person.objects.get(pk=first.pk)
    assert stored.phone == NUMBER
    assert NUMBER.encode() not in bytes(stored.phone_sealed)
    assert Person.objects.of_phone(NUMBER).order_by("pk").first() == first
    assert not Person.objects.of_phone("").exists()


@pytest.mark.parametrize("name", ["䶮", "𬱖", "👨‍👩‍👧", "<script>alert(1)</script>"])
def test_a_rare_or_strange_name_is_kept_as_written(db, name):
    assert Person.objects.get(pk=people.register(name, "", AT).pk).name == name


def test_a_new_number_becomes_a_person_and_a_known_one_finds_all_who_share_it(db, sms):
    asked = people.send_sign_in_code(NUMBER, HERE, AT)
    account = people.open_sign_in_code(asked.token, code_in(sms), HERE, AT)
    assert [person.phone for person in account.persons.all()] == [NUMBER]
    elder = people.register("陈伯", NUMBER, AT)
    later = AT + timedelta(minutes=2)
    asked = people.send_sign_in_code(NUMBER, HERE, later)
    assert people.open_sign_in_code(asked.token, code_in(sms), HERE, later) == account
    assert elder in account.persons.all()
    assert Account.objects.count() == 1


def test_asking_for_a_code_leaves_the_same_rows_and_answer_for_known_and_unknown_numbers(db, sms):
    people.register("张阿姨", NUMBER, AT)
    known = people.send_sign_in_code(NUMBER, HERE, AT)
    unknown = people.send_sign_in_code("13900139000", HERE, AT)
    assert (known.outcome, known.ends_at) == (unknown.outcome, unknown.ends_at)
    assert len(sms.sent) == 2
    assert Person.objects.count() == 1


def test_a_code_opens_once_for_ten_minutes_and_only_the_newest(db, sms):
    first = people.send_sign_in_code(NUMBER, HERE, AT)
    old = code_in(sms)
    second = people.send_sign_in_code(NUMBER, HERE, AT + timedelta(minutes=1))
    code, at = code_in(sms), AT + timedelta(minutes=2)
    with pytest.raises(Refused):
        people.open_sign_in_code(first.token, old, HERE, at)
    with pytest.raises(Refused):
        people.open_sign_in_code(second.token, code, HERE, AT + timedelta(minutes=11))
    people.open_sign_in_code(second.token, code, HERE, at)
    with pytest.raises(Refused, match="用过"):
        people.open_sign_in_code(second.token, code, HERE, at)


def test_five_wrong_tries_kill_a_code_even_for_the_right_one(db, sms):
    asked = people.send_sign_in_code(NUMBER, HERE, AT)
    right = code_in(sms)
    wrong = "000000" if right != "000000" else "111111"
    for _try in range(5):
        with pytest.raises(Refused):
            people.open_sign_in_code(asked.token, wrong, HERE, AT)
    with pytest.raises(Refused):
        people.open_sign_in_code(asked.token, right, HERE, AT)
    assert SignInCode.objects.get(pk=asked.pk).used_at is None


def test_codes_to_one_number_are_limited_from_wherever_they_are_asked(db, sms):
    people.send_sign_in_code(NUMBER, HERE, AT)
    with pytest.raises(Refused, match="请在 10:01 以后"):
        people.send_sign_in_code(NUMBER, "198.51.100.1", AT + timedelta(seconds=59))
    for minute in range(1, 5):
        people.send_sign_in_code(NUMBER, f"198.51.100.{minute}", AT + timedelta(minutes=minute))
    with pytest.raises(Refused, match="次数太多"):
        people.send_sign_in_code(NUMBER, HERE, AT + timedelta(minutes=30))
    people.send_sign_in_code(NUMBER, HERE, AT + timedelta(minutes=61))
    assert len(sms.sent) == 6


def test_codes_asked_from_one_address_are_limited_whatever_the_number(db, sms):
    for number in range(30):
        people.send_sign_in_code(f"138{number:08d}", HERE, AT)
    with pytest.raises(Refused, match="次数太多"):
        people.send_sign_in_code("13900139000", HERE, AT)
    people.send_sign_in_code("13900139000", "198.51.100.1", AT)
    assert not Tries.objects.filter(key__contains=HERE).exists()


def test_a_silent_gateway_leaves_the_outcome_unknown_and_sends_nothing_again(db, sms):
    sms.outcomes[:] = [gateways.TimedOut(), gateways.Failed("余额不足")]
    assert people.send_sign_in_code(NUMBER, HERE, AT).outcome == "unknown"
    assert people.send_sign_in_code("13900139000", HERE, AT).outcome == "failed"
    assert len(sms.sent) == 2


def test_a_gateway_that_breaks_is_unknown_and_one_that_refuses_has_failed(settings, sms):
    settings.SMS_GATEWAY = "linli.people.tests.test_actions.broken"
    assert gateways.send("1", NUMBER, "") == gateways.TimedOut()
    settings.SMS_GATEWAY = "linli.people.tests.test_actions.refusing"
    assert isinstance(gateways.send("1", NUMBER, ""), gateways.Failed)


def broken(attempt, number, text):
    raise TimeoutError


def refusing(attempt, number, text):
    raise ConnectionRefusedError


def test_the_file_gateway_appends_one_line_for_its_owner_only(settings, tmp_path):
    settings.DATA = tmp_path
    gateways.file("a1", NUMBER, "登录码")
    gateways.file("a2", NUMBER, "登录码")
    path = tmp_path / "messages.jsonl"
    assert len(path.read_text(encoding="utf-8").splitlines()) == 2
    assert path.stat().st_mode & 0o077 == 0


def test_one_phone_serves_eight_people_and_a_stranger_on_it_can_be_sent_away(db, sms):
    account = people.open_phone_account(people.register("张阿姨", NUMBER, AT), AT)
    for number in range(7):
        people.add_person_to_account(account, f"家人{number}", AT)
    with pytest.raises(Refused, match="最多 8 个人"):
        people.add_person_to_account(account, "第九位", AT)
    gone = Person.objects.get(name="家人3")
    people.leave_account(account, gone, AT)
    gone.refresh_from_db()
    assert gone.phone == ""
    assert gone not in people.open_phone_account(Person.objects.get(name="张阿姨"), AT).persons.all()
    assert gone.pending_notices.filter(title="一个手机号不再代表您").exists()


def test_a_paper_code_opens_until_it_is_revoked_or_replaced(cast):
    first = people.issue_paper_code(cast.zhang, cast.li, AT)
    account = people.open_paper_code(first.upper(), HERE, AT)
    assert list(account.persons.all()) == [cast.zhang]
    device = people.record_sign_in(account, "k" * 32, "mark", "平板", AT, AT + timedelta(hours=12))
    second = people.issue_paper_code(cast.zhang, cast.li, AT)
    device.refresh_from_db()
    assert device.ended_at == AT
    with pytest.raises(Refused, match="作废"):
        people.open_paper_code(first, HERE, AT)
    assert people.open_paper_code(second, HERE, AT) == account
    people.revoke_paper_code(cast.zhang, cast.li, AT)
    with pytest.raises(Refused, match="作废"):
        people.open_paper_code(second, HERE, AT)


def staff_account(cast):
    account, password = people.open_staff_account(cast.li, "Li", None, AT)
    account = people.change_password(account, "long-and-own-9", AT)
    people.prepare_totp(account)
    account.refresh_from_db()
    return account, password


def test_staff_sign_in_needs_the_password_whoever_asks_and_says_the_same_for_no_such_user(cast):
    staff_account(cast)
    assert people.check_password(" LI ", "long-and-own-9", HERE, AT).username == "li"
    said = []
    for username, password in (("li", "wrong"), ("nobody", "wrong"), ("", "wrong")):
        with pytest.raises(Refused) as refused:
            people.check_password(username, password, HERE, AT)
        said.append(refused.value.reason)
    assert len(set(said)) == 1


def test_passwords_are_limited_by_account_from_many_addresses_and_by_time_end(cast):
    staff_account(cast)
    for number in range(5):
        with pytest.raises(Refused, match="不对"):
            people.check_password("li", "wrong", f"198.51.100.{number}", AT)
    with pytest.raises(Refused, match="次数太多"):
        people.check_password("li", "long-and-own-9", HERE, AT)
    people.check_password("li", "long-and-own-9", HERE, AT + timedelta(minutes=15))


def test_a_totp_code_opens_once_and_an_older_one_never_after_it(cast):
    account, _password = staff_account(cast)
    totp = pyotp.TOTP(account.totp_secret)
    earlier, now = totp.at(AT - timedelta(seconds=30)), totp.at(AT)
    people.check_totp(account, now, AT)
    for code in (now, earlier):
        with pytest.raises(Refused, match="用过"):
            people.check_totp(account, code, AT)
    later = AT + timedelta(seconds=30)
    assert people.check_totp(account, totp.at(later), later).totp_enrolled_at == AT


def test_totp_codes_cannot_be_guessed_at_leisure(cast):
    account, _password = staff_account(cast)
    right = pyotp.TOTP(account.totp_secret).at(AT)
    for _try in range(5):
        with pytest.raises(Refused, match="不对"):
            people.check_totp(account, "12345", AT)
    with pytest.raises(Refused, match="次数太多"):
        people.check_totp(account, right, AT)


def test_a_password_given_out_must_be_replaced_by_a_good_one(cast):
    account, password = people.open_staff_account(cast.li, "li", None, AT)
    assert account.must_change_password
    for bad, words in ((password, "不能和现在的一样"), ("short", "10"), ("password123", "常见|普通")):
        with pytest.raises(Refused, match=words):
            people.change_password(account, bad, AT)
    assert not people.change_password(account, "柳树下的一把椅子 9", AT).must_change_password
    with pytest.raises(Refused, match="已经有用户名"):
        people.open_staff_account(cast.li, "li2", None, AT)


def test_recovery_ends_every_device_and_the_old_authenticator(cast):
    account, _password = staff_account(cast)
    people.check_totp(account, pyotp.TOTP(account.totp_secret).at(AT), AT)
    device = people.record_sign_in(account, "k" * 32, "mark", "电脑", AT, AT + timedelta(days=30))
    people.reset_staff_account(account, cast.zhang, AT)
    device.refresh_from_db()
    account.refresh_from_db()
    assert (device.ended_at, account.totp_secret, account.totp_enrolled_at) == (AT, "", None)
    assert cast.li.pending_notices.filter(title="您的工作账号已重置").exists()


def test_a_new_device_is_told_the_first_and_a_known_one_are_not(cast):
    account = people.open_phone_account(people.register("张阿姨", NUMBER, AT), AT)
    person, end = account.persons.get(), AT + timedelta(days=180)
    people.record_sign_in(account, "a" * 32, "phone", "手机", AT, end)
    people.record_sign_in(account, "b" * 32, "phone", "手机", AT, end)
    assert not person.pending_notices.exists()
    people.record_sign_in(account, "c" * 32, "tablet", "平板", AT, end)
    assert person.pending_notices.get().body.startswith("平板")


def test_a_home_counts_once_somebody_else_vouches_and_never_oneself(cast, home):
    own = people.settle(cast.zhang, home, Tenure.OWNER, date(2025, 1, 1), "self", AT)
    assert people.settle(cast.zhang, home, Tenure.OWNER, date(2025, 1, 1), "self", AT) == own
    child = people.settle(cast.daughter, home, Tenure.FAMILY, TODAY, "self", AT)
    for vouching in (cast.daughter, cast.zhang):  # herself; and someone not verified
        with pytest.raises(Refused):
            people.confirm_family(child, vouching, AT)
    people.verify(own, cast.li, AT, Residency.Source.COUNTER)
    assert list(Residency.objects.awaiting_family(cast.zhang, TODAY)) == [child]
    verified = people.confirm_family(child, cast.zhang, AT)
    assert (verified.source, verified.verified_by) == ("family", cast.zhang)
    assert cast.daughter.pending_notices.filter(title="您的住处已核验").exists()


def test_moving_out_ends_the_right_to_vouch_the_same_day_and_history_stays(cast, home):
    own = people.settle(cast.zhang, home, Tenure.OWNER, date(2025, 1, 1), "self", AT)
    people.verify(own, cast.li, AT, Residency.Source.COUNTER)
    child = people.settle(cast.daughter, home, Tenure.FAMILY, TODAY, "self", AT)
    people.move_out(own, TODAY, cast.zhang, AT)
    assert cast.zhang.home_now(TODAY) is None
    assert cast.zhang.home_now(TODAY - timedelta(days=1)) == home
    assert not Residency.objects.awaiting_family(cast.zhang, TODAY).exists()
    with pytest.raises(Refused, match="同住一户"):
        people.confirm_family(child, cast.zhang, AT)
    assert cast.zhang.residencies.count() == 1
    back = people.settle(cast.zhang, home, Tenure.TENANT, TODAY, "self", AT)
    assert back != own
    with pytest.raises(Refused, match="早于"):
        people.move_out(back, TODAY - timedelta(days=1), cast.zhang, AT)


def test_a_home_code_verifies_one_person_once_within_two_weeks(cast, home):
    _row, code = people.issue_home_code(home, cast.li, AT)
    with pytest.raises(Refused, match="过期"):
        people.use_home_code(cast.zhang, code, Tenure.OWNER, HERE, AT + timedelta(days=14))
    residency = people.use_home_code(cast.zhang, f" {code.upper()} ", Tenure.OWNER, HERE, AT)
    assert (residency.source, residency.verified_at) == ("code", AT)
    with pytest.raises(Refused, match="用过"):
        people.use_home_code(cast.daughter, code, Tenure.FAMILY, HERE, AT)
    for _try in range(4):
        with pytest.raises(Refused, match="不对"):
            people.use_home_code(cast.daughter, "aaaaaaaa", Tenure.FAMILY, HERE, AT)
    with pytest.raises(Refused, match="次数太多"):
        people.use_home_code(cast.daughter, "aaaaaaaa", Tenure.FAMILY, HERE, AT)


def test_a_proxy_is_scoped_told_and_ended_by_either_side(cast):
    proxy = people.grant_proxy(cast.zhang, cast.daughter, Scope.CASES, cast.zhang, AT)
    assert people.grant_proxy(cast.zhang, cast.daughter, Scope.CASES, cast.zhang, AT) == proxy
    assert people.may_act_for(cast.daughter, cast.zhang, Scope.CASES, AT)
    assert not people.may_act_for(cast.daughter, cast.zhang, Scope.NOTICES, AT)
    assert not people.may_act_for(cast.zhang, cast.daughter, Scope.CASES, AT)
    assert people.may_act_for(cast.zhang, cast.zhang, Scope.CASES, AT)
    assert cast.zhang.pending_notices.count() == cast.daughter.pending_notices.count() == 1
    with pytest.raises(Refused, match="只有本人"):
        people.revoke_proxy(proxy, cast.li, AT)
    people.revoke_proxy(proxy, cast.daughter, AT)
    assert not people.may_act_for(cast.daughter, cast.zhang, Scope.CASES, AT)
    assert cast.zhang.pending_notices.filter(title="亲情代办已收回").exists()


def test_nobody_grants_themselves_and_a_grant_ends_by_time(cast):
    for principal, agent, by in (
        (cast.zhang, cast.daughter, cast.daughter),
        (cast.zhang, cast.zhang, cast.li),
    ):
        with pytest.raises(Refused, match="自己"):
            people.grant_proxy(principal, agent, Scope.CASES, by, AT)
    until = AT + timedelta(days=1)
    people.grant_proxy(cast.zhang, cast.daughter, Scope.EVERYTHING, cast.li, AT, until)
    assert people.may_act_for(cast.daughter, cast.zhang, Scope.NOTICES, until - timedelta(seconds=1))
    assert not people.may_act_for(cast.daughter, cast.zhang, Scope.NOTICES, until)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proxy.objects.create(
            principal=cast.zhang, agent=cast.daughter, scope=Scope.CASES, granted_at=AT, granted_by=cast.li
        )


def test_what_is_left_to_tell_is_handed_over_once_in_order(cast):
    people.notify(cast.zhang, "a", "一", "", "", AT)
    people.notify(cast.zhang, "a", "一", "", "", AT)
    people.notify(cast.zhang, "b", "二", "", "", AT)
    assert [row.title for row in people.take_pending_notices(AT)] == ["一", "二"]
    assert people.take_pending_notices(AT) == []
    assert PendingNotice.objects.count() == 2


def test_what_signing_in_no_longer_needs_is_forgotten_and_the_rest_stays(cast, sms):
    asked = people.send_sign_in_code(NUMBER, HERE, AT)
    account = people.open_sign_in_code(asked.token, code_in(sms), HERE, AT)
    people.record_sign_in(account, "k" * 32, "phone", "手机", AT, AT + timedelta(days=180))
    assert set(people.forget_old(AT + timedelta(hours=23)).values()) == {0}
    gone = people.forget_old(AT + timedelta(days=2))
    assert (gone["codes"], gone["devices"]) == (1, 0)
    assert gone["tries"] == 4
    assert set(people.forget_old(AT + timedelta(days=2)).values()) == {0}
    assert people.forget_old(AT + timedelta(days=211))["devices"] == 1
    assert Account.objects.filter(pk=account.pk).exists()


def test_a_name_is_ones_own_until_the_home_is_verified(cast, home):
    assert people.rename(cast.zhang, " 张  秀英 ", cast.zhang, AT).name == "张 秀英"
    own = people.settle(cast.zhang, home, Tenure.OWNER, TODAY, "self", AT)
    people.verify(own, cast.li, AT, Residency.Source.COUNTER)
    with pytest.raises(Refused, match="窗口"):
        people.rename(cast.zhang, "别人", cast.zhang, AT)


@pytest.mark.parametrize(
    "words", ["attend", "online", "last_seen", "last_login", "check_in", "points", "rank"]
)
def test_g04_g05_no_column_counts_presence_of_staff(words):
    """G04, G05: no attendance, online time, points or last log-in anywhere in these schemas."""
    fields = [
        field.name
        for model in (Account, Person, *Account._meta.apps.get_app_config("organisations").get_models())
        for field in model._meta.get_fields()
    ]
    assert not [name for name in fields if words in name]
    assert Account.last_login is None


def test_f01_no_way_in_asks_for_a_face():
    """F01: phone, paper code, password with TOTP; no column, address or verb of a face."""
    names = [field.name for model in (Account, Person, SignInCode) for field in model._meta.get_fields()]
    assert not [name for name in [*names, *people.__all__] if "face" in name or "biometric" in name]


def test_what_is_told_is_in_the_deployments_language_though_the_device_speaks_english(cast):
    account = people.open_phone_account(people.register("张阿姨", NUMBER, AT), AT)
    end = AT + timedelta(days=180)
    with override("en"):
        people.record_sign_in(account, "a" * 32, "phone", "手机", AT, end)
        people.record_sign_in(account, "c" * 32, "tablet", device_words("Chrome/120 Linux"), AT, end)
    told = account.persons.get().pending_notices.get()
    assert told.title == "您的账号在一台新设备上登录了"
    assert told.body.startswith("Linux 电脑 · Chrome 浏览器，")
