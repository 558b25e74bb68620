#!/usr/bin/env bats
# Verdicts in a merge request: what is written, what is left alone, what goes wrong.

load ../support/common
load ../support/gitlab

@test "a first run writes a note and a thread at the untested lines" {
    gitlab_begin
    expect 1 check
    is 1 "$(gitlab_threads)"
    output=$(gitlab_note)
    says '**qgate: failed.**'
    says '33.3 % (1 of 3 new lines)'
    is '<!-- qgate:note v1 policy=.qgate.yml stage=build -->' "$(tail -n 1 <<< "$output")"
    is '{"old":"src/fee.c","new":"src/fee.c","line":5,"old_line":null,"first":4}' "$(gitlab_jq '.discussions[]
        | select(.individual_note | not) | .notes[0].position
        | {old: .old_path, new: .new_path, line: .new_line, old_line, first: .line_range.start.new_line} | tojson')"
    is '[]' "$(gitlab_jq '.quick_actions | tojson')"
}

@test "the same run again changes nothing, in at most four calls" {
    gitlab_begin
    expect 1 check
    before=$(gitlab_jq '.discussions | tojson')
    gitlab_forget
    expect 1 check
    is "$before" "$(gitlab_jq '.discussions | tojson')"
    is 0 "$(gitlab_asked 'POST|PUT|DELETE')"
    [ "$(gitlab_asked)" -le 4 ]
    [ -n "${GITLAB_PROXY:-}" ] || is 1 "$(gitlab_jq '[.requests[].port] | unique | length')" # connection
}

@test "a hundred discussions of people change neither: four calls, two of them for the list" {
    gitlab_begin
    expect 1 check
    discussions=$(gitlab_jq '[range(98) as $i | {id: ("ab" + ($i | tostring)), individual_note: ($i % 2 == 0), notes: [
        {id: (5000 + $i), body: "hello\n\n<!-- qgate:note v1 policy=.qgate.yml stage=build -->", author: {id: 8},
         system: false}]}] + .discussions | {discussions: .} | tojson')
    gitlab_set "$discussions"
    for calls in 3 4; do
        gitlab_forget
        expect 1 check
        is "0 $calls" "$(gitlab_asked 'POST|PUT|DELETE') $(gitlab_asked)"
        gitlab_set "$(gitlab_jq '{discussions: ([.discussions[0] | .id = "ff"] + .discussions)} | tojson')"
    done
}

@test "what is partly tested: the thread of what is left stands at it, that of all is settled" {
    gitlab_begin
    expect 1 check
    gitlab_reports 1 1 0
    expect 1 check
    is '[{"line":5,"first":4,"resolved":true},{"line":5,"first":null,"resolved":false}]' "$(gitlab_jq '[.discussions[]
        | select(.individual_note | not) | .notes[0]
        | {line: .position.new_line, first: .position.line_range.start.new_line, resolved}] | tojson')"
    output=$(gitlab_note)
    says '66.7 % (2 of 3 new lines)'
    gitlab_forget
    expect 1 check
    is 0 "$(gitlab_asked 'POST|PUT|DELETE')"
}

@test "what is tested is resolved, and comes back when it is not" {
    gitlab_begin
    expect 1 check
    gitlab_reports 1 1 1
    expect 0 check
    is true "$(gitlab_jq '.discussions[] | select(.individual_note | not) | .notes[0].resolved')"
    is 2 "$(gitlab_jq '.discussions[] | select(.individual_note | not) | .notes | length')"
    output=$(gitlab_note)
    says '**qgate: passed.**'
    gitlab_forget
    expect 0 check
    is 0 "$(gitlab_asked 'POST|PUT|DELETE')"
    gitlab_reports 1 0 0
    expect 1 check
    is false "$(gitlab_jq '.discussions[] | select(.individual_note | not) | .notes[0].resolved')"
    is 1 "$(gitlab_threads)"
}

@test "a thread that a person answered and resolved is left alone" {
    gitlab_begin
    expect 1 check
    thread=$(gitlab_jq '.discussions[] | select(.individual_note | not) | .id')
    as_anna() {
        curl -fsS --noproxy '*' -o /dev/null -H 'PRIVATE-TOKEN: anna' -H 'Content-Type: application/json' "$@"
    }
    base=$gitlab/api/v4/projects/1/merge_requests/1
    as_anna --data '{"body": "we accept that"}' "$base/discussions/$thread/notes"
    as_anna -X PUT --data '{"resolved": true}' "$base/discussions/$thread"
    gitlab_forget
    expect 1 check
    is 0 "$(gitlab_asked 'POST|PUT|DELETE')"
}

@test "a note deleted by a person is written again" {
    gitlab_begin
    expect 1 check
    note=$(gitlab_jq '.discussions[] | select(.individual_note) | .notes[0].id')
    curl -fsS --noproxy '*' -X DELETE -H 'PRIVATE-TOKEN: anna' "$gitlab/api/v4/projects/1/merge_requests/1/notes/$note"
    is 0 "$(gitlab_notes)"
    expect 1 check
    is 1 "$(gitlab_notes)"
}

@test "a note that a person answered is still ours: it is kept current, and the answer stays" {
    gitlab_begin
    expect 1 check
    # GitLab makes a discussion of it then
    gitlab_set "$(gitlab_jq '{discussions: (.discussions | map(if .individual_note then .individual_note = false
        | .notes += [{id: 9000, type: "DiscussionNote", body: "really?", author: {id: 8}, system: false}] else . end))} | tojson')"
    gitlab_reports 1 1 1
    gitlab_forget
    expect 0 check
    is 0 "$(gitlab_jq '[.requests[] | select(.method == "POST" and (.path | test("/merge_requests/1/notes$")))] | length')"
    is '**qgate: passed.** really?' "$(gitlab_jq '.discussions[] | .notes | select(.[1].id == 9000)
        | (.[0].body | .[:18]) + " " + .[1].body')"
}

@test "a marker in somebody else's note means nothing" {
    gitlab_begin
    body=$(jq -n '{body: "hello\n\n<!-- qgate:note v1 policy=.qgate.yml stage=build -->"}')
    curl -fsS --noproxy '*' -o /dev/null -H 'PRIVATE-TOKEN: anna' -H 'Content-Type: application/json' \
        --data "$body" "$gitlab/api/v4/projects/1/merge_requests/1/notes"
    expect 1 check
    is 2 "$(gitlab_notes)"
}

@test "two pipelines that race write at once: one note stays, and the next run leaves one thread" {
    gitlab_begin
    # both have seen that there is none before either writes
    gitlab_fault '{"do": "slow", "seconds": 1.5, "times": 2, "method": "POST", "path": "/notes$"}' \
        '{"do": "slow", "seconds": 1.5, "times": 2, "method": "POST", "path": "/discussions$"}'
    qgate check > one 2>&1 & first=$!
    qgate check > other 2>&1 & second=$!
    wait "$first" || true
    wait "$second" || true
    is 2 "$(gitlab_jq '[.requests[] | select(.method == "POST" and (.path | test("/notes$")))] | length')"
    is 1 "$(gitlab_notes)"
    is 0 "$(cat one other | grep -c 'does not show')"
    is 2 "$(gitlab_threads)" # each looked for its own before the other was there
    expect 1 check
    is '1 1' "$(gitlab_notes) $(gitlab_threads)"
    gitlab_forget
    expect 1 check
    is 0 "$(gitlab_asked 'POST|PUT|DELETE')"
}

@test "two pipelines that raced leave one note: the older one" {
    gitlab_begin
    expect 1 check
    first=$(gitlab_jq '.discussions[] | select(.individual_note) | .notes[0].id')
    body=$(gitlab_jq '{body: (.discussions[] | select(.individual_note) | .notes[0].body)} | tojson')
    curl -fsS --noproxy '*' -o /dev/null -H 'PRIVATE-TOKEN: bot' -H 'Content-Type: application/json' \
        --data "$body" "$gitlab/api/v4/projects/1/merge_requests/1/notes"
    is 2 "$(gitlab_notes)"
    expect 1 check
    is 1 "$(gitlab_notes)"
    is "$first" "$(gitlab_jq '.discussions[] | select(.individual_note) | .notes[0].id')"
}

@test "of two pipelines that raced the note of the faster one says what the slower one found" {
    gitlab_begin
    gitlab_reports 1 1 1
    expect 0 check
    first=$(gitlab_jq '.discussions[] | select(.individual_note) | .notes[0].id')
    gitlab_reports 1 0 0
    gitlab_fault '{"do": "status", "status": 200, "method": "GET", "path": "/discussions", "body": "[]"}'
    expect 1 check # did not see it, and posted its own
    output=$(gitlab_note)
    says '**qgate: failed.**'
    is "$first" "$(gitlab_jq '.discussions[] | select(.individual_note) | .notes[0].id')"
}

@test "a connection that breaks after the request leaves one note" {
    gitlab_begin
    gitlab_fault '{"do": "drop", "method": "POST", "path": "/notes$"}'
    expect 1 check
    is 1 "$(gitlab_notes)"
    is 1 "$(gitlab_jq '[.requests[] | select(.method == "POST" and (.path | test("/notes$")))] | length')"
}

@test "a connection that breaks before the request is tried once more" {
    gitlab_begin
    gitlab_fault '{"do": "refuse", "method": "POST", "path": "/notes$"}'
    expect 1 check
    is 1 "$(gitlab_notes)"
}

@test "GitLab down: verdict and exit status stand, unless publishing is required" {
    gitlab_begin
    gitlab_stop
    gitlab_reports 1 1 1
    CI_API_V4_URL=$gitlab/api/v4 expect 0 check
    says 'the merge request does not show this verdict'
    git checkout -q main
    PUBLISH='required: true' gitlab_policy 'tests.failed == 0'
    git commit -qam required
    git checkout -q feature && git rebase -q main
    gitlab_start
    gitlab_pipeline
    gitlab_fault '{"do": "status", "status": 500, "times": 2, "body": "down"}'
    expect 5 check
    says 'the merge request does not show this verdict'
    FAILED=1 gitlab_reports 1 1 1
    expect 1 check
    says 'the merge request does not show this verdict'
}

@test "without a token everything but publishing works, and that is said" {
    gitlab_begin
    unset QGATE_GITLAB_TOKEN
    CI_JOB_TOKEN=job expect 1 check
    says 'the merge request does not show this verdict: there is no token but the job'
    is 0 "$(gitlab_asked)"
    gitlab_reports 1 1 1
    expect 0 check
}

@test "a pipeline of the branch says why its merge request shows nothing, and which one would" {
    gitlab_begin
    unset CI_MERGE_REQUEST_IID CI_MERGE_REQUEST_EVENT_TYPE
    git update-ref refs/remotes/origin/main main
    export CI_COMMIT_BRANCH=feature
    expect 1 check
    says_not 'does not show'
    export CI_OPEN_MERGE_REQUESTS='group/app!1'
    expect 1 check
    says 'this is a pipeline of its branch, and `workflow: rules: [{if: $CI_MERGE_REQUEST_IID}]` makes one of it'
    expect 1 check --no-publish
    says_not 'does not show'
    QGATE_GITLAB_TOKEN='' expect 1 check
    says_not 'does not show'
    is 0 "$(gitlab_asked)"
}

@test "required publishing that fails is status 5, a failed gate still 1" {
    gitlab_begin
    git checkout -q main
    PUBLISH='required: true' gitlab_policy 'tests.failed == 0' 'new(coverage.lines) >= 90%'
    git commit -qam required
    git checkout -q feature
    gitlab_pipeline
    QGATE_GITLAB_TOKEN=weak expect 1 check
    gitlab_reports 1 1 1
    QGATE_GITLAB_TOKEN=weak expect 5 check
    says 'may not do this'
    expect 0 check
}

@test "a redirect is not followed: no other host ever sees the token" {
    gitlab_begin
    gitlab_server other
    gitlab_fault "{\"do\": \"redirect\", \"times\": 9, \"location\": \"$other/api/v4/user\"}"
    expect 1 check
    says 'redirects are not followed'
    is 0 "$(curl -fsS --noproxy '*' "$other/_state" | jq '.requests | length')"
}

@test "a token goes over http to loopback only" {
    gitlab_begin
    CI_API_V4_URL=http://gitlab.example/api/v4 expect 1 check
    says 'is not https, and a token would be sent to it'
}

@test "no token is ever printed" {
    gitlab_begin
    gitlab_set '{"tokens": {"word-of-power": {"header": "PRIVATE-TOKEN", "user": 7, "role": "developer", "scopes": ["api"]}}}'
    QGATE_DEBUG=1 QGATE_GITLAB_TOKEN=word-of-power expect 1 check
    says 'with the token of QGATE_GITLAB_TOKEN'
    says_not word-of-power
    # nor a password that somebody wrote into an address
    expect 1 check --no-publish --output "json=$BATS_TEST_TMPDIR/v.json"
    for server in http://me:word-of-power@127.0.0.1:1 'https://me:word-of-power@[127' http://word-of-power@evil.example; do
        QGATE_DEBUG=1 expect 4 publish --server "$server" --project 1 --merge-request 1 "$BATS_TEST_TMPDIR/v.json"
        says "the server's address: "
        says_not word-of-power
    done
}

@test "publish: from the verdict's file alone, and says so" {
    gitlab_begin
    expect 1 check --no-publish --output "json=$BATS_TEST_TMPDIR/v.json"
    is 0 "$(gitlab_asked)"
    mkdir "$BATS_TEST_TMPDIR/elsewhere" && cd "$BATS_TEST_TMPDIR/elsewhere"
    expect 0 publish "$BATS_TEST_TMPDIR/v.json"
    is 1 "$(gitlab_threads)"
    output=$(gitlab_note)
    says 'Reported by a file that a job of this branch left.'
}

@test "publish: a verdict of another commit than the head is refused" {
    gitlab_begin
    expect 1 check --no-publish --output "json=$BATS_TEST_TMPDIR/v.json"
    git commit -q --allow-empty -m newer
    expect 5 publish "$BATS_TEST_TMPDIR/v.json"
    says 'the merge request is at'
    is 0 "$(gitlab_notes)"
}

@test "publish: a file sets no status to success, check does" {
    gitlab_begin
    git checkout -q main
    PUBLISH='status: true' gitlab_policy 'tests.failed == 0'
    git commit -qam status
    git checkout -q feature
    gitlab_pipeline
    expect 0 check --no-publish --output "json=$BATS_TEST_TMPDIR/v.json"
    expect 0 publish "$BATS_TEST_TMPDIR/v.json"
    is pending "$(gitlab_jq '.statuses[0].status')"
    gitlab_set '{"statuses": []}'
    expect 0 check
    is 'success qgate/unit test' "$(gitlab_jq '.statuses[0] | .status + " " + .name')"
    expect 0 check # the state it has already
}

@test "check --dry-run prints what it would send, and sends nothing; verdict and exit status stand" {
    gitlab_begin
    expect 1 check --dry-run
    says 'exit 1'
    says "POST ${GITLAB_PROXY:-$gitlab}/api/v4/projects/1/merge_requests/1/notes"
    says_not bot
    is 0 "$(gitlab_asked 'POST|PUT|DELETE')"
}

@test "publish --dry-run prints what it would send, and sends nothing" {
    gitlab_begin
    expect 1 check --no-publish --output "json=$BATS_TEST_TMPDIR/v.json"
    expect 0 publish --dry-run "$BATS_TEST_TMPDIR/v.json"
    says "POST $CI_API_V4_URL/projects/1/merge_requests/1/notes"
    says "POST $CI_API_V4_URL/projects/1/merge_requests/1/discussions"
    is 0 "$(gitlab_asked 'POST|PUT|DELETE')"
}

@test "more findings than threads: the rest is counted in the note" {
    gitlab_begin
    for i in $(seq 100); do echo "int x$i;"; done >> src/fee.c
    git commit -qam many
    gitlab_pipeline
    # every other line of 100 is untested: 50 ranges
    hits=()
    for i in $(seq 107); do hits+=($((i % 2))); done
    gitlab_reports "${hits[@]}"
    expect 1 check
    is 30 "$(gitlab_threads)"
    output=$(gitlab_note)
    says 'findings without a thread: there are too many'
}

@test "two policies in one merge request have a note, threads and statuses each, also of gates with one name" {
    gitlab_begin
    git checkout -q main
    PUBLISH='status: true' gitlab_policy 'new(coverage.lines) >= 90%'
    cp .qgate.yml other.yml
    git add .qgate.yml other.yml && git commit -qm other
    git checkout -q feature && git rebase -q main
    gitlab_pipeline
    expect 1 check
    expect 1 check --policy other.yml
    is '2 2' "$(gitlab_notes) $(gitlab_threads)"
    is 'failed qgate other.yml/unit test,failed qgate/unit test' \
        "$(gitlab_jq '.statuses | map(.status + " " + .name) | sort | join(",")')"
    gitlab_forget
    expect 1 check
    expect 1 check --policy other.yml
    is 0 "$(gitlab_asked 'PUT|DELETE')"
    is '2 2 2' "$(gitlab_notes) $(gitlab_threads) $(gitlab_jq '.statuses | length')"
    gitlab_reports 1 1 1
    expect 0 check # settles its own
    is '[false,true]' "$(gitlab_jq '[.discussions[] | select(.individual_note | not) | .notes[0].resolved] | sort | tojson')"
    is 'failed qgate other.yml/unit test,success qgate/unit test' \
        "$(gitlab_jq '.statuses | map(.status + " " + .name) | sort | join(",")')"
}

@test "a rate limit is waited for, for a POST too; one that stays is said" {
    gitlab_begin
    gitlab_fault '{"do": "status", "status": 429, "body": "Retry later\n", "headers": {"Retry-After": "1"}}' \
        '{"do": "status", "status": 429, "method": "POST", "body": "Retry later\n", "headers": {"Retry-After": "1"}}'
    expect 1 check
    is '1 1' "$(gitlab_notes) $(gitlab_threads)"
    gitlab_fault '{"do": "status", "status": 429, "body": "Retry later\n", "headers": {"Retry-After": "600"}}'
    SECONDS=0
    expect 1 check
    says 'answered 429'
    says 'a run spends at most 120 s on the network'
    [ "$SECONDS" -lt 30 ] # it would be longer than that: not waited for
}

@test "503 is tried again, a POST after a look: one note, one thread" {
    gitlab_begin
    local busy='"do": "status", "status": 503, "body": "busy"'
    gitlab_fault "{$busy}" "{$busy, \"method\": \"POST\", \"path\": \"/discussions\$\"}" \
        "{$busy, \"method\": \"POST\", \"path\": \"/notes\$\"}"
    expect 1 check
    is '1 1' "$(gitlab_notes) $(gitlab_threads)"
    says_not 'does not show this verdict'
}

# The clone that a runner makes of a merge request: one commit, no other branch.
bare_clone() {
    git clone -q --depth 1 --branch feature "file://$PWD" "$BATS_TEST_TMPDIR/clone"
    cp coverage.xml unit.xml "$BATS_TEST_TMPDIR/clone"
    cd "$BATS_TEST_TMPDIR/clone"
    git checkout -q --detach
    git update-ref -d refs/heads/feature
    git remote set-url origin https://gitlab.example/nowhere.git
    unset CI_MERGE_REQUEST_TARGET_BRANCH_SHA
}

@test "the target's policy comes from GitLab when the clone has not got it, by the job's token" {
    gitlab_begin
    sed -i 's/>= 90%/>= 1%/' .qgate.yml && git commit -qam weaker
    gitlab_pipeline
    bare_clone
    unset QGATE_GITLAB_TOKEN
    FAILED=1 gitlab_reports 1 1 1
    export CI_JOB_TOKEN=job
    run qgate check
    says "policy .qgate.yml of main ($(git -C ../work rev-parse --short=7 main))"
    says 'tests.failed == 0'
    says '>= 90%'
    is 'JOB-TOKEN: job' "$(gitlab_jq '[.requests[].token] | unique | join(",")')"
}

@test "a target without a policy is believed only after GitLab has shown its commit" {
    gitlab_begin
    git checkout -q main && git rm -q .qgate.yml && git commit -qm none && git checkout -q feature
    gitlab_pipeline
    bare_clone
    export CI_JOB_TOKEN=job
    run qgate check --no-publish
    says 'judged by its own policy: main has none'
    gitlab_fault '{"do": "status", "status": 404, "times": 9, "path": "/repository/commits/", "body": "{}"}'
    expect 3 check --no-publish
    says 'the policy of main cannot be read'
    says 'git fetch'
}

@test "a GitLab that does not answer for the policy is status 3, never the branch's policy" {
    gitlab_begin
    gitlab_pipeline
    bare_clone
    export CI_JOB_TOKEN=job
    gitlab_fault '{"do": "status", "status": 500, "times": 9, "path": "/repository/files/", "body": "{}"}'
    expect 3 check --no-publish
    says 'cannot be read in commit'
    says_not 'rules'
}
