#!/usr/bin/env bats
# What people and programs see of the delivery numbers of many services and teams.
load ../support/common

setup_file() {
    (cd "$BATS_FILE_TMPDIR" && sh "$BATS_TEST_DIRNAME/../support/teams.sh")
}

# The configuration stands in core/.
teams() {
    cp -R "$BATS_FILE_TMPDIR/core" "$BATS_FILE_TMPDIR/auth" .
    cd core
}

dora() {
    expect 0 dora --as-of 2027-02-14 "$@"
}

@test "one of many is a sheet: its team, regions and time zone, and what each number was taken from" {
    teams
    dora --service transfers
    [ "${lines[0]}" = "transfers   production (eu, af)   28 days to 2027-02-14, Africa/Lagos   team payments   delivery.yml" ]
    says "deployment frequency     1.5 /w     6 deployments on 6 days; also 1 rollback"
    says "change lead time  p50    27.5 h     p75 2.0 d   p90 3.2 d   n 6 changes"
    says "change fail rate         33.3 %     2 of 6; 1 by rollback, 1 by hotfix"
    says "recovery time     p50    17.5 h     p75 25.9 h   p90 30.9 h   n 2 failed deployments, few"
    says "rework rate              28.6 %     2 of 7"
    says "without lead time        1 change by bots"
    says "qgate dora --service transfers --explain"
    dora --team payments
    [ "${lines[0]}" = "payments   production (eu, af)   28 days to 2027-02-14, Africa/Lagos   delivery.yml" ]
    says "deployment frequency     1.8 /w     7 deployments on 7 days"
}

@test "many are a table by name, never a ranking, with n beside every value" {
    teams
    dora
    says "28 days to 2027-02-14, Africa/Lagos   production   delivery.yml"
    [ "$(echo "$output" | grep -oE '^  [a-z-]+')" = "  card-auth
  card-ops
  ledger
  transfers
  cards
  payments" ]
    says "  transfers     1.5 /w 6      27.5 h 6   33.3 % 6     17.5 h 2   28.6 % 7"
    says "  card-ops    no data: the repository fin/cards/ops is not there: ../ops"
    says "below 5 it shows little"
}

@test "names longer than their column have a line of their own" {
    teams
    sed -i 's/transfers: {project/transfers-between-countries-and-currencies-of-all-kinds: {project/
        s|"{service}/v\*"|transfers/v*|; s|ledger: {project.*||' delivery.yml
    dora
    [ "$(echo "$output" | grep -A 1 '^  transfers-between' | tail -n 1)" = \
        "                1.5 /w 6      27.5 h 6   33.3 % 6     17.5 h 2   28.6 % 7" ]
    [ "$(echo "$output" | awk 'length($0) > 100')" = "" ]
}

@test "what is behind a number is listed so that it can be recounted" {
    teams
    dora --team payments --explain
    says "what the team owns"
    says "  ledger  production"
    says "lead times, first commit to deployment, shortest first: p50 is at place 4, p75 at 5.5, p90 at 6.4"
    says "     1        00:45:00  transfers  hotfix: receipts of transfers/v1.3.0 are empty (unplanned)"
    says "failed: rollback by transfers/v1.1.0-again"
    says "after 1 d 10:15:00"
    says "by a bot      transfers  update a library"
    says "merged and not deployed"
    says "not deployed  ledger  ledger: export"
}

@test "a day ends where the configuration's clocks say" {
    teams
    expect 0 dora --as-of 2027-02-03 --service transfers --window 7d
    says "7 days to 2027-02-03"
    says "1 deployment on 1 day"
    expect 0 dora --as-of 2027-02-04 --service transfers --window 2027-02-04..2027-02-04
    says "1 deployment on 1 day"
    sed -i 's/Africa.Lagos/America\/Lima/' delivery.yml # the hotfix of 00:15 UTC
    expect 0 dora --as-of 2027-02-03 --service transfers --window 2027-02-03..2027-02-03
    says "1 deployment on 1 day"
}

@test "names that are not there" {
    teams
    expect 4 dora --service transfer
    says "did you mean transfers?"
    expect 4 dora --team payment
    says "did you mean payments?"
    expect 4 dora --environment live
    says "there is one: production"
    echo 'surprise: 1' >> delivery.yml
    expect 4 dora
    says "delivery.yml:"
}

@test "nothing known is exit 2, and says what is missing" {
    teams
    expect 2 dora --as-of 2027-02-14 --service card-ops
    says "card-ops   production"
    says "no data                  the repository fin/cards/ops is not there: ../ops"
}

@test "programs: every format has every answer, and JSON is what its schema says" {
    teams
    dora --explain --output json=dora.json --output csv=dora.csv --output openmetrics=dora.txt
    run python3 -c 'import json, jsonschema, sys
jsonschema.validate(json.load(open(sys.argv[1])), json.load(open(sys.argv[2])))' dora.json "$here/schemas/dora.schema.json"
    echo "$output"
    [ "$status" -eq 0 ]
    [ "$(jq -r '.answers[] | .service // .team' dora.json | tr '\n' ' ')" = "card-auth card-ops ledger transfers cards payments " ]
    [ "$(jq '.answers[3].measures["dora.lead_time.p50"] | [.value, .n]' -c dora.json)" = "[99000,6]" ]
    [ "$(jq '.answers[1].measures | length' dora.json)" -eq 0 ]
    [ "$(jq -r '.answers[3].explain.deployments[1] | [.version, .kind, .failed, .remedy, .recovered] | join(" ")' dora.json)" = \
        "transfers/v1.2.0 forward rollback transfers/v1.1.0-again 2027-01-21T10:47:00Z" ]
    grep -q '^"payments","fin/payments/core","transfers","production",2027-01-18,2027-02-14,Africa/Lagos,dora.lead_time.p50,99000,s,6,,' dora.csv
    grep -q '^"cards","","","production",' dora.csv && return 1 # not whole
    grep -q '^qgate_dora_change_fail_ratio{team="payments",project="fin/payments/core",service="transfers",environment="production",window="28d"} 0.333333$' dora.txt
}
