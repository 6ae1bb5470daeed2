"""Newcomers, lettings and empty homes: states, limits, how long things wait, and what may be written in public."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.base.errors import require

WAITS = timedelta(days=14)  # a newcomer's registration that nobody answered lapses
DESK_DAYS = 5  # working days in which the desk looks at it
KEPT_UNSETTLED = timedelta(days=30)  # what was refused, withdrawn or lapsed is removed after that
REGISTRATIONS_PER_PHONE = 3  # that wait at once, wherever they are
REGISTRATIONS_PER_HOME = 6  # that wait at once
REGISTRATIONS_PER_DEVICE = 5  # a day
REGISTRATIONS_PER_NETWORK = 30  # a day: a whole dormitory may share one address
A_DAY = timedelta(days=1)
LONGEST_LETTING = 20  # years, 《民法典》第七百零五条
MOST_TENANTS = 8
WARN_BEFORE = timedelta(days=30)  # a letting's end is told this long before
OFFER_LIFE = timedelta(days=60)
INQUIRIES_A_DAY = 5
OLDEST = date(1950, 1, 1)

# Why data is asked, in the words that stand beside the fields (个人信息保护法 第十七条).
PURPOSE = gettext_lazy("知道谁住在这一户：上门服务、应急联系、办居住证时说得清。不用于别的事，不给中介。")
BASIS = gettext_lazy(
    "依据：居委会协助做好居住证的申领受理、发放等工作（《居住证暂行条例》第八条）；个人信息保护法第十三条第一款第三项。"
    "身份证号可以不写，不写照样登记。"
)
FILING_RULE = gettext_lazy(
    "在这里登记，是告诉社区谁住在这里，不等于租赁备案。按《商品房屋租赁管理办法》第十四条，合同订立后三十日内"
    "要到房产管理部门办理登记备案；《住房租赁条例》（国务院令第 812 号）也要求租赁合同备案。"
)


class NewcomerState(models.TextChoices):
    """Where a newcomer's registration stands; that it lapsed is told by its time."""

    WAITING = "waiting", gettext_lazy("等人确认")
    AGREED = "agreed", gettext_lazy("已经登记")
    REFUSED = "refused", gettext_lazy("没有通过")
    WITHDRAWN = "withdrawn", gettext_lazy("自己撤回了")


class Refusal(models.TextChoices):
    """Why somebody is not registered; the newcomer reads this and nothing of who said it."""

    WRONG_HOME = "wrong_home", gettext_lazy("门牌可能扫错了，请核对后再登记")
    NOT_HERE = "not_here", gettext_lazy("没有确认您住在这里")
    WRONG_FACTS = "wrong_facts", gettext_lazy("写的和实际不符，请核对后再登记")
    COME_TO_DESK = "come_to_desk", gettext_lazy("请带证件到社区窗口登记")


class Purpose(models.TextChoices):
    """What a home is let for. Rent is not asked."""

    LIVING = "living", gettext_lazy("整套自住")
    ROOM = "room", gettext_lazy("其中一间（合租）")
    STAFF = "staff", gettext_lazy("单位给员工住")


class LettingState(models.TextChoices):
    WAITING = "waiting", gettext_lazy("等承租人确认")
    RUNNING = "running", gettext_lazy("租住中")
    ENDED = "ended", gettext_lazy("已退租")
    WITHDRAWN = "withdrawn", gettext_lazy("没有租成")


class TenantState(models.TextChoices):
    WAITING = "waiting", gettext_lazy("还没确认")
    CONFIRMED = "confirmed", gettext_lazy("已确认")
    LIVES_THERE = "lives_there", gettext_lazy("已登记居住")
    DECLINED = "declined", gettext_lazy("说没有这回事")
    LEFT = "left", gettext_lazy("已退租")


class OfferState(models.TextChoices):
    OPEN = "open", gettext_lazy("可以租")
    LET = "let", gettext_lazy("租出去了")
    WITHDRAWN = "withdrawn", gettext_lazy("业主撤下了")


LIVE_LETTINGS = (LettingState.WAITING, LettingState.RUNNING)
LIVE_TENANTS = (TenantState.WAITING, TenantState.CONFIRMED, TenantState.LIVES_THERE)


@dataclass(frozen=True)
class Recent:
    """How many registrations wait for one phone and one home, and how many a device and a network made in a day."""

    of_phone: int
    of_home: int
    of_device: int
    of_network: int


def check_recent(recent: Recent) -> None:
    """Refuse one registration too many. The sentences are the same whoever lives in the home."""
    require(
        recent.of_phone < REGISTRATIONS_PER_PHONE,
        _("这个手机号已经有 %(most)s 条登记在等确认，请等有了结果再登记，或到社区窗口。")
        % {"most": REGISTRATIONS_PER_PHONE},
    )
    too_many = (
        recent.of_home >= REGISTRATIONS_PER_HOME
        or recent.of_device >= REGISTRATIONS_PER_DEVICE
        or recent.of_network >= REGISTRATIONS_PER_NETWORK
    )
    require(not too_many, _("今天在这里登记的次数太多了。请明天再来，或打社区电话、到社区窗口登记。"))


def check_since(since: date, today: date) -> None:
    """Refuse a day on which nobody can have moved in yet."""
    require(since <= today, _("还没住进来，请住进来那天再登记。"))
    require(since >= OLDEST, _("住进来的日子写得太早了，请核对。"))


def check_period(since: date, until: date) -> None:
    """Refuse a letting that ends before it begins or is longer than the law allows."""
    require(since >= OLDEST, _("起租的日子写得太早了，请核对。"))
    require(until > since, _("到期的日子要在起租之后。"))
    require(
        until <= _years_after(since, LONGEST_LETTING),
        _("租期最长二十年，超过的部分无效，请写二十年以内的日子。"),
        rule=_("《民法典》第七百零五条"),
    )


def _years_after(day: date, years: int) -> date:
    """Return the last day of a period of years: the same day, or the end of February (《民法典》第二百零二条)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def check_tenants(tenants: Sequence[tuple[str, str]], landlord_phone: str) -> None:
    """Refuse no tenants, too many, one twice, or the landlord among them; each is (name, phone as stored)."""
    require(bool(tenants), _("请至少写一位承租人的姓名和手机号。"))
    require(len(tenants) <= MOST_TENANTS, _("一次最多登记 %(most)s 位承租人。") % {"most": MOST_TENANTS})
    phones = [phone for _name, phone in tenants]
    require(len(set(phones)) == len(phones), _("有两位承租人写了同一个手机号，请核对。"))
    require(landlord_phone not in phones or not landlord_phone, _("承租人的手机号写成了您自己的，请核对。"))


NUMBER = re.compile(r"[0-9０-９][0-9０-９\s\-－]{5,}[0-9０-９]")
REACHED = re.compile(r"微信|威信|vx|wechat|qq|q q|二维码|加我|电话|手机号|联系我", re.IGNORECASE)
SELLS = re.compile(r"中介|佣金|服务费|看房费|包过|首付|贷款|推广|广告|优惠|返现|代理费", re.IGNORECASE)


def check_public_words(words: str) -> None:
    """Refuse numbers to reach somebody and advertisement in what everybody reads: contact goes through the desk."""
    require(len(words) <= 200, _("说明最多 200 个字，请写短一些。"))
    is_contact = NUMBER.search(words) is not None or REACHED.search(words) is not None
    require(not is_contact, _("说明里不要写电话、微信：想租的人通过社区服务台联系您，您的号码不公开。"))
    require(
        SELLS.search(words) is None,
        _("这里不收费、不登广告、不接中介，请只写房子的情况。"),
        rule=_("国办函〔2026〕12号：不得从事经营性活动"),
    )


def is_lapsed(state: str, ends_at: datetime, at: datetime) -> bool:
    """Whether something that waited has run out of time."""
    return state in {NewcomerState.WAITING, OfferState.OPEN} and at >= ends_at


def check_end(on: date, since: date) -> None:
    """Refuse an end before the beginning."""
    require(on >= since, _("退租的日子不能早于起租的日子。"))
