#!/bin/sh
# All tests, first on SQLite, then on PostgreSQL. Tests whose result cannot depend on the database (marked `once`) run once.
set -eu
bin=.venv/bin
export PYTHONDONTWRITEBYTECODE=1
echo "→ tests on SQLite, browser journeys included"
env -u DATABASE_URL "$bin/pytest" -n 2 --dist worksteal -p no:cacheprovider "$@"
echo "→ tests on PostgreSQL, browser journeys included"
"$bin/python" tools/postgres.py "$bin/pytest" -n 2 --dist worksteal -p no:cacheprovider -m "not once" "$@"
