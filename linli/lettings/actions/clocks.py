"""What time does: lettings begin and end on their day, ends are told ahead, what nobody answered lapses and goes."""

from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.timezone import localdate

from linli.base.words import said as _
from linli.lettings import rules
from linli.lettings.actions.desk import take_off_desk
from linli.lettings.actions.letting import end_now, start
from linli.lettings.models import Inquiry, Letting, Newcomer, Offer, Tenant
from linli.lettings.rules import LettingState, NewcomerState, OfferState, TenantState
from linli.people import actions as people
from linli.privacy.models import held_persons


def run_clocks(at: datetime) -> dict[str, int]:
    """Do all that is due by `at`, each in its own transaction; again does nothing. Returns how many of each."""
    today = localdate(at)
    return {
        "begun": _each(Letting.objects.live().filter(
            since__lte=today, tenants__state=TenantState.CONFIRMED).distinct(), _begin, at),
        "ended": _each(Letting.objects.filter(state=LettingState.RUNNING, ends_on__lte=today), _end, at),
        "warned": _each(_ending_soon(today), _warn, at),
        "lapsed": _lapse(at),
        "removed": _forget(at),
    }  # fmt: skip


def _each(rows: QuerySet[Letting], act: Callable[[Letting, datetime], None], at: datetime) -> int:
    found = list(rows)
    for row in found:
        with transaction.atomic():
            act(row, at)
    return len(found)


def _begin(row: Letting, at: datetime) -> None:
    start(
        Letting.objects.select_for_update(of=("self",)).select_related("home", "landlord").get(pk=row.pk), at
    )


def _end(row: Letting, at: datetime) -> None:
    held = Letting.objects.select_for_update(of=("self",)).select_related("home", "landlord").get(pk=row.pk)
    if held.state == LettingState.RUNNING and held.ends_on is not None:
        end_now(held, held.ends_on, held.ended_by or held.landlord, at)


def _ending_soon(today: date) -> QuerySet[Letting]:
    """Return lettings that run out within 30 days or have run out; each is told once for each end."""
    near = Letting.objects.filter(
        state=LettingState.RUNNING, until__lte=today + rules.WARN_BEFORE, ends_on=None
    )
    return near.select_related("landlord").prefetch_related("tenants__person")


def _warn(row: Letting, at: datetime) -> None:
    persons = [row.landlord, *(tenant.person for tenant in row.tenants.all() if tenant.person is not None)]
    for person in persons:
        people.notify(
            person,
            f"lettings-until:{row.token}:{row.until}",
            _("租期快到了"),
            _("登记的租期到 %(day)s。续租请延长，不租请办退租；都不办，登记照旧。") % {"day": row.until},
            reverse("lettings:letting", args=[row.token]),
            at,
        )


@transaction.atomic
def _lapse(at: datetime) -> int:
    """Take off the lists what lapsed; that it lapsed is told by its time alone."""
    newcomers = list(
        Newcomer.objects.filter(
            state=NewcomerState.WAITING, ends_at__lte=at, ends_at__gt=at - rules.KEPT_UNSETTLED
        )
    )
    over = Q(offer__state=OfferState.OPEN, offer__ends_at__lte=at)
    inquiries = list(Inquiry.objects.waiting().filter(over))
    for subject in [*(row.subject for row in newcomers), *(row.subject for row in inquiries)]:
        take_off_desk(subject, at)
    return len(newcomers) + len(inquiries)


@transaction.atomic
def _forget(at: datetime) -> int:
    """Remove registrations that came to nothing, lettings that never began and offers long gone, with their words.

    What the law holds for a proceeding stays.
    """
    edge, holding = at - rules.KEPT_UNSETTLED, held_persons()
    lapsed = Q(state=NewcomerState.WAITING, ends_at__lte=edge)
    refused = Q(state__in=[NewcomerState.REFUSED, NewcomerState.WITHDRAWN], answered_at__lte=edge)
    kept = Q(registered_by__in=holding) | Q(person__in=holding)
    gone, _by = Newcomer.objects.filter(lapsed | refused).exclude(kept).delete()
    never = Letting.objects.filter(state=LettingState.WITHDRAWN, ends_on__lte=localdate(edge))
    tenants = Tenant.objects.filter(person__in=holding).values("letting")
    lettings, _by = never.exclude(landlord__in=holding).exclude(pk__in=tenants).delete()
    closed = Q(closed_at__lte=edge) | Q(ends_at__lte=edge)
    asked = Inquiry.objects.filter(person__in=holding).values("offer")
    offers, _by = Offer.objects.filter(closed).exclude(owner__in=holding).exclude(pk__in=asked).delete()
    return gone + lettings + offers
