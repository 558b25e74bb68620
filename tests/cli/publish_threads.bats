#!/usr/bin/env bats
# Threads at the lines of findings: where they stand, when they are settled, and that none is there twice.

load ../support/common
load ../support/gitlab

# threads FILTER: of all of them
threads() {
    gitlab_jq "[.discussions[] | select(.individual_note | not)] | $1"
}

posts() {
    gitlab_jq "[.requests[] | select(.method == \"POST\" and (.path | test(\"$1\")))] | length"
}

# as_anna PATH [BODY]: she writes it; without BODY she resolves the thread; with RESOLVED=false she opens it again.
as_anna() {
    local base=$gitlab/api/v4/projects/1/merge_requests/1/$1
    if [ $# -eq 2 ]; then
        jq -n --arg body "$2" '{body: $body}' | curl -fsS --noproxy '*' -o /dev/null -H 'PRIVATE-TOKEN: anna' \
            -H 'Content-Type: application/json' --data-binary @- "$base"
    else
        curl -fsS --noproxy '*' -o /dev/null -H 'PRIVATE-TOKEN: anna' -H 'Content-Type: application/json' \
            -X PUT --data "{\"resolved\": ${RESOLVED:-true}}" "$base"
    fi
}

# issues PATH:LINE…: what SonarQube would answer
issues() {
    {
        echo "{\"paging\": {\"pageIndex\": 1, \"pageSize\": 500, \"total\": $#}, \"issues\": ["
        for place; do
            printf '{"key": "%s", "rule": "c:S%s", "severity": "MAJOR", "type": "BUG", "status": "OPEN", ' \
                "$place" "${place#*:}"
            printf '"component": "p:%s", "line": %s, "hash": "%s", "message": "this is odd"},\n' \
                "${place%:*}" "${place#*:}" "$(printf %s "$place" | md5sum | cut -d ' ' -f 1)"
        done | sed '$ s/,$//'
        echo ']}'
    } > issues.json
}

# issues_policy RULE: on main, under the branch; PUBLISH: of `publish.gitlab`
issues_policy() {
    git checkout -q main
    printf 'version: 1\nreports: [{format: sonarqube, path: issues.json}]\n' > .qgate.yml
    printf 'gates: [{name: issues, require: [%s]}]\npublish: {gitlab: {%s}}\n' "$1" "${PUBLISH:-}" >> .qgate.yml
    git commit -qam issues
    git checkout -q feature
    git rebase -q main
    gitlab_pipeline
}

@test "all: findings of old code, too, at context lines; what cannot be shown is counted" {
    gitlab_begin
    PUBLISH='threads: all' issues_policy 'issues == 0'
    issues src/fee.c:2 src/fee.c:4 src/other.c:9
    expect 1 check
    is '[{"line":2,"old_line":2},{"line":4,"old_line":null}]' \
        "$(threads 'map(.notes[0].position | {line: .new_line, old_line}) | sort | tojson')"
    output=$(gitlab_note)
    says '1 finding without a thread: this merge request does not show the lines.'
    gitlab_forget
    expect 1 check
    is 0 "$(gitlab_asked 'POST|PUT|DELETE')"
    [ "$(gitlab_asked)" -le 4 ]
}

@test "new: findings that are not new have none; none: what stands there is left alone" {
    gitlab_begin
    issues_policy 'issues == 0'
    issues src/fee.c:4
    expect 1 check
    is 0 "$(gitlab_threads)"
    PUBLISH='threads: all' issues_policy 'issues == 0'
    expect 1 check
    is 1 "$(gitlab_threads)"
    PUBLISH='threads: new' issues_policy 'issues == 0'
    expect 1 check
    is '[false]' "$(threads 'map(.notes[0].resolved) | tojson')" # it is still there
    PUBLISH='threads: none' issues_policy 'issues == 0'
    issues src/fee.c:3
    expect 1 check
    is '[false]' "$(threads 'map(.notes[0].resolved) | tojson')"
    is 1 "$(gitlab_threads)"
}

@test "of two gaps in a file the one that is tested is settled, and the other takes its thread along" {
    gitlab_begin
    gitlab_reports 0 1 0
    expect 1 check
    is '[[3,false],[5,false]]' "$(threads 'map([.notes[0].position.new_line, .notes[0].resolved]) | tojson')"
    gitlab_reports 1 1 0
    expect 1 check
    is '[[3,true],[5,false]]' "$(threads 'map([.notes[0].position.new_line, .notes[0].resolved]) | tojson')"
    sed -i '1 i int top;' src/fee.c
    sed -i 's/^int n3;/    int n3;/' src/fee.c
    git commit -qam "a line above, and this one indented"
    gitlab_pipeline
    sed -i 's/number="5"/number="6"/; s/number="4"/number="5"/; s/number="3"/number="4"/' coverage.xml
    gitlab_forget
    expect 1 check
    says 'src/fee.c:6'
    is 0 "$(posts '/discussions')"
    is '[[3,true],[5,false]]' "$(threads 'map([.notes[0].position.new_line, .notes[0].resolved]) | tojson')"
}

@test "a thread that is there twice stays so when somebody answered it" {
    gitlab_begin
    expect 1 check
    gitlab_set "$(gitlab_jq '{discussions: (.discussions + (.discussions | map(select(.individual_note | not)
        | .id = "abcd" | .notes[0].id = 7000 | .notes += [.notes[0] | .id = 7001 | .body = "mine" | .author.id = 8])))} | tojson')"
    gitlab_forget
    expect 1 check
    is '2 0' "$(gitlab_threads) $(gitlab_asked 'POST|PUT|DELETE')"
    gitlab_reports 1 1 1
    expect 0 check # settled both
    is '[true,true]' "$(threads 'map(.notes[0].resolved) | tojson')"
}

@test "a thread says how many lines it is about, also when they become fewer" {
    gitlab_begin
    expect 1 check
    says_thread() {
        is "$1" "$(threads '.[0].notes[0].body' | head -n 1)"
    }
    says_thread '**No test runs these 2 lines.**'
    marker=$(threads '.[0].notes[0].body' | tail -n 1)
    gitlab_reports 1 0 1
    gitlab_forget
    expect 1 check
    says_thread '**No test runs this line.**'
    is "$marker" "$(threads '.[0].notes[0].body' | tail -n 1)"
    is '1 0 false' "$(gitlab_threads) $(posts '/discussions') $(threads '.[0].notes[0].resolved')"
    gitlab_forget
    expect 1 check
    is 0 "$(gitlab_asked 'POST|PUT|DELETE')"
}

@test "any: what the change brought has a thread, from check and from the verdict alone, and old findings none" {
    gitlab_begin
    git checkout -q main
    gitlab_policy '{any: [coverage.lines >= 90%, new(coverage.lines) >= 90%]}'
    git commit -qam any && git checkout -q feature && git rebase -q main
    gitlab_pipeline
    expect 1 check --output json=v.json --output codequality=quality.json
    says 'src/fee.c:4-5               no test runs these lines'
    is '[5]' "$(threads 'map(.notes[0].position.new_line) | tojson')"
    is 'src/fee.c 4' "$(jq -r '.[0].location | "\(.path) \(.lines.begin)"' quality.json)"
    gitlab_set '{"discussions": []}'
    expect 0 publish v.json
    is '[5]' "$(threads 'map(.notes[0].position.new_line) | tojson')"
    gitlab_reports 1 1 1
    expect 0 check
    is '[true]' "$(threads 'map(.notes[0].resolved) | tojson')"
    issues_policy '{any: [issues == 0, issues < 0.5]}'
    issues src/fee.c:4
    gitlab_set '{"discussions": []}'
    expect 1 check
    is 0 "$(gitlab_threads)"
}

@test "200 findings: 30 threads, the rest is counted, and a second run is quiet" {
    gitlab_begin
    for i in $(seq 200); do echo "int x$i;"; done >> src/fee.c
    git commit -qam many
    PUBLISH='threads: all' issues_policy 'issues == 0'
    local places=()
    for i in $(seq 8 207); do places+=("src/fee.c:$i"); done
    issues "${places[@]}"
    expect 1 check
    is 30 "$(gitlab_threads)"
    output=$(gitlab_note)
    says '170 findings without a thread: there are too many.'
    gitlab_forget
    expect 1 check
    is 0 "$(gitlab_asked 'POST|PUT|DELETE')"
    [ "$(gitlab_asked)" -le 4 ]
    issues "${places[@]:30}" # 30 are repaired: there is room for 30 more
    expect 1 check
    is 60 "$(gitlab_threads)"
    is 30 "$(threads 'map(select(.notes[0].resolved)) | length')"
}

@test "max_threads: so many findings have a thread, from check and from the verdict alone" {
    gitlab_begin
    PUBLISH='threads: all, max_threads: 2' issues_policy 'issues == 0'
    issues src/fee.c:1 src/fee.c:2 src/fee.c:3 src/fee.c:4 src/fee.c:5
    expect 1 check --output json=v.json
    is 2 "$(gitlab_threads)"
    output=$(gitlab_note)
    says '3 findings without a thread: there are too many.'
    gitlab_set '{"discussions": []}'
    expect 0 publish v.json
    is 2 "$(gitlab_threads)"
    sed -i 's/max_threads: 2/max_threads: 4/' .qgate.yml # the branch's own policy decides nothing
    git commit -qam more && gitlab_pipeline
    expect 1 check
    says 'publish.gitlab.max_threads   2  →  4'
    is 2 "$(gitlab_threads)"
    PUBLISH='threads: all, max_threads: 4' issues_policy 'issues == 0'
    expect 1 check
    is 4 "$(gitlab_threads)"
    PUBLISH='threads: all, max_threads: 1' issues_policy 'issues == 0'
    expect 1 check # those that are there stay until their findings are settled
    is '[false,false,false,false]' "$(threads 'map(.notes[0].resolved) | tojson')"
    jq '.policy.publish.max_threads = 101' v.json > forged.json
    expect 3 publish forged.json
    says '"max_threads" is missing or of another kind'
}

@test "a renamed file: both its names" {
    gitlab_begin
    for i in $(seq 20); do echo "int far$i;"; done > src/long.c
    git checkout -q main && mkdir -p src
    for i in $(seq 20); do echo "int far$i;"; done > src/long.c
    git add src && git commit -qm long
    git checkout -q -f feature && git merge -q main -m merge
    git mv src/long.c src/renamed.c
    sed -i '10 s/.*/int fresh;/' src/renamed.c
    git commit -qam renamed
    gitlab_pipeline
    gitlab_reports 1 1 1
    sed -i 's,</classes>,<class name="B" filename="src/renamed.c"><lines><line number="10" hits="0"/></lines></class></classes>,' \
        coverage.xml
    expect 1 check
    is '[{"old":"src/long.c","new":"src/renamed.c","line":10}]' \
        "$(threads 'map(.notes[0].position | {old: .old_path, new: .new_path, line: .new_line}) | tojson')"
}

@test "a force-push: the lines are gone, others are there" {
    gitlab_begin
    expect 1 check
    is 1 "$(gitlab_threads)"
    old=$(git rev-parse --short=12 HEAD)
    git checkout -q -B feature main
    printf 'int z;\n' > src/other.c
    git add src && git commit -qm "another way"
    gitlab_pipeline
    sed -i 's/fee.c/other.c/; s/number="3"/number="1"/; s/<line number="[45]" hits="[01]"\/>//; s/hits="1"/hits="0"/' coverage.xml
    expect 1 check
    is 2 "$(gitlab_threads)"
    is '[true,false]' "$(threads 'map(.notes[0].resolved) | tojson')"
    is "Settled since \`$(git rev-parse HEAD | cut -c 1-12)\`." "$(threads '.[0].notes[1].body')"
    is "src/other.c $(git rev-parse HEAD)" "$(threads '.[1].notes[0].position | .new_path + " " + .head_sha')"
    gitlab_forget
    expect 1 check
    is 0 "$(gitlab_asked 'POST|PUT|DELETE')"
    git checkout -q --detach "$old" # a late pipeline of what was there before
    expect 2 check
    says 'the verdict is of commit'
    is 0 "$(gitlab_asked 'POST|PUT|DELETE')"
}

@test "people answer: nothing of theirs is touched, and it is opened again when the finding comes back" {
    gitlab_begin
    expect 1 check
    id=$(threads '.[0].id')
    as_anna "discussions/$id/notes" "next week"
    gitlab_reports 1 1 1
    expect 0 check
    as_anna "discussions/$id/notes" "thank you"
    gitlab_reports 1 0 0
    expect 1 check
    is '["qgate-bot","anna","qgate-bot","anna","qgate-bot"]' "$(threads '.[0].notes | map(.author.username) | tojson')"
    is false "$(threads '.[0].notes[0].resolved')"
    as_anna "discussions/$id" # she knows, and resolves it
    gitlab_forget
    expect 1 check
    is 0 "$(gitlab_asked 'POST|PUT|DELETE')"
}

@test "a settled thread that somebody answers and opens again stays open" {
    gitlab_begin
    expect 1 check
    id=$(threads '.[0].id')
    gitlab_reports 1 1 1
    expect 0 check
    as_anna "discussions/$id/notes" "are you sure?"
    RESOLVED=false as_anna "discussions/$id"
    gitlab_forget
    expect 0 check
    is '0 false' "$(gitlab_asked 'POST|PUT|DELETE') $(threads '.[0].notes[0].resolved')"
}

@test "without data nothing is settled" {
    gitlab_begin
    expect 1 check
    mv coverage.xml away.xml
    expect 2 check
    is '[false]' "$(threads 'map(.notes[0].resolved) | tojson')"
    head -c 100 away.xml > coverage.xml
    expect 3 check
    is '[false]' "$(threads 'map(.notes[0].resolved) | tojson')"
    is 1 "$(threads '.[0].notes | length')"
}

@test "what a run lets pass without looking is not settled: on_missing, an optional report, no baseline" {
    gitlab_begin
    git checkout -q main
    git add -f coverage.xml && git rm -q --cached coverage.xml
    gitlab_policy '{rule: new(coverage.lines) >= 90%, on_missing: pass}'
    sed -i 's/cobertura, path: coverage.xml/&, optional: true/' .qgate.yml
    git commit -qam optional && git checkout -q feature && git rebase -q main
    gitlab_pipeline
    expect 1 check --output json=v.json
    mv coverage.xml away.xml
    expect 0 check --output json=none.json
    is '[false]' "$(threads 'map(.notes[0].resolved) | tojson')"
    expect 0 publish none.json
    is '[false]' "$(threads 'map(.notes[0].resolved) | tojson')"
    mv away.xml coverage.xml
    git checkout -q main
    sed -i 's/, optional: true//; s/new(coverage.lines) >= 90%, on_missing/tests.total >= 1, on_missing/' .qgate.yml
    echo '  - {name: more, require: [{rule: new(tests.failed) == 0, on_no_baseline: pass}]}' > more
    sed -i '/^publish/e cat more' .qgate.yml
    git commit -qam compared && git checkout -q feature && git rebase -q main
    gitlab_pipeline
    expect 0 check
    is '[false]' "$(threads 'map(.notes[0].resolved) | tojson')"
}

# What GitLab builds in a merged-results pipeline: main goes on, and its merge with the branch is checked out.
merged_results() {
    git checkout -q main
    printf 'int before1;\nint before2;\n' | cat - src/fee.c > new && mv new src/fee.c
    git commit -qam "main goes on"
    git checkout -q --detach main
    git merge -q --no-ff -m merge feature
    gitlab_pipeline
    CI_MERGE_REQUEST_SOURCE_BRANCH_SHA=$(git rev-parse feature)
    CI_MERGE_REQUEST_TARGET_BRANCH_SHA=$(git rev-parse main)
    export CI_MERGE_REQUEST_EVENT_TYPE=merged_result
    export CI_MERGE_REQUEST_SOURCE_BRANCH_SHA CI_MERGE_REQUEST_TARGET_BRANCH_SHA
    gitlab_reports 1 0 0
    sed -i 's/number="5"/number="7"/; s/number="4"/number="6"/; s/number="3"/number="5"/' coverage.xml
}

@test "merged results: threads stand at the lines of the branch, from check and from the verdict alone" {
    gitlab_begin
    merged_results
    expect 1 check --output json=v.json
    place="[{\"head\":\"$(git rev-parse feature)\",\"first\":4,\"line\":5}]"
    says 'src/fee.c:6-7'
    is "$place" "$(threads 'map(.notes[0].position | {head: .head_sha, first: .line_range.start.new_line, line: .new_line}) | tojson')"
    is '{"path":"src/fee.c","line":4,"last_line":5}' "$(jq -c '[.. | .at_source? // empty][0]' v.json)"
    python3 -c 'import json, jsonschema, sys
jsonschema.validate(json.load(open("v.json")), json.load(open(sys.argv[1])))' "$here/schemas/verdict.schema.json"
    gitlab_set '{"discussions": []}'
    expect 0 publish v.json
    is "$place" "$(threads 'map(.notes[0].position | {head: .head_sha, first: .line_range.start.new_line, line: .new_line}) | tojson')"
}

@test "merged results: what only the merge brought has no line in the branch" {
    gitlab_begin
    PUBLISH='threads: all' issues_policy 'issues == 0'
    merged_results
    issues src/fee.c:1 src/fee.c:5
    expect 1 check
    is '[3]' "$(threads 'map(.notes[0].position.new_line) | tojson')"
    output=$(gitlab_note)
    says '1 finding without a thread: this merge request does not show the lines.'
}

refusal='"do": "status", "status": 400, "method": "POST", "path": "/discussions$", "body": "{\"message\": \"400 Bad request - Note {:line_code=>[\\\"can'"'"'t be blank\\\"]}\"}"'

@test "a position that GitLab refuses: one line, then the file, then the note" {
    gitlab_begin
    gitlab_fault "{$refusal, \"times\": 1}"
    expect 1 check
    is '[{"line":5,"range":null}]' "$(threads 'map(.notes[0].position | {line: .new_line, range: .line_range}) | tojson')"
    gitlab_set '{"discussions": []}'
    gitlab_fault "{$refusal, \"times\": 2}"
    expect 1 check
    is '["file"]' "$(threads 'map(.notes[0].position.position_type) | tojson')"
    gitlab_set '{"discussions": []}'
    gitlab_fault "{$refusal, \"times\": 3}"
    expect 1 check
    says_not 'does not show this verdict'
    is 0 "$(gitlab_threads)"
    output=$(gitlab_note)
    says '1 finding without a thread: GitLab did not take it.'
}

@test "a thread whose answer was lost is there once; one that was never taken is sent again" {
    gitlab_begin
    gitlab_fault '{"do": "drop", "method": "POST", "path": "/discussions$"}'
    expect 1 check
    is 1 "$(gitlab_threads)"
    is 1 "$(posts '/discussions$')"
    gitlab_set '{"discussions": [], "requests": []}'
    gitlab_fault '{"do": "refuse", "method": "POST", "path": "/discussions$"}'
    expect 1 check
    is 1 "$(gitlab_threads)"
    is 2 "$(posts '/discussions$')"
}

@test "a lost thread that cannot be looked for is not sent again, and the note is written all the same" {
    gitlab_begin
    gitlab_fault '{"do": "drop", "method": "POST", "path": "/discussions$"}'
    # the first listing works; what comes behind the POST does not
    gitlab_fault '{"do": "pass", "method": "GET", "path": "/discussions.per_page"}' \
        '{"do": "status", "status": 500, "method": "GET", "path": "/discussions.per_page", "body": "{}"}'
    expect 1 check
    is 1 "$(posts '/discussions$')"
    is 1 "$(gitlab_threads)"
    is 1 "$(gitlab_notes)"
    expect 1 check
    is 1 "$(gitlab_threads)"
}

@test "a reply whose answer was lost is there once" {
    gitlab_begin
    expect 1 check
    gitlab_reports 1 1 1
    gitlab_fault '{"do": "drop", "method": "POST", "path": "/discussions/[0-9a-f]+/notes$"}'
    expect 0 check
    is '[2,true]' "$(threads '[(.[0].notes | length), .[0].notes[0].resolved] | tojson')"
    is 1 "$(posts '/discussions/[0-9a-f]+/notes$')"
}

@test "a thread that could not be resolved after its reply is resolved by the next run, without a second one" {
    gitlab_begin
    expect 1 check
    gitlab_reports 1 1 1
    gitlab_fault '{"do": "status", "status": 500, "method": "PUT", "path": "/discussions/", "body": "{}"}'
    expect 0 check
    is '[2,false]' "$(threads '[(.[0].notes | length), .[0].notes[0].resolved] | tojson')"
    is 1 "$(gitlab_notes)"
    expect 0 check
    is '[2,true]' "$(threads '[(.[0].notes | length), .[0].notes[0].resolved] | tojson')"
}
