"""Messages leave the house: each attempt once, whatever happens to the sender or the gateway."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from linli.base import gateways
from linli.base.errors import require
from linli.base.jobs import later
from linli.base.text import shorten
from linli.notices.models import Delivery
from linli.notices.rules import TROUBLED, State, is_digest_hour, may_leave_at, may_say_outside
from linli.people.models import Person

CHUNK = 500
SEND_WAITING = "linli.notices.jobs.send_waiting"


def send_next(at: datetime) -> Delivery | None:
    """Send the message whose turn it is; None where nothing waits. Call it outside a transaction.

    The attempt is claimed and committed before the gateway is called, so that a second run, a second worker
    or a restarted one never sends it again: what dies between stays "sending" until `mark_lost` says unknown.
    """
    waiting = Delivery.objects.due(at).order_by("not_before", "pk").first()
    if waiting is None:
        return None
    claimed = _claim(waiting.pk, at)
    if claimed is not None:
        _record(claimed, gateways.send(claimed.attempt, claimed.person.phone, claimed.text), at)
    return waiting


@transaction.atomic
def _claim(attempt: int, at: datetime) -> Delivery | None:
    """Take one waiting attempt for sending, or hold it for the digest where the person had enough today."""
    waiting = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).due(at)
    delivery = waiting.select_related("notice", "person").filter(pk=attempt).first()
    if delivery is None:
        return None
    delivery.moved_at = at
    delivery.state = State.HELD if delivery.is_capped and _had_enough(delivery.person, at) else State.SENDING
    delivery.text = delivery.text or _outside_text(delivery)
    delivery.save(update_fields=["moved_at", "state", "text"])
    return delivery if delivery.state == State.SENDING else None


def _had_enough(person: Person, at: datetime) -> bool:
    """Whether the daily cap is reached; the person is locked so that two messages are counted one by one."""
    Person.objects.select_for_update().get(pk=person.pk)
    morning = localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    left = Delivery.objects.left_between(person.pk, morning, morning + timedelta(days=1))
    cap: int = settings.NOTICES_A_DAY
    return left.count() >= cap


def _record(delivery: Delivery, outcome: gateways.Outcome, at: datetime) -> None:
    """Write down what the gateway said; silence is "unknown", for a person to decide about."""
    state, words = State.SENT, ""
    if isinstance(outcome, gateways.Failed):
        state, words = State.FAILED, outcome.words[:200]
    elif isinstance(outcome, gateways.TimedOut):
        state, words = State.UNKNOWN, _("短信通道没有回音，可能已送出。")
    undecided = Delivery.objects.filter(
        pk=delivery.pk, state__in=(State.SENDING, State.UNKNOWN), settled_at=None
    )
    undecided.update(state=state, words=words, moved_at=at)


def _outside_text(delivery: Delivery) -> str:
    """Compose what is sent: no personal data, no request, and how to check that it is ours."""
    if delivery.notice is None:
        count = delivery.sums_up.count()
        words = _("今天还有 %(n)s 条消息在邻里等您看") % {"n": count}
    elif may_say_outside(delivery.notice.title, delivery.person.name):
        words = shorten(delivery.notice.title, 60)
    else:
        words = _("您有一条新消息：%(kind)s") % {"kind": delivery.notice.get_kind_display()}
    frame = _(
        "【邻里】%(words)s。编号 %(code)s，真假可在 %(site)s/notices/check/ 核对。我们从不要钱、要验证码。"
    )
    site = settings.PUBLIC_ADDRESS.rstrip("/")
    return frame % {"words": words.rstrip("。！"), "code": delivery.code, "site": site}


@transaction.atomic
def mark_lost(at: datetime) -> int:
    """Call unknown what a sender took and never reported on. It is not sent again: it may have gone out."""
    words = _("发送程序中断，可能已送出。")
    return Delivery.objects.lost(at).update(state=State.UNKNOWN, words=words, moved_at=at)


@transaction.atomic
def expire(at: datetime) -> int:
    """Give up what waited for days (the worker was off); its notices still stand in the app."""
    words = _("等得太久，没有发送。")
    return Delivery.objects.expired(at).update(state=State.FAILED, words=words, moved_at=at, settled_at=at)


@transaction.atomic
def send_digests(at: datetime) -> int:
    """Sum up for each person, once a day and from 18:00, what the daily cap held back. Returns how many."""
    day = localtime(at).date()
    if not is_digest_hour(localtime(at)):
        return 0
    persons = list(Delivery.objects.to_sum_up(day).values_list("person_id", flat=True).distinct()[:CHUNK])
    fresh = [
        Delivery(person_id=person, digest_on=day, at=at, moved_at=at, not_before=at) for person in persons
    ]
    Delivery.objects.bulk_create(fresh, ignore_conflicts=True)
    held = Delivery.objects.filter(state=State.HELD, digest=None)
    for digest in Delivery.objects.filter(digest_on=day, ordinal=1, person__in=persons):
        held.filter(person=digest.person_id).update(digest=digest)
    if persons:
        later(SEND_WAITING)
    return len(persons)


@transaction.atomic
def resend(delivery: Delivery, by: Person, at: datetime) -> Delivery:
    """Send again, by a person's decision, what failed or is unknown: a new attempt with its own number."""
    troubled = _troubled(delivery)
    again = Delivery.objects.create(
        notice=troubled.notice,
        person_id=troubled.person_id,
        ordinal=troubled.ordinal + 1,
        channel=troubled.channel,
        digest_on=troubled.digest_on,
        at=at,
        moved_at=at,
        not_before=may_leave_at(localtime(at), is_urgent=bool(troubled.notice and troubled.notice.is_urgent)),
    )
    troubled.sums_up.update(digest=again)
    _decide(troubled, by, at)
    later(SEND_WAITING)
    return again


@transaction.atomic
def settle(delivery: Delivery, by: Person, at: datetime) -> None:
    """Let a failed or unknown message rest: the person was reached otherwise, or need not be."""
    _decide(_troubled(delivery), by, at)


def _troubled(delivery: Delivery) -> Delivery:
    locked = Delivery.objects.select_for_update().get(pk=delivery.pk)
    require(locked.state in TROUBLED, _("这条短信没有失败，也不是结果不明，不用再处理。"))
    require(locked.settled_at is None, _("这条短信已经有人处理过了，请刷新列表。"))
    return locked


def _decide(delivery: Delivery, by: Person, at: datetime) -> None:
    delivery.settled_by, delivery.settled_at = by, at
    delivery.save(update_fields=["settled_by", "settled_at"])
