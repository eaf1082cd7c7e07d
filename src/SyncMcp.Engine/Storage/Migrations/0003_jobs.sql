-- A job is one row: its document, and its tasks as a list in their order, so that one version covers both.
CREATE TABLE job (
    id TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspace (id),
    name TEXT NOT NULL,
    source_id TEXT NOT NULL REFERENCES connection (id),
    destination_id TEXT NOT NULL REFERENCES connection (id),
    document TEXT NOT NULL,
    tasks TEXT NOT NULL,
    adopted TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (workspace_id, name)
);

CREATE INDEX job_source ON job (source_id);
CREATE INDEX job_destination ON job (destination_id);

CREATE TABLE run (
    id TEXT PRIMARY KEY,
    job_id TEXT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
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
    records_affected BIGINT NOT NULL
);

-- A job has one unfinished run at most, whoever starts it.
CREATE UNIQUE INDEX run_unfinished ON run (job_id) WHERE finished_at IS NULL;
CREATE INDEX run_newest ON run (job_id, started_at, id);

CREATE TABLE task_run (
    id TEXT PRIMARY KEY,
    run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    job_id TEXT NOT NULL,
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

CREATE INDEX task_run_of_run ON task_run (run_id, position);
CREATE INDEX task_run_newest ON task_run (job_id, task_id, started_at, id);

CREATE TABLE run_log (
    run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    line BIGINT NOT NULL,
    at TEXT NOT NULL,
    level TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (run_id, line)
);
