"""The code's key takes its time, or fails in the middle: nobody else waits for it, and no serial is left in between."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Event

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from backend_client.contract.papers import PaperState
from forms.cms import SigningKey
from forms.code import open_code
from records.context import Records
from records.errors import KeyUnusableError
from records.key_store import KeyStore
from records.keys import KeyRing
from records.services import devices as trust
from records.store import papers
from records.store.papers import PaperRow
from tests.support.records_client import LAN, KioskClient, new_key

PATIENCE_S = 20


@dataclass
class _HeldKey:
    """A key that signs once it is let, or fails."""

    inner: SigningKey
    asked: Event
    let: Event
    fails: bool = False

    def public_key(self) -> ec.EllipticCurvePublicKey:
        return self.inner.public_key()

    def sign(self, data: bytes, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        self.asked.set()
        assert self.let.wait(PATIENCE_S)
        if self.fails:
            raise KeyUnusableError("the token was pulled out")
        return self.inner.sign(data, signature_algorithm)


class _HeldStore(KeyStore):
    """The installation's keys, the code's among them held."""

    def __init__(self, store: KeyStore, held: _HeldKey) -> None:
        self._inner, self._code_key = store, held

    def ring(self) -> KeyRing:
        ring = self._inner.ring()
        return replace(ring, code=replace(ring.code, key=self._code_key))


@pytest.fixture
def held(records: Records) -> _HeldKey:
    return _HeldKey(records.keys.code.key, Event(), Event())


@pytest.fixture
def slow(records: Records, held: _HeldKey) -> KioskClient:
    """Return a kiosk whose papers' codes are signed by that key."""
    return KioskClient(replace(records, key_store=_HeldStore(records.key_store, held)))


def _only(records: Records) -> PaperRow:
    with records.database.reading() as transaction:
        (row,) = papers.every(transaction)
    return row


def test_another_kiosk_is_answered_while_a_code_is_being_signed(
    slow: KioskClient, records: Records, kiosk: KioskClient, held: _HeldKey
) -> None:
    """Its writes too, up to a paper: the database is nobody's meanwhile."""
    subject = slow.prove()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(slow.reserve, subject)
        assert held.asked.wait(PATIENCE_S)
        other = kiosk.reserved(LAN, "visit-0002")
        assert kiosk.seal(other["serial"]).is_success
        assert not waiting.done()
        held.let.set()
        assert waiting.result().status_code == 201
    assert open_code(waiting.result().json()["code"], records.trust).serial == waiting.result().json()["serial"]


def test_what_was_reserved_and_not_signed_is_signed_when_its_key_asks_again(
    slow: KioskClient, records: Records, held: _HeldKey
) -> None:
    """As after a fall of the service in between; the serial is the one that stands in the rows already."""
    held.let.set()
    subject, key = slow.prove(), new_key()
    held.fails = True
    assert slow.reserve(subject, key).json()["retryable"]
    before = _only(records)
    held.fails = False
    again = slow.reserve(subject, key)
    assert (again.status_code, again.headers["idempotency-replayed"]) == (201, "true")
    assert (again.json()["serial"], before.state) == (before.serial, PaperState.RESERVED)
    assert again.json() == slow.reserve(subject, key).json()


def test_what_was_reserved_and_not_signed_is_void_by_its_key(
    slow: KioskClient, records: Records, held: _HeldKey
) -> None:
    """A kiosk that heard nothing knows its key alone."""
    held.let.set()
    held.fails = True
    subject, key = slow.prove(), new_key()
    slow.reserve(subject, key)
    assert slow.void_reservation(key).json() == {
        "server_time": "2026-11-22T15:05:00Z",
        "serial": _only(records).serial,
        "state": "void",
    }
    held.fails = False
    assert slow.reserve(subject, key).json()["code"] == "reservation-void"


@pytest.mark.parametrize(
    "end",
    [lambda slow, key: slow.void_reservation(key), lambda slow, _: trust.revoke(slow.records, slow.device_id)],
    ids=["voided", "revoked"],
)
def test_a_serial_that_ends_while_its_code_is_signed_is_given_to_nobody(
    slow: KioskClient, records: Records, held: _HeldKey, end: Callable[[KioskClient, str], object]
) -> None:
    """The code that comes late is thrown away."""
    subject, key = slow.prove(), new_key()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(slow.reserve, subject, key)
        assert held.asked.wait(PATIENCE_S)
        end(slow, key)
        held.let.set()
        assert waiting.result().json()["code"] == "reservation-void"
    assert _only(records).state is PaperState.VOID


def test_of_two_signatures_for_one_key_the_first_that_is_kept_is_everybodys(
    slow: KioskClient, kiosk: KioskClient, held: _HeldKey
) -> None:
    """Asked again by the same kiosk while the first request still waits."""
    subject, key = slow.prove(), new_key()
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(slow.reserve, subject, key) for _ in range(2)]
        assert held.asked.wait(PATIENCE_S)
        held.let.set()
        first, second = (each.result().json() for each in both)
    assert first == second
    assert kiosk.post("/v1/verifications", {"code": first["code"]}).json()["standing"] == "not-yet"
