"""What ledgers said otherwise is kept no longer than it is needed; what was decided stays known by its index."""

from datetime import datetime

from django.db import transaction

from linli.imports.models import Conflict
from linli.imports.rules.runs import Decision
from linli.people.models import Person


@transaction.atomic
def erase_conflicts(person: Person, at: datetime) -> int:
    """Remove every difference between a ledger and the person's record; rows gone."""
    return Conflict.objects.filter(person=person).delete()[0]


@transaction.atomic
def forget_conflicts(before: datetime, holding: set[int], at: datetime) -> int:
    """Take the values out of what was decided before that, so that it is not asked again; rows emptied."""
    old = Conflict.objects.filter(decided_at__lt=before).exclude(decision=Decision.OPEN)
    old = old.exclude(person__in=holding).exclude(held_sealed=b"", offered_sealed=b"")
    return old.update(held_sealed=b"", offered_sealed=b"")
