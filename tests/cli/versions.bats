#!/usr/bin/env bats
# `qgate explain versions`: which deployed versions led to commits, which did not, and what would help.
load ../support/common
load ../support/history

# The company of tests/support/estate.sh, in core/ at the end of March 2027.
company() {
    sh "$here/tests/support/estate.sh"
    cd core || return
    export SOURCE_DATE_EPOCH=1806537600
}

# of SERVICE: what is said about it, runs of spaces as one.
of() {
    qgate explain versions | tr -s ' ' | awk -v begin="service $1 " 'index($0, begin) { on = 1 } /^$/ { on = 0 } on'
}

@test "what was found is counted by its way, what was not is listed with the reason" {
    company
    expect 2 explain versions
    diff - <(of card-auth) << 'END'
service card-auth of fin/cards/auth
found 3 of 3 versions: 3 by the number in them
END
    diff - <(of card-ops) << 'END'
service card-ops of fin/cards/auth
found 0 of 2 versions
not found 2, each with the deployments of it until now:
 3.0
 production, 1 deployment: no build of it was recorded; there is no tag v3.0; it holds
 no commit's number
 3.1
 production, 1 deployment: no build of it was recorded; there is no tag v3.1; it holds
 no commit's number
to repair no tag looks like them: let the build say it, `qgate record build`, or keep a map file
END
    [ "$(of ledger | tail -n 1)" = "found 4 of 4 versions: 4 by a tag" ]
    expect 2 explain versions
    says "these names stand where those of services do:"
    [[ "$(tr -s ' ' <<< "$output")" == *"risk 2 deployments, cards/production/af/values.yaml"* ]]
}

@test "a version that is deployed later than now is not found either" {
    company
    SOURCE_DATE_EPOCH=1767225600 expect 2 explain versions
    says "not found   2, each with the deployments of it until now:"
}

@test "tags that other versions have propose a template, which finds them" {
    company
    git -C ../auth tag card-ops_3.0
    git -C ../auth tag card-ops_3.1
    [ "$(of card-ops | tail -n 1)" = "to repair version: [{tag: '{service}_{version}'}] finds 2 more: add it to the service" ]
    sed -i "s|card-ops: {project: fin/cards/auth}|card-ops: {project: fin/cards/auth, version: [{tag: '{service}_{version}'}]}|" delivery.yml
    [ "$(of card-ops | tail -n 1)" = "found 2 of 2 versions: 2 by a tag" ]
}

@test "versions that are pinned by a digest have the tags of their names" {
    sh "$here/fixtures/histories/gitops/images.sh"
    cd app
    SOURCE_DATE_EPOCH=1806537600 expect 0 explain versions
    says "4 of 4 versions: 4 by a tag"
    sed -i 's/project: \./&, version: [{tag: "r-{version}"}]/' delivery.yml
    SOURCE_DATE_EPOCH=1806537600 expect 2 explain versions
    says "version: [{tag: 'v{version}'}] finds 3 more"
}

@test "builds and map files say it too" {
    company
    login=$(git -C ../login rev-parse HEAD)
    for version in 7.0.0 7.1.0; do
        expect 0 record build --service login --project platform/login --version $version --commit "$login"
    done
    [ "$(of login | sed -n 2p)" = "found 2 of 3 versions: 2 as recorded by the build" ]
    printf '7.2.0 %s # by hand\n' "$login" > ../login/versions.txt
    git -C ../login add versions.txt
    git -C ../login commit -qm versions
    sed -i 's|version: \[{recorded: true}\]|version: [{recorded: true}, {map: versions.txt}]|' delivery.yml
    [ "$(of login | tail -n 1)" = "found 3 of 3 versions: 2 as recorded by the build, 1 by a map file" ]
    expect 0 record build --service login --project platform/login --version 7.0.0 --commit "${login//[0-9]/f}"
    of login | tr -d '\n' |
        grep "7.0.0 production, 1 deployment: it was recorded, but .* is no commit of this clone; versions.txt does not name it"
}

@test "a repository that is not here is said, once" {
    company
    sed -i 's|fin/cards/auth: {url: ../auth}|fin/cards/auth: {url: "https://gitlab.example/auth.git"}|' delivery.yml
    expect 2 explain versions
    [ "$(grep -c "^not known *card-auth: " <<< "$output")" -eq 1 ]
    says "qgate collect"
}

@test "where files of versions are not here no version is said to have no commit" {
    company
    expect 0 record deployment --service ledger --project fin/payments/core --environment production --version 8.8.8 \
        --status success --at 2027-03-20T10:00:00Z
    mv ../clusters ../nowhere
    expect 2 explain versions
    says_not "not found"
    says_not "none has to be looked for"
    [ "$(grep -c "^not known " <<< "$output")" -eq 5 ]
}

@test "another configuration, for versions alone" {
    company
    expect 2 explain versions
    printf '%s\n' "$output" > ../one
    mv delivery.yml ../core.yml
    sed -i 's|url: \.}|url: core}|; s|\.\./|./|' ../core.yml
    expect 2 explain versions --delivery ../core.yml
    printf '%s\n' "$output" | diff ../one -
    expect 4 explain dora.lead_time.p50 --delivery ../core.yml
    says '--delivery is for `qgate explain versions` alone'
}

@test "deployments that are tags need not be looked for" {
    git init -q
    commit
    git tag v1
    expect 0 explain versions
    says "every deployment is a tag of its repository"
}

@test "when all were found the exit status is 0" {
    company
    sed -i '/card-ops:/d; s|version: \[{recorded: true}\]|version: [{map: versions.yml}]|' delivery.yml
    login=$(git -C ../login rev-parse HEAD)
    printf '7.0.0: %s\n7.1.0: %s\n7.2.0: %.7s\n' "$login" "$login" "$login" > ../login/versions.yml
    git -C ../login add versions.yml
    git -C ../login commit -qm versions
    expect 0 explain versions
    says "3 by a map file"
    says "card-ops" # a name that is no service any more
}

@test "a configuration with mistakes is wrong usage" {
    company
    echo 'nonsense: 1' >> delivery.yml
    expect 4 explain versions
    says "delivery.yml:"
    cd ..
    mkdir elsewhere && cd elsewhere
    expect 4 explain versions
    says "this is no git repository"
}
