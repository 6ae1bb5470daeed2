"""Two rows turn out to be one human being: everything about the one goes to the other, and back exactly.

Every table of every domain that points to a person is found by Django's own relations, so a domain that comes later is
merged without knowing of this. Columns that name a person as text are told in `settings.PERSON_NAMED_IN`; the trail
keeps its lines and is read by the survivor. The row that was merged stays, empty-handed, and its address leads on.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils.timezone import localdate

from linli.base.crypto import blind_index
from linli.base.errors import require
from linli.base.words import said as _
from linli.people import actions as people
from linli.people.models import Person
from linli.register.actions.finding import index
from linli.register.actions.joining import fill_profile, unfill_profile
from linli.register.actions.undoing import columns_of, is_as, read_columns
from linli.register.models import Duplicate, Household, Merge, PersonWords, Profile
from linli.register.rules import DuplicateState
from linli.trail import actions as trail

OWN = (Merge, Duplicate, PersonWords, Profile)  # handled apart
TAKEN_OVER = ("name", "called", "birth_year")


@transaction.atomic
def merge(keep: Person, drop: Person, *, by: Person, at: datetime) -> Merge:
    """Let `keep` stand for both: homes, tags, accounts, cases and all else of `drop` become theirs.

    What both hold (the same home, the same account) stays once. Facts that only `drop` had are taken over, what
    differs goes to the history. Refused where one of them was merged already, or `by` is one of them.
    """
    require(keep.pk != drop.pk, _("这是同一份档案，不用合并。"))
    require(by.pk not in {keep.pk, drop.pk}, _("不能合并自己的档案，请同事来办。"))
    rows = {row.pk: row for row in _locked(keep, drop)}
    kept, dropped = rows[keep.pk], rows[drop.pk]
    require(kept.merged_into_id is None and dropped.merged_into_id is None, _("其中一份档案已经合并过了。"))
    require(
        (kept.closed_at is None) == (dropped.closed_at is None),
        _("一份登记了去世，另一份没有。请先核对：给另一份也登记去世，或者撤销登记错的那一次。"),
    )
    record: dict[str, Any] = {"moved": {}, "ended": {}, "removed": {}, "named": {}}
    record["person"] = {"before": columns_of(kept)}
    for model, field in references():
        _move(model, field, kept, dropped, at, record)
    _end_empty_households(dropped, localdate(at), record)
    _rename_texts(dropped.subject, kept.subject, record)
    record |= fill_profile(kept, dropped, by, at)
    _take_over(kept, dropped, at)
    record["person"]["after"] = columns_of(kept)
    trail.follow(dropped.subject, kept.subject, at)
    row = Merge.objects.create(kept=kept, dropped=dropped, by=by, at=at, undo=record)
    first, second = sorted([kept.pk, dropped.pk])
    Duplicate.objects.filter(first=first, second=second).update(
        state=DuplicateState.MERGED, ruled_by=by, ruled_at=at
    )
    _look_up_again(kept, dropped, at)
    _tell(
        kept, row, _("您的两份档案合并成了一份"), _("社区发现两份登记都是您，已经合并。弄错了可以撤销。"), at
    )
    return row


@transaction.atomic
def unmerge(merged: Merge, *, by: Person, at: datetime) -> Merge:
    """Take a merge back: every row that was moved is as it was. What was added to the survivor since stays there."""
    row = Merge.objects.select_for_update(of=("self",)).get(pk=merged.pk)
    if row.undone_at is not None:
        return row
    rows = {person.pk: person for person in _locked(row.kept, row.dropped)}
    kept, dropped = rows[row.kept_id], rows[row.dropped_id]
    require(kept.merged_into_id is None, _("保留的那一份后来又并入了别的档案，请先撤销那一次。"))
    require(
        kept.closed_at is None or kept.closed_at <= row.at,
        _("合并之后登记了去世。要分开，请先撤销那一次登记。"),
    )
    _give_back(kept, row.undo["person"])
    dropped.merged_into = None
    dropped.phone_index = blind_index(dropped.phone)
    dropped.save(update_fields=["merged_into", "phone_index"])
    for name, pks in row.undo["moved"].items():
        label, column = name.rsplit(".", 1)
        rows_moved = apps.get_model(label)._default_manager.filter(pk__in=pks, **{column: kept.pk})
        rows_moved.update(**{column: dropped.pk})
    _restore(row.undo)
    for name, pks in row.undo["named"].items():
        label, column = name.rsplit(".", 1)
        named = apps.get_model(label)._default_manager.filter(pk__in=pks, **{column: kept.subject})
        named.update(**{column: dropped.subject})
    unfill_profile(kept, dropped, row.undo, row.at)
    trail.unfollow(dropped.subject)
    row.undone_by, row.undone_at = by, at
    row.save(update_fields=["undone_by", "undone_at"])
    first, second = sorted([kept.pk, dropped.pk])
    Duplicate.objects.filter(first=first, second=second).update(state=DuplicateState.DISMISSED)
    index([kept.pk, dropped.pk], at)
    _tell(kept, row, _("档案合并已撤销"), _("两份登记分开了，和合并前一样。"), at)
    return row


def references() -> Iterator[tuple[type[models.Model], str]]:
    """Yield every (model, column) of every domain that points to a person, membership tables included."""
    for relation in Person._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel):
            continue
        model = relation.related_model
        if isinstance(model, type) and model not in OWN:
            yield model, relation.field.attname


def _locked(one: Person, other: Person) -> list[Person]:
    ids = sorted([one.pk, other.pk])
    return list(Person.objects.select_for_update().filter(pk__in=ids).order_by("pk"))


def _move(
    model: type[models.Model], column: str, keep: Person, drop: Person, at: datetime, record: dict[str, Any]
) -> None:
    """Point the rows of one column to the survivor; a row that would then stand twice gives way."""
    manager = model._default_manager
    pks = list(manager.filter(**{column: drop.pk}).order_by("pk").values_list("pk", flat=True))
    if not pks:
        return
    moved = pks if _moved(model, column, pks, keep.pk) else _one_by_one(model, column, pks, keep)
    if moved:
        record["moved"][f"{model._meta.label_lower}.{column}"] = moved
    for pk in set(pks) - set(moved):
        _give_way(model, pk, at, record)


def _one_by_one(model: type[models.Model], column: str, pks: list[Any], keep: Person) -> list[Any]:
    return [pk for pk in pks if _moved(model, column, [pk], keep.pk)]


def _moved(model: type[models.Model], column: str, pks: list[Any], value: Any) -> bool:
    """Whether these rows could be given the survivor's key (or name) without one standing twice."""
    try:
        with transaction.atomic():
            model._default_manager.filter(pk__in=pks).update(**{column: value})
    except IntegrityError:
        return False
    return True


def _give_way(model: type[models.Model], pk: Any, at: datetime, record: dict[str, Any]) -> None:
    """A row that the survivor has already stays behind, ended; one of a plain membership table is taken out."""
    row = model._default_manager.get(pk=pk)
    label = model._meta.label_lower
    if model._meta.auto_created:
        record["removed"].setdefault(label, []).append(columns_of(row) | {"pk": pk})
        row.delete()
        return
    for column, ended in (("revoked_at", at), ("until", getattr(row, "since", None))):
        if ended is not None and getattr(row, column, ended) is None:
            record["ended"].setdefault(label, {})[str(pk)] = column
            model._default_manager.filter(pk=pk).update(**{column: ended})
            return


def _end_empty_households(drop: Person, on: date, record: dict[str, Any]) -> None:
    """A household of which nobody is left, since the survivor belongs to another, ends as one does that all leave."""
    left = Household.objects.filter(until=None, members__person=drop).exclude(members__until=None)
    for household in left.distinct():
        record["ended"].setdefault(Household._meta.label_lower, {})[str(household.pk)] = "until"
        household.until = max(on, household.since)
        household.save(update_fields=["until"])


def _restore(record: dict[str, Any]) -> None:
    """Open again what gave way, and put back what was taken out."""
    for label, ended in record["ended"].items():
        for pk, column in ended.items():
            apps.get_model(label)._default_manager.filter(pk=pk).update(**{column: None})
    for label, removed in record["removed"].items():
        model = apps.get_model(label)
        for columns in removed:
            model(**read_columns(model, columns)).save(force_insert=True)


def _rename_texts(before: str, after: str, record: dict[str, Any]) -> None:
    """Rename the person in columns that name them as text; what the survivor has already stays behind."""
    for label, column in settings.PERSON_NAMED_IN:
        model = apps.get_model(label)
        pks = list(model._default_manager.filter(**{column: before}).values_list("pk", flat=True))
        moved = [pk for pk in pks if _moved(model, column, [pk], after)]
        if moved:
            record["named"][f"{label}.{column}"] = moved


def _take_over(keep: Person, drop: Person, at: datetime) -> None:
    """What only the other row had is the survivor's; its number is found no more, its sealed value stays."""
    for name in TAKEN_OVER:
        setattr(keep, name, getattr(keep, name) or getattr(drop, name))
    if not keep.phone_index and drop.phone_sealed:
        keep.phone = drop.phone
    keep.save()
    drop.phone_index, drop.merged_into, drop.changed_at = "", keep, None
    drop.save(update_fields=["phone_index", "merged_into", "changed_at"])


def _give_back(keep: Person, columns: dict[str, dict[str, Any]]) -> None:
    """What was taken over and not changed since is as it was."""
    before, after = columns["before"], columns["after"]
    back = {
        name: before[name]
        for name in before
        if before[name] != after[name] and is_as(keep, name, after[name])
    }
    if back:
        Person.objects.filter(pk=keep.pk).update(**read_columns(Person, back))


def _look_up_again(keep: Person, drop: Person, at: datetime) -> None:
    PersonWords.objects.filter(pk=drop.pk).delete()
    index([keep.pk], at)


def _tell(person: Person, row: Merge, title: str, body: str, at: datetime) -> None:
    key = f"register-merge:{row.token}:{'undone' if row.undone_at else 'done'}"
    people.notify(person, key, title, body, reverse("register:mine"), at)
