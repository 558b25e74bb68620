#!/usr/bin/env bats
# The baseline that a job of the target branch left in GitLab, and every way not to get it.

load ../support/common
load ../support/gitlab

# A branch that adds a test, in the pipeline of its merge request. The job of main has left evidence of main:
# ten tests, of which none fails.
begin() {
    gitlab_begin
    git switch -q main
    gitlab_policy 'growth(tests.total) >= -10%'
    git commit -qam compares
    git branch -f before main~1
    evidence=$(evidence_of main)
    git switch -q -C feature main
    echo 'int e;' >> src/fee.c
    git commit -qam feature
    junit unit.xml "${1:-10}"
    gitlab_pipeline
    export CI_JOB_NAME=qgate
    gitlab_forget
}

# evidence_of COMMIT: what `qgate check` saves in a pipeline of that commit.
evidence_of() {
    git switch -q --detach "$1"
    junit unit.xml 10
    (
        unset "${!CI_@}" QGATE_GITLAB_TOKEN
        CI=true GITLAB_CI=true QGATE_STORE=$BATS_TEST_TMPDIR/other.db \
            qgate check --quiet --save-baseline "$BATS_TEST_TMPDIR/evidence.json" > /dev/null
    ) || true # whatever the verdict
    cat "$BATS_TEST_TMPDIR/evidence.json"
}

# left TEXT [KEY]: GitLab has it as the artifact of main's job. The proxy of make contract takes the path of an
# artifact for a single segment, GitLab for all that follows.
left() {
    [[ -z "${GITLAB_PROXY:-}" || "$#" -eq 2 && "$2" != */* ]] || skip "a path of several segments"
    gitlab_set "$(jq -n --arg text "$1" --arg key "${2:-main qgate qgate-out/evidence.json}" \
        '{artifacts: {($key): $text}}')"
}

# As the pipeline has it without a token of the project.
job_token() {
    unset QGATE_GITLAB_TOKEN
    export CI_JOB_TOKEN=job
    gitlab_set "{\"tier\": \"$1\"}"
}

# tells TEXT: $output holds it, however its lines are broken.
tells() {
    local text
    text=$(tr -s '\n ' '  ' <<< "$output" | tr -s ' ')
    [[ "$text" == *"$1"* ]] || {
        echo "missing: $1"
        echo "in: $output"
        return 1
    }
}

# ran COMMIT [TEXT [JOB]]: main had a pipeline for it, before those that are known already, whose job left TEXT
# as $saved.
ran() {
    local path=${saved:-qgate-out/evidence.json}
    [[ -z "${GITLAB_PROXY:-}" || "$path" != */* ]] || skip "a path of several segments"
    gitlab_state | jq --arg sha "$(git rev-parse "$1")" --arg text "${2:-}" --arg job "${3:-qgate}" --arg path "$path" '
        (900 - (.pipelines | length)) as $id | {pipelines: (.pipelines + [{id: $id, ref: "main", sha: $sha, jobs: [
            {id: (5000 + $id), name: "unit test", artifacts: {"qgate-out/evidence.json": "x"}},
            {id: (7000 + $id), name: $job,
             artifacts: (if $text == "" then {} else {($path): $text} end)}]}])}' \
        > "$BATS_TEST_TMPDIR/pipelines.json"
    gitlab_set "@$BATS_TEST_TMPDIR/pipelines.json"
}

# main_goes_on [COUNT]: so many commits, whose newest pipeline left evidence.
main_goes_on() {
    git switch -q main
    for _ in $(seq "${1:-1}"); do
        git commit -q --allow-empty -m later
    done
    left "$(evidence_of main)"
    git switch -q feature
    junit unit.xml 8
    base=$(git merge-base main feature)
    gitlab_forget
}

asked_for_artifacts() {
    gitlab_jq '[.requests[].path | select(test("/jobs/artifacts/"))] | length'
}

main() {
    git rev-parse --short=7 main
}

@test "the evidence of the target's job is the baseline" {
    begin 8
    left "$evidence"
    expect 1 check --no-publish
    tells "baseline main $(main), 0 commits behind (qgate-out/evidence.json of the job qgate on main)"
    tells "-20 % (10 → 8)"
    [ "$(asked_for_artifacts)" -eq 1 ]
    [ ! -e .qgate ]
}

@test "evidence of an earlier commit of the target is taken, and how far behind is said" {
    begin
    left "$(evidence_of before)"
    git switch -q feature
    junit unit.xml 10
    expect 0 check --no-publish
    tells "baseline main $(git rev-parse --short=7 before), 1 commit behind (qgate-out/evidence.json of"
}

@test "the job token gets it with a paid plan, and without one it is said" {
    begin 8
    left "$evidence"
    job_token premium
    expect 1 check
    tells "0 commits behind"
    [ "$(gitlab_jq '.requests[0].token')" = 'JOB-TOKEN: job' ]
    job_token free
    expect 0 check
    tells "main: GitLab answers 404: 404 Project Not Found; the job token may download artifacts only with a paid plan: set QGATE_GITLAB_TOKEN, or keep the store in the cache"
    tells "no baseline, a warning only"
    expect 2 check --require-baseline
}

@test "a job token that is refused is without a paid plan too" {
    begin
    job_token free
    gitlab_fault '{"do": "status", "status": 403, "path": "/jobs/artifacts/", "times": 1}'
    expect 0 check
    tells "GitLab answers 403: the job token may not do this; the job token may"
}

@test "a target that left nothing is no baseline, with either token" {
    begin
    expect 0 check --no-publish
    tells "no baseline: GitLab has no qgate-out/evidence.json of the job qgate on main"
    tells "no baseline, a warning only"
    job_token premium
    expect 0 check
    tells "no baseline: GitLab has no qgate-out/evidence.json of the job qgate on main"
    expect 2 check --require-baseline
}

@test "evidence of a commit after the base is refused: the target has moved on" {
    begin
    git switch -q main
    git commit -q --allow-empty -m later
    left "$(evidence_of main)"
    git switch -q feature
    junit unit.xml 8
    expect 0 check --no-publish
    says_not "commits behind"
    tells "is of $(main), not of the base $(git rev-parse --short=7 main~1) or an earlier commit: the target has moved on"
}

@test "the target has moved on: the evidence of the base's own pipeline is taken" {
    begin
    main_goes_on
    ran main "$(evidence_of main)"
    ran "$base" "$evidence"
    ran before "$(evidence_of before)"
    git switch -q feature
    junit unit.xml 8
    expect 1 check --no-publish
    tells "baseline main ${base:0:7}, 0 commits behind (qgate-out/evidence.json of the job qgate on main)"
    tells "-20 % (10 → 8)"
    [ "$(gitlab_jq '.requests | map(.path | sub(".*/projects/1"; "") | sub("\\?.*"; "")) | join(" ")')" = \
        "/jobs/artifacts/main/raw/qgate-out/evidence%2Ejson /pipelines /pipelines/899/jobs /jobs/7899/artifacts/qgate-out/evidence%2Ejson" ]
}

@test "the same with a file at the root" {
    begin 8
    left "$(evidence_of before)" 'main qgate base.json'
    saved=base.json ran main "$evidence"
    git switch -q feature
    junit unit.xml 8
    expect 1 check --no-publish --save-baseline base.json
    tells "0 commits behind (base.json of the job qgate on main)"
}

@test "a pipeline that left nothing gives way to the one before it, three times" {
    begin
    main_goes_on
    ran main ""
    ran "$base" "" # of this one nothing is left
    ran "$base" "x" "another job"
    ran before "$(evidence_of before)"
    git switch -q feature
    junit unit.xml 8
    expect 1 check --no-publish
    tells "baseline main $(git rev-parse --short=7 before), 1 commit behind"
    gitlab_set '{"pipelines": []}'
    for _ in 1 2 3; do
        ran "$base" ""
    done
    ran before "$(evidence_of before)"
    git switch -q feature
    junit unit.xml 8
    gitlab_forget
    expect 0 check --no-publish
    tells "is of $(main), not of the base ${base:0:7} or an earlier commit: the target has moved on"
    [ "$(gitlab_asked)" -le 8 ]
}

@test "the pipeline of the base is found behind a hundred others" {
    begin
    main_goes_on
    gitlab_set "$(jq -nc --arg sha "$(git rev-parse main)" \
        '{pipelines: [range(150) | {id: (2000 - .), ref: "main", sha: $sha, jobs: []}]}')"
    ran "$base" "$evidence"
    expect 1 check --no-publish
    tells "baseline main ${base:0:7}, 0 commits behind"
    gitlab_set "$(jq -nc --arg sha "$(git rev-parse main)" \
        '{pipelines: [range(700) | {id: (2000 - .), ref: "main", sha: $sha, jobs: []}]}')"
    gitlab_forget
    expect 0 check --no-publish
    tells "the target has moved on"
    [ "$(gitlab_asked)" -le 6 ] # not through all there ever was
}

@test "nearer evidence than the newest that succeeded is taken, and any is better than none" {
    begin
    base=$(git rev-parse main)
    ran "$base" "$evidence" # its pipeline failed
    left "$(evidence_of before)"
    git switch -q feature
    junit unit.xml 8
    expect 1 check --no-publish
    tells "baseline main ${base:0:7}, 0 commits behind"
    for fault in '{"do": "status", "status": 404, "path": "/jobs/7900/artifacts/", "body": "{}"}' \
        '{"do": "status", "status": 500, "path": "/pipelines", "body": "{}"}'; do
        gitlab_fault "$fault"
        expect 1 check --no-publish
        tells "baseline main $(git rev-parse --short=7 before), 1 commit behind"
    done
}

@test "a search that is not answered, or answered with something else, is no data" {
    begin
    main_goes_on
    ran "$base" "$evidence"
    for fault in '"status": 500, "path": "/pipelines"' '"status": 500, "path": "/pipelines/900/jobs"' \
        '"status": 403, "path": "/pipelines"' '"status": 500, "path": "/jobs/7900/artifacts/"'; do
        gitlab_fault "{\"do\": \"status\", \"body\": \"{}\", $fault}"
        expect 2 check --no-publish
        tells "no baseline: qgate-out/evidence.json of the job qgate on main: GitLab answers"
    done
    gitlab_fault '{"do": "status", "status": 200, "path": "/pipelines", "body": "{}"}'
    expect 2 check --no-publish
    tells "is no list"
    gitlab_fault '{"do": "status", "status": 200, "path": "/jobs/7900/artifacts/", "body": "<html>log in</html>"}'
    expect 2 check --no-publish
    tells "is not JSON, so it is no saved evidence"
}

@test "what a pipeline left is of the commit that it says, or nothing" {
    begin
    main_goes_on
    ran "$base" "$(evidence_of main)" # made by somebody who is of the branch main, too
    git switch -q feature
    junit unit.xml 8
    expect 0 check --no-publish
    tells "the target has moved on"
}

@test "the token of the job does not search: it may not" {
    begin
    main_goes_on
    ran "$base" "$evidence"
    job_token premium
    expect 0 check --no-publish
    tells "the target has moved on"
    [ "$(gitlab_asked)" -eq 1 ]
}

@test "evidence of the branch, or of no commit, is refused" {
    begin
    left "$(evidence_of feature)"
    git switch -q feature
    junit unit.xml 8
    expect 0 check --no-publish
    tells "the target has moved on"
    left "$(jq -c 'del(.commit)' <<< "$evidence")"
    expect 0 check --no-publish
    tells "is of no known commit"
}

@test "evidence that is damaged is no data" {
    begin
    for text in '{"version": 1, "sources": [' 'x' '' '<html>log in</html>'; do
        left "$text"
        expect 2 check --no-publish
        tells "qgate-out/evidence.json of the job qgate on main: line"
        tells "is not JSON, so it is no saved evidence"
    done
}

@test "a GitLab that does not answer is no data, never a pass" {
    begin
    left "$evidence"
    gitlab_fault '{"do": "status", "status": 500, "path": "/jobs/artifacts/", "times": 1}'
    expect 2 check --no-publish
    tells "no baseline: qgate-out/evidence.json of the job qgate on main: GitLab answers 500"
    gitlab_fault '{"do": "redirect", "location": "http://127.0.0.1:1/", "path": "/jobs/artifacts/", "times": 1}'
    expect 2 check --no-publish
    tells "GitLab answers 302"
    gitlab_stop
    CI_API_V4_URL=http://127.0.0.1:1/api/v4 expect 2 check --no-publish
    tells "on main: "
}

@test "a token of the project that is refused is no data" {
    begin
    left "$evidence"
    QGATE_GITLAB_TOKEN=wrong expect 2 check --no-publish
    tells "GitLab answers 401: the token of QGATE_GITLAB_TOKEN is not valid"
}

@test "a clone too shallow to show the commit of the evidence is told to fetch more" {
    begin
    left "$(evidence_of before)"
    git switch -q feature
    git clone -q --depth 2 --branch feature "file://$PWD" "$BATS_TEST_TMPDIR/shallow"
    cp coverage.xml unit.xml "$BATS_TEST_TMPDIR/shallow"
    cd "$BATS_TEST_TMPDIR/shallow"
    expect 0 check --no-publish
    tells "is of $(git --git-dir "$OLDPWD/.git" rev-parse --short=7 before), not of the base"
    tells "and this clone ends 0 commits before that"
    expect 2 check --no-publish --require-baseline
    tells "to pass: git fetch --deepen=100"
    cd "$OLDPWD"
    git clone -q --depth 1 --branch feature "file://$PWD" "$BATS_TEST_TMPDIR/shallower"
    cp coverage.xml unit.xml "$BATS_TEST_TMPDIR/shallower"
    cd "$BATS_TEST_TMPDIR/shallower"
    gitlab_forget
    expect 2 check --no-publish
    tells "is not in this clone"
    [ "$(asked_for_artifacts)" -eq 0 ]
}

@test "a file at the root is asked for by its name" {
    begin 8
    left "$evidence" 'main qgate base.json'
    expect 1 check --no-publish --save-baseline base.json
    tells "0 commits behind (base.json of the job qgate on main)"
}

@test "the job and the file have the names they have here" {
    begin 8
    left "$evidence" 'main gate: [a] out/base.json'
    mkdir out
    CI_JOB_NAME='gate: [a]' expect 1 check --no-publish --save-baseline out/base.json
    tells "0 commits behind (out/base.json of the job gate: [a] on main)"
    [ ! -e out/base.json ]
    unset CI_JOB_NAME
    left "$evidence"
    (cd out && expect 1 check --no-publish --save-baseline ../../elsewhere.json)
}

@test "nothing is asked that the store or the command line knows, or that no rule needs" {
    begin 8
    left "$evidence"
    echo "$evidence" > "$BATS_TEST_TMPDIR/base.json"
    expect 1 check --no-publish --baseline "$BATS_TEST_TMPDIR/base.json"
    git switch -q main
    junit unit.xml 10
    (unset "${!CI_MERGE_@}" && CI_COMMIT_BRANCH=main expect 0 check --no-publish)
    git switch -q feature
    junit unit.xml 8
    expect 1 check --no-publish
    tells "baseline main $(main), 0 commits behind"
    says_not "of the job"
    [ "$(asked_for_artifacts)" -eq 0 ]
}

@test "a policy that compares nothing asks for nothing" {
    gitlab_begin
    gitlab_forget
    expect 1 check --no-publish
    [ "$(gitlab_asked)" -eq 0 ]
}

@test "without an address or a token, and outside a merge request, GitLab is no source" {
    begin
    left "$evidence"
    (unset CI_API_V4_URL && expect 0 check --no-publish)
    (unset QGATE_GITLAB_TOKEN && expect 0 check --no-publish)
    unset "${!CI_MERGE_@}"
    git update-ref refs/remotes/origin/main main
    CI_COMMIT_BRANCH=feature expect 0 check --no-publish
    [ "$(asked_for_artifacts)" -eq 0 ]
}

@test "a damaged store is no data, whatever GitLab has" {
    begin
    left "$evidence"
    mkdir .qgate
    echo "no database" > .qgate/history.db
    expect 2 check --no-publish
    tells "no baseline: .qgate/history.db: "
    [ "$(asked_for_artifacts)" -eq 0 ]
}
