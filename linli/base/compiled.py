"""Reads that nearly every request repeats: made into SQL once per process, then only their values are bound anew.

Django builds the SQL of a QuerySet each time it is read; for wide joins that costs more than the reading. A phrase
whose shape never changes is built once, with blanks where its values go:

    ROLES = Compiled(Membership.objects.current, person=models.BigIntegerField(), on=models.DateField())
    roles = ROLES.read(person=person.pk, on=today)

Rows come out as from the phrase itself. This is for the few reads that a profile names; all others use the phrase.
"""

from collections.abc import Callable
from copy import copy
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.expressions import Expression
from django.db.models.query import ModelIterable

Row = TypeVar("Row", bound=models.Model)


class Blank(Expression):
    """Where a value goes: stands in the phrase in the value's place, and in its SQL as one parameter."""

    def __init__(self, name: str, field: "models.Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Return the mark of a parameter, and this blank for it."""
        return "%s", (self,)


class Compiled(Generic[Row]):
    """A phrase that returns whole rows and compares its values (=, <, >); each must be given, and not as None."""

    def __init__(
        self, phrase: Callable[..., models.QuerySet[Row]], **blanks: "models.Field[Any, Any]"
    ) -> None:
        self.phrase, self.blanks = phrase, blanks
        self._built: dict[
            str, tuple[Any, str, tuple[Any, ...]]
        ] = {}  # by database: compiler, SQL, parameters

    def read(self, **values: Any) -> list[Row]:
        """Return the rows for these values, in the phrase's order; ValueError where one is missing or None."""
        if values.keys() != self.blanks.keys() or None in values.values():
            raise ValueError(f"Each of {sorted(self.blanks)} needs a value, and nothing else does")
        using = DEFAULT_DB_ALIAS
        compiler, sql, parameters = self._built.get(using) or self._build(using)
        connection = connections[using]
        bound = tuple(
            self.blanks[each.name].get_db_prep_value(values[each.name], connection)
            if isinstance(each, Blank)
            else each
            for each in parameters
        )
        # A copy for this reading, since threads share what was built: the thread's connection, and the SQL as it is.
        reader = copy(compiler)
        reader.connection, reader.as_sql = connection, lambda *_args, **_options: (sql, bound)
        query = SimpleNamespace(get_compiler=lambda using: reader)
        asked: Any = SimpleNamespace(db=using, query=query, _known_related_objects={})
        return list(ModelIterable(asked))

    def _build(self, using: str) -> tuple[Any, str, tuple[Any, ...]]:
        rows = self.phrase(**{name: Blank(name, field) for name, field in self.blanks.items()})
        compiler = rows.query.get_compiler(using=using)
        sql, parameters = compiler.as_sql()
        return self._built.setdefault(using, (compiler, sql, tuple(parameters)))
