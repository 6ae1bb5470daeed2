"""What the worker process runs for the ledger, by the clock."""

from django.utils import timezone

from linli.burden import actions


def note_errands() -> None:
    """Find what came at short notice. Recognised by each task's key."""
    actions.note_errands(timezone.now())


def purge() -> None:
    """Forget what is older than 24 months. What is gone is gone: again removes nothing."""
    actions.purge(timezone.localdate())
