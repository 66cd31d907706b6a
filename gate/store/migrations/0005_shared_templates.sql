-- Whose gate a face was made at; empty: this one's. And which of those made here other gates have.
ALTER TABLE template ADD COLUMN maker TEXT NOT NULL DEFAULT '';

-- Goes with the face, so that a new one is offered to everybody again.
CREATE TABLE template_given (
    holder TEXT NOT NULL REFERENCES template (holder) ON DELETE CASCADE,
    device TEXT NOT NULL,
    PRIMARY KEY (holder, device)
) STRICT, WITHOUT ROWID;
