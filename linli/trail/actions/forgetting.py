"""The trail is kept three years (个人信息保护法 第五十六条); then looks go, questions about them first."""

from datetime import datetime

from django.db import transaction

from linli.trail.models import Look, Query, Reveal, Seen


@transaction.atomic
def forget_queries(before: datetime, holding: set[int], at: datetime) -> int:
    """Remove questions that were answered before that; rows gone."""
    held = [f"people.Person:{pk}" for pk in holding]
    return Query.objects.filter(answered_at__lt=before).exclude(asked_by__in=held).delete()[0]


@transaction.atomic
def forget_looks(before: datetime, holding: set[int], at: datetime) -> int:
    """Remove looks of before that, of which nobody asks anything any more; rows gone. Who is held stays looked at."""
    held = [f"people.Person:{pk}" for pk in holding]
    gone = Seen.objects.filter(at__lt=before, queries=None).exclude(subject__in=held).delete()[0]
    gone += Reveal.objects.filter(look__at__lt=before, look__seen=None).delete()[0]
    return gone + Look.objects.filter(at__lt=before, seen=None).delete()[0]
