-- Who did what to this terminal, as a hash chain (terminal.store.audit). Rows are only ever added.
CREATE TABLE audit (
    seq    INTEGER PRIMARY KEY,
    at     TEXT NOT NULL,           -- RFC 3339, UTC
    kind   TEXT NOT NULL,
    fields TEXT NOT NULL,           -- canonical JSON
    prev   TEXT NOT NULL,           -- hex SHA-256 of the row before
    hash   TEXT NOT NULL UNIQUE
) STRICT;

CREATE TRIGGER audit_is_not_rewritten BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit rows do not change'); END;
CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit rows do not go'); END;
