"""The ladder: warned before the limit, pressed at it, supervised after it, and at last up a tier."""

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.base import worktime
from linli.base.worktime import Calendar
from linli.cases.rules.limits import Limits


class Rung(models.IntegerChoices):
    """The last rung that was told; each is told once per clock."""

    NONE = 0, _("未提醒")
    WARNED = 1, _("已预警")
    PRESSED = 2, _("已催办")
    SUPERVISED = 3, _("已督办")
    WHISTLED = 4, _("已上报")


LADDER = (Rung.WARNED, Rung.PRESSED, Rung.SUPERVISED, Rung.WHISTLED)


@dataclass(frozen=True)
class Ladder:
    """One clock: it started at `start`, ends at `due`, and counts 紧急工作时 where `is_urgent`."""

    start: datetime
    due: datetime
    is_urgent: bool
    limits: Limits
    calendar: Calendar


def rung_moment(ladder: Ladder, rung: int) -> datetime | None:
    """Return when `rung` is told, in working time unless the matter is urgent; None above the last rung.

    Nothing is told at the start of a clock: a warning comes after half of a short limit at the earliest.
    """
    limits, calendar = ladder.limits, ladder.calendar
    unit = worktime.Unit.URGENT_HOUR if ladder.is_urgent else worktime.Unit.WORKING_HOUR
    if rung == Rung.WARNED:
        moment = worktime.warning(ladder.start, ladder.due, limits.warn_hours, unit, calendar)
    elif rung == Rung.PRESSED:
        moment = ladder.due
    elif rung == Rung.SUPERVISED:
        moment = worktime.due(ladder.due, *limits.supervise_after(ladder.is_urgent), calendar).at
    elif rung == Rung.WHISTLED:
        moment = worktime.due(ladder.due, *limits.whistle_after(ladder.is_urgent), calendar).at
    else:
        return None
    around_the_clock = ladder.is_urgent and calendar.urgent_around_the_clock
    return moment if around_the_clock else worktime.next_opening(moment, calendar)
