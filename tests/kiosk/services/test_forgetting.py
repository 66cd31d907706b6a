"""What a kiosk forgets when records have revoked it; by whom alone that can be said; and that no power cut stops it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from backend_client import device_files
from backend_client.contract.devices import DeviceKind, Heartbeat
from backend_client.device_files import (
    CERTIFICATE_FILE,
    KEY_FILE,
    NEXT_KEY_FILE,
    has_forgotten,
    is_revoked,
    mark_revoked,
    own_key,
)
from backend_client.errors import DeviceRevokedError, RecordsError
from backend_client.session import RecordsSession
from backend_client.transport import Timeouts
from forms.carried import CARRIED_FILE
from kiosk.services.forgetting import Forgetting
from kiosk.store.settings import OutOfService
from terminal.store.audit import AuditKind
from terminal.store.errors import StoreUnwritableError
from tests.support.clocks import NOW, StillClock
from tests.support.kiosk_store import KioskStore, store_on
from tests.support.power_cut import PowerCut
from tests.support.records_server import RecordsServer
from tests.support.scripted_https import Reply, ScriptedService, scripted_service

REVOKED = {"type": "about:blank", "title": "t", "status": 403, "code": "device-revoked"}
PROBLEM = "application/problem+json"
BEAT = Heartbeat(at=NOW, software="0.1", policy_version=0, open_papers=0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A kiosk's folder: an identity, a renewal that was begun, a carried list."""
    identity = tmp_path / "identity"
    own_key(identity / KEY_FILE)
    own_key(identity / NEXT_KEY_FILE)
    (identity / CERTIFICATE_FILE).write_text("a certificate")
    (tmp_path / CARRIED_FILE).write_bytes(b"a list")
    return tmp_path


def forgetting(folder: Path, store: KioskStore, shut: Callable[[], None] = lambda: None) -> Forgetting:
    return Forgetting(folder / "identity", folder, store.settings, store.audit, StillClock(), shut)


def held(folder: Path, store: KioskStore) -> list[str]:
    """What is left that grants something."""
    there = [name for name in (CARRIED_FILE, f"identity/{NEXT_KEY_FILE}") if (folder / name).exists()]
    return there + (["policy"] if store.settings.load_policy() else [])


def test_all_that_grants_something_goes_and_the_kiosk_stays_closed(folder: Path, store: KioskStore) -> None:
    """The audit stays, for the bureau, and the key, which opens nothing any more; twice is once."""
    store.settings.keep_policy("{}")
    told: list[str] = []
    forgets = forgetting(folder, store, lambda: told.append("shut"))
    forgets.revoked()
    assert held(folder, store) == []
    assert store.settings.out_of_service() == OutOfService("revoked", "unknown", NOW)
    assert (folder / "identity" / KEY_FILE).exists()
    forgets.revoked()
    assert told == ["shut", "shut"]
    assert len(store.audited(AuditKind.DEVICE_REVOKED)) == 1


def test_the_mark_says_forgotten_only_of_what_the_disk_has_let_go(
    folder: Path, store: KioskStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut after it brings nothing back."""
    synced: list[tuple[Path, bool]] = []
    monkeypatch.setattr(device_files, "_sync", lambda at: synced.append((at, (folder / CARRIED_FILE).exists())))
    forgetting(folder, store).revoked()
    assert (folder, False) in synced[:-1]
    assert synced[-1][0] == folder / "identity"


def test_a_new_certificate_brings_it_back(folder: Path, store: KioskStore) -> None:
    """And nothing else: without one, each start leaves it closed."""
    forgetting(folder, store).revoked()
    forgetting(folder, store).resume()
    assert store.settings.out_of_service() is not None
    (folder / "identity" / CERTIFICATE_FILE).write_text("another certificate")
    forgetting(folder, store).resume()
    assert store.settings.out_of_service() is None
    assert store.audited(AuditKind.BACK_IN_SERVICE) == [{}]


def test_a_technician_s_closing_is_not_ended_by_a_start(folder: Path, store: KioskStore) -> None:
    store.settings.close(OutOfService("paper", "tonight", NOW))
    forgetting(folder, store).resume()
    assert store.settings.out_of_service() == OutOfService("paper", "tonight", NOW)


class Cut:
    """Takes the power at the n-th step that reaches the disk; 0: never."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.steps = 0

    def before(self, step: Callable[..., Any]) -> Callable[..., Any]:
        def cut(*arguments: Any, **named: Any) -> Any:
            self.steps += 1
            if self.steps == self.at:
                raise PowerCut
            return step(*arguments, **named)

        return cut


def revoked_until(cut: Cut, folder: Path, database: Path) -> None:
    """A kiosk is told that it was revoked, and its power may go."""
    with store_on(database, StillClock()) as store, pytest.MonkeyPatch.context() as patch:
        patch.setattr(device_files, "_move", cut.before(device_files._move))
        patch.setattr(device_files, "_sync", cut.before(device_files._sync))
        patch.setattr(Path, "unlink", cut.before(Path.unlink))
        patch.setattr(type(store.database), "transaction", cut.before(type(store.database).transaction))
        forgetting(folder, store).revoked()


def test_whatever_interrupts_it_the_next_start_finishes(folder: Path, tmp_path: Path) -> None:
    """The power goes before each step in turn. Without the mark nothing is gone yet; with it nothing stays."""
    database, count = tmp_path / "kiosk.db", Cut(0)
    with store_on(database, StillClock()) as store:
        store.settings.keep_policy("{}")
    fresh = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    revoked_until(count, folder, database)
    assert count.steps > 10
    for at in range(1, count.steps + 1):
        for path in list(tmp_path.rglob("*")):
            if path.is_file() and path not in fresh:
                path.unlink()
        for path, content in fresh.items():
            path.write_bytes(content)
        with pytest.raises(PowerCut):
            revoked_until(Cut(at), folder, database)
        with store_on(database, StillClock()) as store:
            if not is_revoked(folder / "identity"):
                assert len(held(folder, store)) == 3, at
                continue
            forgetting(folder, store).resume()
            assert held(folder, store) == [], at
            assert has_forgotten(folder / "identity"), at
            assert store.settings.out_of_service() is not None, at


def test_a_full_disk_keeps_nobody_from_being_shut_out(
    folder: Path, store: KioskStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What can't be written now is written when records say it again."""
    told: list[str] = []
    forgets = forgetting(folder, store, lambda: told.append("shut"))
    with monkeypatch.context() as patch:
        patch.setattr(type(store.settings), "close", _full)
        forgets.revoked()
    assert told == ["shut"]
    assert not has_forgotten(folder / "identity")
    forgets.revoked()
    assert has_forgotten(folder / "identity")


def _full(*_: object) -> None:
    raise StoreUnwritableError("FullError")


# --- by whom it can be said ---


@pytest.fixture
def service(tmp_path: Path) -> Iterator[ScriptedService]:
    with scripted_service(tmp_path / "service") as running:
        yield running


def asked(service: ScriptedService, root: Path, told: list[str]) -> type[Exception] | None:
    """One heartbeat; what it ended in."""
    session = RecordsSession(service.url, root, *service.device, Timeouts(2, 2))
    session.when_revoked(lambda: told.append("revoked"))
    try:
        session.heartbeat(BEAT)
    except RecordsError as error:
        return type(error)
    finally:
        session.close()
    return None


def test_records_themselves_are_believed(service: ScriptedService) -> None:
    told: list[str] = []
    service.script.append(Reply(REVOKED, 403, PROBLEM))
    assert asked(service, service.root_file, told) is DeviceRevokedError
    assert told == ["revoked"]


@pytest.mark.parametrize(
    "reply",
    [
        Reply(drop=True),
        Reply(status=503, content_type="text/html"),
        Reply(REVOKED, 403, "application/json"),
        Reply(b"device-revoked", 403, PROBLEM),
        Reply({**REVOKED, "code": "certificate-unknown", "status": 401}, 401, PROBLEM),
        Reply(status=302, location="/elsewhere"),
    ],
)
def test_no_failure_of_the_network_and_no_other_answer_counts(service: ScriptedService, reply: Reply) -> None:
    """A gateway's page, a body of another kind, an unknown certificate: the kiosk keeps what it has."""
    told: list[str] = []
    service.script.extend([reply] * 2)
    asked(service, service.root_file, told)
    assert told == []


def test_who_only_pretends_to_be_records_is_not_heard(service: ScriptedService, tmp_path: Path) -> None:
    """The very same answer, under another root."""
    told: list[str] = []
    service.script.append(Reply(REVOKED, 403, PROBLEM))
    with scripted_service(tmp_path / "other") as other:
        asked(service, other.root_file, told)
    assert told == []
    assert service.asked == []


def test_a_device_that_is_revoked_hears_it_at_whatever_it_asks(
    records: RecordsServer, folder: Path, store: KioskStore
) -> None:
    """At the real service, from its next request on."""
    device = records.enrol(DeviceKind.KIOSK)
    session = RecordsSession(records.url, records.root_pem, device.certificate, device.key, Timeouts(2, 5))
    forgets = Forgetting(device.certificate.parent, folder, store.settings, store.audit, StillClock())
    session.when_revoked(forgets.revoked)
    session.policy()
    assert not is_revoked(device.certificate.parent)
    records.cli("revoke", device.device_id)
    for ask in (session.policy, session.trust, lambda: session.heartbeat(BEAT)):
        if ask != session.trust:
            with pytest.raises(DeviceRevokedError):
                ask()
    session.close()
    assert has_forgotten(device.certificate.parent)


def test_the_mark_is_of_one_certificate(folder: Path) -> None:
    """Written twice it says the same; without a certificate there is nothing to be revoked."""
    identity = folder / "identity"
    mark_revoked(identity)
    assert (is_revoked(identity), has_forgotten(identity)) == (True, False)
    mark_revoked(identity, forgotten=True)
    assert (is_revoked(identity), has_forgotten(identity)) == (True, True)
    (identity / CERTIFICATE_FILE).write_text("another certificate")
    assert (is_revoked(identity), has_forgotten(identity)) == (False, False)
