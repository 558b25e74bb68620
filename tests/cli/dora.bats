#!/usr/bin/env bats
# Delivery numbers: repositories with fixed dates, counted by hand and with git.
load ../support/common
load ../support/history

history() {
    sh "$here/fixtures/histories/$1.sh"
}

# empty DATE MESSAGE…: a commit then, and `tagged DATE TAG` a tag.
empty() {
    local date=$1
    shift
    GIT_AUTHOR_DATE=$date GIT_COMMITTER_DATE=$date git commit -q --allow-empty "$@"
}

tagged() {
    GIT_COMMITTER_DATE=$1 git tag -f -a -m "$2" "$2" > /dev/null
}

# counted NAME: the hand count of this history, and git's.
counted() {
    local expected="$here/fixtures/histories/$1.expected"
    history "$1"
    expect 0 dora --as-of 2027-02-14 --window "$(sed -n 's/^window //p' "$expected")" --explain --output json=dora.json
    run python3 "$here/tests/support/check_dora.py" "$here/schemas/dora.schema.json" "$expected" dora.json
    echo "$output"
    [ "$status" -eq 0 ]
    kept "$@"
}

# What the run before has kept, and a merge request, which does not look at it, change no byte of it.
kept() {
    local window
    window=$(sed -n 's/^window //p' "$here/fixtures/histories/$1.expected")
    ls .qgate/cache/commits-* .qgate/cache/tags-*
    expect 0 dora --as-of 2027-02-14 --window "$window" --explain --output json=again.json
    CI_MERGE_REQUEST_IID=7 GITLAB_CI=true expect 0 dora --as-of 2027-02-14 --window "$window" --explain --output json=alone.json
    cmp dora.json again.json
    cmp dora.json alone.json
}

@test "every history has a test and a hand count" {
    for script in "$here"/fixtures/histories/*.sh; do
        name=$(basename "$script" .sh)
        case $name in lib | dates) continue ;; esac
        grep -q "^    counted $name\$" "$BATS_TEST_FILENAME"
        [ -s "${script%.sh}.expected" ]
    done
}

@test "merge commits, the first deployment, bots, a week without deployments" {
    counted merges
}

@test "squashed changes begin with their first commit where git tells it" {
    counted squash
}

@test "fast-forwards and rebased changes keep their author dates" {
    counted fast-forward
}

@test "a rollback to an older tag fails what it rolls back; a redeploy is no link" {
    counted rollback
}

@test "a hotfix that names a version and a revert fail what they repair; a cherry-pick is no second change" {
    counted hotfix
}

@test "tags that were moved count once, where they are now" {
    counted moved
}

@test "clocks that run apart give no lead time and no rollback" {
    counted skew
}

@test "the terminal shows n beside every value, and what is missing as missing" {
    history rollback
    expect 0 dora --as-of 2027-01-31
    says "production   28 days to 2027-01-31, UTC"
    says "no delivery.yml: a tag v* is a deployment"
    says "deployment frequency     0.8 /w     3 deployments on 3 days; also 2 rollbacks, 1 redeploy"
    says "change lead time  p50    60 min     p75 60 min   p90 60 min   n 2 changes, few"
    says "change fail rate         33.3 %     1 of 3, few; 1 by rollback"
    says "recovery time     p50    47 min"
    says "rework rate              40 %       2 of 5"
    expect 0 dora --as-of 2027-03-31 --window 7d
    says "deployment frequency     0 /w       0 deployments on 0 days"
    says "change lead time  p50    no data"
    says "change fail rate         no data"
    says "rework rate              no data"
    expect 0 dora --as-of 2027-01-31 --window 3000d # seldom, and yet not never
    says "deployment frequency     0.01 /w    3 deployments on 3 days"
}

@test "a past moment does not know what came later" {
    history rollback
    expect 0 dora --as-of 2027-01-05T09:30Z --window 7d --explain
    says "change fail rate         0 %        0 of 2"
    says "not counted              4 deployments after the moment asked for"
    says_not "v1.2.0"
    expect 2 dora --as-of 2027-01-01
    says "every tag v* is later than the moment asked for"
}

@test "before the first deployment there is no frequency, not one of 0" {
    history rollback
    expect 0 dora --as-of 2027-01-31 --window 2027-01-01..2027-01-03 --output json=- --output csv=dora.csv
    says '"dora.deployment_frequency": {"value": null, "unit": "/d", "n": 0'
    grep -q '"production",2027-01-01,2027-01-03,UTC,qgate,dora.deployment_frequency,,/d,0,,' dora.csv
}

@test "the same bytes wherever it stands, and twice" {
    history hotfix
    git remote add origin git@gitlab.example:shop/payments.git
    expect 0 dora --as-of 2027-01-31 --explain --output json=one.json --output csv=one.csv --output openmetrics=one.txt
    says "payments   production"
    mkdir -p ../elsewhere
    git clone -q . ../elsewhere/copy
    git -C ../elsewhere/copy remote set-url origin https://gitlab.example/shop/payments.git
    (cd ../elsewhere/copy && TZ=Asia/Tokyo LC_ALL=C qgate dora --as-of 2027-01-31 --explain --output json=two.json \
        --output csv=two.csv --output openmetrics=two.txt)
    for file in json csv txt; do
        cmp "one.$file" "../elsewhere/copy/two.$file"
    done
    sed -n 2p one.csv | grep -q '^"",".","payments","production",2027-01-04,2027-01-31,UTC,qgate,dora.deployment_frequency,'
    grep -q '^qgate_dora_change_fail_ratio{project=".",service="payments",environment="production",window="28d"} 0.4$' one.txt
    [ "$(tail -n 1 one.txt)" = "# EOF" ]
}

@test "a shallow clone is refused with the fetch that repairs it" {
    history merges
    git clone -q --depth 2 "file://$PWD" ../shallow
    cd ../shallow
    git fetch -q --depth 2 origin tag v1.1.0
    expect 3 dora
    says "this clone is shallow"
    says "git fetch --unshallow --tags"
    says "GIT_DEPTH: 0"
    git fetch -q --unshallow --tags
    expect 0 dora --as-of 2027-01-31
    says "4 deployments"
}

@test "tags are looked up exactly: no branch, no other name, no file" {
    history squash
    git branch v9.9.9
    git tag release-1
    git tag v-file "$(git hash-object -w b)"
    expect 0 dora --as-of 2027-01-31 --explain
    says "2 deployments"
    says_not v9.9.9
    says_not release-1
    says_not v-file
}

@test "reverts name a commit, a merge request or a version; what comes back again repairs nothing" {
    history merges
    empty 2027-01-21T09:00:00Z -m 'Revert "fee"' -m 'This reverts merge request !7'
    tagged 2027-01-21T10:00:00Z v1.3.1
    expect 0 dora --as-of 2027-01-31 --explain
    says "v1.1.0  forward"
    says "failed: revert by v1.3.1"
    empty 2027-01-21T09:00:00Z --amend -m 'Reapply "fee"' -m "This reverts commit $(at v1.1.0^0)."
    tagged 2027-01-21T10:00:00Z v1.3.1
    expect 0 dora --as-of 2027-01-31 --explain
    says_not "failed:"
}

@test "what cannot be is wrong usage" {
    repository
    expect 2 dora
    says "no tag v* is in this clone"
    expect 4 dora --window 30
    says '--window is a number of days, 28d, or two days'
    expect 4 dora --window 2027-02-01..2027-01-01
    expect 4 dora --as-of 2027-01-31 --window 2027-01-01..2027-02-01
    says "has not ended yet"
    expect 4 dora --as-of yesterday
    expect 4 dora --environment staging
    says "there is one: production"
    expect 4 dora --service other
    expect 4 dora --output yaml=x
    says "there are: terminal json csv openmetrics"
    expect 4 dora --team payments
    says 'there is no team "payments"'
    expect 4 dora --team payments --service work
    says "leave one out"
    mkdir ../bare
    cd ../bare
    expect 4 dora
    says "this is no git repository"
}

@test "a file that cannot be written is said, and the numbers are shown all the same" {
    history squash
    expect 3 dora --as-of 2027-01-31 --output json=no/where.json
    says "no/where.json: its folder cannot be opened"
    says "deployment frequency"
    [ ! -e no ]
}

@test "names of tags and subjects are data" {
    history squash
    git tag "v\$(id)\"><b>"
    empty 2027-01-07T09:00:00Z -m "$(printf 'a\033[31m"]}')"
    git tag v3
    expect 0 dora --as-of 2027-01-31 --explain --output json=dora.json
    says_not "$(printf '\033')"
    python3 -m json.tool dora.json > /dev/null
}

# written AUTHORED COMMITTED PARENT: a commit with these dates, whatever git would say to them.
written() {
    printf 'tree %s\nparent %s\nauthor a <a> %s +0000\ncommitter a <a> %s +0000\n\nx\n' \
        "$(git rev-parse "$3^{tree}")" "$(at "$3")" "$1" "$2" | git hash-object -t commit -w --stdin --literally
}

@test "dates that no calendar has" {
    history squash
    one=$(written -9223372036854775808 1799300000 v1.1.0^0)
    two=$(written 9223372036854775807 1799300100 "$one")
    git tag v1.2.0 "$two"
    git tag v1.3.0 "$(written 0 9223372036854775807 "$two")"
    expect 0 dora --as-of 2027-01-31 --explain
    says "3 deployments"
    says "1 change dated after the deployment"
    says "not counted              1 deployment after the moment asked for"
    expect 2 dora --as-of 1970-01-02 --explain
    git tag v0 "$(written 0 0 "$(written 0 0 v1.0.0^0)")"
    expect 0 dora --as-of 1970-01-02 --explain
    says "2 days to 1970-01-02"
}

@test "a tag that was moved is where it is now, whatever was kept" {
    git init -q -b main .
    empty "2027-01-01T10:00:00Z" -m one
    tagged "2027-01-01T11:00:00Z" v1
    empty "2027-01-02T10:00:00Z" -m two
    tagged "2027-01-02T11:00:00Z" v2
    empty "2027-01-03T10:00:00Z" -m three
    expect 0 dora --as-of 2027-01-20 --output json=before.json
    [ "$(jq '.answers[0].measures["dora.lead_time.p50"].n' before.json)" -eq 1 ]
    tagged "2027-01-03T12:00:00Z" v2
    expect 0 dora --as-of 2027-01-20 --output json=after.json
    [ "$(jq '.answers[0].measures["dora.lead_time.p50"].n' after.json)" -eq 2 ]
    git tag -d v2
    expect 0 dora --as-of 2027-01-20 --output json=gone.json
    [ "$(jq '.answers[0].measures["dora.lead_time.p50"].n' gone.json)" -eq 0 ]
}

@test "nothing is kept in a merge request, or where a commit put it, and the numbers are the same" {
    git init -q -b main .
    empty "2027-01-01T10:00:00Z" -m one
    tagged "2027-01-01T11:00:00Z" v1
    CI_MERGE_REQUEST_IID=7 GITLAB_CI=true expect 0 dora --as-of 2027-01-20
    [ ! -e .qgate ]
    mkdir .qgate
    touch .qgate/cache # no folder
    expect 0 dora --as-of 2027-01-20
    rm .qgate/cache
    mkdir .qgate/cache
    touch .qgate/cache/planted
    git add -f .qgate && git commit -qm planted
    expect 0 dora --as-of 2027-01-20
    [ "$(ls .qgate/cache)" = planted ]
    local plain
    plain=$output
    CI_MERGE_REQUEST_IID=7 GITLAB_CI=true expect 0 dora --as-of 2027-01-20
    [ "$(sed 's/\x1b\[[0-9;]*m//g' <<< "$output")" = "$plain" ]
}

@test "runs at once, and one that was killed, leave nothing that the next one minds" {
    history merges
    expect 0 dora --as-of 2027-02-14 --output json=alone.json
    rm -r .qgate/cache
    local number
    for number in 1 2 3 4 5 6 7 8; do
        "$QGATE" dora --as-of 2027-02-14 --output json=$number.json > /dev/null &
    done
    wait
    for number in 1 2 3 4 5 6 7 8; do
        cmp alone.json $number.json
    done
    [ -z "$(ls -A .qgate/cache | grep -v '^\(commits\|tags\|sizes\)-')" ]
    rm -r .qgate/cache/*
    # A shell has the number that qgate will have, as every run in a container has that of the run before.
    run sh -c 'touch .qgate-$$.tmp .qgate-$$-0.tmp .qgate/cache/.qgate-$$-0.tmp
        exec "$QGATE" dora --as-of 2027-02-14 --output json=left.json'
    [ "$status" -eq 0 ]
    cmp alone.json left.json
    ls .qgate/cache/commits-*
}

@test "lines of a change count, whatever .gitattributes says of them" {
    git init -q -b main .
    empty "2027-01-01T10:00:00Z" -m one
    tagged "2027-01-01T11:00:00Z" v1
    echo '* binary' > .gitattributes
    seq 5 > five
    printf 'a\0b\n' > bytes
    git add -A
    GIT_AUTHOR_DATE=2027-01-02T10:00:00Z GIT_COMMITTER_DATE=2027-01-02T10:00:00Z git commit -qm two
    tagged "2027-01-02T11:00:00Z" v2
    expect 0 dora --as-of 2027-01-20 --output json=dora.json
    [ "$(jq '.answers[0].measures["changes.size.p50"].value' dora.json)" -eq 6 ]
}
