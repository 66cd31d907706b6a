-- Who may come in, as records told it: nameless, with its own end (gate.store.grants). The file is encrypted.
CREATE TABLE grant (
    id          TEXT PRIMARY KEY,
    holder      TEXT NOT NULL,
    starts_on   TEXT NOT NULL,
    ends_on     TEXT,
    grace_until TEXT,
    revision    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX grant_of_holder ON grant (holder);
CREATE INDEX grant_by_end ON grant (coalesce(grace_until, ends_on));

CREATE TABLE way (
    grant_id   TEXT NOT NULL REFERENCES grant (id) ON DELETE CASCADE,
    credential TEXT NOT NULL,
    kind       TEXT NOT NULL,
    ref        TEXT NOT NULL,       -- what is compared; empty: a face
    starts_at  TEXT,                -- RFC 3339, UTC
    ends_at    TEXT,
    PRIMARY KEY (grant_id, credential)
) STRICT, WITHOUT ROWID;

CREATE INDEX way_by_ref ON way (ref, kind);
CREATE INDEX way_by_credential ON way (credential);

-- What has become of a way at this gate; it goes with the last grant that the way stands in.
CREATE TABLE way_state (
    credential TEXT PRIMARY KEY,
    holder     TEXT NOT NULL,
    kind       TEXT NOT NULL,
    proved     INTEGER NOT NULL DEFAULT 0,   -- it has opened here
    cancelled  INTEGER NOT NULL DEFAULT 0    -- shown at two places that one person can't be at
) STRICT, WITHOUT ROWID;

CREATE INDEX way_state_of_holder ON way_state (holder);

-- Where the feed stands (backend_client.gate_changes). An empty cursor: begin with a snapshot.
CREATE TABLE feed (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    cursor      TEXT NOT NULL,
    began_at    TEXT NOT NULL,
    server_time TEXT NOT NULL
) STRICT;

-- The door that this gate stands at, and the gates that share holders with it: the wire's own JSON.
CREATE TABLE place (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    door  TEXT NOT NULL,
    peers TEXT NOT NULL
) STRICT;
