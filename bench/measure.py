"""Measure one database at one size: fill it, then let what is measured take turns, round after round."""

import argparse
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench import fill, pages, world  # noqa: E402
from bench.load import MADE, SERIAL  # noqa: E402
from bench.server import Server, cpu_seconds, stat  # noqa: E402
from linli.cases.models import Case  # noqa: E402
from linli.insights import actions as insights  # noqa: E402

CONNECTIONS = 16
THREADS_ON_POSTGRESQL = 4  # as linli/base/management/commands/serve.py
SEARCHED = 400  # different numbers that are searched for
WARMING = 0.7  # seconds before the first round, so that nobody's first time is counted
DAYS_AT_ONCE = 90
Outcome = dict[str, float]


@dataclass
class Target:
    """One line of the table and how to run it for some seconds."""

    key: str
    run: Callable[[float], Outcome]


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


@contextmanager
def timed(words: str) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    say(f"  {words}: {time.perf_counter() - begun:.0f} s")


def prepare(cases: int) -> world.World:
    """Make the database: the tables, the street by actions, its years by copying, the tallies by their job."""
    call_command("migrate", "--no-input", verbosity=0)
    call_command("collectstatic", "--no-input", verbosity=0)
    hurry()
    with timed("a street of ten communities, by actions"), transaction.atomic():
        made = world.build(timezone.now())
    fill.multiply(cases, [case.pk for case in made.over], [case.pk for case in made.running])
    with timed("tallies of all years"):
        tally_all()
    fill.settle()
    connection.close()
    return made


def hurry() -> None:
    """Let this connection write without care while the database is made: nobody relies on it yet."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for pragma in ("journal_mode=MEMORY", "synchronous=OFF", "cache_size=-1000000"):
                cursor.execute(f"PRAGMA {pragma}")
        else:
            cursor.execute("SET synchronous_commit TO off")


def tally_all() -> None:
    """Count every day anew, a quarter at a time, as `linli.insights.jobs` does for the last weeks."""
    first, today = timezone.localdate(Case.objects.earliest("filed_at").filed_at), timezone.localdate()
    while first <= today:
        insights.tally(first, min(first + timedelta(days=DAYS_AT_ONCE - 1), today))
        first += timedelta(days=DAYS_AT_ONCE)


def numbers_of_all_years(made: world.World) -> list[str]:
    """Return numbers of cases, community after community in turn, drawn evenly over the ids."""
    draw = random.Random(SEARCHED)
    newest = Case.objects.latest("id").pk
    found = []
    for index in range(SEARCHED):
        community = made.communities[index % len(made.communities)].place
        cases = Case.objects.filter(community=community, pk__gte=draw.randint(1, newest)).order_by(
            "community", "id"
        )
        found.append((cases.first() or Case.objects.filter(community=community).latest("id")).number)
    return found


class Bench:
    """The servers of one database, and the targets that take turns on them."""

    def __init__(self, database: str, made: world.World) -> None:
        self.environment = {}
        if database.startswith("sqlite"):
            self.environment["LINLI_SQLITE_SYNCHRONOUS"] = database.removeprefix("sqlite-").upper()
        threads = THREADS_ON_POSTGRESQL if connection.vendor == "postgresql" else 1
        self.linli = Server("linli.config.wsgi:application", self.environment, threads=threads)
        self.bare = Server("bench.bare:application", self.environment, threads=threads)
        self.database_process = postmaster()
        self.made, self.numbers = made, numbers_of_all_years(made)
        self.bad: set[str] = set()

    def targets(self) -> list[Target]:
        made = self.made
        found = [
            self.on(self.bare, "wsgi", [[pages.get("/")]]),
            self.on(self.linli, "hello", [[pages.get("/bench/hello/")]]),
            Target("insert", self.insert),
            self.on(self.linli, "create", pages.create_scripts(made)),
            self.on(self.linli, "lifecycle", pages.lifecycle_scripts(made, self.numbers)),
            self.on(self.linli, "search", pages.search_scripts(made, self.numbers)),
            self.on(self.linli, "words", pages.word_scripts(made)),
        ]
        for page in pages.PAGES:
            found.append(self.on(self.linli, page.key, pages.page_scripts(made, page)))
            found.append(self.on(self.linli, f"{page.key}-plain", pages.page_scripts(made, page, plain=True)))
        return found

    def on(self, server: Server, key: str, scripts: list[pages.Script]) -> Target:
        return Target(key, lambda seconds: self.load(server, scripts, seconds))

    def load(self, server: Server, scripts: list[pages.Script], seconds: float) -> Outcome:
        """Drive the server and return rates, times in milliseconds, and the CPU time that each pass took."""
        plan = {"port": server.port, "connections": CONNECTIONS, "seconds": seconds, "scripts": scripts}
        before, database_before = server.cpu(), self.database_cpu()
        run = self.child("bench.load", json.dumps(plan))
        used, database_used = server.cpu() - before, self.database_cpu() - database_before
        self.bad |= set(run["bad"])
        count = max(run["requests"], 1)
        return {
            "rate": run["requests"] / run["seconds"], "p50": run["p50"], "p99": run["p99"],
            "cpu": used * 1000 / count, "database_cpu": database_used * 1000 / count, "errors": run["errors"],
        }  # fmt: skip

    def insert(self, seconds: float) -> Outcome:
        return self.child("bench.raw", "", str(seconds), str(CONNECTIONS))

    def child(self, module: str, given: str, *words: str) -> dict:
        environment = {**os.environ, **self.environment}
        command = [sys.executable, "-m", module, *words]
        answer = subprocess.run(
            command, input=given, capture_output=True, text=True, env=environment, check=False
        )
        if answer.returncode:
            raise SystemExit(f"{module}: {answer.stderr}")
        return json.loads(answer.stdout)

    def database_cpu(self) -> float:
        return cpu_seconds(self.database_process) if self.database_process else 0.0

    def stop(self) -> None:
        self.linli.stop()
        self.bare.stop()


def postmaster() -> int:
    """Return the process of the PostgreSQL server, 0 where there is none on this machine."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        words = stat(cursor.fetchone()[0])
    return int(words[1]) if words else 0


def queries_of(made: world.World, numbers: list[str]) -> dict[str, int]:
    """Return how many statements each page, errand and search sends to the database."""
    scripts = {page.key: pages.page_scripts(made, page)[0] for page in pages.PAGES}
    scripts |= {
        "create": pages.create_scripts(made)[0],
        "lifecycle": pages.lifecycle_scripts(made, numbers)[0],
        "search": pages.search_scripts(made, numbers)[0],
        "words": pages.word_scripts(made)[0],
    }
    return {key: count_queries(script) for key, script in scripts.items()}


def count_queries(script: pages.Script) -> int:
    """Run a script in this process and count its statements, those of the frame around a transaction left out."""
    made = ""
    with CaptureQueriesContext(connection) as caught:
        for request in script:
            path = str(request["path"]).replace(MADE, made)
            headers = {"Cookie": request["cookie"]} | {"X-CSRFToken": pages.CSRF}
            client = Client(headers=headers)
            if request.get("method") == "POST":
                body = str(request["body"]).replace(SERIAL, "0" * 12)
                answer = client.generic("POST", path, body, "application/x-www-form-urlencoded")
            else:
                answer = client.get(path)
            assert answer.status_code == request.get("expect", 200), (path, answer.status_code)
            made = made or answer.headers.get("Location", "").partition("/cases/")[2][:12]
    frame = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return sum(not query["sql"].startswith(frame) for query in caught.captured_queries)


def alternate(
    benches: dict[str, Bench], rounds: int, seconds: float
) -> dict[str, dict[str, dict[str, list[float]]]]:
    """Let all targets of all databases take turns, `rounds` times, and keep every outcome."""
    runs: dict[str, dict[str, dict[str, list[float]]]] = {name: {} for name in benches}
    targets = {name: bench.targets() for name, bench in benches.items()}
    for found in targets.values():
        for target in found:
            target.run(WARMING)
    for number in range(rounds):
        for name, found in targets.items():
            for target in found:
                for key, value in target.run(seconds).items():
                    runs[name].setdefault(target.key, {}).setdefault(key, []).append(value)
            say(f"  round {number + 1} of {rounds} on {name}")
    return runs


def size_of_database() -> float:
    """Return gigabytes on disk."""
    if connection.vendor == "sqlite":
        return Path(connection.settings_dict["NAME"]).stat().st_size / 1e9
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return cursor.fetchone()[0] / 1e9


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("databases")
    parser.add_argument("cases", type=int)
    parser.add_argument("rounds", type=int)
    parser.add_argument("seconds", type=float)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    begun = time.perf_counter()
    made = prepare(options.cases)
    settings.ALLOWED_HOSTS = ["*"]  # of this process alone, in which queries are counted
    queries = queries_of(made, numbers_of_all_years(made))
    benches = {name: Bench(name, made) for name in options.databases.split(",")}
    prepared = time.perf_counter() - begun
    try:
        runs = alternate(benches, options.rounds, options.seconds)
    finally:
        for bench in benches.values():
            bench.stop()
    for name, bench in benches.items():
        if bench.bad:
            say(f"  not as expected on {name}: {sorted(bench.bad)}")
        result = {
            "database": name, "cases": options.cases, "rounds": options.rounds, "seconds": options.seconds,
            "titles": pages.TITLES, "queries": queries, "runs": runs[name], "prepared": prepared,
            "gigabytes": size_of_database(), "bad": sorted(bench.bad),
        }  # fmt: skip
        (options.out / f"{name}-{options.cases}.json").write_text(json.dumps(result, ensure_ascii=False))


if __name__ == "__main__":
    main()
