#!/bin/sh
# tests/ci-local/run.sh QGATE: the pipeline templates, start to finish, in throw-away repositories, by
# gitlab-ci-local and against the GitLab of tests/support: a merge request whose new lines are not tested
# fails and gets a note, and passes and says so once they are. Then the same with a publisher: the branch's
# pipeline has no token and starts that of another project, which fetches the verdict from the job.
#
# Ends with `N passed, N failed`. The GitLab listens on loopback and is stopped by process id.
set -eu
qgate=$(realpath "$1")
cd "$(dirname "$0")/../.."
here=$PWD
work=$here/build/ci-local
mkdir -p "$work"
cmp -s tests/ci-local/package-lock.json "$work/package-lock.json" || {
    cp tests/ci-local/package.json tests/ci-local/package-lock.json "$work/"
    npm ci --prefix "$work" --ignore-scripts --no-audit --no-fund --loglevel=error
}

repository=$(mktemp -d)
server=
finish() {
    [ -z "$server" ] || kill "$server"
    rm -rf "$repository"
}
trap finish EXIT
trap 'exit 130' INT TERM
passed=0 failed=0
expect() { # WHAT COMMAND…
    what=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "ci-local: not so: $what"
        cat "$work/said"
    fi
}

cd "$repository"
git init -q -b main .
git config user.email test@example.org
git config user.name test
git remote add origin git@gitlab.example:group/app.git
mkdir -p ci/templates/qgate src
cp "$here"/ci/templates/qgate/*.yml ci/templates/qgate/
printf 'int a;\n' > src/fee.c
cat > .qgate.yml << 'END'
version: 1
reports: [{format: cobertura, path: coverage.xml}, {format: junit, path: unit.xml}]
gates: [{name: unit test, require: [tests.failed == 0, new(coverage.lines) >= 90%]}]
END
cat > .gitlab-ci.yml << 'END'
stages: [test, verify]
include:
  - local: ci/templates/qgate/template.yml
    inputs: {stage: verify, needs: [unit test]}
unit test:
  stage: test
  script:
    - echo '<testsuite name="u"><testcase name="a"/></testsuite>' > unit.xml
    - sh coverage.sh > coverage.xml
  artifacts: {when: always, paths: [unit.xml, coverage.xml]}
END
cat > coverage.sh << 'END'
echo '<coverage><packages><package name="p"><classes><class name="A" filename="src/fee.c"><lines>'
echo "<line number=\"1\" hits=\"1\"/><line number=\"2\" hits=\"${HITS:-0}\"/>"
echo '</lines></class></classes></package></packages></coverage>'
END
git add . && git commit -qm main
git update-ref refs/remotes/origin/main HEAD
git checkout -qb feature
printf 'int a;\nint b;\n' > src/fee.c
git commit -qam feature

: > "$work/gitlab" # of an earlier run
python3 "$here/tests/support/fake_gitlab.py" --repository "$repository" > "$work/gitlab" 2>&1 &
server=$!
for _ in $(seq 100); do
    grep -q '^listening on ' "$work/gitlab" && break
    sleep 0.1
done
gitlab=http://127.0.0.1:$(sed -n 's/^listening on //p' "$work/gitlab")

# HITS: of the new line; and more variables. The runner's are those of a merge-request pipeline.
pipeline() {
    hits=$1
    shift
    PATH=$(dirname "$qgate"):$PATH timeout 120 "$work/node_modules/.bin/gitlab-ci-local" \
        --force-shell-executor --no-color --variable "HITS=$hits" \
        --variable GITLAB_CI=true --variable CI_PIPELINE_SOURCE=merge_request_event --variable CI_MERGE_REQUEST_IID=1 \
        --variable "CI_API_V4_URL=$gitlab/api/v4" --variable CI_PROJECT_ID=1 \
        --variable CI_MERGE_REQUEST_PROJECT_ID=1 --variable CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main \
        --variable CI_DEFAULT_BRANCH=main "$@" > "$work/said" 2>&1
}
state() { # FILTER
    curl -fsS --noproxy '*' "$gitlab/_state" | jq -r "$1"
}
note() {
    state '.discussions[] | select(.individual_note) | .notes[0].body'
}
left() { # FILE: among the artifacts of the job
    [ -s ".gitlab-ci-local/artifacts/qgate/qgate-out/$1" ]
}
says() { # TEXT
    note | grep -qF "$1"
}
fails() {
    ! "$@"
}

expect 'a new line without a test fails the pipeline' fails pipeline 0 --variable QGATE_GITLAB_TOKEN=bot
expect 'the note says so' says '**qgate: failed.**'
for file in verdict.json codequality.json junit.xml metrics.txt annotations.json qgate.env cobertura.xml; do
    expect "the job leaves $file" left $file
done
expect 'a merge request leaves no baseline' fails left evidence.json
expect 'a tested line passes' pipeline 1 --variable QGATE_GITLAB_TOKEN=bot
expect 'the note says that, too' says '**qgate: passed.**'

sed -i 's,^unit test:$,  - {local: ci/templates/qgate/protected.yml\, inputs: {publisher: 42}}\n&,' .gitlab-ci.yml
git commit -qam publisher
curl -fsS --noproxy '*' -o /dev/null --data '{"discussions": [], "requests": []}' "$gitlab/_state"
expect 'without a token the pipeline fails as well' fails pipeline 0 --variable CI_JOB_TOKEN=job
expect 'and publishes nothing' [ "$(state '.discussions | length')" -eq 0 ]
expect 'but starts a pipeline of the publisher' [ "$(state '.triggers | map("\(.project) \(.ref)") | join(",")')" = '42 main' ]
expect 'which is told three numbers' [ "$(state '.triggers[0].inputs | [.project, .merge_request, .job] | map(tonumber > 0) | tojson')" = '[true,true,true]' ]
jq -n --arg sha "$(git rev-parse HEAD)" --argjson job "$(state '.triggers[0].inputs.job')" \
    --rawfile verdict .gitlab-ci-local/artifacts/qgate/qgate-out/verdict.json '{pipelines: [{
        id: 88, ref: "refs/merge-requests/1/head", sha: $sha,
        jobs: [{id: $job, name: "qgate", artifacts: {"qgate-out/verdict.json": $verdict}}]}]}' > "$work/pipelines"
curl -fsS --noproxy '*' -o /dev/null --data-binary "@$work/pipelines" "$gitlab/_state"

mkdir "$repository/publisher"
cd "$repository/publisher"
git init -q -b main .
git config user.email test@example.org
git config user.name test
git remote add origin git@gitlab.example:group/publisher.git
mkdir -p ci/templates/qgate
cp "$here/ci/templates/qgate/publisher.yml" ci/templates/qgate/
state '{include: [{local: "ci/templates/qgate/publisher.yml", inputs:
    ({server: "'"$gitlab"'"} + (.triggers[0].inputs | map_values(tonumber)))}]}' > .gitlab-ci.yml
git add . && git commit -qm publisher
expect "the publisher's pipeline passes" pipeline 0 --variable CI_PIPELINE_SOURCE=pipeline \
    --variable CI_API_V4_URL=http://127.0.0.1:1/api/v4 --variable QGATE_GITLAB_TOKEN=bot
# shellcheck disable=SC2016 # Markdown
expect 'the note says whose verdict it is' says 'Reported by a file that the job `qgate` of `anna` left.'
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
