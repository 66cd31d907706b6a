"""Whoever carries the gate away has noise: no grant, no holder, no face stands in its files in clear."""

from pathlib import Path

import pytest

from backend_client.contract.tenancies import WayKind
from forms.paper import CHINA_TIME
from gate.store.opened import MIGRATIONS, gate_database, gate_store
from gate.store.templates import Template
from terminal.store.database import Database
from terminal.store.errors import StoreDamagedError, StoreLockedError
from tests.gate.made_up import DOOR, KEY, VECTOR, Still, grant, number, snapshot, store_at, way
from tests.support.clocks import NOW
from tests.support.power_cut import PowerCutVfs

REF = "aGFzaCBvZiBhIGNvZGU="
PLAIN = (number(1), number(500_001), number(7), REF, DOOR.id, VECTOR.decode(), "CREATE TABLE", "card-number")


def _fill(path: Path, key: bytes | None, vfs: str | None = None) -> Database:
    database = Database(path, MIGRATIONS, vfs=vfs, key=key)
    store = gate_store(database, CHINA_TIME, Still().day_and_time)
    face = way(7, WayKind.FACE)
    store.grants.restart(snapshot(grant(1, face, way(8, WayKind.CARD_NUMBER, REF))))
    store.templates.put(Template(number(500_001), VECTOR, NOW, number(7)))
    store.passes.note(DOOR.id, number(500_001), NOW, WayKind.FACE)
    return database


def _found(folder: Path) -> set[str]:
    content = b"".join(each.read_bytes() for each in folder.iterdir())
    return {text for text in PLAIN if text.encode() in content}


def test_nothing_of_anybody_stands_in_the_file_or_its_log(tmp_path: Path) -> None:
    """While it is open, and after it was closed; without a key all of it does."""
    for key, wanted in ((KEY, set()), (None, set(PLAIN))):
        folder = tmp_path / str(key is None)
        database = _fill(folder / "gate.sqlite", key)
        assert len(list(folder.iterdir())) == 2
        assert _found(folder) == wanted
        database.close()
        assert _found(folder) == wanted


def test_the_cipher_stands_above_whatever_disk_there_is(tmp_path: Path) -> None:
    """The same below which the tests' disk loses power: it sees noise alone."""
    vfs = PowerCutVfs()
    database = _fill(tmp_path / "gate.sqlite", KEY, vfs.name)
    written = b"".join(bytes(medium.seen) for medium in vfs.media.values())
    assert len(written) > 50_000
    assert not [text for text in PLAIN if text.encode() in written]
    database.close()


def test_another_key_or_none_opens_nothing(tmp_path: Path) -> None:
    _fill(tmp_path / "gate.sqlite", KEY).close()
    with pytest.raises(StoreLockedError) as refused:
        gate_database(tmp_path / "gate.sqlite", bytes(32))
    assert refused.value.code == "store-locked"
    assert KEY.hex() not in str(refused.value)
    with pytest.raises(StoreDamagedError):
        Database(tmp_path / "gate.sqlite", MIGRATIONS)
    with pytest.raises(StoreLockedError):
        gate_database(tmp_path / "gate.sqlite", KEY[:16])
    with store_at(tmp_path / "gate.sqlite", Still()) as store:
        assert store.grants.count() == 1
        assert {each.name for each in tmp_path.iterdir()} <= {"gate.sqlite", "gate.sqlite-wal"}


def test_a_changed_byte_is_noticed(tmp_path: Path) -> None:
    """Each page is authenticated: nobody who can write to the disk changes a grant unseen."""
    path = tmp_path / "gate.sqlite"
    _fill(path, KEY).close()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(StoreDamagedError):
        gate_database(path, KEY)


def test_durability_is_the_same_with_a_key(tmp_path: Path) -> None:
    database = gate_database(tmp_path / "gate.sqlite", KEY)
    wanted = {"journal_mode": "wal", "synchronous": 2, "locking_mode": "exclusive", "cipher": "chacha20"}
    wanted |= {"secure_delete": 1, "temp_store": 2, "foreign_keys": 1}
    assert {name: database.pragma(name) for name in wanted} == wanted
    database.close()
