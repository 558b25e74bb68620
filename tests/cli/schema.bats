#!/usr/bin/env bats
# The schemas of policies and delivery configurations: each takes what the loader takes, refuses what it can see, and knows
# every key.

load ../support/common

@test "the schema and the loader agree on fixtures/policies" {
    run python3 "$here/tests/support/check_policies.py" "$here/schemas/policy.schema.json" "$here/fixtures/policies"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "the schema and the loader agree on fixtures/deliveries" {
    run python3 "$here/tests/support/check_policies.py" "$here/schemas/delivery.schema.json" "$here/fixtures/deliveries"
    echo "$output"
    [ "$status" -eq 0 ]
}

@test "the schemas have the keys of the loader, and no others" {
    for language in policy delivery; do
        qgate schema "$language" | jq -r '.. | .properties? // empty | keys[]' | sort -u > known
        qgate schema --scd "$language" | sed -n 's/^\*\(.*\)\*.*/\1/p' | sed 's/.*\.//; s/\\\(.\)/\1/g' | sort -u > keys
        [ "$(wc -l < keys)" -gt 20 ]
        [ "$language" = policy ] || printf '%s\n' any each enforce_from on_missing rule tolerance why >> keys # of rules
        diff <(sort -u keys) known
    done
}

@test "the schema knows every format that qgate reads" {
    qgate formats | sed -n '/^$/q; s/^\([a-z][a-z]*\) .*/\1/p' > formats
    [ -s formats ]
    while read -r format; do
        grep -q "\"$format\"" "$here/schemas/policy.schema.json" || {
            echo "missing: $format"
            return 1
        }
    done < formats
}

@test "the schema knows every output that qgate writes" {
    qgate formats | sed -n '/^outputs:/,/^$/s/^  \([a-z]*\) .*/\1/p' > outputs
    [ "$(wc -l < outputs)" -ge 9 ]
    jq -r '.properties.outputs.items.properties.format.enum[]' "$here/schemas/policy.schema.json" > known
    [ -z "$(grep -vxFf known outputs)" ]
}

@test "the ready-made policies load and are valid" {
    for name in default service library strict; do
        mkdir -p "ready/$name"
        cp "$here/gates/policies/$name.yml" "ready/$name/policy.yml"
        echo ok > "ready/$name/expected"
        expect 0 validate "$here/gates/policies/$name.yml"
    done
    run python3 "$here/tests/support/check_policies.py" "$here/schemas/policy.schema.json" ready
    echo "$output"
    [ "$status" -eq 0 ]
}
