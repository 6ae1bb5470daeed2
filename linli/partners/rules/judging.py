"""Evaluation by bodies: by criteria published beforehand, each with a reason, heard first; no stars, no ranks."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ANSWER_DAYS = 10  # working days in which the evaluated body may answer before anything is published
FEWEST_CRITERIA, MOST_CRITERIA = 1, 20
FORBIDDEN = ("点赞", "下载量", "安装率", "登录", "打卡", "在线时长", "转发", "排名", "浏览量", "签到")
FORBIDDEN_RULE = "国办函〔2026〕12号"


class Met(models.TextChoices):
    """What is found of one criterion. There is no number to add up and nothing to rank."""

    MET = "met", gettext_lazy("做到了")
    PARTLY = "partly", gettext_lazy("部分做到")
    NOT_MET = "not_met", gettext_lazy("没做到")
    NOT_APPLICABLE = "none", gettext_lazy("本期不涉及")


def why_not_standard(criteria: Sequence[str]) -> str:
    """Return why these criteria cannot be published, "" where they can."""
    if not FEWEST_CRITERIA <= len(criteria) <= MOST_CRITERIA:
        return _("请写 1 到 20 条标准，一行一条。")
    for line in criteria:
        word = next((word for word in FORBIDDEN if word in line), "")
        if word:
            return _("标准里不能有“%(word)s”：不以装机、登录、打卡、点赞、排名评价任何单位。") % {
                "word": word
            }
    return ""


def why_not_judged(
    criteria: Sequence[str], findings: Mapping[str, tuple[str, str]], published_on: date, since: date
) -> str:
    """Return why an evaluation cannot be sent to the body for its answer, "" where it can.

    `findings` are (met, reason) by the place of the criterion in its list, as text.
    """
    if published_on > since:
        return _("标准在 %(day)s 才公布，不能用来评价在这之前的工作。") % {"day": published_on}
    for place, line in enumerate(criteria):
        met, reason = findings.get(str(place), ("", ""))
        if met not in Met.values:
            return _("“%(line)s”还没有选。") % {"line": line}
        if not reason.strip():
            return _("“%(line)s”请写一句理由：看到了什么、根据什么。") % {"line": line}
    return ""
