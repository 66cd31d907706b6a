"""Backup and restore of a PostgreSQL database: by a sealed dump, and to an instant by the server's own archive."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql

from records import installation
from records.backup import digests, keys, lineage, making
from records.cli import main
from records.context import Records
from records.sections import DatabaseSettings
from records.store import audit, changes
from tests.support import postgresql
from tests.support.backups import give_backup_key
from tests.support.clocks import StillClock
from tests.support.postgresql import OWNER
from tests.support.privacy_scan import find_personal
from tests.support.records_client import DENG, KioskClient
from tests.support.records_server import POSTGRESQL, copied, quick_settings, rules_with, write_settings

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _time_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a restore go by the clock that the records were made with."""
    monkeypatch.setattr("records.backup_cli.SystemClock", StillClock)


@pytest.fixture
def kind() -> str:
    return POSTGRESQL


@pytest.fixture
def folder(preparations: Callable[[str], Path], kind: str, tmp_path: Path) -> Iterator[Path]:
    with copied(preparations(kind), tmp_path / "records") as made:
        give_backup_key(made, tmp_path / "private.pem")
        yield made


def tables(records: Records) -> dict[str, tuple[int, str]]:
    with records.database.reading() as transaction:
        return digests.of_tables(transaction)


def name_of(records: Records) -> str:
    return str(sa.make_url(records.settings.database.url).database)


def test_what_comes_back_has_the_same_rows(
    records: Records, kiosk: KioskClient, folder: Path, tmp_path: Path, capsys: Capture
) -> None:
    """The database and the folder are lost; both come back from one sealed file, and the audit's guard with them."""
    serial = kiosk.reserved()["serial"]
    target, private, name = tmp_path / "backups", tmp_path / "private.pem", name_of(records)
    target.mkdir()
    made = making.back_up(records, target)
    before = tables(records)
    assert find_personal(target, [DENG.name, DENG.id_number]) == []
    assert made.full
    records.database.close()
    shutil.rmtree(folder)
    server = postgresql.server()
    server.drop(name)
    server.create(name)
    owner = server.url(name, OWNER)
    assert main(["--data", str(folder), "restore", str(target), "--key", str(private), "--url", owner]) == 0
    assert "The feed begins anew" in capsys.readouterr().out
    with closing((again := installation.open_existing(folder, StillClock())).database):
        now = tables(again)
        changed = {table for table in before if before[table] != now[table]}
        assert changed <= {"audit", "counters", "policies", "console_sessions"}
        with again.database.reading() as transaction:
            assert audit.first_break(transaction) is None
            assert changes.extent(transaction).epoch
        with pytest.raises(sa.exc.DBAPIError), again.database.writing() as transaction:
            transaction.connection.execute(sa.text("DELETE FROM audit"))
        assert KioskClient(again).reserved(visit="visit-0002")["serial"] != serial


def test_nothing_is_filled_over(records: Records, folder: Path, tmp_path: Path, capsys: Capture) -> None:
    """A database that holds something is left as it is, and no folder appears."""
    target, private = tmp_path / "backups", tmp_path / "private.pem"
    target.mkdir()
    making.back_up(records, target)
    before = tables(records)
    again = tmp_path / "again"
    owner = postgresql.server().url(name_of(records), OWNER)
    assert main(["--data", str(again), "restore", str(target), "--key", str(private), "--url", owner]) == 1
    assert "is not empty" in capsys.readouterr().err
    assert not again.exists()
    assert tables(records) == before
    assert folder.is_dir()


@dataclass(frozen=True)
class Archiving:
    """A server of its own whose log is kept, as docs/operations.md has it, and records in it."""

    server: postgresql.Server
    spool: Path
    records: Records


@pytest.fixture
def archiving(tmp_path: Path) -> Iterator[Archiving]:
    server = postgresql.Server()
    spool = server.folder / "spool"
    server.settings |= {
        "wal_level": "replica",
        "archive_mode": "on",
        "archive_command": f"test ! -e {spool}/%f && dd if=%p of={spool}/%f.part conv=fsync status=none"
        f" && mv {spool}/%f.part {spool}/%f",
    }
    spool.mkdir()
    shutil.chown(spool, "postgres", "postgres")
    try:
        records = records_in(server.made(), tmp_path / "records")
        with closing(records.database):
            yield Archiving(server, spool, records)
    finally:
        server.remove()


def records_in(server: postgresql.Server, folder: Path) -> Records:
    """Records whose tables belong to another user of ``server`` than the service's."""
    name = server.create()
    folder.mkdir()
    settings = quick_settings().model_copy(update={"database": DatabaseSettings(url=server.url(name), connections=8)})
    write_settings(folder, settings, rules_with(share=0, answer_s=0))
    assert main(["--data", str(folder), "migrate", "--url", server.url(name, OWNER)]) == 0
    return installation.prepare(folder, StillClock(), lambda _sentence: None)


def asked(server: postgresql.Server, question: LiteralString) -> Any:
    """What the server answers."""
    with psycopg.connect(f"host={server.folder} user=postgres dbname=postgres", autocommit=True) as connection:
        row = connection.execute(question).fetchone()
        assert row is not None
        return row[0]


def now_at(server: postgresql.Server) -> datetime:
    """The server's own time: it goes by that of each commit."""
    at: datetime = asked(server, "SELECT clock_timestamp()")
    return at


def archive_all(archiving: Archiving) -> None:
    """Have the server close the piece of its log that it writes, and wait until that is in the spool."""
    before = len(list(archiving.spool.iterdir()))
    archiving.server.execute(sql.SQL("SELECT pg_switch_wal()"))
    deadline = time.monotonic() + 20
    while len([each for each in archiving.spool.iterdir() if each.suffix != ".part"]) <= before:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def taken_back(base: Path, log: Path, until: datetime) -> postgresql.Server:
    """A new server out of a base backup, gone on by its log up to an instant."""
    server = postgresql.Server()
    server.settings |= {
        "restore_command": f"cp {server.folder}/log-pieces/%f %p",
        "recovery_target_time": until.isoformat(),
        "recovery_target_action": "promote",
    }
    shutil.copytree(log, server.folder / "log-pieces")
    shutil.copy(base, server.folder / "base.tar")
    for each in (server.folder / "base.tar", *(server.folder / "log-pieces").rglob("*"), server.folder / "log-pieces"):
        shutil.chown(each, "postgres", "postgres")
    server.run("mkdir", "--mode=700", str(server.data))
    server.run("tar", "--extract", "--file", f"{server.folder}/base.tar", "--directory", str(server.data))
    server.run("touch", f"{server.data}/recovery.signal")
    server.start()
    deadline = time.monotonic() + 30
    while asked(server, "SELECT pg_is_in_recovery()"):  # it answers readers before it is there
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return server


def test_one_goes_back_to_an_instant(archiving: Archiving, tmp_path: Path, capsys: Capture) -> None:
    """A base backup and the log, both sealed; the server is destroyed, and another one replays them up to a time."""
    server, records = archiving.server, archiving.records
    vault, private = tmp_path / "vault", tmp_path / "private.pem"
    give_backup_key(records.folder, private)
    to = ["--to", str(records.folder / keys.PUBLIC_FILE)]
    kiosk = KioskClient(records)
    assert lineage.follow(records) is None  # as at each start of the service
    server.run(
        "pg_basebackup",
        "--host",
        str(server.folder),
        "--format=tar",
        "--checkpoint=fast",
        "--wal-method=none",
        "--pgdata=base",
    )
    kept = kiosk.reserved()["serial"]
    before, until = tables(records), now_at(server)
    time.sleep(0.1)
    lost = kiosk.reserved(visit="visit-0002")["serial"]
    archive_all(archiving)
    assert main(["backup-seal", str(server.folder / "base"), str(vault / "base"), *to]) == 0
    assert main(["backup-seal", str(archiving.spool), str(vault / "wal"), *to]) == 0
    assert find_personal(vault, [DENG.name, DENG.id_number]) == []
    assert list(archiving.spool.iterdir()) == []
    records.database.close()
    server.remove()

    for each in ("base", "wal"):
        assert main(["backup-open", str(vault / each), str(tmp_path / each), "--key", str(private)]) == 0
    again = taken_back(tmp_path / "base" / "base.tar", tmp_path / "wal", until)
    try:
        settings = records.folder / "records.toml"
        settings.write_text(settings.read_text("utf-8").replace(server.folder.name, again.folder.name), "utf-8")
        with closing((back := installation.open_existing(records.folder, StillClock())).database):
            assert tables(back) == before
            done = lineage.follow(back)
            assert done is not None
            assert done.serials >= 1000
            assert lineage.follow(back) is None
            assert main(["--data", str(records.folder), "restored", "--since", until.isoformat()]) == 0
            assert "The feed begins anew" in capsys.readouterr().out
            with back.database.reading() as transaction:
                assert audit.first_break(transaction) is None
                assert changes.extent(transaction).epoch
            fresh = KioskClient(back)
            assert fresh.reserved(visit="visit-0003")["serial"] not in {kept, lost}
    finally:
        again.remove()
