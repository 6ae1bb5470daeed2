"""Who is in a report, how often it is asked for, and what filling it by machine saved."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.base.errors import require

SECONDS_PER_CELL = 6  # typing one cell from another list, see `saved_minutes`
LONGEST_DEMAND = 366 * 3  # days: after that it needs a new basis in any case


class Period(models.TextChoices):
    """How often a workbook is asked for."""

    ONCE = "once", gettext_lazy("一次性")
    WEEK = "week", gettext_lazy("每周")
    MONTH = "month", gettext_lazy("每月")
    QUARTER = "quarter", gettext_lazy("每季")
    HALF = "half", gettext_lazy("每半年")
    YEAR = "year", gettext_lazy("每年")


TIMES_A_YEAR = {
    Period.ONCE: 1,
    Period.WEEK: 52,
    Period.MONTH: 12,
    Period.QUARTER: 4,
    Period.HALF: 2,
    Period.YEAR: 1,
}


@dataclass(frozen=True)
class Who:
    """Who is in it: everything empty means everybody. Several tags: whoever has one of them."""

    tags: tuple[str, ...] = ()
    tenures: tuple[str, ...] = ()
    occupancies: tuple[str, ...] = ()
    sex: str = ""
    youngest: int | None = None  # in years, included
    oldest: int | None = None
    lives_alone: bool = False
    is_open: bool = False  # hazards: what is not solved yet only

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """Return what a template keeps as JSON; what it does not know is left out."""
        known: dict[str, Any] = {}
        for name in cls.__dataclass_fields__:
            if name in kept:
                known[name] = tuple(kept[name]) if isinstance(kept[name], list) else kept[name]
        return cls(**known)

    def kept(self) -> dict[str, Any]:
        """Return it as a template keeps it, only what narrows."""
        return {name: value for name, value in asdict(self).items() if value not in ((), "", None, False)}

    def takes(self, facts: Mapping[str, Any], held: Iterable[str]) -> bool:
        """Whether a person (or home) with these facts and tags is in it.

        Whoever's age is not known is left out of a list by age: the work list asks for their birth date.
        """
        age = facts.get("age")
        checks = (
            not self.tags or bool(set(self.tags) & set(held)),
            not self.tenures or facts.get("tenure") in self.tenures,
            not self.occupancies or facts.get("occupancy") in self.occupancies,
            not self.sex or facts.get("sex") == self.sex,
            self.youngest is None or (age is not None and age >= self.youngest),
            self.oldest is None or (age is not None and age <= self.oldest),
            not self.lives_alone or facts.get("lives_alone") is True,
        )
        return all(checks)

    @property
    def is_by_age(self) -> bool:
        """Whether it needs everybody's birth date."""
        return self.youngest is not None or self.oldest is not None


def age_on(born: date, day: date) -> int:
    """Return the full years of life on a day (周岁); on the birthday itself the year is not yet full by law
    (最高人民法院法释〔2000〕19号: 从生日的第二天起), ledgers count the birthday in, and so do we.
    """
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def check_demand(demander: str, basis: str, since: date, until: date, on: date) -> None:
    """Raise Refused where a demand does not say who, on what basis and until when (a day not yet past)."""
    require(bool(demander.strip()), _("请写是哪个单位要的这张表。"))
    require(
        bool(basis.strip()),
        _("请写依据：文号或通知名称。没有依据的表，社区可以不填报。"),
        rule="国办函〔2026〕12号",
    )
    require(until >= since, _("“至”不能早于“自”，请核对日期。"))
    require(until >= on, _("这个依据已经到期，不用再填。要继续填，请写新的依据和日期。"))
    require((until - since).days <= LONGEST_DEMAND, _("一个依据最长三年，到期请上级重新说明依据。"))


def saved_minutes(filled: int, seconds_per_cell: int = SECONDS_PER_CELL) -> int:
    """Return the minutes that filling so many cells by hand would have taken, rounded down.

    An estimate, not a measurement: cells × seconds per cell. Six seconds is finding a value in another list and
    typing about eight signs; a deployment that timed its own people sets LINLI_SECONDS_PER_CELL.
    """
    return filled * seconds_per_cell // 60


@dataclass(frozen=True)
class Overlap:
    """One fact that several bodies demand."""

    fact: str
    label: str
    demanders: tuple[str, ...]
    demands: int


def overlaps(asked: Iterable[tuple[str, str, str]]) -> list[Overlap]:
    """Return from (fact, its label, demander) the facts that more than one body demands, the most demanded first."""
    found: dict[str, tuple[str, list[str]]] = {}
    for fact, label, demander in asked:
        found.setdefault(fact, (label, []))[1].append(demander)
    rows = [
        Overlap(fact, label, tuple(dict.fromkeys(bodies)), len(bodies))
        for fact, (label, bodies) in found.items()
        if len(set(bodies)) > 1
    ]
    return sorted(rows, key=lambda row: (-len(row.demanders), -row.demands, row.fact))
