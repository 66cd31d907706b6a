-- What residents handed in and records have not answered for (kiosk.store.outbox, docs/outbox.md). Every column but
-- ``sealed`` is in clear, and none of them says anything of anybody; ``sealed`` opens for records alone. A row is gone
-- as soon as records hold what it holds.
CREATE TABLE outbox (
    sequence     INTEGER PRIMARY KEY CHECK (sequence >= 1),  -- from outbox_last: without a gap, never used twice
    id           TEXT NOT NULL UNIQUE,                       -- UUIDv7: the same however often it is sent
    kind         TEXT NOT NULL,
    at           TEXT NOT NULL,                              -- the wall clock's, which may have been wrong
    boot_id      TEXT NOT NULL,
    monotonic_ms INTEGER NOT NULL,
    skew_ms      INTEGER,
    key_id       TEXT NOT NULL,
    blobs        TEXT NOT NULL,                              -- SHA-256 of its files, separated by blanks
    sealed       BLOB NOT NULL,
    size         INTEGER NOT NULL,                           -- bytes of it in a batch
    state        TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'aside')),
    problem      TEXT NOT NULL DEFAULT '',                   -- why records refused or held it, last time
    aside_at     TEXT CHECK ((state = 'aside') = (aside_at IS NOT NULL))
) STRICT;

CREATE INDEX outbox_state ON outbox (state, sequence, size);

CREATE TABLE outbox_last (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    sequence INTEGER NOT NULL
) STRICT;

INSERT INTO outbox_last VALUES (1, 0);
