-- Faces, as far as their owners consent: a vector, and the consent that it stands on.
CREATE TABLE template (
    holder     TEXT PRIMARY KEY,
    vector     BLOB NOT NULL,
    made_at    TEXT NOT NULL,
    credential TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What is still to be told, each once; a row goes when records have answered.
CREATE TABLE report (
    id         TEXT PRIMARY KEY,    -- UUIDv7
    kind       TEXT NOT NULL,
    holder     TEXT NOT NULL,
    credential TEXT NOT NULL,
    at         TEXT NOT NULL
) STRICT, WITHOUT ROWID;
