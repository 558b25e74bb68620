-- What is recorded one event at a time: the region of a deployment, and incidents of which an event
-- tells a part only (that one is resolved), so nothing but the key has to be known.

ALTER TABLE deployment ADD COLUMN region TEXT;

CREATE TABLE incident_known (
    project_id BIGINT NOT NULL,
    incident_id TEXT NOT NULL,
    source TEXT NOT NULL,
    service_id TEXT,
    urgency TEXT,
    priority TEXT,
    impact_ms BIGINT,
    created_ms BIGINT,
    acked_ms BIGINT,
    resolved_ms BIGINT,
    cause TEXT,
    caused_by_deployment_id TEXT,
    link_method TEXT,
    updated_ms BIGINT NOT NULL,
    origin TEXT,
    PRIMARY KEY (project_id, incident_id)
) /* WITHOUT ROWID */;
INSERT INTO incident_known SELECT project_id, incident_id, source, service_id, urgency, priority,
    impact_ms, created_ms, acked_ms, resolved_ms, NULLIF(cause, 'unknown'), caused_by_deployment_id,
    link_method, updated_ms, NULL FROM incident;
DROP TABLE incident;
ALTER TABLE incident_known RENAME TO incident;
CREATE INDEX incident_service ON incident (project_id, service_id);
CREATE INDEX project_path ON project (path);
