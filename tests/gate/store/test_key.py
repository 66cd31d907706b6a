"""The key of the gate's store: made once, read by the gate alone."""

import os
from pathlib import Path

import pytest

from gate.store.key import StoreKeyError, make_store_key, store_key


def test_it_is_made_once_and_stays(tmp_path: Path) -> None:
    made = make_store_key(tmp_path / "credentials" / "store.key")
    assert (len(made), make_store_key(tmp_path / "credentials" / "store.key")) == (32, made)
    assert store_key(tmp_path / "credentials" / "store.key") == made
    assert make_store_key(tmp_path / "another.key") != made


@pytest.mark.parametrize("mode", [0o404, 0o420, 0o600 | 0o002, 0o410])
def test_a_key_that_others_may_use_is_refused(tmp_path: Path, mode: int) -> None:
    make_store_key(tmp_path / "store.key")
    (tmp_path / "store.key").chmod(mode)
    with pytest.raises(StoreKeyError, match="chmod 400"):
        store_key(tmp_path / "store.key")


def test_roots_group_may_read_it_as_a_service_manager_shows_its_access_list(tmp_path: Path) -> None:
    path = tmp_path / "store.key"
    made = make_store_key(path)
    path.chmod(0o440)
    if path.stat().st_gid == 0:
        assert store_key(path) == made
        os.chown(path, -1, 12345)
    with pytest.raises(StoreKeyError):
        store_key(path)


@pytest.mark.parametrize("content", [b"", b"short", bytes(33)])
def test_what_is_no_key_is_refused_and_not_repeated(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "store.key"
    path.write_bytes(content)
    path.chmod(0o400)
    with pytest.raises(StoreKeyError) as refused:
        store_key(path)
    assert "short" not in str(refused.value)


def test_a_key_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreKeyError, match=r"store\.key"):
        store_key(tmp_path / "store.key")
