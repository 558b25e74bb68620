#!/usr/bin/env bats
# What `qgate collect` stores is what `qgate dora` counts: the five metrics, formed from the rows by SQL alone.
load ../support/common
load ../support/history

owner=

teardown() {
    [ -z "$owner" ] || "$here/tests/support/postgres.sh" stop "$owner"
}

# far: a PostgreSQL of our own is the store.
far() {
    owner=$(mktemp -d /tmp/qgate-pg-XXXXXX)
    run "$here/tests/support/postgres.sh" start "$owner" $$ 3>&-
    [ "$status" -ne 77 ] || skip "$output"
    [ "$status" -eq 0 ]
    createdb -h "$owner" -U qgate facts
    export QGATE_STORE="postgresql:///facts?host=$owner&user=qgate"
    run qgate record incident --service none --id none --opened 2025-01-01T00:00Z
    [[ "$output" != *"built without PostgreSQL"* ]] || skip "built without PostgreSQL"
}

rows() {
    if [ -n "$QGATE_STORE" ]; then
        psql -XqAt "$QGATE_STORE" -c "$1"
    else
        sqlite3 .qgate/history.db "$1"
    fi
}

# recounted AS_OF WINDOW [ENVIRONMENT]: the rows give the numbers, those of a second run too.
recounted() {
    for _ in 1 2; do
        SOURCE_DATE_EPOCH=$(date -d "$1" +%s) expect 0 collect --delivery delivery.yml
        expect 0 dora --as-of "$1" --window "$2" --environment "${3:-production}" --delivery delivery.yml --output json=dora.json
        run python3 "$here/tests/support/recount_store.py" dora.json "${QGATE_STORE:-.qgate/history.db}"
        [ "$status" -eq 0 ] || { echo "$output"; return 1; }
    done
}

company() {
    export SOURCE_DATE_EPOCH=1806278400 # 2027-03-29
    sh "$here/tests/support/estate.sh"
    cd core
    qgate record incident --id I1 --service ledger --opened 2027-03-03T10:10:00Z --resolved 2027-03-03T11:00:00Z
    qgate record incident --id I2 --service ledger --opened 2027-03-02T10:10:00Z --caused-by 1.1.0
    qgate record incident --id I3 --service fees --opened 2027-03-11T00:10:00Z --resolved 2027-03-12T00:10:00Z
    qgate record deployment --project fin/cards/auth --service card-ops --version 3.0 --environment production --status success \
        --at 2027-03-25T10:00:00Z --unplanned
}

@test "histories of tags" {
    for script in "$here"/fixtures/histories/*.sh; do
        name=$(basename "$script" .sh)
        case $name in lib | dates) continue ;; esac
        mkdir "$name"
        cd "$name"
        sh "$script"
        printf 'version: 1\ndeployments: [{tags: "v*"}]\nservices: {shop: {project: .}}\n' > delivery.yml
        recounted 2027-02-14 "$(sed -n 's/^window //p' "${script%.sh}.expected")"
        cd ..
    done
}

@test "histories of files" {
    for script in "$here"/fixtures/histories/gitops/*.sh; do
        name=$(basename "$script" .sh)
        [ "$name" != lib ] || continue
        mkdir "$name"
        cd "$name"
        sh "$script"
        cd app
        as_of=$(sed -n 's/^as_of //p' "${script%.sh}.expected")
        recounted "${as_of:-2027-02-14}" "$(sed -n 's/^window //p' "${script%.sh}.expected")"
        cd ../..
    done
}

@test "a company, with what was recorded" {
    company
    recounted 2027-03-28 2027-03-01..2027-03-28
    recounted 2027-03-28 2027-03-01..2027-03-28 staging
    recounted 2027-03-28 2027-03-04..2027-03-11
    rows "UPDATE deployment SET failed = 0 WHERE version = '1.2.0'" # who counts can say no
    run python3 "$here/tests/support/recount_store.py" dora.json .qgate/history.db
    [ "$status" -eq 1 ]
    says "fees: dora.change_fail_rate: qgate says 1, the rows say 0"
}

# known: what the rows say of the company beside deployments.
known() {
    sed -i 's|owns: \["fin/payments/\*\*"\]|&, targets: ["dora.lead_time.p50 <= 2d", \x27dora.rework_rate{environment="production"} < 25%\x27]|
        s|  card-auth: {|&tier: 1, |' delivery.yml
    expect 0 collect --delivery delivery.yml
    [ "$(rows 'SELECT team_id, name, tz FROM team ORDER BY 1')" = "cards|Cards|Europe/London
identity|Identity|Africa/Lagos
payments|Payments|Africa/Lagos" ]
    [ "$(rows 'SELECT team_id, metric, valid_from_ms, op, value FROM metric_target ORDER BY 2')" = \
        "payments|dora.lead_time.p50|0|<=|172800$point
payments|dora.rework_rate{environment=\"production\"}|0|<|25$point" ]
    [ "$(rows "SELECT path, service_id, tier, REPLACE(path_globs, '
', ' ') FROM service JOIN project USING (project_id) ORDER BY 1, 2")" = \
        "fin/cards/auth|card-auth|1|**
fin/cards/auth|card-ops|3|**
fin/payments/core|fees|3|services/fees/** libs/money/**
fin/payments/core|ledger|3|services/ledger/** libs/money/**
platform/login|login|3|**" ]
    [ "$(rows "SELECT team_id, valid_from_ms, valid_to_ms FROM ownership WHERE service_id = 'login' ORDER BY 2")" = \
        "cards|0|$(date -d 'TZ="Europe/London" 2027-03-15' +%s)000
identity|$(date -d 'TZ="Europe/London" 2027-03-15' +%s)000|9223372036854775807" ]
    [ "$(rows 'SELECT source, stream, cursor_text FROM source_cursor ORDER BY 2')" = \
        "git|clusters|$(git -C ../clusters rev-parse main)
git|fin/cards/auth|$(git -C ../auth rev-parse main)
git|fin/payments/core|$(git rev-parse main)" ]
    [ "$(rows "SELECT DISTINCT gitops_repo FROM deployment WHERE source = 'gitops'")" = clusters ]
    for commit in $(rows "SELECT DISTINCT gitops_sha FROM deployment WHERE source = 'gitops'"); do
        git -C ../clusters cat-file -e "$commit^{commit}"
    done
    [ "$(rows "SELECT gitops_sha FROM deployment WHERE version = '1.1.0' AND kind = 'forward' AND service_id = 'ledger'
        AND environment = 'production'")" = "$(git -C ../clusters log --format=%H --grep 'ledger 1.1.0 in af')" ]
    # a merged branch has its own commits, not the merge; what waits is there too
    merge=$(git rev-parse ':/See merge request fin/payments/core!1')
    [ "$(rows "SELECT head_sha, sha FROM change JOIN change_commit USING (project_id, change_id) WHERE landed_sha = '$merge'")" = \
        "$(git rev-parse "$merge^2")|$(git rev-list "$merge^1..$merge^2")" ]
    waits=$(git rev-parse ':/fees: nobody has this yet')
    [ "$(rows "SELECT state, deployment_id IS NULL FROM change LEFT JOIN deployment_change USING (project_id, change_id)
        WHERE landed_sha = '$waits'" | tr t 1)" = "merged|1" ]
    for sha in $(rows 'SELECT sha FROM change_commit'); do
        git cat-file -e "$sha" 2> /dev/null || git -C ../auth cat-file -e "$sha"
    done

    # an owner and a target that are no longer listed
    sed -i 's|team: \[{name: cards, until: 2027-03-14}, {name: identity}\]|team: [{name: identity}]|
        s|"dora.lead_time.p50 <= 2d", ||' delivery.yml
    expect 0 collect --delivery delivery.yml
    [ "$(rows "SELECT team_id, valid_from_ms FROM ownership WHERE service_id = 'login'")" = "identity|0" ]
    [ "$(rows 'SELECT COUNT(*) FROM metric_target')" = 1 ]
}

@test "teams, targets, services and their owners, commits and how far repositories were read" {
    company
    point=.0 known
}

@test "the same in PostgreSQL" {
    far
    company
    point='' known
}

@test "a company, in PostgreSQL" {
    far
    company
    recounted 2027-03-28 2027-03-01..2027-03-28
    # the second run wrote nothing anew
    [ "$(rows "SELECT SUM(n_tup_ins) > 0, SUM(n_tup_upd) FROM pg_stat_user_tables
        WHERE relname IN ('change', 'change_commit', 'deployment_change')")" = "t|0" ]
}

@test "companies that nobody thought of" {
    for seed in 1 2 3; do
        mkdir $seed
        cd $seed
        python3 "$here/tests/support/random_estate.py" $seed
        cd core
        recounted 2027-12-20 2027-01-01..2027-12-20
        cd ../..
    done
}
