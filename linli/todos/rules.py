"""When something counts as late, whose say a task from outside needs, and how a pointless one is answered."""

from datetime import date, datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

ANSWER_WITHIN = timedelta(days=14)
LONGEST_WORDS, LONGEST_ANSWER = 500, 1000


class Section(models.TextChoices):
    """The parts of the list, in its order."""

    OVERDUE = "overdue", _("已过期限")
    TODAY = "today", _("今天")
    WEEK = "week", _("本周")
    LATER = "later", _("以后")


class Reason(models.TextChoices):
    """Why a task or rule is said to be pointless: each is one tap."""

    REPEATED = "repeated", _("同样的内容已经填过、报过")
    UNREAD = "unread", _("交上去没有人看、没有人用")
    UNFIT = "unfit", _("不合这里的实际，办不到")
    USELESS = "useless", _("办了对居民没有好处")
    OTHER = "other", _("别的原因")


class Outcome(models.TextChoices):
    """What the issuer makes of it."""

    DROPPED = "dropped", _("取消")
    CHANGED = "changed", _("修改")
    KEPT = "kept", _("保留，并说明理由")


def ends(local: datetime) -> dict[str, datetime]:
    """Return where each section ends: `overdue` now, `today` at midnight, `week` after Sunday."""
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return {
        Section.OVERDUE: local,
        Section.TODAY: midnight,
        Section.WEEK: midnight + timedelta(days=6 - local.weekday()),
    }


def section(due: datetime, local: datetime) -> Section:
    """Say in which part of the list something due at `due` stands at `local`."""
    for name, end in ends(local).items():
        if due < end:
            return Section(name)
    return Section.LATER


def matter_of(title: str) -> str:
    """Return the kind of task without its subject; titles put the kind first: "签收：3幢路灯不亮"."""
    return title.replace(":", "：").partition("：")[0].strip()


def answer_by(on: date) -> date:
    """Return the last day on which the issuer may answer a statement of `on`."""
    return on + ANSWER_WITHIN
