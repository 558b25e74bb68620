#!/usr/bin/env bats
# Attacks of a branch on the verdict about itself. Each test first shows that the attack would work where
# the branch's own policy judges (--policy-from worktree), then that it does not in a merge request, on a
# local branch, and against a floor; and that it is named.
#
# shellcheck disable=SC2016 # patterns of sed and texts of qgate

load ../support/common

# [COMMAND]: a target whose policy demands tests and coverage, as the command leaves it, and a branch whose
# build breaks both.
repository_under_attack() {
    repository
    cat > .qgate.yml << 'END'
version: 1
reports:
  - {format: junit, path: unit.xml}
  - {format: cobertura, path: coverage.xml}
gates:
  - name: unit test
    require:
      - tests.failed == 0
  - name: coverage
    require:
      - coverage.lines >= 80%
      - new(coverage.lines) >= 90%
END
    printf 'unit.xml\ncoverage.xml\nfloor.yml\n' > .gitignore
    mkdir -p src/pay src/ok
    printf 'int fee;\nint tax;\n' > src/pay/fee.c
    printf 'int a;\nint b;\n' > src/ok/a.c
    "${@:-true}"
    git add . && git commit -q -m target
    base=$(git rev-parse main)
    git checkout -q -b feature
    printf 'int fee;\nint more;\n' > src/pay/fee.c
    git commit -q -a -m change
    cat > floor.yml << 'END'
version: 1
gates:
  - name: floor
    require: [tests.failed == 0, coverage.lines >= 80%]
END
    red_reports
}

# One test of three fails, half of the lines are not covered; the changed one is not.
red_reports() {
    junit unit.xml 2 1
    cat > coverage.xml << END
<coverage><sources><source>$PWD</source></sources><packages><package name="p"><classes>
<class name="A" filename="src/pay/fee.c"><lines><line number="1" hits="0"/><line number="2" hits="0"/></lines></class>
<class name="B" filename="src/ok/a.c"><lines><line number="1" hits="1"/><line number="2" hits="1"/></lines></class>
</classes></package></packages></coverage>
END
}

green_reports() {
    junit unit.xml 3 0
    sed -i 's/hits="0"/hits="1"/g' coverage.xml
}

# commits what stands there, as the branch.
push_branch() {
    git add -A && git commit -q --allow-empty -m attack
}

# A runner's clone knows the target by its remote name only.
in_merge_request() {
    [ -n "${lost:-}" ] || git update-ref refs/remotes/origin/main "$base"
    CI=true GITLAB_CI=true CI_MERGE_REQUEST_IID=7 CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main \
        CI_MERGE_REQUEST_DIFF_BASE_SHA=$base CI_DEFAULT_BRANCH=main CI_COMMIT_SHA=$(git rev-parse HEAD) \
        NO_COLOR=1 "$@"
    git update-ref -d refs/remotes/origin/main
}

# names TEXT…: each in the output, and in the JSON document.
names() {
    local text
    for text; do
        says "$text"
    done
}

# fails_with STATUS TEXT…: the target's policy judges, in a merge request and on the branch, and says so.
fails_with() {
    local wanted=$1
    shift
    expect "$wanted" check --verbose
    says ".qgate.yml of main (${base:0:7})"
    names "$@"
    git checkout -q --detach
    git branch -q -m main kept # a clone of a runner has no such branch
    in_merge_request expect "$wanted" check --verbose
    says ".qgate.yml of main (${base:0:7})"
    names "$@"
    git branch -q -m kept main
    git checkout -q feature
}

# stopped_by_floor STATUS [TEXT…]: where the branch's policy judges a floor holds, on the branch and once
# it was merged.
stopped_by_floor() {
    local wanted=$1
    shift
    export QGATE_FLOOR=$PWD/floor.yml
    expect "$wanted" check --policy-from worktree --verbose
    names "$@"
    git checkout -q main && git merge -q --ff-only feature
    expect "$wanted" check --verbose
    names "$@"
    CI=true GITLAB_CI=true CI_COMMIT_BRANCH=main CI_DEFAULT_BRANCH=main NO_COLOR=1 \
        expect "$wanted" check --verbose
    names "$@"
    unset QGATE_FLOOR
    git reset -q --hard "$base" && git checkout -q feature
}

works() {
    expect 0 check --policy-from worktree
}

edit() {
    sed -i "$@" .qgate.yml
}

@test "without an attack the branch fails, and nothing is named" {
    repository_under_attack
    push_branch
    fails_with 1 "1 of 3" "50 %"
    says_not "this branch"
    green_reports
    fails_with 0
    red_reports
    stopped_by_floor 1 "floor"
}

@test "the policy is deleted" {
    repository_under_attack
    rm .qgate.yml
    push_branch
    expect 1 check --policy-from worktree # what is built in demands tests, but no coverage
    says "qgate:default"
    says "policy deleted: .qgate.yml"
    fails_with 1 "loosens the policy in 1 place" "loosened   policy deleted: .qgate.yml" "50 %"
    stopped_by_floor 1 "coverage.lines >= 80%"
}

@test "a threshold is loosened" {
    repository_under_attack
    edit 's/== 0/<= 5/; s/>= [89]0%/>= 1%/; /new(/d'
    push_branch
    works
    fails_with 1 "loosened   unit test: tests.failed   == 0  →  <= 5" \
        "loosened   coverage: coverage.lines   >= 80%  →  >= 1%" \
        "loosened   coverage: rule removed: new(coverage.lines) >= 90%"
    stopped_by_floor 1 "tests.failed == 0" "50 %"
}

@test "a waiver is added, in the policy or in a file that it names" {
    repository_under_attack
    echo '- {gate: coverage, reason: r, owner: o, expires: 2099-01-01}' > more.yml
    cat >> .qgate.yml << 'END'
waivers:
  files: more.yml
  entries: [{id: shop.Fee.fails1, reason: r, owner: o, expires: 2099-01-01}]
END
    push_branch
    works
    fails_with 1 "loosened   waiver added: gate coverage, until 2099-01-01" \
        "loosened   waiver added: shop.Fee.fails1, until 2099-01-01" \
        "this change touches files of the policy: more.yml"
    stopped_by_floor 1 "tests.failed == 0" "50 %"
}

with_file_of_waivers() {
    printf 'waivers: {files: ./ci/waivers.yml}\n' >> .qgate.yml
    mkdir -p ci && echo '[]' > ci/waivers.yml
}

@test "a file of waivers that the target's policy names is edited" {
    repository_under_attack with_file_of_waivers
    cat > ci/waivers.yml << 'END'
- {gate: coverage, reason: r, owner: o, expires: 2099-01-01}
- {gate: unit test, reason: r, owner: o, expires: 2099-01-01}
END
    push_branch
    works
    fails_with 1 "loosened   waiver added: gate coverage, until 2099-01-01" \
        "this change touches files of the policy: ci/waivers.yml"
    stopped_by_floor 1 "tests.failed == 0"
}

with_extended_policy() {
    mkdir ci
    printf 'version: 1\ngates: [{name: unit test, require: [tests.total >= 1]}]\n' > ci/base.yml
    edit '1a extends: ci/base.yml'
}

@test "an extended policy is added, or the one that the target extends is edited" {
    repository_under_attack with_extended_policy
    cat > ci/more.yml << 'END'
version: 1
paths: {ignore: [src/pay/**]}
waivers: [{id: shop.Fee.fails1, reason: r, owner: o, expires: 2099-01-01}]
END
    edit 's|extends: ci/base.yml|extends: [ci/base.yml, ci/more.yml]|'
    edit '/new(/d'
    printf 'version: 1\ngates: [{name: other, require: [tests.total >= 1]}]\n' > ci/base.yml
    push_branch
    works
    fails_with 1 "extends: added: ci/more.yml" "loosened   paths.ignore: added: src/pay/**" \
        "loosened   waiver added: shop.Fee.fails1" "loosened   unit test: rule removed: tests.total >= 1" \
        "this change touches files of the policy: ci/base.yml, ci/more.yml"
    stopped_by_floor 1 "tests.failed == 0" "50 %"
}

@test "reports are pointed elsewhere, to what the branch commits" {
    repository_under_attack
    mkdir nice
    cp unit.xml coverage.xml .. && green_reports && mv unit.xml coverage.xml nice/ && mv ../*.xml .
    git add -f nice
    edit 's|path: unit.xml|path: nice/unit.xml, tracked: true|; s|path: cov|tracked: true, path: nice/cov|'
    push_branch
    works
    fails_with 1 "report junit: path   unit.xml  →  nice/unit.xml" \
        "loosened   report junit: tracked   false  →  true" \
        "report cobertura: path   coverage.xml  →  nice/coverage.xml"
    stopped_by_floor 2 "git tracks nice/unit.xml" "this change commits reports: nice/unit.xml"
}

@test "a report is replaced by a link" {
    repository_under_attack
    mkdir nice
    rm unit.xml coverage.xml && red_reports && green_reports
    mv unit.xml coverage.xml nice/
    git add -f nice
    ln -s nice/unit.xml unit.xml && ln -s nice/coverage.xml coverage.xml
    git add -f unit.xml coverage.xml
    edit 's|path: |tracked: true, path: |'
    push_branch
    works
    fails_with 2 "git tracks unit.xml, so no build wrote it" "this change commits reports: unit.xml, coverage.xml"
    stopped_by_floor 2 "git tracks"
    ln -sf "$(realpath ..)/outside.xml" unit.xml # out of the repository
    junit ../outside.xml 3 0
    push_branch
    fails_with 3 "unit.xml  leads out of the repository"
}

with_reports_in_a_folder() {
    edit 's|path: unit|path: build/unit|; s|path: cov|path: build/cov|'
}

@test "the folder of a report is replaced by a link" {
    repository_under_attack with_reports_in_a_folder
    mkdir nice
    green_reports && mv unit.xml coverage.xml nice/
    ln -s nice build
    git add -f nice build
    edit 's|path: |tracked: true, path: |'
    push_branch
    works
    fails_with 2 "git tracks nice/coverage.xml, so no build wrote it"
    stopped_by_floor 2 "git tracks nice"
}

@test "green reports are committed" {
    repository_under_attack
    green_reports
    git add -f unit.xml coverage.xml
    edit 's|path: |tracked: true, path: |'
    push_branch
    works
    fails_with 2 "git tracks unit.xml, so no build wrote it" "this change commits reports: unit.xml, coverage.xml"
    stopped_by_floor 2 "a floor takes no report from a commit"
}

@test "green reports are committed where the pipeline names its reports" {
    repository_under_attack edit '/reports:/,/cobertura/d'
    green_reports
    git add -f unit.xml coverage.xml
    push_branch
    expect 0 check unit.xml coverage.xml # whoever names them at home may mean them
    git checkout -q --detach
    in_merge_request expect 2 check unit.xml ./coverage.xml
    says "git tracks unit.xml, so no build wrote it"
    in_merge_request expect 2 check # nor are they found
}

@test "all paths are ignored" {
    repository_under_attack
    junit unit.xml 3 0
    edit 's/^gates:/paths: {ignore: ["**"]}\n&/; s/- \(new(.*\|coverage.*\)/- {rule: \1, on_missing: pass}/'
    push_branch
    works
    fails_with 1 "loosened   paths.ignore: added: **" \
        "loosened   coverage: coverage.lines: on_missing   fail  →  pass"
    stopped_by_floor 1 "coverage.lines >= 80%" "50 %"
}

on_paths() {
    edit 's/coverage.lines >= 80%/coverage.lines{path="src\/**"} >= 80%/'
    edit "s/- \\(coverage.*\\)/- '\\1'/; $1"
}

# not a matter of the policy: without the second file the branch fails, with it there is no data.
@test "a second file makes the path of a report ambiguous" {
    repository_under_attack on_paths
    junit unit.xml 3 0
    sed -i 's|<source>.*</source>||; s|src/pay/fee.c|pay/fee.c|; s/number="1" hits="0"/number="1" hits="1"/' coverage.xml
    push_branch
    fails_with 1 "75 % (3 of 4)" "0 % (0 of 1 new lines)"
    mkdir -p other/pay && echo 'int x;' > other/pay/fee.c
    push_branch
    fails_with 2 "match several files of the repository, e.g. pay/fee.c" "src/pay/fee.c"
}

@test "a second file hides lines from a rule on a path" {
    repository_under_attack on_paths '/new(/d'
    junit unit.xml 3 0
    sed -i 's|<source>.*</source>||; s|src/pay/fee.c|pay/fee.c|; s/number="1" hits="0"/number="1" hits="1"/' coverage.xml
    push_branch
    fails_with 1 "75 % (3 of 4)"
    mkdir -p other/pay && echo 'int x;' > other/pay/fee.c
    push_branch
    fails_with 2 "match several files of the repository, e.g. pay/fee.c"
}

@test "tolerance, min_lines and max_uncovered swallow a rule" {
    repository_under_attack
    junit unit.xml 3 0
    edit 's/- \(coverage.lines.*\)/- {rule: \1, tolerance: 79%}/'
    edit 's/- \(new(.*\)/- {rule: \1, min_lines: 100000}/'
    push_branch
    works
    fails_with 1 "loosened   coverage: coverage.lines: tolerance   none  →  79 %" \
        "loosened   coverage: new(coverage.lines): min_lines   none  →  100000"
    edit 's/min_lines/max_uncovered/'
    push_branch
    works
    fails_with 1 "loosened   coverage: new(coverage.lines): max_uncovered   none  →  100000"
    stopped_by_floor 1 "coverage.lines >= 80%" "50 %"
    edit 's/79%/100%/' # holds always: not even one's own
    expect 4 check --policy-from worktree
    says 'with this `tolerance` the rule always holds'
    push_branch
    fails_with 1 ".qgate.yml of this branch has 1 mistake"
}

@test "the only report is made optional" {
    repository_under_attack
    rm unit.xml coverage.xml
    edit 's|path: |optional: true, path: |'
    push_branch
    works
    fails_with 2 "loosened   report junit: optional   false  →  true" "unit.xml is not there"
    stopped_by_floor 2 "unit.xml is not there"
}

@test "a gate gets a condition or another stage" {
    repository_under_attack
    edit 's/- name: unit test/&\n    when: {branch: never}/; s/- name: coverage/&\n    stage: never/'
    cat >> .qgate.yml << 'END'
  - {name: quiet, require: [tests.total >= 1]}
END
    push_branch
    works
    fails_with 1 "loosened   unit test: when   none  →  branch: [never]" \
        "loosened   coverage: stage   build  →  never"
    stopped_by_floor 1 "tests.failed == 0"
}

@test "rules are moved to warn, or enforced some day" {
    repository_under_attack
    edit '0,/require:/s//enforce_from: 2099-01-01\n    &/'
    edit '/- name: coverage/,$s/require:/warn:/'
    push_branch
    works
    fails_with 1 "loosened   unit test: enforce_from   none  →  2099-01-01" \
        "loosened   coverage: coverage.lines   require  →  warn"
    stopped_by_floor 1 "tests.failed == 0" "50 %"
}

@test "git's own files are named as an output" {
    repository_under_attack
    green_reports
    cp .git/hooks/pre-push.sample ../sample 2> /dev/null || touch ../sample
    echo 'outputs: [{format: json, path: .git/hooks/pre-push}]' >> .qgate.yml
    push_branch
    expect 4 check --policy-from worktree
    says "git's own directory"
    fails_with 0 ".qgate.yml of this branch has 1 mistake"
    [ ! -e .git/hooks/pre-push ]
    ln -s .git/hooks out # nor by a link
    edit 's|path: .git/hooks|path: out|'
    push_branch
    expect 4 check --policy-from worktree
    says "git's own files are at .git/hooks/pre-push"
    fails_with 0 "output added: json out/pre-push"
    [ ! -e .git/hooks/pre-push ]
    rm out && ln -s src out # nor over what git tracks
    edit 's|out/pre-push|out/ok/a.c|'
    push_branch
    expect 4 check --policy-from worktree
    says "git tracks src/ok/a.c"
    fails_with 0 "output added: json out/ok/a.c"
    [ "$(head -c 5 src/ok/a.c)" = "int a" ]
}

@test "outputs of the target's policy are not led elsewhere" {
    repository_under_attack edit '$a outputs: [{format: json, path: out/pre-push}]'
    green_reports
    ln -s .git/hooks out
    push_branch
    expect 4 check
    says "git's own files are at .git/hooks/pre-push"
    git checkout -q --detach
    in_merge_request expect 4 check
    [ ! -e .git/hooks/pre-push ]
}

@test "the pipeline is changed" {
    repository_under_attack
    printf 'include:\n  - local: /ci/test.yml\n  - "ci/jobs/*.yml"\n' > .gitlab-ci.yml
    mkdir -p ci/jobs && echo 'test: {script: [make]}' > ci/test.yml && cp ci/test.yml ci/jobs/a.yml
    push_branch
    fails_with 1 "this change touches the pipeline: .gitlab-ci.yml, ci/test.yml, ci/jobs/a.yml"
    cp ci/test.yml other.yml
    push_branch
    git checkout -q --detach
    CI_CONFIG_PATH=other.yml in_merge_request expect 1 check
    says "this change touches the pipeline: other.yml"
    CI_CONFIG_PATH=ci.yml@group/pipelines in_merge_request expect 1 check
    says_not "pipeline"
}

with_policy_in_a_folder() {
    mkdir ci && mv .qgate.yml ci/gates.yml
}

@test "a policy of another name is read at the target too" {
    repository_under_attack with_policy_in_a_folder
    sed -i 's/== 0/<= 5/; s/>= [89]0%/>= 1%/; /new(/d' ci/gates.yml
    push_branch
    for given in ci/gates.yml ./src/../ci/gates.yml "$PWD/ci/gates.yml"; do
        expect 0 check --policy "$given" --policy-from worktree
        expect 1 check --policy "$given"
        says "ci/gates.yml of main (${base:0:7})"
        says "loosens the policy in 3 places"
    done
    (cd ci && expect 1 check --policy gates.yml)
    ln -s "$PWD" ../elsewhere # the same repository by another name
    expect 1 check --policy "$PWD/../elsewhere/ci/gates.yml"
    mkdir mine && mv ci/gates.yml mine && rmdir ci && ln -s mine ci # the folder becomes a link
    push_branch
    expect 0 check --policy ci/gates.yml --policy-from worktree
    expect 1 check --policy ci/gates.yml
    expect 1 check --policy "$PWD/ci/gates.yml"
    expect 1 check --policy "$PWD/../elsewhere/ci/gates.yml"
    cp mine/gates.yml ../outside.yml
    expect 4 check --policy ../outside.yml
    says "lies outside the repository, so main cannot hold it"
    expect 0 check --policy ../outside.yml --policy-from worktree
}

@test "the target cannot be read: never the branch's policy" {
    repository_under_attack
    edit 's/== 0/<= 5/; s/>= [89]0%/>= 1%/; /new(/d'
    push_branch
    works
    git checkout -q --detach
    lost=1 in_merge_request expect 3 check
    says "the policy of main cannot be read: the tip of main is not in this clone"
    says "hint: git fetch --depth=1 origin +refs/heads/main:refs/remotes/origin/main"
    blob=$(git rev-parse "$base:.qgate.yml")
    rm -f ".git/objects/${blob:0:2}/${blob:2}"
    in_merge_request expect 3 check
    says "its content is not in this clone"
}

@test "a pipeline of merged results: HEAD's first parent judges" {
    repository_under_attack
    edit 's/== 0/<= 5/; s/>= [89]0%/>= 1%/; /new(/d'
    push_branch
    git checkout -q --detach main
    git merge -q --no-ff -m merged feature
    works
    for event in merged_result merge_train; do
        CI_MERGE_REQUEST_EVENT_TYPE=$event lost=1 in_merge_request expect 1 check
        says ".qgate.yml of main (${base:0:7})"
        says "loosens the policy in 3 places"
    done
    git clone -q --depth 1 "file://$PWD" ../shallow
    cp unit.xml coverage.xml ../shallow/
    cd ../shallow && git checkout -q --detach
    CI_MERGE_REQUEST_EVENT_TYPE=merged_result lost=1 in_merge_request expect 3 check
    says "hint: git fetch --depth=1 origin $base"
}

@test "the target's policy has a mistake: it is not the branch's to repair" {
    repository_under_attack edit 's/tests.failed/tests.total.x/'
    green_reports
    edit 's/tests.total.x/tests.failed/'
    push_branch
    works
    expect 3 check
    says "unknown measure 'tests.total.x'"
    says "this is .qgate.yml of main (${base:0:7}), which judges this branch: repair it there"
}

@test "the target has none: the branch is judged by its own, and it is said" {
    repository_under_attack mv .qgate.yml ../policy.yml
    mv ../policy.yml .qgate.yml
    push_branch
    expect 1 check
    says "policy .qgate.yml (judged by its own policy: main has none)"
    git checkout -q --detach
    in_merge_request expect 1 check --output json=v.json
    says "judged by its own policy"
    [ "$(python3 -c 'import json; p = json.load(open("v.json"))["policy"]; print(p["from"], p["commit"])')" = \
        "commit $(git rev-parse HEAD)" ]
}

@test "a job cannot write the policy that judges the default branch" {
    repository_under_attack
    git checkout -q -f main
    edit 's/== 0/<= 5/; s/>= [89]0%/>= 1%/; /new(/d'
    expect 0 check # at home it is one's own to try
    says "policy .qgate.yml "
    CI=true GITLAB_CI=true CI_COMMIT_BRANCH=main CI_DEFAULT_BRANCH=main NO_COLOR=1 expect 1 check
    says "policy .qgate.yml of this commit"
}

@test "a branch that is only behind its target loosens nothing" {
    repository_under_attack
    push_branch
    git checkout -q main
    edit 's/>= 80%/>= 85%/'
    git add . && git commit -q -m stricter
    git checkout -q feature
    expect 1 check
    says "coverage.lines >= 85%"
    says_not "this branch"
    edit 's/>= 80%/>= 40%/'
    expect 1 check
    says "loosened   coverage: coverage.lines   >= 85%  →  >= 40%"
}

@test "in JSON and with validate --against" {
    repository_under_attack
    edit 's/== 0/<= 5/'
    push_branch
    expect 1 check --output json=v.json
    python3 - << 'END'
import json
v = json.load(open("v.json"))
assert v["policy"]["from"] == "target" and len(v["policy"]["commit"]) == 40, v["policy"]
assert v["policy_differences"] == [{
    "kind": "loosened", "what": "unit test: tests.failed", "before": "== 0", "after": "<= 5",
    "file": ".qgate.yml", "line": 8}], v["policy_differences"]
END
    python3 - "$here/schemas/verdict.schema.json" << 'END'
import json, sys, jsonschema
jsonschema.Draft202012Validator(json.load(open(sys.argv[1]))).validate(json.load(open("v.json")))
END
    expect 0 validate --against main
    says "loosened  unit test: tests.failed   == 0  →  <= 5"
    expect 0 validate --against refs/heads/main .qgate.yml
    says "loosened"
    git checkout -q main
    expect 0 validate --against "$base"
    says "no difference to .qgate.yml of $base (${base:0:7})"
    cp .qgate.yml other.yml
    expect 0 validate --against main other.yml
    says "main has no other.yml"
    expect 3 validate --against nowhere
    says 'no branch, tag or commit of this clone is named "nowhere"'
}

@test "with --quiet one line stays" {
    repository_under_attack
    edit 's/== 0/<= 5/'
    push_branch
    expect 1 check --quiet
    says "this branch loosens the policy in 1 place; main's judged (qgate validate --against main)"
    says_not "<= 5"
}
