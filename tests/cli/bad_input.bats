#!/usr/bin/env bats
# Bad input (tests/support/hostile.py): answered within 10 s of CPU and 256 MB (tests/support/within.py), with
# the position where there is one; never a crash, a hang, a partial number or a pass. The other reports
# are still read and shown.

load ../support/common

# The input of that name, as the file `bad`.
hostile() {
    python3 "$here/tests/support/hostile.py" "$1" > bad
}

# within STATUS ARGUMENT…: as expect, and within the limits.
within() {
    local wanted=$1
    shift
    run python3 "$here/tests/support/within.py" "$QGATE" "$@"
    [ "$status" -eq "$wanted" ] || {
        echo "qgate $*: exit $status, expected $wanted"
        echo "${output:0:4000}"
        return 1
    }
}

# that FILE FILTER: the JSON file is as the jq filter says.
that() {
    jq -e "$2" "$1" > /dev/null || {
        echo "not so: $2"
        head -c 4000 "$1"
        return 1
    }
}

rule_of() {
    case $1 in
    cobertura) echo 'coverage.lines >= 0.1%' ;;
    junit) echo 'tests.failed{report="bad"} == 0' ;;
    sonarqube) echo 'sonar.quality_gate == OK' ;;
    trivy) echo 'vulnerabilities.critical == 0' ;;
    jmeter) echo 'load.error_rate < 1%' ;;
    esac
}

# A policy over a good report and the file `bad` of that format.
judge_beside_a_good_one() {
    junit good.xml 3
    cat > .qgate.yml << END
version: 1
reports:
  - {format: junit, path: good.xml, name: good}
  - {format: $1, path: bad, name: bad}
gates:
  - {name: good, require: ['tests.failed{report="good"} == 0']}
  - {name: bad, require: ['$(rule_of "$1")']}
outputs: [{format: json, path: verdict.json}]
END
}

# refused NAME FORMAT LINE TEXT: both `read` and `check` refuse it; LINE is null where there is none.
refused() {
    hostile "$1"
    within 3 read --format "$2" --json bad
    says "$4"
    echo "$output" > answer.json
    that answer.json "keys == [\"error\", \"path\"] and .error.line == $3"

    judge_beside_a_good_one "$2"
    within 3 check
    says "bad"
    says "$4"
    that verdict.json '.outcome == "error" and .exit_status == 3
        and .gates[0].outcome == "passed" and .gates[0].rules[0].value.whole == 3
        and .gates[1].outcome == "error" and .gates[1].rules[0].value == null
        and ([.reports[] | select(.name == "bad")][0]
            | .whole == false and .files[0].state == "broken" and .files[0].error.line == '"$3)"
    rm -f bad
}

# read_well NAME FORMAT STATUS FILTER: what `read` answers is as the jq filter says, `check` judges it.
read_well() {
    hostile "$1"
    within 0 read --format "$2" --json bad
    echo "$output" > answer.json
    that answer.json "$4"
    within 0 read --json bad
    judge_beside_a_good_one "$2"
    within "$3" check
    that verdict.json '.gates[0].outcome == "passed" and .gates[1].rules[0].value != null
        and all(.reports[]; .whole)'
}

@test "empty" {
    for format in cobertura junit sonarqube trivy jmeter; do
        refused empty $format 1 "the file is empty"
    done
    hostile empty
    within 3 read bad
}

@test "truncated" {
    refused truncated-cobertura cobertura 7 "<lines> of line 4 is not closed"
    refused truncated-junit junit 6 "<testsuite> of line 3 is not closed"
    refused truncated-sonarqube sonarqube 5 "ends in the middle"
    refused truncated-trivy trivy 10 "ends in the middle"
    refused truncated-jmeter jmeter 3 "row has 2 fields"
}

@test "mislabelled" {
    refused good-junit cobertura 2 "not a Cobertura report: the root element is <testsuites>"
    refused good-cobertura junit 2 "not a JUnit report: the root element is <coverage>"
    refused good-junit jmeter 2 "not a JMeter report"
    refused good-trivy cobertura 1 "not XML"
    refused good-junit trivy 1 "not JSON"
    refused good-trivy sonarqube null "not an answer of SonarQube"
    refused good-jmeter trivy 1 "not JSON"
    refused good-jmeter junit 1 "not XML"
    refused html-page junit 2 "the root element is <html>"
    refused plain-text jmeter 1 "does not name the columns"
    refused plain-text sonarqube 1 "not JSON"
}

@test "of no format that is known" {
    for name in html-page plain-text binary; do
        hostile $name
        within 3 read bad
        says "not a report of a format that qgate knows"
        within 3 check bad
    done
}

@test "binary" {
    refused binary cobertura null "more than 1 % of its bytes"
    refused binary junit null "more than 1 % of its bytes"
    refused binary-in-xml junit null "more than 1 % of its bytes"
    refused binary trivy 1 "not JSON"
    refused binary sonarqube 1 "not JSON"
    refused binary jmeter 1 "does not name the columns"
}

@test "NUL bytes" {
    read_well nul-bytes-xml junit 0 '.measures["tests.total"] == 2 and (.warnings | length) == 1'
    refused nul-bytes-json trivy 10 "not JSON"
    refused nul-bytes-csv jmeter 3 "elapsed is not a number"
}

@test "UTF-16: XML with a byte order mark is read" {
    read_well utf-16-xml cobertura 0 '.measures["coverage.lines"] == 50'
    read_well utf-16-big-xml junit 0 '.measures["tests.total"] == 2'
    hostile utf-16-unmarked-xml
    within 3 read --format cobertura bad
}

@test "UTF-16: JSON and CSV are refused with a hint" {
    for mark in "" -unmarked; do
        refused utf-16$mark-json trivy 1 "UTF-16"
        refused utf-16$mark-json sonarqube 1 "UTF-16"
        refused utf-16$mark-csv jmeter 1 "UTF-16"
    done
}

@test "an attribute, a comment or a name of 30 MB" {
    refused attribute-30-mb cobertura 3 "more than 16 MiB without a complete element"
    refused comment-30-mb junit 3 "more than 16 MiB without a complete element"
    refused name-30-mb junit 3 "more than 16 MiB without a complete element"
}

@test "a CDATA section of 100 MB" {
    refused cdata-100-mb junit 3 "CDATA section of more than 64 MiB"
}

@test "200,000 attributes" {
    refused attributes-200000 cobertura 3 "more than 4096 attributes"
}

@test "200,000 levels" {
    refused levels-200000-xml junit 3 "nested more than 512 deep"
    refused levels-200000-json trivy 2 "more than 512 levels"
}

@test "2 million element names" {
    refused names-2000000 cobertura 3 "more than 20000 different names"
}

@test "entity and attribute-default bombs, external entities: nothing may be declared" {
    refused entity-bomb junit 3 "DOCTYPE declares"
    refused attribute-default-bomb junit 3 "DOCTYPE declares"
    refused external-entity cobertura 3 "DOCTYPE declares"
    says_not "root:"
    refused parameter-entity cobertura 3 "DOCTYPE declares"
    read_well external-subset cobertura 0 '.measures["coverage.lines"] == 50'
}

@test "a JSON string and a JSON number of 50 MB" {
    refused string-50-mb trivy 2 "more than 16 MiB"
    refused number-50-mb trivy 2 "more than 16 MiB"
}

@test "keys that decide, given twice" {
    refused duplicate-keys trivy 11 "Severity stands twice"
    refused duplicate-results trivy 5 "Results stands twice"
}

@test "a CSV row of 100 MB" {
    refused row-100-mb jmeter 5 "a row has more than"
    refused header-100-mb jmeter 1 "a row has more than"
}

@test "a quote that is never closed swallows no rows" {
    refused quote-never-closed jmeter 5 "never closed"
}

@test "line 4294967295 is left out and said" {
    read_well line-4294967295 cobertura 0 '.measures["coverage.lines_valid"] == 1 and (.warnings | length) == 1'
}

@test "3 million scattered line numbers" {
    refused lines-3000000 cobertura 20976 "more than 4096 pages"
    refused files-3000000 cobertura 200004 "more than 200000 source files"
}

@test "an elapsed of 4e9 ms, and two million different ones" {
    read_well elapsed-4000000000 jmeter 0 '.measures["load.max"] == 4000000000 and .measures["load.samples"] == 4'
    read_well elapsed-scattered jmeter 0 '.measures["load.samples"] == 2000003'
}

@test "a million labels, a million suites" {
    refused labels-1000000 jmeter 10004 "more than 10000 labels"
    refused suites-1000000 junit 100003 "more than 100000 test suites"
}

@test "names and messages have a ceiling too, together" {
    for input in failures:junit findings:trivy; do
        hostile ${input%:*}-long
        within 3 read --format ${input#*:} bad
        says "MiB of names, messages and numbers"
        judge_beside_a_good_one ${input#*:}
        within 3 check
        says "MiB of names, messages and numbers"
    done
}

@test "control characters of a report never reach the output" {
    hostile escapes
    within 0 read bad
    within 0 read --json bad
    judge_beside_a_good_one junit
    within 1 check --verbose --color never
    for text in $'\033' $'\007' $'\u009b' $'\u202e' $'\u2028' $'\nqgate: passed'; do
        says_not "$text"
        ! grep -qF "$text" verdict.json || [ "$text" = $'\nqgate: passed' ]
    done
}

@test "control characters of a file's name never reach the output" {
    name=$'a\033[2J\n\npassed\x07\u202e.xml'
    junit "$name" 1 1
    within 0 read "$name" "$name"
    ! [[ "$output" =~ $'\033'|$'\007'|$'\u202e'|$'\n'passed ]]
    : > "$name"
    within 3 read "$name"
    ! [[ "$output" =~ $'\033'|$'\007'|$'\u202e'|$'\n'passed ]]
    policy '{format: junit, path: "*.xml"}'
    within 3 check --verbose
    ! [[ "$output" =~ $'\033'|$'\007'|$'\u202e'|$'\n'passed ]]
}

@test "a directory, a FIFO, a socket and devices" {
    mkdir folder
    mkfifo fifo
    python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket")'
    for path in folder fifo socket /dev/zero /dev/null /dev/full; do
        within 3 read "$path"
        within 3 check "$path"
    done
    for path in folder fifo socket; do
        rm -rf bad
        ln -s $path bad
        judge_beside_a_good_one junit
        within 3 check
        says "bad"
        that verdict.json '.gates[0].outcome == "passed" and .gates[1].outcome == "error"'
    done
}

@test "endless input" {
    for format in cobertura junit sonarqube trivy jmeter; do
        within 3 read --format $format - < /dev/zero
    done
    within 3 read - < /dev/zero
}

@test "a symbolic link out of the repository" {
    junit ../outside.xml
    ln -s ../outside.xml bad
    judge_beside_a_good_one junit
    within 3 check
    says "leads out of the repository"
    that verdict.json '.gates[0].outcome == "passed" and .gates[1].outcome == "error"'
    junit inside.xml
    ln -sf inside.xml bad
    within 0 check
    ln -sf bad bad
    within 3 check
}

@test "a file that grows while it is read" {
    {
        echo '<testsuite name="s">'
        yes '<testcase name="t"/>' | head -n 500000
        echo '</testsuite>'
    } > bad
    judge_beside_a_good_one junit
    touch growing
    while [ -e growing ]; do echo; done >> bad 3>&- &
    for _ in {1..50}; do # until it was written to between the first look and the last
        run qgate check
        [ "$status" -eq 0 ] || break
    done
    rm growing
    wait $!
    [ "$status" -eq 3 ]
    says "changed while it was read"
    within 0 check
}

@test "a path that disappears" {
    junit good.xml 3
    ln -s nowhere gone.xml
    policy '{format: junit, path: "*.xml"}'
    within 2 check
    says "gone.xml"
    touch flickering
    while [ -e flickering ]; do junit flickering.xml; rm flickering.xml; done 3>&- &
    for _ in {1..50}; do
        run qgate check --quiet
        [ "$status" -eq 2 ] || [ "$status" -eq 3 ]
    done
    rm flickering
    wait $!
}

@test "a working directory that disappeared" {
    mkdir ../gone
    cd ../gone
    rmdir ../gone
    run timeout 60 "$QGATE" check
    [ "$status" -ge 2 ] && [ "$status" -le 4 ]
}

@test "a file that may not be read" {
    if [ "$(id -u)" -eq 0 ]; then # who may read everything, unless that is taken away
        printf '#!/bin/sh\nexec setpriv --bounding-set=-dac_override,-dac_read_search "%s" "$@"\n' "$QGATE" \
            > "$BATS_TEST_TMPDIR/plain"
        chmod +x "$BATS_TEST_TMPDIR/plain"
        QGATE=$BATS_TEST_TMPDIR/plain
    fi
    hostile good-junit
    chmod 000 bad
    judge_beside_a_good_one junit
    within 3 check
    says "cannot be opened"
    within 3 read bad
}

@test "10,000 files, one of them broken" {
    mkdir many
    for i in {1..9998}; do echo "<testsuite name='s$i'><testcase name='t'/></testsuite>" > many/$i.xml; done
    echo '<testsuite>' > bad
    judge_beside_a_good_one junit
    sed -i 's|^gates:|  - {format: junit, path: "many/*.xml", name: many}\ngates:\n  - {name: many, require: ['"'"'tests.total{report="many"} == 9998'"'"']}|' .qgate.yml
    within 3 check --quiet
    that verdict.json '[.gates[].outcome] == ["passed", "passed", "error"]'
}
