"""What is past its time goes, every night, except what the law holds."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django_q.models import Failure, Success

from linli.base.errors import require
from linli.people.models import Person
from linli.privacy import told
from linli.privacy.actions.officers import LOG, guards
from linli.privacy.models import (
    BreakGlass,
    Consent,
    LegalHold,
    Purge,
    RightsRequest,
    catalogue,
    held_persons,
    retention_of,
)
from linli.privacy.rules import Keep
from linli.transparency import actions as transparency

JOBS_KEPT = timedelta(days=30)  # what failed is kept that long, to be looked into


@transaction.atomic
def hold(person: Person, basis: str, by: Person, at: datetime) -> LegalHold:
    """Keep everything about `person` for a proceeding; neither purge nor erasure touches it. The same again: itself."""
    require(guards(by, None, at), _("只有数据官可以登记依法保留。"))
    require(bool(basis.strip()), _("请写明依据，例如案号或协查函编号。"))
    made, _is_new = LegalHold.objects.get_or_create(
        person=person, basis=basis.strip()[:200], ended_at=None, defaults={"by": by, "at": at}
    )
    return made


@transaction.atomic
def lift(held: LegalHold, by: Person, at: datetime) -> LegalHold:
    """End a hold; the next night what is past its time goes. Again changes nothing."""
    row = LegalHold.objects.select_for_update().get(pk=held.pk)
    require(guards(by, None, at), _("只有数据官可以解除依法保留。"))
    if row.ended_at is None:
        row.ended_at, row.ended_by = at, by
        row.save(update_fields=["ended_at", "ended_by"])
    return row


def purge_all(at: datetime) -> dict[str, int]:
    """Remove what is past its retention, table by table, each in a transaction of its own; return how many rows went.

    A second run the same night finds nothing more. Only counts are kept and recorded, never whose.
    """
    return {keep.table: count for keep in told.keeps() if (count := purge(keep, at)) is not None}


@transaction.atomic
def purge(keep: Keep, at: datetime) -> int | None:
    """Remove what one table keeps past its time; None where the catalogue names no number of days for it."""
    days = retention_of(keep.table)
    if days is None:
        return None
    holding = held_persons()
    count: int = import_string(keep.purge)(at - timedelta(days=days), holding, at)
    if count:
        words = _title_of(keep.table)
        row = Purge.objects.create(
            table=keep.table, words=words, days=days, count=count, held=len(holding), at=at
        )
        facts = {"table": keep.table, "days": days, "count": count}
        transparency.record(LOG, "privacy.purged", f"privacy.Purge:{row.pk}", keep.table, facts, at)
    return count


def _title_of(table: str) -> str:
    labels = [field.label for field in catalogue().values() if field.table == table]
    return "、".join(labels)[:120] or table


def purge_jobs(before: datetime, holding: set[int], at: datetime) -> int:
    """Remove finished background jobs: those that worked at once, those that failed after 30 days."""
    done = Success.objects.filter(stopped__lt=at).delete()[0]
    return int(done) + int(Failure.objects.filter(stopped__lt=before).delete()[0])


def purge_own(before: datetime, holding: set[int], at: datetime) -> int:
    """Remove answered requests past their time."""
    old = RightsRequest.objects.filter(answered_at__lt=before).exclude(person__in=holding)
    return int(old.delete()[0])


def purge_consents(before: datetime, holding: set[int], at: datetime) -> int:
    """Remove consents that were taken back before that: nothing rests on them any more."""
    return int(Consent.objects.filter(withdrawn_at__lt=before).exclude(person__in=holding).delete()[0])


def purge_grants(before: datetime, holding: set[int], at: datetime) -> int:
    """Remove emergency grants that were reviewed before that; one that nobody reviewed stays until somebody does."""
    old = BreakGlass.objects.filter(reviewed_at__lt=before).exclude(by__in=holding)
    return int(old.exclude(person__in=holding).delete()[0])
