"""When a message may leave the house, what it may say, and what its outcome means."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

QUIET_FROM = time(22)
QUIET_UNTIL = time(7)
DIGEST_FROM = time(18)  # when people are home from work
EXPIRED_AFTER = timedelta(days=2)  # an old message only confuses; in the app it is still there
LOST_AFTER = timedelta(minutes=10)  # a sender that has said nothing for so long is dead


class Kind(models.TextChoices):
    """What a message is about, as far as a person may wish to stop hearing of it outside the app."""

    CASE = "case", _("我说的事和关注的事")
    WORK = "work", _("等我办理的事")
    ACCOUNT = "account", _("账号、住处与代办授权")
    COMMUNITY = "community", _("社区的通知和活动")


KIND_OF_DOMAIN = {
    "cases": Kind.CASE,
    "todos": Kind.WORK,
    "duties": Kind.WORK,
    "people": Kind.ACCOUNT,
    "organisations": Kind.ACCOUNT,
}


class State(models.TextChoices):
    """Where one attempt to reach a person stands. A time-out is "unknown" and never resent by itself."""

    WAITING = "waiting", _("待发")
    HELD = "held", _("并入汇总")
    SENDING = "sending", _("发送中")
    SENT = "sent", _("已送出")
    FAILED = "failed", _("发送失败")
    UNKNOWN = "unknown", _("结果不明")


COUNTED = (State.SENDING, State.SENT, State.UNKNOWN)  # what may have reached the person today
TROUBLED = (State.FAILED, State.UNKNOWN)  # what a person must decide about


@dataclass(frozen=True)
class How:
    """How a message goes out; only life safety (`is_urgent`) passes caps, quiet hours and opt-outs."""

    is_urgent: bool = False
    outside: bool = True


def kind_of(key: str) -> Kind:
    """Read the kind from a notice's key, which begins with the domain that tells: "cases.Case:7:resolved"."""
    domain = re.split(r"[.:]", key, maxsplit=1)[0]
    return KIND_OF_DOMAIN.get(domain, Kind.COMMUNITY)


def is_quiet(local: datetime) -> bool:
    """Whether `local` (in the community's time zone) lies between 22:00 and 07:00."""
    return local.time() >= QUIET_FROM or local.time() < QUIET_UNTIL


def may_leave_at(local: datetime, *, is_urgent: bool) -> datetime:
    """Return the first moment at which a message may go out: now, or 07:00 after a quiet night."""
    if is_urgent or not is_quiet(local):
        return local
    morning = local + timedelta(days=1) if local.time() >= QUIET_FROM else local
    return morning.replace(hour=QUIET_UNTIL.hour, minute=0, second=0, microsecond=0)


def is_digest_hour(local: datetime) -> bool:
    """Whether what was held back during the day may be summed up now: from 18:00, before the quiet night."""
    return local.time() >= DIGEST_FROM and not is_quiet(local)


FORBIDDEN = re.compile(
    r"验证码|校验码|动态码|密码|转账|汇款|付款|付费|缴费|支付|打款|银行卡|身份证号|https?://", re.IGNORECASE
)
LONG_NUMBER = re.compile(r"[\d０-９][\d０-９\s\-－]{5,}[\d０-９Xx]")  # a telephone, identity or card number


def may_say_outside(words: str, name: str) -> bool:
    """Whether `words` may stand in a text message: no long number, no name, no money, no code.

    C15: a message never asks for money or a code; a text message can be read by whoever holds the phone.
    """
    if len(name) > 1 and name in words:
        return False
    return FORBIDDEN.search(words) is None and LONG_NUMBER.search(words) is None


def sign_of(typed: str) -> str:
    """Read a message's number as people type it: "K7M2 9QXT-4wza" is "k7m29qxt4wza"."""
    return re.sub(r"[\s\-－—·.]", "", unicodedata.normalize("NFKC", typed)).lower()[:12]
