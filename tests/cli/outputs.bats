#!/usr/bin/env bats
# The outputs that GitLab and other programs read: each as its readers read it, whatever the texts say.

load ../support/common

OUTPUTS="json markdown codequality junit metrics cobertura annotations dotenv"

# Every output of one run, each in a file of its name, and the terminal's with its messages. $1: exit status
write_all() {
    local wanted=$1 arguments=() name
    shift
    for name in $OUTPUTS; do
        arguments+=(--output "$name=$name")
    done
    run qgate check --verbose "${arguments[@]}" "$@"
    echo "$output" > terminal
    [ "$status" -eq "$wanted" ] || {
        echo "exit $status, expected $wanted"
        head -n 20 terminal
        return 1
    }
}

# check [DIRECTORY… | --job=URL]
check() {
    command -v cmark-gfm > /dev/null || skip "cmark-gfm is not here"
    [[ "${1:-}" == ../* ]] || set -- . "$@"
    python3 "$here/tests/support/check_outputs.py" "$here/schemas/public" "$@"
}

demo() {
    mkdir -p build
    cp "$here/tests/demo/policy.yml" .qgate.yml
    cp "$here/tests/demo/$1"/* build
}

@test "a failing run" {
    demo failing
    write_all 1
    check
    [ "$(grep -c '^| \*\*failed\*\* | `unit test` | `tests.failed == 0`: \*\*2 of 13\*\*' markdown)" -eq 1 ]
    grep -q '^QGATE_RULES_FAILED=3$' dotenv
    grep -q '^qgate_rule_value{gate="unit test",rule="coverage.lines >= 85%",unit="%"} 79.545455$' metrics
    [ "$(jq -r '.[] | select(.check_name == "CVE-2024-5535") | .severity' codequality)" = blocker ]
    [ "$(jq -r '.qgate[].external_link.url' annotations)" = https://nvd.nist.gov/vuln/detail/CVE-2024-5535 ]
}

@test "a passing run is one line, and details" {
    demo passing
    write_all 0
    check
    [ "$(head -n 1 markdown)" = '**qgate: passed.** 4 gates · 8 rules. Coverage is 94.3 %.' ]
    ! grep -q 'what is wrong' markdown
    [ "$(cat codequality)" = '[]' ]
    ! grep -q '<failure\|<error\|<skipped' junit
}

@test "a warning with --strict, and a waived gate" {
    demo passing
    sed -i 's/coverage.branches >= 80%/tests.total >= 1000/; s/load.p95 < 300ms/load.p95 < 1ms/' .qgate.yml
    echo 'waivers: [{gate: load test, reason: slow today, owner: us, expires: 2025-12-05}]' >> .qgate.yml
    write_all 1 --strict
    check
    [[ "$(head -n 1 markdown)" == '**qgate: warned.**'*'`--strict`: a warning fails. A waiver ends in 4 days.' ]]
    grep -q 'Waived: `load test`\.' markdown
    grep -q '^| waived | `load test` | `load.p95 < 1ms` |' markdown
    grep -q '<skipped message="waived: 160 ms' junit
    [ "$(jq length codequality)" -eq 1 ] # the warning: what is waived is no defect
}

@test "a run without data, with a broken report and with one that no rule reads" {
    demo passing
    rm build/image.json
    head -c 400 "$here/tests/demo/passing/coverage.xml" > build/coverage.xml
    sed -i '/name: load test/,$d' .qgate.yml
    rm build/load.jtl
    write_all 3
    check
    grep -q 'Nothing failed, but nothing proves that it is good' markdown
    grep -q '^| \*\*no.data\*\* | report `jmeter` |' markdown
    grep -q 'XML\|line [0-9]' markdown
    ! grep -q 'vulnerabilities.*} 0$' <(grep rule_value metrics)
    grep -q '^QGATE_OUTCOME=error$' dotenv
}

@test "no report at all" {
    write_all 2
    check
    grep -q '^\*\*qgate: no data\.\*\* nothing was judged.* `no report was found' markdown
    grep -q '<error type="no data"' junit
    [ "$(jq length codequality)" -eq 1 ]
}

@test "waivers of QGATE_WAIVERS are named" {
    demo failing
    echo '[{gate: unit test, reason: on fire, owner: us, expires: 2026-01-01}]' > waivers.yml
    QGATE_WAIVERS=waivers.yml write_all 1
    check
    grep -q '^1 waiver added by `QGATE_WAIVERS`: `.*waivers.yml`$' markdown
    grep -q 'property name="QGATE_WAIVERS" value=".*waivers.yml"' junit
    grep -q '^qgate_waivers_from_environment 1$' metrics
}

@test "links lead to the job's files, where GitLab says which job it is" {
    demo failing
    job=https://gitlab.example/group/app/-/jobs/42
    echo 'outputs: [{format: junit, path: "build/a b--c.xml"}]' > more
    sed -i '/^outputs:/d' .qgate.yml
    cat more >> .qgate.yml
    GITLAB_CI=true CI_JOB_URL=$job write_all 1 --color never
    sed -i 's/\x1b\[0K\|\x1b\[0m\|\r\|section_[a-z]*:[0-9]*:[a-z_0-9]*\(\[collapsed=true\]\)\?//g' terminal
    check "--job=$job"
    grep -q " \[Job\]($job)\.</sub>\$" markdown
    [ "$(jq -r '.qgate[0].external_link.url' annotations)" = "$job/artifacts/file/build/a%20b-%2Dc.xml" ]
    GITLAB_CI=true CI_JOB_URL='https://x.example/)[a](http://evil.example' write_all 1 --color never
    ! grep -q 'evil' markdown annotations
}

@test "two rules of one text in one gate have names of their own" {
    junit tests.xml 1 1
    cat > .qgate.yml << 'END'
version: 1
reports: [{format: junit, path: tests.xml}]
gates:
  - name: 'a#b'
    require:
      - tests.failed == 0
      - {rule: tests.failed == 0, enforce_from: 2027-01-01}
  - name: a?b
    require: [tests.failed == 0]
END
    write_all 1
    check
    grep -q '^qgate_rule_outcome{gate="a?b",rule="tests.failed == 0",again="2"} 6$' metrics
    grep -q 'name="tests.failed == 0 (2)"' junit
}

@test "the same finding behind two rules is one defect" {
    demo failing
    cat >> .qgate.yml << 'END'
  - {name: again, require: ['vulnerabilities{severity="critical"} == 0']}
END
    sed -i '/^outputs:/d' .qgate.yml
    write_all 1
    check
    [ "$(jq '[.[] | select(.check_name == "CVE-2024-5535")] | length' codequality)" -eq 1 ]
}

@test "a defect stands in the repository: what a report places elsewhere stands where the policy demands it" {
    repository
    {
        echo '<testsuite name="unit">'
        for path in ../up.py ../../etc/passwd /abs.py C:/drive.py src/in.py; do
            echo "<testcase name=\"$path\" file=\"$path\"><failure message=\"no\"/></testcase>"
        done
        echo '</testsuite>'
    } > unit.xml
    printf '%s\n' 'version: 1' 'reports: [{format: junit, path: unit.xml}]' \
        'gates: [{name: unit test, require: [tests.failed == 0]}]' > .qgate.yml
    write_all 1
    check
    [ "$(jq -r '[.[].location.path] | unique | join(" ")' codequality)" = src/in.py ]
    sed -i '/in.py/d' unit.xml
    write_all 1
    check
    [ "$(jq -r '.[] | "\(.location.path):\(.location.lines.begin)"' codequality)" = .qgate.yml:3 ]
}

@test "coverage: the union of all reports, ignored files left out, repository paths" {
    repository
    mkdir -p src generated
    touch src/a.c generated/b.c
    git add .
    git commit -q -m files
    cobertura one.xml /build/src/a.c 0
    cobertura two.xml src/a.c 1
    cobertura three.xml generated/b.c
    policy '{format: cobertura, path: one.xml, name: one}' '{format: cobertura, path: two.xml, name: two}' \
        '{format: cobertura, path: three.xml, name: three}'
    sed -i 's/tests.failed == 0/coverage.lines >= 1%/' .qgate.yml
    echo 'paths: {ignore: ["generated/**"]}' >> .qgate.yml
    write_all 0
    check
    [ "$(xmllint --xpath 'string(/coverage/@line-rate)' cobertura)" = 1.0000 ]
    [ "$(xmllint --xpath 'count(//class)' cobertura)" = 1 ]
    [ "$(xmllint --xpath 'string(//class/@filename)' cobertura)" = src/a.c ]
}

# large FILES: a report of so many files with 1,000 lines each
large() {
    awk -v files="$1" 'BEGIN {
        print "<coverage><packages><package><classes>"
        for (i = 1; i <= files; i++) {
            printf "<class filename=\"src/f%d.c\"><lines>\n", i
            for (j = 1; j <= 1000; j++)
                printf "<line number=\"%d\" hits=\"1\"/>\n", j
            print "</lines></class>"
        }
        print "</classes></package></packages></coverage>"
    }' > coverage.xml
}

@test "coverage of more than 10 MiB: only the files of the change" {
    repository
    policy '{format: cobertura, path: coverage.xml}'
    sed -i 's/tests.failed == 0/coverage.lines >= 1%/' .qgate.yml
    mkdir src
    for i in $(seq 300); do
        echo one > "src/f$i.c"
    done
    git add .
    git commit -q -m files
    git checkout -q -b work
    echo two >> src/f7.c
    git commit -q -a -m change
    large 300
    expect 0 check --target main --output cobertura=cobertura
    [ "$(xmllint --xpath 'count(//class)' cobertura)" = 1 ]
    [ "$(xmllint --xpath 'string(//class/@filename)' cobertura)" = src/f7.c ]
    xmllint --noout --dtdvalid "$here/schemas/public/cobertura.dtd" cobertura
    large 200 # that is just below
    expect 0 check --target main --output cobertura=cobertura
    [ "$(xmllint --huge --xpath 'count(//class)' cobertura)" = 200 ]
    [ "$(stat -c %s cobertura)" -gt $((8 << 20)) ]
}

@test "the note says what the branch would make of the policy" {
    repository
    policy '{format: junit, path: t.xml}'
    git add .
    git commit -q -m policy
    git checkout -q -b work
    sed -i 's/tests.failed == 0/tests.failed <= 100/' .qgate.yml
    git commit -q -a -m loosen
    junit t.xml 3 1
    write_all 1 --target main
    check
    grep -q '^<details><summary>This branch loosens the policy in 1 place, but the policy of its target judged it<' markdown
    grep -q '^| loosened | `unit: tests.failed` | `== 0` | `<= 100` |$' markdown
}

@test "the first line says when a branch was judged by its own policy" {
    repository
    git checkout -q -b work
    policy '{format: junit, path: t.xml}'
    git add .
    git commit -q -m 'the first policy'
    junit t.xml 3 0
    write_all 0 --target main
    check
    [[ "$(head -n 1 markdown)" == *' Judged by its own policy.' ]]
}

@test "what qgate wrote is no report: neither found nor read" {
    junit TEST-a.xml 3 0
    cobertura coverage.xml
    qgate check --output junit=TEST-verdict.xml --output cobertura=cobertura.xml || true
    [ -s TEST-verdict.xml ] && [ -s cobertura.xml ]
    expect 0 check --verbose
    says "cobertura 1, junit 1 files"
    expect 3 read --format junit TEST-verdict.xml
    says "qgate wrote this"
    expect 3 read --format cobertura cobertura.xml
    says "qgate wrote this"
    policy '{format: junit, path: "TEST-*.xml"}'
    expect 3 check
    says "TEST-verdict.xml"
}

@test "the same input gives the same bytes, wherever and whenever" {
    demo failing
    write_all 1
    for name in $OUTPUTS; do
        mv "$name" "$name.first"
    done
    LC_ALL=de_DE.UTF-8 TZ=Asia/Tokyo NO_COLOR=1 write_all 1
    for name in $OUTPUTS; do
        cmp "$name" "$name.first"
    done
}

@test "a note of many problems is cut between rows, and what is left out is counted" {
    {
        echo 'timeStamp,elapsed,label,success'
        seq 1 3000 | sed 's/.*/1700000000000,900,label & of a page with a name that is rather long,true/'
    } > load.jtl
    cat > .qgate.yml << 'END'
version: 1
reports: [{format: jmeter, path: load.jtl}]
gates: [{name: load, require: [{rule: load.p95 < 1ms, each: label}, {rule: load.max < 1ms, each: label}]}]
END
    write_all 1
    check
    grep -q '^… and 5,900 problems more: the json output has all of them\.$' markdown
    grep -q '^… and 5,000 rules more: ' markdown
}

@test "no hostile text has an effect: all of them in one build" {
    python3 "$here/tests/support/hostile_texts.py" .
    write_all 1 --policy policy*
    check
}

@test "no hostile text has an effect: each of them alone" {
    python3 "$here/tests/support/hostile_texts.py" --each ..
    [ -d ../79 ]
    for build in ../[0-9]*; do
        cd "$build"
        write_all 1 --policy policy*
    done
    check ../[0-9]*
}
