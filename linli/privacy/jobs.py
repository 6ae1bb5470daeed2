"""What the clock does for privacy."""

from django.utils import timezone

from linli.privacy import actions


def purge() -> None:
    """Remove what is past its retention. A second run finds nothing more to remove; once a day."""
    actions.purge_all(timezone.now())
