#!/bin/sh
# ci/check-walk.sh: docs/adding-a-format.md, walked by a script. Applies every block of the page to a copy of
# the tree, builds without a warning, writes the expected texts and runs the tests that a format has.
set -eu
cd "$(dirname "$0")/.."
unset MAKEFLAGS MAKELEVEL # of the make that may have called

page=docs/adding-a-format.md
build=build/release # taken along when it is there: only what changed is built
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    sed 's/^/    /' "$work/said"
    echo "$page: $1"
    exit 1
}

step() { # what it is, command…
    what=$1
    shift
    "$@" > "$work/said" 2>&1 || fail "the walk ends here: $what"
}

mkdir "$work/tree"
tar -cf - --exclude=./.git --exclude=./build . | tar -xf - -C "$work/tree"
[ ! -d $build ] || { mkdir "$work/tree/build" && cp -a $build "$work/tree/$build"; }
step "its blocks" ci/apply-blocks.py "$page" "$work/tree"
format=$(sed -n 's|^gates/read/\(.*\)\.c$|\1|p' "$work/said")

cd "$work/tree"
git init -q # as in a clone
mkdir "$work/expected"
for case in fixtures/"$format"/*; do
    mv "$case/expected" "$work/expected/${case##*/}"
done
# A format changes a header that nearly all files include. -O1 still warns of what is not set, in half the time.
make() { command make -s -j"$(nproc 2> /dev/null || echo 2)" WERROR=-Werror CFLAGS=-O1 "$@"; }

step "make" make all $build/tests/golden/test_reports $build/tests/golden/test_policies \
    $build/tests/unit/test_catalogue
step "make golden" make golden
step "make manual" make manual
for case in fixtures/"$format"/*; do
    step "what it expects of $case" diff "$work/expected/${case##*/}" "$case/expected"
done
step "the golden tests" $build/tests/golden/test_reports
step "the policies" $build/tests/golden/test_policies
step "the catalogue" $build/tests/unit/test_catalogue
step "the schema" env QGATE="$PWD/$build/qgate" bats tests/cli/schema.bats
step "one external symbol" ci/check-symbols.sh $build
step "the layers" ci/check-layers.sh
step "the documentation" ci/check-docs.sh $build/qgate
