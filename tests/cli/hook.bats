#!/usr/bin/env bats
# The pre-push hook, with real pushes to a repository on disk.

load ../support/common

hook=.git/hooks/pre-push

# A repository with a policy and an origin that has its main.
project() {
    git init -q --bare -b main ../origin.git
    repository
    mkdir src
    echo 'int fee(void);' > src/fee.c
    policy '{format: junit, path: build/unit.xml}'
    echo build/ > .gitignore
    git add . && git commit -qm files
    git remote add origin ../origin.git
    git push -q origin main
    git remote set-head origin main
    mkdir build
}

# change BRANCH: a new branch with one commit.
change() {
    git checkout -q -b "$1" 2> /dev/null || git checkout -q "$1"
    echo "/* $1 */" >> src/fee.c
    git commit -qam "$1"
}

# push STATUS ARGUMENT…: what git and its hook say in $output.
push() {
    local wanted=$1
    shift
    run timeout 60 git push "$@"
    [ "$status" -eq "$wanted" ] || {
        echo "git push $*: exit $status, expected $wanted"
        echo "$output"
        return 1
    }
}

# has REF: the origin has it, at what is pushed.
has() {
    [ "$(git -C ../origin.git rev-parse -q --verify "refs/heads/$1")" = "$(git rev-parse "${2:-HEAD}")" ]
}

@test "a push that would fail is stopped, one that passes goes" {
    project
    expect 0 hook install
    change feature
    junit build/unit.xml 3 1
    push 1 origin feature
    [[ "$output" =~ qgate:\ 1\ gate\ judged\ against\ origin/main\ in\ [0-9.]+\ s ]]
    says "  ✗ tests.failed == 0                       1 of 4: make this test pass"
    says "push stopped. qgate check --target origin/main shows all; git push --no-verify pushes anyway"
    ! has feature
    push 0 --no-verify origin feature
    has feature
    change feature
    junit build/unit.xml 3 1
    QGATE_SKIP_HOOK=1 push 0 origin feature
    says_not qgate
    has feature
    change feature
    junit build/unit.xml 3
    push 0 origin feature
    says "judged against origin/feature in"
    says_not "✗"
    has feature
}

@test "each branch is judged against its own; deletions and tags are not" {
    project
    expect 0 hook install
    change one
    junit build/unit.xml 3 1
    git tag v1
    push 0 origin v1
    says_not qgate
    push 0 --no-verify origin one
    push 0 origin :one
    says_not qgate
    push 1 origin one one:again
    [ "$(grep -c 'judged against' <<< "$output")" -eq 2 ]
    # the reports are about what is checked out
    git checkout -q main
    push 0 origin one
    says "? one is not what is checked out: not judged (CI will)"
    # main itself, against origin's
    change main
    junit build/unit.xml 3 1
    push 1 origin main
    says "judged against origin/main in"
}

@test "the policy of the target judges, not that of the branch" {
    project
    expect 0 hook install
    change feature
    sed -i 's/tests.failed == 0/tests.failed <= 9/' .qgate.yml
    git commit -qam loose
    junit build/unit.xml 3 1
    push 1 origin feature
    says "✗ tests.failed == 0"
}

@test "what is missing, broken or wrong does not stop a push, and is said" {
    project
    expect 0 hook install
    change feature
    push 0 origin feature
    says "qgate: 0 gates judged against origin/main"
    says "? build/unit.xml is not there: not judged (CI will)"
    change feature
    echo '<testsuite' > build/unit.xml
    push 0 origin feature
    says "? build/unit.xml cannot be read: not judged (CI will)"
    git checkout -q main
    echo 'gates: 7' >> .qgate.yml
    git commit -qam broken
    push 0 origin main
    change other
    junit build/unit.xml 1 1
    push 0 origin other
    says "? .qgate.yml of origin/main"
    says "has mistakes (qgate validate): not judged (CI will)"
    has other
}

@test "a report that is older than the change says nothing" {
    project
    expect 0 hook install
    cat > .qgate.yml << 'END'
version: 1
reports:
  - {format: junit, path: build/unit.xml}
  - {format: cobertura, path: build/coverage.xml}
gates:
  - {name: unit, require: [tests.failed == 0]}
  - {name: coverage, require: [coverage.lines >= 100%, diff.files <= 9]}
END
    git commit -qam policy && git push -q --no-verify origin main
    junit build/unit.xml 3 1
    cobertura build/coverage.xml src/fee.c 0
    touch -d '2026-01-01' build/unit.xml build/coverage.xml
    touch -d '2026-01-02' src/fee.c
    git checkout -q -b feature
    echo more > README.md && git add . && git commit -qm readme
    touch -d '2026-01-02' README.md
    # README.md is newer than both; the coverage report does not speak of it
    push 1 origin feature
    says "qgate: 1 gate judged against origin/main"
    says "✗ coverage.lines >= 100%"
    says "? build/unit.xml is older than your change of README.md: not judged (CI will)"
    says_not "tests.failed"
    echo '/* more */' >> src/fee.c
    git commit -qam fee
    push 0 origin feature
    says "? build/coverage.xml is older than your change of src/fee.c: not judged (CI will)"
    says "qgate: 1 gate judged" # diff.files needs no report
    # written anew
    change feature
    cobertura build/coverage.xml src/fee.c 0
    junit build/unit.xml 3
    push 1 origin feature
    says "qgate: 2 gates judged against origin/feature"
    says "✗ coverage.lines >= 100%"
    # a file that it would have to list
    echo 'int tax(void);' > src/tax.c
    touch -d '2099-01-01' src/tax.c
    git add . && git commit -qm tax
    push 0 origin feature
    says "? build/coverage.xml is older than your change of src/tax.c: not judged (CI will)"
}

@test "a shallow clone that does not show the base: said, and pushed" {
    project
    change main && change main
    git push -q origin main
    cd .. && git clone -q --depth 1 "file://$PWD/origin.git" shallow 2> /dev/null && cd shallow
    git config user.email a@example.org && git config user.name a
    expect 0 hook install
    sed -i 's/tests.failed == 0/diff.lines <= 1000/' .qgate.yml
    git commit -qam policy
    git push -q --no-verify origin main
    git fetch -q --depth=1 origin
    echo more >> src/fee.c && git commit -qam more
    push 0 origin main
    says "judged against origin/main"
}

@test "install: twice is once, uninstall leaves nothing" {
    project
    ls .git/hooks > before
    expect 0 hook status
    says "not there"
    expect 0 hook install
    says "wrote"
    [ -x $hook ]
    cp -p $hook ../first
    expect 0 hook install
    says "is there"
    cmp $hook ../first
    expect 0 hook status
    says "installed   $PWD/$hook"
    expect 0 hook uninstall
    ls .git/hooks | cmp - before
    expect 0 hook uninstall
    says "nothing to remove"
    # a folder that is not there yet, another version, a lost bit
    rm -r .git/hooks
    expect 0 hook install
    sed -i 's/QGATE_SKIP_HOOK/QGATE_SKIP/' $hook
    expect 0 hook status
    says "by another qgate"
    expect 0 hook install
    cmp $hook ../first
    chmod -x $hook
    expect 0 hook install
    [ -x $hook ]
}

@test "a hook that is there runs first, with all that git says, and comes back byte for byte" {
    project
    printf '#!/bin/sh\n# mine\ncat > got-first\necho "$@" > got-arguments\nexit ${FIRST:-0}\n' > $hook
    chmod 750 $hook
    touch -d 2001-01-01 $hook
    cp -p $hook ../mine
    expect 0 hook install
    says "pre-push.before-qgate, which was there before"
    expect 0 hook install
    expect 0 hook status
    says "pre-push.before-qgate"
    change feature
    junit build/unit.xml 3 1
    push 1 origin feature
    says "✗ tests.failed == 0"
    [ "$(cat got-first)" = "refs/heads/feature $(git rev-parse HEAD) refs/heads/feature 0000000000000000000000000000000000000000" ]
    [ "$(cat got-arguments)" = "origin ../origin.git" ]
    # it can stop the push too, and then nothing is judged
    FIRST=3 push 1 origin feature
    says_not qgate
    QGATE_SKIP_HOOK=1 push 0 origin feature
    expect 0 hook uninstall
    says "the one before it is back"
    cmp $hook ../mine
    [ "$(stat -c '%a %Y' $hook)" = "$(stat -c '%a %Y' ../mine)" ]
    [ ! -e $hook.before-qgate ]
    # a link is moved like a file
    ln -sf ../../src/fee.c $hook
    expect 0 hook install
    [ -L $hook.before-qgate ]
    expect 0 hook uninstall
    [ "$(readlink $hook)" = ../../src/fee.c ]
}

@test "two hooks that are not qgate's: nothing is lost" {
    project
    expect 0 hook install
    echo '#!/bin/sh' > $hook
    echo '#!/bin/sh' > $hook.before-qgate
    expect 4 hook install
    says "pre-push is not qgate's, and pre-push.before-qgate is there too"
    expect 0 hook uninstall
    [ -e $hook ] && [ -e $hook.before-qgate ]
}

@test "a hooks path elsewhere is refused, with the line to add by hand" {
    project
    mkdir -p .husky "$HOME/hooks"
    for path in .husky "$HOME/hooks" '~/hooks' /dev/null ''; do
        git config core.hooksPath "$path"
        expect 4 hook install
        says "outside of this repository's git directory (core.hooksPath)"
        says 'by hand: qgate hook run "$@" || exit 1'
        expect 4 hook uninstall
        says 'remove this line from'
        expect 0 hook status
        says "not there"
    done
    git config --unset core.hooksPath
    git config --global core.hooksPath "$HOME/hooks" # the user's counts as well
    expect 4 hook install
    says "$HOME/hooks/pre-push by hand"
    git config --global --unset core.hooksPath
    # a folder of git's that is a link
    rm -r .git/hooks && ln -s "$HOME/hooks" .git/hooks
    expect 4 hook install
    [ -z "$(ls "$HOME/hooks")" ]
    rm .git/hooks
    git config core.hooksPath .git/own
    expect 0 hook install
    [ -x .git/own/pre-push ]
    # by hand
    git config core.hooksPath .husky
    printf '#!/bin/sh\n%s hook run "$@" || exit 1\n' "$QGATE" > .husky/pre-push
    chmod +x .husky/pre-push
    change feature
    junit build/unit.xml 3 1
    push 1 origin feature
    says "✗ tests.failed == 0"
    sed -i "s|^.* hook run|qgate hook run|" .husky/pre-push
    expect 0 hook status
    says "installed   $PWD/.husky/pre-push, by hand"
}

@test "work trees share one hook" {
    project
    git worktree add -q ../beside -b feature
    cd ../beside
    expect 0 hook install
    says "/work/.git/hooks/pre-push"
    echo '/* more */' >> src/fee.c && git commit -qam more
    mkdir build && junit build/unit.xml 3 1
    push 1 origin feature
    says "✗ tests.failed == 0"
    git config extensions.worktreeConfig true
    git config --worktree core.hooksPath /elsewhere
    expect 4 hook install
    cd ../work
    expect 0 hook status
    says "installed"
}

@test "a program that is gone lets the push go" {
    project
    cp "$QGATE" "$HOME/it's qgate"
    run "$HOME/it's qgate" hook install
    [ "$status" -eq 0 ]
    change feature
    junit build/unit.xml 3 1
    push 1 origin feature
    rm "$HOME/it's qgate"
    push 0 origin feature
    says "it's qgate"
}

@test "hostile and odd input" {
    project
    change feature
    junit build/unit.xml 3 1
    run timeout 20 "$QGATE" hook run origin < /dev/null
    [ "$status" -eq 0 ] && [ -z "$output" ]
    head=$(git rev-parse HEAD) zero=0000000000000000000000000000000000000000
    for line in '' x 'a b c' "refs/heads/x $head refs/heads/x" "$(head -c 100000 /dev/urandom | tr '\0\n' '  ')"; do
        run timeout 20 "$QGATE" hook run origin <<< "$line"
        [ "$status" -eq 0 ]
    done
    run timeout 20 "$QGATE" hook run 'https://user:secret@example.org/x.git' <<< "refs/heads/x $head refs/heads/a\$(id) $(git rev-parse main)"
    [ "$status" -eq 1 ]
    says_not secret
    says "push stopped. qgate check shows all"
    printf 'refs/heads/x %s refs/heads/\033[31mx %s\n' $zero$zero $head > odd
    printf 'refs/heads/x %s refs/heads/\033[31mx %s\n' "${zero//0/7}" $zero >> odd
    run timeout 20 "$QGATE" hook run origin < odd
    [ "$status" -eq 0 ]
    says_not $'\033'
    expect 4 hook
    expect 4 hook instal
    expect 4 hook install now
    cd / && run "$QGATE" hook install
    [ "$status" -eq 3 ]
    says "no git repository is here"
}

@test "pre-commit: its variables become what git says" {
    project
    change feature
    junit build/unit.xml 3 1
    mkdir "$HOME/bin" && ln -s "$QGATE" "$HOME/bin/qgate"
    entry=$(sed -n '/entry: >-/,/language:/p' "$here/.pre-commit-hooks.yaml" | sed '1d;$d' | tr '\n' ' ')
    export PATH="$HOME/bin:$PATH" PRE_COMMIT_LOCAL_BRANCH=refs/heads/feature PRE_COMMIT_REMOTE_NAME=origin
    export PRE_COMMIT_REMOTE_BRANCH=refs/heads/feature PRE_COMMIT_TO_REF=$(git rev-parse HEAD)
    run eval "$entry"
    [ "$status" -eq 1 ]
    says "judged against origin/main"
    export PRE_COMMIT_FROM_REF=$(git rev-parse main)
    run eval "$entry"
    [ "$status" -eq 1 ]
    says "judged against origin/feature"
    junit build/unit.xml 3
    run eval "$entry"
    [ "$status" -eq 0 ]
}
