"""One key, one serial: whatever is repeated, raced, lost or voided in between."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
import sqlalchemy as sa

from backend_client.contract.devices import DeviceKind
from forms.code import open_code
from records.context import Records
from records.rules.numbering import is_serial
from records.store.tables.register import residents
from tests.support.clocks import StillClock
from tests.support.records_client import LAN, KioskClient, digest_of, new_key
from tests.support.records_server import BOTH

pytestmark = pytest.mark.parametrize("kind", BOTH)
THREADS = 20


def _stored(records: Records, table: str) -> int:
    with records.database.reading() as transaction:
        return int(transaction.connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one())  # noqa: S608


def test_a_reservation_says_all_that_the_page_will_say(kiosk: KioskClient) -> None:
    """From records' own row, at the bureau's time; at five past eleven in the evening it is still the 22nd."""
    paper = kiosk.reserved()["paper"]
    assert (paper["name"], paper["nation"], paper["sex"]) == ("张明灯", "汉", "男")
    assert (paper["purpose"], paper["machine"]) == ("迁移户口（迁往外省）", kiosk.device_id)
    assert datetime.fromisoformat(paper["issued_at"]).isoformat() == "2026-11-22T23:05:00+08:00"
    assert paper["valid_until"] == "2026-12-21"
    assert paper["specimen"] is True
    assert "样张" in paper["issuer"]


def test_the_code_is_signed_over_that_page(kiosk: KioskClient, records: Records) -> None:
    """Anyone who trusts the root reads the same serial in it."""
    reservation = kiosk.reserved()
    assert open_code(reservation["code"], records.trust).serial == reservation["serial"]


def test_serials_count_up_for_each_kiosk(records: Records) -> None:
    """Year, kiosk, sequence and two check digits."""
    first, second = KioskClient(records), KioskClient(records)
    serials = [kiosk.reserved(visit=f"visit-000{n}")["serial"] for n, kiosk in enumerate((first, first, second))]
    assert all(map(is_serial, serials))
    assert [serial[:16] for serial in serials] == ["2026-0001-000001", "2026-0001-000002", "2026-0002-000001"]


def test_the_same_key_is_answered_again(kiosk: KioskClient) -> None:
    """Word for word, but for the clock, and marked."""
    subject, key = kiosk.prove(), new_key()
    first, again = kiosk.reserve(subject, key), kiosk.reserve(subject, key)
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert (again.status_code, again.json()) == (first.status_code, first.json())


def test_the_same_key_is_answered_even_after_the_visit(kiosk: KioskClient, clock: StillClock) -> None:
    """A kiosk that was without power for an hour still learns its serial."""
    subject, key = kiosk.prove(), new_key()
    serial = kiosk.reserve(subject, key).json()["serial"]
    clock.pass_by(3600)
    assert kiosk.reserve(subject, key).json()["serial"] == serial


def test_the_same_key_with_another_body_is_refused(kiosk: KioskClient) -> None:
    subject, key = kiosk.prove(), new_key()
    kiosk.reserve(subject, key)
    answer = kiosk.reserve(subject, key, purpose="school")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency-key-reused")


def test_twenty_requests_with_one_key_reserve_one_serial(kiosk: KioskClient, records: Records) -> None:
    """At the same time, from as many threads."""
    subject, key = kiosk.prove(), new_key()
    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(lambda _: kiosk.reserve(subject, key), range(THREADS)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["serial"] for answer in answers}) == 1
    assert sum("idempotency-replayed" in answer.headers for answer in answers) == THREADS - 1
    assert _stored(records, "papers") == 1


def test_twenty_keys_reserve_twenty_serials(kiosk: KioskClient) -> None:
    """None twice, none skipped."""
    subject = kiosk.prove()
    with ThreadPoolExecutor(THREADS) as pool:
        serials = {answer.json()["serial"] for answer in pool.map(lambda _: kiosk.reserve(subject), range(THREADS))}
    assert sorted(int(serial[10:16]) for serial in serials) == list(range(1, THREADS + 1))


def test_two_kiosks_may_use_the_same_key(records: Records) -> None:
    """A key is its device's own."""
    key = new_key()
    kiosks = (KioskClient(records), KioskClient(records))
    assert len({kiosk.reserve(kiosk.prove(), key).json()["serial"] for kiosk in kiosks}) == 2


def test_without_proof_of_identity_nothing_is_reserved(kiosk: KioskClient, records: Records) -> None:
    answer = kiosk.reserve(str(kiosk.identify()["subject"]))
    assert (answer.status_code, answer.json()["code"]) == (403, "identity-not-proven")
    assert _stored(records, "papers") == 0
    assert _stored(records, "idempotency") == 0


def test_a_refused_request_may_be_sent_again_with_its_key(kiosk: KioskClient) -> None:
    """A refusal leaves no trace of the key."""
    subject, key = kiosk.prove(), new_key()
    assert kiosk.reserve(subject, key, purpose="no-such-purpose").json()["code"] == "purpose-not-offered"
    assert kiosk.reserve(subject, key).status_code == 201


def test_a_write_needs_a_key(kiosk: KioskClient) -> None:
    body = {"subject": kiosk.prove(), "kind": "household_certificate", "purpose": "school"}
    assert kiosk.post("/v1/papers", body).json()["code"] == "validation"


def test_a_key_voided_before_it_was_seen_reserves_nothing(kiosk: KioskClient) -> None:
    """The late request of a kiosk that has long given up."""
    subject, key = kiosk.prove(), new_key()
    tombstone = kiosk.void_reservation(key)
    assert (tombstone.json()["serial"], tombstone.json()["state"]) == ("", "void")
    assert kiosk.reserve(subject, key).json()["code"] == "reservation-void"
    assert kiosk.void_reservation(key).json()["state"] == "void"


def test_a_key_voided_after_it_reserved_voids_its_serial(kiosk: KioskClient) -> None:
    """The kiosk knows its key, not its serial; both ways to ask say the same afterwards."""
    subject, key = kiosk.prove(), new_key()
    serial = kiosk.reserve(subject, key).json()["serial"]
    assert kiosk.void_reservation(key).json() == {
        "serial": serial, "state": "void", "server_time": "2026-11-22T15:05:00Z",
    }  # fmt: skip
    assert kiosk.reserve(subject, key).json()["code"] == "reservation-void"
    assert kiosk.seal(serial).json()["code"] == "paper-void"


def test_reserving_and_voiding_one_key_at_once_leaves_no_open_serial(kiosk: KioskClient, records: Records) -> None:
    """Whoever comes first, the serial is void or was never given."""
    subject, keys = kiosk.prove(), [new_key() for _ in range(10)]
    with ThreadPoolExecutor(THREADS) as pool:
        reserved = [pool.submit(kiosk.reserve, subject, key) for key in keys]
        voided = [pool.submit(kiosk.void_reservation, key) for key in keys]
    assert {each.result().json()["state"] for each in voided} == {"void"}
    assert {each.result().status_code for each in reserved} <= {201, 409}
    with records.database.reading() as transaction:
        query = sa.text("SELECT count(*) FROM papers WHERE state <> 'void'")
        assert transaction.connection.execute(query).scalar_one() == 0


@pytest.mark.parametrize("end", ["delivered", "void"])
def test_a_decided_serial_leaves_nothing_personal_behind(kiosk: KioskClient, records: Records, end: str) -> None:
    """What the page said is kept while the serial is open, to answer again, and no longer."""
    serial = kiosk.reserved()["serial"]
    assert _stored(records, "paper_contents") == 1
    kiosk.seal(serial)
    getattr(kiosk, end)(serial)
    assert _stored(records, "paper_contents") == 0


def test_the_answer_to_a_key_is_not_repeated_once_its_paper_is_out(kiosk: KioskClient) -> None:
    """Nothing may be printed from it again."""
    subject, key = kiosk.prove(), new_key()
    serial = kiosk.reserve(subject, key).json()["serial"]
    kiosk.seal(serial)
    kiosk.delivered(serial)
    assert kiosk.reserve(subject, key).json()["code"] == "paper-delivered"


def test_another_kiosks_serial_is_not_found(kiosk: KioskClient, records: Records) -> None:
    serial, other = kiosk.reserved()["serial"], KioskClient(records)
    answers = (other.seal(serial), other.delivered(serial), other.void(serial))
    assert {answer.json()["code"] for answer in answers} == {"not-found"}


@pytest.mark.parametrize("change", ["deceased", "unclear"])
def test_what_the_register_came_to_say_meanwhile_stops_the_paper(
    kiosk: KioskClient, records: Records, change: str
) -> None:
    """The identity was proven a minute before; the serial is asked for now."""
    subject = kiosk.prove()
    with records.database.writing() as transaction:
        transaction.connection.execute(sa.update(residents).values({change: True}))
    assert kiosk.reserve(subject).json()["code"] == "record-unclear"


def test_a_digest_is_32_bytes(kiosk: KioskClient) -> None:
    """Forty-four characters that are no base64 of them are refused, and seal nothing."""
    serial = kiosk.reserved()["serial"]
    for text in ("x" * 44, "é" * 44):
        assert kiosk.seal(serial, text).json()["code"] == "validation"
    assert kiosk.seal(serial, digest_of("page")).status_code == 200


def test_no_request_body_is_kept(kiosk: KioskClient, records: Records) -> None:
    """The table of keys holds keyed hashes, which say nothing elsewhere."""
    kiosk.reserved(LAN)
    with records.database.reading() as transaction:
        rows = transaction.connection.execute(sa.text("SELECT * FROM idempotency")).mappings().all()
    assert len(rows) == 1
    assert not any(LAN.name in str(value) or LAN.id_number in str(value) for value in rows[0].values())


def test_a_gate_issues_no_papers(records: Records) -> None:
    gate = KioskClient(records, DeviceKind.GATE)
    assert gate.reserve("any-subject").json()["code"] == "not-permitted"
