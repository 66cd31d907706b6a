"""A new key and certificate without a restart, and a working identity at every moment on the way."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from backend_client import device_files, renewal
from backend_client.device_files import (
    CERTIFICATE_FILE,
    KEY_FILE,
    NEXT_CERTIFICATE_FILE,
    NEXT_KEY_FILE,
    fits,
    keep_certificate,
    own_key,
    settle,
)
from backend_client.errors import RecordsRefusedError, RecordsUnreachableError
from backend_client.session import RecordsSession
from backend_client.statement import StatementSigner
from backend_client.transport import Timeouts
from terminal.renewal import Renewal
from terminal.store.audit import AuditKind
from tests.support.clocks import StillClock
from tests.support.kiosk_store import KioskStore
from tests.support.pki import Identity, make_root
from tests.support.power_cut import PowerCut
from tests.support.records_server import RecordsServer
from tests.support.scripted_https import leaf_for

QUICK = Timeouts(2, 5)
_STEPS = 8  # of a renewal that reach the disk: four files, each moved to its place, each folder synchronised


class Machine:
    """An enrolled device at the real service, some days later."""

    def __init__(self, records: RecordsServer, store: KioskStore, days: float) -> None:
        self.device = records.enrol()
        self.records = records
        self.clock = StillClock(datetime.now(UTC) + timedelta(days=days))
        self.busy = False
        certificate, key = self.device.certificate, self.device.key
        self.session = RecordsSession(records.url, records.root_pem, certificate, key, QUICK)
        self.signer = StatementSigner(key)
        self.renewal = Renewal(self.session, self.signer, self.folder, store.audit, self.clock, lambda: not self.busy)

    @property
    def folder(self) -> Path:
        return self.device.certificate.parent

    def certificate(self) -> x509.Certificate:
        return x509.load_pem_x509_certificate(self.device.certificate.read_bytes())

    def fresh_session(self) -> RecordsSession:
        """As after a restart."""
        settle(self.folder)
        return RecordsSession(self.records.url, self.records.root_pem, self.device.certificate, self.device.key, QUICK)


@pytest.fixture
def machine(records: RecordsServer, store: KioskStore) -> Iterator[Machine]:
    """With a day more than two thirds of its certificate's life gone."""
    if not records.runs:
        records.start()
    made = Machine(records, store, 61)
    yield made
    made.session.close()


def working(folder: Path) -> bool:
    """Whether key and certificate are a pair."""
    certificate = x509.load_pem_x509_certificate((folder / CERTIFICATE_FILE).read_bytes())
    key = load_pem_private_key((folder / KEY_FILE).read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return fits(certificate, key.public_key())


def test_before_two_thirds_of_its_life_nothing_is_asked(records: RecordsServer, store: KioskStore) -> None:
    early = Machine(records, store, 59)
    early.renewal.tick()
    assert sorted(each.name for each in early.folder.iterdir()) == [KEY_FILE, CERTIFICATE_FILE]
    assert early.renewal.days_left() == 30
    early.session.close()


def test_the_running_session_goes_on_with_the_new_key(machine: Machine, store: KioskStore) -> None:
    """No restart; records know the device by the new certificate alone from then on."""
    before = machine.certificate()
    old = machine.folder.parent / "old"
    shutil.copytree(machine.folder, old)
    machine.session.policy()
    machine.renewal.tick()
    assert machine.certificate().serial_number != before.serial_number
    assert not fits(machine.certificate(), before.public_key())  # type: ignore[arg-type] # P-256, as enrolled
    assert working(machine.folder)
    assert sorted(each.name for each in machine.folder.iterdir()) == [KEY_FILE, CERTIFICATE_FILE]
    machine.session.policy()
    assert store.audited(AuditKind.CERTIFICATE_RENEWED) == [{}]
    copied = RecordsSession(
        machine.records.url, machine.records.root_pem, old / CERTIFICATE_FILE, old / KEY_FILE, QUICK
    )
    with pytest.raises(RecordsRefusedError, match="records-certificate-unknown"):
        copied.policy()
    copied.close()


def test_while_somebody_is_served_the_old_key_stays(machine: Machine) -> None:
    """A statement is signed and sent by the same one; the switch comes when nobody is there."""
    before = machine.certificate()
    machine.busy = True
    machine.renewal.tick()
    assert machine.certificate() == before
    assert renewal.is_ready(machine.folder)
    machine.session.policy()
    machine.busy = False
    machine.renewal.tick()
    assert machine.certificate() != before
    machine.session.policy()


def test_without_records_it_is_asked_again(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The key that waits is kept, so that the answer that was lost is given again."""

    def lost(_: object) -> None:
        raise RecordsUnreachableError("Timeout")

    with monkeypatch.context() as patch:
        patch.setattr(machine.session, "renew", lost)
        machine.renewal.tick()
    assert "records-unreachable" in caplog.text
    waiting = (machine.folder / NEXT_KEY_FILE).read_bytes()
    assert (machine.folder / NEXT_KEY_FILE).stat().st_mode & 0o777 == 0o600
    machine.renewal.tick()
    assert (machine.folder / KEY_FILE).read_bytes() == waiting


@pytest.mark.parametrize("at", range(1, _STEPS + 2))
def test_whenever_the_power_goes_the_next_start_has_an_identity_that_records_take(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    """Before each step that reaches the disk, in turn; and the renewal is then finished."""
    steps = 0

    def before(step: Callable[..., Any]) -> Callable[..., Any]:
        def cut(*arguments: Any) -> Any:
            nonlocal steps
            steps += 1
            if steps == at:
                raise PowerCut
            return step(*arguments)

        return cut

    with monkeypatch.context() as patch:
        for name in ("_move", "_sync"):
            patch.setattr(device_files, name, before(getattr(device_files, name)))
        try:
            machine.renewal.tick()
        except PowerCut:
            cut = True
        else:
            cut = False
    if not cut:
        assert (at, steps) == (_STEPS + 1, _STEPS)
        return
    session = machine.fresh_session()
    assert working(machine.folder)
    session.policy()
    again = Renewal(session, StatementSigner(machine.device.key), machine.folder, machine.renewal.audit, machine.clock)
    again.tick()
    session.policy()
    assert working(machine.folder)
    session.close()


# --- the files alone ---


def certificate_for(root: Identity, key: ec.EllipticCurvePrivateKey) -> str:
    return leaf_for(root, "kiosk-1", key.public_key()).public_bytes(Encoding.PEM).decode()


def test_a_certificate_without_its_key_is_given_up(tmp_path: Path) -> None:
    """Somebody's hand was there: the present pair goes on."""
    root = make_root("Root")
    keep_certificate(tmp_path / CERTIFICATE_FILE, certificate_for(root, own_key(tmp_path / KEY_FILE)))
    other = ec.generate_private_key(ec.SECP256R1())
    keep_certificate(tmp_path / NEXT_CERTIFICATE_FILE, certificate_for(root, other))
    settle(tmp_path)
    assert working(tmp_path)
    assert not (tmp_path / NEXT_CERTIFICATE_FILE).exists()
