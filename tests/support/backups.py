"""A data folder whose backups have a key, with the key's private half elsewhere."""

from pathlib import Path

from records.backup import keys
from records.settings import FILE_NAME

_LINE = 'key_file = ""'


def give_backup_key(folder: Path, private: Path) -> None:
    """Make the pair, and name the public half in the settings."""
    keys.make(folder, private)
    settings = folder / FILE_NAME
    text = settings.read_text("utf-8")
    assert text.count(_LINE) == 1
    settings.write_text(text.replace(_LINE, f'key_file = "{keys.PUBLIC_FILE}"'), "utf-8")
