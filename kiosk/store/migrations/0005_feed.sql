-- What the feed of records has said (kiosk.store.feed). No column can hold anything personal.
CREATE TABLE void_paper (
    serial TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE feed (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    cursor   TEXT NOT NULL,
    began_at TEXT NOT NULL   -- when the snapshot was read that it goes on from
) STRICT;

-- An alarm that records have not answered for yet (kiosk.store.alarms): a number, a moment, and whether it is a test.
CREATE TABLE alarm (
    id        TEXT PRIMARY KEY,
    raised_at TEXT NOT NULL,
    test      INTEGER NOT NULL CHECK (test IN (0, 1))
) STRICT, WITHOUT ROWID;
