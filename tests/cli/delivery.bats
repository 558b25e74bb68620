#!/usr/bin/env bats
# Delivery numbers of a company: two services in one repository, two more, a GitOps repository with two regions, builds and
# deployments that were recorded, a team that hands a service over, two time zones (tests/support/estate.sh).
load ../support/common
load ../support/history

# company: makes it; stands in core/.
company() {
    export SOURCE_DATE_EPOCH=1806278400 # 2027-03-29
    sh "$here/tests/support/estate.sh"
    cd core
    number=0
    builds=
    for commit in $(git -C ../login rev-list --reverse main); do
        builds+="7.$number.0 $commit"$'\n'
        qgate record build --service login --project platform/login --version 7.$number.0 --commit "$commit" \
            --at 2027-02-20T10:00:00Z
        number=$((number + 1))
    done
}

# dora STATUS ARGUMENT…: of the four weeks to 2027-03-28; dora.json is left.
dora() {
    local status=$1
    shift
    expect "$status" dora --as-of 2027-03-28 --output json=dora.json "$@"
}

# of NAME EXPRESSION: what dora.json says of a service or team, in Python.
of() {
    python3 - "$@" << 'END'
import json, sys
numbers = json.load(open("dora.json", encoding="utf-8"))
for answer in numbers["answers"]:
    if sys.argv[1] in (answer["service"], answer["team"] if answer["service"] is None else None):
        m, d, c = answer["measures"], answer["deployments"], answer["changes"]
        print(eval(sys.argv[2]))
END
}

recounted() {
    run env BUILDS="$builds" TZ=UTC python3 "$here/tests/support/check_estate.py" delivery.yml dora.json
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "every number of four weeks is what a person counts, and what git and a YAML parser give" {
    company
    dora 0 --explain
    recounted
    # ledger: 1.1.0 done in af an hour after eu, 1.2.0, back, more replicas, 1.2.1
    [ "$(of ledger '[d["total"], d["rollback"], d["config"], d["redeploy"]]')" = "[3, 1, 1, 0]" ]
    # 08:00 to 15:00, 08:00 to 10:00, 07:00 to 09:00; what only fees has is not there
    [ "$(of ledger '[m["dora.lead_time.p50"]["value"], m["dora.lead_time.p75"]["value"], m["dora.lead_time.p50"]["n"]]')" = "[7200, 16200, 3]" ]
    [ "$(of ledger '[m["dora.change_fail_rate"]["numerator"], m["dora.change_fail_rate"]["denominator"]]')" = "[1, 3]" ]
    [ "$(of ledger 'm["dora.recovery_time.p50"]["value"]')" = 1800 ]
    # the rollback and the hotfix, of three deployments and a rollback
    [ "$(of ledger '[m["dora.rework_rate"]["numerator"], m["dora.rework_rate"]["denominator"]]')" = "[2, 4]" ]
    [ "$(of ledger '[d["days"], c["contributors"]]')" = "[3, 2]" ]
    # fees: rates 3 h; rounding and countries; the hotfix of ledger 1.1.0 is not about its own 1.1.0
    [ "$(of fees '[d["total"], m["dora.change_fail_rate"]["numerator"], m["dora.lead_time.p50"]["n"]]')" = "[2, 0, 3]" ]
    # card-ops: nobody knows which commit 3.1 is
    [ "$(of card-ops '[d["total"], d["unresolved"], m["dora.lead_time.p50"]["value"]]')" = "[1, 1, None]" ]
    # login was the cards' until the 14th
    [ "$(of cards 'd["total"]') $(of identity 'd["total"]')" = "4 1" ]
    [ "$(of payments '[d["total"], m["dora.change_fail_rate"]["denominator"], d["rollback"]]')" = "[5, 5, 1]" ]
}

@test "what nobody thought of is what git and a YAML parser give" {
    export SOURCE_DATE_EPOCH=1830000000
    for seed in 1 2 3 4; do
        mkdir "../$seed"
        cd "../$seed"
        python3 "$here/tests/support/random_estate.py" $seed
        cd core
        for environment in production staging; do
            expect 0 dora --environment $environment --window 2027-01-01..2027-12-20 --explain --output json=dora.json
            recounted
        done
        cd ..
    done
}

@test "failures, incidents and a change of hands are what a second reckoning gives" {
    run python3 "$here/tests/support/check_model.py" "$QGATE" 1 10
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "days are those of the team's zone" {
    company
    # 23:30 UTC of the 10th is the 11th in Lagos; 23:30 UTC of the 4th is the 4th in London
    dora 0 --window 2027-03-11..2027-03-11 --service fees --explain
    recounted
    [ "$(of fees 'd["total"]')" = 1 ]
    dora 0 --window 2027-03-04..2027-03-04 --team cards --explain
    recounted
    [ "$(of cards '[d["total"], answer["days"]["timezone"]]')" = "[2, 'Europe/London']" ]
    # London's clocks go forward on the last day: it has 23 hours
    git -C ../login commit -q --allow-empty -m late
    dora 0 --window 2027-03-28..2027-03-28 --team cards --explain
    recounted
}

@test "the hour that comes twice is told apart, and has its own length" {
    git init -q -b main .
    deployed() {
        GIT_AUTHOR_DATE=$2 GIT_COMMITTER_DATE=$2 git commit -q --allow-empty -m "$1"
        GIT_COMMITTER_DATE=$3 git tag -a -m "$1" "$1"
    }
    printf '%s\n' 'version: 1' 'timezone: Europe/Berlin' 'services: {shop: {project: .}}' 'deployments: [{tags: "v*"}]' \
        > delivery.yml
    deployed v1 2027-10-30T20:00:00Z 2027-10-30T21:00:00Z
    seq 1200 > lines
    git add lines
    deployed v2 2027-10-31T00:30:00Z 2027-10-31T01:30:00Z # both 02:30 in Berlin
    SOURCE_DATE_EPOCH=1825200000 expect 0 dora --as-of 2027-10-31 --window 1d --explain
    says "change lead time  p50    60 min"
    says "2027-10-31 02:30:00 +02 to 2027-10-31 02:30:00 +01, v2"
    says "  lines changed   p50    1,200      p90 1,200"
    says "commit, +1,200 -0, by "
}

@test "other environments, and windows of any length" {
    company
    dora 0 --environment staging --explain
    recounted
    [ "$(of ledger 'd["total"]')" = 1 ]
    for window in 7d 90d 182d 2027-02-01..2027-02-28; do
        dora 0 --window "$window" --explain
        recounted
    done
}

@test "the same numbers from a cache, from nowhere near, and for whoever asks twice" {
    company
    dora 0 --explain
    [ -n "$(ls .qgate/cache)" ]
    mv dora.json first.json
    dora 0 --explain
    cmp first.json dora.json
    rm -r .qgate/cache
    export QGATE_PEOPLE_KEY=0123456789abcdef0123456789abcdef
    (cd ../auth && TZ=Asia/Tokyo QGATE_STORE=../core/.qgate/history.db qgate dora --delivery ../core/delivery.yml \
        --as-of 2027-03-28 --explain --service card-auth --output json=../core/there.json > there)
    dora 0 --explain --service card-auth
    sed 's/delivery.yml/..\/core\/delivery.yml/' dora.json > here.json
    cmp here.json there.json
}

@test "what waits is listed, and not what is another service's" {
    company
    dora 0 --explain --service fees
    says "fees: nobody has this yet"
    says_not "update a library"
    dora 0 --explain --service ledger
    says "update a library"
    says_not "nobody has this yet"
}

@test "names that are no service and versions of no commit are said" {
    company
    dora 0
    says "risk (2)"
    says "without lead time    1 deployment"
    python3 -c 'import json; n = json.load(open("dora.json")); print(n["no_service"], [v["version"] for v in n["no_commit"]])' > said
    grep -q "'name': 'risk', 'path': 'cards/production/af/values.yaml', 'deployments': 2" said
    grep -q "'3.0', '3.1'" said
}

@test "a repository that is not there: its services say so, the others are counted" {
    company
    mv ../auth ../gone
    sed -i 's|platform/login: .*|platform/login: {url: "https://git.example/platform/login.git"}|' delivery.yml
    dora 0
    [ "$(of card-auth 'answer["why_not"]')" = "the repository fin/cards/auth is not there: ../auth" ]
    [ "$(of login 'answer["why_not"]')" = 'the repository platform/login is not here yet: `qgate collect` fetches it' ]
    [ "$(of ledger 'd["total"]')" = 3 ]
    # what is judged names what to do about it, whatever else is asked
    sed -i 's|cards: {name: Cards,|& targets: [deployments.total >= 1],|' delivery.yml
    expect 2 dora --as-of 2027-03-28 --check
    says "to pass: bring that repository here: \`qgate collect\` fetches one that has an address"
    # numbers of the others are not those of the team
    [ "$(of cards 'answer["why_not"] is None')" = False ]
    dora 2 --service login
    mv ../clusters ../nowhere
    dora 2
    [ "$(of ledger 'answer["why_not"]')" = "the repository clusters is not there: ../clusters" ]
}

@test "what was recorded of a deployment in GitOps files says how it went, and is no second one" {
    company
    record=(record deployment --service ledger --project fin/payments/core --environment production)
    expect 0 "${record[@]}" --version 1.1.0 --status success --at 2027-03-01T15:20:00Z --id one
    expect 0 "${record[@]}" --version 1.2.1 --status failed --at 2027-03-08T09:10:00Z --id two
    dora 0 --explain --service ledger
    # 1.1.0 ran twenty minutes later; 1.2.1 never did, so nobody has got its change
    [ "$(of ledger '[d["total"], d["rollback"], d["failed_attempt"], d["redeploy"]]')" = "[2, 1, 1, 0]" ]
    [ "$(of ledger 'm["dora.lead_time.p90"]["n"]')" = 2 ]
    [ "$(of ledger 'max(one["lead_time"] for one in answer["explain"]["changes"])')" = 26400 ]
    # a second try that ran
    expect 0 "${record[@]}" --version 1.2.1 --status success --at 2027-03-08T09:40:00Z --id three
    dora 0 --explain --service ledger
    [ "$(of ledger '[d["total"], d["rollback"], d["failed_attempt"], d["redeploy"]]')" = "[3, 1, 1, 0]" ]
}

@test "incidents make deployments fail, by what they name and by when they began" {
    company
    incident=(record incident --service fees --project fin/payments/core)
    expect 0 "${incident[@]}" --id PD-1 --opened 2027-03-02T12:00:00Z --resolved 2027-03-02T13:00:00Z
    expect 0 "${incident[@]}" --id PD-2 --opened 2027-03-20T12:00:00Z --resolved 2027-03-20T13:00:00Z --caused-by 1.2.0
    expect 0 "${incident[@]}" --id PD-3 --opened 2027-03-25T12:00:00Z --cause other
    dora 0 --explain --service fees
    [ "$(of fees '[m["dora.change_fail_rate"]["numerator"], m["incidents.total"]["value"], m["incidents.open"]["value"]]')" = "[2, 3, 1]" ]
    # 11:00 to 13:00; from the 10th, 23:30, to the 20th, 13:00: between them
    [ "$(of fees 'm["dora.recovery_time.p50"]["value"]')" = "$(((7200 + 826200) / 2))" ]
    says "PD-2"
    # another service of its team would have been told of, one of another team not
    dora 0
    [ "$(of ledger 'm["incidents.total"]["value"]') $(of payments 'm["incidents.total"]["value"]')" = "0 3" ]
    [ "$(of login 'm["incidents.total"]["value"]')" = None ]
    # staging is not where they hurt
    dora 0 --environment staging
    [ "$(of fees 'm["incidents.total"]["value"]')" = None ]
}

@test "deployments that were recorded alone, region by region" {
    company
    for step in "eu 2027-03-10T09:00:00Z" "af 2027-03-10T10:00:00Z"; do
        read -r region time <<< "$step"
        expect 0 record deployment --service batch --project fin/payments/core --environment production --region "$region" \
            --status success --commit "$(at fees/v1.1.0^0)" --at "$time"
    done
    expect 0 record deployment --service batch --project fin/payments/core --environment production --region eu \
        --status success --commit "$(at fees/v1.2.0^0)" --at 2027-03-12T09:00:00Z
    expect 0 record deployment --service batch --project fin/payments/core --environment moon --version 1 \
        --status success --at 2027-03-12T09:00:00Z
    echo '  batch: {project: fin/payments/core}' >> delivery.yml
    dora 0 --service batch --explain
    # af does not have the second one
    [ "$(of batch '[d["total"], answer["explain"]["deployments"][0]["finished"]]')" = "[1, '2027-03-10T10:00:00Z']" ]
    says 'no environment "moon" is listed'
    says_not "not counted: nothing of the region"
    expect 0 record deployment --service cron --project fin/payments/core --environment production --region eu \
        --status success --commit "$(at fees/v1.2.0^0)" --at 2027-03-12T09:00:00Z
    echo '  cron: {project: fin/payments/core}' >> delivery.yml
    dora 2 --service cron
    says "what was recorded of cron in production is not counted: nothing of the region af was"
    expect 0 record deployment --service batch --project fin/payments/core --environment production --region af \
        --status success --commit "$(at fees/v1.2.0^0)" --at 2027-03-12T11:00:00Z
    dora 0 --service batch --explain
    # rounding, the hotfix and the table; the region's lag is two hours, an hour before
    [ "$(of batch '[d["total"], d["forward"], c["deployed"], m["deployments.region_lag.p50"]["value"]]')" = "[2, 1, 3, 5400]" ]
}

@test "nothing before since counts, and the first after it has no lead time" {
    company
    sed -i 's|  fees:|  fees:\n    since: 2027-03-02|' delivery.yml
    dora 0 --service fees --explain
    [ "$(of fees '[d["total"], d["first"], m["dora.lead_time.p50"]["n"]]')" = "[2, 1, 2]" ]
    sed -i 's|^timezone:|since: 2027-03-11\ntimezone:|' delivery.yml
    dora 0 --service fees
    # 23:30 UTC of the 10th is the 11th in Lagos
    [ "$(of fees '[d["total"], d["first"]]')" = "[1, 1]" ]
    # and the days before are none without deployments
    says "fees   production (eu, af)   18 days to 2027-03-28"
    [ "$(of fees 'answer["days"]["from"], m["dora.deployment_frequency"]["denominator"], d["weeks"]')" = "('2027-03-11', 18, 2)" ]
}

@test "files whose lines do not count, and bots by their names" {
    company
    dora 0 --service ledger --explain
    [ "$(of ledger 'm["changes.size.p50"]["value"], c["bots"]')" = "(1, 0)" ]
    sed -i 's|^timezone:|changes: {ignore: ["services/ledger/**"]}\nbots: [Ben]\ntimezone:|' delivery.yml
    dora 0 --service ledger --explain
    [ "$(of ledger 'm["changes.size.p50"]["value"], c["bots"]')" = "(0, 1)" ]
}

@test "a merge of a branch that the configuration calls unplanned is rework" {
    company
    dora 0 --service ledger
    [ "$(of ledger 'm["dora.rework_rate"]["numerator"]')" = 2 ]
    sed -i 's|^timezone:|changes: {unplanned: {branches: ["tot*"]}}\ntimezone:|' delivery.yml
    dora 0 --service ledger
    [ "$(of ledger 'm["dora.rework_rate"]["numerator"]')" = 3 ]
}

@test "without a configuration, too, records say how the deployment of a tag went" {
    export SOURCE_DATE_EPOCH=1801000000 # 2027-01-26
    git init -q -b main shop
    cd shop
    git remote add origin git@gitlab.example:fin/shop.git
    for day in 4 5; do
        GIT_AUTHOR_DATE=2027-01-0${day}T08:00:00Z GIT_COMMITTER_DATE=2027-01-0${day}T08:00:00Z git commit -q --allow-empty -m one
        GIT_COMMITTER_DATE=2027-01-0${day}T09:00:00Z git tag -a -m v1.$day.0 v1.$day.0
    done
    expect 0 record deployment --service shop --environment production --status success --version 1.5.0 --at 2027-01-05T09:30:00Z
    expect 0 record incident --service shop --id I1 --opened 2027-01-05T10:00:00Z --resolved 2027-01-05T10:30:00Z
    expect 0 dora --as-of 2027-01-20 --explain --output json=dora.json
    [ "$(of shop '[d["total"], d["redeploy"], m["dora.lead_time.p50"]["value"]]')" = "[2, 0, 5400]" ]
    [ "$(of shop '[m["dora.change_fail_rate"]["numerator"], m["dora.recovery_time.p50"]["value"]]')" = "[1, 3600]" ]
}

@test "configurations with little in them, and repositories with nothing" {
    git init -q -b main .
    git commit -q --allow-empty -m one
    git init -q ../empty
    little() {
        printf '%s\n' 'version: 1' "$@" > delivery.yml
    }
    little 'services: {}'
    expect 2 dora
    says "lists no service"
    little 'environments: {test: {tier: testing}}' 'services: {a: {project: .}}'
    expect 2 dora
    says "of tier production"
    little 'services: {a: {project: .}}'
    expect 2 dora --output json=dora.json
    [ "$(of a 'd["total"]')" = 0 ]
    little 'repositories: {e: {url: ../empty}}' 'services: {a: {project: e}}' 'deployments: [{tags: "v*"}]'
    expect 2 dora
    little 'repositories: {e: {url: ../empty}}' 'services: {a: {project: .}}' \
        'deployments: [{repository: e, file: "{service}.yml", select: tag, environment: production}]'
    expect 2 dora --output json=dora.json
    [ "$(of a 'answer["why_not"] is None')" = False ]
    little 'timezone: Mars/Olympus' 'services: {a: {project: .}}'
    expect 3 dora
    says "Mars/Olympus"
}

@test "names that nobody listed are wrong usage, with the nearest" {
    company
    expect 4 dora --service ledgre
    says "did you mean ledger?"
    expect 4 dora --team payment
    says "did you mean payments?"
    expect 4 dora --environment prodution
    says "did you mean production?"
    expect 4 dora --delivery nowhere.yml
    says "nowhere.yml"
    echo 'servcies: {}' >> delivery.yml
    expect 4 dora
    says "did you mean 'services'"
}
