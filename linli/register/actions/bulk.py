"""Many records at once, for ledgers: look-ups by paper, first statements, newer statements, repeated ones.

`state` in this package says the same of one person with all its checks; here the caller has checked, values are in
their stored form (days as ISO text), and a few statements serve thousands of rows.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction

from linli.base.bulk import (
    blind_indexes,
    insert_rows,
    next_keys,
    parts_of,
    seal_all,
    stored_time,
    tokens,
    update_rows,
)
from linli.base.crypto import index_forms, unseal
from linli.people.models import Person
from linli.privacy.models import withdrawn
from linli.register.models import FactChange, Household, HouseholdMember, Profile, Tag, TagKind
from linli.register.rules import FIELDS, HEAD_OF_HOUSEHOLD, Source

SEALED = ("identity", "health", "workplace")
PLAIN = (
    "identity_kind", "sex", "birth_date", "ethnicity", "politics", "marriage", "schooling", "employment", "nationality",
    "registered_at", "lodging", "died_on",
)  # fmt: skip
DAYS = frozenset({"birth_date", "died_on"})


@dataclass(frozen=True)
class Told:
    """Where the statements of one ledger come from: `words` name it, `stated_on` is its day, `by` who loads it."""

    words: str
    stated_on: date
    by: Person | None
    at: datetime
    source: str = Source.IMPORT


class Held(NamedTuple):
    """What is held of one person: values as stored, sealed ones by index or as they are, and their provenance."""

    person: int
    token: str
    row: Mapping[str, Any]

    def differs(self, field: str, value: str, index: str = "") -> bool:
        """Tell whether another value than this is held; `index` is that of a phone or identity number."""
        if index:
            return bool(self.row[f"{field}_index"]) and self.row[f"{field}_index"] != index
        held = self.value(field)
        return bool(held) and held != value

    def is_empty(self, field: str) -> bool:
        """Tell whether nothing is held."""
        column = f"{field}_sealed" if field in SEALED or field == "phone" else field
        return not self.row[column]

    def value(self, field: str) -> str:
        """Return what is held as text, in clear."""
        if field == "phone":
            return unseal(self.row["phone_sealed"], bound_to=f"people.Person/phone/{self.token}")
        if field in SEALED:
            return unseal(self.row[f"{field}_sealed"], bound_to=f"register.Profile/{field}/{self.person}")
        found = self.row[field]
        return found.isoformat() if isinstance(found, date) else found or ""

    def said(self, field: str) -> tuple[str, date, date]:
        """Return the source of a held fact, the day it was stated and the day it was last confirmed."""
        own = self.row["facts"].get(field, {})
        stated, confirmed = own.get("stated_on"), own.get("confirmed_on")
        return (
            own.get("source", self.row["source"]),
            date.fromisoformat(stated) if stated else self.row["stated_on"],
            date.fromisoformat(confirmed) if confirmed else self.row["confirmed_on"],
        )


def of_identities(numbers: Sequence[str]) -> dict[str, int]:
    """Return {number: the person of whom it is held}; a merged row's number leads to the one that was kept."""
    found: dict[str, int] = {}
    for indexes in index_forms(numbers):
        by_index = dict(zip(indexes, numbers, strict=True))
        for part in parts_of(indexes):
            rows = Profile.objects.filter(identity_index__in=part).order_by("-pk")
            for index, person, kept in rows.values_list("identity_index", "pk", "person__merged_into"):
                found[by_index[index]] = kept or person
    return found


def held_of(persons: Collection[int]) -> dict[int, Held]:
    """Return what is held of these persons; who has no profile yet is left out."""
    found: dict[int, Held] = {}
    columns = [field.attname for field in Profile._meta.concrete_fields]
    for part in parts_of(sorted(persons)):
        rows = Profile.objects.filter(pk__in=part).values(
            *columns, "person__token", "person__name", "person__phone_index", "person__phone_sealed"
        )
        for row in rows:
            person = {
                name: row.pop(f"person__{name}") for name in ("token", "name", "phone_index", "phone_sealed")
            }
            found[row["person_id"]] = Held(row["person_id"], person["token"], row | person)
    return found


@transaction.atomic
def add_profiles(rows: Sequence[tuple[int, Mapping[str, str]]], told: Told) -> None:
    """Write what is held of persons who have no profile: (person, {field: value}), "" and absent alike unknown."""
    sealed = {field: _sealed(field, rows) for field in SEALED}
    indexes = blind_indexes([facts.get("identity", "") for _person, facts in rows])
    day, now = told.stated_on.isoformat(), stored_time(told.at)
    common = (told.source, told.words[:120], day, told.by.pk if told.by else None, day, "{}", now)
    columns = (
        "person_id", *(f"{field}_sealed" for field in SEALED), "identity_index", *PLAIN, "source", "source_words",
        "stated_on", "entered_by_id", "confirmed_on", "facts", "changed_at",
    )  # fmt: skip
    insert_rows(
        Profile,
        columns,
        (
            (
                person,
                *(sealed[field][number] for field in SEALED),
                indexes[number],
                *[facts.get(field) or (None if field in DAYS else "") for field in PLAIN],
                *common,
            )
            for number, (person, facts) in enumerate(rows)
        ),
    )


def _sealed(field: str, rows: Sequence[tuple[int, Mapping[str, str]]]) -> list[bytes]:
    return seal_all(
        [facts.get(field, "") for _person, facts in rows],
        [f"register.Profile/{field}/{person}" for person, _facts in rows],
    )


@transaction.atomic
def confirm_all(repeated: Iterable[tuple[Held, Collection[str]]], told: Told) -> int:
    """Move the confirmed day of facts that a newer ledger repeats; return of how many persons any day moved.

    Where the ledger repeats all that the row's own days speak for, the row's day moves; else the facts get days of
    their own. A day never moves back.
    """
    whole: list[int] = []
    apart: list[tuple[str, int]] = []
    for held, fields in repeated:
        older = {field for field in fields if held.said(field)[2] < told.stated_on}
        if not older:
            continue
        facts = dict(held.row["facts"])
        of_row = {field for field in FIELDS if field not in facts and not held.is_empty(field)}
        if of_row <= older and not older - of_row:
            whole.append(held.person)
            continue
        for field in older:
            facts[field] = _provenance(held, field) | {"confirmed_on": told.stated_on.isoformat()}
        apart.append((json.dumps(facts, ensure_ascii=False), held.person))
    for part in parts_of(whole):
        Profile.objects.filter(pk__in=part).update(confirmed_on=told.stated_on)
    if apart:
        update_rows(Profile, ("facts",), apart)
    return len(whole) + len(apart)


def _provenance(held: Held, field: str) -> dict[str, Any]:
    """What is known of where a held fact comes from, as `Profile.facts` keeps it."""
    row = {
        "source": held.row["source"],
        "words": held.row["source_words"],
        "stated_on": held.row["stated_on"].isoformat(),
        "by": held.row["entered_by_id"],
        "confirmed_on": held.row["confirmed_on"].isoformat(),
    }
    own: dict[str, Any] = held.row["facts"].get(field, {})
    return row | own


@transaction.atomic
def state_all(changes: Sequence[tuple[Held, Mapping[str, str]]], told: Told) -> None:
    """Write newer values of persons who have a profile: what was held goes to the history, each fact by itself."""
    history = [(held, field) for held, values in changes for field in values if not held.is_empty(field)]
    _remember(history, told)
    day, by, now = told.stated_on.isoformat(), told.by.pk if told.by else None, stored_time(told.at)
    fresh = {
        "source": str(told.source),
        "words": told.words[:120],
        "stated_on": day,
        "by": by,
        "confirmed_on": day,
    }
    fields = sorted({field for _held, values in changes for field in values})
    for field in fields:
        _write(field, [(held, values[field]) for held, values in changes if field in values])
    rows = [
        (json.dumps(held.row["facts"] | dict.fromkeys(values, fresh), ensure_ascii=False), now, held.person)
        for held, values in changes
    ]
    update_rows(Profile, ("facts", "changed_at"), rows)


def _write(field: str, rows: Sequence[tuple[Held, str]]) -> None:
    """Put new values of one fact where it is kept."""
    values = [value for _held, value in rows]
    keys = [held.person for held, _value in rows]
    if field == "phone":
        sealed = seal_all(values, [f"people.Person/phone/{held.token}" for held, _value in rows])
        columns = list(zip(blind_indexes(values), sealed, keys, strict=True))
        update_rows(Person, ("phone_index", "phone_sealed"), columns)
    elif field == "name":
        update_rows(Person, ("name",), list(zip(values, keys, strict=True)))
    elif field == "identity":
        sealed = seal_all(values, [f"register.Profile/identity/{key}" for key in keys])
        columns = list(zip(blind_indexes(values), sealed, keys, strict=True))
        update_rows(Profile, ("identity_index", "identity_sealed"), columns)
    elif field in SEALED:
        sealed = seal_all(values, [f"register.Profile/{field}/{key}" for key in keys])
        update_rows(Profile, (f"{field}_sealed",), list(zip(sealed, keys, strict=True)))
    else:
        update_rows(Profile, (field,), list(zip(values, keys, strict=True)))
    if field == "birth_date":
        update_rows(
            Person, ("birth_year",), [(int(value[:4]), key) for value, key in zip(values, keys, strict=True)]
        )


def _remember(history: Sequence[tuple[Held, str]], told: Told) -> None:
    """Write the values that make room into the history, the sensitive ones sealed."""
    if not history:
        return
    names = tokens(len(history))
    clear = [held.value(field) for held, field in history]
    hidden = [
        value if FIELDS[field].is_sealed else "" for value, (_held, field) in zip(clear, history, strict=True)
    ]
    sealed = seal_all(hidden, [f"register.FactChange/value/{name}" for name in names])
    now, by = stored_time(told.at), told.by.pk if told.by else None
    columns = (
        "token", "person_id", "field", "value", "value_sealed", "source", "source_words", "stated_on", "entered_by_id",
        "confirmed_on", "replaced_at", "replaced_by_id",
    )  # fmt: skip
    insert_rows(
        FactChange,
        columns,
        (
            (
                names[number], held.person, field, "" if FIELDS[field].is_sealed else clear[number], sealed[number],
                was["source"], was["words"], was["stated_on"], was["by"], was["confirmed_on"], now, by,
            )
            for number, (held, field) in enumerate(history)
            for was in [_provenance(held, field)]
        ),
    )  # fmt: skip


class NewMember(NamedTuple):
    """That a person belongs to the household of a 户号 at a home."""

    person: int
    number: str
    home: int
    relation: str
    since: str


def households_of(numbers: Collection[str]) -> dict[tuple[str, int], tuple[int, bool]]:
    """Return {(户号, home): (household, whether it has a head)} of those that exist."""
    found: dict[tuple[str, int], tuple[int, bool]] = {}
    for part in parts_of(sorted(numbers)):
        rows = Household.objects.filter(number__in=part, until=None).values_list("number", "home", "pk")
        known = {pk: (number, home) for number, home, pk in rows}
        heads = HouseholdMember.objects.filter(household__in=known, until=None, relation=HEAD_OF_HOUSEHOLD)
        with_head = set(heads.values_list("household", flat=True))
        found |= {key: (pk, pk in with_head) for pk, key in known.items()}
    return found


def heads_among(
    keys: Collection[tuple[str, int]], households: Mapping[tuple[str, int], tuple[int, bool]]
) -> dict[tuple[str, int], tuple[str, str]]:
    """Return {(户号, home): (name, birth date as ISO text) of its head} of these households."""
    by_household = {households[key][0]: key for key in keys}
    found: dict[tuple[str, int], tuple[str, str]] = {}
    for part in parts_of(sorted(by_household)):
        heads = HouseholdMember.objects.filter(household__in=part, until=None, relation=HEAD_OF_HOUSEHOLD)
        for household, name, born in heads.values_list(
            "household", "person__name", "person__profile__birth_date"
        ):
            found[by_household[household]] = name, born.isoformat() if born else ""
    return found


class Member(NamedTuple):
    """The household to which a person belongs, by 户号 and home, and what they are to its head."""

    number: str
    home: int
    relation: str


def members_among(persons: Collection[int]) -> dict[int, Member]:
    """Return {person: their household} of those who belong to one now."""
    found: dict[int, Member] = {}
    for part in parts_of(sorted(persons)):
        rows = HouseholdMember.objects.filter(person__in=part, until=None)
        columns = ("person", "household__number", "household__home", "relation")
        for person, *rest in rows.values_list(*columns):
            found[person] = Member(*rest)
    return found


@transaction.atomic
def add_members(rows: Sequence[NewMember], known: Mapping[tuple[str, int], tuple[int, bool]]) -> None:
    """Write members, and the households of them that `known` (`households_of`) has not."""
    keys: dict[tuple[str, int], int] = {key: pk for key, (pk, _has_head) in known.items()}
    since = {(row.number, row.home): row.since for row in reversed(rows)}
    fresh = [key for key in dict.fromkeys((row.number, row.home) for row in rows) if key not in keys]
    keys |= dict(zip(fresh, next_keys(Household, len(fresh)), strict=True))
    insert_rows(
        Household,
        ("id", "token", "number", "home_id", "since"),
        ((keys[key], name, *key, since[key]) for key, name in zip(fresh, tokens(len(fresh)), strict=True)),
    )
    insert_rows(
        HouseholdMember,
        ("household_id", "person_id", "relation", "since"),
        ((keys[row.number, row.home], row.person, row.relation, row.since) for row in rows),
    )


def tags_among(persons: Collection[int]) -> set[tuple[int, int]]:
    """Return (person, kind) of the tags that hold now."""
    found: set[tuple[int, int]] = set()
    for part in parts_of(sorted(persons)):
        found |= set(Tag.objects.filter(person__in=part, until=None).values_list("person", "kind"))
    return found


@transaction.atomic
def add_tags(rows: Sequence[tuple[int, int]], told: Told) -> None:
    """Tag persons: (person, kind), none of which holds yet; not who took their consent to that tag back."""
    rows = _without_withdrawn(rows)
    day = told.stated_on.isoformat()
    common = (day, told.source, told.words[:120], day, told.by.pk if told.by else None, day)
    columns = (
        "token", "person_id", "kind_id", "since", "source", "source_words", "stated_on", "entered_by_id",
        "confirmed_on",
    )  # fmt: skip
    insert_rows(
        Tag,
        columns,
        ((name, *row, *common) for name, row in zip(tokens(len(rows)), rows, strict=True)),
    )


def _without_withdrawn(rows: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    codes = dict(TagKind.objects.filter(pk__in={kind for _person, kind in rows}).values_list("pk", "code"))
    back = withdrawn({person for person, _kind in rows}, codes.values())
    return [(person, kind) for person, kind in rows if (person, codes[kind]) not in back]
