#!/bin/sh
# Lighthouse on a throttled phone: the resident home, the case form and a public estate page of a running demo.
# Usage: tools/lighthouse/measure.sh [http://127.0.0.1:8000]; three runs each, the median is what to quote.
set -eu
site=${1:-http://127.0.0.1:8000}
cd "$(dirname "$0")"
export PATH="$PWD/../../.venv/bin:$PATH"
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || { echo "No Chromium on this machine."; exit 1; }
[ -x node_modules/.bin/lighthouse ] || npm install --no-audit --no-fund --loglevel=error
page() { python -c "import re,sys,urllib.request as u; print(next(iter(re.findall(sys.argv[2], u.urlopen(sys.argv[1]).read().decode())), ''))" "$1" "$2"; }
community=$(page "$site/" '/c/[a-z0-9]+/')
estate=$(page "$site$community" '/e/[a-z0-9]+/')
for path in / /cases/say/ "$estate"; do
    for run in 1 2 3; do
        CHROME_PATH=$browser node_modules/.bin/lighthouse "$site$path" --quiet --output=json \
            --only-categories=performance,accessibility,best-practices \
            --chrome-flags="--headless=new --no-sandbox --disable-gpu --disable-background-networking" 2>/dev/null |
            python -c "import json,sys; d=json.load(sys.stdin); print('$path', 'run $run', {k: round(v['score'] * 100) for k, v in d['categories'].items()})"
    done
done
