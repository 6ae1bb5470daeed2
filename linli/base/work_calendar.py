"""When an office works, in which units its limits count, and what a deadline is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy

CHINA = ZoneInfo("Asia/Shanghai")
ONE_DAY = timedelta(days=1)


class Unit(TextChoices):
    """What a limit counts: 工作时 and 工作日 stand still while the office is closed, 自然日 never does."""

    URGENT_HOUR = "urgent_hour", gettext_lazy("紧急工作时")
    WORKING_HOUR = "working_hour", gettext_lazy("工作时")
    WORKING_DAY = "working_day", gettext_lazy("工作日")
    NATURAL_DAY = "natural_day", gettext_lazy("自然日")


Stage = tuple[str, int, Unit | str]
Pause = tuple[datetime, datetime]


@dataclass(frozen=True)
class Calendar:
    """When an office works. `closes` 00:00 means 24:00; `weekdays` are ISO numbers (Monday 1).

    `holidays` says of a day that departs from the weekdays whether it is worked (a make-up Saturday: True).
    Outside `known_years` the State Council's list is unknown, and a deadline that crosses one says so.
    `rests_on_holidays` False is for desks that are open on holidays as on any weekday.
    """

    opens: time = time(9)
    closes: time = time(17, 30)
    weekdays: frozenset[int] = frozenset({1, 2, 3, 4, 5})
    holidays: Mapping[date, bool] = field(default_factory=dict)
    known_years: frozenset[int] = frozenset()
    urgent_around_the_clock: bool = True
    day_counts_from_next: bool = True
    rests_on_holidays: bool = True

    def __post_init__(self) -> None:
        if not self.weekdays or not self.weekdays <= set(range(1, 8)):
            raise ValueError("a calendar works on at least one weekday, 1 to 7")
        if self.closes <= self.opens and self.closes != time(0):
            raise ValueError("a calendar closes after it opens, on the same day")

    def works_on(self, day: date) -> bool:
        """Whether `day` is a working day; in an unknown year by its weekday alone."""
        if self.rests_on_holidays and day in self.holidays:
            return self.holidays[day]
        return day.isoweekday() in self.weekdays

    def hours_of(self, day: date) -> tuple[datetime, datetime]:
        """Opening and closing of `day` in naive Beijing time, whether or not it is worked."""
        closes = datetime.combine(day, self.closes)
        if self.closes == time(0):
            closes += ONE_DAY
        return datetime.combine(day, self.opens), closes

    def uses_office_hours(self, unit: Unit) -> bool:
        """Whether `unit` stands still while the office is closed."""
        return not (unit == Unit.NATURAL_DAY or (unit == Unit.URGENT_HOUR and self.urgent_around_the_clock))


@dataclass(frozen=True)
class Part:
    """One stage of a deadline and when it ends."""

    name: str
    amount: int
    unit: Unit
    ends: datetime


@dataclass(frozen=True)
class Due:
    """A deadline: when, why (one sentence), and whether each year it crosses has a published holiday list."""

    at: datetime
    words: str = ""
    is_certain: bool = True
    unit: Unit = Unit.WORKING_HOUR
    parts: tuple[Part, ...] = ()


def local(at: datetime) -> datetime:
    """Beijing time without a zone: arithmetic on it is exact, there has been no summer time since 1991."""
    return at.astimezone(CHINA).replace(tzinfo=None)


def aware(at: datetime) -> datetime:
    """The instant of a naive Beijing time."""
    return at.replace(tzinfo=CHINA)
