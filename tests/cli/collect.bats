#!/usr/bin/env bats
# `qgate collect`: repositories of a delivery configuration, fetched from a git server of our own.

load ../support/common

servers=()

# serve NAME OPTION…: the address of a git server of the repositories in $upstream becomes $NAME; what it was
# asked stands in $BATS_TEST_TMPDIR/NAME.said.
serve() {
    local name=$1 said=$BATS_TEST_TMPDIR/$1.said
    shift
    python3 "$here/tests/support/git_server.py" --root "$upstream" "$@" > "$said" 2>&1 3>&- &
    servers+=($!)
    for _ in $(seq 200); do
        grep -q '^listening on ' "$said" && break
        sleep 0.05
    done
    printf -v "$name" %s "$(sed -n 's/^listening on //p' "$said")"
}

teardown() {
    for pid in "${servers[@]}"; do
        kill "$pid" 2> /dev/null || true
    done
}

asked() {
    tail -n +2 "$BATS_TEST_TMPDIR/$1.said"
}

# A repository `clusters` at the server with three commits and a tag, and one of our own that names it.
begin() {
    export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 no_proxy='*'
    unset CI GITLAB_CI CI_MERGE_REQUEST_IID CI_SERVER_TLS_CA_FILE
    upstream=$BATS_TEST_TMPDIR/upstream
    mkdir "$upstream"
    (cd "$upstream" && mkdir clusters && cd clusters && repository && git commit -q --allow-empty -m second &&
        git commit -q --allow-empty -m third && git tag v1)
    repository
}

upstream_git() {
    git -C "$upstream/clusters" -c user.name=x -c user.email=x@example.org "$@"
}

# delivery LINE…: an entry `clusters` with these keys, committed.
delivery() {
    {
        printf 'version: 1\nservices: {shop: {project: .}}\nrepositories:\n  clusters:\n'
        printf '    %s\n' "$@"
    } > delivery.yml
    git add -f delivery.yml
    git commit -qm delivery
}

cached() {
    git --git-dir "$(echo .qgate/cache/*.git)" "$@"
}

@test "a repository comes once, then what is new" {
    begin
    serve origin
    delivery "url: $origin/clusters"
    expect 0 collect
    [ "$output" = "clusters: main, for the first time, 1 tag" ]
    [ "$(cached rev-parse main v1)" = "$(upstream_git rev-parse main v1)" ]
    [ "$(cached symbolic-ref HEAD)" = refs/heads/main ]
    expect 0 collect
    [ "$output" = "clusters: main, nothing new" ]
    [ -z "$(git status --porcelain)" ]
    [ -z "$(ls .qgate/cache/*.git/refs/tags)" ]

    upstream_git commit -q --allow-empty -m fourth
    upstream_git tag v2 -am annotated
    upstream_git tag v3
    expect 0 collect
    [ "$output" = "clusters: main, 1 new commit, 2 new tags" ]
    [ "$(cached rev-parse main v2)" = "$(upstream_git rev-parse main v2)" ]
}

@test "tags that move or go, and a branch that is rewritten" {
    begin
    serve origin
    delivery "url: $origin/clusters"
    upstream_git tag a
    expect 0 collect
    upstream_git tag -f v1 HEAD~1
    upstream_git tag -d a
    upstream_git tag a/b
    upstream_git commit -q --amend --allow-empty -m other
    expect 0 collect
    [ "$output" = "clusters: main, rewritten, 1 new commit, 1 new tag, 1 moved tag, 1 deleted tag" ]
    [ "$(cached rev-parse main v1)" = "$(upstream_git rev-parse main v1)" ]
    [ "$(cached tag | paste -sd,)" = a/b,v1 ]
}

@test "the branch that is named, and one that is not there" {
    begin
    serve origin
    upstream_git branch live HEAD~1
    delivery "url: $origin/clusters" "branch: live"
    expect 0 collect
    [ "$output" = "clusters: live, for the first time, 1 tag" ]
    [ "$(cached for-each-ref --format='%(refname)' refs/heads)" = refs/heads/live ]
    delivery "url: $origin/clusters" "branch: nope"
    expect 3 collect
    says 'clusters ('
    says 'it has no branch "nope"'
    says 'hint: its HEAD is main'
}

@test "an empty repository" {
    begin
    serve origin
    git init -q "$upstream/empty"
    delivery "url: $origin/empty"
    expect 3 collect
    says "it has no commit yet"
}

@test "a token opens it, and is never shown" {
    begin
    serve origin --token s3cret-word
    delivery "url: $origin/clusters" "token_env: CLUSTERS_TOKEN"
    expect 3 collect
    says "CLUSTERS_TOKEN is not set"
    [ -z "$(asked origin)" ]
    CLUSTERS_TOKEN=wr0ng-word expect 3 collect
    says "it does not take the token of CLUSTERS_TOKEN (401)"
    says_not wr0ng
    CLUSTERS_TOKEN=s3cret-word QGATE_DEBUG=1 expect 0 collect
    says "with the token of CLUSTERS_TOKEN: 200"
    says_not s3cret
    [ -z "$(grep -r s3cret .qgate)" ]
    asked origin | grep -q '^POST .* 200 oauth2:s3cret-word$'
    rm -rf .qgate
    sed -i 's/CLUSTERS_TOKEN/CI_JOB_TOKEN/' delivery.yml
    CI_JOB_TOKEN=s3cret-word expect 0 collect --delivery delivery.yml
    asked origin | grep -q '^POST .* 200 gitlab-ci-token:s3cret-word$'
}

@test "no token where one is wanted" {
    begin
    serve origin --token s3cret-word
    delivery "url: $origin/clusters"
    expect 3 collect
    says "it wants a token (401), and none is named"
    says "token_env"
}

@test "a redirect is not followed, and gets no token" {
    begin
    serve other
    serve origin --redirect "$other"
    delivery "url: $origin/clusters" "token_env: CLUSTERS_TOKEN"
    CLUSTERS_TOKEN=s3cret-word expect 3 collect
    says "it leads to another address (302)"
    [ -z "$(asked other)" ]
}

@test "what is not there, no git server, and nobody at all" {
    begin
    serve origin
    serve page --page
    delivery "url: $origin/nothing"
    expect 3 collect
    says "there is no such repository (404)"
    delivery "url: $page/clusters"
    expect 3 collect
    says "what answers is no git server"
    delivery "url: http://127.0.0.1:9/clusters"
    expect 3 collect
    says "no answer: "
}

@test "an answer that breaks off leaves what was there" {
    begin
    serve origin
    delivery "url: $origin/clusters"
    expect 0 collect
    before=$(cached rev-parse main)
    upstream_git commit -q --allow-empty -m fourth
    serve broken --breaks 20
    url=$origin/clusters
    sed -i "s|$origin|$broken|" delivery.yml
    mv ".qgate/cache/$(printf %s "$url" | sha256sum | cut -c1-32).git" \
        ".qgate/cache/$(printf %s "$broken/clusters" | sha256sum | cut -c1-32).git"
    expect 3 collect --delivery delivery.yml
    says "no answer: "
    [ "$(cached rev-parse main)" = "$before" ]
    sed -i "s|$broken|$origin|" delivery.yml
    rm -rf .qgate/cache
    expect 0 collect --delivery delivery.yml
}

@test "TLS is checked" {
    command -v openssl > /dev/null || skip "openssl is missing"
    begin
    local key=$BATS_TEST_TMPDIR/key.pem authority=$BATS_TEST_TMPDIR/authority.pem
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 \
        -keyout "$key" -out "$authority" 2> /dev/null
    serve origin --tls "$authority" "$key" --token s3cret-word
    delivery "url: $origin/clusters" "token_env: CLUSTERS_TOKEN"
    CLUSTERS_TOKEN=s3cret-word expect 3 collect
    says "CI_SERVER_TLS_CA_FILE"
    [ "$(asked origin | grep -c s3cret)" -eq 0 ]
    CLUSTERS_TOKEN=s3cret-word CI_SERVER_TLS_CA_FILE=$authority expect 0 collect
    says "clusters: main, for the first time"
}

@test "a project of GitLab that no entry names" {
    begin
    serve origin
    printf 'version: 1\nsources: {gitlab: {url: "%s"}}\nservices:\n  ledger: {project: clusters}\n' "$origin" > delivery.yml
    git add -f delivery.yml && git commit -qm delivery
    expect 3 collect # GitLab's address ends in .git, and there is none
    says "clusters ($origin/clusters.git): there is no such repository (404)"
    cp -R "$upstream/clusters/.git" "$upstream/clusters.git"
    expect 0 collect
    [ "$output" = "clusters: main, for the first time, 1 tag" ]
}

@test "one that cannot be fetched keeps no other from it" {
    begin
    serve origin
    cp -R "$upstream/clusters" "$upstream/other"
    cat > delivery.yml << END
version: 1
repositories:
  gone: {url: "$origin/gone"}
  clusters: {url: "$origin/clusters"}
  here: {url: ../upstream/clusters}
  other: {url: "$origin/other"}
END
    expect 3 collect --delivery delivery.yml
    says "gone ($origin/gone): there is no such repository (404)"
    says "clusters: main, for the first time"
    says "here: read where it lies, ../upstream/clusters"
    says "other: main, for the first time"
}

@test "a path from the folder of the configuration, and one that leads nowhere" {
    begin
    mkdir conf
    printf 'version: 1\nservices: {shop: {project: .}}\nrepositories:\n  here: {url: ../../upstream/clusters}\n' > conf/delivery.yml
    expect 0 collect --delivery conf/delivery.yml
    [ "$output" = "here: read where it lies, ../../upstream/clusters" ]
    expect 0 collect --delivery conf/delivery.yml --dry-run
    [ "$output" = "here: read where it lies, ../../upstream/clusters" ]
    printf '  gone: {url: ../nowhere}\n' >> conf/delivery.yml
    expect 3 collect --delivery conf/delivery.yml
    says "the repository gone is not there: ../nowhere"
    says "here: read where it lies"
    expect 3 collect --delivery conf/delivery.yml --dry-run
}

@test "a merge request collects nothing" {
    begin
    serve origin
    delivery "url: $origin/clusters"
    CI=true GITLAB_CI=true CI_MERGE_REQUEST_IID=7 expect 4 collect
    says "nothing is collected for a merge request"
    CI=true GITLAB_CI=true CI_MERGE_REQUEST_IID=7 expect 4 collect --delivery delivery.yml
    [ -z "$(asked origin)" ]
    [ ! -e .qgate ]
}

@test "the default branch decides what is collected, not the one that is checked out" {
    begin
    serve origin
    serve evil
    delivery "url: $origin/clusters"
    git checkout -qb mine
    delivery "url: $evil/clusters"
    expect 0 collect
    [ -z "$(asked evil)" ]
    [ -n "$(asked origin)" ]
    git checkout -q main
    git rm -q --cached delivery.yml && git commit -qm none
    expect 4 collect
    says "has no delivery.yml"
}

@test "a dry run asks nobody" {
    begin
    serve origin
    delivery "url: $origin/clusters" "branch: live" "token_env: CLUSTERS_TOKEN"
    expect 0 collect --dry-run
    [ "$output" = "clusters: live of $origin/clusters, with the token of CLUSTERS_TOKEN, which is not set" ]
    [ -z "$(asked origin)" ]
    [ ! -e .qgate ]
}

@test "what is not collected yet is said" {
    begin
    printf 'version: 1\nsources:\n  pagerduty: {region: eu, token_env: PD}\nrepositories: {}\nservices: {shop: {project: .}}\n' > delivery.yml
    expect 0 collect --delivery delivery.yml
    says "not collected yet: "
    says "there is nothing to fetch"
}

@test "mistakes of the configuration" {
    begin
    delivery "url: http://gitlab.example/x.git" "brunch: main"
    expect 4 collect
    says "delivery.yml:6:"
    expect 4 collect --delivery nothing.yml
}

@test "a folder that git tracks or that leads away is not used" {
    begin
    serve origin
    delivery "url: $origin/clusters"
    mkdir -p .qgate "$BATS_TEST_TMPDIR/away"
    ln -s "$BATS_TEST_TMPDIR/away" .qgate/cache
    expect 3 collect
    says ".qgate/cache: "
    [ -z "$(ls "$BATS_TEST_TMPDIR/away")" ]
    rm .qgate/cache
    mkdir -p .qgate/cache/x.git && touch .qgate/cache/x.git/HEAD
    git add -f .qgate/cache && git commit -qm planted
    expect 3 collect
    says "git tracks it"
}

@test "who waits at a terminal sees how far it is, and nothing of it stays" {
    needs_terminal
    begin
    for i in $(seq 300); do
        echo "$i$RANDOM" > "$upstream/clusters/file$i"
    done
    upstream_git add -A && upstream_git commit -qm many
    serve origin --pause 1.5
    delivery "url: $origin/clusters"
    script -qefc "$QGATE collect" seen > /dev/null < /dev/null
    tr '\r' '\n' < seen | grep -a '^fetching clusters: [0-9]* of 30[0-9] objects'
    printf '\r\033[Kclusters: main' > wanted
    grep -aqF -f wanted seen
    rm -rf .qgate
    expect 0 collect # a pipe
    [ "$output" = "clusters: main, for the first time, 1 tag" ]
}

@test "what was fetched in many pieces is fetched as a whole again" {
    begin
    serve origin
    delivery "url: $origin/clusters"
    expect 0 collect
    for i in $(seq 60); do
        touch "$(echo .qgate/cache/*.git)/objects/pack/pack-$i.pack"
    done
    expect 0 collect
    [ "$output" = "clusters: main, nothing new" ]
    [ "$(ls .qgate/cache/*.git/objects/pack/*.pack | wc -l)" -eq 1 ]
    [ "$(cached rev-parse main v1)" = "$(upstream_git rev-parse main v1)" ]
    [ "$(ls -d .qgate/cache/*.git* | wc -l)" -eq 1 ]
}

@test "what a killed run left locked" {
    begin
    serve origin
    delivery "url: $origin/clusters"
    expect 0 collect
    upstream_git commit -q --allow-empty -m fourth
    mkdir -p "$(echo .qgate/cache/*.git)/refs/heads"
    touch "$(echo .qgate/cache/*.git)/refs/heads/main.lock"
    expect 3 collect
    says "hint: if it stays so, remove "
    rm -rf .qgate/cache
    expect 0 collect
}

@test "two at once take turns" {
    begin
    serve origin
    delivery "url: $origin/clusters"
    qgate collect > one & one=$!
    qgate collect > two & two=$!
    wait $one
    wait $two
    grep -q "first time" one two
    grep -q "nothing new" one two
}

@test "what was collected is counted" {
    begin
    serve origin
    date() {
        export GIT_AUTHOR_DATE="2027-01-$1T10:00:00Z" GIT_COMMITTER_DATE="2027-01-$1T10:00:00Z"
    }
    mkdir -p "$upstream/shop.git"
    (cd "$upstream/shop.git" && date 01 && repository && git tag v1.0.0 && date 05 && git commit -q --allow-empty -m fee &&
        git tag v1.1.0)
    (cd "$upstream/clusters" && date 02 && echo 'tag: 1.0.0' > shop-production.yaml && git add . && git commit -qm one &&
        date 06 && echo 'tag: 1.1.0' > shop-production.yaml && git commit -qam two)
    cat > delivery.yml << END
version: 1
sources: {gitlab: {url: "$origin"}}
repositories: {clusters: {url: "$origin/clusters"}}
deployments: [{repository: clusters, file: "{service}-{environment}.yaml", select: tag}]
services: {shop: {project: shop}}
END
    git add delivery.yml && git commit -qm delivery
    expect 2 dora --as-of 2027-01-20
    says "qgate collect"
    expect 0 collect
    expect 0 dora --as-of 2027-01-20 --output json=dora.json
    [ "$(jq -c '.answers[0].measures | [.["deployments.total"].value, .["dora.lead_time.p50"].value]' dora.json)" = "[2,86400]" ]
    [ -z "$(asked origin | grep -v -e clusters -e shop)" ]
}

rows() {
    sqlite3 .qgate/history.db "$1"
}

# shop DAY VERSION: a commit and a tag of it in the repository one stands in.
shop() {
    export GIT_AUTHOR_DATE="2027-01-$1T10:00:00Z" GIT_COMMITTER_DATE="2027-01-$1T10:00:00Z"
    git commit -q --allow-empty -m "change of $2"
    git tag "$2"
}

# A service that its tags deploy: three of them.
shop_of_tags() {
    export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 SOURCE_DATE_EPOCH=1800446400 # 2027-01-20
    unset CI GITLAB_CI CI_MERGE_REQUEST_IID
    export GIT_AUTHOR_DATE=2027-01-01T09:00:00Z GIT_COMMITTER_DATE=2027-01-01T09:00:00Z
    repository
    printf 'version: 1\ndeployments: [{tags: "v*"}]\nservices: {shop: {project: .}}\n' > delivery.yml
    git add delivery.yml
    git commit -qm delivery
    shop 02 v1
    shop 03 v2
    shop 05 v3
}

@test "a store of an older qgate is brought up to date" {
    export SOURCE_DATE_EPOCH=1806278400 # 2027-03-29
    unset CI GITLAB_CI CI_MERGE_REQUEST_IID
    sh "$here/tests/support/estate.sh"
    cd core
    qgate record incident --id I1 --service ledger --opened 2027-03-03T10:10:00Z
    sqlite3 .qgate/history.db '.filectrl persist_wal 1' \
        'ALTER TABLE incident DROP COLUMN caused_by; ALTER TABLE deployment DROP COLUMN flagged; PRAGMA user_version = 3'
    [ -e .qgate/history.db-wal ]
    expect 3 dora --as-of 2027-03-28
    says ".qgate/history.db: has no such table or column as this qgate asks for"
    says "hint: it is an older qgate's, its schema is 3 and not 5: a job that may write brings it up to date"
    expect 0 collect --delivery delivery.yml
    says "stored 19 deployments, "
    expect 0 dora --as-of 2027-03-28
}

@test "what is known of a company is stored, the same a second time, and no number changes" {
    export SOURCE_DATE_EPOCH=1806278400 # 2027-03-29
    unset CI GITLAB_CI CI_MERGE_REQUEST_IID
    sh "$here/tests/support/estate.sh"
    cd core
    qgate record incident --id I1 --service ledger --opened 2027-03-03T10:10:00Z --resolved 2027-03-03T11:00:00Z
    qgate record incident --id I2 --service ledger --opened 2027-03-02T10:10:00Z --caused-by 1.1.0
    qgate record incident --id I3 --service fees --opened 2027-03-11T00:10:00Z
    qgate record incident --id I4 --service fees --opened 2027-03-20T00:10:00Z
    git add delivery.yml
    git -c user.name=x -c user.email=x@example.org commit -qm delivery
    expect 0 dora --as-of 2027-03-28 --explain --output json=before.json
    expect 0 collect
    says "stored 19 deployments, "
    says " changes, 3 links of incidents"
    sqlite3 .qgate/history.db .dump > one.sql
    expect 0 collect
    sqlite3 .qgate/history.db .dump > two.sql
    cmp one.sql two.sql
    expect 0 dora --as-of 2027-03-28 --explain --output json=after.json
    cmp before.json after.json

    # 1.1.0, done in af an hour after eu; 1.2.0, back, more replicas, 1.2.1
    [ "$(rows "SELECT version, kind, failed, failure_reason, unplanned, recovered_ms - finished_ms, finished_ms - started_ms
        FROM deployment WHERE service_id = 'ledger' AND environment = 'production' ORDER BY finished_ms")" = \
        "1.0.0|first|0||0||0
1.1.0|forward|1|rollback|0|156600000|3600000
1.2.0|forward|1|rollback|0|1800000|0
1.1.0|rollback|0||1||0
1.1.0|config|0||0||0
1.2.1|forward|0||1||0" ]
    [ "$(rows "SELECT version, lead_ms / 3600000, merge_to_deploy_ms / 3600000, change.kind, author IS NULL
        FROM deployment JOIN deployment_change USING (project_id, deployment_id) JOIN change USING (project_id, change_id)
        WHERE service_id = 'ledger' AND environment = 'production' AND finished_ms > 1803859200000 ORDER BY finished_ms")" = \
        "1.1.0|7|3|normal|0
1.2.0|2|2|normal|0
1.2.1|2|2|repair|0" ]
    [ "$(rows 'SELECT incident_id, cause, caused_by, link_method, version FROM incident
        LEFT JOIN deployment ON deployment_id = caused_by_deployment_id ORDER BY 1')" = \
        "I1|||remedied|1.2.0
I2|change|1.1.0|explicit|1.1.0
I3|||nearby|1.2.0
I4||||" ]
    [ "$(rows 'SELECT COUNT(*) FROM deployment AS d WHERE prev_deployment_id IS NOT NULL AND NOT EXISTS
        (SELECT 1 FROM deployment WHERE deployment_id = d.prev_deployment_id)')" = 0 ]
}

@test "a row that no longer follows is brought up to date, or goes" {
    shop_of_tags
    expect 0 collect
    says "stored 3 deployments, "
    says ", 0 links of incidents"
    versions="SELECT group_concat(version || failed) FROM (SELECT version, failed FROM deployment ORDER BY finished_ms)"
    [ "$(rows "$versions")" = v10,v20,v30 ]
    changes="SELECT version, COUNT(*) FROM deployment JOIN deployment_change USING (deployment_id) GROUP BY version"
    [ "$(rows "$changes")" = $'v2|1\nv3|1' ]

    expect 0 record incident --id I1 --service shop --opened 2027-01-05T11:00:00Z
    expect 0 collect
    says "1 link of incidents"
    [ "$(rows "$versions")" = v10,v20,v31 ]
    expect 0 record incident --id I1 --service shop --resolved 2027-01-06T11:00:00Z --cause other
    expect 0 collect
    says "0 links of incidents"
    [ "$(rows "$versions")" = v10,v20,v30 ]
    [ "$(rows 'SELECT caused_by_deployment_id IS NULL AND link_method IS NULL FROM incident')" = 1 ]

    git tag -d v2
    expect 0 collect
    says "stored 2 deployments, 2 changes, 0 links of incidents, 1 deployment gone"
    [ "$(rows "$versions")" = v10,v30 ]
    [ "$(rows "$changes")" = 'v3|2' ]
    git tag -f v3 HEAD~1
    expect 0 collect
    [ "$(rows "$versions")" = v10,v30 ]
    [ "$(rows "$changes")" = 'v3|1' ]
    [ "$(rows 'SELECT COUNT(*) FROM change')" = 2 ] # the other one waits
    [ "$(rows "SELECT app_sha FROM deployment WHERE version = 'v3'")" = "$(git rev-parse HEAD~1)" ]
    git tag -d v1 v3
    expect 0 collect
    [ "$(rows 'SELECT (SELECT COUNT(*) FROM deployment) + (SELECT COUNT(*) FROM change)')" = 0 ]
}

@test "a recorded deployment stays as it was recorded, and gets its kind" {
    shop_of_tags
    sed -i '/^deployments/d' delivery.yml
    git commit -qam recorded
    for at in 1 2 3; do
        expect 0 record deployment --service shop --commit "$(git rev-parse v$at)" --environment production --status success \
            --at 2027-01-0$((at + 6))T10:00:00Z --id D$at
    done
    expect 0 record deployment --service shop --commit "$(git rev-parse v2)" --environment production --status success \
        --at 2027-01-10T10:00:00Z --id D4
    stays='SELECT deployment_id, source, status, app_sha, version, finished_ms, flagged, updated_ms FROM deployment'
    before=$(rows "$stays")
    expect 0 dora --explain --output json=before.json
    expect 0 collect
    says "stored 4 deployments, "
    [ "$(rows "$stays")" = "$before" ]
    [ "$(rows 'SELECT deployment_id, tier, kind, failed, prev_deployment_id FROM deployment ORDER BY 1')" = \
        "D1|production|first|0|
D2|production|forward|0|D1
D3|production|forward|1|D2
D4|production|rollback|0|D3" ]
    expect 0 dora --explain --output json=after.json
    cmp before.json after.json
}

@test "people are stored as the configuration allows" {
    shop_of_tags
    echo 'people: named' >> delivery.yml
    git commit -qam people
    expect 0 collect
    [ "$(rows 'SELECT DISTINCT author FROM change')" = "$(git log -1 --format=%ae)" ]
    sed -i 's/people: named/people: none/' delivery.yml
    git commit -qam nobody
    expect 0 collect
    [ "$(rows 'SELECT COUNT(author) FROM change')" = 0 ]
}

@test "a dry run stores nothing, and neither does a store that does not answer" {
    shop_of_tags
    expect 0 collect --dry-run
    [ ! -e .qgate ]
    QGATE_STORE=postgresql://u:s3cret@127.0.0.1:1/none expect 3 collect
    says "127.0.0.1"
    says_not s3cret
    [ ! -e .qgate/spool.jsonl ]
}
