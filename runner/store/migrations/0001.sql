-- Evidence of a run on the target branch: the baseline of what comes after.
CREATE TABLE gate_evidence (
    project_id BIGINT NOT NULL,
    sha TEXT NOT NULL,
    stage TEXT NOT NULL,
    policy_name TEXT NOT NULL,
    body TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    PRIMARY KEY (project_id, sha, stage, policy_name)
);
