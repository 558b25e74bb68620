#!/bin/sh
# ci/coverage.sh BUILD_DIR: runs the cmocka programs of a build made with --coverage (make coverage does
# both). They test gates/; the command line's tests are left out, they take minutes.
#
# Leaves BUILD_DIR/junit/*.xml and BUILD_DIR/cobertura.xml, which `make judge` has qgate itself judge.
# Prints how many lines and branches of each folder the tests take; fails when a test does, or when a
# folder is below its floor.
set -eu
cd "$(dirname "$0")/.."
build=$1

# Branches in per cent. An assertion is no branch: what breaks it is a mistake of ours.
floors='judge=100 measure=95 policy=95 delivery=95'

find "$build" -name '*.gcda' -delete
rm -rf "$build/junit"
mkdir "$build/junit"
status=0
JUNIT=$(cd "$build/junit" && pwd) tests/run.sh "$build" tests/golden/test_*.c tests/unit/test_*.c || status=$?

gcovr --root . --filter gates/ --exclude-lines-by-pattern '.*\bassert\(.*' \
    --cobertura "$build/cobertura.xml" --json-summary "$build/coverage.json" "$build/gates"

jq -r '.files[] | [.filename, .line_covered, .line_total, .branch_covered, .branch_total] | @tsv' \
    "$build/coverage.json" | awk -v floors="$floors" '
    function percent(part, whole) { return whole ? 100 * part / whole : 100 }
    {
        split($1, path, "/")
        folder = path[1] "/" path[2]
        if (!(folder in lines)) order[++count] = folder
        lines[folder] += $2; of_lines[folder] += $3; branches[folder] += $4; of_branches[folder] += $5
    }
    END {
        for (n = split(floors, pair, " "); n > 0; n--) {
            split(pair[n], words, "=")
            floor["gates/" words[1]] = words[2]
        }
        printf "%-18s %8s %9s\n", "", "lines", "branches"
        for (i = 1; i <= count; i++) {
            folder = order[i]
            taken = percent(branches[folder], of_branches[folder])
            low = folder in floor && taken < floor[folder]
            printf "%-18s %6.1f %% %7.1f %%%s\n", folder, percent(lines[folder], of_lines[folder]), taken,
                low ? "  below " floor[folder] " %" : ""
            failed += low
        }
        exit failed > 0
    }' || status=1
exit $status
