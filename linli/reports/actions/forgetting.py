"""Answers to reports' questions go with their person and in time."""

from datetime import datetime

from django.db import transaction

from linli.people.models import Person
from linli.reports.models import Wanted


@transaction.atomic
def erase_wanted(person: Person, at: datetime) -> int:
    """Remove what reports wanted to know of the person, and what they answered; rows gone."""
    return Wanted.objects.filter(person=person).delete()[0]


@transaction.atomic
def forget_wanted(before: datetime, holding: set[int], at: datetime) -> int:
    """Remove what was answered before that; rows gone."""
    return Wanted.objects.filter(answered_at__lt=before).exclude(person__in=holding).delete()[0]
