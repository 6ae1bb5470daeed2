"""Many rows at once: `executemany` on SQLite, COPY on PostgreSQL, keys taken before the rows are written.

For writers of a hundred thousand rows and more; whoever writes fewer uses the models. Values are given as the database
takes them: dates and times as ISO text (`stored_time`), JSON as text, sealed fields as bytes.
"""

import gc
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, models
from django.utils import timezone

from linli.base.crypto import CIPHERS, NONCE, cipher, current_key, index_forms
from linli.base.fields import ALPHABET

TOKEN_SIGNS = 12
# Bytes at or above the greatest multiple of the alphabet would make its first signs likelier; they are thrown away.
_FAIR = 256 - 256 % len(ALPHABET)
_SIGNS = bytes(ord(ALPHABET[number % len(ALPHABET)]) for number in range(256))
_UNFAIR = bytes(range(_FAIR, 256))
IN_ONE_LOOK_UP = 5_000  # values of one "column IN (…)": all databases take as many


@contextmanager
def few_collections() -> Iterator[None]:
    """Look rarely for garbage that refers to itself: rows are freed without that, and looking took a quarter of a load.

    Restores what was set before. Nothing is leaked: what waits is collected a little later.
    """
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


def tokens(count: int) -> list[str]:
    """Return `count` random public names as `fields.public_token` makes them, from one draw of randomness."""
    signs = ""
    while len(signs) < count * TOKEN_SIGNS:
        drawn = os.urandom(count * TOKEN_SIGNS * 9 // 8 + 64)
        signs += drawn.translate(_SIGNS, _UNFAIR).decode("ascii")
    return [signs[at : at + TOKEN_SIGNS] for at in range(0, count * TOKEN_SIGNS, TOKEN_SIGNS)]


def seal_all(clear: Sequence[str], bound_to: Sequence[str]) -> list[bytes]:
    """Seal many values, each for its own place, as `crypto.seal` does; "" stays empty."""
    version, key_id = CIPHERS[settings.FIELD_CIPHER], current_key()
    encrypt, head = cipher(settings.FIELD_KEYS, version, key_id).encrypt, bytes([version, key_id])
    random = os.urandom(NONCE * len(clear))
    sealed: list[bytes] = []
    for number, (value, place) in enumerate(zip(clear, bound_to, strict=True)):
        nonce = random[number * NONCE : (number + 1) * NONCE]
        sealed.append(head + nonce + encrypt(nonce, value.encode(), place.encode()) if value else b"")
    return sealed


def blind_indexes(normalised: Iterable[str]) -> list[str]:
    """Return the newest `crypto.blind_index` of many values; "" for ""."""
    return index_forms(normalised)[0]


def stored_time(at: datetime) -> str:
    """Return an aware moment as the present database keeps it."""
    if connection.vendor == "sqlite":
        return str(connection.ops.adapt_datetimefield_value(at))
    return timezone.localtime(at).isoformat()


def next_keys(model: type[models.Model], count: int) -> list[int]:
    """Return `count` primary keys for new rows of `model`. Call it in the transaction that writes the rows."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":  # the transaction is the only writer
            cursor.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
            last = cursor.fetchone()[0]
            return list(range(last + 1, last + 1 + count))
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [table, model._meta.pk.column, count],
        )
        return [row[0] for row in cursor.fetchall()]


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write `rows`, each with the values of `columns` (fields by attribute name, "home_id"), as new rows of `model`.

    Fields that are not named get their default. Nothing is checked but what the database checks.
    """
    fixed = _defaults(model, columns)
    fields = {field.attname: field for field in model._meta.concrete_fields}
    names = [f'"{fields[name].column}"' for name in (*columns, *fixed)]
    tail = tuple(fixed.values())
    whole: Any = ((*row, *tail) for row in rows) if tail else rows
    table = f'"{model._meta.db_table}" ({", ".join(names)})'
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            marks = ", ".join(["%s"] * len(names))
            cursor.executemany(f"INSERT INTO {table} VALUES ({marks})", whole)  # noqa: S608 (names of our columns)
            return
        with cursor.copy(f"COPY {table} FROM STDIN") as copy:
            for row in whole:
                copy.write_row(row)


def _defaults(model: type[models.Model], columns: Sequence[str]) -> dict[str, Any]:
    """Return what the fields that nobody named hold in a new row, as the database takes it."""
    found: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.attname in columns or isinstance(field, models.AutoField):
            continue
        default = field.get_default()
        value = (
            default if isinstance(field, models.BinaryField) else field.get_db_prep_save(default, connection)
        )
        if value is not None:
            found[field.attname] = value
    return found


def update_rows(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]], key: str = ""
) -> None:
    """Change many rows of `model`: each of `rows` holds the new values of `columns`, then its primary key."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    named = ", ".join(f'"{fields[name].column}" = %s' for name in columns)
    column = fields[key].column if key else model._meta.pk.column
    with connection.cursor() as cursor:
        table = model._meta.db_table
        cursor.executemany(f'UPDATE "{table}" SET {named} WHERE "{column}" = %s', rows)  # noqa: S608


def parts_of(values: Sequence[Any], size: int = IN_ONE_LOOK_UP) -> list[Sequence[Any]]:
    """Cut `values` into pieces that one look-up takes."""
    return [values[start : start + size] for start in range(0, len(values), size)]
