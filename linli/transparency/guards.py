"""Database triggers behind the record: plain SQL for both databases, so that no code path can rewrite it.

An entry may only be given its position, once, and lose its payload and salt; it is never deleted. Nodes,
checkpoints, cosignatures and keys never change at all.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

ENTRY = "transparency_entry"
UNCHANGING = (
    "transparency_node",
    "transparency_checkpoint",
    "transparency_cosignature",
    "transparency_publickey",
)
FIXED = ("id", "token", "log", "type", "subject", "ref", "at", "leaf", "corrects_id")
MESSAGE = "the record is append-only"


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the guards up; a second time changes nothing."""
    remove(connection)
    with connection.cursor() as cursor:
        for statement in _statements(connection.vendor):
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the guards down: for tests that empty tables, and for recovery."""
    with connection.cursor() as cursor:
        for table in (ENTRY, *UNCHANGING):
            for event in ("update", "delete", "truncate"):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{event}{on}")


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Work without the guards inside one transaction: they are back when it commits, and when it fails."""
    with transaction.atomic(using=connection.alias):
        remove(connection)
        yield
        if connection.vendor == "postgresql":
            connection.check_constraints()  # a table with checks pending takes no trigger
        install(connection)


def _statements(vendor: str) -> list[str]:
    if vendor == "sqlite":
        return _for_sqlite()
    if vendor == "postgresql":
        return _for_postgresql()
    raise NotImplementedError(f"the record has no guards for {vendor}")


def _forbidden(differs: str, length: str) -> str:
    """When an update of an entry is refused; `differs` compares two columns with nulls counted as values."""
    changed = [f"NEW.{column} {differs} OLD.{column}" for column in FIXED]
    changed.append(f"(OLD.position IS NOT NULL AND NEW.position {differs} OLD.position)")
    changed.append(f"(NEW.payload IS NOT NULL AND NEW.payload {differs} OLD.payload)")
    changed.append(f"({length}(NEW.salt) > 0 AND NEW.salt {differs} OLD.salt)")
    return " OR ".join(changed)


def _for_sqlite() -> list[str]:
    def refuse(table: str, event: str, when: str = "") -> str:
        condition = f"WHEN {when} " if when else ""
        return (
            f"CREATE TRIGGER {table}_no_{event} BEFORE {event.upper()} ON {table} FOR EACH ROW {condition}"
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )

    guards = [refuse(ENTRY, "update", _forbidden("IS NOT", "length")), refuse(ENTRY, "delete")]
    return guards + [refuse(table, event) for table in UNCHANGING for event in ("update", "delete")]


def _for_postgresql() -> list[str]:
    function = (
        "CREATE OR REPLACE FUNCTION transparency_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )

    def refuse(table: str, event: str, when: str = "") -> str:
        condition = f"WHEN ({when}) " if when else ""
        return (
            f"CREATE TRIGGER {table}_no_{event} BEFORE {event.upper()} ON {table} FOR EACH ROW {condition}"
            "EXECUTE FUNCTION transparency_refuse()"
        )

    def refuse_emptying(table: str) -> str:
        return (
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT "
            "EXECUTE FUNCTION transparency_refuse()"
        )

    when = _forbidden("IS DISTINCT FROM", "octet_length")
    guards = [function, refuse(ENTRY, "update", when), refuse(ENTRY, "delete")]
    guards += [refuse_emptying(table) for table in (ENTRY, *UNCHANGING)]
    return guards + [refuse(table, event) for table in UNCHANGING for event in ("update", "delete")]
