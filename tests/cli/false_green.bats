#!/usr/bin/env bats
# Every known way to a false green: none of them may end with 0. A gate that passes because nothing was
# looked at is worse than no gate.

load ../support/common

# reports LINE…: the entries of the policy; rules RULE…: what must hold. Quoted as YAML wants it.
reports() {
    printf 'version: 1\nreports:\n' > .qgate.yml
    printf '  - %s\n' "$@" >> .qgate.yml
}

rules() {
    printf 'gates:\n  - name: gate\n    require:\n' >> .qgate.yml
    printf "      - '%s'\n" "$@" >> .qgate.yml
}

# One report with rules of its own: judged FORMAT PATH RULE…
judged() {
    reports "{format: $1, path: $2}"
    rules "${@:3}"
}

fixture() {
    cp "$here/fixtures/$1"/report.* "$2"
}

@test "no test in the report" {
    echo '<testsuites/>' > unit.xml
    for rule in 'tests.failed == 0' 'tests.errors == 0' 'tests.skipped <= 3' 'tests.success_rate >= 90%' 'tests.duration < 10min'; do
        judged junit unit.xml "$rule"
        expect 2 check
    done
    judged junit unit.xml 'tests.total >= 1'
    expect 1 check
}

@test "no test in the report, without a policy" {
    echo '<testsuites/>' > TEST-a.xml
    expect 1 check
    expect 1 check TEST-a.xml
}

@test "only errors of suites, no test case" {
    echo '<testsuite name="a" tests="0" errors="1"><error message="no such module"/></testsuite>' > unit.xml
    judged junit unit.xml 'tests.failed == 0'
    expect 1 check
    says "no such module"
    judged junit unit.xml 'tests.errors == 0'
    expect 1 check
    judged junit unit.xml 'tests.success_rate == 100%'
    expect 1 check
    mv unit.xml TEST-a.xml
    rm .qgate.yml
    expect 1 check
}

@test "errors of a suite beside passed tests" {
    fixture junit/pytest-collection-error unit.xml
    judged junit unit.xml 'tests.failed == 0'
    expect 1 check
    fixture junit/nested-suites-suite-error unit.xml
    expect 1 check
}

@test "errors that are no failures" {
    echo '<testsuite name="a"><testcase name="t"><error message="setup"/></testcase></testsuite>' > unit.xml
    judged junit unit.xml 'tests.failed == 0'
    expect 1 check
}

@test "only skipped tests: the rate of success is a number about nothing" {
    echo '<testsuite name="a"><testcase name="t"><skipped/></testcase></testsuite>' > unit.xml
    judged junit unit.xml 'tests.success_rate >= 90%'
    expect 2 check
    judged junit unit.xml 'tests.passed >= 1'
    expect 1 check
}

@test "only skipped tests, without a policy or with a ready-made one" {
    for case in '<skipped/>' '' '<skipped message="SKIP_RETURN_CODE=77"/>'; do
        rm -f .qgate.yml
        echo "<testsuite name=\"ctest\"><testcase name=\"t\" status=\"notrun\">$case</testcase></testsuite>" > TEST-a.xml
        expect 1 check
        says "✗ tests.passed >= 1"
        says_not "✗ tests.failed"
        expect 1 check TEST-a.xml
        for name in service library strict; do
            printf 'version: 1\nextends: qgate:%s\nreports: [{format: junit, path: TEST-a.xml, name: unit}]\n' $name > .qgate.yml
            expect 1 check
            says "✗ tests.passed"
        done
    done
    fixture junit/ctest-nothing-built TEST-a.xml
    rm .qgate.yml
    expect 1 check
    says "✗ tests.passed >= 1"
    printf 'version: 1\nextends: qgate:strict\nreports: [{format: junit, path: TEST-a.xml, name: unit}]\n' > .qgate.yml
    sed -i 's/name: unit/name: functional/; s/strict/service/' .qgate.yml
    expect 1 check --stage deploy
    says "✗ tests.passed{report=\"functional\"} >= 1"
}

@test "a test that ctest could not run is no passed test" {
    fixture junit/ctest-not-run unit.xml
    judged junit unit.xml 'tests.failed == 0'
    expect 1 check
    judged junit unit.xml 'tests.skipped == 0'
    expect 1 check
    says "3"
    judged junit unit.xml 'tests.passed >= 2'
    expect 1 check
}

@test "a missing shard of several" {
    junit a.xml
    junit c.xml
    reports '{format: junit, path: a.xml}' '{format: junit, path: b.xml}' '{format: junit, path: c.xml}'
    rules 'tests.failed == 0'
    expect 2 check
    says "b.xml"
    reports '{format: junit, path: a.xml, name: one}' '{format: junit, path: b.xml, name: two}'
    rules 'tests.failed == 0'
    expect 2 check
    reports '{format: junit, path: a.xml, name: one}' '{format: junit, path: b.xml, name: two}'
    rules 'tests.failed{report="one"} == 0'
    expect 2 check
    says "b.xml"
}

@test "a broken shard of several" {
    mkdir shards
    junit shards/a.xml
    junit shards/b.xml
    head -c 60 shards/a.xml > shards/c.xml
    judged junit 'shards/*.xml' 'tests.failed == 0'
    expect 3 check
    says "shards/c.xml"
    : > shards/c.xml
    expect 3 check
}

@test "a glob that matches nothing, or only directories" {
    judged junit '"build/**/TEST-*.xml"' 'tests.failed == 0'
    expect 2 check
    mkdir -p build/TEST-a.xml
    expect 2 check
}

@test "a required report that no rule reads" {
    junit unit.xml
    reports '{format: junit, path: unit.xml}' '{format: trivy, path: trivy.json}'
    rules 'tests.failed == 0'
    expect 2 check
    echo '{' > trivy.json
    expect 3 check
}

@test "a scanner that did not run: Trivy without results" {
    for case in no-results empty-results; do
        fixture trivy/$case trivy.json
        for rule in 'vulnerabilities == 0' 'vulnerabilities.critical == 0' 'misconfigurations == 0' 'secrets == 0' 'findings == 0'; do
            judged trivy trivy.json "$rule"
            expect 2 check
        done
        rm -f .qgate.yml
        expect 2 check
        expect 2 check trivy.json
    done
    fixture trivy/old-null trivy.json
    judged trivy trivy.json 'vulnerabilities == 0'
    expect 3 check
}

@test "a scanner that looked for something else: Trivy with class config only" {
    fixture trivy/config-only trivy.json
    judged trivy trivy.json 'vulnerabilities.critical == 0'
    expect 2 check
    reports '{format: trivy, path: trivy.json, options: {scanners: [config]}}'
    rules 'secrets == 0'
    expect 2 check
    fixture trivy/clean-image trivy.json
    judged trivy trivy.json 'misconfigurations == 0'
    expect 2 check
}

@test "a resource that Trivy could not scan" {
    fixture trivy/k8s-resources-with-error trivy.json
    judged trivy trivy.json 'vulnerabilities{severity="low"} == 0'
    expect 2 check
    says "could not be scanned"
}

@test "a severity spelt in an unexpected way is not zero" {
    sed 's/CRITICAL/Critical/' "$here"/fixtures/trivy/k8s-findings/report.json > trivy.json
    judged trivy trivy.json 'vulnerabilities == 0'
    expect 1 check
    fixture trivy/unexpected-severities trivy.json
    judged trivy trivy.json 'vulnerabilities == 0' 'vulnerabilities{severity="unknown"} == 0'
    expect 1 check
}

@test "a page of SonarQube's answer that is not all" {
    fixture sonarqube/issues-page-not-whole sonar.json
    judged sonarqube sonar.json 'issues.critical == 0'
    expect 2 check
    says "1204"
    fixture sonarqube/hotspots-page-not-whole sonar.json
    judged sonarqube sonar.json 'hotspots <= 5'
    expect 2 check
    fixture sonarqube/issues-second-page sonar.json
    judged sonarqube sonar.json 'issues.critical == 0'
    expect 2 check
}

@test "SonarQube without a verdict: NONE, pending, failed, refused, another answer" {
    judged sonarqube sonar.json 'sonar.quality_gate == OK'
    fixture sonarqube/gate-none sonar.json
    expect 1 check
    fixture sonarqube/gate-warn sonar.json
    expect 1 check
    fixture sonarqube/task-pending sonar.json
    expect 2 check
    fixture sonarqube/task-success sonar.json
    expect 2 check
    fixture sonarqube/report-task sonar.json
    expect 2 check
    fixture sonarqube/issues-none sonar.json
    expect 2 check
    fixture sonarqube/measures-none sonar.json
    expect 2 check
    fixture sonarqube/task-failed sonar.json
    expect 3 check
    fixture sonarqube/errors-answer sonar.json
    expect 3 check
    fixture sonarqube/unauthorized-empty-object sonar.json
    expect 3 check
}

@test "an empty coverage report, and one without coverable lines" {
    for case in no-packages no-lines; do
        fixture cobertura/$case coverage.xml
        for rule in 'coverage.lines >= 80%' 'coverage.branches >= 80%' 'coverage.lines_covered >= 1'; do
            judged cobertura coverage.xml "$rule"
            expect 2 check
        done
    done
    echo '<coverage line-rate="1" branch-rate="1" lines-covered="100" lines-valid="100"/>' > coverage.xml
    judged cobertura coverage.xml 'coverage.lines >= 80%'
    expect 2 check
}

@test "rates that the writer claims are not believed" {
    cobertura coverage.xml src/a.c
    sed -i 's/<coverage>/<coverage line-rate="1" branch-rate="1">/' coverage.xml
    judged cobertura coverage.xml 'coverage.lines >= 80%'
    expect 1 check
    echo '<testsuite name="a" tests="9" failures="0"><testcase name="t"><failure/></testcase></testsuite>' > unit.xml
    judged junit unit.xml 'tests.failed == 0'
    expect 1 check
}

@test "a load test without samples, or of failing ones" {
    for case in csv-header-only xml-no-samples; do
        fixture jmeter/$case load.jtl
        for rule in 'load.error_rate < 1%' 'load.p95 < 800ms' 'load.errors == 0' 'load.throughput > 9/s'; do
            judged jmeter load.jtl "$rule"
            expect 2 check
        done
        rm .qgate.yml
        expect 1 check
    done
}

@test "samples that do not say whether they succeeded" {
    printf 'timeStamp,elapsed,label,responseCode\n1700000000000,9,a,500\n' > load.jtl
    judged jmeter load.jtl 'load.error_rate < 1%'
    expect 3 check
    echo '<testResults><httpSample t="9" ts="1700000000000" lb="a" rc="500"/></testResults>' > load.jtl
    expect 3 check
}

@test "transactions that hide failing samples count" {
    for case in jmeter-csv-parent-transactions jmeter-xml-parent-transactions; do
        fixture jmeter/$case load.jtl
        judged jmeter load.jtl 'load.error_rate < 1%'
        expect 1 check
        judged jmeter load.jtl 'load.errors == 0'
        expect 1 check
        rm .qgate.yml
        expect 1 check
        expect 1 check load.jtl
    done
}

@test "a report of the wrong format under the right name" {
    junit coverage.xml
    judged cobertura coverage.xml 'coverage.lines >= 80%'
    expect 3 check
    cobertura unit.xml src/a.c 1
    judged junit unit.xml 'tests.failed == 0'
    expect 3 check
    echo '{"projectStatus": {"status": "OK"}}' > trivy.json
    judged trivy trivy.json 'vulnerabilities == 0'
    expect 3 check
    fixture trivy/clean-image sonar.json
    judged sonarqube sonar.json 'sonar.quality_gate == OK'
    expect 3 check
    echo '<html><body>502 Bad Gateway</body></html>' > unit.xml
    judged junit unit.xml 'tests.failed == 0'
    expect 3 check
    for text in '[]' '{}' '{"SchemaVersion": 2, "Results": {}}' '{"SchemaVersion": 2, "Results": [null]}'; do
        echo "$text" > trivy.json
        judged trivy trivy.json 'vulnerabilities == 0'
        expect 3 check
    done
}

@test "an empty file" {
    : > empty
    judged junit empty 'tests.failed == 0'
    expect 3 check
    judged cobertura empty 'coverage.lines >= 80%'
    expect 3 check
    judged sonarqube empty 'sonar.quality_gate == OK'
    expect 3 check
    judged trivy empty 'vulnerabilities == 0'
    expect 3 check
    judged jmeter empty 'load.error_rate < 1%'
    expect 3 check
    mv empty TEST-empty.xml
    rm .qgate.yml
    expect 3 check
}

@test "a truncated report whose first half is fine" {
    {
        echo '<testsuites><testsuite name="a"><testcase name="passes"/></testsuite>'
        echo '<testsuite name="b">'
    } > unit.xml
    judged junit unit.xml 'tests.failed == 0'
    expect 3 check
    mv unit.xml TEST-unit.xml
    rm .qgate.yml
    expect 3 check
    for cut in 60 100 140 180; do
        cobertura whole.xml src/a.c 1
        head -c $cut whole.xml > coverage.xml
        judged cobertura coverage.xml 'coverage.lines >= 80%'
        expect 3 check
    done
    printf 'timeStamp,elapsed,label,success\n1700000000000,9,a,true\n1700000000001,9,"a\n' > load.jtl
    judged jmeter load.jtl 'load.error_rate < 1%'
    expect 3 check
}

@test "something behind the end of the document" {
    junit unit.xml
    cat unit.xml unit.xml > twice.xml
    judged junit twice.xml 'tests.failed == 0'
    expect 3 check
    fixture trivy/text-after-the-document trivy.json
    judged trivy trivy.json 'vulnerabilities.critical == 0'
    expect 3 check
}

@test "a directory in place of a report" {
    mkdir unit.xml
    judged junit unit.xml 'tests.failed == 0'
    expect 3 check
    expect 4 check unit.xml
    rm .qgate.yml
    expect 3 check unit.xml
}

@test "a policy that is there and cannot be read is not the default one" {
    junit TEST-a.xml
    expect 0 check
    ln -s nowhere .qgate.yml
    expect 4 check
    rm .qgate.yml
    mkdir .qgate.yml
    expect 4 check
    rmdir .qgate.yml
    mkfifo .qgate.yml
    expect 4 check
    mv .qgate.yml .qgate.yaml
    expect 4 check
    says "must be named .qgate.yml"
}

@test "a stage that nobody has" {
    junit unit.xml
    judged junit unit.xml 'tests.failed == 0'
    expect 4 check --stage depoly
    says "build"
    sed -i 's/  - name: gate/&\n    stage: deploy/' .qgate.yml
    expect 4 check
    expect 0 check --stage deploy
}

@test "a policy that demands nothing" {
    junit unit.xml
    reports '{format: junit, path: unit.xml}'
    expect 4 check
    echo 'gates: []' >> .qgate.yml
    expect 4 check
    reports '{format: junit, path: unit.xml}'
    echo 'gates: [{name: gate}]' >> .qgate.yml
    expect 4 check
    reports '{format: junit, path: unit.xml}'
    echo 'gates: [{name: gate, require: []}]' >> .qgate.yml
    expect 4 check
    : > .qgate.yml
    expect 4 check
    echo '# gates: [{name: gate, require: [tests.failed == 0]}]' > .qgate.yml
    expect 4 check
}

@test "a misspelt key, measure, label or report demands nothing, so it is refused" {
    junit unit.xml 1 1
    for rule in 'tests.failled == 0' 'tests.failed{reprot="junit"} == 0' \
        'tests.failed >= 0' 'tests.failed == 0 or true' 'vulnerabilities{severity="critcal"} == 0'; do
        judged junit unit.xml "$rule"
        expect 4 check
    done
    judged junit unit.xml 'tests.failed == 0'
    sed -i 's/require/requires/' .qgate.yml
    expect 4 check
    judged junit unit.xml 'tests.failed == 0'
    printf 'gates:\n  - {name: other, require: [tests.total >= 1]}\n' >> .qgate.yml
    expect 4 check
}

@test "a rule whose label matches nothing" {
    junit unit.xml 1 1
    for label in report suite; do
        judged junit unit.xml "tests.failed{$label=\"unti\"} == 0"
        expect 2 check
    done
    printf 'timeStamp,elapsed,label,success\n1700000000000,9,POST /pay,false\n' > load.jtl
    judged jmeter load.jtl 'load.error_rate{label="POST /pya"} < 1%'
    expect 2 check
    cobertura coverage.xml src/a.c
    judged cobertura coverage.xml 'coverage.lines{path="srcs/**"} >= 80%'
    expect 2 check
}

@test "warnings alone over missing data: a broken report stays an error" {
    reports '{format: junit, path: unit.xml}'
    printf 'gates:\n  - {name: gate, warn: [tests.failed == 0]}\n' >> .qgate.yml
    expect 0 check
    says "warn"
    expect 1 check --strict
    echo '<testsuite>' > unit.xml
    expect 3 check
}

@test "on_missing speaks of what is missing, not of what is broken" {
    for word in warn pass skip; do
        rm -f unit.xml
        reports '{format: junit, path: unit.xml}'
        printf 'gates:\n  - name: gate\n    require: [{rule: tests.failed == 0, on_missing: %s}]\n' $word >> .qgate.yml
        expect 0 check
        says "0 of 1 file"
        echo '<testsuite>' > unit.xml
        expect 3 check
        junit unit.xml 1 1
        expect 1 check
    done
}

@test "what passed by leniency is said, also where its whole gate passed" {
    reports '{format: junit, path: unit.xml}'
    echo 'gates:
  - name: gate
    require:
      - {rule: tests.failed == 0, on_missing: pass}
      - {any: [tests.total >= 1, tests.passed >= 1], on_missing: pass}' >> .qgate.yml
    expect 0 check --output json=verdict.json
    says "✓ gate  "
    says "no data, passed by \`on_missing\`
      unit.xml is not there"
    says "✓ any: [tests.total >= 1, tests.passed >= 1]  "
    says "none of its rules holds"
    [ "$(jq -r '.gates[0].rules[] | .outcome + ": " + .reason' verdict.json)" = "passed: unit.xml is not there
passed: none of its rules holds" ]
    junit unit.xml
    expect 0 check
    says_not "on_missing"
    says "holds by tests.total >= 1"
    reports '{format: junit, path: unit.xml}'
    printf 'gates:\n  - name: gate\n    require: [{rule: tests.passed >= 3, tolerance: 1}]\n' >> .qgate.yml
    expect 0 check
    says "held only by the tolerance of 1"
}

@test "optional allows a report to be absent, not broken" {
    reports '{format: junit, path: unit.xml, optional: true}'
    rules 'tests.failed == 0'
    echo '<testsuite><testcase' > unit.xml
    expect 3 check
    : > unit.xml
    expect 3 check
    rm unit.xml
    mkdir unit.xml
    expect 3 check
    rmdir unit.xml
    ln -s /etc/passwd unit.xml
    expect 3 check
}

@test "any of several rules: no data in all of them, or in one and a failure in the other" {
    junit unit.xml 1 1
    reports '{format: junit, path: unit.xml}' '{format: cobertura, path: coverage.xml}'
    printf 'gates:\n  - name: gate\n    require:\n      - any: [coverage.lines >= 1%%, coverage.branches >= 1%%]\n' >> .qgate.yml
    expect 2 check
    sed -i 's/coverage.branches >= 1%/tests.failed == 0/' .qgate.yml
    expect 1 check
}

@test "each: no value at all is no data, one bad value among good ones fails" {
    printf 'timeStamp,elapsed,label,success\n' > load.jtl
    reports '{format: jmeter, path: load.jtl}'
    printf 'gates:\n  - name: gate\n    require: [{rule: load.p95 < 800ms, each: label}]\n' >> .qgate.yml
    expect 2 check
    printf '1700000000000,9,a,true\n1700000000000,900,b,true\n1700000000001,9,c,true\n' >> load.jtl
    expect 1 check
    says "900"
}

@test "each of a gate: a good part does not pay for a bad one" {
    printf 'timeStamp,elapsed,label,success\n' > load.jtl
    printf '17000000000%02d,9,a,true\n' {1..90} >> load.jtl
    echo '1700000000000,900,b,true' >> load.jtl
    reports '{format: jmeter, path: load.jtl}'
    printf 'gates:\n  - name: gate\n    require: [load.p95 < 800ms]\n' >> .qgate.yml
    expect 0 check
    echo '    each: label' >> .qgate.yml
    expect 1 check
    says "load.p95 < 800ms for b"
}

@test "a value that is shown rounded is judged unrounded" {
    {
        echo '<coverage><packages><package><classes><class name="A" filename="a.c"><lines>'
        for i in {1..2000}; do echo "<line number=\"$i\" hits=\"$((i > 401))\"/>"; done
        echo '</lines></class></classes></package></packages></coverage>'
    } > coverage.xml
    judged cobertura coverage.xml 'coverage.lines >= 80%'
    expect 1 check
    says "79.95"
    printf 'timeStamp,elapsed,label,success\n' > load.jtl
    for i in {1..1000}; do echo "17000000$((i + 10000)),9,a,$([ "$i" -gt 10 ] && echo true || echo false)"; done >> load.jtl
    judged jmeter load.jtl 'load.error_rate < 1%'
    expect 1 check
}

@test "a last row that was cut off is no sample" {
    printf 'timeStamp,elapsed,label,success\n1700000000000,9,a' > load.jtl
    judged jmeter load.jtl 'load.error_rate < 1%'
    expect 2 check
    says "incomplete"
}

@test "no report at all" {
    expect 2 check
    says "no report was found"
    expect 2 check nothing.xml
    echo hello > notes.txt
    expect 2 check
}

@test "reports that git tracks are not found by themselves" {
    repository
    junit TEST-a.xml
    git add TEST-a.xml
    git commit -q -m report
    expect 2 check
    says "left out what git tracks"
}

@test "without a policy one broken report among good ones spoils the run" {
    junit TEST-a.xml
    echo '<testsuite name="b"><testcase name="t"/>' > TEST-b.xml
    expect 3 check
    says "TEST-b.xml"
    expect 3 check TEST-a.xml TEST-b.xml
    expect 2 check TEST-a.xml TEST-c.xml
}

@test "without a policy a report that was cut off, packed or mixed up is not passed over" {
    junit TEST-a.xml
    printf '<?xml version="1.0"?>\n<!-- ' > TEST-b.xml
    expect 3 check
    says "TEST-b.xml"
    gzip -c TEST-a.xml > TEST-b.xml
    expect 3 check
    echo 'Killed' > TEST-b.xml
    expect 3 check
    rm TEST-b.xml
    echo '{"Schema' > trivy.json
    expect 3 check
    echo '{"private": true}' > trivy.json
    expect 0 check
    says "left out trivy.json"
}

@test "a verdict that cannot be written is not passed" {
    junit unit.xml
    judged junit unit.xml 'tests.failed == 0'
    expect 3 check --output json=nowhere/verdict.json
    mkdir verdict.json
    expect 3 check --output json=verdict.json
    rmdir verdict.json
    for out in '> /dev/full' '>&-'; do
        run bash -c "'$QGATE' check $out"
        [ "$status" -eq 3 ]
    done
}
