from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from linli.base.gateways import Failed, TimedOut, memory
from linli.notices import actions
from linli.notices.models import Delivery, Notice
from linli.organisations import actions as organisations
from linli.people.models import Account, Person
from linli.trail.models import Look
from tests.cast import Willow

SignIn = Callable[[Person], Client]


@pytest.fixture
def sign_in() -> SignIn:
    """Sign in as staff (an account with a user name): powers come with it where the person has roles."""

    def enter(person: Person) -> Client:
        account = Account.objects.create(username=f"u{person.pk}")
        account.persons.add(person)
        client = Client()
        client.force_login(account)
        return client

    return enter


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def tell(person: Person, at: datetime, key: str = "cases.Case:7:resolved", **how: bool) -> Notice:
    actions.tell([person], key, "您说的事办好了", "灯亮了", "/cases/abc/", "这是您说的事", at, **how)
    return Notice.objects.of(person).get(key=key)


def test_looking_reads_nothing_and_one_tap_does(willow: Willow, sign_in: SignIn, now: datetime) -> None:
    notice = tell(willow.zhang, now)
    zhang = sign_in(willow.zhang)
    assert "1 条还没看" in zhang.get(reverse("notices:inbox")).content.decode()
    page = zhang.get(reverse("notices:notice", args=[notice.token])).content.decode()
    assert "灯亮了" in page
    assert "这是您说的事" in page
    assert Notice.objects.of(willow.zhang).unread().count() == 1
    answer = zhang.post(reverse("notices:read", args=[notice.token]), {"go": "1"})
    assert answer["Location"] == "/cases/abc/"
    assert not Notice.objects.of(willow.zhang).unread().exists()
    assert "都看过了" in zhang.get(reverse("notices:inbox")).content.decode()
    assert zhang.get(reverse("notices:read", args=[notice.token])).status_code == 405


def test_the_inbox_stands_in_the_order_of_time_though_told_in_another(
    willow: Willow, sign_in: SignIn, now: datetime
) -> None:
    newer = tell(willow.zhang, now)
    older = tell(willow.zhang, now - timedelta(days=60), "privacy.Consent:1")
    page = sign_in(willow.zhang).get(reverse("notices:inbox")).text
    assert page.index(newer.token) < page.index(older.token)


def test_a_notice_never_leads_out_of_the_house(willow: Willow, sign_in: SignIn, now: datetime) -> None:
    notice = tell(willow.zhang, now)
    Notice.objects.filter(pk=notice.pk).update(address="https://example.com/")
    answer = sign_in(willow.zhang).post(reverse("notices:read", args=[notice.token]), {"go": "1"})
    assert answer["Location"] == reverse("notices:inbox")


def test_nobody_opens_anothers_notice(willow: Willow, sign_in: SignIn, now: datetime) -> None:
    notice = tell(willow.zhang, now)
    stranger = sign_in(willow.neighbour)
    assert stranger.get(reverse("notices:notice", args=[notice.token])).status_code == 404
    assert stranger.post(reverse("notices:read", args=[notice.token])).status_code == 404
    assert stranger.post(reverse("notices:read_all")).status_code == 302
    assert Notice.objects.of(willow.zhang).unread().count() == 1
    assert "/sign" in Client().get(reverse("notices:inbox"))["Location"]


def test_whoever_has_the_number_sees_that_a_message_is_ours_and_nothing_more(
    willow: Willow, sign_in: SignIn, now: datetime
) -> None:
    memory.outcomes.clear()
    tell(willow.zhang, now, is_urgent=True)
    actions.send_next(now)
    delivery = Delivery.objects.get()
    page = Client().get(reverse("notices:check"), {"number": delivery.code.upper()}).content.decode()
    assert "是我们发的" in page
    assert delivery.text in page
    assert willow.zhang.name not in page
    assert "138" not in page
    wrong = Client().get(reverse("notices:check"), {"number": "<b>zzzz"}).content.decode()
    assert "不是我们发的" in wrong
    assert "<b>zzzz" not in wrong


def test_one_tap_stops_messages_of_a_kind_and_brings_them_back(willow: Willow, sign_in: SignIn) -> None:
    zhang = sign_in(willow.zhang)
    answer = zhang.post(reverse("notices:silence"), {"kind": "case"}, follow=True)
    assert "不再发短信" in answer.content.decode()
    assert willow.zhang.silences.filter(kind="case").exists()
    zhang.post(reverse("notices:silence"), {"kind": "case", "wanted": "1"})
    assert not willow.zhang.silences.exists()
    refused = zhang.post(reverse("notices:silence"), {"kind": "nonsense"})
    assert refused.status_code == 409
    assert "请从列表里选" in refused.content.decode()


def test_a_worker_of_the_place_decides_about_unknown_messages_and_a_stranger_sees_none(
    willow: Willow, sign_in: SignIn, now: datetime
) -> None:
    memory.outcomes[:] = [TimedOut(), Failed("空号")]
    tell(willow.zhang, now, is_urgent=True)
    tell(willow.neighbour, now, is_urgent=True)
    while actions.send_next(now):
        pass
    unknown = Delivery.objects.get(person=willow.zhang)
    page = sign_in(willow.sun).get(reverse("notices:troubled")).content.decode()
    assert "结果不明" in page
    assert "发送失败" in page
    assert willow.zhang.masked in page
    assert willow.zhang.name not in page
    stranger = sign_in(willow.stranger)
    assert "没有要处理的短信" in stranger.get(reverse("notices:troubled")).content.decode()
    assert stranger.post(reverse("notices:resend", args=[unknown.attempt])).status_code == 404
    assert sign_in(willow.zhao).get(reverse("notices:troubled")).status_code == 404
    sun = Client()
    sun.force_login(Account.objects.get(username=f"u{willow.sun.pk}"))
    assert sun.post(reverse("notices:resend", args=[unknown.attempt])).status_code == 302
    again = sun.post(reverse("notices:resend", args=[unknown.attempt]))
    assert again.status_code == 409
    assert "已经有人处理过" in again.content.decode()
    assert Delivery.objects.filter(person=willow.zhang).count() == 2


def test_a_worker_who_assists_reads_the_residents_notices_and_leaves_a_trace(
    willow: Willow, sign_in: SignIn, now: datetime
) -> None:
    tell(willow.chen, now)
    li = sign_in(willow.li)
    assert "您说的事办好了" not in li.get(reverse("notices:inbox")).content.decode()
    organisations.assist(willow.li, willow.desk, willow.chen, "陈伯在窗口", "counter", now)
    assert "您说的事办好了" in li.get(reverse("notices:inbox")).content.decode()
    assert Look.objects.about(willow.chen.subject).filter(fields="收到的通知").exists()


def test_the_inbox_asks_a_constant_number_of_questions(
    willow: Willow, sign_in: SignIn, now: datetime, django_assert_max_num_queries
) -> None:
    zhang = sign_in(willow.zhang)
    for number in range(45):
        tell(willow.zhang, now - timedelta(minutes=number), key=f"cases.Case:{number}:x")
    zhang.get(reverse("notices:inbox"))
    with django_assert_max_num_queries(6):
        page = zhang.get(reverse("notices:inbox"))
    assert page.content.decode().count("知道了</button>") == 21  # 20 rows and "all"
    assert "往下看" in page.content.decode()
