"""What is kept of workers who acted for residents no longer than the catalogue says."""

from datetime import datetime

from django.db import transaction

from linli.organisations.models import AssistedSession


@transaction.atomic
def forget_sessions(before: datetime, holding: set[int], at: datetime) -> int:
    """Remove assisted sessions that were over before that; rows gone."""
    old = AssistedSession.objects.filter(ends_at__lt=before).exclude(resident__in=holding)
    return int(old.exclude(worker__in=holding).delete()[0])
