#!/usr/bin/env bats
# Deployments from the history of GitOps files, to the end: what `qgate dora` makes of repositories that a person counted.
load ../support/common
load ../support/history

# counted NAME [ENVIRONMENT]
counted() {
    local expected="$here/fixtures/histories/gitops/$1.expected" as_of
    as_of=$(sed -n 's/^as_of //p' "$expected")
    sh "$here/fixtures/histories/gitops/$1.sh"
    cd app
    expect 0 dora --as-of "${as_of:-2027-02-14}" --window "$(sed -n 's/^window //p' "$expected")" --environment "${2:-production}" \
        --explain --output json=dora.json
    run python3 "$here/tests/support/check_gitops.py" "$here/schemas/dora.schema.json" "$expected" dora.json
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "every GitOps history has a test and a hand count" {
    for script in "$here"/fixtures/histories/gitops/*.sh; do
        name=$(basename "$script" .sh)
        [ "$name" = lib ] || grep -q "^    counted $name\$" "$BATS_TEST_FILENAME"
        [ "$name" = lib ] || [ -s "${script%.sh}.expected" ]
    done
}

@test "a revert commit is a rollback" {
    counted rollback
}

@test "the same commit again is a redeploy; quotes and comments are nothing" {
    counted redeploy
}

@test "configuration is told from versions, and one service's from another's" {
    counted config
}

@test "two services in one repository" {
    counted services
}

@test "regions deploy together" {
    counted regions
}

# runs: what was deployed when, of dora.json.
runs() {
    python3 - << 'END'
import json
for one in json.load(open("dora.json", encoding="utf-8"))["answers"][0]["explain"]["deployments"]:
    if one["kind"] != "config":
        print(one["version"], one["kind"], one["first_region"], one["finished"])
END
}

@test "regions in repositories of their own deploy together" {
    sh "$here/fixtures/histories/gitops/regions.sh"
    cd app
    expect 0 dora --as-of 2027-02-14 --window 2027-01-04..2027-01-31 --explain --output json=dora.json
    runs > in-one
    [ "$(wc -l < in-one)" -eq 3 ]
    for region in eu af us; do
        git clone -q ../ops "../$region"
        git -C "../$region" remote remove origin
        FILTER_BRANCH_SQUELCH_WARNING=1 git -C "../$region" filter-branch --subdirectory-filter \
            "apps/ledger/overlays/production-$region" > /dev/null
    done
    cat > delivery.yml << 'END'
version: 1
repositories: {eu: {url: ../eu}, af: {url: ../af}, us: {url: ../us}}
environments: {production: {tier: production, regions: [eu, af, us]}}
deployments:
  - {repository: eu, file: kustomization.yaml, select: "images[name=*/{service}].newTag", environment: production, region: eu}
  - {repository: af, file: kustomization.yaml, select: "images[name=*/{service}].newTag", environment: production, region: af}
  - {repository: us, file: kustomization.yaml, select: "images[name=*/{service}].newTag", environment: production, region: us}
services: {ledger: {project: .}}
END
    expect 0 dora --as-of 2027-02-14 --window 2027-01-04..2027-01-31 --explain --output json=dora.json
    runs > in-three
    diff in-one in-three
    expect 0 dora --as-of 2027-01-07 --explain
    says "gitops af: kustomization.yaml@"
    says "; eu: kustomization.yaml@"

    # of a region whose repository is not there nobody knows
    mv ../af ../elsewhere
    expect 2 dora --as-of 2027-02-14
    says "the repository af is not there"
}

@test "regions that another environment lists" {
    counted regions staging
}

@test "a version without a tag" {
    counted unresolved
}

@test "versions that hold the beginning of a commit's name" {
    counted hex
}

@test "merge commits are one step each" {
    counted merges
}

@test "files that move" {
    counted moved
}

@test "several documents, anchors, versions that look like numbers" {
    counted documents
}

@test "images of plain manifests" {
    counted images
}

@test "a week without deployments, and the nights in which summer time begins" {
    counted weeks
}

@test "clocks that run apart" {
    counted skew
}

@test "a file that is no YAML at some commits is a warning" {
    counted broken
    expect 0 dora --as-of 2027-01-14
    says 'production/kustomization.yaml:6:1: '
    expect 0 dora --as-of 2027-03-14 # two months later nobody needs to know
    ! grep -q kustomization.yaml <<< "$output"
}

@test "files of an environment or region that nobody listed are said" {
    sh "$here/fixtures/histories/gitops/rollback.sh"
    mkdir -p ops/apps/ledger/overlays/live ops/apps/fees/overlays/test
    cp ops/apps/ledger/overlays/production/kustomization.yaml ops/apps/ledger/overlays/live
    cp ops/apps/ledger/overlays/production/kustomization.yaml ops/apps/fees/overlays/test
    git -C ops add .
    git -C ops -c user.name=t -c user.email=t@example.org commit -q -m more
    cd app
    expect 0 explain versions
    says 'not listed'
    says 'ops: apps/ledger/overlays/live/kustomization.yaml'
    git -C ../ops -c user.name=t -c user.email=t@example.org rm -q -r apps/ledger/overlays/live
    git -C ../ops -c user.name=t -c user.email=t@example.org commit -q -m less
    expect 0 explain versions
    says 'ops: apps/fees/overlays/test/kustomization.yaml'
    ! grep -q overlays/live <<< "$output"
}

@test "a layout by which no version was ever found is a warning" {
    sh "$here/fixtures/histories/gitops/rollback.sh"
    cd app
    expect 0 dora --as-of 2027-02-14
    says_not "no version was ever found"
    sed -i 's|\.newTag|.newtag|' delivery.yml
    expect 2 dora --as-of 2027-02-14
    says 'delivery.yml:4: no version was ever found by this layout in ops: are `file` and `select` right?'
    expect 0 explain versions
    says 'delivery.yml:4: no version was ever found by this layout in ops'
}

# Of 12,000 files of one service, which each commit changes, every one is a place where the deployment is written down.
many_files() {
    for number in 1 2; do
        printf 'commit refs/heads/main\ncommitter t <t@example.org> %d +0000\ndata 1\nx\n' $((1711000000 + number))
        for ((i = 0; i < 12000; i++)); do
            printf 'M 644 inline apps/web/parts/part-%05d-%048d/kustomization.yaml\ndata <<E\n' "$i" 0
            printf 'images: [{name: x/web, newTag: "1.0"}]\nrest: %d\nE\n' "$number"
        done
    done
}

@test "a commit that changes thousands of files of one service takes no longer than they do" {
    git init -q -b main ops
    many_files | git -C ops fast-import --quiet
    git init -q -b main app
    cd app
    git commit -q --allow-empty -m x
    printf '%s\n' 'version: 1' 'repositories: {ops: {url: ../ops}}' 'environments: {production: {tier: production}}' \
        "deployments: [{repository: ops, file: 'apps/{service}/parts/*/kustomization.yaml'," \
        "  select: 'images[name=*/{service}].newTag', environment: production}]" 'services: {web: {project: .}}' > delivery.yml
    run python3 "$here/tests/support/within.py" "$QGATE" dora --as-of 2024-04-01 --explain --output json=dora.json
    [ "$status" -eq 0 ]
    [ "$(jq -r '.. | .where? // empty' dora.json | grep -o @ | wc -l)" -ge 12000 ]
}

# What is kept for the next run changes nothing that is said, whatever becomes of it.
@test "the second run says what the first one said" {
    sh "$here/fixtures/histories/gitops/regions.sh"
    cd app
    expect 0 dora --as-of 2027-02-14 --explain --output json=first.json
    [ -n "$(ls .qgate/cache/gitops-*)" ]
    expect 0 dora --as-of 2027-02-14 --explain --output json=second.json
    cmp first.json second.json
    for file in .qgate/cache/gitops-*; do
        echo damaged > "$file"
    done
    expect 0 dora --as-of 2027-02-14 --explain --output json=third.json
    cmp first.json third.json
}
