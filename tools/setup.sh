#!/bin/sh
# Set up what `make demo` (run) or `make test` and `make check` (dev) need. Packages come by lock file; nothing else is fetched.
set -eu
kind=$1
python=$2
venv=.venv
say() { printf '→ %s\n' "$*"; }

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Linli needs Python 3.11 or newer; name one: make PYTHON=python3.11 …"; exit 1; }

if [ ! -x "$venv/bin/python" ]; then
    say "making the virtual environment $venv with $("$python" --version)"
    if ! "$python" -m venv "$venv" 2>"$venv.log"; then
        rm -rf "$venv"
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
            say "Python's venv module is missing: installing python3-venv"
            apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
            "$python" -m venv "$venv"
        else
            cat "$venv.log"; echo "Install your system's python3-venv package, then run this again."; exit 1
        fi
    fi
    rm -f "$venv.log"
fi

say "installing Python packages ($kind) by lock file"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "locks/$kind.txt"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .

npm=npm
if ! command -v npm >/dev/null 2>&1; then
    npm="$venv/bin/npm"
    if [ ! -x "$npm" ]; then
        say "no npm on this machine: installing one into $venv (some 200 MB, once)"
        "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r locks/node.txt
    fi
    PATH="$(pwd)/$venv/bin:$PATH"
fi
if [ "$kind" = dev ]; then
    say "installing browser packages (htmx, Bootstrap, axe-core, html-validate) by lock file"
    "$npm" ci --no-audit --no-fund --loglevel=error
else
    say "installing browser packages (htmx, Bootstrap) by lock file"
    "$npm" ci --omit=dev --no-audit --no-fund --loglevel=error
fi
"$venv/bin/python" tools/vendor.py
"$venv/bin/python" tools/catalogue.py --compile
touch "$venv/.run"
[ "$kind" = run ] || touch "$venv/.dev"
