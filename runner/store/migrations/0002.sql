-- Deliveries and what gates measured. No sequences: every key is made of what it stands for, so that
-- a row can be put twice. The key of a fact begins with project_id.
--
-- Where the comment WITHOUT ROWID stands, SQLite is given the words: the rows lie in their key then,
-- and the two large tables take 41 % less room.

-- The bodies lie before the age: without this the oldest could be found by reading all of them only.
CREATE INDEX gate_evidence_age ON gate_evidence (project_id, stage, policy_name, created_ms);

-- reference: small, whole on every node

CREATE TABLE team (
    team_id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    parent_id TEXT,
    tz TEXT NOT NULL DEFAULT 'UTC'
);

CREATE TABLE metric_target (
    team_id TEXT NOT NULL,
    metric TEXT NOT NULL,
    valid_from_ms BIGINT NOT NULL,
    op TEXT NOT NULL,
    value DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (team_id, metric, valid_from_ms)
) /* WITHOUT ROWID */;

CREATE TABLE project (
    project_id BIGINT NOT NULL PRIMARY KEY,
    provider TEXT NOT NULL,
    base_url TEXT NOT NULL,
    external_id TEXT NOT NULL,
    path TEXT NOT NULL,
    default_ref TEXT NOT NULL DEFAULT 'main',
    UNIQUE (provider, base_url, external_id)
);

-- facts: distributed by project_id

CREATE TABLE service (
    project_id BIGINT NOT NULL,
    service_id TEXT NOT NULL,
    path_globs TEXT NOT NULL DEFAULT '**',
    tier SMALLINT NOT NULL DEFAULT 3,
    PRIMARY KEY (project_id, service_id)
) /* WITHOUT ROWID */;

CREATE TABLE ownership (
    project_id BIGINT NOT NULL,
    service_id TEXT NOT NULL,
    team_id TEXT NOT NULL,
    valid_from_ms BIGINT NOT NULL,
    valid_to_ms BIGINT NOT NULL DEFAULT 9223372036854775807,
    PRIMARY KEY (project_id, service_id, team_id, valid_from_ms)
) /* WITHOUT ROWID */;

CREATE TABLE build (
    project_id BIGINT NOT NULL,
    service_id TEXT NOT NULL,
    version TEXT NOT NULL,
    sha TEXT NOT NULL,
    image_digest TEXT,
    ref TEXT,
    built_ms BIGINT,
    updated_ms BIGINT NOT NULL,
    PRIMARY KEY (project_id, service_id, version)
) /* WITHOUT ROWID */;

CREATE TABLE change (
    project_id BIGINT NOT NULL,
    change_id BIGINT NOT NULL,
    author TEXT,
    author_is_bot SMALLINT NOT NULL DEFAULT 0,
    state TEXT NOT NULL,
    kind TEXT NOT NULL DEFAULT 'normal',
    source_ref TEXT,
    target_ref TEXT,
    head_sha TEXT,
    landed_sha TEXT,
    first_commit_ms BIGINT,
    created_ms BIGINT,
    ready_ms BIGINT,
    first_review_ms BIGINT,
    first_approval_ms BIGINT,
    merged_ms BIGINT,
    closed_ms BIGINT,
    lines_added BIGINT,
    lines_removed BIGINT,
    files_changed BIGINT,
    human_notes BIGINT,
    diff_notes BIGINT,
    suggestions BIGINT,
    reverts_change_id BIGINT,
    updated_ms BIGINT NOT NULL,
    PRIMARY KEY (project_id, change_id)
) /* WITHOUT ROWID */;
CREATE INDEX change_landed ON change (project_id, landed_sha);
CREATE INDEX change_merged ON change (project_id, merged_ms);

CREATE TABLE change_commit (
    project_id BIGINT NOT NULL,
    change_id BIGINT NOT NULL,
    sha TEXT NOT NULL,
    authored_ms BIGINT NOT NULL,
    committed_ms BIGINT NOT NULL,
    patch_id TEXT,
    PRIMARY KEY (project_id, change_id, sha)
) /* WITHOUT ROWID */;

CREATE TABLE deployment (
    project_id BIGINT NOT NULL,
    deployment_id TEXT NOT NULL,
    service_id TEXT NOT NULL,
    environment TEXT NOT NULL,
    tier TEXT NOT NULL,
    source TEXT NOT NULL,
    status TEXT NOT NULL,
    kind TEXT NOT NULL,
    app_sha TEXT,
    version TEXT,
    image_digest TEXT,
    gitops_repo TEXT,
    gitops_sha TEXT,
    prev_deployment_id TEXT,
    initiated_by TEXT,
    started_ms BIGINT,
    synced_ms BIGINT,
    healthy_ms BIGINT,
    finished_ms BIGINT,
    failed SMALLINT NOT NULL DEFAULT 0,
    failure_reason TEXT,
    recovered_ms BIGINT,
    unplanned SMALLINT NOT NULL DEFAULT 0,
    updated_ms BIGINT NOT NULL,
    PRIMARY KEY (project_id, deployment_id)
) /* WITHOUT ROWID */;
CREATE INDEX deployment_chain ON deployment (project_id, service_id, environment, finished_ms);

CREATE TABLE deployment_change (
    project_id BIGINT NOT NULL,
    deployment_id TEXT NOT NULL,
    change_id BIGINT NOT NULL,
    is_first SMALLINT NOT NULL,
    lead_ms BIGINT,
    merge_to_deploy_ms BIGINT,
    PRIMARY KEY (project_id, deployment_id, change_id)
) /* WITHOUT ROWID */;

-- project_id 0: not mapped to a service yet
CREATE TABLE incident (
    project_id BIGINT NOT NULL,
    incident_id TEXT NOT NULL,
    source TEXT NOT NULL,
    service_id TEXT,
    urgency TEXT,
    priority TEXT,
    impact_ms BIGINT,
    created_ms BIGINT NOT NULL,
    acked_ms BIGINT,
    resolved_ms BIGINT,
    cause TEXT NOT NULL DEFAULT 'unknown',
    caused_by_deployment_id TEXT,
    link_method TEXT,
    updated_ms BIGINT NOT NULL,
    PRIMARY KEY (project_id, incident_id)
) /* WITHOUT ROWID */;

-- The day (20270301, UTC) is in the keys of the two large tables, so that they can be partitioned
-- by it without making the keys anew.

CREATE TABLE gate_run (
    project_id BIGINT NOT NULL,
    day INTEGER NOT NULL,
    run_id TEXT NOT NULL,
    service_id TEXT,
    pipeline_id BIGINT,
    job_id BIGINT,
    change_id BIGINT,
    sha TEXT NOT NULL,
    ref TEXT,
    stage TEXT NOT NULL,
    policy_hash TEXT NOT NULL,
    verdict TEXT NOT NULL,
    started_ms BIGINT NOT NULL,
    finished_ms BIGINT NOT NULL,
    PRIMARY KEY (project_id, day, run_id)
) /* WITHOUT ROWID */;
CREATE INDEX gate_run_sha ON gate_run (project_id, sha);

CREATE TABLE gate_measurement (
    project_id BIGINT NOT NULL,
    day INTEGER NOT NULL,
    run_id TEXT NOT NULL,
    metric TEXT NOT NULL,
    subject TEXT NOT NULL DEFAULT '',
    value DOUBLE PRECISION,
    num DOUBLE PRECISION,
    den DOUBLE PRECISION,
    threshold DOUBLE PRECISION,
    op TEXT,
    verdict TEXT NOT NULL,
    PRIMARY KEY (project_id, day, run_id, metric, subject)
) /* WITHOUT ROWID */;

CREATE TABLE span_event (
    project_id BIGINT NOT NULL,
    event_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    service_id TEXT,
    begin_ms BIGINT NOT NULL,
    end_ms BIGINT,
    attrs TEXT,
    updated_ms BIGINT NOT NULL,
    PRIMARY KEY (project_id, event_id)
) /* WITHOUT ROWID */;

CREATE TABLE source_cursor (
    project_id BIGINT NOT NULL,
    source TEXT NOT NULL,
    stream TEXT NOT NULL,
    cursor_text TEXT,
    updated_ms BIGINT NOT NULL,
    PRIMARY KEY (project_id, source, stream)
) /* WITHOUT ROWID */;
