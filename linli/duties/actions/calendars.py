"""The calendars by which limits are counted: an office's hours and the State Council's holidays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from linli.base.errors import require
from linli.base.worktime import Calendar
from linli.duties.models import Holiday, WorkCalendar
from linli.duties.published import PUBLISHED, PUBLISHED_YEARS
from linli.duties.rules import check_holidays
from linli.people.models import Person
from linli.places.models import Place


@dataclass(frozen=True)
class HolidayRow:
    """One line of the State Council's notice: a day off, or a make-up day that is worked."""

    day: date
    is_working: bool
    name: str


def calendar_of(place: Place) -> Calendar:
    """Return the calendar that counts at `place`: the nearest office hours above it and all known holidays."""
    # The path of an inner place goes on where the outer one's ends, and so sorts after it.
    hours = WorkCalendar.objects.filter(place__in=place.ancestor_ids()).order_by("-place__path").first()
    holidays, years = _holidays()
    if hours is None:
        return Calendar(holidays=holidays, known_years=years)
    return Calendar(
        hours.opens,
        hours.closes,
        frozenset(hours.weekdays),
        holidays,
        years,
        hours.urgent_around_the_clock,
        hours.day_counts_from_next,
        hours.rests_on_holidays,
    )


def known_years() -> frozenset[int]:
    """Return the years whose holidays are known, from the package or imported."""
    return PUBLISHED_YEARS | frozenset(Holiday.objects.values_list("year", flat=True))


def _holidays() -> tuple[dict[date, bool], frozenset[int]]:
    """Holidays by day; a year that was imported replaces what the package says of it."""
    rows = list(Holiday.objects.values_list("year", "day", "is_working"))
    if not rows:
        return PUBLISHED, PUBLISHED_YEARS
    years = frozenset(year for year, _day, _working in rows)
    kept = {day: working for day, working in PUBLISHED.items() if day.year not in years}
    return kept | {day: working for _year, day, working in rows}, PUBLISHED_YEARS | years


@transaction.atomic
def import_holidays(
    year: int, rows: Sequence[HolidayRow], notice: str, *, by: Person | None, at: datetime
) -> int:
    """Take over the notice (文号 `notice`) for `year`; again, it changes nothing. Returns the rows changed.

    Whoever keeps open limits recounts them afterwards (cases does); the words for it are base `moved_words`.
    """
    require(bool(notice.strip()), _("请写通知的文号，例如 国办发明电〔2026〕7号。"))
    check_holidays(year, [(row.day, row.is_working) for row in rows])
    held = {row.day: row for row in Holiday.objects.select_for_update().filter(year=year)}
    wanted = {row.day: row for row in rows}
    changed = 0
    for day, row in wanted.items():
        facts = {
            "year": year,
            "is_working": row.is_working,
            "name": row.name.strip(),
            "notice": notice.strip(),
        }
        old = held.get(day)
        if old is None or any(getattr(old, name) != value for name, value in facts.items()):
            Holiday.objects.update_or_create(day=day, defaults=facts)
            changed += 1
    gone = [row.pk for day, row in held.items() if day not in wanted]
    Holiday.objects.filter(pk__in=gone).delete()
    return changed + len(gone)


@dataclass(frozen=True)
class Hours:
    """What an office says of its working time; `closes` 00:00 means 24:00, weekdays are ISO numbers."""

    opens: time
    closes: time
    weekdays: Sequence[int]
    urgent_around_the_clock: bool = True
    day_counts_from_next: bool = True
    rests_on_holidays: bool = True


@transaction.atomic
def set_hours(place: Place, hours: Hours, *, by: Person | None, at: datetime) -> WorkCalendar:
    """Say when the office at `place` works; it counts for all under it that has no hours of its own."""
    require(bool(hours.weekdays), _("请至少选一个工作日。"))
    require(
        hours.closes > hours.opens or hours.closes == time(0),
        _("下班时间要晚于上班时间；全天开放请填 00:00 到 00:00。"),
    )
    row, _is_new = WorkCalendar.objects.update_or_create(
        place=place,
        defaults={
            "opens": hours.opens,
            "closes": hours.closes,
            "weekdays": sorted(set(hours.weekdays)),
            "urgent_around_the_clock": hours.urgent_around_the_clock,
            "day_counts_from_next": hours.day_counts_from_next,
            "rests_on_holidays": hours.rests_on_holidays,
        },
    )
    return row
