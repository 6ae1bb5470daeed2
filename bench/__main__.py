"""`make bench`: measure what a street office would feel, and write docs/benchmarks.md.

Each figure is the median of alternating runs, with the lowest and highest beside it. Absolute figures belong to the
machine of the day; the ratios to bare WSGI, Django's hello, raw inserts and the page without its template do not.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.report import write

SETTINGS = "bench.settings"
DATABASES = ("sqlite-full", "sqlite-normal", "postgres")


def one(database: str, cases: int, options: argparse.Namespace, out: Path) -> None:
    """Measure one database at one size in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="linli-bench-") as folder:
        environment = {
            **os.environ,
            "LINLI_DATA": folder,
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            "LINLI_SQLITE_SYNCHRONOUS": "NORMAL" if database == "sqlite-normal" else "FULL",
        }
        if database != "postgres":
            environment.pop("DATABASE_URL", None)
        command = [
            sys.executable, "-m", "bench.measure", database, str(cases), str(options.rounds),
            str(options.seconds), str(out),
        ]  # fmt: skip
        if database == "postgres":
            command = [sys.executable, "tools/postgres.py", "--durable", *command]
        subprocess.run(command, env=environment, check=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--sizes", default="10000,1000000", help="numbers of cases")
    parser.add_argument("--databases", default=",".join(DATABASES))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3.0, help="length of one run")
    parser.add_argument("--keep", type=Path, default=Path("var/bench"), help="where raw figures go")
    options = parser.parse_args()
    options.keep.mkdir(parents=True, exist_ok=True)
    for database in options.databases.split(","):
        for size in options.sizes.split(","):
            print(f"→ {database}, {int(size):,} cases", flush=True)
            one(database, int(size), options, options.keep / f"{database}-{size}.json")
    write(options.keep, Path("docs/benchmarks.md"))


if __name__ == "__main__":
    main()
