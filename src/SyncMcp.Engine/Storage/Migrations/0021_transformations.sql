-- As a job: one row with its document, and its tasks as a list in their order, so that one version covers both.
CREATE TABLE transformation (
    id TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspace (id),
    name TEXT NOT NULL,
    destination_id TEXT NOT NULL REFERENCES connection (id),
    after_job_id TEXT REFERENCES job (id),
    document TEXT NOT NULL,
    tasks TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (workspace_id, name)
);

CREATE INDEX transformation_destination ON transformation (destination_id);
CREATE INDEX transformation_after_job ON transformation (after_job_id);
