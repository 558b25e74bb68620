#!/usr/bin/env bats
# Measures of gates themselves: what `qgate check` recorded of a project's pipelines, asked by a policy.
load ../support/common
load ../support/history

# run_of JOB FAILED MINUTES: a pipeline of main that took so long, with so many failing tests.
run_of() {
    junit unit.xml 10 "$2"
    export CI=true GITLAB_CI=true CI_PROJECT_ID=42 CI_PROJECT_PATH=fin/core CI_SERVER_URL=https://gitlab.example \
        CI_DEFAULT_BRANCH=main CI_COMMIT_BRANCH=main CI_JOB_ID=$1 \
        CI_PIPELINE_CREATED_AT=2025-11-30T23:$((60 - $3)):00Z
    run qgate check --quiet
}

project() {
    git init -q -b main
    cat > .qgate.yml << 'END'
version: 1
reports: [{format: junit, path: unit.xml}]
gates:
  - {name: unit, require: [tests.failed == 0]}
  - {name: size, warn: [tests.total >= 100]}
  - name: history
    stage: deploy
    require:
      - gates.runs{stage="build"} >= 3 # its own runs are of another stage
      - gates.pass_rate{stage="build"} >= 80%
      - gates.duration.p50{stage="build"} <= 15min
      - {rule: 'gates.pass_rate{stage="build"} >= 50%', each: gate}
END
    commit
    git tag v1
}

@test "a policy asks how often and how fast the project's pipelines passed" {
    project
    run_of 1 0 10
    run_of 2 1 20
    run_of 3 0 30
    run_of 3 0 30 # again, the same
    expect 1 check --stage deploy --verbose
    shown=$(tr -s ' ' <<< "$output")
    [[ "$shown" == *'gates.runs{stage="build"} >= 3 3'* ]]
    [[ "$shown" == *'gates.pass_rate{stage="build"} >= 80% 66.7 % (2 of 3)'* ]]
    [[ "$shown" == *'gates.duration.p50{stage="build"} <= 15min 20 min (n 3, few)'* ]]
    [[ "$shown" == *'gates.pass_rate{stage="build"} >= 50% for size 100 % (3 of 3)'* ]] # it only warns
    [[ "$shown" == *'gates.pass_rate{stage="build"} >= 50% for unit 66.7 % (2 of 3)'* ]]
    for job in 4 5; do run_of $job 0 1; done
    expect 0 check --stage deploy
}

@test "a project without a run has none, and no rate" {
    project
    export CI=true GITLAB_CI=true CI_PROJECT_ID=42 CI_PROJECT_PATH=fin/core
    expect 1 check --stage deploy --verbose
    says "nothing was judged in this time"
}

@test "runs of another project with the same store are not counted" {
    project
    for job in 1 2 3; do run_of $job 0 1; done
    expect 0 check --stage deploy
    CI_PROJECT_ID=43 CI_PROJECT_PATH=fin/other expect 1 check --stage deploy
    says "nothing was judged in this time"
}

@test "a team aims at how its pipelines pass" {
    sh "$here/tests/support/estate.sh"
    cd core
    sed -i 's|payments: {name: Payments, |&targets: ["gates.pass_rate{stage=\\"build\\"} >= 80%"], |' delivery.yml
    cat > .qgate.yml << 'END'
version: 1
reports: [{format: junit, path: unit.xml}]
gates: [{name: unit, require: [tests.failed == 0]}]
END
    git add -A
    git commit -qm policy
    export CI=true GITLAB_CI=true CI_PROJECT_ID=42 CI_PROJECT_PATH=fin/payments/core CI_DEFAULT_BRANCH=main \
        CI_COMMIT_BRANCH=main SOURCE_DATE_EPOCH=1806537600
    for job in 1 2 3; do
        junit unit.xml 10 $((job == 3))
        CI_JOB_ID=$job run qgate check --quiet
    done
    expect 1 dora --check --team payments
    [[ "$(tr -s ' ' <<< "$output")" == *'gates.pass_rate{stage="build"} >= 80% 66.7 % (2 of 3)'* ]]
    for job in 4 5; do
        junit unit.xml 10 0
        CI_JOB_ID=$job expect 0 check --quiet
    done
    expect 0 dora --check --team payments
}
