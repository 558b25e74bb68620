#!/usr/bin/env bats
# The schema of policies as editors use it: ajv takes it, and yaml-language-server marks the right lines with it.

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
    # Three are for the readers of YAML, not for the schema: bare control bytes and a tag of one's own.
    for side in ajv python; do
        grep -vE '^yaml-(escape-sequence|nul-byte|own-tag) ' "$side" > "$side.compared"
    done
    diff ajv.compared python.compared
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
