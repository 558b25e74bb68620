#!/bin/sh
# tests/support/estate.sh: makes, in the current directory, what a company has: core/ (two services in one repository, the
# delivery configuration), auth/ and login/ (a service each), clusters/ (the GitOps repository). Dates are
# fixed. tests/cli/delivery.bats counts what is here.
# shellcheck source=/dev/null
. "$(dirname "$0")/../../fixtures/histories/dates.sh"

# change REPOSITORY FILE MESSAGE: a commit that adds a line to the file.
change() {
    mkdir -p "$1/$(dirname "$2")"
    echo "$3" >> "$1/$2"
    git -C "$1" add "$2"
    git -C "$1" commit -q -m "$3"
}

# release REPOSITORY TAG
release() {
    git -C "$1" tag -a -m "$2" "$2"
}

# kustomize SERVICE ENVIRONMENT REGION VERSION [REPLICAS]
kustomize() {
    folder=clusters/apps/$1/overlays/$2-$3
    mkdir -p "$folder"
    printf 'images:\n  - name: registry.example/%s\n    newTag: "%s"\nreplicas: %s\n' "$1" "$4" "${5:-2}" > "$folder/kustomization.yaml"
}

# cards ENVIRONMENT REGION: the versions stand in $auth, $ops and $risk.
cards() {
    mkdir -p "clusters/cards/$1/$2"
    {
        printf 'card-auth:\n  image: {repository: registry.example/auth, tag: "%s"}\n' "$auth"
        printf 'card-ops:\n  image:\n    tag: %s\n' "$ops"
        printf 'risk: {image: {tag: %s}}\n' "$risk"
    } > "clusters/cards/$1/$2/values.yaml"
}

# chart ENVIRONMENT REGION VERSION: of login.
chart() {
    mkdir -p "clusters/platform/$1/$2"
    printf 'apiVersion: v2\ndependencies:\n  - {name: login, version: %s, repository: https://charts.example}\n' "$3" \
        > "clusters/platform/$1/$2/Chart.yaml"
}

# deploy TIME MESSAGE: all that was written of clusters.
deploy() {
    at "$1"
    git -C clusters add -A
    git -C clusters commit -q -m "$2"
}

for repository in core auth login clusters; do
    git init -q -b main $repository
done

# --- core: ledger and fees, and a library of both ---------------------------------------------------

at '2027-02-20 09:00'
change core services/ledger/a begin
change core services/fees/a begin
change core libs/money/a begin
release core ledger/v1.0.0
release core fees/v1.0.0

at '2027-03-01 08:00'
git -C core checkout -q -b totals
change core services/ledger/b 'ledger: totals'
git -C core checkout -q main
at '2027-03-01 12:00'
git -C core merge -q --no-ff -m "Merge branch 'totals' into 'main'

See merge request fin/payments/core!1" totals
at '2027-03-01 13:00'
release core ledger/v1.1.0

author Ben ben@example.org
at '2027-03-02 08:00'
change core services/fees/b 'fees: rates'
at '2027-03-02 10:00'
release core fees/v1.1.0

at '2027-03-03 08:00'
change core libs/money/b 'money: rounding'
at '2027-03-03 09:00'
release core ledger/v1.2.0

author Ada ada@example.org
at '2027-03-08 07:00'
change core services/ledger/c 'hotfix: ledger 1.1.0 adds twice'
at '2027-03-08 08:00'
release core ledger/v1.2.1

author Ben ben@example.org
at '2027-03-10 12:00'
change core services/fees/c 'fees: table of countries'
release core fees/v1.2.0
at '2027-03-26 12:00'
change core services/fees/d 'fees: nobody has this yet'
author 'renovate[bot]' renovate@example.org
at '2027-03-27 12:00'
change core services/ledger/d 'update a library'

# --- auth: the commit stands in the version; login: the build records it ----------------------------

author Cleo cleo@example.org
at '2027-02-20 09:00'
change auth a begin
one=$(git -C auth rev-parse HEAD)
at '2027-03-04 09:00'
change auth a 'auth: limits'
two=$(git -C auth rev-parse HEAD)
at '2027-03-20 09:00'
change auth a 'auth: codes'
three=$(git -C auth rev-parse HEAD)

author Dana dana@example.org
at '2027-02-20 09:00'
change login a begin
at '2027-03-09 09:00'
change login a 'login: sessions'
at '2027-03-23 09:00'
change login a 'login: keys'

# --- clusters: what runs where ----------------------------------------------------------------------

author argocd-image-updater updater@example.org
kustomize ledger staging eu 1.0.0
for region in eu af; do
    kustomize ledger production $region 1.0.0
    kustomize fees production $region 1.0.0
    auth=1.3-$(echo "$one" | cut -c 1-7) ops=3.0 risk=1
    cards production $region
    chart production $region 7.0.0
done
deploy '2027-02-21 10:00' 'what runs already'

author Ada ada@example.org
kustomize ledger staging eu 1.1.0
deploy '2027-03-01 13:30' 'ledger 1.1.0 in staging'
kustomize ledger production eu 1.1.0
deploy '2027-03-01 14:00' 'ledger 1.1.0 in eu'
kustomize ledger production af 1.1.0
deploy '2027-03-01 15:00' 'ledger 1.1.0 in af'

for region in eu af; do kustomize fees production $region 1.1.0; done
deploy '2027-03-02 11:00' 'fees 1.1.0'

for region in eu af; do kustomize ledger production $region 1.2.0; done
deploy '2027-03-03 10:00' 'ledger 1.2.0'
at '2027-03-03 10:30'
git -C clusters revert --no-edit HEAD > /dev/null

for region in eu af; do kustomize ledger production $region 1.1.0 4; done
deploy '2027-03-04 09:00' 'ledger: more of it'

for region in eu af; do
    auth=1.4-$(echo "$two" | cut -c 1-7) ops=3.1 risk=2
    cards production $region
done
deploy '2027-03-04 23:30' 'cards'

for region in eu af; do kustomize ledger production $region 1.2.1; done
deploy '2027-03-08 09:00' 'ledger 1.2.1'

for region in eu af; do chart production $region 7.1.0; done
deploy '2027-03-09 12:00' 'login 7.1.0'

for region in eu af; do kustomize fees production $region 1.2.0; done
deploy '2027-03-10 23:30' 'fees 1.2.0'

for region in eu af; do
    auth=1.5-$(echo "$three" | cut -c 1-7)
    cards production $region
done
deploy '2027-03-20 12:00' 'card-auth 1.5'

for region in eu af; do chart production $region 7.2.0; done
deploy '2027-03-23 12:00' 'login 7.2.0'

# --- the configuration --------------------------------------------------------------------------------

cat > core/delivery.yml << END
version: 1
timezone: Africa/Lagos
repositories:
  clusters: {url: ../clusters}
  fin/payments/core: {url: .}
  fin/cards/auth: {url: ../auth}
  platform/login: {url: ../login}
environments:
  staging: {tier: staging, regions: [eu]}
  production: {tier: production, regions: [eu, af]}
deployments:
  - repository: clusters
    file: "apps/{service}/overlays/{environment}-{region}/kustomization.yaml"
    select: "images[name=*/{service}].newTag"
  - repository: clusters
    file: "cards/{environment}/{region}/values.yaml"
    select: "{service}.image.tag"
  - repository: clusters
    file: "platform/{environment}/{region}/Chart.yaml"
    select: "dependencies[name={service}].version"
teams:
  payments: {name: Payments, owns: ["fin/payments/**"]}
  cards: {name: Cards, owns: ["fin/cards/**"], timezone: Europe/London}
  identity: {name: Identity, owns: ["platform/**"]}
services:
  ledger:
    project: fin/payments/core
    paths: ["services/ledger/**", "libs/money/**"]
    version: [{tag: "ledger/v{version}"}]
  fees:
    project: fin/payments/core
    paths: ["services/fees/**", "libs/money/**"]
    version: [{tag: "fees/v{version}"}]
  card-auth: {project: fin/cards/auth}
  card-ops: {project: fin/cards/auth}
  login:
    project: platform/login
    version: [{recorded: true}]
    team: [{name: cards, until: 2027-03-14}, {name: identity}]
END
