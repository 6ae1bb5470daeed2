"""What the worker process runs for notices; each calls actions with the present time."""

from datetime import timedelta

from django.utils import timezone

from linli.base.jobs import later
from linli.notices import actions

AT_MOST = timedelta(minutes=1)  # then the next job has its turn


def send_waiting() -> None:
    """Send what waits. Recognised by each attempt's state: a second run finds nothing left to send."""
    started = timezone.now()
    while actions.send_next(timezone.now()):
        if timezone.now() - started > AT_MOST:
            later("linli.notices.jobs.send_waiting")
            return


def sweep() -> None:
    """Tell what lower floors left to tell, and look after attempts that were left behind; each minute."""
    now = timezone.now()
    while actions.tell_pending(now):
        pass
    actions.mark_lost(now)
    actions.expire(now)
    send_waiting()


def send_digests() -> None:
    """Sum up what the cap held back. Recognised by person and day."""
    while actions.send_digests(timezone.now()):
        pass
