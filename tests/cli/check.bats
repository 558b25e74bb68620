#!/usr/bin/env bats
# `qgate check`: exit statuses, which reports are found and how they are opened.

load ../support/common

@test "passed, failed, no data, error, wrong policy" {
    policy '{format: junit, path: unit.xml}'
    expect 2 check
    says "unit.xml is not there"
    junit unit.xml
    expect 0 check
    junit unit.xml 2 1
    expect 1 check
    echo '<testsuite>' > unit.xml
    expect 3 check
    says "repair what writes unit.xml"
    sed -i 's/tests.failed/testz.failed/; s/junit/junti/' .qgate.yml
    expect 4 check
    says ".qgate.yml:3:"
    says ".qgate.yml:5:"
    says "qgate: 2 mistakes in .qgate.yml"
    expect 4 validate
    says "2 mistakes"
}

@test "a failed gate outranks a broken report, which outranks a missing one" {
    junit unit.xml 1 1
    echo 'nonsense' > coverage.xml
    policy '{format: junit, path: unit.xml}' '{format: cobertura, path: coverage.xml}' '{format: trivy, path: trivy.json}'
    expect 1 check
    says "nonsense" || says "coverage.xml"
    junit unit.xml 1
    expect 3 check
    rm coverage.xml
    expect 2 check
}

@test "--strict turns a warning into a failure" {
    junit unit.xml 1 1
    cat > .qgate.yml << 'END'
version: 1
reports: [{format: junit, path: unit.xml}]
gates: [{name: unit, warn: [tests.failed == 0]}]
END
    expect 0 check
    expect 1 check --strict
}

@test "--policy is a path from the current directory" {
    mkdir sub
    junit unit.xml
    policy '{format: junit, path: unit.xml}'
    mv .qgate.yml sub/other.yml
    expect 0 check --policy sub/other.yml
    says "sub/other.yml"
    expect 4 check --policy sub/none.yml
    says "cannot be opened"
    says '`qgate init` writes a first one'
    mkfifo pipe.yml
    expect 4 check --policy pipe.yml
    says "not a regular file"
}

@test "validate" {
    junit unit.xml
    policy '{format: junit, path: unit.xml}'
    expect 0 validate
    says "a valid policy: 1 gate, 1 rule"
    expect 0 validate .qgate.yml
    expect 4 validate none.yml
    expect 3 validate --against main
    says "there is no git repository here"
}

@test "an empty source is never a pass: no test, no report, only errors" {
    echo '<testsuite name="a"/>' > unit.xml
    policy '{format: junit, path: unit.xml}'
    sed -i 's/tests.failed == 0/tests.success_rate == 100%/' .qgate.yml
    expect 2 check
    policy '{format: junit, path: "*.nothing"}'
    expect 2 check
    echo '<testsuite name="a" errors="1"><error message="setup"/></testsuite>' > unit.xml
    policy '{format: junit, path: unit.xml}'
    expect 1 check
}

@test "one missing or broken shard of several spoils the rest" {
    junit a.xml
    policy '{format: junit, path: a.xml}' '{format: junit, path: b.xml}'
    expect 2 check
    says "b.xml is not there"
    echo '<testsuite' > b.xml
    expect 3 check
    says "repair what writes b.xml"
    junit b.xml
    expect 0 check
    policy '{format: junit, path: a.xml}' '{format: junit, path: c.xml, optional: true}'
    expect 0 check
}

@test "an optional entry may be absent, not broken" {
    policy '{format: junit, path: unit.xml, optional: true}'
    expect 0 check
    says "not applicable"
    echo '<testsuite>' > unit.xml
    expect 3 check
}

@test "a file matched twice is read once, and said" {
    junit unit.xml 3
    policy '{format: junit, path: unit.xml}' '{format: junit, path: "*.xml"}' '{format: junit, path: ./unit.xml}'
    sed -i 's/tests.failed == 0/tests.total == 3/' .qgate.yml
    expect 0 check
    says "named twice"
    ln -s unit.xml again.xml
    ln unit.xml hard.xml
    expect 0 check
}

@test "the same file may answer under two names" {
    junit unit.xml 3
    policy '{format: junit, path: unit.xml, name: a}' '{format: junit, path: unit.xml, name: b}'
    sed -i 's/tests.failed == 0/tests.total{report="a"} == 3, tests.total == 6/' .qgate.yml
    sed -i "s/require: \[\(.*\), \(.*\)\]/require: ['\1', \2]/" .qgate.yml
    expect 0 check
}

@test "globs: sorted, ** through folders, dot folders only by name" {
    mkdir -p a/b/target .hidden .git2 node_modules/x
    junit a/b/target/TEST-1.xml
    junit .hidden/TEST-2.xml
    junit node_modules/x/TEST-3.xml
    policy '{format: junit, path: "**/TEST-*.xml"}'
    expect 0 check --output json=out.json
    run grep -o '"path": "[^"]*TEST[^"]*"' out.json
    [ "$output" = '"path": "a/b/target/TEST-1.xml"
"path": "node_modules/x/TEST-3.xml"' ]
    policy '{format: junit, path: ".hidden/**/*.xml"}'
    expect 0 check
    policy '{format: junit, path: "a/*/TEST-*.xml"}'
    expect 2 check
}

@test "a policy cannot reach out of the tree" {
    junit ../outside.xml
    mkdir ../away
    junit ../away/x.xml
    ln -s ../outside.xml link.xml
    ln -s "$PWD/../outside.xml" absolute.xml
    ln -s ../away folder
    junit inside.xml
    ln -s inside.xml fine.xml
    for path in link.xml absolute.xml folder/x.xml; do
        policy "{format: junit, path: $path}"
        expect 3 check
        says "$path"
        says "leads out of the repository"
    done
    policy '{format: junit, path: "*.xml"}'
    expect 3 check
    says "absolute.xml"
    policy '{format: junit, path: fine.xml}'
    expect 0 check
    policy '{format: junit, path: ../outside.xml}'
    expect 4 check
}

@test "a directory, FIFO or socket in place of a report is an error and never blocks" {
    mkdir folder
    mkfifo fifo
    policy '{format: junit, path: folder}'
    expect 3 check
    says "is a directory"
    policy '{format: junit, path: fifo}'
    expect 3 check
    says "is a FIFO"
    policy '{format: junit, path: .git/config}'
    run qgate check
    [ "$status" -eq 3 ] || [ "$status" -eq 4 ]
}

@test "10,000 files, and one more" {
    mkdir many
    junit many/00000.xml 1
    for i in {1..9999}; do printf '<testsuite name="s"><testcase name="t%s"/></testsuite>' $i > many/$i.xml; done
    policy '{format: junit, path: "many/*.xml"}'
    sed -i 's/tests.failed == 0/tests.total == 10000/' .qgate.yml
    run timeout 10 "$QGATE" check --quiet
    [ "$status" -eq 0 ]
    cp many/1.xml many/more.xml
    expect 3 check --quiet
    says "more than 10000 files"
}

@test "arguments: any place, format by content, missing is no data, wrong beside reports" {
    mkdir ../elsewhere
    junit ../elsewhere/r.txt 1 1
    expect 1 check "$PWD/../elsewhere/r.txt"
    junit ../elsewhere/r.txt 1
    expect 0 check ../elsewhere/r.txt
    run bash -c "'$QGATE' check - < ../elsewhere/r.txt"
    [ "$status" -eq 0 ]
    expect 2 check ../elsewhere/r.txt nothing.xml
    says "nothing.xml is not there"
    echo 'what is this' > strange.txt
    expect 3 check ../elsewhere/r.txt strange.txt
    policy '{format: junit, path: unit.xml}'
    expect 4 check ../elsewhere/r.txt
    says "names its reports"
}

@test "without a policy: finds reports by itself and says so" {
    expect 2 check
    says "no report was found"
    mkdir -p build/test-results node_modules vendor .qgate
    junit node_modules/TEST-a.xml 0 1
    junit vendor/TEST-b.xml 0 1
    junit .qgate/TEST-c.xml 0 1
    expect 2 check
    junit build/test-results/TEST-d.xml 2
    expect 0 check
    says "qgate:default"
    says "junit 1"
    junit build/test-results/TEST-e.xml 0 1
    expect 1 check
}

@test "without a policy: what git tracks is no report, what cannot be told is said, empty is an error" {
    repository
    junit TEST-tracked.xml 0 1
    git add TEST-tracked.xml
    git commit -q -m report
    expect 2 check
    says "left out what git tracks"
    junit TEST-new.xml
    expect 0 check
    echo '<html/>' > coverage.xml
    expect 0 check
    says "left out coverage.xml"
    : > trivy.json
    expect 3 check
    says "trivy.json"
}

@test "without a policy: reports that no rule judges are no pass" {
    cobertura coverage.xml
    expect 2 check
    says "no rule of qgate:default"
    expect 2 check coverage.xml
    says "no rule of qgate:default"
}

@test "a policy without reports finds them, and misses the ones its rules need" {
    policy
    sed -i '/^reports:/d; s/tests.failed == 0/tests.failed == 0, load.samples >= 1/' .qgate.yml
    junit TEST-a.xml
    expect 2 check
    says "no report here gives load.samples"
    sed -i 's/, load.samples >= 1//' .qgate.yml
    expect 0 check
}

@test "paths of a policy start at the root of the repository" {
    repository
    mkdir -p deep/er
    junit unit.xml
    policy '{format: junit, path: unit.xml}'
    cd deep/er
    expect 0 check
    expect 0 check --output json=here.json
    [ -e here.json ]
    grep -q "\"commit\": \"$(git rev-parse HEAD)\"" here.json
}

@test "repositories that libgit2 cannot look into" {
    git init -q .
    junit unit.xml
    policy '{format: junit, path: unit.xml}'
    expect 0 check
    rm -rf .git
    git init -q --object-format=sha256 . || skip "this git has no SHA-256"
    git -c user.email=a -c user.name=a commit -q --allow-empty -m a
    mkdir sub && cd sub
    expect 0 check
    cd ..
    rm -rf .git
    repository
    git config core.repositoryformatversion 1
    git config extensions.worktreeConfig true
    expect 0 check --output json=out.json
    grep -q "\"commit\": \"$(git rev-parse HEAD)\"" out.json
    mkdir -p sub/.git
    cd sub
    expect 0 check
}

@test "coverage paths are resolved against the files of HEAD" {
    repository
    mkdir -p src/main/shop lib
    touch src/main/shop/fee.c lib/fee.c lib/tax.c
    git add . && git commit -q -m files
    cat > .qgate.yml << 'END'
version: 1
reports: [{format: cobertura, path: "c*.xml"}]
gates: [{name: coverage, require: ['coverage.lines{path="src/main/shop/fee.c"} == 100%', coverage.files == 1]}]
END
    cobertura c1.xml shop/fee.c 0
    cobertura c2.xml /builds/elsewhere/src/main/shop/fee.c 1
    cobertura c3.xml "$PWD/src/main/shop/fee.c" 0
    expect 0 check
    says_not "match"
    sed -i 's/, coverage.files == 1//' .qgate.yml
    cobertura c4.xml fee.c
    expect 2 check
    says "1 of 2 paths match several files of the repository, e.g. fee.c"
    says 'fee.c of the report may be lib/fee.c or src/main/shop/fee.c: say which in `paths.map`'
}

@test "outputs of a policy: inside, never over a tracked file" {
    repository
    junit unit.xml
    policy '{format: junit, path: unit.xml}'
    echo 'outputs: [{format: json, path: out/q.json}]' >> .qgate.yml
    expect 3 check
    says "folder cannot be opened"
    mkdir out
    expect 0 check
    [ -e out/q.json ]
    [ "$(ls -A out)" = q.json ]
    git add -f out/q.json && git commit -q -m q
    expect 4 check
    says "git tracks out/q.json"
    rm -rf out
    git rm -q --cached out/q.json && git commit -q -m r
    mkdir ../away
    ln -s ../away out
    expect 3 check
    [ -z "$(ls -A ../away)" ]
    sed -i 's|out/q.json|../away/q.json|' .qgate.yml
    expect 4 check
}

@test "the same input gives the same bytes" {
    junit TEST-a.xml 3 2
    cobertura coverage.xml
    run qgate check --output json=one.json
    first=$output
    run env LC_ALL=C.UTF-8 TZ=Asia/Tokyo "$QGATE" check --output json=two.json
    [ "$output" = "$first" ]
    cmp one.json two.json
}

@test "without a policy: a report is found under any name by what it holds" {
    mkdir -p out/deep
    echo "<testsuite><testcase name='a'><failure/></testcase></testsuite>" > out/deep/results.xml
    echo '{"name": "shop", "version": "1.0.0"}' > package.json
    echo '<project/>' > pom.xml
    expect 1 check
    says "junit 1"
    says_not "package.json"
    says_not "pom.xml"
}
