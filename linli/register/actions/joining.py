"""The facts of two rows for one person, put together and taken apart again."""

from datetime import date, datetime
from typing import Any

from linli.base.crypto import blind_index
from linli.people.models import Person
from linli.register.actions.undoing import columns_of, is_as, read_columns
from linli.register.models import FactChange, Profile, profile_or_empty
from linli.register.rules import FIELDS, PROFILE_FIELDS, as_text

PAIRED = ("identity_kind", "identity")  # a number is taken over with its kind, or neither


def fill_profile(keep: Person, drop: Person, by: Person, at: datetime) -> dict[str, Any]:
    """Give the survivor the facts that only the other had; what differs goes to the survivor's history.

    Returns what `unfill_profile` needs. The other row's profile stays as it is, except that its number finds nobody.
    """
    record: dict[str, Any] = {"profile": None, "differing": []}
    source = Profile.objects.filter(pk=drop.pk).first()
    if source is None:
        return record
    source.person = drop
    record["differing"] = _keep_differing(keep, drop, source, by, at)
    target = Profile.objects.select_for_update().filter(pk=keep.pk).first()
    before = columns_of(target) if target is not None else None
    target = target or Profile(
        person=keep,
        source=source.source,
        source_words=source.source_words,
        stated_on=source.stated_on,
        entered_by_id=source.entered_by_id,
        confirmed_on=source.confirmed_on,
        changed_at=at,
    )
    target.person = keep
    for field in PROFILE_FIELDS:
        is_blocked = field in PAIRED and bool(target.identity)
        if source.value(field) and not target.value(field) and not is_blocked:
            setattr(target, field, source.value(field))
            _note(target, field, source.provenance(field))
    target.changed_at = at
    target.save()
    record["profile"] = {"before": before, "after": columns_of(target)}
    Profile.objects.filter(pk=drop.pk).update(identity_index="")
    return record


def unfill_profile(keep: Person, drop: Person, record: dict[str, Any], merged_at: datetime) -> None:
    """Take back what was filled in and not changed since."""
    FactChange.objects.filter(pk__in=record["differing"]).delete()
    _forget_filled(keep, drop, record, merged_at)
    source = Profile.objects.filter(pk=drop.pk).first()
    if source is not None:
        Profile.objects.filter(pk=drop.pk).update(identity_index=blind_index(source.identity))
    filled = record["profile"]
    target = Profile.objects.select_for_update().filter(pk=keep.pk).first()
    if filled is None or target is None:
        return
    if filled["before"] is None:
        if all(is_as(target, name, value) for name, value in filled["after"].items()):
            target.delete()
        return
    before, after = filled["before"], filled["after"]
    back = {
        name: before[name]
        for name in before
        if before[name] != after[name] and is_as(target, name, after[name])
    }
    if back:
        Profile.objects.filter(pk=keep.pk).update(**read_columns(Profile, back))


def _forget_filled(keep: Person, drop: Person, record: dict[str, Any], merged_at: datetime) -> None:
    """What was filled in and has made room since stands in the survivor's history: it is about another person."""
    filled = record["profile"] or {}
    own = (filled.get("before") or {}) | record["person"]["before"]
    said = profile_or_empty(drop)
    for change in FactChange.objects.filter(person=keep, replaced_at__gte=merged_at):
        was_own = bool(own.get(change.field) or own.get(f"{change.field}_sealed"))
        if not was_own and change.before == as_text(said.value(change.field)):
            change.delete()


def _keep_differing(keep: Person, drop: Person, source: Profile, by: Person, at: datetime) -> list[int]:
    """Write what the other row said otherwise into the survivor's history, with where it came from."""
    present = profile_or_empty(keep)
    made = []
    for field in FIELDS:
        said, held = source.value(field), present.value(field)
        if not said or not held or said == held:
            continue
        was = source.provenance(field)
        change = FactChange(
            person=keep,
            field=field,
            source=was["source"],
            source_words=was["words"],
            stated_on=date.fromisoformat(was["stated_on"]),
            entered_by_id=was["by"],
            confirmed_on=date.fromisoformat(was["confirmed_on"]),
            replaced_at=at,
            replaced_by=by,
        )
        change.before = as_text(said)
        change.save()
        made.append(change.pk)
    return made


def _note(profile: Profile, field: str, provenance: dict[str, Any]) -> None:
    profile.facts.pop(field, None)
    row = profile.provenance(field)
    differs = {key: value for key, value in provenance.items() if row[key] != value}
    if differs:
        profile.facts[field] = differs
