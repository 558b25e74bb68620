#!/usr/bin/env bats
# Delivery numbers in an ordinary policy: a gate on the rollback rate, judged by what lies beside the target's policy.
load ../support/common
load ../support/history

# empty DATE MESSAGE: a commit then.
empty() {
    GIT_AUTHOR_DATE=$1 GIT_COMMITTER_DATE=$1 git commit -q --allow-empty -m "$2"
}

# gated RULE…: a policy with these rules, judged at the stage deploy.
gated() {
    {
        printf 'version: 1\ngates:\n  - name: delivery\n    stage: deploy\n    require:\n'
        printf "      - %s\n" "$@"
    } > .qgate.yml
    git add .qgate.yml
}

# released: v1.0.0, v1.1.0, and back to v1.0.0: one rollback of three deployments.
released() {
    export SOURCE_DATE_EPOCH=1801000000 # 2027-01-26T23:06:40Z
    empty 2027-01-20T09:00:00Z one
    GIT_COMMITTER_DATE=2027-01-20T10:00:00Z git tag -a -m v1.0.0 v1.0.0
    empty 2027-01-21T09:00:00Z two
    GIT_COMMITTER_DATE=2027-01-21T10:00:00Z git tag -a -m v1.1.0 v1.1.0
    GIT_COMMITTER_DATE=2027-01-21T11:00:00Z git tag -a -m v1.1.1 v1.1.1 v1.0.0^0
}

check() {
    local status=$1
    shift
    expect "$status" check --stage deploy --no-publish "$@"
}

@test "a rollback rate above what is allowed fails the deploy gate, and says of how many" {
    git init -q -b main .
    gated 'deployments.rollback_rate <= 10%'
    released
    check 1
    says "33.3 %"
    says "1 of 3"
    gated 'deployments.rollback_rate <= 40%' 'deployments.total >= 2' 'dora.lead_time.p50 <= 2h'
    check 0
}

@test "no deployment in the window is no data, never a pass" {
    git init -q -b main .
    gated 'dora.change_fail_rate <= 15%'
    released
    SOURCE_DATE_EPOCH=1811000000 check 2
    says "no data"
    gated 'dora.change_fail_rate{window="182d"} <= 50%'
    SOURCE_DATE_EPOCH=1811000000 check 0
}

@test "nothing is read when no rule of the stage asks" {
    git init -q -b main .
    gated 'deployments.rollback_rate <= 10%'
    printf '  - name: unit\n    require: [tests.failed == 0]\nreports:\n  - {format: junit, path: r.xml}\n' >> .qgate.yml
    echo 'version: [' > delivery.yml
    junit r.xml
    expect 0 check --no-publish
    says_not delivery.yml
    check 2
    says "delivery.yml"
}

@test "a shallow clone is no data, with the fetch that repairs it" {
    git init -q -b main ../whole
    cd ../whole
    gated 'deployments.rollback_rate <= 40%'
    commit
    released
    git clone -q --depth 1 --branch v1.1.0 "file://$PWD" ../work/shallow
    cd ../work/shallow
    git checkout -q -b main
    check 2
    says "this clone is shallow"
    says "git fetch --unshallow --tags"
    git fetch -q --unshallow --tags
    check 0
}

@test "outside of a repository there is no data" {
    gated 'deployments.rollback_rate <= 40%' 2> /dev/null || true
    check 2
    says "no git repository"
}

@test "a mistake of the delivery configuration is no data, with its place" {
    git init -q -b main .
    gated 'deployments.rollback_rate <= 40%'
    printf 'version: 1\nservcies: {}\n' > delivery.yml
    released
    check 2
    says "delivery.yml:2:1"
}

@test "a branch cannot choose what it is measured by" {
    git init -q -b main .
    gated 'deployments.rollback_rate <= 10%'
    printf 'version: 1\nservices: {shop: {project: .}}\ndeployments: [{tags: "v*"}]\n' > delivery.yml
    commit
    released
    git checkout -q -b clever
    printf 'version: 1\nservices: {shop: {project: .}}\ndeployments: [{tags: "none*"}]\n' > delivery.yml
    commit
    check 1 --target main
    says "1 of 3"
    says "this change touches files of the policy: delivery.yml"
    # one's own is tried where somebody says so
    check 2 --target main --policy-from worktree
}

@test "a floor is judged by the target's configuration, also where the target has no policy" {
    git init -q -b main .
    printf 'version: 1\nservices: {shop: {project: .}}\ndeployments: [{tags: "v*"}]\n' > delivery.yml
    commit
    released
    git checkout -q -b clever
    gated 'deployments.total >= 1'
    printf 'version: 1\nservices: {shop: {project: .}}\ndeployments: [{tags: "none*"}]\n' > delivery.yml
    commit
    printf 'version: 1\ngates: [{name: floor, stage: deploy, require: [deployments.rollback_rate <= 10%%]}]\n' > ../floor.yml
    check 1 --target main --floor ../floor.yml
    says "judged by its own policy"
    says "1 of 3"
}

@test "where the target has neither, the branch that brings both is judged by its own" {
    git init -q -b main .
    commit
    released
    git checkout -q -b first
    gated 'deployments.total{service="shop"} >= 1'
    printf 'version: 1\nservices: {shop: {project: .}}\ndeployments: [{tags: "v*"}]\n' > delivery.yml
    commit
    check 0 --target main
    says "judged by its own policy"
}

@test "what a branch commits into .qgate is not believed" {
    git init -q -b main .
    gated 'deployments.rollback_rate <= 10%'
    commit
    released
    git checkout -q -b clever
    mkdir -p .qgate/cache
    echo lies > .qgate/history.db
    git add -f .qgate
    commit
    check 2 --target main
    says ".qgate"
}

# gitops FOLDER: a bare repository in which shop 1.0.0 and 1.1.0 were deployed, and nothing went back.
gitops() {
    git init -q -b main "$1.tree"
    for version in 1.0.0 1.1.0; do
        echo "image: {tag: $version}" > "$1.tree/shop.yaml"
        git -C "$1.tree" add shop.yaml
        GIT_COMMITTER_DATE=2027-01-2${version:2:1}T12:00:00Z git -C "$1.tree" commit -q -m "$version"
    done
    git clone -q --bare "$1.tree" "$1"
    touch "$1/refs/kept"
    rm -rf "$1.tree"
}

# layouts URL: the configuration of a service that a GitOps repository deploys.
layouts() {
    printf 'version: 1\nrepositories: {clusters: {url: "%s"}}\nservices: {shop: {project: .}}\n' "$1" > delivery.yml
    printf 'deployments: [{repository: clusters, file: "{service}.yaml", select: image.tag, environment: production}]\n' >> delivery.yml
}

@test "what is not counted is said beside the verdict" {
    git init -q -b main .
    gated 'deployments.total >= 1'
    layouts ../clusters
    commit
    released
    mkdir ../clusters
    git init -q -b main ../clusters
    echo 'image: {tag: 1.0.0}' | tee ../clusters/shop.yaml > ../clusters/other.yaml
    git -C ../clusters add .
    GIT_COMMITTER_DATE=2027-01-22T12:00:00Z git -C ../clusters commit -q -m one
    echo '{{ broken' > ../clusters/shop.yaml
    GIT_COMMITTER_DATE=2027-01-23T12:00:00Z git -C ../clusters commit -q -a -m two
    check 0 --output json=verdict.json
    says "1 name in GitOps files is no service"
    says "shop.yaml"
}

@test "a repository that a branch commits is not read, wherever it would lie" {
    git init -q -b main .
    gated 'deployments.rollback_rate <= 10%' 'deployments.total >= 1'
    commit
    released
    for url in https://git.example/clusters.git ./clusters; do
        folder=clusters
        [ "$url" = ./clusters ] || folder=.qgate/cache/$(printf %s "$url" | sha256sum | cut -c 1-32).git
        git checkout -q main
        layouts "$url"
        commit
        git checkout -q -B clever
        check 2 --target main
        mkdir -p "$(dirname "$folder")"
        gitops "$folder"
        # what nobody committed was fetched, or put there by who may
        check 0 --target main
        git add -f "$folder"
        git commit -q -m lies
        check 2 --target main
        says "git tracks"
    done
    # behind a link as well
    git checkout -q main
    layouts ./linked/clusters
    commit
    git checkout -q clever
    mkdir real
    git mv clusters real/clusters
    ln -s real linked
    git add -A
    git commit -q -m "lies behind a link"
    check 2 --target main
    says "git tracks real/clusters"
}

@test "a merge request's run writes nothing" {
    git init -q -b main .
    gated 'deployments.rollback_rate <= 40%'
    commit
    released
    git checkout -q -b feature
    commit
    CI=true GITLAB_CI=true CI_MERGE_REQUEST_IID=7 CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main \
        CI_MERGE_REQUEST_DIFF_BASE_SHA=$(at main) CI_COMMIT_SHA=$(at HEAD) check 0 --target main
    [ ! -e .qgate ]
}
