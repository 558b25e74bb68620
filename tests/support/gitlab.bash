# For bats files that publish: `load ../support/gitlab` behind common.
#
# gitlab_begin makes a repository with a branch `feature` to be merged into main, starts a GitLab of our
# own beside it, and sets what a merge-request pipeline has. With GITLAB_PROXY and GITLAB_PORT set (make
# contract) requests go through a proxy that checks them against GitLab's description of its API.

gitlab_begin() {
    repository
    mkdir src
    printf 'int a;\nint b;\nint c;\nint d;\n' > src/fee.c
    gitlab_policy 'tests.failed == 0' 'new(coverage.lines) >= 90%'
    git add . && git commit -qm main
    git checkout -qb feature
    printf 'int a;\nint b;\nint n1;\nint n2;\nint n3;\nint c;\nint d;\n' > src/fee.c
    git commit -qam feature
    gitlab_reports 1 0 0
    gitlab_start
    gitlab_pipeline
}

# gitlab_policy RULE…: .qgate.yml with one gate; PUBLISH: what `publish.gitlab` holds.
gitlab_policy() {
    {
        echo 'version: 1'
        echo 'reports: [{format: cobertura, path: coverage.xml}, {format: junit, path: unit.xml}]'
        echo 'gates:'
        echo '  - name: unit test'
        echo '    require:'
        printf '      - %s\n' "$@"
        echo "publish: {gitlab: {${PUBLISH:-}}}"
    } > .qgate.yml
}

# gitlab_reports HITS…: of the added lines of src/fee.c, from line 3 on; and tests, FAILED of which fail.
gitlab_reports() {
    local line=3
    {
        echo '<coverage><packages><package name="p"><classes><class name="A" filename="src/fee.c"><lines>'
        for hits in "$@"; do
            echo "<line number=\"$line\" hits=\"$hits\"/>"
            line=$((line + 1))
        done
        echo '</lines></class></classes></package></packages></coverage>'
    } > coverage.xml
    junit unit.xml 2 "${FAILED:-0}"
}

gitlab_start() {
    gitlab_server gitlab --port "${GITLAB_PORT:-0}" --repository "$PWD"
}

# gitlab_server NAME ARGUMENT…: its address becomes $NAME, its process $NAME_pid.
gitlab_server() {
    local name=$1 said=$BATS_TEST_TMPDIR/$1.said
    shift
    : > "$said" # of one that was stopped
    python3 "$here/tests/support/fake_gitlab.py" "$@" > "$said" 2>&1 3>&- &
    printf -v "${name}_pid" %s $!
    gitlab_pids+=($!)
    for _ in $(seq 200); do
        grep -q '^listening on ' "$said" && break
        sleep 0.05
    done
    printf -v "$name" %s "http://127.0.0.1:$(sed -n 's/^listening on //p' "$said")"
}

gitlab_stop() {
    [ -z "${GITLAB_PROXY:-}" ] || skip "breaks things on purpose"
    kill "$gitlab_pid"
    wait "$gitlab_pid" || true
}

teardown() {
    for pid in "${gitlab_pids[@]}"; do
        kill "$pid" 2> /dev/null || true # it may have been stopped
    done
}

# What GitLab sets in the pipeline of a merge request, and the token.
gitlab_pipeline() {
    export CI=true GITLAB_CI=true CI_API_V4_URL=${GITLAB_PROXY:-$gitlab}/api/v4
    export CI_PROJECT_ID=1 CI_MERGE_REQUEST_PROJECT_ID=1 CI_MERGE_REQUEST_IID=1
    export CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main CI_PIPELINE_ID=77 CI_DEFAULT_BRANCH=main
    export CI_MERGE_REQUEST_EVENT_TYPE=detached QGATE_GITLAB_TOKEN=bot
    CI_MERGE_REQUEST_DIFF_BASE_SHA=$(git merge-base main feature)
    CI_MERGE_REQUEST_TARGET_BRANCH_SHA=$(git rev-parse main)
    export CI_MERGE_REQUEST_DIFF_BASE_SHA CI_MERGE_REQUEST_TARGET_BRANCH_SHA
    unset CI_MERGE_REQUEST_SOURCE_BRANCH_SHA CI_JOB_TOKEN
}

gitlab_state() {
    curl -fsS --noproxy '*' "$gitlab/_state"
}

# gitlab_set JSON: replaces these keys of its state.
gitlab_set() {
    curl -fsS --noproxy '*' -o /dev/null --data-binary "$1" "$gitlab/_state"
}

# gitlab_fault JSON…: what goes wrong next. Not behind the proxy, which answers for itself then.
gitlab_fault() {
    [ -z "${GITLAB_PROXY:-}" ] || skip "breaks things on purpose"
    curl -fsS --noproxy '*' -o /dev/null --data-binary "[$(IFS=,; echo "$*")]" "$gitlab/_faults"
}

# gitlab_jq FILTER: of its state, as text.
gitlab_jq() {
    gitlab_state | jq -r "$1"
}

gitlab_notes() {
    gitlab_jq '[.discussions[] | select(.individual_note)] | length'
}

gitlab_threads() {
    gitlab_jq '[.discussions[] | select(.individual_note | not)] | length'
}

# The text of the only note.
gitlab_note() {
    [ "$(gitlab_notes)" -eq 1 ]
    gitlab_jq '.discussions[] | select(.individual_note) | .notes[0].body'
}

# gitlab_asked [METHOD]: how many requests since the last gitlab_forget.
gitlab_asked() {
    gitlab_jq "[.requests[] | select(.method | test(\"${1:-}\"))] | length"
}

gitlab_forget() {
    gitlab_set '{"requests": []}'
}
