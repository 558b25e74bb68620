#!/usr/bin/env bats
# Reports that are there and still answer nothing: old, tracked, of another commit; ignored paths.

load ../support/common

JUNIT="<testsuite name='s' timestamp='2026-03-01T10:00:00'><testcase name='a'/></testsuite>"

coverage() { # PATH HITS…: one file with these lines
    local path=$1 line=0
    shift
    echo "<coverage timestamp='1772359200'><packages><package><classes><class filename='$path'><lines>"
    for hits; do echo "<line number='$((line += 1))' hits='$hits'/>"; done
    echo "</lines></class></classes></package></packages></coverage>"
}

@test "a report older than max_age is no data" {
    echo "$JUNIT" > unit.xml
    policy='version: 1
reports: [{format: junit, path: unit.xml, max_age: 2d}]
gates: [{name: g, require: [tests.failed == 0]}]'
    echo "$policy" > .qgate.yml
    SOURCE_DATE_EPOCH=$(date -u -d 2026-03-03T09:59:00 +%s) run "$QGATE" check
    [ "$status" -eq 0 ]
    SOURCE_DATE_EPOCH=$(date -u -d 2026-03-03T10:01:00 +%s) run "$QGATE" check
    [ "$status" -eq 2 ]
    says "unit.xml is over 48 h old, \`max_age\` allows 48 h"
    says "to pass: run the job that writes unit.xml again"
}

@test "a report without a time stamp is no data where max_age asks for one" {
    echo "<testsuite><testcase name='a'/></testsuite>" > unit.xml
    echo 'version: 1
reports: [{format: junit, path: unit.xml, max_age: 1000d}]
gates: [{name: g, require: [{rule: tests.failed == 0, on_missing: pass}]}]' > .qgate.yml
    run "$QGATE" check
    [ "$status" -eq 2 ]
    says "does not say when it was written"
    says "to pass: have its tool write the time, or take \`max_age\` out"
}

@test "a report that git tracks is no data without leave" {
    git init -q .
    echo "$JUNIT" > unit.xml
    echo 'version: 1
reports: [{format: junit, path: unit.xml}]
gates: [{name: g, require: [tests.failed == 0]}]' > .qgate.yml
    git add . && git -c user.name=t -c user.email=t@example.org commit -qm t
    run "$QGATE" check
    [ "$status" -eq 2 ]
    says "git tracks unit.xml, so no build wrote it"
    says "\`tracked: true\`"
    says_not "give qgate all"
    sed -i 's/unit.xml}/unit.xml, tracked: true}/' .qgate.yml
    run "$QGATE" check
    [ "$status" -eq 0 ]
}

@test "an earlier verdict counts for its own commit only" {
    git init -q .
    echo 'version: 1
reports: [{format: qgate, path: qgate-build.json}, {format: junit, path: unit.xml}]
gates:
  - {name: build, require: [tests.failed == 0]}
  - {name: deploy, stage: deploy, require: [ '"'verdict{stage=\"build\"} == passed'"' ]}' > .qgate.yml
    git add . && git -c user.name=t -c user.email=t@example.org commit -qm one
    echo "$JUNIT" > unit.xml
    "$QGATE" check --output json=qgate-build.json
    run "$QGATE" check --stage deploy
    [ "$status" -eq 0 ]
    git -c user.name=t -c user.email=t@example.org commit -q --allow-empty -m two
    run "$QGATE" check --stage deploy
    [ "$status" -eq 2 ]
    says "the verdict is about commit "
    says "to pass: judge that stage again, of this commit"

    rm -rf .git
    expect 2 check --stage deploy
    says "and which one is judged here is not known"
    says "to pass: judge in a clone of the repository"
    expect 0 check --output json=qgate-build.json
    expect 2 check --stage deploy
    says "the verdict does not say which commit it judged"
    says "to pass: judge that stage in a clone of the repository"
}

@test "an earlier verdict that failed fails the later stage" {
    git init -q .
    git -c user.name=t -c user.email=t@example.org commit -q --allow-empty -m one
    echo 'version: 1
reports: [{format: qgate, path: qgate-build.json}, {format: junit, path: unit.xml}]
gates:
  - {name: build, require: [tests.failed == 0]}
  - {name: deploy, stage: deploy, require: [ '"'verdict{stage=\"build\"} == passed'"' ]}' > .qgate.yml
    echo "<testsuite><testcase name='a'><failure/></testcase></testsuite>" > unit.xml
    run "$QGATE" check --output json=qgate-build.json
    [ "$status" -eq 1 ]
    run "$QGATE" check --stage deploy
    [ "$status" -eq 1 ]
}

@test "ignored paths do not count, and how much they are is a measure" {
    coverage src/a.c 1 1 1 0 > a.xml
    coverage gen/b.c 0 0 0 0 0 0 > b.xml
    echo 'version: 1
reports: [{format: cobertura, path: "*.xml"}]
paths: {ignore: ["gen/**"]}
gates:
  - name: g
    require: [coverage.lines >= 75%, coverage.lines_valid == 4, coverage.ignored <= 60%]' > .qgate.yml
    run "$QGATE" check --verbose
    [ "$status" -eq 0 ]
    [[ "$output" == *"60 % (6 of 10)"* ]]
}

@test "an output of a later version is said and left out" {
    echo "$JUNIT" > unit.xml
    echo 'version: 1
reports: [{format: junit, path: unit.xml}]
gates: [{name: g, require: [tests.failed == 0]}]
outputs: [{format: json, path: v.json}, {format: sarif, path: q.json}]' > .qgate.yml
    run "$QGATE" check
    [ "$status" -eq 0 ]
    [[ "$output" == *"this version cannot write sarif yet"* ]]
    [ -e v.json ]
    [ ! -e q.json ]
}

@test "a gate's branch and first day hold for its rules that say nothing else" {
    git init -q -b work .
    git -c user.name=t -c user.email=t@example.org commit -q --allow-empty -m t
    echo "$JUNIT" > unit.xml
    echo 'version: 1
reports: [{format: junit, path: unit.xml}]
gates:
  - name: g
    when: {branch: main}
    require: [tests.total >= 5, {rule: tests.skipped == 0, when: {branch: work}}]
  - name: h
    enforce_from: 2026-03-03
    require: [tests.total >= 9]' > .qgate.yml
    SOURCE_DATE_EPOCH=$(date -u -d 2026-03-02 +%s) run "$QGATE" check --verbose
    [ "$status" -eq 0 ]
    [[ "$output" == *"not for branch work"* ]]
    [[ "$output" == *"enforced in 1 day"* ]]
    SOURCE_DATE_EPOCH=$(date -u -d 2026-03-03 +%s) run "$QGATE" check
    [ "$status" -eq 1 ]
    git checkout -q -b main
    SOURCE_DATE_EPOCH=$(date -u -d 2026-03-02 +%s) run "$QGATE" check
    [ "$status" -eq 1 ]
}

@test "a report that is missing: the job that should have left it is named" {
    cat > .gitlab-ci.yml << 'YML'
default: {artifacts: {paths: [all/]}}
.base: {artifacts: {paths: [build/]}}
compile: {extends: .base, script: [make]}
unit tests: {artifacts: {reports: {junit: [build/unit.xml]}}}
"e2e\ttests": {artifacts: {paths: ["$CI_PROJECT_DIR/e2e/**/*.xml"]}}
.left: {artifacts: {paths: [left/a.xml]}}
YML
    while read -r path job; do
        policy "{format: junit, path: '$path'}"
        expect 2 check
        says "$path is not there"
        says "to pass: look at the job $job should leave $path"
    done << 'END'
build/unit.xml "unit tests", which
build/e2e.xml "compile", which
buildings/unit.xml that
e2e/shop/basket.xml "e2e tests", which
e2e/**/*.xml "e2e tests", which
left/a.xml ".left", which
all/unit.xml that
END
    policy '{format: junit, path: build/unit.xml}'
    echo '[' > .gitlab-ci.yml
    expect 2 check
    says "look at the job that should leave build/unit.xml"
}
