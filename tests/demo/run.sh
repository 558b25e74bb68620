#!/bin/sh
# tests/demo/run.sh QGATE: judges the reports of a small service, once passing and once failing, in a
# temporary copy, and says what to look at. Fails when the verdicts are not those.
set -eu

qgate=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
demo=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# The demo may run in a pipeline: what it judges is no commit of that.
for name in $(env | sed -n 's/^\(\(CI\|GITLAB\|QGATE\|GIT\)_[A-Z_]*\)=.*/\1/p'); do
    unset "$name"
done
unset CI GITLAB_CI

# $1: the set of reports, $2: the expected exit status
judge() {
    mkdir -p "$work/$1/build"
    cp "$demo/policy.yml" "$work/$1/.qgate.yml"
    cp "$demo/$1"/* "$work/$1/build"
    cd "$work/$1"
    status=0
    echo '$ ls build'
    (cd build && echo ./*)
    echo '$ qgate check'
    "$qgate" check || status=$?
    echo '$ echo $?'
    echo "$status"
    [ "$status" -eq "$2" ] || {
        echo "the demo expected exit status $2" >&2
        exit 1
    }
}

echo "== 1. Five reports of a build that is good enough (tests/demo/passing, tests/demo/policy.yml)"
echo
judge passing 0
echo
echo "Look at: one line for each gate, the exit status 0 that lets the pipeline go on."
echo
echo "== 2. The same service after a bad change (tests/demo/failing)"
echo
judge failing 1
echo
echo "Look at: what failed comes first, with the tests, files and packages to look at, and the smallest"
echo "thing that makes each rule pass; what passed is one line; the verdict stands last, where a job"
echo "log is open. The exit status 1 stops the pipeline."
echo "The same verdict for programs: build/qgate.json ($(wc -l < build/qgate.json) lines, qgate schema verdict)."
