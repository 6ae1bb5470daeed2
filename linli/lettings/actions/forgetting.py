"""What lettings keep no longer: of who asks to be forgotten, and what ended long ago."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate

from linli.lettings.models import Inquiry, Letting, Newcomer, Offer, Tenant
from linli.lettings.rules import LIVE_LETTINGS, NewcomerState
from linli.people.models import Person


@transaction.atomic
def erase_lettings(person: Person, at: datetime) -> tuple[int, int]:
    """Remove registrations, offers, words and ended lettings of the person; (rows gone, lettings that still run).

    What runs concerns the other side too: it stays until it ends.
    """
    gone = Newcomer.objects.filter(Q(person=person) | Q(registered_by=person, person=None)).delete()[0]
    gone += Inquiry.objects.filter(person=person).delete()[0] + Offer.objects.filter(owner=person).delete()[0]
    over = ~Q(letting__state__in=LIVE_LETTINGS)
    gone += Tenant.objects.filter(over, person=person).delete()[0]
    gone += Letting.objects.filter(landlord=person).exclude(state__in=LIVE_LETTINGS).delete()[0]
    runs = Letting.objects.live().filter(Q(landlord=person) | Q(tenants__person=person))
    return gone, runs.distinct().count()


@transaction.atomic
def forget_lettings(before: datetime, holding: set[int], at: datetime) -> int:
    """Remove lettings that ended before that, with their tenants; rows gone."""
    day = localdate(before)
    ended = Q(ends_on__lt=day) | Q(ends_on=None, until__lt=day)
    old = Letting.objects.filter(ended).exclude(state__in=LIVE_LETTINGS).exclude(landlord__in=holding)
    kept = Tenant.objects.filter(person__in=holding).values("letting")
    return old.exclude(pk__in=kept).delete()[0]


@transaction.atomic
def forget_newcomers(before: datetime, holding: set[int], at: datetime) -> int:
    """Remove registrations that were answered before that: what was agreed to is in the register; rows gone."""
    old = Newcomer.objects.filter(answered_at__lt=before).exclude(state=NewcomerState.WAITING)
    return old.exclude(person__in=holding).exclude(registered_by__in=holding).delete()[0]
