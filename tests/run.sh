#!/bin/sh
# tests/run.sh BUILD_DIR [FILE…]: runs every cmocka program and every bats file, or those named by their
# source, twice as many at a time as there are processors: many of them wait for a server or a clock.
#
# Each speaks TAP (tests/tap.awk counts). Ends with `N passed, N failed`; fails when a test did, or
# when nothing ran. With JUNIT=DIR each leaves a JUnit file there.
set -eu

# What one test file costs at most, in seconds.
PROGRAM_SECONDS=300
BATS_SECONDS=900

# $1: tests/unit/test_x.c, tests/golden/test_x.c or tests/cli/x.bats; says TAP. $2: where a JUnit file
# goes; "": nowhere.
speak() {
    case ${2:+junit:}$1 in
    junit:*.bats)
        mkdir "$2.d"
        timeout -k 5 $BATS_SECONDS bats --formatter tap --report-formatter junit --output "$2.d" "$1" &&
            spoken=0 || spoken=$?
        mv "$2.d/report.xml" "$2" && rmdir "$2.d" && return "$spoken"
        ;;
    junit:*)
        CMOCKA_MESSAGE_OUTPUT=XML CMOCKA_XML_FILE=$2 timeout -k 5 $PROGRAM_SECONDS "$build/${1%.c}" &&
            spoken=0 || spoken=$?
        awk -f tests/junit.awk "$2" && return "$spoken"
        ;;
    *.bats) timeout -k 5 $BATS_SECONDS bats --formatter tap "$1" ;;
    *) CMOCKA_MESSAGE_OUTPUT=TAP timeout -k 5 $PROGRAM_SECONDS "$build/${1%.c}" ;;
    esac
}

# Leaves what the file says and its counts.
run_file() {
    out=$results/$(echo "$1" | tr / :)
    status=0
    speak "$1" "${JUNIT:+$JUNIT/$(basename "$1").xml}" > "$out.tap" 2>&1 < /dev/null || status=$?
    awk -v name="$1" -v status=$status -v counts="$out.counts" -f tests/tap.awk "$out.tap" > "$out.sum"
    head -n 1 "$out.sum"
}

if [ "$1" = --file ]; then
    run_file "$2"
    exit
fi

cd "$(dirname "$0")/.."
build=$(cd "$1" && pwd)
shift
[ $# -gt 0 ] || set -- tests/cli/*.bats tests/golden/test_*.c tests/unit/test_*.c # the slow ones first
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
trap 'exit 130' INT TERM

# The tests may run in a pipeline, or at home: nothing of either may reach them.
for name in $(env | sed -n 's/^\(\(CI\|GITLAB\|QGATE\|GIT\)_[A-Z_]*\)=.*/\1/p'); do
    unset "$name"
done
unset CI GITLAB_CI NO_COLOR SOURCE_DATE_EPOCH
export LSAN_OPTIONS="suppressions=$PWD/tests/support/leaks.supp:print_suppressions=0"
mkdir "$results/home" "$results/bin"
# The python3 of a version manager may be a script that looks for the real one, longer than a test takes.
printf '#!/bin/sh\nexec "%s" "$@"\n' "$(python3 -c 'import sys; print(sys.executable)')" > "$results/bin/python3"
chmod +x "$results/bin/python3"
# Under sanitizers only hangs count: time and memory are theirs (tests/support/within.py).
grep -qs __asan_init "$build/qgate" && export QGATE_SANITIZED=1
export build results QGATE="$build/qgate" HOME="$results/home" PATH="$results/bin:$PATH" LC_ALL=C.UTF-8 TZ=UTC

for file; do
    [ -e "$file" ] && echo "$file"
done > "$results/files"
[ ! -s "$results/files" ] ||
    xargs -P $((2 * $(nproc 2> /dev/null || echo 1))) -n 1 tests/run.sh --file < "$results/files" || true

# What failed, in full and last: nobody should have to look for it.
while read -r file; do
    out=$results/$(echo "$file" | tr / :)
    [ -s "$out.counts" ] || echo 0 1 0 > "$out.counts"
    grep -qs '^ok ' "$out.sum" || cat "$out.sum" || echo "not ok $file: did not run"
done < "$results/files"

cat "$results"/*.counts 2> /dev/null | awk '
    { passed += $1; failed += $2; skipped += $3 }
    END {
        printf "%d passed, %d failed%s\n", passed, failed, skipped ? ", " skipped " skipped" : ""
        exit failed > 0 || passed == 0
    }'
