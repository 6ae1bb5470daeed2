"""Background work: enqueued in the transaction that causes it, at least once, so every job is idempotent.

Jobs are named by dotted path ("linli.notices.jobs.send_waiting") and take plain values. A job says in its
docstring by what a second run is recognised. The broker is a table of the same database, so a job is kept or
lost with the rows it is about; a worker that is killed leaves its job locked, and after `Q_CLUSTER["retry"]`
seconds another takes it.
"""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django_q.models import Schedule
from django_q.tasks import async_task


def later(job: str, *args: Any) -> None:
    """Run `job(*args)` soon after the present transaction commits, or never if it does not."""
    async_task(job, *args)


@transaction.atomic
def every(minutes: int, job: str) -> None:
    """Run `job()` each `minutes`; calling this again changes the period and adds no second schedule."""
    known = list(Schedule.objects.select_for_update().filter(func=job).order_by("pk"))
    if not known:
        Schedule.objects.create(
            name=job, func=job, schedule_type=Schedule.MINUTES, minutes=minutes, repeats=-1
        )
        return
    Schedule.objects.filter(pk=known[0].pk).update(minutes=minutes, repeats=-1)
    Schedule.objects.filter(pk__in=[double.pk for double in known[1:]]).delete()


@transaction.atomic
def keep_schedule(schedule: Iterable[tuple[int, str]]) -> None:
    """Make the clock do what `schedule` lists as (minutes, job), and nothing that it no longer lists."""
    wanted = list(schedule)
    Schedule.objects.exclude(func__in=[job for _minutes, job in wanted]).delete()
    for minutes, job in wanted:
        every(minutes, job)
