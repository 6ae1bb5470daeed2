"""What the worker process runs for facilities, by the clock."""

from django.utils import timezone

from linli.facilities import actions


def warn() -> None:
    """Put inspections that come due on the lists. Recognised by the key of each to-do; once a day."""
    actions.warn(timezone.now())
