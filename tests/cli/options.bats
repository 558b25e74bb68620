#!/usr/bin/env bats
# Options, messages about wrong ones, and what every command prints.

load ../support/common

@test "version and help" {
    expect 0 --version
    [[ "$output" =~ ^qgate\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
    expect 0 --help
    says "check"
    says "Exit status"
    expect 0 check --help
    says "--strict"
    expect 0 read -h
    says "usage: qgate read"
}

@test "no command at all is wrong usage" {
    expect 4
    says "usage: qgate COMMAND"
}

@test "a misspelt command" {
    expect 4 check_
    says "did you mean \`qgate check\`?"
    expect 4 frobnicate
    says "qgate --help"
}


@test "a misspelt option" {
    expect 4 read --jsno x.xml
    says "did you mean --json?"
    expect 4 check -x
    says "no option -x"
}

@test "values of options" {
    expect 4 check --color=maybe
    says 'one of auto|always|never'
    expect 4 check --strict=yes
    says "takes no value"
    expect 4 check --policy
    says "needs a value"
    expect 4 read --format=cobrtura x.xml
    says "did you mean cobertura?"
}

@test "--name=value and --name value are the same, -- ends the options" {
    junit a.xml
    expect 0 read --format junit a.xml
    first=$output
    expect 0 read --format=junit -- a.xml
    [ "$output" = "$first" ]
    expect 3 read -- --json
    says "no such file"
}

@test "a command without arguments takes none" {
    expect 4 formats junit
    says "takes no argument"
    expect 4 read
    says "no report was named"
}

@test "formats, measures and schemas" {
    expect 0 formats
    for format in cobertura junit sonarqube trivy jmeter; do says "$format"; done
    says "10000 report files of one run"
    expect 0 measures
    says "coverage.lines "
    expect 0 measures coverage.lines load.p99
    says "formats   cobertura"
    expect 4 measures coverage.line
    says "did you mean coverage.lines?"
    expect 0 schema verdict
    python3 -c 'import json, sys; json.load(sys.stdin)' <<< "$output"
    expect 4 schema verdit
    says "did you mean verdict?"
}

@test "a stage that no gate has is wrong usage and names the known ones" {
    junit TEST-a.xml
    policy '{format: junit, path: TEST-a.xml}'
    expect 4 check --stage deploy
    says "there are: build"
}

@test "outputs" {
    junit TEST-a.xml
    expect 4 check --output json
    says "FORMAT=PATH"
    expect 4 check --output jsn=x
    says "did you mean json?"
    expect 0 check --output json=a.json --output json=b.json
    cmp a.json b.json
    expect 0 check --output json=-
    [ "$output" = "$(cat a.json)" ]
    expect 3 check --output json=nowhere/x.json
    says "folder cannot be opened"
    [ -z "$(ls -A | grep -v -e a.json -e b.json -e TEST)" ]
}

@test "a wrong SOURCE_DATE_EPOCH is said" {
    SOURCE_DATE_EPOCH=soon expect 4 check
    says "SOURCE_DATE_EPOCH is not a number"
}

@test "a full disk is status 3, a closed pipe is not" {
    [ -e /dev/full ] || skip "no /dev/full here"
    junit a.xml
    run sh -c "'$QGATE' read a.xml > /dev/full"
    [ "$status" -eq 3 ]
    says "standard output cannot be written"
    run bash -c "'$QGATE' measures | true; echo \${PIPESTATUS[0]}"
    [ "$output" = 0 ]
    expect 3 check --output json=/dev/full a.xml
    says "something else than a file"
}
