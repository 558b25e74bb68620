-- What was said of an incident's cause stands beside what follows from the history.

ALTER TABLE incident ADD COLUMN caused_by TEXT;
UPDATE incident SET caused_by = caused_by_deployment_id, caused_by_deployment_id = NULL,
    link_method = NULL WHERE link_method = 'stated';
