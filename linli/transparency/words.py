"""What recorded types and fields are called on the page. The domains above write them, the record only knows names.

A type or field without a word here is shown as it was written: the record never hides what it holds.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

TYPES: dict[str, str | Promise] = {
    "correction": _("更正"),
    "case.filed": _("有人说了一件事"),
    "case.accepted": _("受理"),
    "case.categorised": _("定类别"),
    "case.dispatched": _("派给单位"),
    "case.transferred": _("转办"),
    "case.assisted": _("增加协办"),
    "case.signed": _("签收"),
    "case.started": _("开始办理"),
    "case.return_asked": _("申请退单"),
    "case.ruled": _("裁定"),
    "case.extended": _("延期"),
    "case.paused": _("暂停"),
    "case.resumed": _("恢复"),
    "case.answered": _("答复"),
    "case.resolved": _("办结"),
    "case.confirmed": _("提出人确认"),
    "case.not_solved": _("提出人说没解决"),
    "case.unconfirmed": _("没有回音"),
    "case.closed": _("结束"),
    "case.declined": _("不予受理"),
    "case.withdrawn": _("撤回"),
    "case.merged": _("并入另一件"),
    "case.unmerged": _("撤销并入"),
    "case.split": _("拆成几件"),
    "case.unsplit": _("撤销拆分"),
    "case.checked": _("核查"),
    "case.called_back": _("回访"),
    "case.published": _("公开"),
    "case.hidden": _("不再公开"),
    "case.escalated": _("上报一级"),
    "case.urged": _("催办"),
    "case.supervised": _("督办"),
    "case.solved_on_the_spot": _("当场解决"),
}
FIELDS: dict[str, str | Promise] = {
    "answer": _("答复"),
    "category": _("类别"),
    "channel": _("渠道"),
    "corrects": _("更正的叶子"),
    "due": _("期限"),
    "lead": _("主办单位"),
    "matter": _("性质"),
    "organisation": _("单位"),
    "outcome": _("结果"),
    "owner": _("首问责任单位"),
    "part": _("分工"),
    "photos": _("照片摘要"),
    "place": _("地点"),
    "rating": _("评分"),
    "reason": _("理由"),
    "round": _("第几轮"),
    "state": _("状态"),
    "text": _("内容"),
    "tier": _("层级"),
    "title": _("标题"),
    "to": _("转给"),
    "until": _("到"),
}


def of_type(type: str) -> str:
    """Return what an act is called."""
    return str(TYPES.get(type, type))


def of_payload(payload: dict[str, Any]) -> list[tuple[str, str]]:
    """Return (field, value) in words, in the order they were written."""
    return [(str(FIELDS.get(name, name)), of_value(value)) for name, value in payload.items()]


def of_value(value: Any) -> str:
    """Return one recorded value as text."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return say("是") if value else say("否")
    if isinstance(value, list):
        return "、".join(of_value(inner) for inner in value) or "—"
    if isinstance(value, dict):
        return "；".join(_pairs(value)) or "—"
    return str(value)


def _pairs(value: dict[str, Any]) -> Iterator[str]:
    for name, inner in value.items():
        yield f"{FIELDS.get(name, name)}：{of_value(inner)}"
