#!/usr/bin/env bats
# The summary: when it is written, when it is left alone, what is in it; and the answers of a GitLab that is slow,
# broken or closed.

load ../support/common
load ../support/gitlab

# policy_with PUBLISH: on main, the branch on top of it
policy_with() {
    git checkout -q main
    PUBLISH=$1 gitlab_policy 'tests.failed == 0' 'new(coverage.lines) >= 90%'
    git commit -q --allow-empty -am policy
    git checkout -q feature
    git rebase -q main
    gitlab_pipeline
}

@test "note: always keeps the commit current, on_change only what matters" {
    gitlab_begin
    expect 1 check
    git commit -q --allow-empty -m "nothing new"
    gitlab_pipeline
    gitlab_forget
    expect 1 check
    is 0 "$(gitlab_asked 'PUT')"
    policy_with 'note: always'
    expect 1 check
    git commit -q --allow-empty -m "nothing new again"
    gitlab_pipeline
    gitlab_forget
    expect 1 check
    is 1 "$(gitlab_asked 'PUT')"
    output=$(gitlab_note)
    says "$(git rev-parse HEAD | cut -c 1-12)"
}

@test "note: on_fail writes nothing while all is well, and says when it is well again" {
    gitlab_begin
    policy_with 'note: on_fail'
    gitlab_reports 1 1 1
    expect 0 check
    is 0 "$(gitlab_notes)"
    gitlab_reports 1 0 1
    expect 1 check
    is 1 "$(gitlab_notes)"
    gitlab_reports 1 1 1
    expect 0 check
    output=$(gitlab_note)
    says '**qgate: passed.**'
}

@test "--strict: where a warning fails the job on_fail writes a note, and the gate's status is failed" {
    gitlab_begin
    policy_with 'note: on_fail, status: true'
    gitlab_reports 1 1 1
    git checkout -q main
    sed -i 's/^publish/    warn: [tests.total >= 100]\n&/' .qgate.yml
    git commit -qam warn && git checkout -q feature && git rebase -q main
    gitlab_pipeline
    expect 0 check
    is '0 success' "$(gitlab_notes) $(gitlab_jq '.statuses[0].status')"
    expect 1 check --strict --output json=v.json
    output=$(gitlab_note)
    says '**qgate: warned.** 1 gate'
    says '`--strict`: a warning fails.'
    is failed "$(gitlab_jq '.statuses[0].status')"
    gitlab_set '{"discussions": [], "statuses": []}'
    expect 0 publish v.json
    is '1 failed' "$(gitlab_notes) $(gitlab_jq '.statuses[0].status')"
}

@test "note: never leaves threads and statuses" {
    gitlab_begin
    policy_with 'note: never, status: true'
    expect 1 check
    is 0 "$(gitlab_notes)"
    is 1 "$(gitlab_threads)"
    is failed "$(gitlab_jq '.statuses[0].status')"
}

# Verdicts of two stages in build.json and deploy.json.
two_stages() {
    git checkout -q main
    sed -i '/^publish/d' .qgate.yml
    echo '  - {name: release, stage: deploy, require: [tests.total >= 2]}' >> .qgate.yml
    git commit -qam stages
    git checkout -q feature && git rebase -q main
    gitlab_pipeline
    expect 1 check --no-publish --output json=build.json
    run qgate check --no-publish --stage deploy --output json=deploy.json
}

@test "the verdicts of two stages make one note, which changes when either does" {
    gitlab_begin
    two_stages
    expect 0 publish build.json deploy.json
    output=$(gitlab_note)
    says '**qgate: failed.** `unit test`'
    says '**qgate: passed.**'
    is 1 "$(grep -c '<!-- ' <<< "$output")"
    is '<!-- qgate:note v1 policy=.qgate.yml stage=build+deploy -->' "$(tail -n 1 <<< "$output")"
    gitlab_forget
    expect 0 publish build.json deploy.json
    is 0 "$(gitlab_asked 'POST|PUT|DELETE')"
    junit unit.xml 1
    expect 1 check --no-publish --stage deploy --output json=deploy.json
    expect 0 publish build.json deploy.json
    output=$(gitlab_note)
    says '**qgate: failed.** Stage `deploy`: `release`'
    gitlab_reports 1 1 1
    expect 0 check --no-publish --output json=build.json
    junit unit.xml 1
    expect 1 check --no-publish --stage deploy --output json=deploy.json
    expect 0 publish build.json deploy.json
    output=$(gitlab_note)
    is '**qgate: failed.** Stage `deploy`: `release`' "$(head -n 1 <<< "$output" | cut -d : -f 1-3)" # the worst first
    is 2 "$(grep -c '^\*\*qgate: ' <<< "$output")"
}

@test "verdicts of one policy and stage, as of a job for each part, are one note; one without data settles nothing" {
    gitlab_begin
    expect 1 check --output json=one.json
    jq '.gates[].rules = [] | .gates[].outcome = "not_applicable" | .outcome = "passed" | .exit_status = 0' one.json > other.json
    expect 0 publish one.json other.json
    is '1 1' "$(gitlab_notes) $(gitlab_threads)" # that of `check`
    gitlab_reports 1 1 1
    expect 0 check --no-publish --output json=one.json
    mv coverage.xml away.xml
    expect 2 check --no-publish --output json=other.json
    for order in 'one.json other.json' 'other.json one.json'; do
        # shellcheck disable=SC2086 # two words
        expect 0 publish $order
        output=$(gitlab_note)
        is '**qgate: no data.**' "$(cut -c 1-19 <<< "$output" | head -n 1)"
        is false "$(gitlab_jq '.discussions[] | select(.individual_note | not) | .notes[0].resolved')"
    done
    expect 0 publish one.json one.json
    is true "$(gitlab_jq '.discussions[] | select(.individual_note | not) | .notes[0].resolved')"
}

@test "a note stays below GitLab's limit, and every verdict keeps its first line" {
    gitlab_begin
    two_stages
    python3 - << 'END'
import json
for name in "build", "deploy":
    verdict = json.load(open(f"{name}.json"))
    gate = next(gate for gate in verdict["gates"] if gate["judged"])
    rule = dict(gate["rules"][0], outcome="failed", to_pass="make it pass")
    gate["rules"] = [dict(rule, rule=f'tests.failed{{report="{i:0900}"}} == 0') for i in range(1000)]
    gate["outcome"] = verdict["outcome"] = "failed"
    verdict["exit_status"] = 1
    json.dump(verdict, open(f"{name}.json", "w"))
END
    expect 0 publish build.json deploy.json
    gitlab_note > note
    [ "$(wc -c < note)" -gt 500000 ]
    [ "$(wc -c < note)" -lt 1000000 ]
    is 2 "$(grep -c '^\*\*qgate: failed\.\*\*' note)"
    # each is cut between rows, and says what is left out
    is 2 "$(grep -cE '^… and [0-9]+ problems more: the json output has all of them\.$' note)"
    is 2 "$(grep -cE '^… and [0-9]+ rules more: the json output has all of them\.$' note)"
    is 0 "$(grep -E '^\|' note | grep -vcE '\|$')"
    is 2 "$(grep -c '^</details>$' note)"
    # of more verdicts than fit the first lines are left
    gitlab_set '{"discussions": []}'
    jq '(.gates[] | select(.judged) | .rules) |= (.[0] as $one | [range(60) | $one + {rule: "tests.failed{report=\"\(.)\"} == 0"}])' \
        build.json > some.json
    files=()
    for _ in $(seq 160); do files+=(some.json); done
    expect 0 publish "${files[@]}"
    gitlab_note > note
    [ "$(wc -c < note)" -lt 1000000 ]
    is 160 "$(grep -c '^\*\*qgate: failed\.\*\*' note)"
    grep -q '^… and 60 rules: too many verdicts for a note\.$' note
    is "$(grep -c '^<details>' note)" "$(grep -c '^</details>$' note)"
}

@test "a status has a name that is cut between characters, the job and the coverage" {
    gitlab_begin
    git checkout -q main
    PUBLISH='status: true' gitlab_policy 'tests.failed == 0' 'coverage.lines >= 50%'
    sed -i "s/unit test/$(printf 'ä%.0s' $(seq 150))/" .qgate.yml
    git commit -qam status && git checkout -q feature && git rebase -q main
    gitlab_pipeline
    gitlab_reports 1 1 0
    export CI_JOB_URL=$gitlab/group/app/-/jobs/9
    expect 0 check
    is "$CI_JOB_URL 66.67" "$(gitlab_jq '.statuses[0] | .target_url + " " + (.coverage | tostring)')"
    gitlab_jq '.statuses[0].name' | iconv -f UTF-8 -t UTF-8 > /dev/null
    gitlab_jq '.statuses[0].name' | grep -q '^qgate/ää*…$'
    gitlab_fault '{"do": "drop", "method": "POST", "path": "/statuses/"}'
    FAILED=1 gitlab_reports 1 1 0
    expect 1 check # was carried out, and is sent again
    says_not 'does not show'
    is 'failed 1' "$(gitlab_jq '.statuses | (.[0].status + " " + (length | tostring))')"
}

@test "a status that fails takes nothing from note and threads, and neither takes from it" {
    gitlab_begin
    policy_with 'status: true'
    gitlab_fault '{"do": "status", "status": 500, "method": "POST", "path": "/statuses/", "body": "{}"}'
    expect 1 check
    says 'does not show this verdict'
    is '1 1' "$(gitlab_notes) $(gitlab_threads)"
    gitlab_set '{"discussions": []}'
    gitlab_fault '{"do": "status", "status": 500, "times": 9, "method": "POST", "path": "/(notes|discussions)$", "body": "{}"}'
    expect 1 check
    is failed "$(gitlab_jq '.statuses[0].status')"
}

@test "only a verdict's job of this GitLab is linked" {
    gitlab_begin
    local server=${CI_API_V4_URL%/api/v4}
    CI_JOB_URL=$server/group/app/-/jobs/9 expect 1 check --no-publish --output json=v.json
    expect 0 publish v.json
    output=$(gitlab_note)
    says "[Job]($server/group/app/-/jobs/9)"
    says '<sub>Reported by a file that a job of this branch left.</sub>'
    for address in https://evil.example/group/app/-/jobs/9 "${server}0/-/jobs/9" "$server.evil.example/-/jobs/9"; do
        jq --arg address "$address" '.job_url = $address' v.json > forged.json
        gitlab_set '{"discussions": []}'
        expect 0 publish forged.json
        output=$(gitlab_note)
        says_not '[Job]'
        says_not evil
    done
}

@test "a token that may not: which one to create, with which role and scope" {
    gitlab_begin
    QGATE_GITLAB_TOKEN=weak expect 1 check
    says 'the token of QGATE_GITLAB_TOKEN may not do this'
    says 'it needs the role Developer and the scope api'
    QGATE_GITLAB_TOKEN=nonsense expect 1 check
    says 'is not valid'
    unset QGATE_GITLAB_TOKEN
    echo weak > "$BATS_TEST_TMPDIR/token"
    QGATE_GITLAB_TOKEN_FILE=$BATS_TEST_TMPDIR/token expect 1 check
    says 'the token of QGATE_GITLAB_TOKEN_FILE may not do this'
    CI_JOB_TOKEN=job expect 1 check
    says 'project access token with the role Developer and the scope api'
}

@test "a slow answer is waited for; one that is no HTTP, no JSON or a page to log in is said" {
    gitlab_begin
    gitlab_fault '{"do": "slow", "seconds": 2}'
    expect 1 check
    is 1 "$(gitlab_notes)"
    gitlab_fault '{"do": "status", "status": 200, "body": "<html>log in</html>"}'
    expect 1 check
    says 'is not JSON'
    gitlab_fault '{"do": "status", "status": 200, "body": "[]"}'
    expect 1 check
    says 'names no commit of the merge request'
    gitlab_fault '{"do": "garbage", "times": 9}'
    expect 1 check
    says 'the merge request does not show this verdict'
}
