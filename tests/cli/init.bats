#!/usr/bin/env bats
# `qgate init`: a first policy that passes now and cannot get worse.

load ../support/common

# The policy loads, passes now, and holds TEXT….
starts_with() {
    expect 0 validate
    expect 0 check
    local text
    for text in "$@"; do
        grep -qF -- "$text" .qgate.yml || {
            echo "missing: $text"
            cat .qgate.yml
            return 1
        }
    done
}

demo() {
    mkdir -p build
    cp "$here"/tests/demo/"$1"/* build/
    mv build/image.json build/trivy.json
    mv build/tests.xml build/junit.xml
}

@test "each format alone: loads and passes" {
    demo passing
    local file
    for file in build/*; do
        expect 0 init --force "$file"
        says "at today's values"
        starts_with "path: $file}"
    done
}

@test "all formats together, passing and failing: loads and passes" {
    for kind in passing failing; do
        demo "$kind"
        expect 0 init --force
        says "4 gates"
        starts_with "- {format: cobertura, path: build/coverage.xml}" "name: unit test" "name: load test"
    done
    starts_with "- tests.failed <= 2" "# today 2" "- tests.total >= 13" "- coverage.lines >= 79.5%" \
        "- 'vulnerabilities{severity=\"critical\"}"
}

@test "every readable report of the fixtures begins a policy that passes, or says that it demands nothing" {
    local file
    for file in "$here"/fixtures/{cobertura,junit,sonarqube,trivy,jmeter}/*/report.*; do
        cp "$file" .
        run qgate init --force "${file##*/}"
        case $status in
            0) qgate check > said 2>&1 || { echo "$file"; cat .qgate.yml said; false; } ;;
            2 | 3) [ ! -e .qgate.yml ] || { echo "$file"; false; } ;;
            *) echo "$file: $status $output"; false ;;
        esac
        rm -f .qgate.yml report.*
    done
}

@test "it cannot get worse" {
    junit unit.xml 10 2
    cobertura coverage.xml src/a.c 1
    expect 0 init unit.xml coverage.xml
    starts_with "tests.total >= 12" "tests.failed <= 2" "coverage.lines >= 100%"
    junit unit.xml 9 3
    expect 1 check
    says "tests.failed <= 2"
    junit unit.xml 9 2
    expect 1 check
    says "tests.total >= 12"
    junit unit.xml 11 1
    expect 0 check
    cobertura coverage.xml src/a.c 0
    expect 1 check
}

@test "tests that are all skipped are worse than today, and no beginning" {
    junit unit.xml 2 1
    expect 0 init unit.xml
    starts_with "tests.total >= 3" "tests.failed <= 1" "tests.skipped == 0"
    echo '<testsuite name="a">' > unit.xml
    for name in a b c; do echo "<testcase name=\"$name\"><skipped/></testcase>"; done >> unit.xml
    echo '</testsuite>' >> unit.xml
    expect 1 check
    says "run these 3 skipped tests"

    rm .qgate.yml
    expect 2 init unit.xml
    says "nothing can be demanded of these reports"
    cobertura coverage.xml
    expect 0 init unit.xml coverage.xml
    says "3 tests, none passed"
    starts_with "path: unit.xml" "coverage.lines >= 50%"
    ! grep -q tests .qgate.yml || { cat .qgate.yml; false; }
}

@test "thresholds are rounded away from today's value, never across it" {
    {
        echo '<coverage><packages><package name="p"><classes><class name="A" filename="a.c"><lines>'
        for i in {1..3}; do echo "<line number=\"$i\" hits=\"$((i < 3))\"/>"; done
        echo '</lines></class></classes></package></packages></coverage>'
    } > coverage.xml
    expect 0 init coverage.xml
    starts_with "coverage.lines >= 66.6%  # today 66.7 % (2 of 3)"
}

@test "never over a file that is there, without --force" {
    junit unit.xml
    echo mine > .qgate.yml
    expect 4 init unit.xml
    says "is there already"
    [ "$(cat .qgate.yml)" = mine ]
    expect 0 init --force unit.xml
    starts_with "tests.total"
    rm .qgate.yml
    ln -s nowhere .qgate.yml
    expect 4 init unit.xml
    expect 3 init --force unit.xml
    [ -L .qgate.yml ] && [ ! -e nowhere ]
    rm .qgate.yml
    mkdir .qgate.yml
    expect 3 init --force unit.xml
    [ -z "$(find . -name '*.tmp')" ]
}

@test "several files of one format in a folder become a glob, when nothing else matches it" {
    mkdir -p a b c
    junit a/TEST-1.xml
    junit a/TEST-2.xml
    junit b/one-junit.xml
    junit b/two-junit.xml
    junit c/junit1.xml
    junit c/junit2.xml
    cobertura c/other.xml
    expect 0 init
    says "12 tests, none failed, together"
    starts_with "path: 'a/TEST-*.xml'}  # today 2 files" "path: 'b/*.xml'}" "path: 'c/junit*.xml'}"
    rm -r .qgate.yml a b c
    mkdir c
    junit c/junit-a.xml
    junit c/junit-b.xml
    echo '<testsuite' > c/junit-broken.xml
    expect 0 init
    says "left out    junit"
    says "c/junit-broken.xml"
    starts_with "path: c/junit-a.xml}" "path: c/junit-b.xml}"
}

@test "a monorepo: one glob for folders that differ in one part" {
    for part in a b c; do
        mkdir -p "services/$part/build"
        cobertura "services/$part/build/coverage.xml" "services/$part/a.c"
        junit "services/$part/build/TEST-1.xml"
        junit "services/$part/build/TEST-2.xml"
    done
    expect 0 init
    starts_with "path: 'services/*/build/coverage.xml'}" "path: 'services/*/build/TEST-*.xml'}  # today 6 files"
}

@test ".gitlab-ci.yml: reports, paths, anchors, tags; what is not here is a comment" {
    mkdir out
    junit out/results.xml 3
    cat > .gitlab-ci.yml << 'END'
.base: &base
  image: x
  artifacts: &kept
    paths: [build/load.jtl, bin/, $OTHER/trivy.json, ../away/trivy.json]
test:
  <<: *base
  script: [make, !reference [.base, image]]
  artifacts:
    <<: *kept
    when: always
    reports:
      junit: [out/results.xml, "out/more-*.xml"]
      coverage_report: {coverage_format: cobertura, path: $CI_PROJECT_DIR/build/cov.xml}
      dotenv: x.env
END
    expect 0 init
    says "looked at   .gitlab-ci.yml (names 4 reports)"
    says "3 tests, none failed"
    says "in .gitlab-ci.yml: left as a comment"
    starts_with "- {format: junit, path: out/results.xml}" "# - {format: cobertura, path: build/cov.xml}" \
        "# - {format: junit, path: 'out/more-*.xml'}" "# - {format: jmeter, path: build/load.jtl}"
    says_not "away"
}

@test "a pipeline file that cannot be read is said, and everything else goes on" {
    junit unit-junit.xml
    printf 'test: [a, b\n' > .gitlab-ci.yml
    expect 0 init
    says ".gitlab-ci.yml, which cannot be read (line 1:"
    starts_with "path: unit-junit.xml}"
    mkdir x && cd x || return
    rm ../.gitlab-ci.yml ../.qgate.yml
    mkdir .gitlab-ci.yml
    junit a-junit.xml
    expect 0 init
    says "which cannot be read (is a directory, not a file)"
}

@test "what git tracks is not found; given, it is marked as tracked" {
    repository
    junit tracked-junit.xml
    git add . && git commit -q -m reports
    expect 2 init
    says "no report was found"
    [ ! -e .qgate.yml ]
    expect 0 init tracked-junit.xml
    starts_with "path: tracked-junit.xml, tracked: true}"
}

@test "paths begin at the root of the repository, wherever it is called" {
    repository
    mkdir sub
    junit sub/x.xml
    cd sub || return
    expect 0 init x.xml ./x.xml "$PWD/x.xml"
    cd ..
    starts_with "path: sub/x.xml}"
    junit ../outside.xml
    expect 4 init --force ../outside.xml
    says "lies outside"
}

@test "names that mean something in YAML and in globs" {
    for name in 'a b.xml' "it's.xml" 'x: y.xml' '#1.xml' '[1].xml' 'a*b.xml' '{a}.xml' '- a.xml' 'null' 'é.xml'; do
        junit "$name"
        expect 0 init --force -- "$name"
        starts_with "tests.total >= 2"
    done
    junit $'new\nline-junit.xml'
    expect 3 init --force $'new\nline-junit.xml'
    says "no policy can name"
}

@test "a report that is given must be readable" {
    expect 3 init none.xml
    echo '<testsuite>' > broken.xml
    expect 3 init broken.xml
    junit unit.xml
    policy '{format: junit, path: unit.xml}'
    expect 0 check --output json=qgate.json
    rm .qgate.yml
    expect 4 init qgate.json
    says "is a verdict of qgate"
    [ ! -e .qgate.yml ]
    expect 0 init unit.xml
    says_not "qgate.json"
}

@test "nothing there, nothing in it, a folder that cannot be written" {
    expect 2 init
    says "run the tests first"
    echo '<coverage><packages/></coverage>' > coverage.xml
    expect 2 init
    says "nothing can be demanded"
    [ ! -e .qgate.yml ]
}

@test "the same bytes for the same reports" {
    demo passing
    expect 0 init
    cp .qgate.yml first.yml
    TZ=Asia/Tokyo LC_ALL=C expect 0 init --force
    cmp first.yml .qgate.yml
}
