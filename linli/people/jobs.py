"""What the clock does for persons."""

from django.utils import timezone

from linli.people import actions


def forget_old() -> None:
    """Delete what signing in no longer needs. A second run finds nothing more to delete."""
    actions.forget_old(timezone.now())
