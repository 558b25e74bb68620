#!/usr/bin/env bats
# What hostile texts and verdicts can do to a merge request: nothing. What a token is shown to: its GitLab.

load ../support/common
load ../support/gitlab

# posted STATE… [--shown=TEXTS]
posted() {
    command -v cmark-gfm > /dev/null || skip "cmark-gfm is not here"
    python3 "$here/tests/support/check_posted.py" "$@"
}

@test "no hostile text of a build has an effect in note, threads or statuses" {
    gitlab_begin
    git checkout -q feature && seq 30 > src/fee.c && git commit -qam lines
    gitlab_pipeline
    python3 "$here/tests/support/hostile_texts.py" --some ../some
    for build in ../some/*; do
        cp "$build"/* .
        policy=$(basename "$build"/policy*)
        jq '.publish.gitlab = {threads: "all", status: true}' "$build"/policy* > "./$policy"
        gitlab_set '{"discussions": [], "statuses": []}'
        expect 1 check --policy "./$policy" --policy-from worktree
        says_not 'does not show this verdict'
        gitlab_state > "$build.state"
        gitlab_forget
        expect 1 check --policy "./$policy" --policy-from worktree
        is 0 "$(gitlab_asked 'PUT|DELETE')"
        is "$(jq '.discussions | length' "$build.state")" "$(gitlab_jq '.discussions | length')"
        rm "./$policy"
    done
    python3 "$here/tests/support/hostile_texts.py" --json > texts.json
    posted ../some/*.state --shown=texts.json
}

@test "no hostile text of a verdict's file has an effect" {
    gitlab_begin
    expect 1 check --no-publish --output json=v.json
    python3 "$here/tests/support/hostile_texts.py" --json > texts.json
    mkdir states
    for i in $(seq 0 7 "$(jq 'length - 1' texts.json)"); do
        jq --slurpfile texts texts.json --argjson at "$i" '
            ($texts[0][$at:$at + 7] | join("\n\n") | gsub("\u0000"; "")) as $text | .notices = [$text] | .job_url = $text |
            .baseline = $text | .policy_differences = [{kind: "loosened", what: "", before: "", after: "", file: "", line: 1}] |
            .policy.origins = [{role: "waivers", name: "", sha256: ""}, {role: "", name: "", sha256: ""}] |
            .waivers = [{id: "", gate: null, package: "", path: "", measure: "", reason: "", owner: "", ticket: "",
                expires: "2025-12-12", from_environment: true, state: "counts", days_left: 3, asked: true, used: 1, gates: [$text]}] |
            walk(if type != "object" then . else with_entries(if (.value | type) != "string" or (.key | IN("commit",
                "source_commit", "outcome", "from", "note", "threads", "kind", "state", "level", "expires", "judged_at",
                "family", "severity", "mark", "fingerprint")) or .value == "waivers" then . else .value = $text end) end) |
            .gates[0].rules |= [.[], (.[-1] | .outcome = "failed" | .before = null |
                .value = {number: 900, word: null, unit: $text, text: $text, part: null, whole: null, waived: 3, method: $text} |
                .rule = "load.p95 < 800ms", (.rule = "sonar.quality_gate == OK" | .value.word = $text))]' v.json > forged.json
        gitlab_set '{"discussions": []}'
        expect 0 publish forged.json
        output=$(gitlab_note)
        says 'waiver used'
        says 'loosens'
        says '900 ms ('
        gitlab_state > "states/$i"
    done
    posted states/*
}

@test "a verdict's file that contradicts itself is refused" {
    gitlab_begin
    expect 1 check --no-publish --output json=v.json
    forged() {
        jq "$1" v.json > forged.json
        expect 3 publish forged.json
        says "forged.json: contradicts itself: $2"
    }
    forged '.outcome = "passed"' 'the run is passed, its gates say failed'
    forged '.outcome = "passed" | .gates = []' 'the run is passed without a gate'
    forged '(.outcome, .gates[].outcome) = "passed"' 'gate "unit test" is passed, of its rules the worst is failed'
    forged '(.outcome, .gates[].outcome, .gates[].rules[].outcome) = "passed" | .gates[].rules[].reason = null' \
        'the value of rule "new(coverage.lines) >= 90%" does not pass'
    jq '.policy.from = null' v.json > forged.json
    expect 3 publish forged.json
    says '"from" is missing or of another kind'
    is 0 "$(gitlab_notes)"
}

@test "a verdict's file that lists 200,000 of everything is shown in seconds, and cut" {
    gitlab_begin
    expect 1 check --no-publish --output json=v.json
    many() {
        jq -c "$1" v.json > forged.json
        gitlab_set '{"discussions": []}'
        expect 0 publish forged.json
        [ "$(gitlab_note | wc -c)" -lt 1048576 ]
    }
    [ -n "${QGATE_SANITIZED:-}" ] || ulimit -v 4000000 # sanitizers map terabytes
    many '.policy.origins = [range(200000) | {role: "extends", name: "a.yml", sha256: null}]'
    is 1 "$(gitlab_note | grep -c ' a.yml + 199,980 more')"
    many '.notices = [range(200000) | "x"]'
    many '.gates[0].rules = [range(3000) as $i | .gates[0].rules[]]'
}

@test "a verdict's file: mangled in every way it is refused or published, never more" {
    gitlab_begin
    expect 1 check --no-publish --output json=v.json
    jq -c '(paths | select(length < 7)) as $path | ({a: [1e99]}, "x", 0, null) as $value | {$path, $value}' v.json |
        awk 'NR % 7 == 0' > mangled
    while read -r how; do
        jq --argjson how "$how" 'setpath($how.path; $how.value)' v.json > forged.json
        run qgate publish --dry-run forged.json
        [[ "$status" =~ ^[035]$ ]] || {
            echo "$how: $status: $output"
            false
        }
    done < mangled
    [ "$(wc -l < mangled)" -gt 40 ]
    jq '.policy.from = null' v.json > forged.json
    expect 3 publish forged.json
    says '"from" is missing or of another kind'
}

@test "a verdict's file cannot settle what another policy, stage or user opened" {
    gitlab_begin
    expect 1 check
    expect 1 check --no-publish --output json=v.json
    jq '.gates[].rules = [] | .gates[].outcome = "not_applicable" | .outcome = "passed" | .exit_status = 0' v.json > none.json
    jq '.policy.path = "other.yml"' none.json > other.json
    expect 0 publish other.json
    is false "$(gitlab_jq '.discussions[] | select(.individual_note | not) | .notes[0].resolved')"
    jq '(.stage, .gates[].stage) = "deploy"' none.json > stage.json
    expect 0 publish stage.json
    is false "$(gitlab_jq '.discussions[] | select(.individual_note | not) | .notes[0].resolved')"
    QGATE_GITLAB_TOKEN=anna expect 0 publish none.json
    is false "$(gitlab_jq '.discussions[] | select(.individual_note | not) | .notes[0].resolved')"
    expect 0 publish none.json
    is true "$(gitlab_jq '.discussions[] | select(.individual_note | not) | .notes[0].resolved')"
}

# --- verdicts that a job left in GitLab

# job_left FILE [REF [COMMIT]]: GitLab has job 4711 of a pipeline of the merge request, which left it as v.json and
# as out/v.json, which the proxy of make contract takes for two segments.
job_left() {
    jq -n --rawfile text "$1" --arg ref "${2:-refs/merge-requests/1/head}" --arg sha "${3:-$(git rev-parse HEAD)}" \
        --arg host "${CI_API_V4_URL%/api/v4}" '{pipelines: [{id: 88, ref: $ref, sha: $sha, jobs: [
            {id: 4711, name: "qgate", host: $host, artifacts: {"v.json": $text, "out/v.json": $text}}]}]}' > "$BATS_TEST_TMPDIR/left.json"
    gitlab_set "@$BATS_TEST_TMPDIR/left.json"
}

# What a pipeline of another project has: nothing of the merge request but what it was told.
from_another_project() {
    server=${CI_API_V4_URL%/api/v4}
    unset "${!CI_@}" GITLAB_CI
    export CI=true CI_API_V4_URL=http://127.0.0.1:1/api/v4 CI_PROJECT_ID=5 CI_PIPELINE_ID=5
    mkdir "$BATS_TEST_TMPDIR/elsewhere" && cd "$BATS_TEST_TMPDIR/elsewhere"
}

publish_job() {
    local wanted=$1
    shift
    expect "$wanted" publish --server "$server" --project 1 --merge-request 1 --job 4711 "$@"
}

@test "publish --job: a pipeline of another project fetches the verdict, and says whose it is" {
    gitlab_begin
    git checkout -q main && PUBLISH='status: true' gitlab_policy 'new(coverage.lines) >= 90%'
    git commit -qam status && git checkout -q feature && git rebase -q main && gitlab_pipeline
    CI_JOB_URL=https://evil.example/-/jobs/1 expect 1 check --no-publish --output json=v.json
    job_left v.json
    from_another_project
    gitlab_forget
    publish_job 0 v.json
    is 1 "$(gitlab_threads)"
    output=$(gitlab_note)
    says '<sub>Reported by a file that the job `qgate` of `anna` left.</sub>'
    says "[Job]($server/group/app/-/jobs/4711)"
    says_not evil
    is 88 "$(gitlab_jq '[.requests[] | select(.path | test("/statuses/")) | .body.pipeline_id] | first')"
    is '["PRIVATE-TOKEN: bot"]' "$(gitlab_jq '[.requests[].token] | unique | tojson')"
    gitlab_forget
    publish_job 0 v.json
    is 0 "$(gitlab_asked 'PUT|DELETE')"
}

@test "publish --job: of a pipeline of merged results, too" {
    gitlab_begin
    expect 1 check --no-publish --output json=v.json
    jq --arg merged "$(git rev-parse main)" '.commit = $merged' v.json > merged.json
    job_left merged.json refs/merge-requests/1/merge "$(git rev-parse main)"
    from_another_project
    publish_job 0 v.json
    is 1 "$(gitlab_notes)"
}

@test "publish --job: what is not of this merge request, of its job and of its commit is refused" {
    [ -z "${GITLAB_PROXY:-}" ] || skip "a path of several segments"
    gitlab_begin
    expect 1 check --no-publish --output json=v.json
    head=$(git rev-parse HEAD) other=$(git rev-parse main)
    for ref in main feature refs/merge-requests/12/head refs/heads/refs/merge-requests/1/head; do
        job_left v.json "$ref"
        (from_another_project && publish_job 5 out/v.json && says 'is of no pipeline of merge request !1')
        rm -r "$BATS_TEST_TMPDIR/elsewhere"
    done
    job_left v.json "" "$other" # an older pipeline, whose file says that it is of the head
    (from_another_project && publish_job 3 out/v.json && says "is of commit ${head:0:12}, the job that left it of ${other:0:12}")
    rm -r "$BATS_TEST_TMPDIR/elsewhere"
    jq --arg old "$other" '.commit = $old' v.json > old.json
    job_left old.json "" "$other"
    (from_another_project && publish_job 3 out/v.json && says "is of commit ${head:0:12}, the job that left it of ${other:0:12}")
    rm -r "$BATS_TEST_TMPDIR/elsewhere"
    echo '{"version": 1}' > broken.json
    job_left broken.json
    from_another_project
    publish_job 3 out/v.json
    says 'out/v.json: not a verdict that this qgate knows'
    publish_job 5 out/none.json
    says 'GitLab answers 404'
    expect 5 publish --server "$server" --project 1 --merge-request 1 --job 4712 out/v.json
    says 'GitLab answers 404'
    expect 4 publish --server "$server" --project 1 --merge-request 1 --job x out/v.json
    says 'not the number of a job: "x"'
    is 0 "$(gitlab_notes)"
}

@test "publish --job: a job may be called anything" {
    gitlab_begin
    expect 1 check --no-publish --output json=v.json
    python3 "$here/tests/support/hostile_texts.py" --json > texts.json
    mkdir states
    for i in $(seq 0 9 "$(jq 'length - 1' texts.json)"); do
        job_left v.json
        jq --slurpfile texts texts.json --argjson at "$i" '($texts[0][$at:$at + 9] | join(" ") | gsub("\u0000"; "")) as $text |
            .pipelines[0].jobs[0] += {name: $text, user: $text, host: $text}' "$BATS_TEST_TMPDIR/left.json" > hostile.json
        gitlab_set @hostile.json
        gitlab_set '{"discussions": []}'
        expect 0 publish --job 4711 v.json
        gitlab_state > "states/$i"
    done
    posted states/*
}

# --- TLS and proxies

# tls_begin [ARGUMENT…]: $secure is the address of a GitLab behind TLS, whose authority nobody knows but $authority.
tls_begin() {
    gitlab_begin
    authority=$BATS_TEST_TMPDIR/authority.pem
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 \
        -keyout "$BATS_TEST_TMPDIR/key.pem" -out "$authority" 2> /dev/null
    gitlab_server secure --repository "$PWD" --certificate "$authority" --key "$BATS_TEST_TMPDIR/key.pem" "$@"
    secure=${secure/http:/https:}
    export CI_API_V4_URL=$secure/api/v4
    unset SSL_CERT_FILE SSL_CERT_DIR
}

secure_notes() {
    curl -fsS --noproxy '*' --cacert "$authority" "$secure/_state" | jq '.discussions | length'
}

@test "TLS: an authority that is named is trusted, any other is not" {
    tls_begin
    expect 1 check
    says 'name the authority'
    is 0 "$(secure_notes)"
    CI_SERVER_TLS_CA_FILE=$BATS_TEST_TMPDIR/no-such.pem expect 1 check
    is 0 "$(secure_notes)"
    CI_SERVER_TLS_CA_FILE=$authority expect 1 check
    is 2 "$(secure_notes)"
}

@test "TLS: a connection that is reset before it is safe is tried again" {
    tls_begin --resets 2
    CI_SERVER_TLS_CA_FILE=$authority expect 1 check
    is 2 "$(secure_notes)"
    gitlab_server flaky --repository "$PWD" --resets 2 # and without TLS
    CI_API_V4_URL=$flaky/api/v4 expect 1 check
    is 2 "$(curl -fsS --noproxy '*' "$flaky/_state" | jq '.discussions | length')"
}

@test "proxies: check and publish obey the usual variables" {
    tls_begin
    gitlab_server proxy --proxy
    export CI_SERVER_TLS_CA_FILE=$authority https_proxy=$proxy
    asked() {
        curl -fsS --noproxy '*' "$proxy/_state" | jq '.connects | length'
    }
    expect 1 check --output json=v.json
    is 2 "$(secure_notes)"
    [ "$(asked)" -gt 0 ]
    before=$(asked)
    no_proxy=127.0.0.1 expect 1 check
    is "$before" "$(asked)"
    https_proxy=http://127.0.0.1:1 expect 5 publish v.json
}

@test "publish --server: neither a proxy nor an authority of the environment comes between" {
    tls_begin
    gitlab_server proxy --proxy
    CI_SERVER_TLS_CA_FILE=$authority expect 1 check --no-publish --output json=v.json
    export CI_SERVER_TLS_CA_FILE=$authority https_proxy=$proxy all_proxy=$proxy
    expect 5 publish --server "$secure" --project 1 --merge-request 1 v.json
    says "put the authority's certificate among those that this system trusts"
    is 0 "$(curl -fsS --noproxy '*' "$proxy/_state" | jq '.connects | length')"
    is 0 "$(secure_notes)"
    expect 0 publish v.json
    is 2 "$(secure_notes)"
}

@test "proxies: a request without TLS goes to loopback itself, its token to nobody else" {
    gitlab_begin
    gitlab_server proxy --proxy
    http_proxy=$proxy all_proxy=$proxy expect 1 check
    is 1 "$(gitlab_notes)"
    is '[]' "$(curl -fsS --noproxy '*' "$proxy/_state" | jq -c '.requests')"
}
