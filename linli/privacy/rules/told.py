"""The words in which the top of the house tells privacy what each domain holds (linli/config/personal.py)."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Holder:
    """One table that holds something about a person.

    `table` is the model ("people.Residency"); `person` the path from a row to the person ("person",
    "account__persons"), or the column that names them as text ("added_by", then `is_text`). `title` is what the
    person reads above it. The columns shown are those that the field catalogue lists.
    """

    table: str
    person: str
    title: Any
    is_text: bool = False
    hides: tuple[str, ...] = ()  # columns whose content nobody needs to read: digests of secrets
    order: str = "pk"
    phrase: str = (
        ""  # of the table's QuerySet, taking the time: what the person may read of it at that moment
    )


@dataclass(frozen=True)
class Keep:
    """One table that the nightly purge keeps no longer than the catalogue says.

    `purge` is the dotted path of an action `(before, holding, at) -> int`: it removes what is past `before`,
    leaves whoever is in `holding` (persons' ids), and returns how many rows went.
    """

    table: str
    purge: str


@dataclass(frozen=True)
class Chapter:
    """What one table says about a person: each row is label → value, both as text."""

    table: str
    title: str
    rows: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Erased:
    """What an erasure did to one kind of data: how many rows went, or why they stay."""

    title: str
    count: int = 0
    stays: str = ""
