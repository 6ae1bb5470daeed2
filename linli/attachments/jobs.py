"""What the worker process runs for files, by the clock."""

from django.utils import timezone

from linli.attachments import actions


def sweep() -> None:
    """Remove what a killed process or an abandoned form left behind. A second run finds nothing; once a day."""
    actions.sweep(timezone.now())
