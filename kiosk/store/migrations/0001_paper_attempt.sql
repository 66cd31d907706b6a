-- One row per attempt to issue a paper (kiosk.store.journal, docs/issuing.md). No column can hold anything personal.
CREATE TABLE paper_attempt (
    id         INTEGER PRIMARY KEY,
    key        TEXT NOT NULL UNIQUE,    -- UUID: the reservation's Idempotency-Key, the root of the later ones
    kind       TEXT NOT NULL,
    purpose    TEXT NOT NULL,           -- the policy's id of the purpose
    replaces   TEXT NOT NULL,           -- the void serial that this one reissues, or empty
    state      TEXT NOT NULL CHECK (state IN ('reserving', 'reserved', 'sealed', 'spooled', 'printed', 'settled')),
    serial     TEXT UNIQUE,             -- from 'reserved' on
    digest     TEXT,                    -- hex SHA-256 of the sealed byte ranges, from 'sealed' on
    wish       TEXT CHECK (wish IN ('deliver', 'void')),
    reason     TEXT,                    -- records' VoidReason, with the wish 'void'
    outcome    TEXT CHECK (outcome IN ('delivered', 'void')),  -- what records answered, with 'settled'
    refusal    TEXT NOT NULL DEFAULT '',                       -- why records did not take the wish, last time
    begun_at   TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    CHECK ((wish = 'void') = (reason IS NOT NULL)),
    CHECK ((state = 'settled') = (outcome IS NOT NULL)),
    CHECK (state <> 'settled' OR wish IS NOT NULL)
) STRICT;

CREATE INDEX paper_attempt_open ON paper_attempt (id) WHERE state <> 'settled';
