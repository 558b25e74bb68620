#!/bin/sh
# tests/support/teams.sh: makes, in the current directory, core/ (two services of the team payments in one repository, and the
# delivery configuration) and auth/ (one of the team cards), deployed by tags, with fixed dates.
# tests/cli/dora_teams.bats and docs/delivery.md show what qgate says of it.
# shellcheck source=/dev/null
. "$(dirname "$0")/../../fixtures/histories/dates.sh"

# change REPOSITORY FILE MESSAGE: a commit that adds a line to the file.
change() {
    mkdir -p "$1/$(dirname "$2")"
    echo "$3" >> "$1/$2"
    git -C "$1" add "$2"
    git -C "$1" commit -q -m "$3"
}

# release REPOSITORY TAG [COMMIT]
release() {
    git -C "$1" tag -a -m "$2" "$2" "${3:-HEAD}"
}

git init -q -b main core
git init -q -b main auth

at '2027-01-04 08:00'
change core transfers/a 'transfers: begin'
change core ledger/a 'ledger: begin'
release core transfers/v1.0.0
release core ledger/v2.0.0

at '2027-01-18 09:00'; change core transfers/b 'transfers: limits by country'
at '2027-01-19 15:00'; release core transfers/v1.1.0
author Ben ben@example.org
at '2027-01-20 09:00'; change core transfers/c 'transfers: retries'
at '2027-01-21 08:30'; change core ledger/b 'ledger: rounding'
at '2027-01-21 10:00'; release core transfers/v1.2.0
at '2027-01-21 10:47'; release core transfers/v1.1.0-again "$(git -C core rev-parse 'transfers/v1.1.0^0')"
at '2027-01-25 11:00'; change core transfers/c 'transfers: retries, with a limit'
at '2027-01-25 16:00'; release core transfers/v1.2.1
at '2027-01-26 09:00'; release core ledger/v2.1.0
author 'renovate[bot]' renovate@example.org
at '2027-01-28 09:00'; change core transfers/d 'update a library'
author Ada ada@example.org
at '2027-01-29 10:00'; change core transfers/e 'transfers: fees in the receipt'
at '2027-02-02 14:00'; release core transfers/v1.3.0
at '2027-02-03 23:30'; change core transfers/f 'hotfix: receipts of transfers/v1.3.0 are empty'
at '2027-02-04 00:15'; release core transfers/v1.3.1
at '2027-02-08 09:00'; change core transfers/g 'transfers: search'
at '2027-02-10 16:00'; release core transfers/v1.4.0
at '2027-02-11 09:00'; change core ledger/c 'ledger: export'

author Cleo cleo@example.org
at '2027-01-11 09:00'; change auth a 'auth: begin'
at '2027-01-12 09:00'; release auth v5.0.0
at '2027-02-01 09:00'; change auth a 'auth: codes'
at '2027-02-05 09:00'; release auth v5.1.0
at '2027-02-05 10:00'; release auth v5.1.0-restart "$(git -C auth rev-parse 'v5.1.0^0')"

cat > core/delivery.yml << 'END'
version: 1
timezone: Africa/Lagos
repositories:
  fin/payments/core: {url: .}
  fin/cards/auth: {url: ../auth}
  fin/cards/ops: {url: ../ops}
environments:
  production: {tier: production, regions: [eu, af]}
deployments:
  - {tags: "{service}/v*"}
  - {tags: "v*", service: card-auth}
teams:
  payments:
    name: Payments
    owns: ["fin/payments/**"]
    targets:
      - dora.deployment_frequency >= 3/w
      - dora.lead_time.p50 <= 2d
      - {rule: dora.lead_time.p90 <= 4d, why: nobody waits longer than a week}
      - dora.change_fail_rate <= 15%
      - {rule: dora.recovery_time.p50 <= 1h, enforce_from: 2027-07-01}
      - changes.review_reaction.p50 <= 4h
  cards: {name: Cards, owns: ["fin/cards/**"], timezone: Europe/London, targets: [dora.lead_time.p50 <= 5d]}
services:
  transfers: {project: fin/payments/core, paths: ["transfers/**"]}
  ledger: {project: fin/payments/core, paths: ["ledger/**"]}
  card-auth: {project: fin/cards/auth}
  card-ops: {project: fin/cards/ops}
END
