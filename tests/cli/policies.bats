#!/usr/bin/env bats
# What a policy is made of: what it extends, the floor under it, waivers.

load ../support/common

# file PATH: its text from stdin, the directory made.
file() {
    mkdir -p "$(dirname "$1")"
    cat > "$1"
}

# gate FILE NAME RULE…: a policy with one gate.
gate() {
    local path=$1 name=$2
    shift 2
    {
        echo 'version: 1'
        echo "gates: [{name: $name, require: [$(IFS=,; echo "$*")]}]"
    } | file "$path"
}

# extend NAME…: .qgate.yml that extends them and reads unit.xml.
extend() {
    {
        echo 'version: 1'
        echo "extends: [$(IFS=,; echo "$*")]"
        echo 'reports: [{format: junit, path: unit.xml}]'
    } > .qgate.yml
}

refuses() { # MESSAGE, of check and of validate
    expect 4 validate
    says "$1"
    expect 4 check
    says "$1"
}

@test "a file of the repository, a ready-made and a site policy add up, and are named with their digests" {
    junit unit.xml 2 0
    gate ci/base.yml base 'tests.failed == 0'
    gate "$QGATE_SITE_DIR/policies/bank.yml" bank 'tests.total >= 1'
    extend qgate:library ci/base.yml site:bank
    expect 0 validate
    says ".qgate.yml + qgate:library + ci/base.yml + site:bank: a valid policy: "
    run qgate check --output json=v.json --verbose
    says "policy .qgate.yml + qgate:library + ci/base.yml + site:bank"
    says "$(sha256sum ci/base.yml | cut -c 1-16)"
    run python3 -c '
import json
for o in json.load(open("v.json"))["policy"]["origins"]: print(o["role"], o["name"], o["sha256"])'
    says "extends qgate:library "
    says "extends ci/base.yml $(sha256sum ci/base.yml | cut -c 1-64)"
    says "extends site:bank $(sha256sum "$QGATE_SITE_DIR/policies/bank.yml" | cut -c 1-64)"
    junit unit.xml 2 1
    expect 1 check
}

@test "every ready-made policy judges tests, and wants its other reports" {
    for name in service library strict; do
        extend "qgate:$name"
        junit unit.xml 2 1
        expect 1 check
        says "policy .qgate.yml + qgate:$name"
        says "make this test pass"
        junit unit.xml 2 0
        expect 2 check
        says "unit test"
    done
}

@test "qgate:service has two stages" {
    extend qgate:service
    junit unit.xml 1 0
    expect 2 check --stage deploy
    says "functional test"
    says "stage build, not judged here"
    expect 4 check --stage deplyo
    says "there are: build deploy"
}

@test "a policy is extended from the root, wherever the command runs" {
    repository
    junit unit.xml 1 1
    gate ci/base.yml base 'tests.failed == 0'
    extend ci/base.yml
    mkdir sub
    cd sub
    expect 1 check
    expect 0 validate
    extend ci/base.yml && mv .qgate.yml other.yml # names of files begin at the root here as well
    expect 0 validate other.yml
    expect 1 check --policy other.yml
}

@test "what is extended and is not there" {
    extend ci/none.yml
    refuses ".qgate.yml:2:11: 'ci/none.yml' is not there"
    extend qgate:servce
    refuses ".qgate.yml:2:11: there is no ready-made policy 'qgate:servce'; did you mean 'service'?"
    extend site:bank
    refuses ".qgate.yml:2:11: 'site:bank' is not there"
    extend site:../../etc/passwd
    refuses "one word: site:NAME"
}

@test "a cycle is an error where it closes" {
    extend ci/a.yml
    echo 'version: 1
extends: ci/b.yml' | file ci/a.yml
    echo 'version: 1
extends: [ci/../ci/a.yml]' | file ci/b.yml
    refuses "ci/b.yml:2:11: 'ci/a.yml' extends itself, by way of ci/b.yml"
    extend .qgate.yml
    refuses ".qgate.yml:2:11: '.qgate.yml' extends itself, by way of .qgate.yml"
}

@test "no way out of the repository" {
    gate ../outside.yml outside 'tests.failed == 0'
    junit unit.xml
    mkdir ci
    extend ../outside.yml
    refuses ".qgate.yml:2:11: '../outside.yml' leaves the repository"
    extend ci/../../outside.yml
    refuses "leaves the repository"
    extend "$(realpath ../outside.yml)"
    refuses "is absolute"
    extend .git/config
    refuses "git's own directory"
    ln -s ../../outside.yml ci/link.yml
    extend ci/link.yml
    refuses ".qgate.yml:2:11: 'ci/link.yml' leads out of the repository"
    ln -s "$(realpath ..)" ci/dir
    extend ci/dir/outside.yml
    refuses "'ci/dir/outside.yml' leads out of the repository"
    ln -s link-a ci/link-b && ln -s link-b ci/link-a
    extend ci/link-a
    refuses ".qgate.yml:2:11: "
    gate ci/base.yml base 'tests.failed == 0'
    ln -s base.yml ci/inside.yml # a link that stays inside is followed
    extend ci/inside.yml
    expect 0 check
}

@test "only regular files are policies" {
    mkdir -p ci/dir.yml
    extend ci/dir.yml
    refuses ".qgate.yml:2:11: 'ci/dir.yml' is not a regular file"
    mkfifo ci/fifo.yml
    extend ci/fifo.yml
    refuses "'ci/fifo.yml' is not a regular file"
    head -c 1100000 /dev/zero | tr '\0' '#' > ci/large.yml
    extend ci/large.yml
    refuses "ci/large.yml"
}

@test "a site policy cannot be given a file by the repository" {
    gate ci/base.yml base 'tests.failed == 0'
    echo 'version: 1
extends: ci/base.yml' | file "$QGATE_SITE_DIR/policies/bank.yml"
    extend site:bank
    refuses "site:bank:2:10: a site policy cannot extend a file of the repository"
}

@test "a locked gate can be tightened and nothing else, and both places are named" {
    junit unit.xml 9 1
    file ci/base.yml << 'END'
version: 1
gates:
  - {name: unit, locked: true, require: [tests.success_rate >= 90%]}
END
    extend ci/base.yml
    expect 0 check
    file more << 'END'
gates:
  - {name: unit, require: [tests.success_rate >= 95%]}
END
    cat more >> .qgate.yml
    expect 1 check
    sed -i 's/95%/80%/' .qgate.yml
    refuses ".qgate.yml:5:28: the gate 'unit' is locked: this loosens the rule in ci/base.yml:3:42"
    for loosening in 'when: {branch: never}' 'stage: never' 'enforce_from: 2999-01-01' 'each: suite' 'locked: false'; do
        extend ci/base.yml
        echo "gates: [{name: unit, $loosening, require: [tests.total >= 1]}]" >> .qgate.yml
        refuses "the gate 'unit' is locked in ci/base.yml:3:5"
    done
    for loosening in 'on_missing: pass' 'tolerance: 20%'; do
        extend ci/base.yml
        echo "gates: [{name: unit, require: [{rule: tests.success_rate >= 90%, $loosening}]}]" >> .qgate.yml
        refuses "this loosens the rule in ci/base.yml:3:42"
    done
    extend ci/base.yml
    echo 'waivers: [{gate: unit, reason: r, owner: o, expires: 2025-12-31}]' >> .qgate.yml
    refuses ".qgate.yml:4:11: the gate 'unit' is locked in ci/base.yml:3:5: nothing waives it"
}

@test "a waiver of a finding does not reach a locked gate" {
    junit unit.xml 2 1
    echo 'version: 1
reports: [{format: junit, path: unit.xml}]
gates: [{name: unit, locked: true, require: [tests.failed == 0]}]
waivers: [{id: fails1, reason: r, owner: o, expires: 2025-12-31}]' > .qgate.yml
    expect 1 check
    sed -i 's/locked: true, //' .qgate.yml
    expect 0 check
}

# --- the floor

@test "a floor by option, by variable, of the site: the first of these" {
    junit unit.xml 1 0
    policy '{format: junit, path: unit.xml}'
    gate "$QGATE_SITE_DIR/floor.yml" site 'tests.total >= 2'
    expect 1 check
    says "policy .qgate.yml + floor $QGATE_SITE_DIR/floor.yml"
    gate variable.yml variable 'tests.total >= 1'
    export QGATE_FLOOR=variable.yml
    expect 0 check
    says "+ floor variable.yml"
    gate option.yml option 'tests.total >= 3'
    expect 1 check --floor option.yml --output json=v.json
    says "+ floor option.yml"
    says_not "variable.yml"
    run python3 -c 'import json; print(json.load(open("v.json"))["policy"]["origins"])'
    says "'role': 'floor', 'name': 'option.yml', 'sha256': '$(sha256sum option.yml | cut -c 1-64)'"
    expect 0 validate --floor option.yml
    says ".qgate.yml + floor option.yml: a valid policy: 2 gates"
    QGATE_FLOOR='' expect 1 check # not set
    says "$QGATE_SITE_DIR/floor.yml"
}

@test "a floor lies under the default policy, too" {
    junit TEST-unit.xml 1 0
    gate floor.yml floor 'secrets == 0'
    expect 0 check
    expect 2 check --floor floor.yml
    says "qgate:default"
    says "+ floor floor.yml"
    expect 0 validate --floor floor.yml
    says "qgate:default + floor floor.yml"
}

@test "a floor that cannot be used is never left out" {
    junit unit.xml
    policy '{format: junit, path: unit.xml}'
    for command in check validate; do
        expect 4 $command --floor none.yml
        says "none.yml: the floor cannot be opened"
        QGATE_FLOOR=none.yml expect 4 $command
        expect 4 $command --floor .
        says "the floor is not a regular file"
        echo 'version: 1
gates: [{name: floor, require: [testz.failed == 0]}]' > wrong.yml
        expect 4 $command --floor wrong.yml
        says "wrong.yml:2:33: "
        : > wrong.yml
        expect 4 $command --floor wrong.yml
        mkdir -p "$QGATE_SITE_DIR/floor.yml"
        expect 4 $command
        says "$QGATE_SITE_DIR/floor.yml: the floor is not a regular file"
        rmdir "$QGATE_SITE_DIR/floor.yml"
        ln -s nowhere "$QGATE_SITE_DIR/floor.yml"
        expect 4 $command
        says "$QGATE_SITE_DIR/floor.yml: the floor cannot be opened"
        rm "$QGATE_SITE_DIR/floor.yml"
        expect 0 $command
    done
}

@test "what a floor cannot hold is said, with the place" {
    policy '{format: junit, path: unit.xml}'
    file floor.yml << 'END'
version: 1
reports: [{format: junit, path: unit.xml}]
paths: {ignore: "gen/**"}
gates: [{name: floor, require: [tests.failed == 0]}]
waivers: [{id: CVE-1, reason: r, owner: o, expires: 2025-12-31}]
outputs: [{format: json, path: v.json}]
END
    expect 4 validate --floor floor.yml
    says "floor.yml:2:33: a floor names no reports"
    says "floor.yml:1:1: a floor has no \`paths\`"
    says "floor.yml:5:11: a floor holds no waivers"
    says "floor.yml:6:11: a floor names no outputs"
    says "4 mistakes in floor.yml"
    gate ci/base.yml base 'tests.failed == 0'
    echo 'version: 1
extends: ci/base.yml' > floor.yml
    expect 4 validate --floor floor.yml
    says "floor.yml:2:10: a floor cannot extend 'ci/base.yml': it is of the repository"
    gate "$QGATE_SITE_DIR/policies/bank.yml" bank 'tests.total >= 7'
    echo 'version: 1
extends: site:bank' > floor.yml
    junit unit.xml 6
    expect 1 check --floor floor.yml
    says "+ floor floor.yml + floor site:bank"
}

# under FLOOR_RULE LINE…: a floor with that rule, and a policy that tries to get under it.
under() {
    gate floor.yml unit "$1"
    shift
    printf '%s\n' 'version: 1' "$@" > .qgate.yml
}

@test "no way under a floor: a gate of its name, looser, elsewhere, later" {
    repository
    junit unit.xml 2 1
    reports='reports: [{format: junit, path: unit.xml}]'
    for gate in 'require: [tests.failed <= 9]' 'warn: [tests.failed == 0]' \
        'enforce_from: 2999-01-01, require: [tests.failed == 0]' \
        'when: {branch: never}, require: [tests.failed == 0]' \
        'require: [{rule: tests.failed <= 0, tolerance: 9}]'; do
        under 'tests.failed == 0' "$reports" "gates: [{name: unit, $gate}]"
        expect 0 check
        expect 1 check --floor floor.yml
    done
    under 'tests.failed == 0' "$reports" 'gates: [{name: unit, stage: deploy, require: [tests.failed <= 9]}]'
    expect 1 check --floor floor.yml # `build` is the floor's stage
}

@test "no way under a floor: waivers" {
    junit unit.xml 2 1
    for waiver in 'gate: unit' 'id: fails1' "id: '*', gate: unit" 'id: shop.Fee.fails1, measure: tests.failed'; do
        under 'tests.failed == 0' 'reports: [{format: junit, path: unit.xml}]' \
            'gates: [{name: unit, require: [tests.failed == 0]}]' \
            "waivers: [{$waiver, reason: r, owner: o, expires: 2025-12-31}]"
        expect 0 check
        expect 1 check --floor floor.yml
        mv .qgate.yml both.yml
        sed '/^waivers/d' both.yml > .qgate.yml
        grep '^waivers' both.yml | sed 's/^waivers: //' > waivers.yml
        QGATE_WAIVERS=waivers.yml expect 0 check
        QGATE_WAIVERS=waivers.yml expect 1 check --floor floor.yml
    done
}

@test "no way under a floor: ignored paths" {
    cobertura coverage.xml src/a.c
    under 'coverage.lines >= 60%' 'reports: [{format: cobertura, path: coverage.xml}]' \
        'paths: {ignore: "src/**"}' 'gates: [{name: unit, require: [coverage.files == 0]}]'
    expect 0 check
    expect 1 check --floor floor.yml
    says "50 % (1 of 2)"
}

@test "no way under a floor: optional reports and on_missing" {
    junit unit.xml
    under 'secrets == 0' 'reports:' '  - {format: junit, path: unit.xml}' \
        '  - {format: trivy, path: trivy.json, optional: true}' \
        'gates: [{name: unit, require: [{rule: secrets == 0, on_missing: pass}, tests.failed == 0]}]'
    expect 0 check
    expect 2 check --floor floor.yml
    says "trivy.json is not there"
    sed -i 's/, optional: true//' .qgate.yml
    expect 2 check --floor floor.yml
    sed -i '/trivy.json/d' .qgate.yml # not even named
    expect 0 check
    expect 2 check --floor floor.yml
    says "no report here gives secrets"
}

@test "no way under a floor: one optional shard among others" {
    junit a.xml
    under 'tests.failed == 0' 'reports:' '  - {format: junit, path: a.xml}' \
        '  - {format: junit, path: b.xml, optional: true}' \
        'gates: [{name: unit, require: [tests.failed == 0]}]'
    expect 0 check
    expect 2 check --floor floor.yml
    says "b.xml is not there"
    junit b.xml
    expect 0 check --floor floor.yml
}

@test "a floor's own conditions are its own" {
    junit unit.xml 1 1
    policy '{format: junit, path: unit.xml}'
    sed -i 's/== 0/<= 9/' .qgate.yml
    repository
    for gate in 'when: {branch: release}' 'enforce_from: 2999-01-01'; do
        echo "version: 1
gates: [{name: floor, $gate, require: [tests.failed == 0]}]" > floor.yml
        expect 0 check --floor floor.yml
    done
    echo 'version: 1
gates: [{name: floor, stage: deploy, require: [tests.failed == 0]}]' > floor.yml
    expect 0 check --floor floor.yml
    expect 1 check --floor floor.yml --stage deploy # a stage that only the floor has
}

# --- waivers

# waive LINE…: a policy whose one test fails and is waived by these.
waive() {
    junit unit.xml 2 1
    {
        echo 'version: 1'
        echo 'reports: [{format: junit, path: unit.xml}]'
        echo 'gates: [{name: unit, require: [tests.failed == 0]}]'
        echo 'waivers:'
        printf '  %s\n' "$@"
    } > .qgate.yml
}

@test "a waiver counts through its last day" {
    waive '- {id: fails1, reason: r, owner: o, expires: 2025-12-01}'
    expect 0 check
    says "waived"
    [[ "$output" =~ "~ waiver of fails1 (.qgate.yml:5, o)  "\ *"  expires today" ]]
    waive '- {id: fails1, reason: r, owner: o, expires: 2025-11-30}'
    expect 1 check
    says "expired 1 day ago and does not count"
    expect 0 validate
}

@test "a waiver that ends soon is named" {
    for end in '2025-12-02 in 1 day' '2025-12-15 in 14 days'; do
        waive "- {id: fails1, reason: r, owner: o, expires: ${end%% *}}"
        expect 0 check
        [[ "$output" =~ "~ waiver of fails1 (.qgate.yml:5, o)  "\ *"  expires ${end#* }" ]]
    done
    waive '- {id: fails1, reason: r, owner: o, expires: 2025-12-16}'
    expect 0 check
    says_not "waiver of fails1"
}

@test "max_days counts from the day of judging" {
    waive 'max_days: 30' 'entries: [{id: fails1, reason: r, owner: o, expires: 2025-12-31}]'
    expect 0 check
    waive 'max_days: 29' 'entries: [{id: fails1, reason: r, owner: o, expires: 2025-12-31}]'
    expect 1 check
    says "max_days"
    expect 0 validate
    waive '- {id: fails1, reason: r, owner: o, expires: 2025-12-31}'
    echo 'version: 1
waivers: {max_days: 29}
gates: [{name: floor, require: [tests.total >= 1]}]' > floor.yml
    expect 0 check
    expect 1 check --floor floor.yml # the floor's bounds the project's
}

@test "a waiver that waives nothing is a warning, or fails" {
    waive '- {id: fails1, reason: r, owner: o, expires: 2025-12-31}' '- {id: other, reason: r, owner: o, expires: 2025-12-31}'
    expect 0 check
    says "waiver of other"
    waive 'unused: fail' 'entries: [{id: fails1, reason: r, owner: o, expires: 2025-12-31}, {id: other, reason: r, owner: o, expires: 2025-12-31}]'
    expect 1 check
    says "a waiver waives nothing"
}

@test "files of waivers lie in the repository" {
    echo '- {id: fails1, reason: r, owner: o, expires: 2025-12-31}' | file ci/waivers.yml
    waive 'files: ci/waivers.yml'
    expect 0 check
    says "waived"
    waive 'files: [ci/none.yml]'
    refuses ".qgate.yml:5:11: 'ci/none.yml' is not there"
    ln -s "$BATS_TEST_TMPDIR/work/../outside.yml" ci/link.yml
    cp ci/waivers.yml ../outside.yml
    waive 'files: [ci/link.yml]'
    refuses ".qgate.yml:5:11: 'ci/link.yml' leads out of the repository"
    waive 'files: [../outside.yml]'
    refuses "leaves the repository"
}

@test "QGATE_WAIVERS adds waivers, and every output names it" {
    policy '{format: junit, path: unit.xml}'
    junit unit.xml 2 1
    echo '- {id: fails1, reason: incident 7, owner: platform, expires: 2025-12-02}' > ../waivers.yml
    expect 1 check
    export QGATE_WAIVERS=$BATS_TEST_TMPDIR/waivers.yml
    expect 0 check --output json=v.json
    says "waivers   1 added by QGATE_WAIVERS: $QGATE_WAIVERS"
    expect 0 check --quiet
    says "1 added by QGATE_WAIVERS"
    run python3 -c '
import json
v = json.load(open("v.json"))
print([o["role"] for o in v["policy"]["origins"]], [w["from_environment"] for w in v["waivers"]])'
    says "['waivers'] [True]"
    expect 0 validate
    echo '{entries: [{id: fails1, reason: r, owner: o}]}' > ../waivers.yml
    refuses "$QGATE_WAIVERS:1:12: "
    rm ../waivers.yml
    refuses "$QGATE_WAIVERS: the file of QGATE_WAIVERS cannot be opened"
}
