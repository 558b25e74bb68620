#!/bin/sh
# ci/lint.sh: every check that needs no run. A line each when they pass, all they said when they fail.
# shellcheck disable=SC2317 # functions are called through check()
set -eu
cd "$(dirname "$0")/.."
unset MAKEFLAGS MAKELEVEL # of the make that may have called

jobs=$(nproc 2> /dev/null || echo 2)
said=$(mktemp)
trap 'rm -f "$said"' EXIT
failed=0

check() { # name, command…
    name=$1
    shift
    started=$(date +%s)
    if "$@" > "$said" 2>&1; then
        echo "ok $name ($(($(date +%s) - started)) s)"
    else
        cat "$said"
        echo "not ok $name: $*"
        failed=1
    fi
}

c_files() {
    find gates runner tests/fuzz -name '*.c' | sort
}

# What the compiler is told about names and folders; the checkers bring their own warnings.
names=$(make -s print-ALL_CFLAGS | tr ' ' '\n' | grep '^-[DI]' | tr '\n' ' ')
export names

layout() {
    git ls-files -co --exclude-standard '*.c' '*.h' | xargs clang-format --dry-run --Werror
}

warnings() { make -s dev; }

tidy() {
    # shellcheck disable=SC2016 # $names is quoted for the shell that xargs starts
    c_files | xargs -P "$jobs" -n 4 sh -c 'eval "clang-tidy --quiet \"\$@\" -- -std=c17 -DFUZZ_READER=junit_reader $names"' tidy
}

bugs() {
    eval "cppcheck --quiet --enable=warning,performance,portability --std=c11 --inline-suppr \
        --error-exitcode=1 -j $jobs $names gates runner"
}

scripts() {
    git ls-files -co --exclude-standard ci .ci tests fixtures |
        while read -r file; do
            head -n 1 "$file" | tr -d '\000' | grep -q '^#!/bin/sh' && echo "$file"
        done | xargs shellcheck
}

spelling() {
    codespell --skip './build,./fixtures,./tests,./.git' --ignore-words-list critcal .
}

check layers ci/check-layers.sh
check 'banned functions' ci/check-banned.sh
check layout layout
check 'warnings of gcc and clang' warnings
check symbols ci/check-symbols.sh build/dev
check clang-tidy tidy
check cppcheck bugs
check shellcheck scripts
check spelling spelling
exit $failed
