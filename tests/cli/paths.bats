#!/usr/bin/env bats
# Paths of reports and paths of the repository: what is said when they do not go together.

load ../support/common

# coverage FILE [SOURCE_FILE…]: each with two lines, the first covered.
coverage() {
    local report=$1
    shift
    {
        echo '<coverage><packages><package name="p"><classes>'
        for file; do
            echo "<class name=\"A\" filename=\"$file\"><lines><line number=\"1\" hits=\"1\"/><line number=\"2\" hits=\"0\"/></lines></class>"
        done
        echo '</classes></package></packages></coverage>'
    } > "$report"
}

# A Java project with the policy on stdin, whose report names files from the source folder on, an old copy
# of one of them, and a branch that changes it.
shop() {
    repository
    mkdir -p src/main/java/payments old/payments
    for name in Fee Tax Sum; do
        printf 'class %s {}\n' $name > src/main/java/payments/$name.java
    done
    cp src/main/java/payments/Fee.java old/payments/Fee.java
    cat > .qgate.yml
    git add . && git commit -qm shop
    git checkout -qb feature
    printf 'class Fee {\n}\n' > src/main/java/payments/Fee.java
    git commit -qam fee
    coverage coverage.xml payments/Fee.java payments/Tax.java payments/Sum.java
}

@test "a changed file that the report may mean: no data, and the map rule that repairs it" {
    shop << 'END'
version: 1
reports: [{format: cobertura, path: coverage.xml}]
gates: [{name: unit, require: [new(coverage.lines) >= 50%]}]
END
    expect 2 check --target main
    says "1 of 1 changed source file is in no coverage report"
    says "src/main/java/payments/Fee.java  a report says payments/Fee.java"
    says 'with this rule all 3 files match: paths: {map: [{from: "payments/", to:'
    says '"src/main/java/payments/"}]}'
    git checkout -q main
    echo 'paths: {map: [{from: "payments/", to: "src/main/java/payments/"}]}' >> .qgate.yml
    git commit -qam map
    git checkout -q feature
    git merge -q main
    expect 0 check --target main
    says "passed    1 gate"
}

@test "a component that the change does not touch needs no report" {
    shop << 'END'
version: 1
components: {payments: src/main/**, old: old/**}
reports: [{format: cobertura, path: coverage.xml}]
gates: [{name: unit, require: [{rule: coverage.lines >= 50%, each: component}]}]
END
    coverage coverage.xml src/main/java/payments/Fee.java
    expect 0 check --target main --verbose
    says "this change does not touch it, and no report is about it"
    echo >> old/payments/Fee.java
    expect 2 check --target main
    says "no source file is listed"
}

@test "explain paths: what matches, what does not and why, a rule, and what a report must list" {
    shop << 'END'
version: 1
reports: [{format: cobertura, path: coverage.xml}, {format: junit, path: gone.xml}]
gates: [{name: unit, require: [new(coverage.lines) >= 50%]}]
END
    mkdir tests && echo 'class T {}' > tests/FeeTest.java && echo hello > README.md
    git add . && git commit -qm more
    coverage coverage.xml payments/Fee.java payments/Tax.java payments/Sum.java /usr/lib/X.java /usr/lib/fee/Tax.java
    expect 0 explain paths
    says "reports     of .qgate.yml of the work tree"
    says "matched     2 of 5 paths of coverage reports are files of the repository"
    says "ambiguous   1 path may be several files, and is taken for none"
    says "may be src/main/java/payments/Fee.java, old/payments/Fee.java"
    says "unmatched   2 paths are no files of the repository"
    [[ "$output" =~ /usr/lib/X.java\ +no\ file\ of\ the\ repository\ has\ this\ name ]]
    [[ "$output" =~ /usr/lib/fee/Tax.java\ +the\ nearest\ is\ src/main/java/payments/Tax.java ]]
    says "proposed    with this rule in .qgate.yml 3 of 5 files match:"
    says '            paths: {map: [{from: "payments/", to: "src/main/java/payments/"}]}'
    says "1 of 4 changed files must be in a report"
    [[ "$output" =~ README.md\ +need\ not\ be:\ no\ report\ lists\ files\ of\ its\ kind ]]
    [[ "$output" =~ payments/Fee.java\ +is\ in\ no\ report:\ one\ says\ payments/Fee.java ]]
    [[ "$output" =~ tests/FeeTest.java\ +need\ not\ be:\ it\ looks\ like\ a\ test ]]
    says_not gone.xml # no coverage
    # the rule does what it says, and one that leads nowhere is named
    echo 'paths: {map: [{from: "payments/", to: "src/main/java/payments/"}, {from: /usr/lib, to: lib}], sources: ["src/**"]}' >> .qgate.yml
    expect 0 explain paths
    says "matched     3 of 5 paths"
    says_not "ambiguous"
    says '`paths.map` makes it lib/X.java, which is no file'
    says "what \`paths.sources\` names"
    [[ "$output" =~ payments/Fee.java\ +is\ in\ cobertura ]]
    [[ "$output" =~ README.md\ +need\ not\ be:\ \`paths.sources\`\ does\ not\ name\ it ]]
}

@test "explain paths: reports that are named, that are not there, and a place without a repository" {
    coverage coverage.xml src/a.c
    expect 0 explain paths
    says "matched     no git repository is here"
    says "it is not known what changed"
    shop << 'END'
version: 1
reports: [{format: cobertura, path: other.xml}]
gates: [{name: unit, require: [coverage.lines >= 50%]}]
END
    expect 0 explain paths
    [[ "$output" =~ other.xml\ +is\ not\ there ]]
    expect 0 explain paths coverage.xml
    says "matched     2 of 3 paths"
    echo '<coverage>' > coverage.xml
    expect 0 explain paths coverage.xml
    says "cannot be read"
    echo 'version: 2' > .qgate.yml
    expect 4 explain paths
}

@test "explain paths: file names that would paint the terminal" {
    repository
    local esc=$'\033[31m'
    mkdir -p "src/$esc" old && touch "src/$esc/Fee.java" "src/$esc/Tax.java" old/Fee.java
    git add . && git commit -qm files
    coverage coverage.xml "p/Fee.java" "p/Tax.java" "/x/&#x202e;/Fee.java"
    expect 0 explain paths coverage.xml
    says 'with this rule'
    says_not $'\033'
    says_not $'\u202e'
}
