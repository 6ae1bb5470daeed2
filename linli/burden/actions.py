"""Keeping the ledger: one statement per form sent, and what came at short notice."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string
from django.utils.timezone import localdate

from linli.burden import rules
from linli.burden.models import Errand, Load
from linli.organisations.models import Organisation
from linli.people.models import Person

LOOK_BACK = timedelta(days=7)  # a job that rested for a week still finds what came meanwhile

# One statement, one row of one worker: two workers never wait for each other.
ADD = """
INSERT INTO burden_load (person_id, organisation_id, day, form, demanded_by, times, typed, filled)
VALUES (%s, %s, %s, %s, %s, 1, %s, %s)
ON CONFLICT (person_id, day, form, organisation_id, demanded_by) DO UPDATE SET
times = burden_load.times + 1, typed = burden_load.typed + excluded.typed, filled = burden_load.filled + excluded.filled
"""


def note(
    person: Person,
    organisation: Organisation,
    form: str,
    typed: int,
    filled: int,
    at: datetime,
    demanded_by: str = "",
) -> None:
    """Add one form that `person` sent for `organisation`: fields typed, and fields (or cells) that the system filled.

    `form` is a name of an address ("reports:fill"), `demanded_by` the body that wants it, "" where nobody above does.
    Of `at` only the day is kept.
    """
    who: list[int | str | date] = [person.pk, organisation.pk, localdate(at)]
    values = [*who, form[:80], demanded_by[:80], typed, filled]
    with connection.cursor() as cursor:
        cursor.execute(ADD, values)


@transaction.atomic
def note_errands(at: datetime) -> int:
    """Write down what came from above at short notice in the last days; returns how many are new.

    What came is told from the top of the house (settings.ERRANDS); a task is recognised by its key.
    """
    found: list[rules.Errand] = import_string(settings.ERRANDS)(at - LOOK_BACK, at)
    known = set(Errand.objects.filter(key__in=[one.key for one in found]).values_list("key", flat=True))
    new = [
        Errand(
            key=one.key,
            organisation_id=one.organisation_id,
            task=one.task[:60],
            demanded_by=one.demanded_by[:80],
            came_on=one.came_on,
            due_on=one.due_on,
        )
        for one in found
        if one.key not in known
    ]
    Errand.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


@transaction.atomic
def purge(today: date) -> int:
    """Remove what is older than 24 months; returns how many rows."""
    first = rules.kept_from(today)
    gone, _by_table = Load.objects.filter(day__lt=first).delete()
    errands, _by_table = Errand.objects.filter(came_on__lt=first).delete()
    return gone + errands
