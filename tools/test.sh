#!/bin/sh
# All tests on SQLite, then on PostgreSQL acts, processes, journeys and walks; what is marked `once` (conftest.py too) runs once.
# Three at a time, for many wait for browsers and processes; each file stays with one, for what it has built is dear.
set -eu
bin=.venv/bin
export PYTHONDONTWRITEBYTECODE=1
three="-n 3 --dist loadscope --no-loadscope-reorder -p no:cacheprovider"
echo "→ tests on SQLite, browser journeys included"
env -u DATABASE_URL "$bin/pytest" $three "$@"
echo "→ tests on PostgreSQL, browser journeys included"
"$bin/python" tools/postgres.py "$bin/pytest" $three -m "not once" "$@"
