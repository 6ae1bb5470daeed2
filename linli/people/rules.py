"""How a number is read, how often one may try, how long a code opens, and what a family proxy covers."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

import phonenumbers
from django.db import models
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.base.errors import Refused, require

SIGN_IN_CODE_LIFE = timedelta(minutes=10)
SIGN_IN_CODE_TRIES = 5
HOME_CODE_LIFE = timedelta(days=14)
SECOND_FACTOR_LIFE = timedelta(minutes=10)
TOTP_STEP = 30  # seconds, RFC 6238
PERSONS_PER_ACCOUNT = 8
KEPT_CODES = timedelta(days=1)  # sealed numbers of codes that no longer open
KEPT_SIGN_INS = timedelta(days=30)
# How long a device stays signed in. A paper code is mostly typed on somebody else's device.
SESSION_LIVES = {
    "phone": timedelta(days=180),
    "staff": timedelta(days=30),
    "paper": timedelta(hours=12),
}


class Tenure(models.TextChoices):
    OWNER = "owner", gettext_lazy("业主")
    FAMILY = "family", gettext_lazy("家属")
    TENANT = "tenant", gettext_lazy("租户")


class Scope(models.TextChoices):
    CASES = "cases", gettext_lazy("说事、查进度、评价")
    NOTICES = "notices", gettext_lazy("收通知")
    EVERYTHING = "everything", gettext_lazy("以上全部")


def scope_covers(held: str, wanted: str) -> bool:
    """Whether a proxy of scope `held` covers matters of scope `wanted`."""
    return held in {Scope.EVERYTHING, wanted}


@dataclass(frozen=True)
class Limit:
    """At most `times` within any stretch of `within`."""

    times: int
    within: timedelta


# A community centre shares one address among many people, so addresses get room; a number does not.
LIMITS: dict[str, tuple[Limit, ...]] = {
    "code_to_phone": (
        Limit(1, timedelta(minutes=1)),
        Limit(5, timedelta(hours=1)),
        Limit(10, timedelta(days=1)),
    ),
    "code_to_address": (Limit(30, timedelta(hours=1)), Limit(100, timedelta(days=1))),
    "phone_change": (Limit(5, timedelta(days=1)),),
    "code_tried_phone": (Limit(10, timedelta(minutes=15)), Limit(30, timedelta(days=1))),
    "code_tried_address": (Limit(60, timedelta(minutes=15)),),
    "password_account": (Limit(5, timedelta(minutes=15)), Limit(30, timedelta(days=1))),
    "password_address": (Limit(60, timedelta(minutes=15)),),
    "totp_account": (Limit(5, timedelta(minutes=15)), Limit(30, timedelta(days=1))),
    "paper_address": (Limit(20, timedelta(minutes=15)), Limit(100, timedelta(days=1))),
    "home_code_person": (Limit(5, timedelta(hours=1)), Limit(20, timedelta(days=1))),
    "home_code_address": (Limit(60, timedelta(hours=1)),),
}
LONGEST = timedelta(days=1)


def next_try(earlier: Sequence[datetime], limits: Sequence[Limit], at: datetime) -> datetime:
    """Return the first moment from `at` on when one more try breaks no limit; `at` itself means now."""
    allowed = at
    for limit in limits:
        recent = sorted(time for time in earlier if time > at - limit.within)
        if len(recent) >= limit.times:
            allowed = max(allowed, recent[-limit.times] + limit.within)
    return allowed


def phone_number(typed: str, *, mobile: bool = False) -> str:
    """Return the number in its one stored form: "13800138000", "057788881234", "+4930123456".

    Mainland numbers keep their digits without +86; full-width digits, spaces, dashes and +86 are accepted;
    numbers from abroad need their "+". "" stays "". With `mobile`, a number that cannot get messages is
    refused. Raises Refused with what to correct.
    """
    text = unicodedata.normalize("NFKC", typed).strip()
    if not text:
        return ""
    parsed = _parsed(text)
    national = phonenumbers.national_significant_number(parsed)
    if parsed.country_code != 86:
        require(phonenumbers.is_valid_number(parsed), _("这个境外号码不对，请核对国家代码和号码。"))
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    if national.startswith("1") and national[1:2] not in "012":
        require(
            len(national) == 11,
            _("手机号是 11 位数字，您写了 %(count)s 位，请核对后再写。") % {"count": len(national)},
        )
        return national
    require(not mobile, _("这个号码收不到短信，请写 11 位的手机号。"))
    require(phonenumbers.is_valid_number(parsed), _("这个电话号码不对。手机写 11 位，座机请带上区号。"))
    is_fixed = phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.FIXED_LINE
    return "0" + national if is_fixed else national


def _parsed(text: str) -> phonenumbers.PhoneNumber:
    try:
        return phonenumbers.parse(text, "CN")
    except phonenumbers.NumberParseException:
        raise Refused(_("这不像电话号码。请只写数字，例如 13800138000。")) from None


def clean_code(typed: str) -> str:
    """Return a typed code as stored: full-width signs narrowed, spaces and dashes gone, lower case."""
    narrow = unicodedata.normalize("NFKC", typed).lower()
    return "".join(sign for sign in narrow if sign.isalnum())


def grouped(code: str) -> str:
    """Return a code in groups of four, as it is printed: "abcd-efgh-jkmn"."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def totp_steps(at: datetime) -> range:
    """Return the time steps whose code is accepted at that moment: the present one and its neighbours."""
    now = int(at.timestamp()) // TOTP_STEP
    return range(now - 1, now + 2)


DEVICES = (
    ("iPhone", gettext_lazy("苹果手机")),
    ("iPad", gettext_lazy("苹果平板")),
    ("HarmonyOS", gettext_lazy("鸿蒙设备")),
    ("Android", gettext_lazy("安卓手机")),
    ("Windows", gettext_lazy("Windows 电脑")),
    ("Macintosh", gettext_lazy("苹果电脑")),
    ("Linux", gettext_lazy("Linux 电脑")),
)
PROGRAMS = (
    ("MicroMessenger", gettext_lazy("微信")),
    ("AlipayClient", gettext_lazy("支付宝")),
    ("DingTalk", gettext_lazy("钉钉")),
    ("Edg/", gettext_lazy("Edge 浏览器")),
    ("Firefox/", gettext_lazy("火狐浏览器")),
    ("Chrome/", gettext_lazy("Chrome 浏览器")),
    ("Safari/", gettext_lazy("Safari 浏览器")),
)


def device_words(user_agent: str) -> Promise:
    """Return in words what a device calls itself, so that its owner knows it again: "苹果手机 · 微信"."""
    kind = next((words for sign, words in DEVICES if sign in user_agent), gettext_lazy("其他设备"))
    program = next((words for sign, words in PROGRAMS if sign in user_agent), gettext_lazy("浏览器"))
    return format_lazy("{kind} · {program}", kind=kind, program=program)


def asked_from(address: str) -> str:
    """Return the part of a network address that stands for one connection: IPv4 whole, IPv6 its first 64
    bits.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    return str(parsed) if parsed.version == 4 else str(ip_network(f"{address}/64", strict=False))
