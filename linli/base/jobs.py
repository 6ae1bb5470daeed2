"""Background work: enqueued in the transaction that causes it, at least once, so every job is idempotent.

Jobs are named by dotted path ("linli.notices.actions.deliver") and take plain values. A job says in its docstring
by which key a second run is recognised.
"""

from typing import Any

from django_q.models import Schedule
from django_q.tasks import async_task


def later(job: str, *args: Any) -> None:
    """Run `job(*args)` soon after the present transaction commits, or never if it does not."""
    async_task(job, *args)


def every(minutes: int, job: str, *args: Any) -> None:
    """Run `job(*args)` each `minutes`; calling this again changes the period and adds no second schedule."""
    Schedule.objects.update_or_create(
        name=job,
        defaults={
            "func": job,
            "args": repr(args),
            "schedule_type": Schedule.MINUTES,
            "minutes": minutes,
            "repeats": -1,
        },
    )
