#!/usr/bin/env bats
# What a change adds: new(coverage.…), diff.lines, diff.files, from git and the reports to the verdict.

load ../support/common

# A branch that adds lines 3 to 5 to src/Fee.java, of which the report says that the last is not run.
shop() {
    repository
    mkdir src
    printf 'class Fee {\n}\n' > src/Fee.java
    cat > .qgate.yml
    echo '*.xml' > .gitignore
    git add . && git commit -qm shop
    git checkout -qb feature
    printf 'class Fee {\n}\nint a;\nint b;\nint c;\n' > src/Fee.java
    git commit -qam fee
    report src/Fee.java 1:1 3:1 4:1 5:0
}

# report FILE LINE:HITS…: coverage.xml with this one file.
report() {
    local file=$1
    shift
    {
        echo "<coverage><packages><package name=\"p\"><classes><class name=\"A\" filename=\"$file\"><lines>"
        for line; do
            echo "<line number=\"${line%:*}\" hits=\"${line#*:}\"/>"
        done
        echo '</lines></class></classes></package></packages></coverage>'
    } > coverage.xml
}

@test "patch coverage is what git diff and the XML say, in 80 repositories" {
    run python3 "$here/tests/support/patch_coverage.py" "$QGATE" --cases 80
    echo "$output"
    [ "$status" -eq 0 ]
    [[ "$output" == *"80 repositories, "*" 0 repositories differ" ]]
}

@test "a wrong answer would have been found" {
    cat > ./other-qgate << 'END'
#!/bin/sh
"$REAL" "$@"
status=$?
sed -i 's/"whole": [1-9]/&1/' verdict.json
exit $status
END
    chmod +x ./other-qgate
    REAL=$QGATE run python3 "$here/tests/support/patch_coverage.py" ./other-qgate --cases 5
    [ "$status" -eq 1 ]
    says "qgate says"
}

@test "untested lines of a change: where they are, and how few have to be tested" {
    shop << 'END'
version: 1
reports: [{format: cobertura, path: coverage.xml}]
gates: [{name: unit, require: [new(coverage.lines) >= 90%, diff.lines <= 2, diff.files <= 1]}]
END
    expect 1 check --target main --output json=verdict.json
    says "66.7 % (2 of 3 new lines)"
    says "src/Fee.java:5  no test runs this line"
    says "to pass: test this line"
    says "to pass: make the change 1 line smaller, or part it in two"
    jq -e '.gates[0].rules[0].details[0].finding | .family == "coverage" and .rule == "uncovered" and
        .line == 5 and .last_line == 5 and (.fingerprint | length) == 32' verdict.json
    expect 0 explain verdict.json
    says "src/Fee.java:5"
    says_not "unknown"
    python3 -c 'import json, jsonschema, sys
jsonschema.validate(json.load(open("verdict.json")), json.load(open(sys.argv[1])))' \
        "$here/schemas/verdict.schema.json"
}

@test "a changed file in no report is no data" {
    shop << 'END'
version: 1
reports: [{format: cobertura, path: coverage.xml}]
gates: [{name: unit, require: [{rule: new(coverage.lines) >= 50%, min_lines: 100, max_uncovered: 100}]}]
END
    expect 0 check --target main
    says "1 small change"
    echo 'int new;' > src/New.java
    git add src && git commit -qm new
    expect 2 check --target main
    says "1 of 2 changed source files is in no coverage report"
    says "      src/New.java"
    git rm -q src/New.java && git commit -qm old
    expect 0 check --target main
    printf 'i\0n\0t\0' > src/Fee.java
    git commit -qam utf16
    expect 2 check --target main
    says "git takes 1 changed source file for binary"
}

@test "a small change is waived, and counted in every output" {
    shop << 'END'
version: 1
reports: [{format: cobertura, path: coverage.xml}]
gates: [{name: unit, require: [{rule: new(coverage.lines) >= 90%, min_lines: 4}]}]
END
    expect 0 check --target main --output json=verdict.json
    says "small change: 3 of 4 lines"
    says "1 waived · 1 small change"
    jq -e '.counts | .small_changes == 1 and .disclosed == 0 and .rules.waived == 1' verdict.json
}

@test "a new file counts before it is committed" {
    shop << 'END'
version: 1
reports: [{format: cobertura, path: coverage.xml}]
gates: [{name: unit, require: [new(coverage.lines) >= 50%]}]
END
    git checkout -q main
    git checkout -qb other
    echo 'int new;' > src/New.java
    report src/New.java 1:1
    expect 0 check --target main --untracked
    says "1 gate · 1 rule"
    git add src
    expect 0 check --target main
    report src/New.java 1:0
    expect 1 check --target main
    says "0 % (0 of 1 new lines)"
}

@test "paths.sources says what is source code" {
    shop << 'END'
version: 1
reports: [{format: cobertura, path: coverage.xml}]
paths: {sources: ["src/**"]}
gates: [{name: unit, require: [new(coverage.lines) >= 50%]}]
END
    expect 0 validate
    says_not "warning"
    mkdir app && echo 'int new;' > app/New.java
    git add app && git commit -qm new
    expect 0 check --target main
    echo 'fun a() = 1' > src/New.kt
    git add src && git commit -qm new
    expect 2 check --target main
    says "src/New.kt"
}

@test "it is not known what the change did: no data, and what repairs it" {
    shop << 'END'
version: 1
reports: [{format: cobertura, path: coverage.xml}]
gates: [{name: unit, require: [new(coverage.lines) >= 50%, diff.lines <= 400]}]
END
    rm -rf .git
    expect 2 check
    says "it is not known what this change did"
}

@test "a hundred thousand gaps in one file are found within 10 s of the processor" {
    repository
    printf 'version: 1\nreports: [{format: cobertura, path: coverage.xml}]\n' > .qgate.yml
    echo 'gates: [{name: unit, require: [new(coverage.lines) >= 90%]}]' >> .qgate.yml
    seq 100000 > a.c
    git add . && git commit -qm main
    git checkout -qb feature
    seq 100000 | sed 's/.*/&\nnew &/' > a.c # every other line
    git commit -qam feature
    {
        echo '<coverage><packages><package name="p"><classes><class name="A" filename="a.c"><lines>'
        seq 100000 | awk '{ printf "<line number=\"%d\" hits=\"1\"/>\n<line number=\"%d\" hits=\"0\"/>\n", 2 * $1 - 1, 2 * $1 }'
        echo '</lines></class></classes></package></packages></coverage>'
    } > coverage.xml
    run python3 "$here/tests/support/within.py" "$QGATE" check --target main --quiet
    [ "$status" -eq 1 ]
    says '0 % (0 of 100'
}
