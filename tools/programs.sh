#!/bin/sh
# The programs that tests drive: Chromium, a Chinese font, poppler. Installed with apt where that is allowed; where it is not,
# the tests that need them are skipped and say so.
set -eu
missing=""
browser=""
for name in chromium-headless-shell chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null && browser=$name && break
done
[ -n "$browser" ] || missing="$missing chromium"
command -v pdftotext >/dev/null || missing="$missing poppler-utils"
fc-list 2>/dev/null | grep -qiE 'noto.*cjk|wenquanyi|source han|droid.*fallback' || missing="$missing fonts-noto-cjk"
[ -z "$missing" ] && exit 0
admin=""
[ "$(id -u)" = 0 ] || admin="sudo -n"
if command -v apt-get >/dev/null && { [ -z "$admin" ] || sudo -n true 2>/dev/null; }; then
    printf '→ installing with apt:%s\n' "$missing"
    $admin apt-get update -qq || true
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive $admin apt-get install -y -qq --no-install-recommends $missing >/dev/null || true
else
    printf '→ missing and not installable here:%s; the tests that need them will be skipped\n' "$missing"
fi
