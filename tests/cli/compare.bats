# With what a build is compared: target and base, by option, pipeline or clone.
load ../support/common
load ../support/history

# main: a b c; side: a b s t, checked out, in a clone that knows main by the remote only.
cloned() {
    git init -q -b main server
    git -C server config uploadpack.allowAnySHA1InWant true
    cd server
    for name in a b; do lines $name 1 3; commit; git tag $name; done
    git checkout -q -b side
    for name in s t; do lines $name 1 3; commit; git tag $name; done
    git checkout -q main
    lines c 1 3
    commit
    git tag c
    A=$(at a) B=$(at b) C=$(at c) S=$(at s) T=$(at t)
    git tag -d a b c s t > /dev/null
    cd ..
    git clone -q "file://$PWD/server" clone
    cd clone
    git checkout -q side
}

# merge_request [NAME=VALUE…]: the environment of a merge-request pipeline.
merge_request() {
    export CI=true GITLAB_CI=true CI_MERGE_REQUEST_IID=7 CI_MERGE_REQUEST_EVENT_TYPE=detached CI_DEFAULT_BRANCH=main \
        CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main
    [ $# -eq 0 ] || export "$@"
}

# branch_pipeline BRANCH
branch_pipeline() {
    export CI=true GITLAB_CI=true CI_DEFAULT_BRANCH=main CI_COMMIT_BRANCH=$1
}

# target NAME COMMIT BASE BRANCH: what was chosen, without a complaint.
target() {
    says "\"target\":\"$1\",\"target_commit\":\"$2\",\"why_no_target\":null,\"base\":\"$3\",\"why_no_base\":null,\"remedy\":null,\"branch\":\"$4\""
}

# no_target BASE BRANCH
no_target() {
    says "\"target\":null,\"target_commit\":null,\"why_no_target\":null,\"base\":\"$1\",\"why_no_base\":null,\"remedy\":null,\"branch\":$2"
}

@test "a laptop on a branch: the remote's default branch" {
    cloned
    ask compare - -
    target origin/main "$C" "$B" main
    git symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/side
    ask compare - -
    target origin/side "$T" "$T" side # the default branch itself, as it was pushed
}

@test "a laptop whose clone does not know the default branch: main, then master" {
    cloned
    git remote set-head origin -d
    ask compare - -
    target origin/main "$C" "$B" main
    git update-ref refs/remotes/origin/master "$A"
    git update-ref -d refs/remotes/origin/main
    ask compare - -
    target origin/master "$A" "$A" master
    git update-ref -d refs/remotes/origin/master
    git update-ref -d refs/heads/main
    git update-ref refs/heads/master "$A"
    ask compare - -
    target master "$A" "$A" master
    git update-ref refs/heads/main "$B"
    ask compare - -
    target main "$B" "$B" main
}

@test "a laptop on the default branch: what was pushed of it" {
    cloned
    git checkout -q main
    lines d 1 3
    commit
    ask compare - -
    target origin/main "$C" "$C" main
    git update-ref refs/remotes/origin/other "$B"
    git branch -q --set-upstream-to=origin/other
    ask compare - -
    target origin/other "$B" "$B" other
}

@test "a laptop without a remote: the first parent, or a local main" {
    cloned
    git remote remove origin
    git branch -q -D main
    ask compare - -
    no_target "$S" '"side"'
    git branch -q main "$B"
    ask compare - -
    target main "$B" "$B" main
    git checkout -q main
    ask compare - -
    no_target "$A" '"main"'
    git checkout -q "$A" 2> /dev/null
    git branch -q -D main side
    ask compare - -
    no_target "" null
}

@test "a laptop with an old commit checked out: its first parent" {
    cloned
    git checkout -q --detach "$B"
    ask compare - -
    no_target "$A" null
    git checkout -q --detach "$T"
    ask compare - -
    target origin/main "$C" "$B" main
}

@test "--target: branches, tags and commits, exactly" {
    cloned
    git tag v1 "$A"
    git tag -a -m x v2 "$B"
    git branch -q local "$B"
    ask compare main -
    target main "$C" "$B" main
    ask compare origin/main -
    target origin/main "$C" "$B" main
    ask compare refs/remotes/origin/main -
    target refs/remotes/origin/main "$C" "$B" main
    ask compare local -
    target local "$B" "$B" local
    ask compare v1 -
    target v1 "$A" "$A" v1
    ask compare v2 -
    target v2 "$B" "$B" v2
    ask compare "$A" -
    target "$A" "$A" "$A" side
    ask compare "${A:0:10}" -
    target "${A:0:10}" "$A" "$A" side
    for name in HEAD~1 '@{u}' mai "${A:0:5}" ':/a' none; do
        ask compare "$name" -
        says '"target_commit":null,"why_no_target":"no branch, tag or commit of this clone is named'
        says '"base":null'
    done
}

@test "--target: a tag does not take the place of a branch" {
    cloned
    git tag main "$T"
    git tag "$A" "$T"
    ask compare main -
    target main "$C" "$B" main
    ask compare "$A" -
    target "$A" "$A" "$A" side
}

@test "--target outranks the pipeline" {
    cloned
    merge_request CI_MERGE_REQUEST_DIFF_BASE_SHA="$S"
    ask compare "$A" -
    says "\"target_commit\":\"$A\""
    says "\"base\":\"$A\""
}

@test "a merge request: the base that the pipeline names, and the target's branch" {
    cloned
    merge_request CI_MERGE_REQUEST_DIFF_BASE_SHA="$A"
    ask compare - -
    target main "$C" "$A" main
    export CI_MERGE_REQUEST_TARGET_BRANCH_SHA=$B
    ask compare - -
    target main "$B" "$A" main
    unset CI_MERGE_REQUEST_DIFF_BASE_SHA CI_MERGE_REQUEST_TARGET_BRANCH_SHA
    ask compare - -
    target main "$C" "$B" main
}

@test "a merge request in a clone that holds neither base nor target" {
    cloned
    git clone -q --depth=1 --branch side "file://$PWD/../server" ../shallow
    cd ../shallow
    merge_request CI_MERGE_REQUEST_DIFF_BASE_SHA="$B"
    ask compare - -
    says '"target":"main","target_commit":null,"why_no_target":"the tip of main is not in this clone"'
    says "\"why_no_base\":\"commit ${B:0:12}, where this change begins, is not in this clone\""
    says '"remedy":"git fetch --depth=1 origin +refs/heads/main:refs/remotes/origin/main"'
    git fetch -q --depth=1 origin +refs/heads/main:refs/remotes/origin/main
    ask compare - -
    says "\"target_commit\":\"$C\",\"why_no_target\":null,\"base\":null"
    says "\"remedy\":\"git fetch --depth=1 origin $B\""
    git fetch -q --depth=1 origin "$B"
    ask compare - -
    target main "$C" "$B" main
    export CI_MERGE_REQUEST_TARGET_BRANCH_SHA=$A
    ask compare - -
    says "\"remedy\":\"git fetch --depth=1 origin $A\""
}

@test "merged results and merge trains: the first parent of GitLab's merge" {
    cloned
    git checkout -q --detach "$C"
    git merge -q -m merged "$T"
    for event in merged_result merge_train; do
        merge_request CI_MERGE_REQUEST_DIFF_BASE_SHA="$B" CI_MERGE_REQUEST_EVENT_TYPE=$event
        ask compare - -
        target main "$C" "$C" main
    done
    git checkout -q --detach "$T" # no merge: a train that is fast-forwarded
    ask compare - -
    target main "$C" "$B" main
}

@test "merged results in a clone of depth 1" {
    cloned
    git -C ../server checkout -q --detach "$C"
    git -C ../server merge -q -m merged "$T"
    git -C ../server branch merged
    git clone -q --depth=1 --branch merged "file://$PWD/../server" ../shallow
    cd ../shallow
    merge_request CI_MERGE_REQUEST_EVENT_TYPE=merged_result
    ask compare - -
    says '"target":"main","target_commit":null,"why_no_target":"commit'
    says "\"remedy\":\"git fetch --depth=1 origin $C\""
    git fetch -q --depth=1 origin "$C"
    ask compare - -
    target main "$C" "$C" main
}

@test "pipelines of the default branch and of tags have no target" {
    cloned
    git checkout -q --detach "$C"
    branch_pipeline main
    ask compare - -
    no_target "$B" '"main"'
    unset CI_COMMIT_BRANCH
    export CI_COMMIT_TAG=v1
    ask compare - -
    no_target "$B" '"v1"'
    git checkout -q --detach "$A"
    ask compare - -
    no_target "" '"v1"'
}

@test "a pipeline of another branch: the default branch" {
    cloned
    branch_pipeline side
    ask compare - -
    target main "$C" "$B" side
    git clone -q --depth=1 --branch side "file://$PWD/../server" ../shallow
    cd ../shallow
    ask compare - -
    says '"target":"main","target_commit":null,"why_no_target":"the tip of main is not in this clone","base":null'
    says '"remedy":"git fetch --unshallow origin +refs/heads/main:refs/remotes/origin/main"'
    git fetch -q --unshallow origin +refs/heads/main:refs/remotes/origin/main
    ask compare - -
    target main "$C" "$B" side
}

@test "a pipeline of the default branch in a clone of depth 1" {
    cloned
    git clone -q --depth=1 "file://$PWD/../server" ../shallow
    cd ../shallow
    branch_pipeline main
    ask compare - -
    says '"target":null,"target_commit":null,"why_no_target":null,"base":null'
    says "\"remedy\":\"git fetch --depth=1 origin $B\""
    git fetch -q --depth=1 origin "$B"
    ask compare - -
    no_target "$B" '"main"'
}

@test "a clone that ends before the answer is certain" {
    cloned
    git clone -q --depth=2 --no-single-branch "file://$PWD/../server" ../shallow
    cd ../shallow
    git checkout -q side
    ask compare - -
    says '"why_no_base":"this clone is too shallow to show where HEAD left origin/main"'
    says '"remedy":"git fetch --unshallow origin"'
    git fetch -q --depth=3
    ask compare - -
    target origin/main "$C" "$B" main
}

@test "unrelated histories" {
    cloned
    git checkout -q --orphan alone
    commit
    ask compare - -
    says "\"target_commit\":\"$C\""
    says '"why_no_base":"HEAD and origin/main have no common commit"'
}

@test "names go into commands quoted" {
    cloned
    merge_request CI_MERGE_REQUEST_TARGET_BRANCH_NAME='x;touch$IFS$9ran' CI_MERGE_REQUEST_DIFF_BASE_SHA='$(id)'
    ask compare - -
    says "\"remedy\":\"git fetch --depth=1 origin '+refs/heads/x;touch\$IFS\$9ran:refs/remotes/origin/x;touch\$IFS\$9ran'\""
    ask compare "it's" -
    says "\"remedy\":\"git fetch origin 'it'\\\\''s'\""
}

@test "without a repository a target is named all the same" {
    merge_request
    ask compare - -
    says '"target":"main","target_commit":null,"why_no_target":"there is no git repository here","base":null'
    says '"branch":"main"'
    unset CI_MERGE_REQUEST_IID
    branch_pipeline side
    ask compare - -
    says '"target":"main","target_commit":null,"why_no_target":"there is no git repository here"'
    branch_pipeline main
    ask compare - -
    says '"target":null,"target_commit":null,"why_no_target":null,"base":null,"why_no_base":"there is no git repository here"'
    ask compare x -
    says '"target":"x","target_commit":null,"why_no_target":"there is no git repository here"'
}

@test "a repository without a commit: what changed is not known" {
    git init -q -b main .
    ask compare - -
    says '"target":null,"target_commit":null,"why_no_target":null,"base":null'
    says '"why_no_base":"the repository has no commit yet","remedy":"commit something first'
    ask compare x -
    says '"target":"x","target_commit":null,"why_no_target":"'
}

@test "a repository that cannot be read is no leave to do without the target" {
    git init -q -b main --object-format=sha256 . || skip "this git has no SHA-256"
    ask compare - -
    says 'SHA-256'
    says '"base":null'
    merge_request
    ask compare - -
    says '"target":"main","target_commit":null,"why_no_target":"git'
}
