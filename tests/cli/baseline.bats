#!/usr/bin/env bats
# Baselines: evidence that is saved or recorded, and what a later run makes of it.

load ../support/common

# A repository whose main has one commit, a policy that compares, and the reports of a build.
project() {
    repository
    mkdir build src
    echo build > .gitignore
    printf 'one\ntwo\n' > src/a.c
    cat > .qgate.yml << 'END'
version: 1
reports:
  - {format: junit, path: build/unit.xml, name: unit}
  - {format: cobertura, path: build/coverage.xml}
gates:
  - name: unit test
    require:
      - delta(coverage.lines) >= 0pp
      - growth(tests.total) >= -5%
      - new(tests.failed) == 0
END
    commit one
    reports
}

commit() {
    git add -A
    git commit -q -m "$1"
}

# reports [HITS_OF_LINE_2 [FAILED]]: of 10 tests and two lines.
reports() {
    junit build/unit.xml 10 "${2:-0}"
    cobertura build/coverage.xml src/a.c "${1:-1}"
}

# A change on a branch of its own, after which reports are as the arguments say.
change() {
    git switch -q -c "change$RANDOM"
    printf 'one\ntwo\nthree\n' > src/a.c
    commit two
    reports "$@"
}

# The pipeline of a merge request whose target is main.
in_merge_request() {
    git update-ref refs/remotes/origin/main main
    export CI=true GITLAB_CI=true CI_MERGE_REQUEST_IID=7 CI_PROJECT_ID=42 CI_DEFAULT_BRANCH=main
    export CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main CI_COMMIT_SHA
    export CI_MERGE_REQUEST_DIFF_BASE_SHA CI_MERGE_REQUEST_EVENT_TYPE=detached
    CI_COMMIT_SHA=$(git rev-parse HEAD)
    CI_MERGE_REQUEST_DIFF_BASE_SHA=$(git merge-base HEAD main)
    export QGATE_PUBLISH=0
}

# The pipeline of a push to the branch.
in_pipeline() {
    export CI=true GITLAB_CI=true CI_PROJECT_ID=42 CI_DEFAULT_BRANCH=main CI_COMMIT_BRANCH=$1
}

@test "the first run warns, and what it records is the next one's baseline" {
    project
    expect 0 check
    says "no baseline: nothing is recorded in .qgate/history.db yet"
    says "! delta(coverage.lines) >= 0pp                                         no baseline, a warning only"
    [ -z "$(git status --porcelain)" ]
    main=$(git rev-parse --short=7 HEAD)
    change 0 1
    expect 1 check
    says "baseline main $main, 0 commits behind"
    says "-50 pp (100 % → 50 %)"
    says "to pass: test 1 more line (of 1 that no test runs)"
    says "+10 % (10 → 11)"
    says "shop.Fee.fails1"
    reports 1
    expect 0 check
    says_not "warning"
}

@test "how far behind the baseline is, is said" {
    project
    expect 0 check --quiet
    first=$(git rev-parse --short=7 HEAD)
    git commit -q --allow-empty -m "docs"
    git commit -q --allow-empty -m "docs"
    change
    expect 0 check
    says "baseline main $first, 2 commits behind"
}

@test "only first-parent ancestors of the base are a baseline" {
    project
    git switch -q -c other
    echo more > src/b.c
    commit other
    reports
    expect 0 check --quiet
    git switch -q main
    git merge -q --no-ff -m merged other
    change
    expect 0 check
    says "no baseline: .qgate/history.db has nothing of"
}

@test "a run without a rule that compares looks nothing up, and is recorded" {
    project
    sed -i '/delta\|growth\|new(/d' .qgate.yml
    echo '      - tests.failed == 0' >> .qgate.yml
    commit plain
    reports
    expect 0 check
    says_not baseline
    [ -e .qgate/history.db ]
    expect 0 check --baseline not-there.json
    says_not not-there
}

@test "without a baseline a policy says what it means, and --require-baseline is stronger" {
    project
    for word in pass:0 warn:0 fail:2; do
        sed -i "s/      - delta.*/      - {rule: delta(coverage.lines) >= 0pp, on_no_baseline: ${word%:*}}/; /growth\|new(/d" \
            .qgate.yml
        commit "$word"
        reports
        rm -rf .qgate
        expect "${word#*:}" check
        rm -rf .qgate
        expect 2 check --require-baseline
        says "no data"
        sed -i 's/      - {rule.*/      - delta(coverage.lines) >= 0pp/' .qgate.yml
    done
}

@test "--save-baseline and --baseline: a file in place of the store" {
    project
    expect 0 check --save-baseline build/baseline.json
    main=$(git rev-parse --short=7 HEAD)
    rm -rf .qgate
    cp build/baseline.json first.json
    expect 0 check --save-baseline build/baseline.json
    cmp first.json build/baseline.json # the same evidence, the same bytes
    rm -rf .qgate
    python3 - "$here/schemas/evidence.schema.json" first.json << 'END'
import json
import sys
import jsonschema
schema, evidence = (json.load(open(path)) for path in sys.argv[1:])
jsonschema.Draft202012Validator.check_schema(schema)
jsonschema.Draft202012Validator(schema).validate(evidence)
END
    mv first.json build
    change 0
    expect 1 check --baseline build/first.json
    says "baseline main $main, 0 commits behind (build/first.json)"
    says "-50 pp (100 % → 50 %)"
    expect 1 check --baseline build/first.json --output json=build/qgate.json
    python3 - << 'END'
import json
verdict = json.load(open("build/qgate.json"))
rule = verdict["gates"][0]["rules"][0]
assert rule["before"] == {"number": 100, "text": "100 %", "part": 2, "whole": 2}, rule
assert rule["now"] == {"number": 50, "text": "50 %", "part": 1, "whole": 2}, rule
assert rule["value"]["number"] == -50 and rule["value"]["unit"] == "pp", rule
assert verdict["baseline"].startswith("main "), verdict["baseline"]
END
}

@test "a baseline of another history is used, and said" {
    project
    expect 0 check --save-baseline build/baseline.json
    sed -i 's/"commit":"[0-9a-f]*"/"commit":"1234567890123456789012345678901234567890"/' \
        build/baseline.json
    change 0
    expect 1 check --baseline build/baseline.json
    says "baseline 1234567 (build/baseline.json), no known ancestor"
    says "lines removed since are still part of it"
    sed -i 's/"commit":"[0-9a-f]*",//' build/baseline.json
    expect 1 check --baseline build/baseline.json
    says "baseline build/baseline.json, of no known commit"
}

@test "a baseline that is not there is no data, one that is damaged an error" {
    project
    expect 2 check --baseline build/baseline.json
    says "no baseline: build/baseline.json is not there"
    echo '{"version": 1, "sources": [' > build/baseline.json
    expect 3 check --baseline build/baseline.json
    says "build/baseline.json: line 2, column"
    says "is not JSON, so it is no saved evidence"
    echo '{"version": 2, "sources": []}' > build/baseline.json
    expect 3 check --baseline build/baseline.json
    says "version 2 of saved evidence is not known"
    expect 3 check --baseline build
    says "build: "
    mkfifo build/pipe
    expect 3 check --baseline build/pipe
    expect 0 check --output json=build/qgate.json
    expect 3 check --baseline build/qgate.json
    says "not evidence that this qgate knows"
}

@test "a baseline that the commit brings along is refused" {
    project
    expect 0 check --save-baseline baseline.json
    commit "brings its own"
    reports
    expect 3 check --baseline baseline.json
    says "git tracks it, so the commit brings its own baseline"
    ln -s ../baseline.json build/link.json
    expect 3 check --baseline build/link.json
    says "git tracks it"
    (cd src && expect 3 check --baseline ../baseline.json)
}

@test "what cannot be written is an error after the verdict" {
    project
    expect 3 check --save-baseline not/there.json
    says "its folder cannot be opened"
    says "make the folder before qgate runs"
    says "unit test"
    expect 3 check --save-baseline build
    says "something else than a file is there"
}

@test "a merge request reads the store and never writes" {
    project
    in_pipeline main
    expect 0 check --quiet
    change 0
    unset CI_COMMIT_BRANCH
    in_merge_request
    before=$(cd .qgate && md5sum ./*)
    expect 1 check --no-publish
    says "0 commits behind"
    [ "$before" = "$(cd .qgate && md5sum ./*)" ]
    expect 1 check --no-publish --save-baseline build/baseline.json
    says "a merge request leaves no baseline: --save-baseline is passed over"
    [ ! -e build/baseline.json ]
    rm -rf .qgate
    expect 0 check --no-publish
    [ ! -e .qgate ]
    expect 0 check --no-publish --verbose
    says "not recorded as a baseline: this is a merge request"
}

@test "another project's record is no baseline" {
    project
    in_pipeline main
    expect 0 check --quiet
    change
    git update-ref refs/remotes/origin/main main
    CI_COMMIT_BRANCH=change expect 0 check
    says "0 commits behind"
    CI_PROJECT_ID=43 CI_COMMIT_BRANCH=change expect 0 check
    says "has nothing of"
}

# rows QUERY: what the store answers, a line for each row, | between the columns.
rows() {
    python3 -c 'import sqlite3, sys
for row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]):
    print("|".join("-" if column is None else str(column) for column in row))' .qgate/history.db "$1"
}

@test "a run of a pipeline is recorded with what it measured, once" {
    project
    cat >> .qgate.yml << 'END'
      - {rule: tests.failed == 0, each: report}
      - any: [coverage.branches >= 70%, coverage.lines >= 40%]
    warn:
      - tests.failed == 0
  - {name: deploy, stage: deploy, require: [tests.failed == 0]}
END
    commit more
    reports 0 1
    in_pipeline main
    export CI_JOB_ID=5 CI_PIPELINE_ID=77 CI_SERVER_URL=https://gitlab.example
    for _ in first again; do
        expect 1 check --quiet
        diff - <(rows "SELECT day, pipeline_id, job_id, sha, ref, stage, policy_hash, verdict, started_ms
            FROM gate_run") << END
20251201|77|5|$(git rev-parse HEAD)|main|build|$(sha256sum < .qgate.yml | cut -d' ' -f1)|failed|1764547200000
END
        diff - <(rows "SELECT metric, subject, value, num, den, threshold, op, m.verdict FROM gate_measurement m
            JOIN gate_run USING (project_id, day, run_id) ORDER BY 1, 2") << 'END'
any|unit test | any: [coverage.branches >= 70%, coverage.lines >= 40%]|-|-|-|-|-|passed
delta(coverage.lines)|unit test | delta(coverage.lines) >= 0pp|-|-|-|0.0|>=|warned
gate|unit test|-|-|-|-|-|failed
growth(tests.total)|unit test | growth(tests.total) >= -5%|-|-|-|-5.0|>=|warned
new(tests.failed)|unit test | new(tests.failed) == 0|-|-|-|0.0|==|warned
tests.failed|unit test | tests.failed == 0|1.0|1.0|11.0|0.0|==|warned
tests.failed|unit test | tests.failed == 0 | unit|1.0|1.0|11.0|0.0|==|failed
END
    done
    CI_JOB_ID=6 expect 1 check --quiet
    [ "$(rows 'SELECT job_id FROM gate_run ORDER BY 1' | xargs)" = "5 6" ]
    [ "$(rows 'SELECT COUNT(*) FROM gate_measurement')" -eq 14 ]
}

@test "a run began with its pipeline, or by itself, and its project can be found by its path" {
    project
    in_pipeline main
    export CI_SERVER_URL=https://gitlab.example CI_PROJECT_PATH=fin/core CI_JOB_ID=1
    CI_PIPELINE_CREATED_AT=2025-11-30T23:50:00Z expect 0 check --quiet
    [ "$(rows 'SELECT started_ms, finished_ms FROM gate_run')" = "1764546600000|1764547200000" ]
    CI_PIPELINE_CREATED_AT=2025-12-02T00:00:00Z expect 0 check --quiet
    [ "$(rows 'SELECT started_ms, finished_ms FROM gate_run')" = "1764547200000|1764547200000" ]
    [ "$(rows "SELECT path, provider, base_url, p.external_id FROM gate_run JOIN project p USING (project_id)")" = \
        "fin/core|gitlab|https://gitlab.example|42" ]

    unset SOURCE_DATE_EPOCH
    CI_JOB_ID=2 expect 0 check --quiet
    rows 'SELECT finished_ms - started_ms FROM gate_run WHERE job_id = 2' > took
    [ "$(cat took)" -gt 0 ]
    [ "$(cat took)" -lt 60000 ]
}

@test "a run of a pipeline that lacks a report is recorded, and is no baseline" {
    project
    in_pipeline main
    rm build/coverage.xml
    expect 2 check --verbose
    says "not recorded as a baseline: a report is missing, or not whole"
    [ "$(rows 'SELECT verdict FROM gate_run')" = "no data" ]
    [ "$(rows 'SELECT COUNT(*) FROM gate_evidence')" -eq 0 ]
    [ "$(rows "SELECT verdict FROM gate_measurement WHERE metric = 'gate'")" = "no data" ]
}

@test "a laptop records its run with its evidence, or neither" {
    project
    expect 0 check --quiet
    expect 0 check --quiet
    [ "$(rows 'SELECT project_id, job_id, ref, verdict FROM gate_run')" = "0|-|main|passed" ]
    rm build/coverage.xml
    expect 2 check --quiet
    [ "$(rows 'SELECT COUNT(*) FROM gate_run')" -eq 1 ]
}

@test "what a store does not take now waits for the next run, and that is said" {
    project
    in_pipeline main
    export QGATE_STORE=postgresql://nobody@127.0.0.1:1/none
    expect 2 check
    [[ "$output" != *"built without PostgreSQL"* ]] || skip "built without PostgreSQL"
    says "the store does not answer: kept in .qgate/spool.jsonl for the next run"
    [ "$(wc -l < .qgate/spool.jsonl)" -eq 1 ]
    unset QGATE_STORE
    SOURCE_DATE_EPOCH=1764633600 expect 0 check
    says_not "spool.jsonl"
    [ "$(rows 'SELECT day, verdict FROM gate_run ORDER BY 1' | xargs)" = "20251201|no data 20251202|passed" ]
    [ ! -s .qgate/spool.jsonl ]
}

@test "projects of two servers that share a store are two" {
    project
    in_pipeline main
    CI_SERVER_URL=https://one.example expect 0 check --quiet
    change
    git update-ref refs/remotes/origin/main main
    CI_SERVER_URL=https://one.example CI_COMMIT_BRANCH=change expect 0 check
    says "0 commits behind"
    CI_SERVER_URL=https://two.example CI_COMMIT_BRANCH=change expect 0 check
    says "has nothing of"
    [ "$(rows 'SELECT COUNT(DISTINCT project_id) FROM gate_run')" -eq 2 ]
}

@test "a merge request of a fork finds the record of its target's project" {
    project
    in_pipeline main
    expect 0 check --quiet
    change
    unset CI_COMMIT_BRANCH
    in_merge_request
    export CI_PROJECT_ID=99 CI_MERGE_REQUEST_PROJECT_ID=42
    expect 0 check --no-publish
    says "0 commits behind"
    [ "$(rows 'SELECT COUNT(*) FROM gate_run')" -eq 1 ]
}

@test "a laptop records only what is of its commit" {
    project
    echo three >> src/a.c
    expect 0 check --verbose
    says "not recorded as a baseline: the work tree is not that of its commit"
    [ ! -e .qgate ]
    git checkout -q src
    touch -d '1 hour' src/a.c
    expect 0 check --verbose
    says "not recorded as a baseline: a report is older than a file of the commit"
    [ ! -e .qgate ]
    touch -d '1 hour ago' src/a.c
    expect 0 check --verbose
    says_not "not recorded"
    [ -e .qgate/history.db ]
}

@test "a pipeline records what its jobs changed" {
    project
    in_pipeline main
    touch -d '1 hour' src/a.c
    echo three >> src/a.c
    expect 0 check --quiet
    [ -e .qgate/history.db ]
}

@test "a run that lacks a report is no baseline, nor one without a policy" {
    project
    rm build/coverage.xml
    expect 2 check --verbose
    says "not recorded as a baseline: a report is missing, or not whole"
    [ ! -e .qgate ]
    git rm -q --cached .qgate.yml
    rm .qgate.yml
    git commit -q -m "no policy"
    expect 0 check --verbose
    says "not recorded as a baseline: there is no policy here"
}

@test "a store that cannot be read is no data, never a pass" {
    project
    mkdir .qgate
    echo "no database" > .qgate/history.db
    expect 2 check
    says "no baseline: .qgate/history.db: "
    QGATE_STORE=build/other.db expect 0 check
    says "nothing is recorded in build/other.db yet"
    change
    QGATE_STORE=build/other.db expect 0 check
    says "0 commits behind"
}

@test "evidence in the store that is damaged is no data" {
    project
    expect 0 check --quiet
    sqlite3 .qgate/history.db "UPDATE gate_evidence SET body = 'x'" 2> /dev/null ||
        python3 -c 'import sqlite3
db = sqlite3.connect(".qgate/history.db"); db.execute("UPDATE gate_evidence SET body = '"'x'"'"); db.commit()'
    change
    expect 2 check
    says ".qgate/history.db: line 1, column 1: is not JSON, so it is no saved evidence"
}

@test "each stage has its own baseline" {
    project
    expect 0 check --quiet
    sed -i 's/  - name: unit test/  - name: unit test\n    stage: deploy/' .qgate.yml
    commit deploy
    reports
    expect 0 check --stage deploy
    says ".qgate/history.db has nothing of"
}

@test "outside a repository there is a file, and no store" {
    project
    expect 0 check --save-baseline build/baseline.json
    rm -rf .git .qgate
    reports 0
    expect 0 check
    says "no baseline: there is no repository here, and so no earlier commit"
    [ ! -e .qgate ]
    expect 1 check --baseline build/baseline.json
    says "-50 pp (100 % → 50 %)"
}

@test "the first commit has nothing before it" {
    project
    rm -rf .git
    git init -q -b main .
    git config user.email test@example.org
    git config user.name test
    commit first
    reports
    expect 0 check --quiet
    expect 0 check
    says "no baseline: there is no earlier commit"
}

@test "lines that were removed are no loss" {
    project
    printf 'one\ntwo\n' > src/b.c
    commit b
    sed 's/src\/a.c/src\/b.c/; s/hits="0"/hits="1"/' build/coverage.xml > build/b.xml
    sed -i 's/path: build\/coverage.xml/path: "build\/*.xml", name: coverage/; s/junit, path: build\/unit.xml/junit, path: build\/unit\/u.xml/' .qgate.yml
    mkdir build/unit && mv build/unit.xml build/unit/u.xml
    commit globs
    cobertura build/coverage.xml src/a.c 0
    cobertura build/b.xml src/b.c 1
    touch build/unit/u.xml
    expect 0 check --quiet
    git switch -q -c smaller
    git rm -q src/b.c
    commit smaller
    rm build/b.xml
    touch build/*.xml build/*/*.xml
    expect 0 check
    says "0 pp (50 % → 50 %)"
    says "the baseline is 75 % with the lines that were removed since"
}

@test "what the policy ignores is ignored in the baseline too" {
    project
    cobertura build/coverage.xml src/a.c 0
    expect 0 check --save-baseline build/baseline.json
    echo 'paths: {ignore: ["src/a.c"]}' >> .qgate.yml
    commit ignore
    reports
    expect 2 check --baseline build/baseline.json
    says "no source file is listed"
}

@test "a vulnerability that was published since is told apart" {
    repository
    mkdir build
    echo build > .gitignore
    echo lock > package-lock.json
    cat > .qgate.yml << 'END'
version: 1
reports: [{format: trivy, path: build/trivy.json}]
gates:
  - {name: scan, require: [new(vulnerabilities) == 0]}
END
    scan() {
        cat > build/trivy.json << END
{"SchemaVersion": 2, "ArtifactType": "filesystem", "Results": [
  {"Target": "package-lock.json", "Class": "lang-pkgs", "Vulnerabilities": [$1]}]}
END
    }
    commit one
    scan ""
    expect 0 check --quiet
    git switch -q -c change
    echo code > a.js
    commit two
    scan '{"VulnerabilityID": "CVE-1", "PkgName": "p", "InstalledVersion": "1", "FixedVersion": "2", "Severity": "HIGH"}'
    expect 0 check --verbose
    says "CVE-1"
    says "newly disclosed, in a package that did not change"
    says "1 vulnerability newly disclosed"
    echo changed > package-lock.json
    commit three
    scan '{"VulnerabilityID": "CVE-1", "PkgName": "p", "InstalledVersion": "1", "FixedVersion": "2", "Severity": "HIGH"}'
    expect 1 check
    says "to pass: update p to 2"
}
