#!/usr/bin/env bats
# `qgate explain`: measures, rules and saved verdicts in words.

load ../support/common

@test "without an argument: what can be explained" {
    expect 0 explain
    says "qgate explain MEASURE"
    says "qgate explain 'RULE'"
    says "qgate explain VERDICT.json"
}

@test "a measure: meaning, unit, better, labels, formats, how to improve it, examples" {
    expect 0 explain coverage.lines
    says "the share of coverable lines that a test runs"
    says "per cent"
    says "better    more"
    says "labels    path, report, format, component"
    says "formats   cobertura"
    says "improve   write tests that run the lines"
    says "example   coverage.lines >= 80%"
    says "at least 80 % of the coverable lines are run by a test"
    expect 0 explain vulnerabilities.critical
    says 'short for vulnerabilities{severity="critical"}'
    expect 0 explain 'load.p*'
    says "load.p95 <= 800ms"
    expect 0 explain load.p99.9
    says "load.p99.9 <= 800ms"
}

@test "every example of every measure loads" {
    local count=0 id rule
    for id in $("$QGATE" measures | cut -d ' ' -f 1); do
        while IFS= read -r rule; do
            qgate explain "$rule" > said || { echo "$id: $rule"; false; }
            count=$((count + 1))
        done < <(COLUMNS=1000 "$QGATE" explain "$id" | sed -n 's/^  example   //p; s/^            \([^ ]\)/\1/p' |
            grep -E '[<>=]')
    done
    [ "$count" -gt 60 ]
}

@test "a rule in words" {
    expect 0 explain 'new(coverage.lines) >= 90%'
    says "at least 90 % of the coverable lines that this change adds or modifies are run by a test"
    expect 0 explain 'vulnerabilities{severity="critical"} == 0'
    says "no known vulnerability of severity critical is found"
    says "- 'vulnerabilities{severity=\"critical\"} == 0'"
}

@test "a rule on a measure of a later version: this version cannot judge it" {
    for rule in 'metric.bytes <= 9' 'any: [gates.adoption >= 1%, tests.total >= 5]'; do
        expect 0 explain "$rule"
        says "cannot judge it yet"
    done
    for rule in 'coverage.lines >= 90%' 'new(coverage.lines) >= 90%' 'diff.lines <= 400' \
        'delta(tests.flaky) <= 0' 'growth(load.p95) <= 10%' 'new(tests.failed) == 0' \
        'waivers.used <= 3' '{any: [new(coverage.branches) >= 90%, tests.total >= 5]}'; do
        expect 0 explain "$rule"
        says_not "cannot judge"
    done
}

@test "the size of a change comes from git, and no report's label goes with it" {
    expect 0 explain diff.lines
    says "labels    path, component"
    says "formats   git"
    says "example   diff.lines <= 400"
    expect 0 measures diff.files
    says "  labels    path component"
    says_not "cannot judge"
    expect 4 explain 'diff.lines{report="unit"} <= 400'
    says "diff.lines has no label 'report'; it has path component"
}

@test "a rule with its keys" {
    expect 0 explain '{rule: new(coverage.lines) >= 90%, min_lines: 5, max_uncovered: 2}'
    output=$(tr -s ' \n' ' ' <<< "$output")
    says "at least 90 % of the coverable lines that this change adds or modifies are run by a test, or at most 2 are missed; below 5 such lines it is not judged"
    expect 0 explain 'any: [tests.failed == 0, tests.total >= 5]'
    says "one of these holds: (1) no test fails, or (2) at least 5 test cases are reported"
}

@test "mistakes: where, and what was meant" {
    expect 4 explain 'coverage.line >= 80%'
    says "rule:1:1: unknown measure 'coverage.line'; did you mean 'coverage.lines'?"
    expect 4 explain 'coverage.lines >= 80% and more'
    says "rule:1:"
    expect 4 explain '{rule: tests.failed == 0, mn_lines: 5}'
    says "rule:1:27: unknown key 'mn_lines'; did you mean 'min_lines'?"
    expect 4 explain coverag.lines
    says "did you mean coverage.lines?"
    expect 4 explain zzz
    says "no measure, rule or file"
    expect 4 explain tests.failed '==' 0
    says "single quotes"
}

verdict() {
    junit unit.xml 10 2
    cobertura coverage.xml
    cat > .qgate.yml << 'END'
version: 1
reports:
  - {format: junit, path: unit.xml}
  - {format: cobertura, path: coverage.xml}
  - {format: trivy, path: trivy.json}
gates:
  - name: unit test
    require: [tests.failed == 0, {rule: coverage.lines >= 80%, why: we said so}]
    warn: [tests.total >= 100]
  - name: scan
    require: ['vulnerabilities{severity="critical"} == 0', secrets == 0]
END
    run qgate check --output json=qgate.json
    [ "$status" -eq 1 ]
}

@test "a verdict: why, at most three things to do, where each comes from" {
    verdict
    expect 0 explain qgate.json
    says "failed: stage build · 2 failed · 2 no data · 1 warned"
    says "  1  make these 2 tests pass
     unit test: tests.failed == 0 is 2 of 12, from junit (unit.xml)"
    says "  2  test 1 more line"
    says "  3  look at the job that should leave trivy.json"
    says "the same for 1 more rule"
    says_not "  4  "
    says "wanted: at least 80 % of the coverable lines are run by a test"
    says "why: we said so"
    says "shop.Fee.fails1"
    says "because: trivy.json is not there"
    qgate explain - < qgate.json > again
    [ "$(cat again)" = "$output" ]
}

@test "a verdict that passed" {
    junit unit.xml 2
    policy '{format: junit, path: unit.xml}'
    expect 0 check --output json=qgate.json
    expect 0 explain qgate.json
    says "passed"
    says "nothing has to be done"
}

@test "a hostile verdict: control characters, wrong shapes, too large" {
    verdict
    sed 's/make these/\\u001b[31m\\u202e\\u0085make/; s/shop\.Fee/\\u009b2J/' qgate.json > evil.json
    expect 0 explain evil.json
    [ "$(tr -d '\n -~' <<< "$output" | grep -aPc '[\x00-\x08\x0b-\x1f\x7f]')" = 0 ]
    [[ "$output" != *$'\u202e'* && "$output" != *$'\u009b'* && "$output" != *$'\u0085'* ]]
    echo '{"qgate": "1", "version": 1, "outcome": "failed"}' > a.json
    expect 3 explain a.json
    says "is missing or of another kind"
    for key in outcome stage commit judged_at reason policy gates reports version; do
        python3 -c 'import json, sys
d = json.load(open("qgate.json")); d[sys.argv[1]] = [[1]]; json.dump(d, open("b.json", "w"))' "$key"
        expect 3 explain b.json
    done
    python3 - << 'END'
import itertools, json
d = json.load(open("qgate.json"))
rule = d["gates"][0]["rules"][0]
for n, (key, value) in enumerate(itertools.product(rule, [None, 1, "x", [], {}, [1], {"a": 1}])):
    d["gates"][0]["rules"][0] = dict(rule, **{key: value})
    json.dump(d, open(f"shape{n}.json", "w"))
END
    for file in shape*.json; do
        run qgate explain "$file"
        [ "$status" -eq 0 ] || [ "$status" -eq 3 ] || { echo "$file: $status $output"; false; }
    done
    echo 'not json' > c.json
    expect 3 explain c.json
    says "is not JSON"
    head -c 20000000 /dev/zero > d.json
    expect 3 explain d.json
    says "more than 16777216 bytes"
    expect 3 explain none.json
    expect 3 explain .
    mkfifo pipe.json
    expect 3 explain pipe.json
    junit unit.xml
    expect 3 explain unit.xml
    says "qgate read"
}

@test "lines are at most as wide as the terminal" {
    needs_terminal
    verdict
    for columns in 60 80 100; do
        for what in coverage.lines 'growth(load.p95{label="POST /transfer"}) <= 10%' qgate.json; do
            script -qec "stty cols $columns; $QGATE explain '$what'" /dev/null < /dev/null | tr -d '\r' |
                sed 's/\x1b\[[0-9;]*m//g' > said
            [ -s said ]
            [ "$(wc -L < said)" -le "$columns" ] || { cat said; false; }
        done
    done
}
