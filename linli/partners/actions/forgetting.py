"""What private persons left with partners goes with them and in time."""

from datetime import datetime

from django.db import transaction

from linli.partners.models import Booking
from linli.people.models import Person


@transaction.atomic
def erase_bookings(person: Person, at: datetime) -> int:
    """Remove the person's bookings; rows gone."""
    return Booking.objects.filter(person=person).delete()[0]


@transaction.atomic
def forget_bookings(before: datetime, holding: set[int], at: datetime) -> int:
    """Remove bookings whose visit was before that; rows gone."""
    return Booking.objects.filter(booked_at__lt=before).exclude(person__in=holding).delete()[0]
