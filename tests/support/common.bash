# For every bats file: `load ../support/common`. Each test runs in a directory of its own.

setup() {
    here=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
    : "${QGATE:=$here/build/release/qgate}"
    export SOURCE_DATE_EPOCH=1764547200 HOME="$BATS_TEST_TMPDIR" LC_ALL=C.UTF-8
    export QGATE_SITE_DIR="$BATS_TEST_TMPDIR/site" # not this machine's
    unset QGATE_FLOOR QGATE_WAIVERS
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work" || return
}

qgate() {
    timeout 60 "$QGATE" "$@"
}

# expect STATUS ARGUMENT…: run qgate, keep $output (stdout and stderr), demand the exit status.
expect() {
    local wanted=$1
    shift
    run qgate "$@"
    [ "$status" -eq "$wanted" ] || {
        echo "qgate $*: exit $status, expected $wanted"
        echo "$output"
        return 1
    }
}

# says TEXT: $output holds it.
says() {
    [[ "$output" == *"$1"* ]] || {
        echo "missing: $1"
        echo "in: $output"
        return 1
    }
}

says_not() {
    [[ "$output" != *"$1"* ]] || {
        echo "not expected: $1"
        echo "in: $output"
        return 1
    }
}

# is WANTED VALUE
is() {
    [ "$1" = "$2" ] || {
        echo "expected: $1"
        echo "found:    $2"
        return 1
    }
}

# junit FILE [PASSED [FAILED]]: a report with that many test cases.
junit() {
    awk -v passed="${2:-2}" -v failed="${3:-0}" 'BEGIN {
        print "<testsuite name=\"unit\">"
        for (i = 1; i <= passed; i++)
            printf "<testcase classname=\"shop.Fee\" name=\"passes%d\"/>\n", i
        for (i = 1; i <= failed; i++)
            printf "<testcase classname=\"shop.Fee\" name=\"fails%d\"><failure message=\"no\"/></testcase>\n", i
        print "</testsuite>"
    }' > "$1"
}

# cobertura FILE [SOURCE_FILE [HITS_OF_LINE_2]]: one file with two lines, the first covered.
cobertura() {
    cat > "$1" << END
<coverage><packages><package name="p"><classes><class name="A" filename="${2:-src/a.c}"><lines>
<line number="1" hits="1"/><line number="2" hits="${3:-0}"/></lines></class></classes></package></packages></coverage>
END
}

# policy [LINE…]: .qgate.yml with these entries of `reports:` and one rule on tests.
policy() {
    {
        echo 'version: 1'
        echo 'reports:'
        [ $# -eq 0 ] || printf '  - %s\n' "$@"
        echo 'gates:'
        echo '  - {name: unit, require: [tests.failed == 0]}'
    } > .qgate.yml
}

repository() {
    git init -q -b main .
    git config user.email test@example.org
    git config user.name test
    git commit -q --allow-empty -m first
}

# needs_terminal: skips the test where no pseudo terminal is to be had, as in a bare chroot.
needs_terminal() {
    script -qec true /dev/null > /dev/null 2>&1 < /dev/null || skip "no pseudo terminal here"
}
