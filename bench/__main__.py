"""`make bench`: measure what a street office would feel, and write docs/benchmarks.md.

Each figure is the median of alternating runs, with the lowest and highest beside it. Absolute figures belong to the
machine of the day; the ratios to bare WSGI, Django's hello, raw inserts and the page without its template do not.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import people
from bench.report import write

SETTINGS = "bench.settings"
ENGINES = {"sqlite": "sqlite-full,sqlite-normal", "postgres": "postgres"}


def one(engine: str, cases: int, options: argparse.Namespace) -> None:
    """Measure one engine at one size in a process of its own; both settings of SQLite share a file and take turns."""
    with tempfile.TemporaryDirectory(prefix="linli-bench-", dir=options.scratch) as folder:
        environment = {**os.environ, "LINLI_DATA": folder, "DJANGO_SETTINGS_MODULE": SETTINGS}
        if engine != "postgres":
            environment.pop("DATABASE_URL", None)
        command = [sys.executable, "-m", "bench.measure", ENGINES[engine], str(cases)]
        command += [str(options.rounds), str(options.seconds), str(options.keep)]
        if engine == "postgres":
            command = [sys.executable, "tools/postgres.py", "--durable", *command]
        subprocess.run(command, env=environment, check=True)


def main() -> None:
    if sys.argv[1:2] == ["people"]:
        people.main(sys.argv[2:])
        return
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--sizes", default="10000,1000000", help="numbers of cases")
    parser.add_argument("--databases", default=",".join(ENGINES), help="of " + ", ".join(ENGINES))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3.0, help="length of one run")
    parser.add_argument("--keep", type=Path, default=Path("var/bench"), help="where raw figures go")
    parser.add_argument(
        "--scratch", type=Path, help="where the databases are made (some 20 GB for a million)"
    )
    parser.add_argument(
        "--report", type=Path, default=Path("docs/benchmarks.md"), help="the page whose table is renewed"
    )
    options = parser.parse_args()
    options.keep.mkdir(parents=True, exist_ok=True)
    for engine in options.databases.split(","):
        for size in options.sizes.split(","):
            begun = time.perf_counter()
            print(f"→ {engine}, {int(size):,} cases", flush=True)
            one(engine, int(size), options)
            print(f"  {(time.perf_counter() - begun) / 60:.0f} minutes", flush=True)
    write(options.keep, options.report)
    words = ["--databases", options.databases, "--sizes", options.sizes.split(",")[-1]]
    words += ["--keep", str(options.keep / "people"), "--report", str(options.report)]
    people.main(words + (["--scratch", str(options.scratch)] if options.scratch else []))


if __name__ == "__main__":
    main()
