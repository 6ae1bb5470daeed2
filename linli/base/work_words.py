"""Deadlines in words: which unit is counted, by which convention, and what is not known yet."""

from collections.abc import Sequence
from datetime import datetime, time

from django.utils.translation import gettext as _

from linli.base.clockwords import WEEKDAYS
from linli.base.work_calendar import Calendar, Due, Part, Unit, local


def limit_words(amount: int, unit: Unit | str) -> str:
    """3 working_day → 3 个工作日."""
    return _("%(amount)d 个%(unit)s") % {"amount": amount, "unit": Unit(unit).label}


def moment_words(at: datetime, since: datetime | None = None) -> str:
    """A time as people say it, 10月8日（周四）17:30; with its year unless that is the year of `since`."""
    moment = local(at)
    clock = "24:00" if moment.time() == time(23, 59, 59) else f"{moment:%H:%M}"
    values = {
        "year": moment.year,
        "month": moment.month,
        "day": moment.day,
        "weekday": WEEKDAYS[moment.weekday()],
        "clock": clock,
    }
    if since is not None and local(since).year == moment.year:
        return _("%(month)d月%(day)d日（%(weekday)s）%(clock)s") % values
    return _("%(year)d年%(month)d月%(day)d日（%(weekday)s）%(clock)s") % values


def hours_words(calendar: Calendar) -> str:
    """周一至周五 09:00–17:30."""
    days = sorted(calendar.weekdays)
    if len(days) == 7:
        spoken = _("每天")
    elif len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        spoken = _("%(first)s至%(last)s") % {"first": WEEKDAYS[days[0] - 1], "last": WEEKDAYS[days[-1] - 1]}
    else:
        spoken = _("、").join(str(WEEKDAYS[day - 1]) for day in days)
    closes = "24:00" if calendar.closes == time(0) else f"{calendar.closes:%H:%M}"
    return f"{spoken} {calendar.opens:%H:%M}–{closes}"


def convention_words(units: Sequence[Unit], calendar: Calendar) -> str:
    """Say how each of `units` is counted by this calendar's settings, and its office hours where they matter."""
    clauses = [_unit_clause(unit, calendar) for unit in dict.fromkeys(units)]
    if any(calendar.uses_office_hours(unit) for unit in units):
        rest = _("节假日不算、调休上班日算") if calendar.rests_on_holidays else _("节假日照常算")
        hours = {"hours": hours_words(calendar), "rest": rest}
        clauses.append(_("上班时间是%(hours)s，%(rest)s") % hours)
    return _("；").join(clauses)


def _unit_clause(unit: Unit, calendar: Calendar) -> str:
    if unit == Unit.NATURAL_DAY:
        return _("自然日从次日起按日历算到最后一天 24:00，遇节假日不顺延")
    if not calendar.uses_office_hours(unit):
        return _("紧急工作时不分昼夜连续算")
    if unit != Unit.WORKING_DAY:
        return _("%(unit)s只算上班时间") % {"unit": unit.label}
    if calendar.day_counts_from_next:
        return _("工作日从下一个工作日起算，到最后一天下班为止")
    return _("工作日当天就算第一天，到最后一天下班为止")


def moved_words(was: datetime, now: Due, because: str, closed_at: datetime | None) -> str:
    """Say that a changed calendar moved a deadline; "" where nothing changes, as ever once it is closed."""
    if closed_at is not None or was == now.at:
        return ""
    return _("%(because)s，期限由 %(was)s 改为 %(now)s。") % {
        "because": because,
        "was": moment_words(was),
        "now": moment_words(now.at, was),
    }


def due_words(
    since: datetime, parts: Sequence[Part], calendar: Calendar, unknown: Sequence[int], was_paused: bool
) -> str:
    """Explain a deadline in one sentence: when, which limit, how it counts, what is a guess."""
    clauses = [_limit_clause(since, parts), convention_words([part.unit for part in parts], calendar)]
    if was_paused:
        clauses.append(_("暂停期间不计时，恢复后接着算剩下的时间"))
    if unknown:
        years = _("、").join(str(year) for year in unknown)
        clauses.append(
            _("%(years)s 年放假安排还没有公布，暂按平常周末推算，公布后重算并告知") % {"years": years}
        )
    return _("；").join(clauses) + _("。")


def _limit_clause(since: datetime, parts: Sequence[Part]) -> str:
    when = moment_words(parts[-1].ends, since)
    counted = [part for part in parts if part.amount]
    if len(counted) == 1 and len(parts) == 1:
        limit = limit_words(counted[0].amount, counted[0].unit)
        return _("%(when)s前：限 %(limit)s") % {"when": when, "limit": limit}
    steps = [
        _("%(name)s %(limit)s（到 %(ends)s）")
        % {
            "name": part.name,
            "limit": limit_words(part.amount, part.unit),
            "ends": moment_words(part.ends, since),
        }
        for part in counted
    ]
    if not steps:
        return _("%(when)s前") % {"when": when}
    return _("%(when)s前：%(steps)s") % {"when": when, "steps": _("，").join(steps)}
