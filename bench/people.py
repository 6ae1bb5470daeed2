"""Loading a ledger of people: its time as a ratio to the bare driver writing the same rows into the same tables.

    make bench BENCH="people --sizes 1000000"

The ledger is made and loaded as an operator would (`linli make-people`, `linli import-people`, a process of its own, so
that its memory is told). Then what it wrote is read back in lots and written into an empty copy of the database by
`executemany` (SQLite) or COPY (PostgreSQL); only that writing is timed. The search index is built after, and timed
apart; then the same file is loaded again, and once more as a later ledger. Last, people of one community are searched
for (bench/search.py), in a small register and in a large one.
"""

import argparse
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg

BEGIN, END = "<!-- people: begin -->", "<!-- people: end -->"
LOT = 50_000
TABLES = (
    "places_place", "people_person", "register_profile", "people_residency", "register_household",
    "register_householdmember",
)  # fmt: skip
DAY = "2026-03-01"


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def command(*words: str) -> dict[str, float]:
    """Run a `linli` command in a process of its own; return its seconds and the most memory it held (MB)."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "linli.config.command", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _pid, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"linli {' '.join(words)} ended with {status}")
    return {
        "seconds": time.perf_counter() - begun,
        "memory": used.ru_maxrss / 1024,
        "cpu": used.ru_utime + used.ru_stime,
    }


class Sqlite:
    """The two files: what Linli fills, and an empty copy for the bare driver."""

    def __init__(self, folder: Path) -> None:
        self.full, self.empty = folder / "linli.sqlite3", folder / "bare.sqlite3"

    def copy_empty(self) -> None:
        source, copy = sqlite3.connect(self.full), sqlite3.connect(self.empty)
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=WAL")
        source.close()
        copy.close()

    def lots(self, table: str) -> Iterator[tuple[list[str], list[tuple[Any, ...]]]]:
        cursor = sqlite3.connect(self.full).execute(f"SELECT * FROM {table} ORDER BY 1")
        names = [column[0] for column in cursor.description]
        while rows := cursor.fetchmany(LOT):
            yield names, rows

    def bare(self) -> float:
        found = sqlite3.connect(self.empty, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-65536", "foreign_keys=ON"):
            found.execute(f"PRAGMA {pragma}")
        spent = 0.0
        for table in TABLES:
            for names, rows in self.lots(table):
                marks = ", ".join("?" * len(names))
                columns = ", ".join(f'"{name}"' for name in names)
                begun = time.perf_counter()
                found.execute("BEGIN IMMEDIATE")
                found.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
                found.execute("COMMIT")
                spent += time.perf_counter() - begun
        found.close()
        return spent


class Postgres:
    """The two databases of one server."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.empty = urlunsplit(urlsplit(address)._replace(path="/bare"))
        self.name = urlsplit(address).path.strip("/")

    def copy_empty(self) -> None:
        system = urlunsplit(urlsplit(self.address)._replace(path="/template1"))
        with psycopg.connect(system, autocommit=True) as found:
            found.execute(f'CREATE DATABASE bare TEMPLATE "{self.name}"')

    def bare(self) -> float:
        spent = 0.0
        with psycopg.connect(self.address) as full, psycopg.connect(self.empty) as found:
            for table in TABLES:
                with full.cursor(name="lots") as cursor:
                    cursor.itersize = LOT
                    cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
                    while rows := cursor.fetchmany(LOT):
                        names = ", ".join(f'"{column.name}"' for column in cursor.description or ())
                        ready = [[_ready(value) for value in row] for row in rows]
                        begun = time.perf_counter()
                        with (
                            found.cursor() as writer,
                            writer.copy(f"COPY {table} ({names}) FROM STDIN") as copy,
                        ):
                            for row in ready:
                                copy.write_row(row)
                        found.commit()
                        spent += time.perf_counter() - begun
        return spent


def _ready(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def measure(count: int, engine: str, folder: Path) -> dict[str, Any]:
    """Measure one size on the database of this process's environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from linli.people.models import Person  # noqa: PLC0415
    from linli.register.actions import index_changed  # noqa: PLC0415
    from linli.register.models import Profile  # noqa: PLC0415

    call_command("migrate", verbosity=0, run_syncdb=True)
    connection.close()
    other = Postgres(os.environ["DATABASE_URL"]) if engine == "postgres" else Sqlite(folder)
    other.copy_empty()
    ledger = folder / "people.csv"
    made = command("make-people", str(count), str(ledger))
    load = ("import-people", str(ledger), "--no-index", "--stated-on")
    result: dict[str, Any] = {"engine": engine, "count": count, "make": made}
    result["first"] = command(*load, DAY)
    result["loaded"] = Person.objects.count()
    connection.close()
    result["bare"] = other.bare()
    result["ratio"] = result["first"]["seconds"] / result["bare"]
    say(f"  first {result['first']}, bare {result['bare']:.1f} s, ratio {result['ratio']:.2f}")
    result["again"] = command(*load, DAY)
    later = timezone.datetime.fromisoformat(DAY).date() + timedelta(days=1)
    result["later"] = command(*load, later.isoformat())
    assert Person.objects.count() == result["loaded"]
    assert Profile.objects.filter(confirmed_on=later).count() == result["loaded"]
    begun = time.perf_counter()
    while index_changed(timezone.now()):
        pass
    result["index"] = time.perf_counter() - begun
    from bench.search import timings  # noqa: PLC0415

    result["search"] = timings()
    say(f"  index {result['index']:.0f} s, search {result['search']}")
    return result


def section(results: list[dict[str, Any]]) -> str:
    """Return the table for docs/benchmarks.md."""
    lines = [
        "| database | people | bare driver, s | `import-people`, s | ratio | most memory, MB | same file again, s "
        "| later file, s | search index after, s |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for row in sorted(results, key=lambda row: (row["engine"] != "sqlite", row["count"])):
        memory = max(row[key]["memory"] for key in ("first", "again", "later"))
        lines.append(
            f"| {row['engine']} | {row['loaded']:,} | {row['bare']:.1f} | {row['first']['seconds']:.1f} "
            f"| {row['ratio']:.2f} | {memory:.0f} | {row['again']['seconds']:.1f} | {row['later']['seconds']:.1f} "
            f"| {row['index']:.1f} |"
        )
    lines += ["", *searched(results)]
    return "\n".join(lines)


def searched(results: list[dict[str, Any]]) -> list[str]:
    """Return the table of searches: median of the rounds' medians with the spread, in milliseconds."""
    lines = [
        "| database | people in the register | in the community | by name, ms | by address, ms | by phone tail, ms |",
        "|---|---|---|---|---|---|",
    ]
    for row in sorted(results, key=lambda row: (row["engine"] != "sqlite", row["count"])):
        found = row["search"]
        cells = [
            f"{statistics.median(found[way]):.1f} ({min(found[way]):.1f}–{max(found[way]):.1f})"
            for way in ("name", "address", "tail")
        ]
        lines.append(f"| {row['engine']} | {row['loaded']:,} | {found['people']:,} | {' | '.join(cells)} |")
    return lines


def write(keep: Path, page: Path) -> None:
    """Put the table between its marks of the page; what is written around them stays."""
    results = [json.loads(path.read_text()) for path in sorted(keep.glob("people-*.json"))]
    text = f"{BEGIN}\n{section(results)}\n{END}"
    old = page.read_text() if page.exists() else ""
    if BEGIN not in old:
        old = f"{old.rstrip()}\n\n## Loading a ledger of people\n\n{BEGIN}\n{END}\n"
    head, _begin, rest = old.partition(BEGIN)
    page.write_text(head + text + rest.partition(END)[2])


def main(words: list[str]) -> None:
    """Measure each size on each database, in processes of their own, and renew the page."""
    parser = argparse.ArgumentParser(prog='make bench BENCH="people …"', description=__doc__)
    parser.add_argument("--sizes", default="10000,1000000", help="numbers of people")
    parser.add_argument("--databases", default="sqlite,postgres")
    parser.add_argument("--keep", type=Path, default=Path("var/bench/people"))
    parser.add_argument("--scratch", type=Path)
    parser.add_argument("--report", type=Path, default=Path("docs/benchmarks.md"))
    parser.add_argument("--here", default="", help=argparse.SUPPRESS)  # measure in this process
    options = parser.parse_args(words)
    options.keep.mkdir(parents=True, exist_ok=True)
    if options.here:
        result = measure(int(options.sizes), options.here, Path(os.environ["LINLI_DATA"]))
        name = f"people-{options.here}-{options.sizes}.json"
        (options.keep / name).write_text(json.dumps(result, ensure_ascii=False))
        return
    for engine in options.databases.split(","):
        for size in options.sizes.split(","):
            say(f"→ {engine}, {int(size):,} people")
            _apart(engine, size, options)
    write(options.keep, options.report)


def _apart(engine: str, size: str, options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory(prefix="linli-people-", dir=options.scratch) as folder:
        settings = os.environ.get("DJANGO_SETTINGS_MODULE", "bench.settings")
        environment = {**os.environ, "LINLI_DATA": folder, "DJANGO_SETTINGS_MODULE": settings}
        run = [
            sys.executable,
            "-m",
            "bench.people",
            "--here",
            engine,
            "--sizes",
            size,
            "--keep",
            str(options.keep),
        ]
        if engine == "postgres":
            run = [sys.executable, "tools/postgres.py", "--durable", *run]
        else:
            environment.pop("DATABASE_URL", None)
        subprocess.run(run, env=environment, check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
