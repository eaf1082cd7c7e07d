-- What a run was to start after its good end, as that was when the run was started; see RunRow.Triggers.
ALTER TABLE run ADD COLUMN triggers TEXT;
-- A step's own run, and what a script gave.
ALTER TABLE task_run ADD COLUMN child_run_id TEXT;
ALTER TABLE task_run ADD COLUMN output TEXT;
