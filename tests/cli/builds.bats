#!/usr/bin/env bats
# Builds of several parts: services of one repository, shards, retries, formats under one name.

load ../support/common

SERVICES="cart fees ledger mail search web"

# unit FILE PATH [PASSED [FAILED]]: tests that lie in PATH.
unit() {
    local file=$1 path=$2 passed=${3:-2} failed=${4:-0} i
    {
        echo "<testsuite name=\"$path\">"
        for ((i = 1; i <= passed; i++)); do echo "<testcase name=\"passes$i\" file=\"$path/a_test.py\"/>"; done
        for ((i = 1; i <= failed; i++)); do
            echo "<testcase name=\"fails$i\" file=\"$path/a_test.py\"><failure message=\"no\"/></testcase>"
        done
        echo '</testsuite>'
    } > "$file"
}

# trivy FILE TARGET [CRITICAL]: a scan of a lock file with so many critical vulnerabilities.
trivy() {
    local file=$1 target=$2 critical=${3:-0} i list=''
    for ((i = 1; i <= critical; i++)); do
        list+="${list:+,}{\"VulnerabilityID\":\"CVE-2025-$i\",\"PkgName\":\"p$i\",\"InstalledVersion\":\"1\",\"FixedVersion\":\"2\",\"Severity\":\"CRITICAL\"}"
    done
    echo "{\"SchemaVersion\":2,\"ArtifactName\":\".\",\"ArtifactType\":\"filesystem\",\"Results\":[{\"Target\":\"$target\",\"Class\":\"lang-pkgs\",\"Type\":\"npm\",\"Vulnerabilities\":[$list]}]}" > "$file"
}

# Six services, each with code, tests, coverage and a scan; reports in out/.
monorepo() {
    repository
    mkdir out
    {
        echo 'version: 1'
        echo 'components:'
        for s in $SERVICES; do echo "  $s: services/$s/**"; done
        echo 'reports:'
        for s in $SERVICES; do
            echo "  - {format: junit, path: out/$s.xml, name: unit}"
            echo "  - {format: cobertura, path: out/$s-coverage.xml, name: coverage}"
            echo "  - {format: trivy, path: out/$s.json, name: image}"
        done
        echo 'gates:'
        echo '  - name: service'
        echo '    each: component'
        echo '    require:'
        echo '      - tests.failed == 0'
        echo '      - coverage.lines >= 50%'
        echo '      - '"'"'vulnerabilities{severity="critical"} == 0'"'"
        echo '  - name: whole'
        echo '    require: [tests.total >= 12, coverage.files >= 6]'
    } > .qgate.yml
    for s in $SERVICES; do
        mkdir -p "services/$s/src"
        touch "services/$s/src/a.c"
        unit "out/$s.xml" "services/$s"
        cobertura "out/$s-coverage.xml" "src/a.c"
        sed -i "s|<packages>|<sources><source>$PWD/services/$s</source></sources><packages>|" "out/$s-coverage.xml"
        trivy "out/$s.json" "services/$s/package-lock.json"
    done
    git add services .qgate.yml
    git commit -qm services
}

# outcomes GATE: "each outcome" of its rules in v.json, sorted.
outcomes() {
    python3 - "$1" << 'END'
import json, sys
for gate in json.load(open("v.json"))["gates"]:
    if gate["name"] == sys.argv[1]:
        for rule in sorted(gate["rules"], key=lambda r: (r["measure"], r["each"] or "")):
            print(rule["measure"], rule["each"], rule["outcome"], rule["value"] and rule["value"]["text"])
END
}

@test "six services: all is well" {
    monorepo
    expect 0 check --output json=v.json
    says "✓ service"
    run outcomes service
    [ "${#lines[@]}" -eq 18 ]
    says "coverage.lines cart passed 50 %"
    says "coverage.lines web passed 50 %"
    says "tests.failed ledger passed 0"
    says "vulnerabilities mail passed 0"
    run outcomes whole
    says "coverage.files None passed 6"
    says "tests.total None passed 12"
}

@test "six services: each is judged by itself, and named" {
    monorepo
    unit out/mail.xml services/mail 9 1
    trivy out/web.json services/web/package-lock.json 2
    sed -i 's/number="1" hits="1"/number="1" hits="0"/' out/fees-coverage.xml
    expect 1 check --output json=v.json
    run outcomes service
    says "tests.failed mail failed 1"
    says "tests.failed web passed 0"
    says "coverage.lines fees failed 0 %"
    says "coverage.lines cart passed 50 %"
    says "vulnerabilities web failed 2"
    says "vulnerabilities mail passed 0"
    [ "$(grep -c ' failed ' <<< "$output")" -eq 3 ]
}

@test "six services: one report is missing, and nothing that draws on it passes" {
    monorepo
    rm out/ledger-coverage.xml
    expect 2 check --output json=v.json
    says "out/ledger-coverage.xml is not there"
    run outcomes service
    says "coverage.lines ledger no_data"
    says "coverage.lines cart no_data"
    says "tests.failed ledger passed 0"
    unit out/mail.xml services/mail 9 1 # what certainly failed outranks what is not known
    expect 1 check
}

@test "six services: a report of its own name spoils its own rules only" {
    monorepo
    sed -i 's/out\/ledger.xml, name: unit/out\/ledger.xml, name: ledger/' .qgate.yml
    cat >> .qgate.yml << 'END'
  - name: ledger
    require: ['tests.failed{report="ledger"} == 0']
  - name: others
    require: ['tests.failed{report!="ledger"} == 0']
END
    expect 0 check
    rm out/ledger.xml
    expect 2 check --output json=v.json
    run outcomes ledger
    says "no_data"
    run outcomes others
    says "passed 0"
}

@test "six services: what lies in no component counts for the whole" {
    monorepo
    unit out/cart.xml tools 0 1
    cobertura out/cart-coverage.xml tools/gen.c 1
    trivy out/cart.json tools/package-lock.json 1
    cat >> .qgate.yml << 'END'
  - name: all
    require: [tests.failed == 0, coverage.lines >= 50%, vulnerabilities == 0]
  - name: beside
    require: ['tests.failed{component!~".+"} == 0', 'vulnerabilities{component!~".+"} == 0']
END
    expect 1 check --output json=v.json
    run outcomes service
    says "tests.failed cart no_data" # no test of it is listed
    says "coverage.lines cart no_data"
    says_not "failed 1"
    run outcomes all
    says "tests.failed None failed 1"
    says "vulnerabilities None failed 1"
    says "coverage.lines None passed 58.3 %"
    run outcomes beside
    says "tests.failed None failed 1"
    says "vulnerabilities None failed 1"
}

@test "six services: a component that no report speaks of is no data, not passed" {
    monorepo
    sed -i 's/^reports:/  docs: docs\/**\nreports:/' .qgate.yml
    expect 2 check --output json=v.json
    run outcomes service
    says "tests.failed docs no_data"
    says "coverage.lines docs no_data"
}

@test "paths of another checkout are mapped, for components as well" {
    repository
    mkdir -p services/fees/src && touch services/fees/src/a.c
    cat > .qgate.yml << 'END'
version: 1
components: {fees: services/fees/**}
paths: {map: [{from: /app, to: services/fees}]}
reports: [{format: cobertura, path: coverage.xml}, {format: junit, path: unit.xml}, {format: trivy, path: scan.json}]
gates:
  - name: fees
    require: ['coverage.lines{component="fees"} >= 50%', 'tests.total{component="fees"} == 2', 'vulnerabilities{component="fees"} == 1']
END
    git add . && git commit -qm fees
    cobertura coverage.xml /app/src/a.c
    unit unit.xml /app/tests
    trivy scan.json /app/package-lock.json 1
    expect 0 check
    sed -i '/^paths/d' .qgate.yml
    expect 1 check --output json=v.json # none of it lies in the component then
    run outcomes fees
    says "coverage.lines None no_data"
    says "tests.total None failed 0"
    says "vulnerabilities None failed 0"
}

@test "paths that match no file: a warning, no data or nothing" {
    repository
    mkdir src && touch src/a.c
    cat > .qgate.yml << 'END'
version: 1
paths: {unmatched: warn}
reports: [{format: cobertura, path: coverage.xml}, {format: junit, path: unit.xml}]
gates: [{name: unit, require: [{rule: coverage.lines >= 50%, on_missing: pass}, tests.failed == 0]}]
END
    git add . && git commit -qm src
    junit unit.xml
    cobertura coverage.xml gone/b.c
    expect 0 check
    says "1 of 1 path matches no file of the repository, e.g. gone/b.c"
    sed -i 's/warn}/ignore}/' .qgate.yml
    expect 0 check
    says_not "of the repository"
    sed -i 's/unmatched: ignore/unmatched: fail/' .qgate.yml
    expect 2 check --output json=v.json
    says "1 of 1 path matches no file of the repository, e.g. gone/b.c"
    says "say in \`paths.map\` where they lie in the repository"
    run outcomes unit
    says "coverage.lines None no_data"
    says "tests.failed None passed"
    cobertura coverage.xml src/a.c
    expect 0 check
    rm -rf .git # nothing to compare with is no match
    expect 2 check
    says "paths cannot be compared with the files of the repository"
}

# shards COUNT: a policy with one entry a shard, whose reports are there.
shards() {
    local i
    {
        echo 'version: 1'
        echo 'reports:'
        for ((i = 1; i <= $1; i++)); do echo "  - {format: junit, path: shard-$i.xml, name: unit}"; done
        echo 'gates: [{name: unit, require: [tests.failed == 0, tests.total >= 1]}]'
    } > .qgate.yml
    for ((i = 1; i <= $1; i++)); do unit "shard-$i.xml" "part$i" 3; done
}

@test "parallel shards are one source" {
    shards 4
    expect 0 check --output json=v.json
    says "junit 4 files"
    run outcomes unit
    says "tests.total None passed 12"
    unit shard-3.xml part3 2 1
    expect 1 check
    says "1 of 12"
}

@test "a shard that is missing, broken or empty is not passed" {
    shards 4
    rm shard-2.xml
    expect 2 check
    says "shard-2.xml is not there"
    says "look at the job that should leave shard-2.xml"
    unit shard-4.xml part4 0 1
    expect 2 check # what the others say is shown, and judged nowhere
    head -c 60 shard-1.xml > shard-2.xml
    expect 3 check
    says "repair what writes shard-2.xml"
    : > shard-2.xml
    expect 3 check
}

@test "shards by a glob cannot tell that one is missing; one entry each can" {
    shards 2
    sed -i '/shard-2/d; s/shard-1.xml/"shard-*.xml"/' .qgate.yml
    expect 0 check
    rm shard-2.xml
    expect 0 check
    says "junit 1 file"
    shards 2
    rm shard-2.xml
    expect 2 check
}

@test "shards of line coverage are united by line" {
    repository
    mkdir src && touch src/a.c && git add src && git commit -qm src
    cat > .qgate.yml << 'END'
version: 1
reports: [{format: cobertura, path: one.xml}, {format: cobertura, path: two.xml}]
gates: [{name: unit, require: [coverage.lines == 100%, coverage.lines_valid == 2, coverage.files == 1]}]
END
    cobertura one.xml src/a.c 0
    cobertura two.xml "$PWD/src/a.c" 1
    sed -i 's/number="1" hits="1"/number="1" hits="0"/' two.xml
    expect 0 check
}

# rerun FILE OUTCOME…: one test with these outcomes, in this order.
rerun() {
    local file=$1 outcome
    shift
    {
        echo '<testsuite name="s">'
        for outcome; do
            echo "<testcase classname=\"c\" name=\"t\">$([ "$outcome" = ok ] || echo '<failure message="no"/>')</testcase>"
        done
        echo '</testsuite>'
    } > "$file"
}

retries() { # ENTRY…
    {
        echo 'version: 1'
        echo 'reports:'
        printf '  - %s\n' "$@"
        echo 'gates: [{name: unit, require: [tests.failed == 0]}]'
    } > .qgate.yml
}

@test "a retry within a file: every case counts, unless the policy says it is a rerun" {
    retries '{format: junit, path: unit.xml}'
    rerun unit.xml failed ok
    expect 1 check
    says "suspected flaky"
    retries '{format: junit, path: unit.xml, options: {duplicates: reruns}}'
    expect 0 check --output json=v.json
    run outcomes unit
    says "tests.failed None passed 0"
    rerun unit.xml ok failed
    expect 1 check
    rerun unit.xml failed failed
    expect 1 check
}

@test "a retry in a file of its own" {
    retries '{format: junit, path: first.xml}' '{format: junit, path: second.xml}'
    rerun first.xml failed
    rerun second.xml ok
    expect 1 check
    says "suspected flaky"
    retries '{format: junit, path: first.xml, options: {duplicates: reruns}}' \
        '{format: junit, path: second.xml, options: {duplicates: reruns}}'
    expect 1 check # no order of files says which run was the last: the failure stays
    rerun first.xml ok
    rerun second.xml failed
    expect 1 check
    retries '{format: junit, path: first.xml}' # only the one that counts
    expect 0 check
}

@test "two formats under one name are two sources" {
    cat > .qgate.yml << 'END'
version: 1
reports: [{format: junit, path: unit.xml, name: build}, {format: cobertura, path: coverage.xml, name: build}]
gates:
  - name: build
    require: ['tests.failed{report="build"} == 0', 'coverage.lines{report="build"} >= 50%', 'tests.total{report="build", format="junit"} >= 1']
END
    junit unit.xml
    cobertura coverage.xml
    expect 0 check
    rm coverage.xml
    expect 2 check --output json=v.json
    run outcomes build
    says "coverage.lines None no_data"
    says "tests.failed None passed 0"
}

@test "a file that is matched twice is read once" {
    cat > .qgate.yml << 'END'
version: 1
reports: [{format: junit, path: "out/*.xml"}, {format: junit, path: out/a.xml}, {format: junit, path: ./out//b.xml}]
gates: [{name: unit, require: [tests.total == 4]}]
END
    mkdir out
    junit out/a.xml
    junit out/b.xml
    expect 0 check
    says "out/a.xml is named twice and was read once"
    ln out/a.xml out/c.xml # another name of the same file
    expect 0 check
    rm out/c.xml
    cp out/a.xml out/c.xml # another file
    expect 1 check
    says "6"
}

@test "a file under two names is two sources" {
    cat > .qgate.yml << 'END'
version: 1
reports: [{format: junit, path: a.xml, name: one}, {format: junit, path: a.xml, name: two}]
gates: [{name: unit, require: ['tests.total{report="one"} == 2', 'tests.total{report="two"} == 2', tests.total == 4]}]
END
    junit a.xml
    expect 0 check
}

@test "a tracked report among others says nothing without leave" {
    repository
    shards 2
    git add shard-2.xml && git commit -qm tracked
    expect 2 check --output json=v.json
    says "git tracks shard-2.xml"
    sed -i 's/shard-2.xml, /shard-2.xml, tracked: true, /' .qgate.yml
    expect 0 check
    git rm -q --cached shard-2.xml && git commit -qm untracked
    sed -i 's/, tracked: true//' .qgate.yml
    expect 0 check
}

@test "a report in a component speaks of it, whatever its tests and findings say of their paths" {
    mkdir -p services/cart/build services/stock/build
    echo "<testsuite name='s'><testcase name='x'/></testsuite>" > services/cart/build/tests.xml
    echo "<testsuite name='s'><testcase name='y'><failure/></testcase></testsuite>" > services/stock/build/tests.xml
    cp "$here"/fixtures/trivy/image-schema-2/report.json services/cart/build/trivy.json
    cp "$here"/fixtures/trivy/clean-image/report.json services/stock/build/trivy.json
    printf 'timeStamp,elapsed,label,success\n1000,10,a,true\n' > services/cart/build/load.jtl
    printf 'timeStamp,elapsed,label,success\n1000,10,a,false\n' > services/stock/build/load.jtl
    cat > .qgate.yml << 'YML'
version: 1
components: {cart: services/cart/**, stock: services/stock/**}
reports:
  - {format: junit, path: "services/*/build/tests.xml"}
  - {format: trivy, path: "services/*/build/trivy.json"}
  - {format: jmeter, path: "services/*/build/load.jtl"}
gates:
  - name: each
    each: component
    require: [tests.failed == 0, 'vulnerabilities{severity="critical", fixable="yes"} == 0', load.errors == 0]
YML
    expect 1 check --output json=v.json
    for wanted in "tests.failed == 0 stock failed" "tests.failed == 0 cart passed" \
        'vulnerabilities{severity="critical", fixable="yes"} == 0 cart failed' \
        'vulnerabilities{severity="critical", fixable="yes"} == 0 stock passed' \
        "load.errors == 0 stock failed" "load.errors == 0 cart passed"; do
        jq -r '.gates[0].rules[] | "\(.rule) \(.each) \(.outcome)"' v.json | grep -Fx -- "$wanted"
    done
    rm services/stock/build/trivy.json
    expect 1 check --output json=v.json # nobody examined it: no data, not 0
    jq -e '.gates[0].rules[] | select(.each == "stock" and .measure == "vulnerabilities") | .outcome == "no_data"' v.json
}
