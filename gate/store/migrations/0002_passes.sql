-- Somebody came in by a right: thirty days, for the question of an officer, and never told by itself.
CREATE TABLE pass (
    id     INTEGER PRIMARY KEY,
    door   TEXT NOT NULL,
    holder TEXT NOT NULL,
    at     TEXT NOT NULL,       -- RFC 3339, UTC, whole seconds
    kind   TEXT NOT NULL
) STRICT;

CREATE INDEX pass_of_holder ON pass (holder, at);
CREATE INDEX pass_by_time ON pass (at);

-- The half minutes that telephones have shown here, so that none opens twice.
CREATE TABLE phone_seen (
    credential TEXT NOT NULL,
    counter    INTEGER NOT NULL,
    PRIMARY KEY (credential, counter)
) STRICT, WITHOUT ROWID;
