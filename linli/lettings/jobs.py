"""What the worker process runs for lettings, by the clock."""

from django.utils import timezone

from linli.lettings import actions


def run_clocks() -> None:
    """Begin, end, warn and forget. Recognised by each row's state and each notice's key."""
    actions.run_clocks(timezone.now())
