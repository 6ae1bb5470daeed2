"""Saying what is known of a person: the one writer of facts and of their history."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from linli.base.errors import Refused, require
from linli.people import actions as people
from linli.people.models import Person
from linli.register.actions.finding import index
from linli.register.actions.suspecting import suspect
from linli.register.models import FactChange, Profile
from linli.register.rules import (
    FIELDS,
    IdentityKind,
    Source,
    Value,
    as_text,
    birth_of,
    carries_birth,
    checked_identity,
    clean_value,
    contradictions,
    sex_of,
)

FOUND_BY = frozenset(
    {"name", "phone", "identity", "birth_date"}
)  # what the search or a duplicate is found by


@dataclass(frozen=True)
class Statement:
    """Who said it, how we know, when, and who wrote it down."""

    source: str
    words: str
    stated_on: date
    by: Person | None
    at: datetime

    @property
    def provenance(self) -> dict[str, Any]:
        """As a fact keeps it."""
        return {
            "source": self.source,
            "words": self.words,
            "stated_on": self.stated_on.isoformat(),
            "by": self.by.pk if self.by else None,
            "confirmed_on": self.stated_on.isoformat(),
        }


@transaction.atomic
def state(
    person: Person,
    values: Mapping[str, Value],
    *,
    source: str,
    at: datetime,
    by: Person | None,
    source_words: str = "",
    stated_on: date | None = None,
    is_certain: bool = False,
) -> Profile:
    """Write what somebody says of a person: {field of rules.FIELDS: value}; "" means it is no longer known.

    A first value lives in the row; a later one puts the old into the history; the same value again moves only the
    day on which it was confirmed. Sex and birth date are read from an identity number where nobody stated them;
    where they contradict it, Refused says how, unless `is_certain`. The caller checked `by`'s right.
    """
    require(set(values) <= set(FIELDS), _("没有这一项资料。"))
    require(source in Source.values, _("请写明是怎么知道的。"))
    said = Statement(source, source_words.strip()[:120], stated_on or localdate(at), by, at)
    require(said.stated_on <= localdate(at), _("“哪天说的”不能晚于今天。"))
    row = Person.objects.select_for_update().get(pk=person.pk)
    require(row.merged_into_id is None, _("这份档案已经并入另一份，请到保留的那一份里改。"))
    profile, is_new = _profile_of(row, said, values)
    clean = _cleaned(profile, values, localdate(at), is_certain=is_certain)
    derived = _derived(profile, clean)
    moved = [_put(profile, field, value, said) for field, value in clean.items()]
    from_number = Statement(Source.NUMBER, "", said.stated_on, by, at)
    moved += [_put(profile, field, value, from_number) for field, value in derived.items()]
    changed = {field for field in moved if field}
    if changed or is_new or clean:
        profile.changed_at = at if changed or is_new else profile.changed_at
        profile.save()
    _change_person(row, profile, changed, clean, said)
    if changed & FOUND_BY:
        index([row.pk], at)
        suspect(profile.person, at)
    return profile


def _change_person(
    row: Person, profile: Profile, changed: set[str], clean: Mapping[str, Value], said: Statement
) -> None:
    """Let the floor of persons keep what is kept there; an open page must not show the old value."""
    held = {field: str(clean[field]) for field in ("name", "phone") if field in changed}
    born = profile.birth_date.year if "birth_date" in changed and profile.birth_date else None
    if held or born:
        profile.person = people.correct(row, said.at, birth_year=born, by=said.by, **held)


def _profile_of(row: Person, said: Statement, values: Mapping[str, Value]) -> tuple[Profile, bool]:
    """Return the profile, locked; a new one starts with this statement as its row's provenance.

    What the person row held before came when they were first registered, not with this statement.
    """
    held = Profile.objects.select_for_update().filter(pk=row.pk).first()
    if held is not None:
        held.person = row
        return held, False
    profile = Profile(
        person=row,
        source=said.source,
        source_words=said.words,
        stated_on=said.stated_on,
        entered_by=said.by,
        confirmed_on=said.stated_on,
        changed_at=said.at,
    )
    day = localdate(row.created_at).isoformat()
    earlier = {"source": Source.SELF, "words": "", "stated_on": day, "by": None, "confirmed_on": day}
    for field in ("name", "phone"):
        if getattr(row, field):
            profile.facts[field] = dict(earlier)
    return profile, True


def _cleaned(
    profile: Profile, values: Mapping[str, Value], on: date, *, is_certain: bool
) -> dict[str, Value]:
    """Return the values in their stored form. All that is wrong is said at once."""
    clean: dict[str, Value] = {}
    wrong: list[str] = []
    for field, typed in values.items():
        try:
            clean[field] = typed if field == "identity" else clean_value(field, typed, on)
        except Refused as refused:
            wrong.append(refused.reason)
    if "name" in clean:
        require(bool(clean["name"]), _("请写姓名。"))
    if {"identity", "identity_kind"} & set(values):
        try:
            _clean_identity(profile, clean, on)
        except Refused as refused:
            wrong.append(refused.reason)
    if not wrong and not is_certain:
        wrong += _contradicted(profile, clean)
    require(not wrong, " ".join(wrong))
    return clean


def _clean_identity(profile: Profile, clean: dict[str, Value], on: date) -> None:
    kind = str(clean.get("identity_kind") or profile.identity_kind or IdentityKind.RESIDENT)
    if kind == IdentityKind.NONE and "identity" not in clean:
        clean["identity"] = ""
    number = checked_identity(kind, str(clean.get("identity", profile.identity)), on)
    if number or "identity" in clean:
        clean["identity"] = number
    if number:
        clean["identity_kind"] = kind


def _contradicted(profile: Profile, clean: Mapping[str, Value]) -> list[str]:
    """Compare number, sex and birth date as they would stand; what came from an earlier number does not count."""
    kind = str(clean.get("identity_kind", profile.identity_kind))
    number = str(clean.get("identity", profile.identity))
    if not carries_birth(kind, number) or not set(clean) & {"identity", "sex", "birth_date"}:
        return []
    sex = clean["sex"] if "sex" in clean else _stated(profile, "sex")
    born = clean["birth_date"] if "birth_date" in clean else _stated(profile, "birth_date")
    return contradictions(number, str(sex), born if isinstance(born, date) else None)


def _stated(profile: Profile, field: str) -> Value:
    is_read = bool(profile.value(field)) and profile.provenance(field)["source"] == Source.NUMBER
    return "" if is_read else profile.value(field)


def _derived(profile: Profile, clean: Mapping[str, Value]) -> dict[str, Value]:
    """Return sex and birth date as the number says them, where nobody stated them."""
    number = str(clean.get("identity", ""))
    if not carries_birth(str(clean.get("identity_kind", "")), number):
        return {}
    read: dict[str, Value] = {"sex": sex_of(number), "birth_date": birth_of(number)}
    return {
        field: value for field, value in read.items() if not clean.get(field) and not _stated(profile, field)
    }


def _put(profile: Profile, field: str, value: Value, said: Statement) -> str:
    """Put one value in; return the field where its value changed, "" where it was only confirmed."""
    before = profile.value(field)
    if before == value:
        if value:
            _confirm(profile, field, said.stated_on)
        return ""
    if before:
        _remember(profile, field, before, said)
    if FIELDS[field].holder == "profile":
        setattr(profile, field, value or (None if FIELDS[field].kind == "date" else ""))
    _note(profile, field, said.provenance if value else {})
    return field


def _remember(profile: Profile, field: str, before: Value, said: Statement) -> None:
    was = profile.provenance(field)
    change = FactChange(
        person=profile.person,
        field=field,
        source=was["source"],
        source_words=was["words"],
        stated_on=was["stated_on"],
        entered_by_id=was["by"],
        confirmed_on=was["confirmed_on"],
        replaced_at=said.at,
        replaced_by=said.by,
    )
    change.before = as_text(before)
    change.save()


def _note(profile: Profile, field: str, provenance: Mapping[str, Any]) -> None:
    """Keep where a fact comes from, as far as it differs from the row."""
    profile.facts.pop(field, None)
    row = profile.provenance(field)
    differs = {key: value for key, value in provenance.items() if row[key] != value}
    if differs:
        profile.facts[field] = differs


def _confirm(profile: Profile, field: str, day: date) -> bool:
    if profile.confirmed(field) >= day:
        return False
    _note(profile, field, profile.provenance(field) | {"confirmed_on": day.isoformat()})
    return True


@transaction.atomic
def confirm(person: Person, fields: Iterable[str] | None = None, *, by: Person, at: datetime) -> list[str]:
    """Note that what is held is still right today, and return which facts that moved; None: all that is held.

    `by` is the person themselves, family acting for them, or a worker who met them; the caller checked which.
    """
    row = Person.objects.select_for_update().get(pk=person.pk)
    profile = Profile.objects.select_for_update().filter(pk=person.pk).first()
    if profile is None:
        said = Statement(Source.SELF, "", localdate(at), by, at)
        profile, _is_new = _profile_of(row, said, {})
    profile.person = row
    held = [field for field in FIELDS if profile.value(field)]
    wanted = held if fields is None else [field for field in fields if field in held]
    moved = [field for field in wanted if _confirm(profile, field, localdate(at))]
    if moved:
        if set(wanted) == set(held):
            _whole_row_confirmed(profile, localdate(at))
        profile.changed_at = at
        profile.save()
    return moved


def _whole_row_confirmed(profile: Profile, day: date) -> None:
    """One day on the row says it of all facts: the row stays small."""
    profile.confirmed_on = day
    for field in list(profile.facts):
        profile.facts[field].pop("confirmed_on", None)
        if not profile.facts[field]:
            del profile.facts[field]
