#!/usr/bin/env bats
# delivery.yml: what `qgate validate` makes of it, and of the files that it includes.

load ../support/common

# delivery [LINES]: a small configuration, with more lines at its end.
delivery() {
    cat > delivery.yml <<'YAML'
version: 1
repositories: {clusters: {url: ../clusters}}
environments: {production: {tier: production, regions: [eu, af]}}
deployments:
  - {repository: clusters, file: "apps/{service}/{environment}/{region}.yaml", select: image.tag}
sources: {gitlab: {url: "https://gitlab.example"}}
YAML
    [ $# -eq 0 ] || printf '%s\n' "$@" >> delivery.yml
}

@test "a delivery configuration is known by its keys, whatever its name" {
    delivery 'teams: {payments: {owns: [fin/*]}}' 'services: {ledger: {project: fin/core}}'
    expect 0 validate delivery.yml
    [ "$output" = "delivery.yml: a valid delivery configuration: 1 team, 1 service, 1 environment, 1 repository" ]
    mv delivery.yml numbers.yml
    expect 0 validate numbers.yml
    says "numbers.yml: a valid delivery configuration"
    echo 'service: {}' >> numbers.yml
    expect 4 validate numbers.yml
    says "numbers.yml:9:1: unknown key 'service'; did you mean 'services'?"
    printf 'version: 1\n- a\n' > delivery.yml
    expect 4 validate delivery.yml
    says "delivery.yml:2:1:"
}

@test "--against compares policies" {
    git init -q -b main . && git -c user.name=t -c user.email=t@t commit -q --allow-empty -m first
    delivery
    expect 0 validate --against main delivery.yml
    says "delivery.yml is no policy: it is compared with nothing"
    says "a valid delivery configuration"
}

@test "without arguments: the policy, and the delivery configuration beside it" {
    delivery 'services: {ledger: {project: fin/core}}'
    expect 0 validate
    says "delivery.yml: a valid delivery configuration"
    says_not "policy"
    printf 'version: 1\ngates: [{name: g, require: [tests.failed == 0]}]\n' > .qgate.yml
    expect 0 validate
    says ".qgate.yml: a valid policy: 1 gate, 1 rule"
    says "delivery.yml: a valid delivery configuration"
    echo 'people: some' >> delivery.yml
    expect 4 validate
    says ".qgate.yml: a valid policy"
    says "delivery.yml:8:9: \`people\` is one of none hashed named, not 'some'"
    echo 'jobs: []' > delivery.yml # of another program
    expect 0 validate
    says_not "delivery"
}

@test "what no version collects yet is said with its place" {
    delivery 'services: {ledger: {project: fin/core}}' 'queries: {}'
    sed -i 's/^sources:.*/sources: {gitlab: {url: "https:\/\/gitlab.example"}, jira: {url: "https:\/\/j", token_env: T}}/' delivery.yml
    expect 0 validate delivery.yml
    says "delivery.yml:6:52: not collected yet: sources.jira"
    says "delivery.yml:8:1: not collected yet: queries"
}

@test "included files: from the folder of the configuration, and none need be there" {
    mkdir -p conf/teams
    delivery 'include: ["teams/*.yml", "teams/p*"]'
    mv delivery.yml conf/
    expect 0 validate conf/delivery.yml
    says "0 teams, 0 services"
    says "conf/delivery.yml:1:1: no service is listed: nothing is measured"

    printf 'version: 1\nteams: {payments: {owns: fin/*}}\nservices: {ledger: {project: fin/core, team: payment}}\n' > conf/teams/payments.yml
    expect 4 validate conf/delivery.yml
    says "conf/teams/payments.yml:3:46: no team is named 'payment'; did you mean 'payments'?"
    says "1 mistake in"

    sed -i 's/payment}/payments}/' conf/teams/payments.yml
    printf 'version: 1\nteams: {cards: {}}\n' > conf/teams/cards.yml
    expect 0 validate conf/delivery.yml
    says "conf/delivery.yml (and 2 files): a valid delivery configuration: 2 teams, 1 service"

    printf 'version: 1\nteams: {payments: {}}\npeople: none\ninclude: x.yml\n' > conf/teams/cards.yml
    expect 4 validate conf/delivery.yml
    says "conf/teams/payments.yml:2:9: the team 'payments' is already there, in conf/teams/cards.yml:2:9"
    says "conf/teams/cards.yml:3:1: unknown key 'people' here: it belongs into the top of the configuration"
    says "conf/teams/cards.yml:4:1: unknown key 'include' here"
}

@test "nothing is included from elsewhere, and nothing is left out unsaid" {
    mkdir -p conf/teams
    for glob in ../other.yml /etc/passwd a/../../b.yml; do
        delivery "include: $glob"
        mv delivery.yml conf/
        expect 4 validate conf/delivery.yml
        says "conf/delivery.yml:7:10: '$glob' leaves the folder of the configuration"
    done
    delivery 'include: "*.yml"'
    expect 4 validate
    says "delivery.yml:7:10: '*.yml' includes the configuration itself"

    delivery 'include: "teams/*.yml"'
    mv delivery.yml conf/
    ln -s /etc/hostname conf/teams/a.yml
    expect 4 validate conf/delivery.yml
    says "conf/delivery.yml:7:10: 'conf/teams/a.yml' leads out of the folder of the configuration"
    (cd conf && expect 4 validate && says "delivery.yml:7:10: 'teams/a.yml' leads out of the repository")
    rm conf/teams/a.yml
    mkfifo conf/teams/a.yml
    expect 4 validate conf/delivery.yml
    says "is not a regular file"
}
