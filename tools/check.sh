#!/bin/sh
# The five checks, all run even where one fails, so that one look shows everything.
set -u
bin=.venv/bin
failed=""
run() { name=$1; shift; printf '→ %s\n' "$name"; "$@" || failed="$failed; $name"; }
LINLI_DATA=$(mktemp -d); export LINLI_DATA
run "floors and lines (import-linter)" "$bin/lint-imports" --no-cache
run "style (ruff)" "$bin/ruff" check --no-cache -q .
run "format (ruff)" "$bin/ruff" format --no-cache --check -q .
run "types (mypy strict)" "$bin/mypy" --no-error-summary linli linli_verify
run "templates (djlint)" "$bin/djlint" linli --lint --quiet
run "upgrades (django-upgrade)" sh -c "git ls-files '*.py' | grep -v /migrations/ | xargs $bin/django-upgrade --target-version 5.2"
run "migrations" "$bin/linli" makemigrations --check --dry-run
run "shape" "$bin/pytest" -q -p no:cacheprovider tests/test_shape.py
rm -rf "$LINLI_DATA"
if [ -n "$failed" ]; then echo "✗ failed:${failed#;}"; exit 1; fi
echo "✓ all checks hold"
