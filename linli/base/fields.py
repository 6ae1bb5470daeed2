"""Columns that more than one domain needs."""

import secrets
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import Exact, In

from linli.base.crypto import seal, unseal

if TYPE_CHECKING:
    CharField = models.CharField[str, str]
    AnyText: TypeAlias = models.CharField[Any, Any]  # one that may be null
    AnyExact: TypeAlias = Exact[Any]
    AnyIn: TypeAlias = In[Any]
    AnyBinary: TypeAlias = models.BinaryField[Any, Any]
else:
    CharField = AnyText = models.CharField
    AnyExact, AnyIn, AnyBinary = Exact, In, models.BinaryField

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def public_token() -> str:
    """Return a random name for a row in public addresses: 12 signs (59 bits) that cannot be counted or mistaken."""
    return "".join(secrets.choice(ALPHABET) for _ in range(12))


class TokenField(CharField):
    """The row's public name: unique, random, never changed."""

    def __init__(self, **options: Any) -> None:
        fixed: dict[str, Any] = {"max_length": 12, "default": public_token, "unique": True, "editable": False}
        super().__init__(**(fixed | options))


class PathField(CharField):
    """A path, key or number found by its beginning: compared byte by byte on both databases, one index range."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        """Add the bytewise collation where the database would otherwise sort by its language."""
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class BlindIndexField(AnyText):
    """Where `crypto.blind_index` is kept: an exact value is found by it, under the older index keys too."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**({"max_length": 64, "editable": False} | options))

    def get_prep_value(self, value: Any) -> Any:
        """Store the newest form as plain text."""
        return str(super().get_prep_value(value)) if value is not None else None


@BlindIndexField.register_lookup
class ExactUnderAnyKey(AnyExact):
    """`phone_index=blind_index(number)`, also for rows indexed before the index key was rotated."""

    def __init__(self, lhs: Any, rhs: Any) -> None:
        self.forms = [str(rhs), *getattr(rhs, "older", ())]
        super().__init__(lhs, rhs)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Ask for any of the forms, as soon as there are several."""
        if len(self.forms) == 1:
            return super().as_sql(compiler, connection)
        return compiler.compile(In(self.lhs, self.forms))


@BlindIndexField.register_lookup
class InUnderAnyKey(AnyIn):
    """`phone_index__in=[blind_index(number), …]`, likewise."""

    def __init__(self, lhs: Any, rhs: Any) -> None:
        if isinstance(rhs, (list, tuple, set)):
            rhs = [form for index in rhs for form in (index, *getattr(index, "older", ()))]
        super().__init__(lhs, rhs)


class SealedField(AnyBinary):
    """A column of values sealed by `crypto.seal`, known to key rotation and to the field catalogue.

    `of` is what the value is ("phone"), `row` the column whose value binds it to its row (unique and never changed),
    `index` the BlindIndexField made from the same value, if any. Bound to "people.Person/phone/<token>". A property
    of the model reads and writes it: `read` and `write` are what such a property calls.
    """

    def __init__(self, of: str = "", *, row: str = "token", index: str = "", **options: Any) -> None:
        self.of, self.row, self.index = of, row, index
        fixed: dict[str, Any] = {"editable": False, "default": b"", "blank": True}
        super().__init__(**(fixed | options))

    def deconstruct(self) -> Any:
        """Tell migrations what there is to know."""
        name, path, words, options = super().deconstruct()
        return name, path, words, options | {"of": self.of, "row": self.row, "index": self.index}

    def bound_to(self, row: models.Model) -> str:
        """Return the place that a value of this row is sealed for."""
        return f"{row._meta.label}/{self.of}/{getattr(row, self.row)}"

    def read(self, row: models.Model) -> str:
        """Return the value in clear, "" where there is none."""
        return unseal(getattr(row, self.attname), bound_to=self.bound_to(row))

    def write(self, row: models.Model, clear: str) -> None:
        """Put a value in; its blind index is the model's to keep."""
        setattr(row, self.attname, seal(clear, bound_to=self.bound_to(row)))


def sealed_in(row: models.Model, column: str) -> SealedField:
    """Return the sealed column of that name, which reads and writes the values of its rows."""
    return cast(SealedField, row._meta.get_field(column))


def sealed_fields() -> Iterator[tuple[type[models.Model], SealedField]]:
    """Return every sealed column of every domain, with its model."""
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, SealedField):
                yield model, field
