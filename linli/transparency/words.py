"""What recorded acts, fields and values are called on the page.

Acts and coded values belong to the domains above, so their words come from the top of the house
(`linli/config/recorded.py`). What has no word is shown as it was written: the record never hides what it holds.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from linli.transparency.notes import BadNote, Forged, Unsigned
from linli.transparency.rules import CORRECTION

FIELDS: dict[str, str | Promise] = {
    "act": _("做了什么"),
    "unit": _("单位"),
    "reason": _("理由"),
    "number": _("编号"),
    "state": _("状态"),
    "matter": _("性质"),
    "category": _("类别"),
    "lead": _("主办单位"),
    "tier": _("层级"),
    "round": _("第几轮"),
    "filed_at": _("提出时间"),
    "due": _("期限"),
    "resolved_at": _("办结时间"),
    "closed_at": _("结束时间"),
    "public_words": _("公开文字的摘要（SHA-256）"),
    "version": _("第几版"),
    "lines": _("条目数"),
    "sha256": _("全文的摘要（SHA-256）"),
    "partner": _("合作单位"),
    "partner_kind": _("单位类型"),
    "partner_state": _("单位状态"),
    "contract": _("合同编号"),
    "contracts": _("终止的合同数"),
    "amount": _("金额（元）"),
    "since": _("起"),
    "until": _("止"),
    "corrects": _("所更正的记录（叶子哈希）"),
    "place": _("地点"),
    "severity": _("危害程度"),
    "is_drill": _("是不是演练"),
    "kind": _("请求什么"),
    "outcome": _("结果"),
    "in_time": _("是否按时"),
    "feature": _("哪项功能"),
    "review_on": _("复核日期"),
    "code": _("代号"),
    "label": _("名称"),
    "before": _("改前"),
    "after": _("改后"),
    "table": _("哪类记录"),
    "days": _("保存几天"),
    "count": _("几条"),
    "body": _("哪个单位"),
    "what": _("查到什么"),
    "heard": _("是否听过说明"),
    "conclusion": _("结论"),
}
TYPES: dict[str, str | Promise] = {CORRECTION: _("更正"), "duties.published": _("权责清单发布")}
ORDER = {name: place for place, name in enumerate(FIELDS)}
IN_LISTS = frozenset(
    {"unit", "reason", "state", "category", "lead", "due", "version", "lines", "partner", "amount"}
)


def of_type(type: str) -> str:
    """Return what an act is called."""
    told = import_string("linli.config.recorded.TYPES")
    return str(TYPES.get(type) or told.get(type, type))


Codes = dict[str, dict[str, Any]]


def codes() -> Codes:
    """Return the words for coded values by field; asked once for a page."""
    told: Codes = import_string("linli.config.recorded.codes")()
    return told


def of_payload(payload: dict[str, Any], coded: Codes) -> list[tuple[str, str]]:
    """Return (field, value) in words; PostgreSQL forgets the order of fields, so it is ours."""
    names = sorted(payload, key=lambda name: (ORDER.get(name, len(ORDER)), name))
    return [(str(FIELDS.get(name, name)), of_value(payload[name], coded.get(name, {}))) for name in names]


def brief(payload: dict[str, Any], coded: Codes) -> list[tuple[str, str]]:
    """Return what a list shows of a payload: what says most, and nothing empty."""
    chosen = {name: value for name, value in payload.items() if name in IN_LISTS and value not in ("", None)}
    return of_payload(chosen or payload, coded)


def of_value(value: Any, coded: dict[str, Any]) -> str:
    """Return one recorded value as text; `coded` are the words for codes."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if isinstance(value, list):
        return "、".join(of_value(inner, coded) for inner in value) or "—"
    if isinstance(value, dict):
        return "；".join(_pairs(value)) or "—"
    return str(coded.get(value) or _moment(value) or value)


def of_problem(problem: BadNote) -> str:
    """Say why a note is not accepted."""
    if isinstance(problem, Forged):
        return str(_("签名是假的，或文字被改过"))
    if isinstance(problem, Unsigned):
        return str(_("没有一把已知的公钥签过它"))
    return str(_("格式不对，或不完整"))


def _pairs(value: dict[str, Any]) -> Iterator[str]:
    for name, inner in value.items():
        yield f"{FIELDS.get(name, name)}：{of_value(inner, {})}"


def _moment(value: Any) -> str:
    """A time as people read it, "" for what is none."""
    try:
        at: datetime | None = parse_datetime(value) if isinstance(value, str) and "T" in value else None
    except ValueError:
        return ""
    return date_format(localtime(at), "Y-m-d H:i") if at is not None and at.tzinfo else ""
