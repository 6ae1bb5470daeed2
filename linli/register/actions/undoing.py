"""What an act changed, written down exactly, so that it can be told beforehand and taken back.

Rows about some persons are read before and after the act; the difference is the record:
{"created": {label: {pk: {column: value}}}, "changed": {label: {pk: {column: [before, after]}}},
"removed": {label: [{column: value}]}}.
Values are as Django's serializers write them. Undoing puts back columns as they were, whichever floor they are on:
done by verbs it would be another act with its own dates.
"""

from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from typing import Any, TypeVar

from django.apps import apps
from django.db import models, transaction
from django.db.models import ProtectedError, Q
from django.utils.translation import gettext as _

from linli.base.crypto import index_key_of, unseal
from linli.base.errors import Refused, require
from linli.base.fields import BlindIndexField, SealedField
from linli.people.models import Account, Person, Proxy, Residency
from linli.register.models import Household, HouseholdMember, Profile, Tag

Found = TypeVar("Found")
State = dict[str, dict[str, dict[str, Any]]]  # {label: {pk: {column: value}}}
UNTOLD = frozenset({"changed_at", "password"})
MEMBERS = Account.persons.through


def rows_about(persons: Iterable[int], homes: Iterable[int] = ()) -> State:
    """Read every row that an act on these persons may change."""
    ids = list(persons)
    households = HouseholdMember.objects.filter(person__in=ids).values("household")
    sets: tuple[models.QuerySet[Any], ...] = (
        Person.objects.filter(pk__in=ids),
        Profile.objects.filter(pk__in=ids),
        Residency.objects.filter(Q(person__in=ids) | Q(home__in=list(homes))),
        Household.objects.filter(Q(pk__in=households) | Q(home__in=list(homes))),
        HouseholdMember.objects.filter(Q(person__in=ids) | Q(household__in=households)),
        Tag.objects.filter(person__in=ids),
        Proxy.objects.filter(Q(principal__in=ids) | Q(agent__in=ids)),
        Account.objects.filter(persons__in=ids).distinct(),
        MEMBERS._default_manager.filter(person__in=ids),
    )
    return {rows.model._meta.label_lower: {str(row.pk): columns_of(row) for row in rows} for rows in sets}


def columns_of(row: models.Model) -> dict[str, Any]:
    """Return a row's columns as values that JSON keeps."""
    return {
        field.attname: _kept(field, row)
        for field in row._meta.concrete_fields
        if not field.primary_key and field.attname not in UNTOLD
    }


def _kept(field: "models.Field[Any, Any]", row: models.Model) -> Any:
    value = getattr(row, field.attname)
    if value is None or isinstance(value, (str, int, float, bool, dict, list)):
        return deepcopy(value)
    return field.value_to_string(row)


def difference(before: State, after: State) -> dict[str, Any]:
    """Return the record of what changed between two readings."""
    record: dict[str, Any] = {"created": {}, "changed": {}, "removed": {}}
    for label in before:
        old, new = before[label], after[label]
        created = {pk: columns for pk, columns in new.items() if pk not in old}
        removed = [old[pk] | {"pk": int(pk)} for pk in old if pk not in new]
        changed = {
            pk: {
                column: [old[pk][column], value]
                for column, value in new[pk].items()
                if old[pk][column] != value
            }
            for pk in new
            if pk in old and old[pk] != new[pk]
        }
        for name, found in (("created", created), ("changed", changed), ("removed", removed)):
            if found:
                record[name][label] = found
    return record


@transaction.atomic
def take_back(record: dict[str, Any]) -> set[int]:
    """Put everything back as it was; return the persons concerned.

    Refused where somebody changed one of the rows since: what they wrote must not be lost silently.
    """
    touched: set[int] = set()
    for label, pk, columns in _left_by(record):
        _require_untouched(label, pk, columns)
        touched |= _persons(label, pk)
    for label, rows in reversed(record["created"].items()):
        try:
            apps.get_model(label)._default_manager.filter(pk__in=[int(pk) for pk in rows]).delete()
        except ProtectedError:
            raise Refused(_("这之后又有新的记录用到它，不能原样撤销，请另外更正。")) from None
    for label, rows in record["changed"].items():
        model = apps.get_model(label)
        for pk, columns in rows.items():
            before = {column: values[0] for column, values in columns.items()}
            model._default_manager.filter(pk=int(pk)).update(**read_columns(model, before))
    for label, rows in record["removed"].items():
        model = apps.get_model(label)
        for columns in rows:
            model(**read_columns(model, columns)).save(force_insert=True)
    return touched


def _left_by(record: dict[str, Any]) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Yield (label, pk, {column: value}) as the act left each row that it made or changed."""
    for label, rows in record["created"].items():
        for pk, columns in rows.items():
            yield label, int(pk), columns
    for label, rows in record["changed"].items():
        for pk, changes in rows.items():
            yield label, int(pk), {column: after for column, (_before, after) in changes.items()}


def _require_untouched(label: str, pk: int, columns: dict[str, Any]) -> None:
    row = apps.get_model(label)._default_manager.select_for_update().filter(pk=pk).first()
    require(row is not None, _("这之后资料又删改过，不能原样撤销，请另外更正。"))
    assert row is not None  # noqa: S101 — for the type checker
    is_same = all(is_as(row, column, value) for column, value in columns.items())
    require(is_same, _("这之后资料又改过，不能原样撤销，请另外更正。"))


def is_as(row: models.Model, column: str, value: Any) -> bool:
    """Whether a row's column holds what the record says, under whichever key either of them is sealed or indexed."""
    present = columns_of(row)[column]
    if present == value or not (present and value):
        return bool(present == value)
    field = row._meta.get_field(column)
    if isinstance(field, SealedField):
        bound_to = field.bound_to(row)
        return unseal(b64decode(present), bound_to=bound_to) == unseal(b64decode(value), bound_to=bound_to)
    # Made from the sealed value beside it, which is compared itself.
    return isinstance(field, BlindIndexField) and index_key_of(present) != index_key_of(value)


def read_columns(model: type[models.Model], columns: dict[str, Any]) -> dict[str, Any]:
    """Return columns that `columns_of` wrote (and "pk") as values that the model takes."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return {
        name: value if name == "pk" or value is None else fields[name].to_python(value)
        for name, value in columns.items()
    }


def _persons(label: str, pk: int) -> set[int]:
    model = apps.get_model(label)
    if model is Person:
        return {pk}
    names = {field.attname for field in model._meta.concrete_fields}
    if "person_id" not in names:
        return set()
    return set(model._default_manager.filter(pk=pk).values_list("person_id", flat=True))


def tried_out(act: Callable[[], Found]) -> Found:
    """Run an act, let `act` return what there is to tell of it, and forget that it was run."""
    with transaction.atomic():
        found = act()
        transaction.set_rollback(True)
    return found
