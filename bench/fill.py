"""Make many cases out of a few: real ones are made by calling actions, then their rows are copied inside the database.

A copy is `INSERT … SELECT` from the rows of the originals and a table of numbers, so a million cases take a minute and
each copied row has the shape of one that actions wrote. Keys are shifted by a block, so that they stay unique and joined.
"""

import sys
import time

from django.db import connection, models

from linli.cases.models import Answer, Case, Event, Order
from linli.todos.models import Todo

CHUNK = 20_000  # copies of the originals per statement times their number stays near this


def columns(model: type[models.Model]) -> list[str]:
    return [field.column for field in model._meta.concrete_fields]


def shifted(column: str, originals: int) -> str:
    """Return the SQL of a key of copy number n (n.i from 1): ids after the originals, in their order."""
    return f"CASE WHEN o.{column} IS NULL THEN NULL ELSE o.{column} + n.i * {originals} END"


def copy(model: type[models.Model], originals: int, first: int, last: int, special: dict[str, str]) -> None:
    """Insert copies number first…last of every original row of `model`."""
    table, names = model._meta.db_table, columns(model)
    chosen = ", ".join(special.get(name, f"o.{name}") for name in names)
    quoted = ", ".join(f'"{name}"' for name in names)
    numbers = (
        f"WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last}) "
        if connection.vendor == "sqlite"
        else f"WITH n AS (SELECT generate_series({first}, {last}) AS i) "
    )
    where = f"WHERE o.id <= {originals}"
    select = f"SELECT {chosen} FROM {table} o CROSS JOIN n {where}"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"INSERT INTO {table} ({quoted}) {numbers}{select}")
        else:
            cursor.execute(f"{numbers}INSERT INTO {table} ({quoted}) {select}")


def hexadecimal(start: int) -> str:
    """Return SQL of a 12-sign token that no original has."""
    number = f"(o.id + n.i * {start})"
    if connection.vendor == "sqlite":
        return f"printf('x%011x', {number})"
    return f"'x' || lpad(to_hex({number}::bigint), 11, '0')"


def text(expression: str) -> str:
    return f"CAST({expression} AS text)"


def multiply(target: int) -> None:
    """Copy what there is until there are about `target` cases; the originals stay the newest of their kind."""
    originals = Case.objects.count()
    widest = max(m.objects.order_by("-id").values_list("id", flat=True).first() or 0 for m in (Case, Order, Event, Answer, Todo))
    copies = max(target // originals - 1, 0)
    step = max(CHUNK // originals, 1)
    key = shifted("id", widest)
    number = "o.number || '-' || " + text("n.i")
    subject = "'cases.Case:' || " + text(f"CAST(substr(o.subject, 12) AS integer) + n.i * {widest}")
    plans: list[tuple[type[models.Model], dict[str, str]]] = [
        (Case, {"id": key, "token": hexadecimal(widest), "number": number, "once": "NULL", "parent_id": "NULL", "split_from_id": "NULL"}),
        (Order, {"id": key, "case_id": shifted("case_id", widest)}),
        (Event, {"id": key, "case_id": shifted("case_id", widest)}),
        (Answer, {"id": key, "case_id": shifted("case_id", widest)}),
        (Todo, {"id": key, "token": hexadecimal(widest), "key": "o.key || '-' || " + text("n.i"), "subject": subject}),
    ]
    begun = time.perf_counter()
    for first in range(1, copies + 1, step):
        last = min(first + step - 1, copies)
        for model, special in plans:
            copy(model, widest, first, last, special)
        print(f"\r  {last * originals + originals:>9,} cases, {time.perf_counter() - begun:.0f} s", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    settle([model for model, _special in plans])


def settle(tables: list[type[models.Model]]) -> None:
    """Let the database know its new size: sequences moved on, statistics gathered."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for model in tables:
                table = model._meta.db_table
                cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
            cursor.execute("VACUUM ANALYZE" if connection.get_autocommit() else "ANALYZE")
        else:
            cursor.execute("ANALYZE")
