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
    says "28 days to 2027-02-14, Africa/Lagos and the zones of teams   production   delivery.yml"
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
    says "not deployed  ledger     ledger: export"
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

@test "a window begins no earlier than what is known" {
    teams
    sed -i 's|Europe/London|Africa/Lagos|; s|^timezone:|since: 2027-01-25\n&|' delivery.yml
    dora
    says "21 days to 2027-02-14, Africa/Lagos   production"
    dora --team payments
    says "21 days to 2027-02-14"
    says "deployment frequency     1.7 /w     5 deployments on 5 days" # not 1.3, of 28
    says "of 3 weeks from Monday to Sunday"
    expect 1 dora --as-of 2027-02-14 --check
    says "dora.deployment_frequency >= 3/w"
    says "1.7/w (n 5)"
    sed -i 's|  transfers: {|&since: 2027-02-04, |' delivery.yml
    dora # not all alike
    says "28 days to 2027-02-14"
    dora --service transfers
    says "11 days to 2027-02-14"
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
    expect 2 dora --as-of 2027-02-14 --team cards # one of two
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
    grep -q '^"payments","fin/payments/core","transfers","production",2027-01-18,2027-02-14,Africa/Lagos,qgate,dora.lead_time.p50,99000,s,6,,' dora.csv
    grep -q '^"cards","","","production",' dora.csv && return 1 # not whole
    grep -q '^qgate_dora_change_fail_ratio{team="payments",project="fin/payments/core",service="transfers",environment="production",window="28d"} 0.333333$' dora.txt
}

@test "targets stand beside their numbers: met, missed, later, not collected" {
    teams
    dora --team payments
    says "✗ target >= 3/w   missed"
    says "✓ target <= 2d   met"
    says "✗ target p90 <= 4d   missed"
    says "! target <= 1h   missed, enforced from 2027-07-01"
    says "? changes.review_reaction.p50 <= 4h   no data: not collected yet"
    dora --service transfers --output json=- # judged for the service
    says '{"rule": "dora.lead_time.p90 <= 4d", "outcome": "passed", "value": 279000'
    says '{"rule": "dora.recovery_time.p50 <= 1h", "outcome": "warned", "value": 63060'
    says '"enforce_from": "2027-07-01"'
    dora --service card-auth --window 7d # a target is about its own time
    says "✓ dora.lead_time.p50 <= 5d, over 28d   4 d (n 1, few)   met"
}

@test "a target on recovery where nothing failed is no data, and what a rule makes of that is said" {
    teams
    sed -i 's/targets: \[dora.lead_time.p50 <= 5d\]/targets: [dora.recovery_time.p50 <= 1h,\
      {rule: dora.recovery_time.p75 <= 1h, on_missing: pass}, {rule: dora.recovery_time.p90 <= 1h, on_missing: warn},\
      {rule: dora.rework_rate <= 5%, on_missing: skip}]/; /card-ops/d; /cards.ops/d' delivery.yml
    dora --service card-auth
    says "? target <= 1h   no data: no deployment failed in this time"
    says "✓ target p75 <= 1h   no data, passed by \`on_missing\`"
    says "! target p90 <= 1h   no data: no deployment failed in this time"
    says "✓ target <= 5%   met"
    expect 2 dora --as-of 2027-02-14 --check --team cards
    says "to pass: where nothing fails nothing is repaired: say \`on_missing: pass\`"
    expect 2 dora --service card-auth --as-of 2027-01-11 # before the first deployment
    says "recovery time     p50    no data    nothing was deployed in this time"
    says "- target <= 5%   not applicable"
}

@test "--check judges them as a policy is judged" {
    teams
    expect 1 dora --as-of 2027-02-14 --check
    says "policy delivery.yml"
    says "read      13 deployments of 4 services"
    says "✗ dora.deployment_frequency >= 3/w "
    says " 1.8/w (n 7)"
    says "to pass: 1.25/w more: deploy smaller changes, each when it is ready"
    says "to pass: 12.2 h less"
    says "why: nobody waits longer than a week"
    says "enforced in 137 days"
    says "failed    1 of 2 gates"
    expect 1 dora --as-of 2027-08-01 --check --team payments --output json=dora.json
    says_not "cards"
    [ "$(jq -r '.answers[].targets[] | .outcome' dora.json | sort | uniq -c | tr -s ' \n' ' ')" = " 1 failed 5 no data " ]
}

@test "--check: no data is no pass, and nothing to check is no pass either" {
    teams
    expect 2 dora --as-of 2027-02-14 --check --team cards
    says "the repository fin/cards/ops is not there: ../ops"
    git -C .. init -q -b main ops
    sed -i '/card-ops/d' delivery.yml
    expect 0 dora --as-of 2027-02-14 --check --team cards
    says "passed    1 gate · 1 rule"
    expect 2 dora --as-of 2027-01-01 --check --team cards # before the first deployment
    sed -i 's/targets: \[.*\]/tier: 1/; /targets:/,/review_reaction/d; s/, tier: 1}/}/' delivery.yml
    expect 4 dora --check
    says "there is nothing to check: no team has targets"
    expect 4 dora --check --service ledger
    says "leave out --service"
    rm delivery.yml
    expect 4 dora --check
    says "no team has targets"
}

@test "a target with a window of its own, and one of several that may hold" {
    teams
    sed -i 's|      - dora.lead_time.p50 <= 2d|      - dora.rework_rate{window="90d"} <= 10%\n      - any: [dora.lead_time.p50 <= 1h, dora.deployment_frequency >= 1/w]|' delivery.yml
    dora --team payments
    says '✗ dora.rework_rate{window="90d"} <= 10%   20 % (2 of 10)   missed'
    dora --team payments --window 90d
    says "✗ target <= 10%   missed"
    expect 1 dora --as-of 2027-02-14 --check --team payments
    says 'dora.rework_rate{window="90d"} <= 10%'
}

@test "the score and the levels, never from fewer than five" {
    teams
    dora --team payments --output json=dora.json --output openmetrics=dora.txt
    says "score of 2025, 0 to 10   -          stability 7.3, lead time 6.0"
    says "too few for recovery"
    says "levels of 2023                      lead time high, deployments high, failures low"
    [ "$(jq -c '.answers[0].score | [.overall, .measures.recovery_time.low_sample, .measures.recovery_time.level]' dora.json)" = \
        "[null,true,null]" ]
    grep -q '^qgate_dora_score{team="payments",environment="production",window="28d",factor="stability",edition="2025"} 7.321429$' dora.txt
    run grep -c 'factor="overall"' dora.txt
    [ "$output" = 0 ]
}

@test "--compat sets beside our numbers those of another tool, and says how it counts" {
    teams
    dora --service transfers --compat gitlab --output json=dora.json --output csv=dora.csv
    says "as GitLab counts: every deployment counts, rollbacks and redeploys too"
    says "  deployment frequency   1.8 /w     n 7"
    says "  change fail rate       no data    nobody tells of incidents here"
    [ "$(jq -c '[.compat, .answers[0].measures["dora.deployment_frequency"].n,
        .answers[0].compat_measures["dora.deployment_frequency"].n]' dora.json)" = '["gitlab",6,7]' ]
    grep -q 'Africa/Lagos,gitlab,dora.deployment_frequency,0.25,/d,7,7,28' dora.csv
    dora --compat devlake
    says "as DevLake counts: "
    says "  transfers     1.5 /w 7"
    expect 4 dora --compat jira
}

# written ARGUMENT…: every output of one run, in files of their names.
written() {
    local arguments=() name
    for name in json csv openmetrics; do
        arguments+=(--output "$name=$name")
    done
    expect "$@" "${arguments[@]}"
    echo "$output" > terminal
    python3 "$here/tests/support/check_dora_outputs.py" "$here/schemas/dora.schema.json" .
}

@test "versions, subjects, names and incidents are data in every output" {
    export SOURCE_DATE_EPOCH=1805000000
    python3 "$here/tests/support/hostile_estate.py" .
    cd core
    expect 0 record --file ../events.jsonl
    written 0 dora --as-of 2027-03-12 --explain
    grep -q '=cmd|' terminal
    [ "$(jq '.no_service | length' json)" -gt 80 ]
    [ "$(jq '.answers[1].explain.incidents | length' json)" -gt 80 ]
    written 0 dora --service shop --as-of 2027-03-12 --compat fourkeys
    expect 2 explain versions
    echo "$output" > terminal
    expect 0 dora --check --as-of 2027-03-12
    echo "$output" >> terminal
    python3 "$here/tests/support/check_dora_outputs.py" "$here/schemas/dora.schema.json" .
}

@test "openmetrics of many: each family once, no series twice" {
    teams
    written 0 dora --as-of 2027-02-14
    grep -q '^qgate_target{team="payments",project="fin/payments/core",service="ledger",.*metric="dora.lead_time.p50",op="<="} 172800$' openmetrics
    # as the gauge that it stands beside
    grep -q '^qgate_target{team="payments",environment="production",window="28d",metric="dora.change_fail_rate",op="<="} 0.15$' openmetrics
    grep -q '^qgate_dora_change_lead_time_seconds{team="payments",environment="production",window="28d",start="merge",stat="p90"} ' openmetrics
    [ "$(grep -c '^# TYPE qgate_dora_deployments gauge$' openmetrics)" = 1 ]
}

@test "a commit that names an incident says what repaired it, of the services that it touches" {
    teams
    export SOURCE_DATE_EPOCH=1802606400 # 2027-02-14T12:00:00Z
    git config user.name Ada
    git config user.email ada@example.org
    echo pool >> transfers/pool
    git add transfers
    GIT_AUTHOR_DATE=2027-02-12T09:00:00Z GIT_COMMITTER_DATE=2027-02-12T09:00:00Z git commit -q -m 'larger pool (fixes PD-7, see PD-8)'
    GIT_COMMITTER_DATE=2027-02-12T10:00:00Z git tag -a -m x transfers/v1.5.0
    GIT_COMMITTER_DATE=2027-02-12T10:00:00Z git tag -a -m x ledger/v2.2.0
    incident=(record incident --project fin/payments/core --opened 2027-02-11T20:00:00Z --resolved 2027-02-11T21:00:00Z)
    expect 0 "${incident[@]}" --service transfers --id PD-7 # more than a day after transfers/v1.4.0
    expect 0 "${incident[@]}" --service ledger --id PD-8
    for run in first again; do # with what was kept
        dora --service transfers --explain --output json=dora.json
        says "3 of 7; 1 by rollback, 2 by hotfix"
        says "PD-7  caused by transfers/v1.4.0 (explicit), work on it in"
        says "failed: hotfix by transfers/v1.5.0, incident PD-7 (explicit); recovered"
        says "  1 d 05:00:00  transfers/v1.4.0"
        says "larger pool (fixes PD-7, see PD-8) (unplanned)"
        [ "$(jq -r '.answers[0].explain.incidents[0] | [.deployment, .linked, .fix] | join(" ")' dora.json)" = \
            "transfers/v1.4.0 explicit transfers/v1.5.0" ]
        [ "$(jq -r '.answers[0].measures["dora.rework_rate"].numerator' dora.json)" = 3 ]
    done
    dora --service ledger --explain
    says "PD-8  cause unknown; resolved"
    says "rework rate              0 %"
}

@test "incidents: which deployment caused them and how that is known, and what is not repaired" {
    teams
    export SOURCE_DATE_EPOCH=1802606400 # 2027-02-14T12:00:00Z
    expect 0 record incident --project fin/payments/core --service transfers --id PD-1 --urgency high \
        --opened 2027-02-10T16:20:00Z --resolved 2027-02-10T18:00:00Z
    dora --service transfers --explain
    says "3 of 6; 1 by rollback, 1 by hotfix, 1 by incident"
    says "incidents                1          1 resolved after 100 min"
    says "failed: incident PD-1 (nearby); recovered 2027-02-10 19:00:00 +01, after 02:00:00"
    says "PD-1  urgency high  caused by transfers/v1.4.0 (nearby);"
    says "after 01:40:00"
    expect 0 record incident --project fin/payments/core --service transfers --id PD-2 --opened 2027-02-12T09:00:00Z \
        --caused-by transfers/v1.4.0 --cause change
    dora --service transfers --output json=dora.json --output openmetrics=dora.txt
    says "failed, not repaired     transfers/v1.4.0 for 4.3 d (incident PD-2)"
    says "1 open, the oldest for 2.6 d"
    [ "$(jq -c '.answers[0].open_failures' dora.json)" = '[{"service":"transfers","environment":"production","version":"transfers/v1.4.0","failed":"incident","incident":"PD-2","since":"2027-02-10T16:00:00Z"}]' ]
    grep -q '^qgate_incidents_open{.*} 1$' dora.txt
    grep -q '^qgate_dora_open_failures{.*} 1$' dora.txt
    dora
    says "failed, not repaired transfers transfers/v1.4.0 for 4.3 d"
}

@test "environments: the one that is asked for, and two of tier production" {
    teams
    sed -i 's/  production: {tier: production, regions: \[eu, af\]}/  staging: {tier: staging}\n  live: {tier: production}\n  edge: {tier: production}/
        s/"{service}\/v\*"}/"{service}\/v*", environment: live}/; s/"v\*", service: card-auth}/"v*", service: card-auth, environment: edge}/' delivery.yml
    dora
    says "28 days to 2027-02-14, Africa/Lagos and the zones of teams   delivery.yml"
    says "  card-auth  edge           0.3 /w 1"
    says "  transfers  live           1.5 /w 6"
    says "  payments   production     1.8 /w 7"
    says_not "transfers  edge"
    dora --service transfers
    says "transfers   live   28 days"
    says "target >= 3/w   missed"
    dora --team payments --environment live --output json=dora.json
    [ "$(jq -c '.answers[0] | [.environment, (.targets | length)]' dora.json)" = '["live",0]' ] # they are of all production
    expect 2 dora --environment staging
    says "no data"
    expect 4 dora --check --explain
}

@test "the percentiles of a sheet are those of the times that it lists, at the places that it names" {
    teams
    dora --team payments --explain --output json=dora.json
    echo "$output" > sheet
    python3 - << 'END'
import fractions, json, re
sheet, numbers = open("sheet", encoding="utf-8").read(), json.load(open("dora.json", encoding="utf-8"))
for title, measure in ("lead times", "dora.lead_time"), ("recovery times", "dora.recovery_time"):
    part = sheet[sheet.index(f"\n{title}") + 1:].split("\n\n")[0].replace("\n", " ", 1)
    times = [int(d or 0) * 86400 + int(h) * 3600 + int(m) * 60 + int(s)
             for d, h, m, s in re.findall(r"^ +\d+ +(?:(\d+) d )?(\d\d):(\d\d):(\d\d)  ", part, re.M)]
    assert times == sorted(times) and times
    for percent in 50, 75, 90:
        place = fractions.Fraction(re.search(rf"p{percent} (?:is )?at (?:place )?([0-9.]+)", part)[1])
        low, high = times[int(place) - 1], times[min(int(place), len(times) - 1)]
        said = numbers["answers"][0]["measures"][f"{measure}.p{percent}"]["value"]
        assert low + (high - low) * (place - int(place)) == fractions.Fraction(str(said)), (measure, percent, said)
END
}

@test "in a job log of GitLab --check folds what passed" {
    teams
    GITLAB_CI=true run qgate dora --as-of 2027-02-14 --check --team cards
    [[ "$output" != *section_start* ]]
    git -C .. init -q -b main ops
    sed -i '/card-ops/d' delivery.yml
    GITLAB_CI=true run qgate dora --as-of 2027-02-14 --check --team cards
    [ "$status" -eq 0 ]
    says "section_start:"
}
