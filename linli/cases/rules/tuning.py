"""What each number that a place may tune counts, and between which bounds it makes sense."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.base.errors import require


@dataclass(frozen=True)
class Number:
    """One number of `Limits`: its label, what it counts and in what, the least and the most it may be."""

    name: str
    label: Any
    unit: Any
    meaning: Any
    low: int
    high: int


_HOURS, _DAYS = gettext_lazy("工作时"), gettext_lazy("工作日")
_URGENT, _NATURAL = gettext_lazy("紧急工作时"), gettext_lazy("自然日")
_TIMES, _METRES = gettext_lazy("次"), gettext_lazy("米")

NUMBERS = (
    Number(
        "warn_hours",
        gettext_lazy("预警"),
        _HOURS,
        gettext_lazy("到期前多久提醒承办单位；期限更短的，过半就提醒。"),
        1,
        40,
    ),
    Number(
        "supervise_days",
        gettext_lazy("督办"),
        _DAYS,
        gettext_lazy("过期多久转为督办。到期当时就催办，不在这里设。"),
        1,
        30,
    ),
    Number(
        "whistle_days",
        gettext_lazy("吹哨上报"),
        _DAYS,
        gettext_lazy("过期多久带着全部材料上报一级。不能早于督办。"),
        1,
        60,
    ),
    Number(
        "urgent_supervise_hours",
        gettext_lazy("紧急事督办"),
        _URGENT,
        gettext_lazy("按紧急工作时计的期限，过期多久督办。"),
        1,
        24,
    ),
    Number(
        "urgent_whistle_hours",
        gettext_lazy("紧急事上报"),
        _URGENT,
        gettext_lazy("按紧急工作时计的期限，过期多久上报一级。不能早于督办。"),
        1,
        48,
    ),
    Number(
        "update_days",
        gettext_lazy("答复补充"),
        _DAYS,
        gettext_lazy("居民后来补充的话，多久内要有人回。"),
        1,
        15,
    ),
    Number(
        "confirm_days",
        gettext_lazy("等居民确认"),
        _DAYS,
        gettext_lazy("办完以后等居民说有没有解决，过了记作未确认。"),
        1,
        30,
    ),
    Number(
        "reopen_days",
        gettext_lazy("可以重办"),
        _NATURAL,
        gettext_lazy("了结以后多久内，居民还可以说没解决、请求重办。"),
        1,
        90,
    ),
    Number(
        "call_back_share",
        gettext_lazy("回访比例"),
        "%",
        gettext_lazy("没有确认的，抽百分之几打电话问。"),
        0,
        100,
    ),
    Number(
        "call_back_budget",
        gettext_lazy("回访次数"),
        _TIMES,
        gettext_lazy("一段时间里最多给同一个人打几次回访电话。"),
        0,
        12,
    ),
    Number(
        "call_back_days", gettext_lazy("回访间隔"), _NATURAL, gettext_lazy("上面的次数按多少天算。"), 7, 365
    ),
    Number(
        "return_limit",
        gettext_lazy("退单次数"),
        _TIMES,
        gettext_lazy("一件事，同一单位最多可以申请退几次。"),
        0,
        5,
    ),
    Number(
        "rounds_before_up",
        gettext_lazy("没解决就上报"),
        _TIMES,
        gettext_lazy("居民说几次“没解决”，就由上一级接手。"),
        1,
        5,
    ),
    Number(
        "elder_age",
        gettext_lazy("长者年龄"),
        gettext_lazy("岁"),
        gettext_lazy("满这个年龄的，先打电话问，不等他在网页上答。"),
        55,
        100,
    ),
    Number(
        "duplicate_metres",
        gettext_lazy("重复件距离"),
        _METRES,
        gettext_lazy("多近的两件事会提示“可能是同一件”；0 表示不看距离。"),
        0,
        2000,
    ),
    Number(
        "duplicate_days",
        gettext_lazy("重复件时间"),
        _NATURAL,
        gettext_lazy("了结了多久的，还会提示“可能是同一件”。"),
        0,
        90,
    ),
    Number(
        "duplicate_words",
        gettext_lazy("重复件字面"),
        "%",
        gettext_lazy("字面相近不到百分之几的不提示；说的是同一个部件、同一个点位的除外。"),
        0,
        100,
    ),
)
NOT_BEFORE = (("supervise_days", "whistle_days"), ("urgent_supervise_hours", "urgent_whistle_hours"))


def check_numbers(numbers: Mapping[str, int], kept: Mapping[str, int]) -> None:
    """Raise Refused where a number is unknown, out of bounds, or a later step would come before an earlier one.

    `kept` are the numbers that hold where `numbers` says nothing.
    """
    known = {number.name: number for number in NUMBERS}
    for name, value in numbers.items():
        require(name in known, _("没有这个参数：%(name)s。") % {"name": name})
        bounds = {"label": known[name].label, "low": known[name].low, "high": known[name].high}
        is_inside = known[name].low <= value <= known[name].high
        require(is_inside, _("“%(label)s”请填 %(low)s 到 %(high)s。") % bounds)
    whole = {**kept, **numbers}
    for earlier, later in NOT_BEFORE:
        words = {"later": known[later].label, "earlier": known[earlier].label}
        require(whole[earlier] <= whole[later], _("“%(later)s”不能早于“%(earlier)s”。") % words)
