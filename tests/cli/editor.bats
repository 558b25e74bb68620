#!/usr/bin/env bats
# The schemas as editors use them: ajv takes them, and yaml-language-server marks the right lines.

load ../support/common

# What ci/deps.sh test leaves: the modules, or why there are none.
modules() {
    modules=$here/build/editor/node_modules
    schema=$here/schemas/policy.schema.json
    [ ! -e "$here/build/editor/skip" ] || skip "$(cat "$here/build/editor/skip")"
    [ -e "$here/build/editor/installed" ] || {
        cat "$here/build/editor/fail" || echo "no modules in build/editor: run ci/deps.sh test"
        return 1
    }
}

@test "ajv compiles the schema and judges fixtures/policies as python3-jsonschema does" {
    modules
    timeout 60 node "$here/tests/editor/agree.cjs" "$modules" "$schema" "$here/fixtures/policies" | sort > ajv
    timeout 60 python3 "$here/tests/editor/second_opinion.py" "$schema" "$here/fixtures/policies" | sort > python
    grep -q ' valid$' ajv
    grep -q ' invalid$' ajv
    # Two are for the readers of YAML, not for the schema:
    # yaml-escape-sequence: a bare escape character in a comment, which only PyYAML refuses;
    # yaml-nul-byte: the same with a NUL.
    for side in ajv python; do
        grep -vE '^yaml-(escape-sequence|nul-byte) ' "$side" > "$side.compared"
    done
    diff ajv.compared python.compared
}

@test "ajv compiles the schema of delivery configurations and judges fixtures/deliveries the same" {
    modules
    schema=$here/schemas/delivery.schema.json
    timeout 60 node "$here/tests/editor/agree.cjs" "$modules" "$schema" "$here/fixtures/deliveries" | sort > ajv
    timeout 60 python3 "$here/tests/editor/second_opinion.py" "$schema" "$here/fixtures/deliveries" | sort > python
    [ "$(grep -c ' valid$' ajv)" -ge 6 ]
    [ "$(grep -c ' invalid$' ajv)" -ge 140 ]
    diff ajv python
}

@test "ajv compiles the schema of delivery numbers and takes what qgate dora writes" {
    modules
    sh "$here/tests/support/teams.sh" > /dev/null
    mkdir -p numbers/whole numbers/explained numbers/longer
    cd core
    expect 0 dora --as-of 2027-02-14 --output json=../numbers/whole/policy.yml
    expect 0 dora --as-of 2027-02-14 --explain --compat gitlab --output json=../numbers/explained/policy.yml
    jq '.answers[0].rank = 1' ../numbers/whole/policy.yml > ../numbers/longer/policy.yml
    cd ..
    timeout 60 node "$here/tests/editor/agree.cjs" "$modules" "$here/schemas/dora.schema.json" numbers > ajv
    [ "$(cat ajv)" = "explained valid
longer invalid
whole valid" ]
}

@test "yaml-language-server marks the right line of broken policies" {
    modules
    cd "$here/fixtures/policies"
    run timeout 60 node "$here/tests/editor/language_server.mjs" "$modules" "$schema" \
        gate-key-misspelt/policy.yml report-unknown-format/policy.yml waiver-expires-never/policy.yml
    echo "$output"
    [ "$status" -eq 0 ]
    marks=$(echo "$output" | cut -d: -f1,2 | sort)
    [ "$marks" = "gate-key-misspelt/policy.yml:4
report-unknown-format/policy.yml:2
waiver-expires-never/policy.yml:4" ]
}

@test "yaml-language-server marks the right line of broken delivery configurations" {
    modules
    cd "$here/fixtures/deliveries"
    printf 'version: 1\nservices:\n  ledger:\n    project: fin/core\n    pathes: a\n' > "$BATS_TEST_TMPDIR/service.yml"
    printf 'version: 1\nenvironments:\n  live: {tier: production}\n  test: {tier: tests}\n' > "$BATS_TEST_TMPDIR/tier.yml"
    run timeout 60 node "$here/tests/editor/language_server.mjs" "$modules" "$here/schemas/delivery.schema.json" \
        "$BATS_TEST_TMPDIR/service.yml" "$BATS_TEST_TMPDIR/tier.yml" target-of-coverage/delivery.yml
    echo "$output"
    [ "$status" -eq 0 ]
    marks=$(echo "$output" | cut -d: -f1,2 | sed 's|.*/||' | sort)
    [ "$marks" = "delivery.yml:8
service.yml:5
tier.yml:4" ]
}

@test "without a registry there is a reason to skip these tests, and in a pipeline one to fail" {
    mkdir -p ci tests/editor bin
    cp "$here/ci/deps.sh" ci/
    cp "$here"/tests/editor/package*.json tests/editor/
    printf '#!/bin/sh\nexit 1\n' > bin/npm
    chmod +x bin/npm
    PATH=$PWD/bin:$PATH ci/deps.sh test 2> said
    grep -q 'npm could not install tests/editor' said
    cmp build/editor/skip <(sed 's/^deps: //' said)
    [ ! -e build/editor/fail ]

    CI=true PATH=$PWD/bin:$PATH ci/deps.sh test 2> said
    cmp build/editor/fail <(sed 's/^deps: //' said)
    [ ! -e build/editor/skip ]
}
