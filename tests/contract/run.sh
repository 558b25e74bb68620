#!/bin/sh
# tests/contract/run.sh QGATE CONTRACT: every request that tests/cli/publish*.bats and gitlab_baseline.bats send
# to GitLab, and every answer of the GitLab that it talks to, checked against GitLab's own description of its
# API (CONTRACT, an OpenAPI document): prism stands between them as a proxy and refuses what does not fit.
# The three that the description leaves out, or the part of it that CONTRACT is, are in more.json, as GitLab documents
# them. Before that, a client of somebody else (client.py) has to accept the same answers.
#
# Ends with `N passed, N failed`. Servers listen on loopback and are stopped by process id.
set -eu
qgate=$(realpath "$1")
contract=$(realpath "$2" 2> /dev/null || echo "$2")
cd "$(dirname "$0")/../.."

[ -e "$contract" ] || {
    echo "no API description at $2: skipped (CONTRACT=FILE names one)"
    [ -z "${CI:-}" ] || exit 1
    exit 0
}

/usr/bin/python3 tests/contract/client.py # the system's: it is a package of the system

work=build/contract
mkdir -p $work
cmp -s tests/contract/package-lock.json $work/package-lock.json || {
    cp tests/contract/package.json tests/contract/package-lock.json $work/
    npm ci --prefix $work --ignore-scripts --no-audit --no-fund --loglevel=error
}

jq --slurpfile more tests/contract/more.json '.paths = $more[0] + .paths' "$contract" > $work/contract.json

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

GITLAB_PORT=$(free_port)
port=$(free_port)
export GITLAB_PORT GITLAB_PROXY="http://127.0.0.1:$port"
$work/node_modules/.bin/prism proxy --errors -h 127.0.0.1 -p "$port" $work/contract.json "http://127.0.0.1:$GITLAB_PORT" \
    > $work/prism.log 2>&1 &
prism=$!
trap 'kill $prism' EXIT
trap 'exit 130' INT TERM
for _ in $(seq 120); do
    grep -q 'Prism is listening' $work/prism.log && break
    kill -0 $prism || {
        cat $work/prism.log
        exit 1
    }
    sleep 0.5
done

# What the tests break on purpose (connections, statuses) is no matter of the contract: they skip themselves.
QGATE=$qgate bats tests/cli/publish*.bats tests/cli/gitlab_baseline.bats > $work/tap 2>&1 || true
grep -v '^ok' $work/tap || true
# A status that the description does not know is one of GitLab's refusals; anything else is a fault.
grep 'Violation' $work/prism.log | grep -v 'Unable to match the returned status code' > $work/violations || true
cat $work/violations
awk -v violations="$(grep -c . $work/violations)" '
    /^ok/ && !/# skip/ { passed++ }
    /^not ok/ { failed++ }
    END {
        failed += violations
        printf "%d passed, %d failed\n", passed, failed
        exit failed > 0 || passed == 0
    }
' $work/tap
