"""What people were told is kept no longer than it is needed (个人信息保护法 art. 19)."""

from datetime import datetime

from django.db import transaction

from linli.notices.models import Delivery, Notice, Silence
from linli.people.models import Person


@transaction.atomic
def forget_notices(before: datetime, holding: set[int], at: datetime) -> int:
    """Delete notices older than `before` and what went outside for them, not of those in `holding`; rows gone."""
    old = Notice.objects.filter(at__lt=before).exclude(person__in=holding)
    deliveries = Delivery.objects.filter(at__lt=before).exclude(person__in=holding)
    deliveries.update(digest=None)
    return deliveries.delete()[0] + old.exclude(deliveries__isnull=False).delete()[0]


@transaction.atomic
def erase_notices(person: Person, at: datetime) -> int:
    """Delete everything this person was told and asked not to be told; rows gone."""
    deliveries = Delivery.objects.filter(person=person)
    deliveries.update(digest=None)
    gone = deliveries.delete()[0] + Silence.objects.filter(person=person).delete()[0]
    return gone + Notice.objects.filter(person=person).delete()[0]
