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
