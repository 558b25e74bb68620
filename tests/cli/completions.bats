#!/usr/bin/env bats
# `qgate completion`: the shells themselves say what they make of it.

load ../support/common

# $1: the line so far; prints the candidates.
in_bash() {
    "$QGATE" completion bash > qgate.bash
    bash --norc -c '
        source ./qgate.bash
        COMP_WORDS=()
        for word in $1; do
            [[ $word == --*=* ]] && COMP_WORDS+=("${word%%=*}" = ${word#*=}) || COMP_WORDS+=("$word")
        done
        [[ $1 != *" " ]] || COMP_WORDS+=("")
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _qgate
        printf "%s\n" "${COMPREPLY[@]}"
    ' complete "$1" | sort
}

in_zsh() {
    mkdir -p functions
    "$QGATE" completion zsh > functions/_qgate
    zsh -f "$BATS_TEST_DIRNAME/../support/complete.zsh" functions "$1"
}

in_fish() {
    "$QGATE" completion fish > qgate.fish
    fish --no-config -c 'source qgate.fish; complete -C $argv[1]' "$1" | cut -f 1 | sort
}

@test "bash: commands, options, values, measures" {
    [ "$(in_bash 'qgate ch')" = check ]
    [ "$(in_bash 'qgate check --co')" = --color ]
    [ "$(in_bash 'qgate check --color ')" = $'always\nauto\nnever' ]
    [ "$(in_bash 'qgate check --color=al')" = always ]
    [ "$(in_bash 'qgate check --output js')" = json= ]
    [ "$(in_bash 'qgate read --format co')" = cobertura ]
    [ "$(in_bash 'qgate explain tests.fail')" = $'tests.failed\ntests.failures' ]
    [ "$(in_bash 'qgate completion f')" = fish ]
    [ "$(in_bash 'qgate init --deliv')" = --delivery ]
}

@test "bash: files where there is nothing else, by readline" {
    [ -z "$(in_bash 'qgate check ')" ]
    run bash --norc -c 'source ./qgate.bash; complete -p qgate'
    [ "$output" = "complete -o default -F _qgate qgate" ]
}

@test "zsh: commands, options, values, measures, files" {
    needs_terminal
    touch 'a report.xml'
    [ "$(in_zsh 'qgate ch')" = 'qgate check ' ]
    [ "$(in_zsh 'qgate check --co')" = 'qgate check --color=' ]
    [ "$(in_zsh 'qgate check --color=al')" = 'qgate check --color=always ' ]
    [ "$(in_zsh 'qgate check --output js')" = 'qgate check --output json=' ]
    [ "$(in_zsh 'qgate check --output json=a')" = 'qgate check --output json=a\ report.xml ' ]
    [ "$(in_zsh 'qgate read --format co')" = 'qgate read --format cobertura ' ]
    [ "$(in_zsh 'qgate explain tests.fla')" = 'qgate explain tests.flaky ' ]
    [ "$(in_zsh 'qgate explain a')" = 'qgate explain a\ report.xml ' ]
    [ "$(in_zsh 'qgate check a')" = 'qgate check a\ report.xml ' ]
    [ "$(in_zsh 'qgate completion f')" = 'qgate completion fish ' ]
}

@test "fish: commands, options, values, measures, files" {
    touch 'a report.xml'
    [ "$(in_fish 'qgate ch')" = check ]
    [ "$(in_fish 'qgate check --co')" = --color ]
    [ "$(in_fish 'qgate check --color ')" = $'always\nauto\nnever' ]
    [ "$(in_fish 'qgate check --output js')" = json= ]
    [ "$(in_fish 'qgate read --format co')" = cobertura ]
    [ "$(in_fish 'qgate explain tests.fail')" = $'tests.failed\ntests.failures' ]
    [ "$(in_fish 'qgate check a')" = 'a report.xml' ]
    [ "$(in_fish 'qgate check --output json=a')" = 'json=a report.xml' ]
    [ "$(in_fish 'qgate completion f')" = fish ]
}

@test "a shell that is not known is wrong usage" {
    expect 4 completion tcsh
    says "there are: bash, zsh, fish"
}
