# `qgate check` and what changed: which change is judged, and what is said when it is not known.
load ../support/common
load ../support/history

# A branch that changed two lines of f.c, and a report of f.c.
branched() {
    git init -q -b main server
    cd server
    git config uploadpack.allowAnySHA1InWant true
    lines f.c 1 10
    printf '/tests.xml\n/v.json\n' > .gitignore
    cat > .qgate.yml << END
version: 1
reports: [{format: junit, path: tests.xml}]
gates: [{name: size, require: [tests.failed == 0, diff.lines < ${1:-10}]}]
END
    commit
    git checkout -q -b side
    sed -i '2s/$/ x/; 5s/$/ x/' f.c
    commit
    git checkout -q main
    cd ..
    git clone -q --branch side "file://$PWD/server" clone
    cd clone
    junit tests.xml
}

# change KEY: of the verdict in v.json
change() {
    python3 -c 'import json, sys; print(json.load(open("v.json"))["change"][sys.argv[1]])' "$1"
}

@test "the commit's change in a pipeline, the work tree's on a laptop" {
    branched
    sed -i '8s/$/ y/' f.c
    lines new.c 1 4
    expect 0 check --output json=v.json
    [ "$(change lines)" = 3 ]
    [ "$(change head)" = None ]
    [ "$(change base)" = "$(at origin/main)" ]
    [ "$(change files)" = 1 ]
    expect 0 check --untracked --output json=v.json
    [ "$(change files)" = 2 ]
    [ "$(change lines)" = 7 ]
    CI=true expect 0 check --untracked --output json=v.json
    [ "$(change lines)" = 2 ]
    [ "$(change head)" = "$(at HEAD)" ]
}

@test "--target names what is compared with" {
    branched 1
    expect 1 check
    expect 0 check --target side
    expect 1 check --target main --output json=v.json
    [ "$(change base)" = "$(at origin/main)" ]
}

@test "a clone without the base: no data, and the command that repairs it" {
    branched
    cd ..
    git clone -q --depth=1 --branch side "file://$PWD/server" shallow
    cd shallow
    junit tests.xml
    base=$(git -C ../server rev-parse main)
    export CI=true GITLAB_CI=true CI_MERGE_REQUEST_IID=1 CI_DEFAULT_BRANCH=main CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main
    export CI_MERGE_REQUEST_DIFF_BASE_SHA=$base
    git fetch -q --depth=1 origin main:refs/remotes/origin/main
    git update-ref -d refs/remotes/origin/main
    expect 3 check
    says "git fetch --depth=1 origin +refs/heads/main:refs/remotes/origin/main"
    git fetch -q --depth=1 origin +refs/heads/main:refs/remotes/origin/main
    expect 0 check --output json=v.json
    [ "$(change lines)" = 2 ]
}

@test "a shallow clone of the default branch: no data for rules on the change, and only for them" {
    branched
    git -C ../server merge -q side
    cd ..
    git clone -q --depth=1 "file://$PWD/server" shallow
    cd shallow
    junit tests.xml
    export CI=true GITLAB_CI=true CI_COMMIT_BRANCH=main CI_DEFAULT_BRANCH=main
    base=$(git -C ../server rev-parse main~1)
    expect 2 check --output json=v.json
    says "commit ${base:0:12}, where this change begins"
    says "git fetch --depth=1 origin $base"
    [ "$(change files)" = None ]
    [ "$(change remedy)" = "git fetch --depth=1 origin $base" ]
    git fetch -q --depth=1 origin "$base"
    expect 0 check
}

@test "without any commit the change is not known: no data" {
    git init -q -b main new
    cd new
    lines f.c 1 4
    junit tests.xml
    cat > .qgate.yml << END
version: 1
reports: [{format: junit, path: tests.xml}]
gates: [{name: size, require: [diff.lines < 10]}]
END
    expect 2 check
    says "it is not known what this change did: the repository has no commit yet"
    says "commit something first"
    git add .qgate.yml f.c
    expect 2 check
    git commit -q -m one
    expect 0 check
}
