"""What the worker does by the clock for reports."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from linli.reports import actions


def purge() -> None:
    """Take the content out of fillings that are past their time; counts and digests stay."""
    now = timezone.now()
    actions.purge(now - timedelta(days=settings.REPORTS_KEPT_DAYS), at=now)


def settle() -> None:
    """Take off the work lists what the register has come to hold another way. Again finds nothing."""
    actions.settle_everywhere(timezone.now())
