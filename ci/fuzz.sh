#!/bin/sh
# ci/fuzz.sh: runs every fuzz target for FUZZ_SECONDS (20), seeded with the fixtures.
#
# With FUZZ_RUNS=N each target gets N inputs that are the same every time: what a gate needs, whose
# verdict on a commit must not be a matter of luck. New findings come from the runs by time.
# One target per reader, one each for policies, delivery configurations, files of GitOps repositories,
# verdicts that come as files and saved evidence. Stops at a finding and names the input that shows it: make
# it a fixture. What was learnt stays in build/fuzz/corpus for the next run.
set -eu
cd "$(dirname "$0")/.."
unset MAKEFLAGS MAKELEVEL # of the make that may have called

seconds=${FUZZ_SECONDS:-20}
bound="-max_total_time=$seconds"
[ -z "${FUZZ_RUNS:-}" ] || bound="-runs=$FUZZ_RUNS -seed=1"
out=build/fuzz

compile() { # target, source, flag…
    target=$1
    source=$2
    shift 2
    # shellcheck disable=SC2086 # words
    eval "clang $(make -s $variant print-ALL_CFLAGS) \"\$@\" -fsanitize=fuzzer -o $out/fuzz_$target $source \
        $out/libgates.a $(make -s print-PKG_LIBS)"
}

# Small fixtures only: a large one says nothing more and is slow to change.
seeds() { # target, path pattern
    rm -rf "$out/seeds/$1"
    mkdir -p "$out/seeds/$1" "$out/corpus/$1"
    find fixtures gates/policies tests -type f -path "$2" -size -128 | while read -r file; do
        cp "$file" "$out/seeds/$1/$(echo "$file" | tr / _)"
    done
}

run() {
    echo "fuzz: $1, $bound"
    known="$out/corpus/$1"
    [ -z "${FUZZ_RUNS:-}" ] || known=
    # shellcheck disable=SC2086 # words
    "$out/fuzz_$1" $bound -max_len=65536 -rss_limit_mb=512 -timeout=10 \
        -artifact_prefix="$out/found-$1-" $known "$out/seeds/$1" > "$out/$1.log" 2>&1 || {
        grep -v "^#" "$out/$1.log" | tail -n 60 # without the progress
        echo "fuzz: $1 has a finding:" "$out/found-$1-"*
        return 255
    }
    echo "fuzz: $1: $(sed -n 's/^Done \([0-9]*\) runs.*/\1 inputs/p' "$out/$1.log")"
}

if [ "${1:-}" = --run ]; then
    run "$2"
    exit
fi

variant='VARIANT=fuzz CC=clang SANITIZE=address,undefined,fuzzer-no-link WERROR=-Werror'
# shellcheck disable=SC2086 # words
make -s $variant $out/libgates.a
rm -f $out/found-*

targets=$(sed -n 's/^ *X(\([a-z0-9_]*\)).*/\1/p' gates/read/reader.h)
for format in $targets; do
    compile "$format" tests/fuzz/fuzz_reader.c "-DFUZZ_READER=${format}_reader"
    seeds "$format" "fixtures/$format/*/report.*"
done
compile policy tests/fuzz/fuzz_policy.c
seeds policy '*.yml'
compile delivery tests/fuzz/fuzz_delivery.c
seeds delivery '*/deliveries/*.yml'
compile outline tests/fuzz/fuzz_outline.c
seeds outline 'tests/fuzz/outline/*'
compile gitops tests/fuzz/fuzz_gitops.c
seeds gitops 'tests/fuzz/gitops*.yaml'

# A verdict is read and written by the program, not by libgates.
# shellcheck disable=SC2086 # words
objects=$(eval "echo $(make -s $variant print-RUNNER_O)" | tr ' ' '\n' | grep '/render/\|/discover/')
# shellcheck disable=SC2086 # words
make -s $variant $objects
# shellcheck disable=SC2086
compile verdict tests/fuzz/fuzz_verdict.c $objects
seeds verdict 'tests/golden/render/*.json'
compile evidence tests/fuzz/fuzz_evidence.c runner/store/evidence_*.c runner/store/shape.c
seeds evidence 'tests/fuzz/evidence*.json'
targets="$targets policy delivery outline gitops verdict evidence"

# shellcheck disable=SC2086 # words
printf '%s\n' $targets | xargs -P "$(nproc)" -n 1 ci/fuzz.sh --run
