"""What the worker process runs for lettings."""

from django.utils import timezone

from linli.lettings import actions


def tell_home(token: str) -> None:
    """Tell those of a home that somebody registers there. Recognised by the key of each notice."""
    actions.tell_home(token, timezone.now())


def run_clocks() -> None:
    """Begin, end, warn and forget. Recognised by each row's state and each notice's key."""
    actions.run_clocks(timezone.now())
