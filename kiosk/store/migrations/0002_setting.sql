-- What must outlive a restart and is no event: one row per key of kiosk.store.settings.SettingKey.
CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
