"""A device's certificate is followed by another; its heartbeats must fit together; what lasts is said once a day."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from backend_client.contract.devices import LONGEST_AUDIT
from records import hourly
from records.context import Records
from records.services import device_alerts, heartbeats
from records.services import devices as trust
from records.store import alerts, audit, devices
from records.store.devices import DeviceRow
from records.tls import Peer, serial_text
from tests.support.clocks import StillClock
from tests.support.records_client import Client, KioskClient, csr

DAY = timedelta(days=1).total_seconds()
BEAT = "/v1/devices/self/heartbeat"


def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _renewed(kiosk: KioskClient, key: ec.EllipticCurvePrivateKey) -> httpx2.Response:
    return kiosk.post("/v1/devices/self/certificate", {"csr_pem": csr(key)})


def _with(records: Records, answer: httpx2.Response) -> Client:
    """A client that holds the certificate of an answer."""
    certificate = x509.load_pem_x509_certificate(answer.json()["certificate_pem"].encode())
    return Client(records, Peer(answer.json()["device_id"], serial_text(certificate.serial_number)))


def _row(records: Records, kiosk: KioskClient) -> DeviceRow:
    with records.database.reading() as transaction:
        row = devices.by_id(transaction, kiosk.device_id)
    assert row is not None
    return row


def _alerts(records: Records) -> list[tuple[str, str, int]]:
    with records.database.reading() as transaction:
        return [(str(each.kind), each.device_id, each.count) for each in alerts.list_open(transaction)]


def _deeds(records: Records) -> list[str]:
    with records.database.reading() as transaction:
        return [str(row["action"]) for row in audit.latest(transaction, 50)]


def _beat(kiosk: KioskClient, **changes: Any) -> httpx2.Response:
    beat = {"at": kiosk.clock.now().isoformat(), "software": "0.1", "policy_version": 1, "open_papers": 0}
    return kiosk.post(BEAT, {**beat, **changes})


def test_both_certificates_hold_until_the_new_one_was_used(records: Records, kiosk: KioskClient) -> None:
    """Then only the new one, and the device is still the same."""
    key = _key()
    answer = _renewed(kiosk, key)
    assert (answer.status_code, answer.json()["device_id"]) == (200, kiosk.device_id)
    assert kiosk.get("/v1/policy").status_code == 200
    after = _with(records, answer)
    assert after.get("/v1/policy").status_code == 200
    assert kiosk.get("/v1/policy").json()["code"] == "certificate-unknown"
    assert _alerts(records) == []  # it may have been on its way
    assert (
        x509.load_pem_x509_certificate(_row(records, kiosk).certificate_pem.encode()).public_key() == key.public_key()
    )
    assert _deeds(records)[-3:] == ["device-enrolled", "certificate-issued", "certificate-renewed"]


def test_who_comes_with_the_former_certificate_is_reported(
    records: Records, kiosk: KioskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two machines hold the device's keys: one of them copied. It is counted, and fills no audit."""
    monkeypatch.setattr(device_alerts, "IN_FULL", 2)
    _with(records, _renewed(kiosk, _key())).get("/v1/policy")
    kiosk.clock.pass_by(60)  # type: ignore[attr-defined]
    for _ in range(3):
        assert kiosk.get("/v1/policy").status_code == 401
    assert _alerts(records) == [("former-certificate", kiosk.device_id, 3)]
    assert _deeds(records).count("former-certificate") == 2


def test_a_lost_answer_is_given_again_and_a_lost_key_is_replaced(records: Records, kiosk: KioskClient) -> None:
    """The same key has the same certificate; another one takes its place, and the first never opens anything."""
    key = _key()
    first, again = _renewed(kiosk, key), _renewed(kiosk, key)
    assert first.json() == again.json()
    other = _renewed(kiosk, _key())
    assert _with(records, first).get("/v1/policy").status_code == 401
    assert _with(records, other).get("/v1/policy").status_code == 200


def test_the_key_in_use_is_no_new_one(kiosk: KioskClient) -> None:
    """A copy of it would live on."""
    assert _renewed(kiosk, kiosk.key).json()["code"] == "validation"


def test_a_device_that_was_revoked_gets_no_certificate_and_uses_none(records: Records, kiosk: KioskClient) -> None:
    """Not the present one, nor the one that was to follow."""
    waiting = _with(records, _renewed(kiosk, _key()))
    trust.revoke(records, kiosk.device_id)
    assert _renewed(kiosk, _key()).json()["code"] == "device-revoked"
    assert waiting.get("/v1/policy").json()["code"] == "device-revoked"


def test_the_next_certificate_ends_too(records: Records, kiosk: KioskClient, clock: StillClock) -> None:
    after = _with(records, _renewed(kiosk, _key()))
    clock.pass_by(90 * DAY)
    assert after.get("/v1/policy").json()["code"] == "certificate-unknown"


# --- the device's own audit ---


def test_a_chain_that_grows_is_followed(records: Records, kiosk: KioskClient) -> None:
    for rows in (1, 5, 5, 9):
        assert _beat(kiosk, audit_rows=rows, audit_head=f"{rows:064}").status_code == 200
    assert _beat(kiosk, audit_rows=LONGEST_AUDIT + 1, audit_head="a" * 64).status_code == 422
    row = _row(records, kiosk)
    assert (row.audit_rows, row.audit_head, row.forked_at) == (9, f"{9:064}", None)


@pytest.mark.parametrize(("rows", "head"), [(4, f"{4:064}"), (5, "f" * 64), (0, "0" * 64)])
def test_a_chain_that_is_another_one_is_said_once_and_then_followed(
    records: Records, kiosk: KioskClient, rows: int, head: str
) -> None:
    """Shorter, or another hash for the same row: residents are served on, and somebody is told."""
    assert _beat(kiosk, audit_rows=5, audit_head=f"{5:064}").status_code == 200
    kiosk.clock.pass_by(120)  # type: ignore[attr-defined]
    answer = _beat(kiosk, audit_rows=rows, audit_head=head)
    assert (answer.status_code, answer.json()["code"]) == (409, "audit-fork")
    assert _beat(kiosk, audit_rows=rows, audit_head=head).status_code == 200
    assert _row(records, kiosk).forked_at == records.clock.now()
    assert _alerts(records) == [("audit-fork", kiosk.device_id, 1)]
    assert _deeds(records).count("audit-fork") == 1


def test_a_device_that_goes_on_forking_fills_no_audit(
    records: Records, kiosk: KioskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is refused each time, and counted."""
    monkeypatch.setattr(device_alerts, "IN_FULL", 2)
    forked = [_beat(kiosk, audit_rows=5, audit_head=head * 64).status_code for head in "abab"]
    assert forked == [200, 409, 409, 409]
    assert _alerts(records) == [("audit-fork", kiosk.device_id, 3)]
    assert _deeds(records).count("audit-fork") == 2


def test_a_heartbeat_that_another_one_overtook_is_no_fork(records: Records, kiosk: KioskClient) -> None:
    """Its network kept it waiting: what is newer stays."""
    early = kiosk.clock.now()
    kiosk.clock.pass_by(5)  # type: ignore[attr-defined]
    assert _beat(kiosk, audit_rows=7, audit_head=f"{7:064}").status_code == 200
    assert _beat(kiosk, at=early.isoformat(), audit_rows=6, audit_head=f"{6:064}").status_code == 200
    assert _row(records, kiosk).audit_rows == 7
    assert _alerts(records) == []


def test_a_clock_that_was_set_back_hides_no_fork(kiosk: KioskClient) -> None:
    """By more than a network ever waits."""
    _beat(kiosk, audit_rows=7, audit_head=f"{7:064}")
    answer = _beat(kiosk, at="2026-11-01T00:00:00Z", audit_rows=6, audit_head=f"{6:064}")
    assert answer.json()["code"] == "audit-fork"


# --- what lasts ---


def test_a_certificate_that_ends_within_a_week_is_said_once_a_day(
    records: Records, kiosk: KioskClient, clock: StillClock
) -> None:
    """Also when somebody has seen to it meanwhile."""
    clock.pass_by(83 * DAY)
    _beat(kiosk)
    assert _alerts(records) == []
    clock.pass_by(1)
    _beat(kiosk)
    assert _alerts(records) == [("certificate-ending", kiosk.device_id, 1)]
    with records.database.writing() as transaction:
        alerts.close(transaction, alerts.list_open(transaction)[0].alert_id, "lin", clock.now())
    _beat(kiosk)
    assert _alerts(records) == []
    clock.pass_by(DAY)
    hourly.tidied(records, lambda: False)  # as the service does by itself
    assert _alerts(records) == [("certificate-ending", kiosk.device_id, 1)]


def test_who_stays_out_of_service_for_three_days_is_said(
    records: Records, kiosk: KioskClient, clock: StillClock
) -> None:
    """Counted from the first heartbeat that said so; back in service, it begins anew."""
    _beat(kiosk, out_of_service="repair")
    clock.pass_by(3 * DAY + 1)
    heartbeats.look_at_all(records)
    assert _alerts(records) == [("out-of-service", kiosk.device_id, 1)]
    _beat(kiosk)
    assert _row(records, kiosk).closed_since is None
    _beat(kiosk, out_of_service="paper")
    assert _row(records, kiosk).closed_since == clock.now()


def test_nobody_is_told_of_a_device_that_was_revoked(records: Records, kiosk: KioskClient, clock: StillClock) -> None:
    trust.revoke(records, kiosk.device_id)
    clock.pass_by(89 * DAY)
    heartbeats.look_at_all(records)
    assert _alerts(records) == []
