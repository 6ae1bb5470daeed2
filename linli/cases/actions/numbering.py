"""Numbers that people can say on the telephone: the day, and an integer counted on that day."""

from datetime import date, datetime

from django.db import connection
from django.utils.timezone import localdate

from linli.cases.models import DayCount


def take_numbers(day: date, amount: int) -> list[str]:
    """Return `amount` numbers of `day` that nobody else gets: an integer is counted up under its row's lock.

    Called inside a transaction, as late as may be, because others of the same day wait until it commits.
    """
    last = _count_up(day, amount)
    if last is None:
        DayCount.objects.get_or_create(day=day)
        last = _count_up(day, amount) or amount
    return [f"{day:%Y%m%d}-{number:06d}" for number in range(last - amount + 1, last + 1)]


def _count_up(day: date, amount: int) -> int | None:
    """Count a day up and return where it stands now, None for a day without a row: one statement, one round trip."""
    table = DayCount._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET last = last + %s WHERE day = %s RETURNING last",  # noqa: S608 (our own table)
            [amount, connection.ops.adapt_datefield_value(day)],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def take_number(at: datetime) -> str:
    """Return the next number of the day of `at`."""
    return take_numbers(localdate(at), 1)[0]
