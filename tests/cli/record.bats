#!/usr/bin/env bats
# `qgate record`: what was built, deployed or went wrong comes into the store, once, and in parts.
load ../support/common
load ../support/history

# rows QUERY: what the store answers, a line for each row, | between the columns.
rows() {
    python3 -c 'import sqlite3, sys
for row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]):
    print("|".join("-" if column is None else str(column) for column in row))' .qgate/history.db "$1"
}

# A clone of fin/core, at 2025-12-01T00:00:00Z.
clone() {
    git init -q -b main
    git remote add origin https://token@gitlab.example/fin/core.git
    commit
    head=$(git rev-parse HEAD)
}

in_pipeline() {
    export CI=true GITLAB_CI=true CI_PROJECT_ID=42 CI_PROJECT_PATH=fin/core CI_SERVER_URL=https://gitlab.example \
        CI_DEFAULT_BRANCH=main CI_COMMIT_BRANCH=main CI_COMMIT_REF_NAME=main CI_COMMIT_SHA=$head CI_JOB_ID=7
}

other=0123456789abcdef0123456789abcdef01234567

@test "a build is recorded once, with HEAD's commit unless another is named" {
    clone
    expect 0 record build --service ledger --version 1.4.2
    [ "$output" = "recorded build 1.4.2 of ledger in fin/core: commit ${head:0:7}" ]
    expect 0 record build --service ledger --version 1.4.2
    [ "$(rows 'SELECT path, provider, base_url, service_id, version, sha, image_digest, built_ms
        FROM build JOIN project USING (project_id)')" = \
        "fin/core|git|gitlab.example|ledger|1.4.2|$head|-|1764547200000" ]
    expect 0 record build --service ledger --version 1.4.2 --commit "${other^^}" --digest sha256:aa \
        --at 2025-11-30T23:00:00-01:00
    [ "$(rows 'SELECT sha, image_digest, built_ms FROM build')" = "$other|sha256:aa|1764547200000" ]
    [ -z "$(git status --porcelain)" ]
}

@test "a pipeline says its project, its commit, its environment and how its job ended" {
    clone
    in_pipeline
    CI_COMMIT_SHA=$other expect 0 record build --service ledger --version 1
    CI_ENVIRONMENT_NAME=production CI_JOB_STATUS=failed CI_JOB_STARTED_AT=2025-11-30T23:59:00Z \
        expect 0 record deployment --service ledger --version 1
    says "recorded deployment 1 of ledger in fin/core: failed, production"
    CI_ENVIRONMENT_NAME=production CI_JOB_STATUS=running expect 4 record deployment --service ledger --version 1
    says "--status is missing"
    [ "$(rows 'SELECT provider, external_id, path, default_ref, sha, ref FROM build JOIN project USING (project_id)')" = \
        "gitlab|42|fin/core|main|$other|main" ]
    [ "$(rows 'SELECT environment, status, started_ms, finished_ms, flagged FROM deployment')" = \
        "production|failed|1764547140000|1764547200000|0" ]
}

@test "a deployment is the same one when its job records it again, and another one in another job or region" {
    clone
    in_pipeline
    deploy=(record deployment --service ledger --version 1 --environment production)
    expect 0 "${deploy[@]}" --status failed
    SOURCE_DATE_EPOCH=1764547260 expect 0 "${deploy[@]}" --status success --unplanned
    [ "$(rows 'SELECT status, finished_ms, flagged FROM deployment')" = "success|1764547260000|1" ]
    expect 0 "${deploy[@]}" --status success --region eu
    CI_JOB_ID=8 expect 0 "${deploy[@]}" --status success
    expect 0 "${deploy[@]}" --status success --at 2025-11-30T10:00Z
    expect 0 "${deploy[@]}" --status success --at 2025-11-30T11:00+01:00
    [ "$(rows 'SELECT COUNT(*), COUNT(region) FROM deployment')" = "4|1" ]
    expect 0 "${deploy[@]}" --status success --id helm-7
    SOURCE_DATE_EPOCH=1764550000 expect 0 record deployment --service ledger --commit "$other" \
        --environment staging --status canceled --id helm-7
    [ "$(rows "SELECT environment, status, version, app_sha FROM deployment WHERE deployment_id = 'helm-7'")" = \
        "staging|canceled|-|$other" ]
}

@test "without a pipeline each moment is a deployment of its own" {
    clone
    for at in 1764547200 1764547200 1764547201; do
        SOURCE_DATE_EPOCH=$at expect 0 record deployment --service ledger --version 1 --environment production --status success
    done
    [ "$(rows 'SELECT COUNT(*) FROM deployment')" = 2 ]
}

@test "an incident is told in parts" {
    clone
    expect 0 record incident --id INC-1 --service ledger --resolved 2025-11-30T12:00Z
    [ "$output" = "recorded incident INC-1 of ledger: resolved" ]
    expect 0 record incident --id INC-1 --service ledger --opened 2025-11-30T10:00Z --urgency high --priority P1 \
        --origin customer --caused-by 1.4.2
    expect 0 record incident --id INC-1 --service ledger --acknowledged 2025-11-30T11:00Z
    [ "$(rows 'SELECT project_id, source, service_id, urgency, priority, origin, created_ms, acked_ms, resolved_ms,
        cause, caused_by FROM incident')" = \
        "0|recorded|ledger|high|P1|customer|1764496800000|1764500400000|1764504000000|change|1.4.2" ]
    expect 0 record incident --id INC-1 --service ledger --project fin/core --opened 2025-11-30T10:00Z --cause other
    says "of ledger in fin/core: opened"
    [ "$(rows 'SELECT cause FROM incident ORDER BY project_id = 0')" = $'other\nchange' ]
}

@test "a project is named as delivery.yml does, and is the pipeline's own by its number" {
    clone
    in_pipeline
    expect 0 record build --service ledger --version 1 --project fin/core
    expect 4 record build --service ledger --version 1 --project fin/other
    says "--commit is missing"
    expect 0 record build --service ledger --version 1 --project fin/other --commit "$other"
    [ "$(rows 'SELECT provider, base_url, path FROM build JOIN project USING (project_id) ORDER BY 3')" = \
        $'gitlab|https://gitlab.example|fin/core\ngit|gitlab.example|fin/other' ]

    unset GITLAB_CI
    mkdir ../bare && cd ../bare
    expect 4 record deployment --service ledger --version 1 --environment production --status success
    says "which project? This is neither a clone nor a pipeline"
    { echo; echo "{\"event\": \"build\", \"service\": \"a\", \"version\": \"1\", \"commit\": \"$other\"}"; } > events
    expect 3 record --file events
    says "events:2: which project?"
    expect 0 record incident --service a --id 1 --opened 2025-11-30T10:00Z
    [ "$(rows 'SELECT project_id FROM incident')" = 0 ]
}

@test "in a merge request nothing is recorded, and mistakes are found all the same" {
    clone
    in_pipeline
    CI_MERGE_REQUEST_IID=3 expect 0 record build --service ledger --version 1
    says "not recorded, this is a merge request: build 1 of ledger in fin/core"
    [ ! -e .qgate ]
    CI_MERGE_REQUEST_IID=3 expect 4 record build --version 1
    says "--service is missing"
}

@test "what the store does not take now waits for the next run, and that is said" {
    clone
    export QGATE_STORE=postgresql://nobody@127.0.0.1:1/none
    run qgate record build --service ledger --version 1
    [[ "$output" != *"built without PostgreSQL"* ]] || skip "built without PostgreSQL"
    [ "$status" -eq 0 ]
    says "the store does not answer: kept in .qgate/spool.jsonl for the next run"
    says "kept build 1 of ledger in fin/core"
    expect 0 record incident --service ledger --id 1 --opened 2025-11-30T10:00Z
    unset QGATE_STORE
    expect 0 record incident --service ledger --id 1 --resolved 2025-11-30T11:00Z
    says_not "spool.jsonl"
    [ "$(rows 'SELECT version FROM build')" = 1 ]
    [ "$(rows 'SELECT created_ms, resolved_ms FROM incident')" = "1764496800000|1764500400000" ]
}

@test "what was recorded of a service that is not listed is said, never dropped" {
    clone
    git commit -q --allow-empty -m one
    printf 'version: 1\nservices: {ledger: {project: .}, fees: {project: fin/fees}}\nrepositories: {fin/fees: {url: .}}\n' \
        > delivery.yml
    recorded() {
        expect 0 record "$@" --version 1 --commit "$(git rev-parse HEAD)"
    }
    recorded build --service ledger
    recorded build --service legder
    recorded deployment --service legder --environment production --status success --id 1
    recorded deployment --service legder --environment production --status failed --id 2
    recorded build --service fees # of fin/core
    recorded build --service fees --project fin/fees
    expect 0 record incident --service ledger --id 1 --opened 2025-11-30T10:00Z
    expect 0 record incident --service cards --id 2 --opened 2025-11-30T10:00Z
    run qgate dora --delivery delivery.yml
    says 'what was recorded in fin/core of "legder" is not counted (1 build, 2 deployments): no such service of that project is listed'
    says 'what was recorded in fin/core of "fees" is not counted (1 build): '
    says 'what was recorded without a project of "cards" is not counted (1 incident): no such service is listed'
    [ "$(grep -c 'is not counted' <<< "$output")" -eq 3 ]
}

@test "a store that cannot be used is said in plain words" {
    clone
    record=(record incident --service ledger --id 1 --opened 2025-11-30T10:00Z)
    expect 0 "${record[@]}"
    sqlite3 .qgate/history.db 'PRAGMA user_version = 99'
    expect 3 "${record[@]}"
    says "qgate: .qgate/history.db: was written by a newer qgate: its schema is 99, this one knows "
    rm .qgate/history.db*
    seq 10000 > .qgate/history.db
    expect 3 "${record[@]}"
    says "qgate: .qgate/history.db: is not an SQLite database"
    says "hint: move it away: qgate makes a new one"
    rm .qgate/history.db*
    expect 0 "${record[@]}"
    truncate -s 20000 .qgate/history.db
    expect 3 "${record[@]}"
    says "qgate: .qgate/history.db: the database is damaged"
    QGATE_STORE=$PWD/.qgate expect 4 "${record[@]}"
    says ".qgate: is not a file"
}

@test "a store that may not be written to, and a disk that is full" {
    clone
    record=(record incident --service ledger --opened 2025-11-30T10:00Z --id)
    mkdir ../shared
    export QGATE_STORE=$PWD/../shared/history.db
    expect 0 "${record[@]}" 1
    chmod -w ../shared/*
    if [ "$(id -u)" = 0 ]; then # who may do everything is held to what others may
        printf '#!/bin/sh\nexec setpriv --bounding-set=-dac_override,-dac_read_search "%s" "$@"\n' "$QGATE" > ../bound
        chmod +x ../bound
        QGATE=$PWD/../bound
    fi
    expect 3 "${record[@]}" 2
    says "history.db: may not be written to by this user"
    says "hint: give the user the right to, or name another store in QGATE_STORE"
    [ ! -e .qgate/spool.jsonl ]
    chmod +w ../shared/*
    chmod -w ../shared
    QGATE_STORE=$PWD/../shared/other.db expect 0 "${record[@]}" 3
    says "other.db: the store does not answer: kept in .qgate/spool.jsonl for the next run: cannot be opened: is its folder there"
    chmod +w ../shared
    ulimit -f 40 # blocks of 512 or 1024 bytes: no room for the tables
    trap '' XFSZ
    QGATE_STORE=$PWD/../shared/third.db expect 0 "${record[@]}" 4
    says "third.db: the store does not answer: kept in .qgate/spool.jsonl for the next run: the disk cannot be read or written"
    ulimit -f unlimited || true
    QGATE_STORE=$PWD/../shared/history.db expect 0 "${record[@]}" 5
    [ "$(sqlite3 ../shared/history.db 'SELECT GROUP_CONCAT(incident_id) FROM incident')" = 1,3,4,5 ]
}

@test "a database that freezes is waited for 40 seconds" {
    clone
    cat > ../frozen.py << 'END'
import socket, struct
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
while True:
    link, _ = server.accept()
    link.recv(4096)
    link.sendall(b"R" + struct.pack("!II", 8, 0) + b"Z" + struct.pack("!I", 5) + b"I")
    while link.recv(4096):
        pass
END
    timeout 120 python3 ../frozen.py > ../port 3>&- & frozen=$!
    until [ -s ../port ]; do sleep 0.05; done
    QGATE_STORE="postgresql://u@127.0.0.1:$(cat ../port)/db?sslmode=disable" run qgate record build --service ledger --version 1
    kill $frozen
    [[ "$output" != *"built without PostgreSQL"* ]] || skip "built without PostgreSQL"
    [ "$status" -eq 0 ]
    says "kept in .qgate/spool.jsonl for the next run: the database does not answer: nothing came for 40 s"
    [ "$(wc -l < .qgate/spool.jsonl)" -eq 1 ]
}

# refused TEXT ARGUMENT…: exit 4, says TEXT, and nothing is in the store.
refused() {
    local text=$1
    shift
    expect 4 record "$@"
    says "$text"
    [ ! -e .qgate ]
}

@test "wrong use says what to do" {
    clone
    refused "there are: build, deployment, incident"
    refused "there are: build, deployment, incident" buidl
    refused "there are: build, deployment, incident" build incident
    refused "--version is missing" build --service ledger
    refused "--resolved says nothing about a build" build --service ledger --version 1 --resolved 2025-11-30T10:00Z
    refused "40 hexadecimal digits" build --service ledger --version 1 --commit "${other:0:8}"
    refused "40 hexadecimal digits" build --service ledger --version 1 --commit "${other:0:39}g"
    refused "--version is empty" build --service ledger --version ""
    refused "is no text of one line" build --service ledger --version $'1\e[2J'
    refused "is no text of one line" build --service " ledger" --version 1
    refused "is longer than 256 bytes" build --service ledger --version "$(printf '%0300d' 0)"
    refused "--at is no time" build --service ledger --version 1 --at yesterday
    refused "like 2027-01-31T12:00:00Z" build --service ledger --version 1 --at 2025-11-31T00:00Z
    refused "--at lies in the future" build --service ledger --version 1 --at 2025-12-02T00:00:01Z
    refused "--environment is missing" deployment --service ledger --version 1
    refused "say what was deployed: its version, its commit or both" deployment --service ledger --environment e --status failed
    refused "--status is one of success|failed|canceled" deployment --service ledger --status ok
    refused "--id is missing" incident --service ledger --opened 2025-11-30T10:00Z
    refused "say when it was opened, acknowledged or resolved" incident --service ledger --id 1
    refused "--resolved lies before it was opened" incident --service ledger --id 1 --opened 2025-11-30T10:00Z \
        --resolved 2025-11-30T09:59Z
    refused "--caused-by names a deployment, and the cause is another" incident --service ledger --id 1 \
        --opened 2025-11-30T10:00Z --caused-by 1 --cause other
    refused "--file stands alone" --file events.jsonl --service ledger
    refused "--file stands alone" build --file events.jsonl
    expect 0 record build --service ledger --version 1 --at 2025-12-02T00:00:00Z
}

good() {
    cat << END
{"event": "build", "service": "ledger", "version": "1.4.2", "commit": "$other"}
{"event": "build", "service": "ledger", "version": "1.4.3", "commit": "$other", "digest": "sha256:aa", "at": "2025-11-30T10:00:00.5+01:00", "project": null}
{"event": "deployment", "service": "ledger", "version": "1.4.2", "environment": "production", "region": "eu", "status": "success", "at": "2025-11-30T10:00Z", "unplanned": true}
{"event": "deployment", "service": "fees", "project": "fin/fees", "commit": "$other", "environment": "production", "status": "failed", "at": "2025-11-30 10:00", "id": "7", "unplanned": false}

{"event": "incident", "service": "ledger", "id": "1", "opened": "2025-11-30T10:00:00Z", "urgency": "high", "priority": "P1", "origin": "customer", "cause": "change", "caused_by": "1.4.2"}
{"event": "incident", "service": "fees", "project": "fin/fees", "id": "1", "resolved": "2025-11-30T10:00:00Z", "cause": null}
END
}

# What the loader and the schema refuse alike.
bad() {
    cat << END
[]
"build"
{}
{"event": 1, "service": "a"}
{"event": "builds", "service": "a", "version": "1", "commit": "$other"}
{"event": "build", "service": "a", "version": "1"}
{"event": "build", "service": "a", "version": 1, "commit": "$other"}
{"event": "build", "service": "", "version": "1", "commit": "$other"}
{"event": "build", "service": "a ", "version": "1", "commit": "$other"}
{"event": "build", "service": "a", "version": "1", "commit": "${other:1}"}
{"event": "build", "service": "a", "version": "1", "commit": "$other", "opened": "2025-11-30T10:00Z"}
{"event": "build", "service": "a", "version": "1", "commit": "$other", "sha": "x"}
{"event": "deployment", "service": "a", "version": "1", "environment": "e", "status": "success"}
{"event": "deployment", "service": "a", "version": "1", "environment": "e", "at": "2025-11-30T10:00Z"}
{"event": "deployment", "service": "a", "environment": "e", "status": "success", "at": "2025-11-30T10:00Z"}
{"event": "deployment", "service": "a", "version": "1", "environment": "e", "status": "ok", "at": "2025-11-30T10:00Z"}
{"event": "deployment", "service": "a", "version": "1", "environment": "e", "status": "success", "at": "2025-11-30"}
{"event": "deployment", "service": "a", "version": "1", "environment": "e", "status": "success", "at": "2025-11-30T10:00Z", "unplanned": "yes"}
{"event": "incident", "service": "a", "id": "1"}
{"event": "incident", "service": "a", "opened": "2025-11-30T10:00Z"}
{"event": "incident", "service": "a", "id": "1", "opened": "2025-11-30T10:00Z", "cause": "unknown"}
END
}

@test "other systems tell events a line each, in a file or a pipe, as often as they like" {
    clone
    good > events.jsonl
    expect 0 record --file events.jsonl
    [ "$output" = "recorded 2 builds, 2 deployments, 2 incidents" ]
    SOURCE_DATE_EPOCH=1764600000 run qgate record --file - < events.jsonl
    [ "$status" -eq 0 ]
    [ "$(rows 'SELECT COUNT(*) FROM build')" = 2 ]
    [ "$(rows 'SELECT path, service_id, region, version, status, finished_ms, flagged FROM deployment
        JOIN project USING (project_id) ORDER BY 1')" = \
        $'fin/core|ledger|eu|1.4.2|success|1764496800000|1\nfin/fees|fees|-|-|failed|1764496800000|0' ]
    [ "$(rows 'SELECT COUNT(*), SUM(project_id = 0) FROM incident')" = "2|1" ]
    printf '\n' > empty
    expect 0 record --file empty
    says "there is no event in the file"
}

@test "a line that is no event is named, and nothing of its file is stored" {
    clone
    good > events.jsonl
    echo '{"event": "build", "service": "ledger", "version": "1", "commit": "", "comit": ""}' >> events.jsonl
    expect 3 record --file events.jsonl
    says "events.jsonl:8: commit is not the whole number of a commit"
    echo '{"event": "build", "svervice": "ledger"}' > events.jsonl
    expect 3 record --file events.jsonl
    says 'events.jsonl:1: there is no key "svervice"'
    says "did you mean service?"
    printf '{"event": "build", "service": "a", "version": "1", "version": "2", "commit": "%s"}' "$other" > events.jsonl
    expect 3 record --file events.jsonl
    says "events.jsonl:1: is no JSON object"
    { printf '{"event": "build", "service": "'; head -c 70000 /dev/zero | tr '\0' a; echo '"}'; } > events.jsonl
    expect 3 record --file events.jsonl
    says "events.jsonl:1: is longer than 65536 bytes"
    good | sed -n 1p | awk '{for (i = 0; i < 20001; i++) print}' > events.jsonl
    expect 3 record --file events.jsonl
    says "events.jsonl:20001: there are more than 20000 events"
    expect 3 record --file missing.jsonl
    mkdir folder
    expect 3 record --file folder
    [ ! -e .qgate ]
}

@test "the schema takes what is recorded and refuses what is refused" {
    clone
    expect 0 schema event
    cmp <(qgate schema event) "$here/schemas/event.schema.json"
    bad > bad.jsonl
    good > good.jsonl
    while read -r line; do
        expect 3 record --file - <<< "$line"
    done < bad.jsonl
    python3 - "$here/schemas/event.schema.json" << 'END'
import json, sys
import jsonschema

schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
for name, wanted in (("good.jsonl", True), ("bad.jsonl", False)):
    for line in filter(str.strip, open(name)):
        if validator.is_valid(json.loads(line)) != wanted:
            sys.exit(f"{name}: {line}")
END
}

@test "a configuration may name another variable of the store, and nothing else of it is shown" {
    clone
    printf 'version: 1\nstore: {url_env: SECRET}\nservices: {core: {project: .}}\ndeployments: [{tags: "v*"}]\n' > delivery.yml
    git tag v1
    expect 2 dora # the tag is later than the moment of these tests
    SECRET=glpat-abc expect 4 dora
    says "delivery.yml: SECRET holds no URL of a PostgreSQL"
    says_not "glpat"
    SECRET=postgresql://user:glpat-abc@127.0.0.1:1/none run qgate dora
    [ "$status" -ne 0 ]
    says_not "glpat"
}
