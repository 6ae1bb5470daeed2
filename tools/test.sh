#!/bin/sh
# All tests on SQLite, then on PostgreSQL all but those marked `once`, whose result cannot depend on the database.
# Three at a time, for many wait for browsers and processes; each file stays with one, for what it has built is dear.
set -eu
bin=.venv/bin
unset PYTHONDONTWRITEBYTECODE  # hundreds of processes start: compiled once, they start in two thirds of the time
three="-n 3 --dist loadscope --no-loadscope-reorder -p no:cacheprovider"
echo "→ tests on SQLite, browser journeys included"
env -u DATABASE_URL "$bin/pytest" $three "$@"
echo "→ tests on PostgreSQL, browser journeys included"
"$bin/python" tools/postgres.py "$bin/pytest" $three -m "not once" "$@"
