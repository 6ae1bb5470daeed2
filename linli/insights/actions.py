"""Keeping the tallies up; insights write nothing of anybody else's."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncDate, TruncMonth

from linli.cases.models import Case
from linli.cases.rules import State
from linli.insights.models import MERGED, MonthlyCount, Tally, judged_rows, undispatched
from linli.insights.rules import Measure

SHANGHAI = ZoneInfo("Asia/Shanghai")
SETTLING = 35  # days after which a day's counts no longer change: withdrawals and merges come that late


def midnight(day: date) -> datetime:
    """Return the moment at which `day` begins in China."""
    return datetime.combine(day, time(), SHANGHAI)


@transaction.atomic
def tally(first: date, last: date) -> int:
    """Count the days `first` to `last` anew and return how many rows there are."""
    since, until = midnight(first), midnight(last + timedelta(days=1))
    rows = [
        Tally(
            day=row["day"],
            community_id=row["home"],
            organisation_id=row["body"],
            measure=measure,
            count=row["n"],
        )
        for measure, counted in _counts(since, until)
        for row in counted
    ]
    Tally.objects.between(first, last).delete()
    Tally.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def _counts(since: datetime, until: datetime) -> Iterable[tuple[Measure, QuerySet[Any, dict[str, Any]]]]:
    """Yield each measure with its (day, home, body, n) rows; history is left out."""
    cases = Case.objects.filter(is_history=False)
    due = cases.filter(response_due__gte=since, response_due__lt=until)
    counted = due.exclude(undispatched() | MERGED)
    yield Measure.FILED, _by_day(cases.filter(filed_at__gte=since, filed_at__lt=until), "filed_at")
    yield Measure.RESPONSE_DUE, _by_day(counted, "response_due")
    yield Measure.RESPONSE_MET, _by_day(counted.filter(responded_at__lte=F("response_due")), "response_due")
    yield Measure.RESPONSE_WITHDRAWN, _by_day(due.filter(undispatched()), "response_due")
    yield Measure.RESPONSE_MERGED, _by_day(due.filter(MERGED), "response_due")
    declined = cases.filter(state=State.DECLINED, closed_at__gte=since, closed_at__lt=until)
    yield Measure.DECLINED, _by_day(declined, "closed_at")
    for measure, (rows, moment) in judged_rows(since, until).items():
        yield measure, _by_day(rows.filter(case__is_history=False), moment, is_judged=True)


def _by_day(rows: QuerySet[Any], moment: str, *, is_judged: bool = False) -> QuerySet[Any, dict[str, Any]]:
    home, body = (F("case__community"), F("judged_body")) if is_judged else (F("community"), F("lead"))
    counted: QuerySet[Any, dict[str, Any]] = (
        rows.annotate(day=TruncDate(moment, tzinfo=SHANGHAI))
        .order_by()
        .values("day", home=home, body=body)
        .annotate(n=Count("pk"))
    )
    return counted


@transaction.atomic
def count_months(first: date) -> None:
    """Count the public cases of each month from `first`'s on anew, by category."""
    since = midnight(first.replace(day=1))
    public = Case.objects.filter(visibility=Case.Visibility.PUBLIC, filed_at__gte=since)
    rows: Any = (
        public.annotate(month=TruncMonth("filed_at", tzinfo=SHANGHAI))
        .order_by()
        .values("month", "community", code=F("category__code"))
        .annotate(filed=Count("pk"), closed=Count("pk", filter=Q(closed_at__isnull=False)))
    )
    counts = [
        MonthlyCount(
            month=row["month"].date(),
            community_id=row["community"],
            category=row["code"] or "other",
            filed=row["filed"],
            closed=row["closed"],
        )
        for row in rows
    ]
    MonthlyCount.objects.filter(month__gte=first.replace(day=1)).delete()
    MonthlyCount.objects.bulk_create(counts, batch_size=500)


def refresh(at: datetime) -> None:
    """Count yesterday and today anew; a second run changes nothing."""
    today = at.astimezone(SHANGHAI).date()
    tally(today - timedelta(days=1), today)


def settle(at: datetime) -> None:
    """Count every day anew that may still have changed; run at night, and a second run changes nothing."""
    today = at.astimezone(SHANGHAI).date()
    tally(today - timedelta(days=SETTLING), today)
    count_months(today - timedelta(days=SETTLING))
