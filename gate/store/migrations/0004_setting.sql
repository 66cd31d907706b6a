-- What outlives a restart and is of nobody: the policy, records' time (gate.store.settings).
CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL            -- JSON
) STRICT, WITHOUT ROWID;
