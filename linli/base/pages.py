"""Keyset paging: the next page starts after the last row shown, so that its work grows with the page only."""

from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

SALT = "linli.pages"


@dataclass(frozen=True)
class Page:
    """One page of rows; `after` is the token of the next page, "" where this is the last."""

    rows: list[Any]
    after: str


def page_of(rows: QuerySet[Any], request: HttpRequest, order: list[str], *, size: int = 20) -> Page:
    """Cut one page of `rows` ordered by the columns `order` ("-id" for descending; the last must be unique).

    Columns must not be null. A token that was tampered with starts from the first page.
    """
    ordered = rows.order_by(*order)
    position = _read(request.GET.get("after", ""), len(order))
    if position is not None:
        ordered = ordered.filter(_beyond(order, position))
    found = list(ordered[: size + 1])
    after = _write(found[size - 1], order) if len(found) > size else ""
    return Page(found[:size], after)


def _beyond(order: list[str], position: list[Any]) -> Q:
    """(a, b) > (x, y) as a > x OR (a = x AND b > y), led by a >= x so that the index is entered at x."""
    beyond = Q()
    equal = Q()
    for column, value in zip(order, position, strict=True):
        name = column.lstrip("-")
        compare = "lt" if column.startswith("-") else "gt"
        beyond |= equal & Q(**{f"{name}__{compare}": value})
        equal &= Q(**{name: value})
    first = order[0].lstrip("-")
    edge = "lte" if order[0].startswith("-") else "gte"
    return Q(**{f"{first}__{edge}": position[0]}) & beyond


def _write(row: Model, order: list[str]) -> str:
    values = []
    for column in order:
        value: Any = row
        for name in column.lstrip("-").split("__"):
            value = getattr(value, name)
        values.append(value.isoformat() if hasattr(value, "isoformat") else value)
    return signing.dumps(values, salt=SALT, compress=True)


def _read(token: str, length: int) -> list[Any] | None:
    try:
        values = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return values if isinstance(values, list) and len(values) == length else None
