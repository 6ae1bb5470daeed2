"""What the register keeps no longer (个人信息保护法 第四十七条): of who asks to be forgotten, of who left long ago."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import localdate

from linli.people.models import Person, Residency
from linli.register.models import (
    Correction,
    Duplicate,
    Event,
    FactChange,
    Household,
    HouseholdMember,
    Merge,
    PersonWords,
    Profile,
    Tag,
)
from linli.register.rules import CorrectionState, DuplicateState

LOT = 500


@transaction.atomic
def erase_register(person: Person, at: datetime) -> int:
    """Remove what is held of the person and of every record that was merged into theirs; rows gone.

    What can be undone holds copies of values, so nothing that concerned them can be undone any more.
    """
    ids = [person.pk, *_merged_into(person.pk)]
    gone = _forget_persons(ids)
    for rows in (
        Tag.objects.filter(person__in=ids),
        Correction.objects.filter(person__in=ids),
        Duplicate.objects.filter(Q(first__in=ids) | Q(second__in=ids)),
        Merge.objects.filter(Q(kept__in=ids) | Q(dropped__in=ids)),
    ):
        gone += rows.delete()[0]
    return gone


def _merged_into(pk: int) -> list[int]:
    """Return the records that stand for the same human being, also those merged into merged ones."""
    found: list[int] = []
    wave = [pk]
    while wave:
        wave = list(
            Person.objects.filter(merged_into__in=wave).exclude(pk__in=found).values_list("pk", flat=True)
        )
        found += wave
    return found


def _forget_persons(ids: Iterable[int]) -> int:
    """Remove facts, history, households and acts of these persons. Others' part in an act stays, its copies go."""
    ids = list(ids)
    acts = list(Event.objects.filter(persons__in=ids).values_list("pk", flat=True))
    Event.persons.through._default_manager.filter(person__in=ids).delete()
    Event.objects.filter(pk__in=acts).update(undo={})
    gone = Event.objects.filter(pk__in=acts, persons=None).delete()[0]
    households = list(HouseholdMember.objects.filter(person__in=ids).values_list("household", flat=True))
    for model in (Profile, FactChange, HouseholdMember, PersonWords):
        gone += model._default_manager.filter(person__in=ids).delete()[0]
    return gone + Household.objects.filter(pk__in=households, members=None).delete()[0]


@transaction.atomic
def forget_gone(before: datetime, holding: set[int], at: datetime) -> int:
    """Remove what is held of whoever has lived and owned nothing here since `before`, 500 a night; rows gone.

    Somebody of whom no home was ever known is judged by the day on which their record changed last.
    """
    day = localdate(before)
    stays = Residency.objects.filter(person=OuterRef("person")).filter(Q(until=None) | Q(until__gte=day))
    old = Profile.objects.filter(changed_at__lt=before).exclude(Exists(stays)).exclude(person__in=holding)
    ids = list(old.filter(person__merged_into=None).order_by("pk").values_list("pk", flat=True)[:LOT])
    return _forget_persons([*ids, *(merged for pk in ids for merged in _merged_into(pk))])


@transaction.atomic
def forget_tags(before: datetime, holding: set[int], at: datetime) -> int:
    """Remove tags that ended before that; rows gone."""
    return Tag.objects.filter(until__lt=localdate(before)).exclude(person__in=holding).delete()[0]


@transaction.atomic
def forget_corrections(before: datetime, holding: set[int], at: datetime) -> int:
    """Remove what was proposed and ruled on before that; rows gone."""
    old = Correction.objects.filter(ruled_at__lt=before).exclude(state=CorrectionState.WAITING)
    return old.exclude(person__in=holding).delete()[0]


@transaction.atomic
def forget_duplicates(before: datetime, holding: set[int], at: datetime) -> int:
    """Remove suspicions that were judged before that; rows gone."""
    old = Duplicate.objects.filter(ruled_at__lt=before).exclude(state=DuplicateState.OPEN)
    return old.exclude(first__in=holding).exclude(second__in=holding).delete()[0]


@transaction.atomic
def forget_merges(before: datetime, holding: set[int], at: datetime) -> int:
    """Remove merges of before that: they can be taken back no more; rows gone."""
    old = Merge.objects.filter(at__lt=before)
    return old.exclude(kept__in=holding).exclude(dropped__in=holding).delete()[0]
