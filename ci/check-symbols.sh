#!/bin/sh
# ci/check-symbols.sh BUILD_DIR: a format's object has one external symbol, its reader.
set -eu
cd "$(dirname "$0")/.."

status=0
formats=$(sed -n 's/^ *X(\([a-z0-9_]*\)).*/\1/p' gates/read/reader.h)
for format in $formats; do
    symbols=$(nm -g --defined-only "$1/gates/read/$format.o" | awk '{ print $3 }' | xargs)
    [ "$symbols" = "${format}_reader" ] || {
        echo "gates/read/$format.c: should define ${format}_reader alone, defines: $symbols"
        status=1
    }
done
exit $status
