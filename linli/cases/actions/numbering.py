"""Numbers that people can say on the telephone: the day, and an integer counted on that day."""

from datetime import date, datetime

from django.db.models import F
from django.utils.timezone import localdate

from linli.cases.models import DayCount


def take_numbers(day: date, amount: int) -> list[str]:
    """Return `amount` numbers of `day` that nobody else gets: an integer is counted up under its row's lock.

    Called inside a transaction, as late as may be, because others of the same day wait until it commits.
    """
    if not DayCount.objects.filter(day=day).update(last=F("last") + amount):
        DayCount.objects.get_or_create(day=day)
        DayCount.objects.filter(day=day).update(last=F("last") + amount)
    last = DayCount.objects.values_list("last", flat=True).get(day=day)
    return [f"{day:%Y%m%d}-{number:06d}" for number in range(last - amount + 1, last + 1)]


def take_number(at: datetime) -> str:
    """Return the next number of the day of `at`."""
    return take_numbers(localdate(at), 1)[0]
