-- Runs belong to a job, a transformation or a pipeline. An owner's history is deleted by the area that deletes the owner.
CREATE TABLE next_run (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    parent_run_id TEXT,
    status TEXT NOT NULL,
    state TEXT NOT NULL,
    details TEXT,
    full_refresh BIGINT NOT NULL,
    triggered_by TEXT NOT NULL,
    claimed_by TEXT,
    canceled_by TEXT,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    rows_read BIGINT NOT NULL,
    records_affected BIGINT NOT NULL,
    started_with TEXT NOT NULL DEFAULT ''
);

CREATE TABLE next_task_run (
    id TEXT PRIMARY KEY,
    run_id TEXT NOT NULL REFERENCES next_run (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    task_id TEXT NOT NULL,
    task_name TEXT NOT NULL,
    position BIGINT NOT NULL,
    status TEXT NOT NULL,
    state TEXT NOT NULL,
    details TEXT,
    started_at TEXT,
    finished_at TEXT,
    rows_read BIGINT NOT NULL,
    records_affected BIGINT NOT NULL,
    milliseconds BIGINT NOT NULL,
    destination_table TEXT,
    check_column TEXT,
    checkpoint TEXT
);

CREATE TABLE next_run_log (
    run_id TEXT NOT NULL REFERENCES next_run (id) ON DELETE CASCADE,
    line BIGINT NOT NULL,
    at TEXT NOT NULL,
    level TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (run_id, line)
);

INSERT INTO next_run (id, kind, owner_id, status, state, details, full_refresh, triggered_by, claimed_by, canceled_by, started_at, finished_at, rows_read, records_affected, started_with)
SELECT id, 'job', job_id, status, state, details, full_refresh, triggered_by, claimed_by, canceled_by, started_at, finished_at, rows_read, records_affected, started_with FROM run;

INSERT INTO next_task_run (id, run_id, kind, owner_id, task_id, task_name, position, status, state, details, started_at, finished_at, rows_read, records_affected, milliseconds, destination_table, check_column, checkpoint)
SELECT id, run_id, 'job', job_id, task_id, task_name, position, status, state, details, started_at, finished_at, rows_read, records_affected, milliseconds, destination_table, check_column, checkpoint FROM task_run;

INSERT INTO next_run_log (run_id, line, at, level, text) SELECT run_id, line, at, level, text FROM run_log;

-- What refers goes before what it refers to: else the deletion of runs would take it along.
DROP TABLE run_log;
DROP TABLE task_run;
DROP TABLE run;
ALTER TABLE next_run RENAME TO run;
ALTER TABLE next_task_run RENAME TO task_run;
ALTER TABLE next_run_log RENAME TO run_log;

-- Each owner has one unfinished run at most, whoever starts it.
CREATE UNIQUE INDEX run_unfinished ON run (kind, owner_id) WHERE finished_at IS NULL;
CREATE INDEX run_newest ON run (kind, owner_id, started_at, id);
CREATE INDEX run_children ON run (parent_run_id) WHERE parent_run_id IS NOT NULL;
CREATE INDEX task_run_of_run ON task_run (run_id, position);
CREATE INDEX task_run_newest ON task_run (kind, owner_id, task_id, started_at, id);
