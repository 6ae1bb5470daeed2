"""What can be undone holds copies of sealed values: they come to a new key with the rows they were copied from."""

from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from django.apps import apps
from django.db import models, transaction

from linli.base.crypto import current_key, key_of, reseal
from linli.base.fields import SealedField
from linli.people.models import Person
from linli.register.models import Event, Merge, Profile

Copy = tuple[
    Any, Any, str
]  # the dictionary or pair that holds it, under what, and what the value is bound to


def reseal_copies(at: datetime) -> int:
    """Seal the copies in acts and merges with the present key, each in a transaction of its own; returns how many.

    Again changes nothing. A copy that does not open stays as it is: rotation must not bless it.
    """
    total = 0
    for model in (Event, Merge):
        for pk in list(_open(model).order_by("pk").values_list("pk", flat=True)):
            with transaction.atomic():
                row = model._default_manager.select_for_update(of=("self",)).get(pk=pk)
                count = sum(_reseal(copy) for copy in _copies(row))
                if count:
                    row.save(update_fields=["undo"])
                total += count
    return total


def copies_left() -> int:
    """Return how many copies still need an older key."""
    newest = current_key()
    rows = (row for model in (Event, Merge) for row in _open(model).iterator())
    copies = (copy for row in rows for copy in _copies(row))
    return sum(key_of(b64decode(holder[name])) not in {0, newest} for holder, name, _bound in copies)


def _open(model: type[models.Model]) -> "models.QuerySet[Any]":
    """Return what can be undone; of what was undone nobody opens the copies any more."""
    return model._default_manager.filter(undone_at=None).exclude(undo={})


def _reseal(copy: Copy) -> bool:
    holder, name, bound_to = copy
    try:
        sealed = reseal(b64decode(holder[name]), bound_to=bound_to)
    except InvalidTag:
        return False
    if sealed is None:
        return False
    holder[name] = b64encode(sealed).decode()
    return True


def _copies(row: Any) -> Iterator[Copy]:
    """Yield every sealed value in a record of `undoing.difference` or of a merge."""
    for model, pk, columns in _columns(row):
        yield from _in(model, pk, columns)


def _columns(row: Any) -> Iterator[tuple[type[models.Model], Any, dict[str, Any]]]:
    undo: dict[str, Any] = row.undo
    for part in ("created", "changed"):
        for label, rows in undo.get(part, {}).items():
            yield from ((apps.get_model(label), pk, columns) for pk, columns in rows.items())
    for label, removed in undo.get("removed", {}).items():
        yield from ((apps.get_model(label), columns["pk"], columns) for columns in removed)
    for name, model in (("person", Person), ("profile", Profile)):
        yield from ((model, row.kept_id, columns) for columns in (undo.get(name) or {}).values() if columns)


def _in(model: type[models.Model], pk: Any, columns: dict[str, Any]) -> Iterator[Copy]:
    for field in model._meta.concrete_fields:
        if isinstance(field, SealedField) and columns.get(field.attname):
            bound_to = f"{model._meta.label}/{field.of}/{_row(model, field, pk, columns)}"
            held = columns[field.attname]
            places: list[tuple[Any, Any]] = [(columns, field.attname)]
            if isinstance(held, list):
                places = [(held, 0), (held, 1)]
            yield from ((holder, name, bound_to) for holder, name in places if holder[name])


def _row(model: type[models.Model], field: SealedField, pk: Any, columns: dict[str, Any]) -> Any:
    """Return what binds a value to its row: a column that never changes, from the record or from the row itself."""
    key = model._meta.pk
    if key is not None and field.row == key.attname:
        return pk
    held = columns.get(field.row)
    if held and not isinstance(held, list):
        return held
    return model._base_manager.filter(pk=pk).values_list(field.row, flat=True).first()
