"""Counts of the trail: for everybody in sums, for auditors as questions. No count is ever kept per worker."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Sum
from django.db.models.functions import TruncDate, TruncMonth
from django.utils.translation import gettext as _

from linli.trail.models import Look, LookQuerySet, Withholding
from linli.trail.rules import MANY_RETURNS, MANY_REVEALS, Disclosure, Purpose, is_within_task

OUTSIDE_TASKS = [purpose.value for purpose in Purpose if not is_within_task(purpose)]
MOST_ASKED = 20


@dataclass(frozen=True)
class Strange:
    """Something that an auditor may want to ask about: whose looks, when last, and the question in words."""

    looker: str
    who: str
    last: datetime
    question: str


def sums(looks: LookQuerySet) -> dict[str, Any]:
    """Return the looks counted in all, by purpose and by class of disclosure; one query."""
    by_purpose: dict[str, int] = {}
    by_class: dict[str, int] = {}
    for row in looks.order_by().values("purpose", "disclosure").annotate(times=Count("pk")):
        by_purpose[row["purpose"]] = by_purpose.get(row["purpose"], 0) + row["times"]
        by_class[row["disclosure"]] = by_class.get(row["disclosure"], 0) + row["times"]
    return {
        "all": sum(by_purpose.values()),
        "outside": sum(by_purpose.get(purpose, 0) for purpose in OUTSIDE_TASKS),
        "by_purpose": _worded(Purpose.choices, by_purpose),
        "by_class": _worded(Disclosure.choices, by_class),
    }


def strange(looks: LookQuerySet) -> list[Strange]:
    """Return what stands out among these looks as questions, the latest first: no score, no count, no ranking."""
    outside = looks.filter(purpose__in=OUTSIDE_TASKS).order_by()
    a_day = outside.annotate(day=TruncDate("at")).values("looker", "looker_words", "day")
    many = a_day.annotate(times=Count("pk"), last=Max("at")).filter(times__gte=MANY_REVEALS)
    again = outside.values("looker", "looker_words", "seen__subject")
    same = again.annotate(times=Count("pk"), last=Max("at")).filter(times__gte=MANY_RETURNS)
    found = [
        *_asked(many, _("一天里多次在任务之外打开个人信息。是集中走访或核对吗？请先问本人和单位。")),
        *_asked(same, _("在任务之外反复打开同一位居民的信息。是同一件事在办吗？请先问本人和单位。")),
    ]
    return sorted(found, key=lambda each: each.last, reverse=True)[:MOST_ASKED]


def months(start: datetime) -> list[dict[str, Any]]:
    """Return for each month since `start` how often anybody looked, at how many lines, and how much is withheld.

    What is never shown to its subject is counted here like everything else.
    """
    counted = (
        Look.objects.filter(at__gte=start)
        .order_by()
        .annotate(month=TruncMonth("at"))
        .values("month", "disclosure")
        .annotate(times=Count("pk"), lines=Sum("count"))
    )
    found: dict[Any, dict[str, Any]] = {}
    for row in counted:
        month = found.setdefault(
            row["month"], {"month": row["month"], "looks": 0, "lines": 0, "later": 0, "withheld": 0}
        )
        month["looks"] += row["times"]
        month["lines"] += row["lines"]
        if row["disclosure"] == Disclosure.NEVER:
            month["withheld"] += row["times"]
        elif row["disclosure"] != Disclosure.IMMEDIATE:
            month["later"] += row["times"]
    return sorted(found.values(), key=lambda month: month["month"], reverse=True)


def bases(at: datetime) -> list[Withholding]:
    """Return the legal bases by which looks are withheld at that moment, for everybody to read."""
    return list(Withholding.objects.usable(at).order_by("basis", "pk"))


def _asked(rows: Iterable[Any], question: str) -> list[Strange]:
    return [Strange(row["looker"], row["looker_words"], row["last"], question) for row in rows]


def _worded(choices: Iterable[tuple[str, Any]], counted: dict[str, int]) -> list[tuple[Any, int]]:
    return [(label, counted[value]) for value, label in choices if counted.get(value)]
