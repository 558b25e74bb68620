# For bats files about git's history: `load ../support/history` after common.

export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=test GIT_AUTHOR_EMAIL=test@example.org
export GIT_COMMITTER_NAME=test GIT_COMMITTER_EMAIL=test@example.org

# ask QUESTION…: what runner/history says, in $output (tests/history/driver.c).
ask() {
    local driver="${QGATE%/*}/tests/history/driver"
    [ -x "$driver" ] || skip "make builds $driver with the tests"
    run timeout 60 "$driver" <<< "$*"
    [ "$status" -eq 0 ] || {
        echo "driver: exit $status"
        echo "$output"
        return 1
    }
}

# commit [FILE…]: all that is there, or these files.
commit() {
    git add -A -- "${@:-.}"
    git commit -q --allow-empty -m commit
}

at() {
    git rev-parse "$1"
}

# lines FILE FIRST LAST: numbered lines.
lines() {
    seq "$2" "$3" | sed 's/^/line /' > "$1"
}
