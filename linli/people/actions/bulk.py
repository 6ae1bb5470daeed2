"""Many persons and where they live at once, for ledgers: the fast writers beside `register` and `settle`.

What is written was checked by the caller: names and numbers are in their stored form, keys and homes exist.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

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
from linli.base.errors import require
from linli.people.models import Person, Residency
from linli.people.rules import Tenure


class NewPerson(NamedTuple):
    """Somebody whom nobody knew; `phone` as stored, "" where none is known; `birth_year` None likewise."""

    name: str
    phone: str
    birth_year: int | None


class NewStay(NamedTuple):
    """That a person lives in a home or owns it; days as ISO text, "" where open; `is_registered` None: not asked."""

    person: int
    home: int
    tenure: str
    since: str
    until: str = ""
    lives_there: bool = True
    is_registered: bool | None = None


@transaction.atomic
def add_persons(rows: Sequence[NewPerson], at: datetime) -> list[int]:
    """Write new persons and return their keys, in the order given."""
    keys, names, now = next_keys(Person, len(rows)), tokens(len(rows)), stored_time(at)
    sealed = seal_all([row.phone for row in rows], [f"people.Person/phone/{name}" for name in names])
    indexes = blind_indexes([row.phone for row in rows])
    columns = (
        "id", "token", "name", "phone_index", "phone_sealed", "birth_year", "created_at", "changed_at",
    )  # fmt: skip
    insert_rows(
        Person,
        columns,
        (
            (key, name, row.name, index, phone, row.birth_year, now, now)
            for key, name, row, index, phone in zip(keys, names, rows, indexes, sealed, strict=True)
        ),
    )
    return keys


@transaction.atomic
def add_stays(rows: Sequence[NewStay], by: Person | None, at: datetime) -> None:
    """Write who lives where, vouched for by the ledger that `by` loads; nobody is told, unlike in `verify`."""
    now, today = stored_time(at), localdate(at).isoformat()
    worker = by.pk if by else None
    columns = (
        "token", "person_id", "home_id", "tenure", "since", "until", "lives_there", "is_registered", "source",
        "verified_at", "verified_by_id",
    )  # fmt: skip
    insert_rows(
        Residency,
        columns,
        (
            (
                name, row.person, row.home, row.tenure or Tenure.FAMILY.value, row.since or today, row.until or None,
                row.lives_there, row.is_registered, Residency.Source.IMPORT.value, now, worker,
            )
            for name, row in zip(tokens(len(rows)), rows, strict=True)
        ),
    )  # fmt: skip


@transaction.atomic
def fill_stays(rows: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
    """Write of residencies, by key, what was not known of them: `since`, `is_registered`."""
    for column in sorted({name for _key, values in rows for name in values}):
        update_rows(Residency, (column,), [(values[column], key) for key, values in rows if column in values])


@transaction.atomic
def touch(persons: Sequence[int], at: datetime) -> None:
    """Note that something by which these are found has changed."""
    for part in parts_of(persons):
        Person.objects.filter(pk__in=part).update(changed_at=at)


@transaction.atomic
def change_since(residency: Residency, since: date) -> Residency:
    """Write since when somebody has lived where they live."""
    row = Residency.objects.select_for_update().get(pk=residency.pk)
    require(row.until is None or since <= row.until, _("搬离日期早于入住日期，请核对"))
    row.since = since
    row.save(update_fields=["since"])
    return row
