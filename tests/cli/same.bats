#!/usr/bin/env bats
# The verdict on a laptop is the verdict in the pipeline: for the same commit, reports, target and
# baseline, byte for byte but for the address of the job.

load ../support/common

# An origin with main, and a branch `feature` that changes a tested file, adds an untested one and loosens
# the policy; main has gone on since.
origin() {
    git init -q -b main ../origin && cd ../origin
    git config user.email test@example.org && git config user.name test
    git config uploadpack.allowAnySHA1InWant true
    mkdir -p src services/fees services/ledger
    for name in a b c; do printf 'int %s(void)\n{\n    return 1;\n}\n' $name > src/$name.c; done
    echo 'int f;' > services/fees/f.c
    echo 'int l;' > services/ledger/l.c
    cat > .qgate.yml
    echo 'stages: [build]' > .gitlab-ci.yml
    git add . && git commit -qm one
    git commit -q --allow-empty -m two
    base=$(git rev-parse HEAD)
    git checkout -q -b feature
    sed -i '3s/1/2/' src/a.c
    git commit -qam a
    printf 'int d(void)\n{\n    return 4;\n}\n' > src/d.c
    sed -i 's/>= 90%/>= 10%/' .qgate.yml
    echo '# more' >> .gitlab-ci.yml
    git add . && git commit -qm d
    head=$(git rev-parse HEAD)
    git checkout -q main
    git commit -q --allow-empty -m three
    tip=$(git rev-parse HEAD)
    cd ../work
}

# What the build left, with the paths of a container.
reports() {
    mkdir build
    junit build/unit.xml 5 "${1:-0}"
    {
        echo '<coverage><sources><source>/app</source></sources><packages><package name="p"><classes>'
        for name in src/a.c src/b.c src/c.c gone/x.c; do
            echo "<class name=\"A\" filename=\"$name\"><lines><line number=\"1\" hits=\"1\"/><line number=\"3\" hits=\"0\"/></lines></class>"
        done
        [ -z "${2:-}" ] || echo "<class name=\"A\" filename=\"$2\"><lines><line number=\"1\" hits=\"1\"/><line number=\"3\" hits=\"1\"/></lines></class>"
        echo '</classes></package></packages></coverage>'
    } > build/coverage.xml
}

# As a developer has it: all of it, on a branch. In the work tree an editor's leavings.
laptop() {
    rm -rf "$HOME/laptop"
    git clone -q ../origin "$HOME/laptop" 2> /dev/null
    cp -r build "$HOME/laptop/"
    cd "$HOME/laptop"
    git checkout -q feature
    touch -d 2001-01-01 src/a.c # touched is not changed
    echo notes > notes.txt
    unset CI GITLAB_CI
    run qgate check --target main --output json="$HOME/laptop.json" "$@"
    laptop_status=$status
    cd - > /dev/null
}

# As a merge-request pipeline has it: detached, of depth $1, with what jobs left.
pipeline() {
    local depth=$1
    shift
    rm -rf "$HOME/builds"
    mkdir -p "$HOME/builds/group/app" && cp -r build "$HOME/builds/group/app/"
    cd "$HOME/builds/group/app"
    git init -q .
    git remote add origin "file://$(cd "$OLDPWD/../origin" && pwd)"
    git fetch -q --depth "$depth" origin feature
    git checkout -q --detach "$head"
    git fetch -q --depth 1 origin "$base"
    git fetch -q --depth 1 origin +main:refs/remotes/origin/main
    echo '*.o' > .gitignore # an untracked leaving
    run env CI=true GITLAB_CI=true CI_PROJECT_ID=7 CI_JOB_URL=https://gitlab.example/x/-/jobs/1 \
        CI_COMMIT_SHA="$head" CI_DEFAULT_BRANCH=main CI_CONFIG_PATH=.gitlab-ci.yml CI_MERGE_REQUEST_IID=3 \
        CI_MERGE_REQUEST_EVENT_TYPE=detached CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main \
        CI_MERGE_REQUEST_DIFF_BASE_SHA="$base" LC_ALL=C TZ=Africa/Lagos "$QGATE" check --no-publish \
        --output json="$HOME/pipeline.json" "$@"
    pipeline_status=$status
    cd - > /dev/null
}

# same STATUS: both have it, and the same verdict.
same() {
    [ "$laptop_status" -eq "$1" ] && [ "$pipeline_status" -eq "$1" ] || {
        echo "laptop $laptop_status, pipeline $pipeline_status"
        echo "$output"
        return 1
    }
    grep -q '"job_url": "https://gitlab.example/x/-/jobs/1"' "$HOME/pipeline.json"
    sed -i 's|"job_url": "[^"]*"|"job_url": null|' "$HOME/pipeline.json"
    diff "$HOME/laptop.json" "$HOME/pipeline.json"
}

policy_of_all() {
    cat << 'END'
version: 1
components: {fees: services/fees/**, ledger: services/ledger/**}
reports:
  - {format: junit, path: build/unit.xml}
  - {format: cobertura, path: build/coverage.xml}
  - {format: trivy, path: build/trivy.json, optional: true}
gates:
  - name: unit
    require:
      - tests.failed == 0
      - new(coverage.lines) >= 90%
      - coverage.lines >= 10%
      - {rule: coverage.lines >= 50%, each: component}
      - {rule: diff.files <= 4, when: {changes: ["src/**"]}}
      - {rule: tests.total >= 1, when: {branch: main}}
    warn: [vulnerabilities == 0, diff.lines <= 2]
END
}

@test "a file without a report: no data on both" {
    origin < <(policy_of_all)
    reports
    laptop
    for depth in 1 2 20; do
        pipeline $depth
        same 2 || { echo "depth $depth"; false; }
    done
    grep -q '1 of 2 changed source files is in no coverage report' "$HOME/laptop.json"
}

@test "failing on both" {
    origin < <(policy_of_all)
    reports 2 src/d.c
    laptop
    for depth in 1 20; do
        pipeline $depth
        same 1 || { echo "depth $depth"; false; }
    done
    grep -q loosened "$HOME/laptop.json"
}

@test "passing on both, by the policy that both try" {
    origin < <(policy_of_all | sed 's/>= 90%/>= 60%/')
    reports 0 src/d.c
    laptop
    pipeline 20
    same 0
    laptop --policy-from worktree
    pipeline 20 --policy-from worktree
    same 0
}

@test "a baseline: the same differences on both" {
    origin < <(policy_of_all | sed 's/>= 90%/>= 60%/; s/coverage.lines >= 10%/delta(coverage.lines) >= 0pp/; s/tests.failed == 0/new(tests.failed) == 0/')
    reports 1
    git clone -q ../origin "$HOME/before" 2> /dev/null # main's build
    cp -r build "$HOME/before/"
    (cd "$HOME/before" && git checkout -q --detach "$base" && qgate check --save-baseline "$HOME/base.json") || true
    rm -r build
    reports 2 src/d.c
    laptop --baseline "$HOME/base.json"
    pipeline 20 --baseline "$HOME/base.json"
    same 1
    grep -q '"baseline": "' "$HOME/laptop.json"
}

@test "a report that cannot be read is an error on both" {
    origin < <(policy_of_all | sed 's/tests.failed == 0/tests.total >= 1/')
    reports 0 src/d.c
    echo '<testsuite' > build/unit.xml
    laptop --stage build
    pipeline 20 --stage build
    [ "$laptop_status" -eq "$pipeline_status" ]
    same "$laptop_status"
}

@test "nobody judges a clone that belongs to root, as a job in the image does" {
    [ "$(id -u)" -eq 0 ] || skip "only root can become somebody else"
    repository
    printf 'version: 1\nreports: [{format: junit, path: unit.xml}]\ngates: [{name: unit, require: [tests.failed == 0]}]\n' > .qgate.yml
    git add . && git commit -qm policy
    junit unit.xml 2 0
    chmod -R a+rX "$BATS_TEST_TMPDIR"
    for above in "$BATS_TEST_TMPDIR" "$(dirname "$BATS_TEST_TMPDIR")" "$(dirname "$(dirname "$BATS_TEST_TMPDIR")")"; do
        chmod a+x "$above"
    done
    cp "$QGATE" "$BATS_TEST_TMPDIR/qgate" && chmod a+rx "$BATS_TEST_TMPDIR/qgate"
    run setpriv --reuid=65534 --regid=65534 --clear-groups timeout 60 "$BATS_TEST_TMPDIR/qgate" check
    echo "$output"
    [ "$status" -eq 0 ]
    says "commit $(git rev-parse --short=12 HEAD)"
    junit unit.xml 1 1
    chmod a+r unit.xml
    run setpriv --reuid=65534 --regid=65534 --clear-groups timeout 60 "$BATS_TEST_TMPDIR/qgate" check
    [ "$status" -eq 1 ]
}
