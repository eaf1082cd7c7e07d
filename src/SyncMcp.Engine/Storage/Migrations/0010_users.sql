CREATE TABLE account (
    id TEXT PRIMARY KEY,
    login TEXT NOT NULL,
    login_key TEXT NOT NULL UNIQUE,
    email_address TEXT,
    password_hash TEXT NOT NULL,
    is_active INTEGER NOT NULL,
    roles TEXT NOT NULL,
    token_hash TEXT UNIQUE,
    token_expires_at TEXT,
    version BIGINT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);
