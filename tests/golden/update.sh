#!/bin/sh
# tests/golden/update.sh QGATE: rewrites fixtures/<format>/<case>/expected. Review the diff like code.
set -eu

qgate=$(realpath "$1")
cd "$(dirname "$0")/../.."
formats=$("$qgate" formats | sed -n 's/^\([a-z]*\) .*/\1/p')

for format in $formats; do
    for report in fixtures/"$format"/*/report.*; do
        [ -e "$report" ] || continue
        status=0
        "$qgate" read --format "$format" "$report" > "${report%/*}/expected" || status=$?
        case $status in
        0 | 3) ;;
        *) echo "$report: exit $status" >&2 && exit 1 ;;
        esac
    done
done
git diff --stat -- fixtures
