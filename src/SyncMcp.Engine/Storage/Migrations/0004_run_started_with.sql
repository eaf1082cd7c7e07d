-- What the job and its connections were when the run was started: a run works that and nothing else.
ALTER TABLE run ADD COLUMN started_with TEXT NOT NULL DEFAULT '';
