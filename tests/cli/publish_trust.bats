#!/usr/bin/env bats
# What hostile texts and verdicts can do to a merge request: nothing. What a token is shown to: its GitLab.

load ../support/common
load ../support/gitlab

is() {
    [ "$1" = "$2" ] || {
        echo "expected: $1"
        echo "found:    $2"
        return 1
    }
}

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
            ($texts[0][$at:$at + 7] | join("\n\n") | gsub("\u0000"; "")) as $text | .policy.path = $text | .stage = $text |
            .policy.origin = $text | .target = $text | .notices = [$text] | .job_url = $text |
            walk(if type != "object" then . else with_entries(
                if (.value | type) == "string" and (.key | IN("name", "rule", "reason", "to_pass", "subject", "text",
                    "message", "why", "package", "installed", "fixed", "class", "suite", "each", "what", "path"))
                then .value = $text else . end) end)' v.json > forged.json
        gitlab_set '{"discussions": []}'
        expect 0 publish forged.json
        gitlab_state > "states/$i"
    done
    posted states/*
}

@test "a verdict's file: mangled in every way it is refused or published, never more" {
    gitlab_begin
    expect 1 check --no-publish --output json=v.json
    jq -c '(paths | select(length < 7)) as $path | ({a: [1e99]}, "x", 0) as $value | {$path, $value}' v.json |
        awk 'NR % 7 == 0' > mangled
    while read -r how; do
        jq --argjson how "$how" 'setpath($how.path; $how.value)' v.json > forged.json
        run qgate publish --dry-run forged.json
        [ "$status" -eq 0 ] || [ "$status" -eq 3 ] || {
            echo "$how: $status: $output"
            false
        }
    done < mangled
    [ "$(wc -l < mangled)" -gt 40 ]
}

@test "a verdict's file cannot settle what another policy, stage or user opened" {
    gitlab_begin
    expect 1 check
    expect 1 check --no-publish --output json=v.json
    jq '.gates[].rules = [] | .gates[].outcome = "passed" | .outcome = "passed"' v.json > none.json
    jq '.policy.path = "other.yml"' none.json > other.json
    expect 0 publish other.json
    is false "$(gitlab_jq '.discussions[] | select(.individual_note | not) | .notes[0].resolved')"
    jq '.stage = "deploy"' none.json > stage.json
    expect 0 publish stage.json
    is false "$(gitlab_jq '.discussions[] | select(.individual_note | not) | .notes[0].resolved')"
    QGATE_GITLAB_TOKEN=anna expect 0 publish none.json
    is false "$(gitlab_jq '.discussions[] | select(.individual_note | not) | .notes[0].resolved')"
    expect 0 publish none.json
    is true "$(gitlab_jq '.discussions[] | select(.individual_note | not) | .notes[0].resolved')"
}

# --- TLS and proxies

# tls_begin: $secure is the address of a GitLab behind TLS, whose authority nobody knows but $authority.
tls_begin() {
    gitlab_begin
    authority=$BATS_TEST_TMPDIR/authority.pem
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 \
        -keyout "$BATS_TEST_TMPDIR/key.pem" -out "$authority" 2> /dev/null
    gitlab_server secure --repository "$PWD" --certificate "$authority" --key "$BATS_TEST_TMPDIR/key.pem"
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

@test "proxies: check obeys the usual variables, publish with --server does not" {
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
    https_proxy=http://127.0.0.1:1 expect 0 publish --server "$secure" --project 1 --merge-request 1 v.json
    is "$before" "$(asked)"
    https_proxy=http://127.0.0.1:1 expect 5 publish v.json
}

@test "proxies: a request without TLS goes to loopback itself, its token to nobody else" {
    gitlab_begin
    gitlab_server proxy --proxy
    http_proxy=$proxy all_proxy=$proxy expect 1 check
    is 1 "$(gitlab_notes)"
    is '[]' "$(curl -fsS --noproxy '*' "$proxy/_state" | jq -c '.requests')"
}
