"""That it is them, at the real records service: what proves it, what does not, and what is left of it."""

import base64
import json
import time
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from threading import Event
from typing import Any, cast

import pytest

from backend_client.contract.identity import IdentityStatement
from backend_client.contract.persons import Confirmation, ConfirmationAsked, ConfirmationState
from backend_client.errors import RecordsUnreachableError
from backend_client.session import RecordsSession
from civic.clock import SystemClock
from civic.masking import PersonalBytes
from devices.errors import DeviceMisconfiguredError, DeviceUnavailableError
from devices.face.api import PortraitProblem
from devices.face.challenge import Outcome
from kiosk.flows import happenings as h
from kiosk.flows import identity as who
from kiosk.services import proof as module
from kiosk.services.memory import VisitMemory
from kiosk.services.paper import PaperDesk
from kiosk.services.record import RecordDesk
from terminal.store.audit import AuditKind
from tests.support.clocks import StillClock
from tests.support.identification import Counter, laid, shot
from tests.support.issuing import MemoryRecords, TrayPrinter, assemble
from tests.support.kiosk_store import KioskStore
from tests.support.records_client import DENG, LAN, NOBODYS_NUMBER, RARE
from tests.support.records_server import out_of_reach

ROW = h.OpenRecord("household_certificate")
PASSED = who.FaceDecided(who.FaceResult.PASSED)
REFUSED = who.FaceDecided(who.FaceResult.NOT_CONFIRMED)


@pytest.fixture
def rows(session: RecordsSession, store: KioskStore) -> RecordDesk:
    """The desk of the own row, with a printer that is well."""
    printer = TrayPrinter(store.database.path.parent / "tray")
    parts = assemble(store.database, store.journal, MemoryRecords(), printer)
    return RecordDesk(session, PaperDesk(parts.issue), store.audit, SystemClock())


def arrived(desk: Counter, memory: VisitMemory, number: str = "") -> VisitMemory:
    """Somebody has said who they are."""
    assert isinstance(desk.come(memory, number), who.Identified)
    return memory


# --- the face ---


def test_a_live_face_that_fits_proves_it_and_opens_the_own_row(
    desk: Counter, rows: RecordDesk, store: KioskStore
) -> None:
    """Only then do records give it."""
    memory = arrived(desk, laid(LAN))
    assert rows.open(memory, ROW) == h.RecordNotOpened("records-refused")
    assert desk.face(memory) == PASSED
    assert isinstance(rows.open(memory, ROW), h.RecordOpened)
    assert [row["passed"] for row in store.audited(AuditKind.FACE_COMPARED)] == [True]


def test_a_kiosk_whose_clock_is_wrong_proves_all_the_same(desk: Counter, clock: StillClock) -> None:
    """What it states is dated in records' time."""
    for days in (-400, 400):
        clock.pass_by(days * 86400)
        assert desk.face(arrived(desk, laid(replace(DENG, valid_until=date(2090, 1, 1))))) == PASSED


def test_once_proven_only_a_statement_is_left_and_it_holds_nothing_of_the_face(desk: Counter) -> None:
    """Document and portrait are let go; what later steps carry names checks, a model and a band."""
    memory = arrived(desk, laid(DENG))
    desk.face(memory)
    assert (memory.card, memory.portrait) == (None, None)
    assert memory.statement is not None
    stated = base64.b64decode(memory.statement.payload)
    statement = IdentityStatement.model_validate_json(stated)
    assert [check.value for check in statement.checks] == ["chip", "liveness", "face"]
    assert (statement.band.value, statement.consent.given) == ("far-above", True)
    assert "0.71" not in stated.decode()
    assert all(part not in stated.decode() for part in (DENG.name, DENG.id_number, memory.subject))
    assert set(json.loads(stated)) == set(IdentityStatement.model_fields)


def test_the_portrait_is_fetched_once_a_visit_and_kept_in_memory_alone(
    desk: Counter, store: KioskStore, tmp_path: Path
) -> None:
    """Three tries, one reading at records, one row in the audit, no file."""
    memory = arrived(desk, laid(DENG))
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    desk.engine.likeness = 0.12
    assert [desk.face(memory) for _ in range(3)] == [REFUSED] * 3
    assert len(set(desk.engine.portraits)) == 1
    assert desk.engine.portraits[0].startswith(b"\xff\xd8")
    assert store.audited(AuditKind.PORTRAIT_READ) == [{"visit": memory.visit}]
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == before
    assert "bytes" in repr(memory.portrait)
    memory.forget()
    assert memory.portrait is None


@pytest.mark.parametrize(
    ("outcome", "result"),
    [(Outcome.NOT_LIVE, who.FaceResult.NOT_CONFIRMED), (Outcome.TIMED_OUT, who.FaceResult.TIMED_OUT)],
)
def test_a_face_that_is_not_live_is_compared_with_nothing(
    desk: Counter, store: KioskStore, outcome: Outcome, result: who.FaceResult
) -> None:
    """No portrait is fetched for it."""
    memory = arrived(desk, laid(DENG))
    desk.outcome = shot(outcome)
    assert desk.face(memory).result is result
    assert (desk.engine.portraits, store.audited(AuditKind.PORTRAIT_READ)) == ([], [])
    assert store.audited(AuditKind.FACE_COMPARED)[0]["outcome"] == outcome.value


def test_a_face_without_consent_proves_nothing_at_records(desk: Counter, store: KioskStore) -> None:
    """Whatever the comparison says."""
    memory = arrived(desk, laid(DENG))
    desk.proof.note_consent(memory, given=False)
    assert desk.proof.verify_face(memory, Event(), lambda _: None, lambda _: None) == REFUSED
    assert [row["passed"] for row in store.audited(AuditKind.CONSENT)] == [False]


@pytest.mark.parametrize("problem", list(PortraitProblem))
def test_a_portrait_that_can_t_be_compared_with_is_no_fault_of_the_resident(
    desk: Counter, problem: PortraitProblem
) -> None:
    """An officer is the way then."""
    memory = arrived(desk, laid(DENG))
    desk.engine.likeness = problem
    assert desk.face(memory).result is who.FaceResult.NO_PORTRAIT


@pytest.mark.parametrize("part", ["camera", "pack"])
def test_a_camera_or_a_pack_that_fails_is_said_as_that(desk: Counter, store: KioskStore, part: str) -> None:
    """Nothing was compared, and nothing is audited as if."""
    memory = arrived(desk, laid(DENG))
    if part == "camera":
        desk.outcome = DeviceUnavailableError("gone")
    else:
        desk.engine.breaks = DeviceMisconfiguredError("no pack")
    assert desk.face(memory).result is who.FaceResult.NO_CAMERA
    assert store.audited(AuditKind.FACE_COMPARED) == []


def test_records_gone_in_the_middle_are_said_as_that(session: RecordsSession, desk: Counter, rows: RecordDesk) -> None:
    """At each of the questions; and once they are back the visit goes on."""
    before, proven = arrived(desk, laid(DENG)), arrived(desk, laid(DENG))
    desk.face(proven)
    with out_of_reach(session):
        assert desk.face(before).result is who.FaceResult.NO_LINK
        assert rows.open(proven, ROW) == h.RecordNotOpened("records-unreachable")
    assert desk.face(before) == PASSED
    assert isinstance(rows.open(proven, ROW), h.RecordOpened)


def test_a_card_s_own_photo_proves_it_where_records_have_none(desk: Counter) -> None:
    """A vendor's decoder opened it; the statement says whose portrait it was."""

    class Photos:
        def decode(self, wlt: PersonalBytes) -> PersonalBytes:
            return wlt

    memory = laid(RARE)
    replace(desk.claim, photos=Photos()).identify(memory)
    assert desk.face(memory) == PASSED
    assert desk.engine.portraits == [b"wlt"]
    assert memory.statement is not None
    assert json.loads(base64.b64decode(memory.statement.payload))["reference"] == "chip"


# --- a typed number ---


def test_a_typed_number_and_its_own_face_prove_it(desk: Counter, rows: RecordDesk) -> None:
    """Without any document."""
    memory = arrived(desk, VisitMemory(), LAN.id_number)
    assert desk.face(memory) == PASSED
    assert isinstance(rows.open(memory, ROW), h.RecordOpened)


@pytest.mark.parametrize("number", [DENG.id_number, NOBODYS_NUMBER])
def test_a_wrong_number_and_another_face_are_answered_alike_and_in_equal_time(
    desk: Counter, monkeypatch: pytest.MonkeyPatch, number: str
) -> None:
    """The same word after the same time, from the moment the live face was there."""
    monkeypatch.setattr(module, "ANSWER_AFTER_S", 1.0)
    memory = arrived(desk, VisitMemory(), number)
    desk.engine.likeness = 0.12
    began = time.monotonic()
    assert desk.face(memory) == REFUSED
    assert abs(time.monotonic() - began - 1.0) < 0.5


def test_a_typed_number_whose_portrait_can_t_be_compared_with_tells_nothing(
    desk: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even that there is one."""
    monkeypatch.setattr(module, "ANSWER_AFTER_S", 0.1)
    memory = arrived(desk, VisitMemory(), DENG.id_number)
    desk.engine.likeness = PortraitProblem.NO_FACE
    assert desk.face(memory) == REFUSED


# --- an officer ---


def test_without_an_officer_on_duty_nobody_waits(desk: Counter) -> None:
    """Records say so at once."""
    memory = arrived(desk, laid(DENG))
    assert desk.officer(memory) == who.OfficerDecided(who.OfficerAnswer.NOBODY)


def test_records_gone_while_an_officer_is_asked_for_are_said_as_that(session: RecordsSession, desk: Counter) -> None:
    """Nobody is left waiting for a code."""
    memory = arrived(desk, laid(DENG))
    with out_of_reach(session):
        assert desk.officer(memory) == who.OfficerDecided(who.OfficerAnswer.NO_LINK)


@dataclass
class ScriptedOfficer:
    """Records while an officer is asked: one state at each question, a minute apart; None: nobody answers."""

    clock: StillClock
    states: list[ConfirmationState | None]

    def ask_officer(self, _subject: str) -> ConfirmationAsked:
        """A code for five minutes."""
        now = self.clock.now()
        return ConfirmationAsked(server_time=now, code="123456", expires_at=now + timedelta(minutes=5))

    def confirmation(self, _subject: str) -> Confirmation:
        """The next one; the last one for good."""
        self.clock.pass_by(60)
        state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        if state is None:
            raise RecordsUnreachableError("gone")
        return Confirmation(server_time=self.clock.now(), state=state)


OPENED, MISSED = ConfirmationState.OPENED, ConfirmationState.EXPIRED


@pytest.mark.parametrize(
    ("states", "answer"),
    [
        ([OPENED] * 9 + [ConfirmationState.CONFIRMED], who.OfficerAnswer.CONFIRMED),
        ([ConfirmationState.WAITING] * 5 + [MISSED], who.OfficerAnswer.NO_ANSWER),
        ([None, None, ConfirmationState.DECLINED], who.OfficerAnswer.DECLINED),
        ([OPENED] * 9 + [None], who.OfficerAnswer.NO_ANSWER),
        ([None], who.OfficerAnswer.NO_ANSWER),
    ],
)
def test_an_officer_who_has_opened_the_case_is_waited_for(
    desk: Counter,
    clock: StillClock,
    monkeypatch: pytest.MonkeyPatch,
    states: list[ConfirmationState | None],
    answer: who.OfficerAnswer,
) -> None:
    """Longer than the code is good, for as long as records say so; a code that nobody enters ends with its time."""
    monkeypatch.setattr(module, "_ASK_EVERY_S", 0)
    asking = replace(desk.proof, session=cast("RecordsSession", ScriptedOfficer(clock, list(states))))
    assert asking.ask_officer(VisitMemory(subject="s"), Event(), desk.said.append).answer is answer


def test_consent_is_an_event_without_biometric_data(desk: Counter, store: KioskStore) -> None:
    """Which notice, and yes or no."""
    memory: Any = arrived(desk, laid(DENG))
    desk.proof.note_consent(memory, given=True)
    assert store.audited(AuditKind.CONSENT) == [{"visit": memory.visit, "passed": True, "notice": "2026-11"}]
