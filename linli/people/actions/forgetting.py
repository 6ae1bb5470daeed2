"""What is kept no longer than it is needed (个人信息保护法 art. 19)."""

from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate

from linli.people.models import (
    HomeCode,
    PendingNotice,
    PhoneChange,
    Proxy,
    Residency,
    SignIn,
    SignInCode,
    Tries,
)
from linli.people.rules import KEPT_CODES, KEPT_SIGN_INS, LONGEST


@transaction.atomic
def forget_old(at: datetime) -> dict[str, int]:
    """Delete codes, counted tries, signed-out devices and handed-over notices that are past use; return how
    many.

    What may be done does not depend on it: codes, limits and sessions end by comparing times.
    """
    long_ago = at - KEPT_SIGN_INS
    quiet = [row.pk for row in Tries.objects.iterator() if not row.is_recent(at - LONGEST)]
    past = {
        "codes": SignInCode.objects.filter(ends_at__lt=at - KEPT_CODES),
        "home_codes": HomeCode.objects.filter(used_at=None, ends_at__lt=long_ago),
        "tries": Tries.objects.filter(pk__in=quiet),
        "devices": SignIn.objects.filter(Q(ended_at__lt=long_ago) | Q(ends_at__lt=long_ago)),
        "phone_changes": PhoneChange.objects.filter(at__lt=long_ago),
        "notices": PendingNotice.objects.filter(taken_at__lt=long_ago),
        "sessions": Session.objects.filter(expire_date__lt=at),
    }
    return {name: rows.delete()[0] for name, rows in past.items()}


@transaction.atomic
def forget_proxies(before: datetime, holding: set[int], at: datetime) -> int:
    """Remove proxies that were taken back or ran out before that; rows gone."""
    old = Proxy.objects.filter(Q(revoked_at__lt=before) | Q(until__lt=before))
    return old.exclude(principal__in=holding).exclude(agent__in=holding).delete()[0]


@transaction.atomic
def forget_residencies(before: datetime, holding: set[int], at: datetime) -> int:
    """Remove homes that somebody left before that; rows gone."""
    return Residency.objects.filter(until__lt=localdate(before)).exclude(person__in=holding).delete()[0]
