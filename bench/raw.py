"""Raw inserts: the rows that filing a case writes, by the bare driver, each case in one transaction.

What is left when everything of Linli and Django is taken away; it runs in a process of its own.
"""

import json
import os
import secrets
import sqlite3
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

TABLES = ("cases_case", "cases_event", "todos_todo", "transparency_entry")
UNIQUE = ("token", "receipt", "number", "key")  # each gets a value of its own
SQLITE_WRITERS = 2  # as many as the server has processes; SQLite lets one write at a time anyway
Row = dict[str, Any]


def samples(execute: Callable[[str], Any]) -> dict[str, Row]:
    """Return the newest row of each table without its key."""
    found = {}
    for table in TABLES:
        cursor = execute(f"SELECT * FROM {table} ORDER BY id DESC LIMIT 1")
        names = [column[0] for column in cursor.description]
        row = dict(zip(names, cursor.fetchone(), strict=True))
        row.pop("id")
        found[table] = row
    return found


def fresh(row: Row) -> Row:
    changed = {name: secrets.token_hex(6) for name in UNIQUE if name in row}
    nothing = {name: None for name in ("once", "position") if name in row}
    return row | changed | nothing


def statement(table: str, row: Row, mark: str) -> str:
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join([mark] * len(row))
    return f"INSERT INTO {table} ({names}) VALUES ({marks}) RETURNING id"


def insert(execute: Callable[..., Any], rows: dict[str, Row], mark: str) -> None:
    case = fresh(rows["cases_case"])
    key = execute(statement("cases_case", case, mark), list(case.values())).fetchone()[0]
    for table in TABLES[1:]:
        row = fresh(rows[table]) | ({"case_id": key} if "case_id" in rows[table] else {})
        execute(statement(table, row, mark), list(row.values())).fetchone()


def sqlite_writer(until: float, done: list[int]) -> None:
    path = Path(os.environ["LINLI_DATA"]) / "linli.sqlite3"
    found = sqlite3.connect(path, timeout=20, isolation_level=None)
    found.execute("PRAGMA journal_mode=WAL")
    found.execute(f"PRAGMA synchronous={os.environ['LINLI_SQLITE_SYNCHRONOUS']}")
    rows = samples(found.execute)
    while time.perf_counter() < until:
        found.execute("BEGIN IMMEDIATE")
        insert(found.execute, rows, "?")
        found.execute("COMMIT")
        done.append(1)
    found.close()


def postgres_writer(until: float, done: list[int]) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], options="-c jit=off") as found:
        rows = samples(found.execute)
        wrapped = {
            table: {
                name: psycopg.types.json.Jsonb(value) if isinstance(value, dict | list) else value
                for name, value in row.items()
            }
            for table, row in rows.items()
        }
        found.rollback()
        while time.perf_counter() < until:
            insert(found.execute, wrapped, "%s")
            found.commit()
            done.append(1)


def main() -> None:
    """Insert for so many seconds over so many connections and print how often a second."""
    seconds, connections = float(sys.argv[1]), int(sys.argv[2])
    postgres = "DATABASE_URL" in os.environ
    writers = connections if postgres else min(connections, SQLITE_WRITERS)
    done: list[int] = []
    begun = time.perf_counter()
    target = postgres_writer if postgres else sqlite_writer
    threads = [threading.Thread(target=target, args=(begun + seconds, done)) for _ in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lasted = time.perf_counter() - begun
    json.dump({"rate": len(done) / lasted, "writers": writers}, sys.stdout)


if __name__ == "__main__":
    main()
