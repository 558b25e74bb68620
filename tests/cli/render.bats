#!/usr/bin/env bats
# What `qgate check` writes: the text for people and the JSON for programs, from whole runs.

setup() {
    export SOURCE_DATE_EPOCH=1800000000
    root=$BATS_TEST_DIRNAME/../..
    cd "$BATS_TEST_TMPDIR"
    mkdir build
    cp "$root/tests/demo/policy.yml" .qgate.yml
    cp "$root"/tests/demo/failing/* build
}

# The verdict in build/qgate.json is one that schemas/verdict.schema.json describes.
valid() {
    python3 - "$root/schemas/verdict.schema.json" build/qgate.json << 'END'
import json, sys
import jsonschema

schema, verdict = (json.load(open(path)) for path in sys.argv[1:])
jsonschema.Draft202012Validator.check_schema(schema)
jsonschema.Draft202012Validator(schema).validate(verdict)
END
}

# $1: a Python expression over `v`, the verdict
verdict() {
    python3 -c 'import json, sys; v = json.load(open("build/qgate.json")); print(eval(sys.argv[1]))' "$1"
}

# Neither a control character nor a line that is wider than $1 columns.
harmless() {
    printf '%s\n' "$output" | python3 -c '
import sys, unicodedata
for line in sys.stdin.buffer.read().decode().split("\n"):
    assert not any(unicodedata.category(c) in ("Cc", "Zl", "Zp") or "\u202a" <= c <= "\u202e" for c in line), ascii(line)
    wide = sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
    assert wide <= int(sys.argv[1]), line
' "$1"
}

# $1: failing test cases, $2: the name of each, before its number
junit() {
    {
        echo "<testsuite>"
        for i in $(seq "$1"); do
            echo "<testcase classname='shop.Cart' name='$2$i'><failure message='expected $i, got 0'/></testcase>"
        done
        echo "</testsuite>"
    } > build/tests.xml
}

@test "the demo shows a passing and a failing run" {
    run "$root/tests/demo/run.sh" "$QGATE"
    [ "$status" -eq 0 ]
    [[ $output == *"passed    4 gates · 8 rules"*"exit 0"*"failed    2 of 4 gates"*"exit 1"* ]]
}

@test "JSON of a failing run is valid and says everything" {
    run "$QGATE" check
    [ "$status" -eq 1 ]
    valid
    [ "$(verdict 'v["outcome"], v["exit_status"], v["judged_at"]')" = "('failed', 1, '2027-01-15T08:00:00Z')" ]
    [ "$(verdict 'v["gates"][0]["rules"][1]["value"]')" = \
        "{'number': 79.5454545454545, 'word': None, 'unit': '%', 'text': '79.5 %', 'part': 70, 'whole': 88, 'waived': 0, 'method': None}" ]
    [ "$(verdict 'v["gates"][0]["rules"][0]["details"][1]["test"]["message"]')" = "KeyError: 'counterpart'" ]
    [ "$(verdict 'v["gates"][2]["rules"][0]["details"][0]["finding"]["fixed"]')" = "3.0.15-1~deb12u1" ]
    [ "$(verdict '[f["sha256"] for r in v["reports"] for f in r["files"] if f["path"] == "build/tests.xml"][0]')" = \
        "$(sha256sum < build/tests.xml | cut -d ' ' -f 1)" ]
    [ "$(verdict 'v["policy"]["sha256"]')" = "$(sha256sum < .qgate.yml | cut -d ' ' -f 1)" ]
}

@test "JSON of a passing run is valid" {
    cp "$root"/tests/demo/passing/* build
    run "$QGATE" check
    [ "$status" -eq 0 ]
    valid
    [ "$(verdict 'v["outcome"]')" = passed ]
}

@test "JSON of a run without data is valid" {
    cp "$root"/tests/demo/passing/* build
    rm build/image.json
    run "$QGATE" check
    [ "$status" -eq 2 ]
    valid
    [ "$(verdict 'v["outcome"]')" = no_data ]
    [ "$(verdict '[f["state"] for r in v["reports"] for f in r["files"] if f["path"] == "build/image.json"]')" = "['missing']" ]
}

@test "JSON of a run with a broken report is valid and has the position" {
    cp "$root"/tests/demo/passing/* build
    head -c 400 "$root/tests/demo/passing/coverage.xml" > build/coverage.xml
    run "$QGATE" check
    [ "$status" -eq 3 ]
    valid
    [ "$(verdict 'v["outcome"]')" = error ]
    [ "$(verdict '[f["error"]["line"] > 0 for r in v["reports"] for f in r["files"] if f["error"]]')" = "[True]" ]
}

@test "the schema that is compiled in is the one in schemas/" {
    "$QGATE" schema verdict | cmp - "$root/schemas/verdict.schema.json"
}

@test "the same input gives the same bytes" {
    run "$QGATE" check
    cp build/qgate.json first.json
    first=$output
    TZ=Pacific/Kiritimati LANG=de_DE.UTF-8 run "$QGATE" check
    cmp build/qgate.json first.json
    [ "$output" = "$first" ]
}

@test "what failed comes first, what passed is one line, the verdict is last" {
    run "$QGATE" check
    [[ $output == *"✗ unit test"*"✗ tests.failed == 0"*"✗ coverage.lines"*"! coverage.branches"*"✗ container analysis"*"✓ static code analysis"* ]]
    [[ $output == *"why: untested code is where our incidents come from"* ]]
    [[ ${lines[-1]} == "failed    2 of 4 gates · 1 warning "*" exit 1" ]]
    [ "$(printf '%s\n' "$output" | grep -c 'to pass: ')" -eq 3 ]
    [[ $output != *"load.p95"* ]]
}

@test "a passing run is short" {
    cp "$root"/tests/demo/passing/* build
    run "$QGATE" check
    [ "$(printf '%s\n' "$output" | wc -l)" -le 9 ]
    run "$QGATE" check --quiet
    [ "${#lines[@]}" -eq 1 ]
}

@test "--verbose shows every rule, every detail and every file" {
    junit 30 "case "
    run "$QGATE" check --verbose
    [[ $output == *"build/load.jtl"*"load.p95 < 300ms"* ]]
    [ "$(printf '%s\n' "$output" | grep -c 'shop.Cart.case ')" -eq 30 ]
}

@test "of many failing tests five are shown and the rest is counted" {
    junit 2000 "case "
    run "$QGATE" check
    [ "$status" -eq 1 ]
    [[ $output == *"… and 1995 more (say --verbose, or see the json output)"* ]]
    [ "$(printf '%s\n' "$output" | grep -c 'shop.Cart.case ')" -eq 5 ]
    valid
    [ "$(verdict 'len(v["gates"][0]["rules"][0]["details"])')" -eq 2000 ]
}

@test "long and wide names stay inside the line" {
    for name in "$(printf 'a_very_long_name_%.0s' $(seq 40))" "$(printf '測試ひらがな%.0s' $(seq 40))"; do
        junit 3 "$name"
        run "$QGATE" check
        harmless 100
        [[ $output == *"…"* ]]
    done
}

@test "without UTF-8 our own marks are ASCII" {
    LC_ALL=C run "$QGATE" check
    [[ $output == *"x unit test"*"+ static code analysis"*"failed    2 of 4 gates, 1 warning"* ]]
    ! printf '%s' "$output" | LC_ALL=C grep -q '[^ -~]'
}

@test "colour only when asked for, and only marks and the outcome" {
    run "$QGATE" check
    [[ $output != *$'\e'* ]]
    plain=$output
    run "$QGATE" check --color always
    [[ $output == *$'\e[31m✗\e[0m unit test'*$'\e[31;1mfailed\e[0m '* ]]
    [ "$(printf '%s\n' "$output" | sed 's/\x1b\[[0-9;]*m//g')" = "$plain" ]
}

@test "in a GitLab job every gate that passed is a collapsed section" {
    GITLAB_CI=true run "$QGATE" check
    begin=$'\e[0Ksection_start:1800000000:qgate_gate_1[collapsed=true]\r\e[0K'
    end=$'\e[0Ksection_end:1800000000:qgate_gate_1\r\e[0K'
    [[ $output == *"$begin"*"static code analysis"*"sonar.quality_gate == OK"*"$end"* ]]
    NO_COLOR=1 GITLAB_CI=true run "$QGATE" check
    [[ $output != *$'\e[3'* ]]
}

@test "no control character of a report reaches the output" {
    printf '<testsuite><testcase classname="a&#x202e;b" name="c&#x9b;31m&#x2028;d"><failure message="e&#x85;&#x7f;f"/></testcase></testsuite>' \
        > build/tests.xml
    run "$QGATE" check --verbose
    [ "$status" -eq 1 ]
    harmless 100
    output=$(cat build/qgate.json)
    harmless 1000
}

@test "no control character of a policy reaches the output" {
    printf 'version: 1\ngates:\n  - name: "gate\\e[31m\\r\\nsection_end:0:x\\r\\e[0K\\u202egnp"\n    require: ["tests.failed\\a == 0"]\n' \
        > .qgate.yml
    run "$QGATE" check
    [ "$status" -eq 4 ]
    harmless 1000
}

@test "an output that cannot be written is said and changes the exit status" {
    cp "$root"/tests/demo/passing/* build
    run "$QGATE" check --output json=no/such/folder.json
    [ "$status" -eq 3 ]
    [[ ${lines[-1]} == *"exit 3" ]]
}
