-- What was said of a recorded deployment (nobody had planned it) stands beside what follows from the
-- history.

ALTER TABLE deployment ADD COLUMN flagged SMALLINT;
UPDATE deployment SET flagged = unplanned WHERE source = 'recorded';
