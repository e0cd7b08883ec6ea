-- Generated from the table definitions; do not edit.
-- The state file of `flaglake sync`. Times are UTC text such as 2026-11-20T02:00:00.000Z.

-- One row per sync.
CREATE TABLE IF NOT EXISTS syncs (
    sync_name TEXT NOT NULL,
    object TEXT NOT NULL,
    target TEXT NOT NULL,
    mapping_hash TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    cursor TEXT,
    account_id TEXT,
    personal_data TEXT NOT NULL,
    context_kind TEXT,
    identity TEXT,
    PRIMARY KEY (sync_name)
);

-- One row per run of a sync. A dry run leaves none.
CREATE TABLE IF NOT EXISTS sync_runs (
    sync_run_id TEXT NOT NULL,
    sync_name TEXT NOT NULL,
    started_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP,
    outcome TEXT NOT NULL,
    rows_read BIGINT NOT NULL,
    rows_invalid BIGINT NOT NULL,
    rows_unchanged BIGINT NOT NULL,
    rows_duplicate BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    added BIGINT NOT NULL,
    removed BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    foreign_rows BIGINT NOT NULL,
    requests BIGINT NOT NULL,
    PRIMARY KEY (sync_run_id)
);

-- One row per row of the source that a sync has sent, by its key.
CREATE TABLE IF NOT EXISTS sync_rows (
    sync_name TEXT NOT NULL,
    row_key TEXT NOT NULL,
    payload_hash BIGINT NOT NULL,
    status TEXT NOT NULL,
    last_run TEXT NOT NULL,
    PRIMARY KEY (sync_name, row_key)
);

-- One row per row of the source that did not reach LaunchDarkly, and the reason.
CREATE TABLE IF NOT EXISTS sync_rejected (
    sync_run_id TEXT NOT NULL,
    row_number BIGINT NOT NULL,
    row_key TEXT,
    reason TEXT NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (sync_run_id, row_number)
);

-- One row per batch of events: stored before it is sent, kept without its bytes afterwards.
CREATE TABLE IF NOT EXISTS sync_batches (
    sync_name TEXT NOT NULL,
    payload_id TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    rows BIGINT NOT NULL,
    body TEXT,
    row_keys TEXT,
    cursor TEXT,
    PRIMARY KEY (sync_name, payload_id)
);
