"""The store's promises: durable, migrated, refused when damaged, too new or held by another."""

import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from threading import Thread

import apsw
import pytest

from terminal.store.database import Database
from terminal.store.errors import (
    AlreadyRunningError,
    StoreDamagedError,
    StoreError,
    StoreTooNewError,
    StoreUnwritableError,
)
from tests.support.power_cut import Loss, PowerCutVfs, abandon, without_syncs

SCRIPTS = {
    "0001_first.sql": "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;",
    "0002_second.sql": "ALTER TABLE note ADD COLUMN colour TEXT NOT NULL DEFAULT 'blue';",
}


class Release:
    """A package of migrations that tests change as releases do."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self._package = folder / name
        self._package.mkdir()
        (self._package / "__init__.py").write_text("")

    def holds(self, **scripts: str) -> str:
        for old in self._package.glob("*.sql"):
            old.unlink()
        for name, script in scripts.items():
            (self._package / name.replace("__sql", ".sql")).write_text(script)
        return self.name


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Release]:
    """An importable package of migrations of its own."""
    name = f"migrations_{abs(hash(tmp_path))}"
    packages = tmp_path / "packages"
    packages.mkdir()
    monkeypatch.syspath_prepend(str(packages))
    made = Release(packages, name)
    made.holds(**SCRIPTS)
    yield made
    sys.modules.pop(name, None)


def cut_in_the_middle(database: Database, vfs: PowerCutVfs, loss: Loss, chance: Random) -> None:
    """A transaction whose commit meets no power."""
    with database.transaction():
        database.execute("INSERT INTO note (text) VALUES (?)", "lost" * 5000)
        vfs.cut(loss, chance)


def test_every_setting_that_durability_rests_on_is_in_force(tmp_path: Path) -> None:
    """SQLite ignores what it can't do, so the values are read back."""
    database = Database(tmp_path / "a.db")
    wanted = {"journal_mode": "wal", "synchronous": 2, "locking_mode": "exclusive"}
    wanted |= {"secure_delete": 1, "temp_store": 2, "foreign_keys": 1}
    assert {name: database.pragma(name) for name in wanted} == wanted
    database.close()


def test_each_commit_waits_for_the_disk(tmp_path: Path, release: Release) -> None:
    """One transaction, at least one sync; with synchronous=OFF, none."""
    vfs = PowerCutVfs()
    database = Database(tmp_path / "a.db", release.name, vfs=vfs.name)
    before = vfs.syncs
    database.execute("INSERT INTO note (text) VALUES ('one')")
    assert vfs.syncs > before
    without_syncs(database)
    before = vfs.syncs
    database.execute("INSERT INTO note (text) VALUES ('two')")
    assert vfs.syncs == before
    database.close()


@pytest.mark.parametrize("loss", list(Loss))
def test_a_commit_survives_a_power_cut_and_half_a_transaction_does_not(
    tmp_path: Path, release: Release, loss: Loss
) -> None:
    """Thirty cuts in the middle of a transaction, each with its own chance."""
    for seed in range(10):
        path = tmp_path / f"{seed}.db"
        vfs = PowerCutVfs()
        database = Database(path, release.name, vfs=vfs.name)
        for number in range(seed + 1):
            database.execute("INSERT INTO note (text) VALUES (?)", f"kept {number}")
        with pytest.raises(StoreUnwritableError):
            cut_in_the_middle(database, vfs, loss, Random(seed))
        abandon(database)
        reopened = Database(path, release.name)
        kept = [row[0] for row in reopened.query("SELECT text FROM note ORDER BY id")]
        assert kept == [f"kept {number}" for number in range(seed + 1)]
        reopened.close()


def test_without_syncs_a_power_cut_takes_commits_away(tmp_path: Path, release: Release) -> None:
    """The negative control: the cut is a real one."""
    vfs = PowerCutVfs()
    database = Database(tmp_path / "a.db", release.name, vfs=vfs.name)
    without_syncs(database)
    database.execute("INSERT INTO note (text) VALUES ('gone')")
    vfs.cut(Loss.ALL, Random(1))
    abandon(database)
    reopened = Database(tmp_path / "a.db", release.name)
    assert reopened.query("SELECT text FROM note") == []
    reopened.close()


def test_an_older_file_is_brought_to_this_release(tmp_path: Path, release: Release) -> None:
    """Only the migrations that are missing run, and rows stay."""
    release.holds(**{"0001_first.sql": SCRIPTS["0001_first.sql"]})
    old = Database(tmp_path / "a.db", release.name)
    old.execute("INSERT INTO note (text) VALUES ('old')")
    old.close()
    release.holds(**SCRIPTS)
    new = Database(tmp_path / "a.db", release.name)
    assert new.query("SELECT text, colour FROM note") == [("old", "blue")]
    new.close()


def test_a_migration_that_fails_changes_nothing(tmp_path: Path, release: Release) -> None:
    """All migrations of one start are one transaction."""
    release.holds(**SCRIPTS, **{"0003_wrong.sql": "INSERT INTO nowhere VALUES (1);"})
    with pytest.raises(apsw.SQLError):
        Database(tmp_path / "a.db", release.name)
    release.holds(**SCRIPTS)
    database = Database(tmp_path / "a.db", release.name)
    assert database.query("SELECT count(*) FROM schema_version WHERE package = ?", release.name) == [(2,)]
    database.close()


def test_a_file_of_a_newer_release_is_refused(tmp_path: Path, release: Release) -> None:
    """Going back to an older release must not lose what the newer one wrote."""
    Database(tmp_path / "a.db", release.name).close()
    release.holds(**{"0001_first.sql": SCRIPTS["0001_first.sql"]})
    with pytest.raises(StoreTooNewError):
        Database(tmp_path / "a.db", release.name)


@pytest.mark.parametrize(
    "scripts",
    [
        {"0001_first.sql": "CREATE TABLE other (id INTEGER) STRICT;"},
        {"0002_second.sql": SCRIPTS["0002_second.sql"]},
    ],
)
def test_a_changed_or_missing_migration_is_refused(tmp_path: Path, release: Release, scripts: dict[str, str]) -> None:
    """What was released once stays as it was."""
    Database(tmp_path / "a.db", release.name).close()
    release.holds(**scripts)
    with pytest.raises(StoreError):
        Database(tmp_path / "a.db", release.name)


@pytest.mark.parametrize("damage", ["not a database", "torn page"])
def test_a_damaged_file_is_refused_with_what_to_do(tmp_path: Path, release: Release, damage: str) -> None:
    """A kiosk must not go on issuing from a journal that lies."""
    path = tmp_path / "a.db"
    database = Database(path, release.name)
    for _ in range(200):
        database.execute("INSERT INTO note (text) VALUES (?)", "x" * 300)
    database.close()
    content = bytearray(path.read_bytes())
    if damage == "torn page":
        content[8192:20480] = b"\x99" * 12288
    else:
        content[:100] = b"\x99" * 100
    path.write_bytes(content)
    with pytest.raises(StoreDamagedError, match="move the file aside"):
        Database(path, release.name)


def test_a_second_process_can_not_open_the_file(tmp_path: Path) -> None:
    """The file itself is locked, whatever becomes of the lock file."""
    database = Database(tmp_path / "a.db")
    with pytest.raises(AlreadyRunningError):
        Database(tmp_path / "a.db")
    database.close()


def test_threads_may_share_the_store(tmp_path: Path, release: Release) -> None:
    """One connection behind one lock."""
    database = Database(tmp_path / "a.db", release.name)

    def write() -> None:
        for _ in range(20):
            with database.transaction():
                (count,) = database.query("SELECT count(*) FROM note")[0]
                database.execute("INSERT INTO note VALUES (?, 'by a thread', 'blue')", count + 1)

    threads = [Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert database.query("SELECT count(*), max(id) FROM note") == [(80, 80)]
    database.close()


def test_what_is_deleted_is_overwritten(tmp_path: Path, release: Release) -> None:
    """secure_delete: no free page keeps a text."""
    path = tmp_path / "a.db"
    database = Database(path, release.name)
    database.execute("INSERT INTO note (text) VALUES (?)", "remember me " * 50)
    database.execute("DELETE FROM note")
    database.close()
    assert b"remember me" not in path.read_bytes()
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["a.db"]
