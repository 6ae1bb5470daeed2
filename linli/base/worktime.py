"""The clock of every deadline: working hours, working days, holidays with make-up days, pauses and stages.

Pure arithmetic on days, never minute by minute. Times are aware; a calendar's hours are Beijing time.
Rules: 《民法典》第二百零一条 (the first day is not counted, hours run from the moment) and 第二百零三条第二款
(the last day ends at 24:00 or, where there are office hours, with them). Where usage differs, a setting of
the calendar decides and `Due.words` prints it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from linli.base.work_calendar import ONE_DAY, Calendar, Due, Part, Pause, Stage, Unit, aware, local
from linli.base.work_words import (
    convention_words,
    due_words,
    hours_words,
    limit_words,
    moment_words,
    moved_words,
)

__all__ = [
    "Calendar",
    "Due",
    "Part",
    "Pause",
    "Stage",
    "Unit",
    "answer_due",
    "before",
    "convention_words",
    "due",
    "due_of_stages",
    "extend",
    "hours_words",
    "limit_words",
    "moment_words",
    "moved_words",
    "next_opening",
    "remaining",
    "resume",
    "warning",
]
ONE_SECOND = timedelta(seconds=1)


def due(start: datetime, amount: int, unit: Unit | str, calendar: Calendar) -> Due:
    """Return the deadline `amount` units (at least 1) after `start`."""
    return due_of_stages(start, [("", amount, unit)], calendar)


def due_of_stages(
    start: datetime, stages: Sequence[Stage], calendar: Calendar, pauses: Sequence[Pause] = ()
) -> Due:
    """Return the deadline of `stages`, one after another, each in its own unit, standing still in `pauses`.

    An extension (延期) is one more stage at the end. A pause that begins after the deadline revives nothing.
    Counted again from the same facts it gives the same answer, so a changed calendar needs no history.
    """
    at = local(start)
    gone = sorted((local(since), local(until)) for since, until in pauses)
    parts = []
    for name, amount, unit in stages:
        at = _run(at, amount, Unit(unit), calendar, gone)
        parts.append(Part(name, amount, Unit(unit), aware(at)))
    return _due_of(start, parts, calendar, bool(pauses))


def resume(paused: Due, paused_from: datetime, paused_until: datetime, calendar: Calendar) -> Due:
    """Return the deadline after a pause: the interrupted stage goes on with its rest, the others follow."""
    parts = paused.parts or (Part("", 0, paused.unit, paused.at),)
    if paused_from >= paused.at or paused_until <= paused_from:
        return paused
    moved: list[Part] = []
    for part in parts:
        if part.ends <= paused_from:
            moved.append(part)
        elif not moved or moved[-1].ends <= paused_from:
            rest = _rest(local(paused_from), local(part.ends), part.unit, calendar)
            moved.append(replace(part, ends=aware(_spend(local(paused_until), rest, part.unit, calendar))))
        else:
            ends = _advance(local(moved[-1].ends), part.amount, part.unit, calendar)
            moved.append(replace(part, ends=aware(ends)))
    return _due_of(paused_from, moved, calendar, True)


def extend(limit: Due, amount: int, unit: Unit | str, calendar: Calendar) -> Due:
    """Add `amount` units to a limit that has not expired, counted from its end, not from the asking."""
    ends = _advance(local(limit.at), amount, Unit(unit), calendar)
    before_it = limit.parts or (Part("", 0, limit.unit, limit.at),)
    return _due_of(limit.at, [*before_it, Part(_("延期"), amount, Unit(unit), aware(ends))], calendar, False)


def before(due_at: datetime, amount: int, unit: Unit | str, calendar: Calendar) -> datetime:
    """Return the time `amount` units ahead of `due_at`, for warnings; a working day is its office hours."""
    unit = Unit(unit)
    at = local(due_at)
    if not calendar.uses_office_hours(unit):
        return aware(at - (timedelta(days=amount) if unit == Unit.NATURAL_DAY else timedelta(hours=amount)))
    opens, closes = calendar.hours_of(at.date())
    span = (closes - opens) * amount if unit == Unit.WORKING_DAY else timedelta(hours=amount)
    return aware(_subtract_open(at, span, calendar))


def warning(start: datetime, due_at: datetime, amount: int, unit: Unit | str, calendar: Calendar) -> datetime:
    """Return when to warn: `amount` units ahead, but never at `start`, for nothing escalates at creation.

    Where the limit is shorter than the warning, half of it must have passed.
    """
    ahead = before(due_at, amount, unit, calendar)
    if ahead > start:
        return ahead
    unit = Unit(unit)
    half = _rest(local(start), local(due_at), unit, calendar) / 2
    if not half:
        return due_at
    return aware(_spend(local(start), half, unit, calendar))


def remaining(now: datetime, due_at: datetime, unit: Unit | str, calendar: Calendar) -> timedelta:
    """Return the time left as `unit` counts it (open time only, for working units); negative when overdue."""
    if now > due_at:
        return -remaining(due_at, now, unit, calendar)
    return _rest(local(now), local(due_at), Unit(unit), calendar)


def next_opening(at: datetime, calendar: Calendar) -> datetime:
    """Return `at` where the office is open then, else its next opening: reminders go out in working time."""
    now = local(at)
    for opens, _closes in _open_spans(now, calendar):
        return aware(max(now, opens))
    raise AssertionError("a calendar opens some day")


def answer_due(
    asked_at: datetime,
    answered_at: datetime | None,
    first: Due,
    limit: tuple[int, Unit | str],
    calendar: Calendar,
) -> Due | None:
    """Return when the resident is owed our next word, None while we wait for theirs.

    Until the first answer the first-response limit `first` holds, however short the update `limit`. After it
    the update clock runs from what the resident said last (`asked_at`), and only while that is unanswered.
    """
    if answered_at is None:
        return first
    if answered_at >= asked_at:
        return None
    return due(asked_at, limit[0], limit[1], calendar)


def _due_of(since: datetime, parts: Sequence[Part], calendar: Calendar, was_paused: bool) -> Due:
    unknown = _unknown_years(since, parts, calendar)
    words = due_words(since, parts, calendar, unknown, was_paused)
    return Due(parts[-1].ends, words, not unknown, parts[-1].unit, tuple(parts))


def _unknown_years(since: datetime, parts: Sequence[Part], calendar: Calendar) -> list[int]:
    """Return the years without a published list in which a stage counts office hours."""
    years: set[int] = set()
    start = local(since)
    for part in parts:
        end = local(part.ends)
        if calendar.rests_on_holidays and calendar.uses_office_hours(part.unit):
            years |= set(range(start.year, end.year + 1))
        start = end
    return sorted(years - calendar.known_years)


def _run(
    start: datetime, amount: int, unit: Unit, calendar: Calendar, pauses: Sequence[tuple[datetime, datetime]]
) -> datetime:
    """Advance, and let each pause that falls inside push the rest behind it."""
    end = _advance(start, amount, unit, calendar)
    for since, until in pauses:
        if since < end and until > start:
            end = _spend(until, _rest(max(since, start), end, unit, calendar), unit, calendar)
    return end


def _advance(start: datetime, amount: int, unit: Unit, calendar: Calendar) -> datetime:
    if amount < 1:
        raise ValueError("a limit is at least one unit")
    if unit == Unit.NATURAL_DAY:
        return datetime.combine(start.date() + (amount + 1) * ONE_DAY, time(0)) - ONE_SECOND
    if unit == Unit.WORKING_DAY:
        return _last_working_moment(start, amount, calendar)
    return _spend(start, timedelta(hours=amount), unit, calendar)


def _last_working_moment(start: datetime, amount: int, calendar: Calendar) -> datetime:
    """Return the end of the `amount`-th working day; the first is the next or, by setting, this one."""
    day = start.date()
    if calendar.day_counts_from_next or start >= _last_moment(day, calendar):
        day += ONE_DAY
    while True:
        if calendar.works_on(day):
            amount -= 1
            if not amount:
                return _last_moment(day, calendar)
        day += ONE_DAY


def _last_moment(day: date, calendar: Calendar) -> datetime:
    """Return when `day` closes; where that is midnight a second earlier, for whoever reads only the date."""
    _opens, closes = calendar.hours_of(day)
    return closes - ONE_SECOND if closes.time() == time(0) else closes


def _open_spans(start: datetime, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """Yield opening and closing of each working day that has not closed at `start`, without end."""
    day = start.date()
    while True:
        if calendar.works_on(day):
            opens, closes = calendar.hours_of(day)
            if closes > start:
                yield max(opens, start), closes
        day += ONE_DAY


def _spend(start: datetime, span: timedelta, unit: Unit, calendar: Calendar) -> datetime:
    """Return when `span` has passed as `unit` counts; what ends with the office ends at its closing."""
    if not span or not calendar.uses_office_hours(unit):
        return start + span
    for opens, closes in _open_spans(start, calendar):
        if span <= closes - opens:
            return opens + span
        span -= closes - opens
    raise AssertionError("open spans never end")


def _subtract_open(end: datetime, span: timedelta, calendar: Calendar) -> datetime:
    day = end.date()
    while True:
        if calendar.works_on(day):
            opens, closes = calendar.hours_of(day)
            free = min(closes, end) - opens
            if span <= free:
                return min(closes, end) - span
            span -= max(free, ONE_DAY * 0)
        day -= ONE_DAY


def _rest(start: datetime, end: datetime, unit: Unit, calendar: Calendar) -> timedelta:
    """Return the time from `start` to a later `end` as `unit` counts it."""
    if not calendar.uses_office_hours(unit):
        return end - start
    total = timedelta()
    for opens, closes in _open_spans(start, calendar):
        if opens >= end:
            return total
        total += min(closes, end) - opens
    raise AssertionError("open spans never end")
