from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.utils.translation import gettext_lazy, override
from django_q.models import OrmQ

from linli.base.errors import Refused
from linli.base.gateways import Failed, Sent, TimedOut, memory
from linli.notices import actions, jobs
from linli.notices.models import Delivery, Notice
from linli.notices.rules import Kind, State
from linli.people import actions as people
from linli.people.models import Person, Proxy
from tests.cast import Willow

KEY = "cases.Case:7:resolved"


@pytest.fixture(autouse=True)
def empty_gateway() -> Iterator[None]:
    memory.sent.clear()
    memory.outcomes.clear()
    yield
    memory.sent.clear()
    memory.outcomes.clear()


def tell(person: Person, at: datetime, key: str = KEY, title: str = "您说的事办好了", **how: bool) -> None:
    actions.tell([person], key, title, "3幢路灯已换", "/cases/abc/", "这是您说的事", at, **how)


def send_all(at: datetime) -> int:
    count = 0
    while actions.send_next(at):
        count += 1
    return count


def test_telling_twice_with_one_key_tells_once_and_sends_once(willow: Willow, at: datetime) -> None:
    tell(willow.zhang, at)
    tell(willow.zhang, at + timedelta(hours=1), title="别的标题")
    send_all(at + timedelta(hours=1))
    assert [notice.title for notice in Notice.objects.of(willow.zhang)] == ["您说的事办好了"]
    assert len(memory.sent) == 1
    tell(willow.zhang, at, key="cases.Case:8:resolved")
    assert Notice.objects.of(willow.zhang).count() == 2


def test_the_message_carries_its_number_and_no_personal_data(willow: Willow, at: datetime) -> None:
    tell(willow.zhang, at)
    send_all(at)
    (attempt, number, text) = memory.sent[0]
    assert number == "13800000001"
    assert attempt[:4] in text
    assert "/notices/check/" in text
    assert "您说的事办好了" in text
    assert "路灯" not in text  # the body stays in the house
    assert willow.zhang.name not in text
    tell(willow.zhang, at, key="cases.Case:9:x", title="张秀英请回电 13900000000")
    send_all(at)
    assert "13900000000" not in memory.sent[1][2]
    assert "您有一条新消息" in memory.sent[1][2]


def test_telling_enqueues_in_the_same_transaction_or_not_at_all(willow: Willow, at: datetime) -> None:
    before = OrmQ.objects.count()

    class NeverMindError(Exception):
        pass

    def tell_and_change_our_mind() -> None:
        with transaction.atomic():
            tell(willow.zhang, at)
            assert OrmQ.objects.count() == before + 1
            raise NeverMindError

    with pytest.raises(NeverMindError):
        tell_and_change_our_mind()
    assert OrmQ.objects.count() == before
    assert not Notice.objects.exists()
    assert not Delivery.objects.exists()


def test_who_has_no_telephone_and_what_is_for_inside_only_sends_nothing(willow: Willow, at: datetime) -> None:
    tell(willow.chen, at)
    tell(willow.zhang, at, outside=False)
    assert send_all(at) == 0
    assert Notice.objects.count() == 2


def test_family_who_receive_notices_get_them_once_and_are_told_why(willow: Willow, at: datetime) -> None:
    proxy = people.grant_proxy(willow.chen, willow.daughter, Proxy.Scope.NOTICES, by=willow.chen, at=at)
    tell(willow.chen, at)
    actions.tell([willow.chen, willow.daughter], KEY, "再说一遍", "", "", "", at)
    copy = Notice.objects.of(willow.daughter).get(key=KEY)
    assert "收通知" in copy.because
    assert "这是您说的事" in copy.because
    send_all(at)
    assert [number for _attempt, number, _text in memory.sent] == ["13800000003"]
    people.revoke_proxy(proxy, by=willow.chen, at=at + timedelta(minutes=1))
    tell(willow.chen, at + timedelta(minutes=2), key="cases.Case:8:resolved")
    assert not Notice.objects.of(willow.daughter).filter(key="cases.Case:8:resolved").exists()


def test_a_gateway_timeout_is_unknown_and_is_never_sent_again_by_itself(willow: Willow, at: datetime) -> None:
    memory.outcomes.append(TimedOut())
    tell(willow.zhang, at)
    assert send_all(at) == 1
    delivery = Delivery.objects.get()
    assert delivery.state == State.UNKNOWN
    for later in (at + timedelta(minutes=20), at + timedelta(days=1), at + timedelta(days=5)):
        actions.mark_lost(later)
        actions.expire(later)
        send_all(later)
    assert len(memory.sent) == 1
    assert Delivery.objects.get().state == State.UNKNOWN
    assert delivery in Delivery.objects.troubled()


def test_a_person_sends_again_as_a_new_attempt_and_only_once(willow: Willow, at: datetime) -> None:
    memory.outcomes.append(TimedOut())
    tell(willow.zhang, at)
    send_all(at)
    first = Delivery.objects.get()
    again = actions.resend(first, by=willow.sun, at=at)
    with pytest.raises(Refused, match="已经有人处理过"):
        actions.resend(first, by=willow.li, at=at)
    send_all(at)
    assert [attempt for attempt, _number, _text in memory.sent] == [first.attempt, again.attempt]
    assert first.attempt != again.attempt
    again.refresh_from_db()
    assert (again.state, again.ordinal) == (State.SENT, 2)
    assert not Delivery.objects.troubled().exists()
    with pytest.raises(Refused, match="不用再处理"):
        actions.resend(again, by=willow.sun, at=at)


def test_a_failed_message_can_be_laid_to_rest(willow: Willow, at: datetime) -> None:
    memory.outcomes.append(Failed("空号"))
    tell(willow.zhang, at)
    send_all(at)
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.words) == (State.FAILED, "空号")
    actions.settle(delivery, by=willow.sun, at=at)
    assert not Delivery.objects.troubled().exists()
    delivery.refresh_from_db()
    assert delivery.settled_by == willow.sun


def test_a_worker_killed_between_sending_and_recording_leaves_unknown_and_no_second_message(
    willow: Willow, at: datetime, settings
) -> None:
    settings.SMS_GATEWAY = "linli.notices.tests.test_actions.killed"
    tell(willow.zhang, at)
    with pytest.raises(SystemExit):
        actions.send_next(at)
    delivery = Delivery.objects.get()
    assert delivery.state == State.SENDING
    settings.SMS_GATEWAY = "linli.base.gateways.memory"
    assert send_all(at + timedelta(minutes=1)) == 0  # the job that runs again finds nothing to send
    assert actions.mark_lost(at + timedelta(minutes=9)) == 0
    assert actions.mark_lost(at + timedelta(minutes=10)) == 1
    assert send_all(at + timedelta(hours=1)) == 0
    delivery.refresh_from_db()
    assert delivery.state == State.UNKNOWN
    assert memory.sent == []


def killed(attempt: str, number: str, text: str) -> Sent:
    """A gateway in which the process ends, as after kill -9: nothing after it runs."""
    raise SystemExit


def test_the_cap_holds_the_rest_for_one_digest_and_life_safety_passes(
    willow: Willow, at: datetime, settings
) -> None:
    settings.NOTICES_A_DAY = 2
    for number in range(5):
        tell(willow.zhang, at, key=f"cases.Case:{number}:x")
    send_all(at)
    assert len(memory.sent) == 2
    assert Delivery.objects.filter(state=State.HELD).count() == 3
    tell(willow.zhang, at, key="cases.Case:99:gas", title="燃气泄漏，请马上离开", is_urgent=True)
    send_all(at)
    assert len(memory.sent) == 3
    assert actions.send_digests(at) == 0  # ten in the morning
    evening = at.replace(hour=18)
    assert actions.send_digests(evening) == 1
    assert actions.send_digests(evening + timedelta(hours=1)) == 0
    send_all(evening + timedelta(hours=1))
    assert len(memory.sent) == 4
    assert "3 条消息" in memory.sent[3][2]
    assert Notice.objects.of(willow.zhang).count() == 6
    tomorrow = at + timedelta(days=1)
    tell(willow.zhang, tomorrow, key="cases.Case:100:x")
    send_all(tomorrow)
    assert len(memory.sent) == 5


def test_a_message_of_the_night_goes_out_in_the_morning(willow: Willow, at: datetime) -> None:
    night = at.replace(hour=23)
    tell(willow.zhang, night)
    tell(willow.neighbour, night, key="cases.Case:1:gas", title="燃气泄漏，请马上离开", is_urgent=True)
    send_all(night)
    assert [number for _attempt, number, _text in memory.sent] == ["13800000004"]
    send_all(night + timedelta(hours=8))
    assert [number for _attempt, number, _text in memory.sent] == ["13800000004", "13800000001"]


def test_one_tap_stops_a_kind_outside_but_not_in_the_app_and_not_life_safety(
    willow: Willow, at: datetime
) -> None:
    actions.silence(willow.zhang, Kind.CASE, at)
    actions.silence(willow.zhang, Kind.CASE, at)
    tell(willow.zhang, at)
    tell(willow.zhang, at, key="people.Proxy:1:x")
    tell(willow.zhang, at, key="cases.Case:1:gas", is_urgent=True)
    send_all(at)
    assert Notice.objects.of(willow.zhang).count() == 3
    assert len(memory.sent) == 2
    actions.unsilence(willow.zhang, Kind.CASE)
    tell(willow.zhang, at, key="cases.Case:8:x")
    send_all(at)
    assert len(memory.sent) == 3
    with pytest.raises(Refused):
        actions.silence(willow.zhang, "everything", at)


def test_what_waited_for_days_is_given_up_and_still_stands_in_the_app(willow: Willow, at: datetime) -> None:
    tell(willow.zhang, at - timedelta(days=60))
    assert send_all(at) == 0
    assert actions.expire(at) == 1
    assert Delivery.objects.get().state == State.FAILED
    assert not Delivery.objects.troubled().exists()
    assert Notice.objects.of(willow.zhang).unread().count() == 1


def test_what_lower_floors_left_to_tell_is_told_once(willow: Willow, at: datetime) -> None:
    while actions.tell_pending(at):
        pass
    before = Notice.objects.count()
    people.notify(willow.zhang, "people.Proxy:9:granted", "您授权了家人", "", "/people/", at)
    people.notify(willow.zhang, "people.Proxy:9:granted", "您授权了家人", "", "/people/", at)
    assert actions.tell_pending(at) == 1
    assert actions.tell_pending(at) == 0
    assert Notice.objects.count() == before + 1


def test_what_is_kept_is_in_the_deployments_language_whoever_acts(willow: Willow, at: datetime) -> None:
    people.grant_proxy(willow.chen, willow.daughter, Proxy.Scope.NOTICES, by=willow.chen, at=at)
    with override("en"):
        actions.tell([willow.chen], KEY, gettext_lazy("通知"), "", "", "", at)
    copy = Notice.objects.of(willow.daughter).get(key=KEY)
    assert (copy.title, "收通知" in copy.because) == ("通知", True)


def test_reading_counts_the_first_time(willow: Willow, at: datetime) -> None:
    tell(willow.zhang, at)
    notice = Notice.objects.get()
    actions.read(notice, at)
    actions.read(notice, at + timedelta(days=1))
    notice.refresh_from_db()
    assert notice.read_at == at
    tell(willow.zhang, at, key="cases.Case:8:x")
    actions.read_all(willow.zhang, at)
    assert not Notice.objects.of(willow.zhang).unread().exists()


def test_the_jobs_do_the_round(willow: Willow, at: datetime, monkeypatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: at)
    people.notify(willow.zhang, "people.Proxy:9:granted", "您授权了家人", "", "/people/", at)
    jobs.sweep()
    jobs.send_digests()
    assert "13800000001" in [number for _attempt, number, _text in memory.sent]
    told = len(memory.sent)
    jobs.sweep()
    jobs.send_waiting()
    assert len(memory.sent) == told


def test_telling_many_takes_a_constant_number_of_statements_per_chunk(
    willow: Willow, at: datetime, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(12):
        actions.tell(willow.everyone().values(), KEY, "停水通知", "", "", "您住在这里", at)
    assert Notice.objects.count() == len(willow.everyone())
