"""Found, unclear, conflict, unavailable, chosen, or drawn by lot: the receipt, and all that could tell, is the same.

Each reason has records of its own, copied from one, and the same resident asks the same for the first time. So answers,
log lines, audit and rows must agree to the letter, but for what is drawn at random.
"""

import json
import logging
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric import ec

from civic.id_number import IdNumber
from forms.cms import SigningKey
from records import installation
from records.context import Records
from records.criminal.source import Finding
from records.key_store import KeyStore
from records.keys import KeyRing
from records.population.source import Resident
from records.services import policy
from records.store import criminal
from tests.support.clocks import StillClock
from tests.support.hanging_source import HangingSource
from tests.support.records_client import DENG, LAN, KioskClient
from tests.support.records_server import copied, rules_with

ASKED = {"kind": "no_criminal_record", "purpose": "job"}
KEY = "3f0e9f0a-0000-4000-8000-000000000001"
FINDINGS = [each.value for each in Finding if each is not Finding.CLEAN]
REASONS = ["lot", "chosen", *FINDINGS]
ANSWER_S = 0.8
SOURCE_S = 0.15
KEY_S = 0.45
PATIENT_S = 3.9
RANDOM = {"code", "statement", "subject_hash", "certificate_pem", "certificate_serial", "request_hash", "validation"}


class _RunningClock(StillClock):
    """Its days stand still, its seconds pass."""

    def monotonic(self) -> float:
        return time.monotonic()


class _Lines(logging.Handler):
    """Keeps what records log."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        told = {name: value for name, value in vars(record).items() if name in {"method", "route", "status", "device"}}
        self.lines.append({"message": record.getMessage(), "level": record.levelname, **told})


@dataclass(frozen=True)
class _Seen:
    """All that a request leaves behind, but what ``applications`` holds for the officers."""

    body: dict[str, Any]
    headers: dict[str, str]
    length: int
    log: list[dict[str, Any]]
    audit: list[dict[str, Any]]
    rows: dict[str, list[dict[str, Any]]]
    seconds: float


@contextmanager
def _opened(prepared: Path, folder: Path, share: float = 0.0, answer_s: float = ANSWER_S) -> Iterator[Records]:
    with copied(prepared, folder):
        (folder / "rules.toml").write_text(rules_with(share, answer_s), "utf-8")
        opened = installation.open_existing(folder, _RunningClock())
        policy.issue(opened)
        yield opened
        opened.database.close()


def _put(records: Records, finding: str, number: str = DENG.id_number) -> None:
    person = records.population.find(IdNumber(number))
    assert person is not None
    with records.database.writing() as transaction:
        criminal.put(transaction, person.person_id, finding)


def _table(records: Records, query: str) -> list[dict[str, Any]]:
    with records.database.reading() as transaction:
        return [dict(row) for row in transaction.connection.execute(sa.text(query)).mappings()]


def _asked(records: Records, when: str) -> _Seen:
    kiosk = KioskClient(records)
    subject = kiosk.prove()
    before = len(_table(records, "SELECT seq FROM audit"))
    listening, log = _Lines(), logging.getLogger("lamplight.records")
    log.addHandler(listening)
    log.setLevel(logging.INFO)
    begun = time.monotonic()
    answer = kiosk.reserve(subject, KEY, **ASKED, when=when)
    seconds = time.monotonic() - begun
    log.removeHandler(listening)
    log.setLevel(logging.NOTSET)
    assert answer.status_code == 201, answer.text
    rows = {table: _table(records, f"SELECT * FROM {table}") for table in ("papers", "paper_contents", "idempotency")}  # noqa: S608
    audit = _table(records, "SELECT * FROM audit ORDER BY seq")[before:]
    return _Seen(answer.json(), dict(answer.headers), len(answer.content), listening.lines, audit, rows, seconds)


@pytest.fixture(scope="module")
def seen(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, _Seen]:
    """What each reason leaves behind, once the fonts that papers are measured with are read."""
    folder, found = tmp_path_factory.mktemp("reasons"), {}
    with _opened(prepared, folder / "warm", answer_s=0) as records:
        _asked(records, "now")
    for reason in REASONS:
        with _opened(prepared, folder / reason, share=1.0 if reason == "lot" else 0.0) as records:
            if reason in FINDINGS:
                _put(records, reason)
            found[reason] = _asked(records, "later" if reason == "chosen" else "now")
    return found


def _at_its_time(seconds: float) -> bool:
    """At a whole number of the fixed time: which one, and how soon a thread wakes, is the machine's affair."""
    return seconds >= ANSWER_S and seconds % ANSWER_S < ANSWER_S / 2


def _plain(value: Any) -> Any:
    """What is random, by its kind; JSON in a column, opened."""
    if isinstance(value, dict):
        return {name: type(each).__name__ if name in RANDOM else _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return _plain(json.loads(value)) if isinstance(value, str) and value.startswith("{") else value


@pytest.mark.parametrize("reason", REASONS)
def test_the_paper_is_the_same_to_the_letter(seen: dict[str, _Seen], reason: str) -> None:
    """The serial too: receipts and certificates count in one series."""
    assert _plain(seen[reason].body) == _plain(seen["lot"].body)
    assert seen[reason].body["paper"]["kind"] == "later_receipt"
    assert seen[reason].body["paper"]["serial"] == "2026-0001-000001-79"


@pytest.mark.parametrize("reason", REASONS)
def test_the_answer_has_the_same_form_and_size(seen: dict[str, _Seen], reason: str) -> None:
    """Headers, length, the code's length; only the validation material's list of the revoked is signed anew."""
    assert seen[reason].headers.keys() == seen["lot"].headers.keys()
    assert abs(seen[reason].length - seen["lot"].length) < 16  # ECDSA in DER differs by a byte or two
    assert len(seen[reason].body["code"]) == len(seen["lot"].body["code"])


@pytest.mark.parametrize("reason", REASONS)
def test_the_log_is_the_same(seen: dict[str, _Seen], reason: str) -> None:
    assert seen[reason].log == seen["lot"].log
    assert [line["route"] for line in seen[reason].log] == ["/v1/papers"]


@pytest.mark.parametrize("reason", REASONS)
def test_the_audit_is_the_same(seen: dict[str, _Seen], reason: str) -> None:
    """The same deeds with the same facts; what was found is none of them."""
    chained = {"previous", "hash", "seq", "at"}
    told = [{name: value for name, value in each.items() if name not in chained} for each in seen[reason].audit]
    same = [{name: value for name, value in each.items() if name not in chained} for each in seen["lot"].audit]
    assert _plain(told) == _plain(same)
    assert [each["action"] for each in told] == ["criminal-record-read", "paper-reserved"]
    assert not any(word in each["facts"] for each in told for word in [*FINDINGS, "clean", "later"])


@pytest.mark.parametrize("reason", REASONS)
def test_what_is_stored_of_the_paper_is_the_same(seen: dict[str, _Seen], reason: str) -> None:
    """Its kind is what was asked for, as in the kiosk's journal. What was found stands with the application alone."""
    assert _plain(seen[reason].rows) == _plain(seen["lot"].rows)
    assert seen[reason].rows["papers"][0]["kind"] == "no_criminal_record"


def test_every_reason_is_answered_at_the_same_time(seen: dict[str, _Seen]) -> None:
    """None before it, and none between two."""
    times = {reason: each.seconds for reason, each in seen.items()}
    print("\n  answered after", {reason: round(seconds, 3) for reason, seconds in times.items()}, "s")
    assert all(map(_at_its_time, times.values()))


class _FailingSource:
    """A source that can't bear what it finds."""

    def query(self, person: Resident) -> Finding:
        raise ValueError(f"{person.name.reveal()} has the outcome 'sealed'")


def test_a_source_that_fails_is_one_that_has_no_answer_at_once(
    seen: dict[str, _Seen], prepared: Path, tmp_path: Path
) -> None:
    """If it failed for those alone of whom it knows something, an error would tell, and so would a line in the log."""
    with _opened(prepared, tmp_path / "records") as records:
        failed = _asked(replace(records, criminal=_FailingSource()), "now")
        (row,) = _table(records, "SELECT outcome FROM applications")
    assert row["outcome"] == "unavailable"
    assert _plain(failed.body) == _plain(seen["lot"].body)
    assert failed.log == seen["lot"].log


class _QuickSource:
    """A source that knows something at once."""

    def query(self, person: Resident) -> Finding:
        del person
        return Finding.FOUND


class _SlowSource:
    """A source that takes longest where there is something to find."""

    def query(self, person: Resident) -> Finding:
        del person
        time.sleep(SOURCE_S)
        return Finding.FOUND


def test_a_source_that_hangs_is_answered_for_at_the_same_time(
    seen: dict[str, _Seen], prepared: Path, tmp_path: Path
) -> None:
    """It is cut off in time, and what it says afterwards is written nowhere: the receipt, rows and log are the same."""
    hanging = HangingSource()
    with _opened(prepared, tmp_path / "records") as records:
        late = _asked(replace(records, criminal=hanging), "now")
        hanging.let.set()
        (row,) = _table(records, "SELECT outcome FROM applications")
    assert (row["outcome"], hanging.asked) == ("unavailable", 1)
    assert _at_its_time(late.seconds)
    assert (_plain(late.body), _plain(late.rows), late.log) == (
        _plain(seen["lot"].body),
        _plain(seen["lot"].rows),
        seen["lot"].log,
    )


def test_a_slow_search_and_a_certificate_take_the_same_time(prepared: Path, tmp_path: Path) -> None:
    """However long the source takes, as long as it is within the time."""
    times: dict[str, list[float]] = {"later_receipt": [], "no_criminal_record": []}
    with _opened(prepared, tmp_path / "records") as records:
        slow, quick = KioskClient(replace(records, criminal=_SlowSource())), KioskClient(records)
        for kiosk, card in ((slow, DENG), (quick, LAN)) * 2:
            subject = kiosk.prove(card, f"visit-{sum(map(len, times.values())):04}")
            begun = time.monotonic()
            kind = kiosk.reserve(subject, **ASKED).json()["paper"]["kind"]
            times[kind].append(time.monotonic() - begun)
    assert all(len(each) == 2 and all(map(_at_its_time, each)) for each in times.values()), times


@dataclass
class _SlowKey:
    """A key of codes that needs more than what the search leaves of the time."""

    inner: SigningKey

    def public_key(self) -> ec.EllipticCurvePublicKey:
        return self.inner.public_key()

    def sign(self, data: bytes, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        time.sleep(KEY_S)
        return self.inner.sign(data, signature_algorithm)


class _SlowKeys(KeyStore):
    """The installation's keys, with that one for codes."""

    def __init__(self, store: KeyStore) -> None:
        self._inner = store

    def ring(self) -> KeyRing:
        ring = self._inner.ring()
        return replace(ring, code=replace(ring.code, key=_SlowKey(ring.code.key)))


def test_where_signing_makes_the_answer_late_it_is_as_late_whatever_the_source_took(
    prepared: Path, tmp_path: Path
) -> None:
    """At once with something found or nothing, slowly but in time, or never: all leave at twice the time."""
    hanging = HangingSource()
    times = {}
    for number, source in enumerate((None, _QuickSource(), _SlowSource(), hanging)):
        with _opened(prepared, tmp_path / f"records-{number}") as records:
            told = replace(records, key_store=_SlowKeys(records.key_store), criminal=source or records.criminal)
            times[type(source).__name__] = _asked(told, "now").seconds
    hanging.let.set()
    assert all(seconds >= 2 * ANSWER_S and _at_its_time(seconds) for seconds in times.values()), times


def test_a_refusal_is_held_back_too_and_the_answer_to_a_lost_one(prepared: Path, tmp_path: Path) -> None:
    """A purpose that there is not, and a key that was answered before."""
    with _opened(prepared, tmp_path / "records") as records:
        kiosk = KioskClient(records)
        subject = kiosk.prove()
        for key, asked, status in ((KEY, ASKED, 201), (KEY, ASKED, 201), ("", {**ASKED, "purpose": "none"}, 422)):
            begun = time.monotonic()
            assert kiosk.reserve(subject, key, **asked).status_code == status
            assert time.monotonic() - begun >= ANSWER_S


def test_nobody_else_waits_meanwhile(prepared: Path, tmp_path: Path) -> None:
    """Forty kiosks whose answers are held back hold no thread and no lock: another's paper is there before them."""
    with _opened(prepared, tmp_path / "records", answer_s=PATIENT_S) as records, ThreadPoolExecutor(50) as pool:
        kiosk, other = KioskClient(records), KioskClient(records)
        subject, another = kiosk.prove(), other.prove(LAN, "visit-0002")
        held = [pool.submit(kiosk.reserve, subject, **{**ASKED, "purpose": "none"}) for _ in range(40)]
        held += [pool.submit(kiosk.reserve, subject, **ASKED)]
        assert other.reserve(another).status_code == 201
        assert sum(not each.done() for each in held) > len(held) // 2
        assert {each.result().status_code for each in held} == {201, 422}
