"""systemd hears that the service is ready and that it is alive; without systemd nobody is told."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from records import notify
from tests.support.records_server import running_records


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """Return the socket that a service manager listens on."""
    place = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(place))
        listener.settimeout(15)
        monkeypatch.setenv("NOTIFY_SOCKET", str(place))
        yield listener


def test_a_running_service_says_that_it_is_ready_and_goes_on_saying_that_it_is_alive(
    manager: socket.socket, tmp_path: Path
) -> None:
    """Ready when requests are taken; alive from the loop that answers them, often enough for a watchdog of 30 s."""
    with running_records(tmp_path / "served"):
        said = [manager.recv(100).decode() for _ in range(3)]
    assert said == ["READY=1", "WATCHDOG=1", "WATCHDOG=1"]


def test_the_abstract_namespace_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"lamplight-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(f"\0{name}")
        listener.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", f"@{name}")
        notify.tell(notify.READY)
        assert listener.recv(100) == b"READY=1"


def test_a_manager_that_is_gone_disturbs_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "gone"))
    notify.tell(notify.READY)
    monkeypatch.delenv("NOTIFY_SOCKET")
    notify.tell(notify.READY)
    assert not (tmp_path / "gone").exists()
