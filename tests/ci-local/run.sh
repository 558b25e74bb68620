#!/bin/sh
# tests/ci-local/run.sh QGATE: the pipeline template, start to finish, in a throw-away repository, by
# gitlab-ci-local and against the GitLab of tests/support: a merge request whose new lines are not tested
# fails and gets a note, and passes and says so once they are.
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
cp "$here/ci/templates/qgate/template.yml" ci/templates/qgate/
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

python3 "$here/tests/support/fake_gitlab.py" --repository "$repository" > "$work/gitlab" 2>&1 &
server=$!
for _ in $(seq 100); do
    grep -q '^listening on ' "$work/gitlab" && break
    sleep 0.1
done
gitlab=http://127.0.0.1:$(sed -n 's/^listening on //p' "$work/gitlab")

# HITS: of the new line. The runner's variables are those of a merge-request pipeline.
pipeline() {
    PATH=$(dirname "$qgate"):$PATH timeout 120 "$work/node_modules/.bin/gitlab-ci-local" \
        --force-shell-executor --no-color --variable "HITS=$1" \
        --variable GITLAB_CI=true --variable CI_PIPELINE_SOURCE=merge_request_event --variable CI_MERGE_REQUEST_IID=1 \
        --variable "CI_API_V4_URL=$gitlab/api/v4" --variable CI_PROJECT_ID=1 \
        --variable CI_MERGE_REQUEST_PROJECT_ID=1 --variable CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main \
        --variable CI_DEFAULT_BRANCH=main --variable QGATE_GITLAB_TOKEN=bot > "$work/said" 2>&1
}
note() {
    curl -fsS --noproxy '*' "$gitlab/_state" |
        jq -r '.discussions[] | select(.individual_note) | .notes[0].body' | head -n 1
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

expect 'a new line without a test fails the pipeline' fails pipeline 0
expect 'the note says so' says '**qgate: failed.**'
for file in verdict.json codequality.json junit.xml metrics.txt annotations.json qgate.env cobertura.xml; do
    expect "the job leaves $file" left $file
done
expect 'a merge request leaves no baseline' fails left evidence.json
expect 'a tested line passes' pipeline 1
expect 'the note says that, too' says '**qgate: passed.**'
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
