"""``records backup``, ``backup-key``, ``restore``, ``restored``, and the seals of PostgreSQL's own archive."""

import argparse
import os
import shutil
import sys
from collections.abc import Callable
from datetime import timedelta
from hashlib import file_digest
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import URL

from civic.clock import SystemClock
from records import databases, installation, settings
from records.backup import aftermath, keys, lineage, making, restoring, retention, sealing
from records.backup.aftermath import Aftermath
from records.backup.restoring import UrlOf
from records.checking_cli import owner_url
from records.cli_words import days, instant, time
from records.context import Records
from records.errors import BackupError

Open = Callable[[argparse.Namespace], Records]
Add = Callable[[str, Callable[[argparse.Namespace], None], str], argparse.ArgumentParser]

_BY_HAND = """By hand, of what was done since then and is not here any more:
- records devices: revoke again whoever was revoked; enrol again whoever was enrolled, or renewed their certificate
- records key list: revoke again the keys that were revoked
- void again the papers that were voided; papers issued since then are genuine by their signature, but unknown here
- residents who sent something in since then have to send it again"""


def add_commands(add: Add, open_records: Open) -> None:
    """Add them to the command line's own."""
    backup = add("backup", lambda options: _backup(open_records(options), options), "make a sealed backup")
    backup.add_argument("target", type=Path, help="a folder on another disk")
    backup.add_argument("--full", action="store_true", help="all of it, not what changed since the last full one")
    making_key = add("backup-key", lambda options: _key(open_records(options), options), "make the key of backups")
    making_key.add_argument("private", type=Path, help="where its private half is written: keep that elsewhere")
    restore = add("restore", _restore, "put a backup back into a data folder that holds nothing")
    restore.add_argument("source", type=Path, help="the folder of the backups")
    restore.add_argument("--key", type=Path, required=True, help="the private half of the key of backups")
    restore.add_argument("--url", type=owner_url, help="of an empty database, as the one who will own its tables")
    restore.add_argument("--to", type=instant, help="the last backup before then: 2026-11-22T23:05+08:00")
    restored = add("restored", lambda options: _restored(open_records(options), options), _RESTORED)
    restored.add_argument("--since", type=instant, required=True, help="the instant that was gone back to")
    _add_seals(add)


_ANOTHER = ", with other content: a new server counts its log from the beginning; give it a folder of its own"
_RESTORED = "after PostgreSQL itself was taken back to an instant: what must not go on as if nothing had happened"


def _add_seals(add: Add) -> None:
    seal = add("backup-seal", _seal, "seal a file, or all of a folder and then take them from there")
    seal.add_argument("--to", type=Path, required=True, metavar="KEY", help="the public half of the key of backups")
    open_seal = add("backup-open", _open_seal, "open a sealed file, or all of a folder")
    open_seal.add_argument("--key", type=Path, required=True, help="the private half of the key of backups")
    for each in (seal, open_seal):
        each.set_defaults(in_folder=False)  # they are the database server's too, whose user is another
        each.add_argument("source", type=Path)
        each.add_argument("target", type=Path)


def _backup(records: Records, options: argparse.Namespace) -> None:
    made = making.back_up(records, options.target, full=options.full)
    kind = "Full backup" if made.full else "Backup of what changed"
    print(f"{kind}: {made.path}, {made.size} bytes.")
    keep = timedelta(days=records.settings.backup.keep_days)
    gone = retention.tidy(options.target, records.settings.community, records.clock.now(), keep, _pass_over)
    if gone:
        print(f"Older than {days(keep.days)}, deleted: {len(gone)}.")


def _key(records: Records, options: argparse.Namespace) -> None:
    keys.make(records.folder, options.private)
    print(f"Private half: {options.private}. Take it away from here, twice: without it no backup can be read.")
    if not records.settings.backup.key_file:
        print(f'Now write into {settings.FILE_NAME}, section backup: key_file = "{keys.PUBLIC_FILE}"')


def _restore(options: argparse.Namespace) -> None:
    picked = restoring.chosen(options.source, options.to, _pass_over)
    last = picked[0]

    def finish(folder: Path) -> None:
        records = installation.open_existing(folder, SystemClock())
        try:
            _tell(aftermath.follow_up(records, last.at, last.backup_id))
            lineage.note(records)
        finally:
            records.database.close()

    restoring.restore(picked, keys.private(options.key), options.data, _database(options.url), finish)
    print(f"Restored: {options.data} is as it was at {time(last.at)}.")
    print(_BY_HAND)


def _pass_over(why: str) -> None:
    print(f"Passed over: {why}.", file=sys.stderr)


def _restored(records: Records, options: argparse.Namespace) -> None:
    if not records.settings.database.url:
        raise BackupError("this is for a PostgreSQL database; a file is put back by: records restore")
    _tell(aftermath.follow_up(records, options.since))
    lineage.note(records)
    print(_BY_HAND)


def go_on(records: Records) -> None:
    """Before anybody is served: where a server's database was taken back, what follows from that, and say so."""
    done = lineage.follow(records)
    if done:
        print("The database is not the one that was served last: taken back, copied, or a standby's.", flush=True)
        _tell(done)


def _tell(done: Aftermath) -> None:
    print(f"The feed begins anew; {done.serials} serials of each kiosk are left out; policy version {done.policy}.")


def _seal(options: argparse.Namespace) -> None:
    """Never over another one. Of a folder (a server's log), each is taken once it is on the other disk."""
    key, taking = keys.public(options.to), options.source.is_dir()
    for source, target in _pairs(options):
        with source.open("rb") as content:
            digest = {"sha256": file_digest(content, "sha256").hexdigest()}
        if not target.exists():
            with source.open("rb") as content, sealing.sealed(target, digest, key) as stream:
                shutil.copyfileobj(content, stream, 1 << 20)
        elif not taking or sealing.header(target) != digest:
            raise BackupError(f"{target.name} is there already{_ANOTHER if taking else ''}")
        if taking:
            source.unlink()


def _open_seal(options: argparse.Namespace) -> None:
    key = keys.private(options.key)
    for source, target in _pairs(options):
        part = target.with_name(f".{target.name}.part")
        part.unlink(missing_ok=True)
        with sealing.opened(source, key) as (_, stream), _private(part) as content:
            shutil.copyfileobj(stream, content, 1 << 20)
        part.replace(target)


def _pairs(options: argparse.Namespace) -> list[tuple[Path, Path]]:
    """Which file becomes which; of a folder, those that are whole."""
    if not options.source.is_dir():
        return [(options.source, options.target)]
    options.target.mkdir(mode=0o700, parents=True, exist_ok=True)
    whole = [each for each in sorted(options.source.iterdir()) if each.is_file() and each.suffix != ".part"]
    return [(each, options.target / each.name) for each in whole]


def _private(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _database(owner: URL | None) -> UrlOf:
    """Where to fill a database: of the server that the folder's settings name, as its owner; None: SQLite."""

    def of(folder: Path) -> URL | None:
        chosen = settings.load(folder).database
        return (owner or databases.place(folder, chosen)) if chosen.url else None

    return of
