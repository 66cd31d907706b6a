"""From a card to a proven identity, at the real records service; before the camera stands nobody or a script."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from threading import Event
from typing import Any, cast

import numpy as np
import pytest

from backend_client.session import RecordsSession
from civic.document import DocumentKind
from civic.id_number import IdNumber
from civic.masking import PersonalBytes, PersonalText
from civic.period import Period
from civic.person_name import PersonName
from devices.camera.api import Frame, Image
from devices.errors import DeviceMisconfiguredError, DeviceUnavailableError
from devices.face.api import PortraitProblem
from devices.face.challenge import Outcome
from devices.face.driver import DEFAULT_THRESHOLD
from devices.face.verification import FaceVerdict
from devices.id_card.api import IdCard
from kiosk.flows import happenings as h
from kiosk.services import identify as module
from kiosk.services.identify import Identification
from kiosk.services.memory import VisitMemory
from kiosk.services.paper import PaperDesk
from kiosk.services.record import RecordDesk
from terminal.store.audit import AuditKind
from tests.support.clocks import StillClock
from tests.support.issuing import MemoryRecords, TrayPrinter, assemble
from tests.support.kiosk_store import KioskStore
from tests.support.records_client import DENG, EXPIRED, LAN, RARE, UNCLEAR, Card
from tests.support.records_server import RecordsServer

SIMILARITY = DEFAULT_THRESHOLD.similarity
PASSED = FaceVerdict(
    outcome=Outcome.PASSED,
    score=0.71,
    threshold=SIMILARITY,
    model="sface-2021",
    challenge="turn-left:passed",
    frames=40,
)
ANOTHER = replace(PASSED, outcome=Outcome.NOT_SAME_PERSON, score=0.12, challenge="turn-left:not-same-person")
SLOW = replace(PASSED, outcome=Outcome.TIMED_OUT, score=0.0, challenge="turn-left:timed-out")


def laid(card: Card, first: date = date(2010, 1, 1)) -> VisitMemory:
    """A visit with this card read."""
    return VisitMemory(
        card=IdCard(
            kind=DocumentKind.RESIDENT_CARD,
            name=PersonName(card.name),
            id_number=IdNumber(card.id_number),
            sex="1",
            nation="01",
            birth_date=card.birth_date,
            address=PersonalText("示例市平安区灯火路12号"),
            issuer="示例市公安局",
            validity=Period(first, card.valid_until),
            photo_wlt=PersonalBytes(b"wlt"),
        )
    )


@dataclass
class Camera:
    """Shows nothing, or breaks."""

    breaks: Exception | None = None

    def frames(self, cancel: Event) -> Iterator[Frame]:
        """One frame, then the end."""
        if self.breaks is not None:
            raise self.breaks
        yield Frame(np.zeros((4, 4, 3), np.uint8), 1, 0.0)
        assert cancel is not None


@dataclass
class Engine:
    """Takes every portrait, or none."""

    portrait: object = field(default_factory=lambda: np.ones(4, np.float32))
    breaks: Exception | None = None
    threshold: Any = field(default_factory=lambda: type("T", (), {"similarity": SIMILARITY}))
    model: str = "sface-2021"

    def load(self) -> None:
        """The pack."""
        if self.breaks is not None:
            raise self.breaks

    def portrait_vector(self, encoded: bytes) -> object:
        """Its one face."""
        assert encoded.startswith(b"\xff\xd8")
        return self.portrait


@dataclass
class Desk:
    """Identification with a scripted comparison: ``verdict`` is what it comes to."""

    service: Identification
    seen: list[Image] = field(default_factory=list)
    told: list[h.FaceInstructed] = field(default_factory=list)

    def verify(self, memory: VisitMemory) -> h.FaceResult:
        """One try before the camera."""
        return self.service.verify_face(memory, Event(), self.told.append, self.seen.append).result


@pytest.fixture
def desk(session: RecordsSession, store: KioskStore) -> Desk:
    return Desk(identification(session, store))


def identification(
    session: RecordsSession, store: KioskStore, camera: Camera | None = None, engine: Engine | None = None
) -> Identification:
    eyes, mind = cast("Any", camera or Camera()), cast("Any", engine or Engine())
    return Identification(session, eyes, mind, StillClock(), store.audit, simulated=True)


@pytest.fixture
def comes_to(monkeypatch: pytest.MonkeyPatch) -> Callable[[FaceVerdict], list[bytes]]:
    """Have the comparison come to something; the portraits that it was given."""

    def script(verdict: FaceVerdict) -> list[bytes]:
        portraits: list[bytes] = []

        def verify(*arguments: Any) -> FaceVerdict:
            portraits.append(arguments[2])
            return verdict

        monkeypatch.setattr(module, "verify", verify)
        return portraits

    return script


# --- who it is ---


def test_a_resident_with_a_portrait_is_identified(desk: Desk, store: KioskStore) -> None:
    """The subject is kept for this visit; the audit says that, and not who."""
    memory = laid(DENG)
    assert desk.service.identify(memory) == h.Identified(has_portrait=True)
    assert memory.subject
    assert store.audited(AuditKind.PERSON_IDENTIFIED) == [{"visit": memory.visit, "state": "clear"}]
    assert all(part not in store.text() for part in (DENG.name, DENG.id_number, memory.subject))


def test_a_resident_without_a_portrait_hears_so_before_the_camera(desk: Desk) -> None:
    """The other way is offered then."""
    assert desk.service.identify(laid(RARE)) == h.Identified(has_portrait=False)


@pytest.mark.parametrize(
    ("card", "first", "code"),
    [
        (EXPIRED, date(2010, 1, 1), "card-expired"),
        (DENG, date(2027, 1, 1), "card-expired"),
        (UNCLEAR, date(2010, 1, 1), "record-unclear"),
        (replace(DENG, name="张灯明"), date(2010, 1, 1), "record-unclear"),
        (replace(DENG, birth_date=date(1986, 3, 15)), date(2010, 1, 1), "record-unclear"),
    ],
)
def test_who_can_t_go_on_hears_why(desk: Desk, card: Card, first: date, code: str) -> None:
    """And no subject is kept."""
    memory = laid(card, first)
    assert desk.service.identify(memory) == h.NotIdentified(code)
    assert memory.subject == ""


def test_an_expired_card_is_not_sent_to_records(desk: Desk, store: KioskStore) -> None:
    """Nothing leaves the kiosk that is not needed."""
    desk.service.identify(laid(EXPIRED))
    assert store.audited() == []


def test_a_memory_wiped_meanwhile_asks_nobody(desk: Desk, store: KioskStore) -> None:
    """The job began after its resident had left."""
    memory = laid(DENG)
    memory.forget()
    assert isinstance(desk.service.identify(memory), h.NotIdentified)
    assert store.audited() == []


# --- the face ---


def test_the_portrait_is_fetched_once_a_visit_and_kept_in_memory_alone(
    desk: Desk, store: KioskStore, comes_to: Callable[[FaceVerdict], list[bytes]], tmp_path: Any
) -> None:
    """Three tries, one reading at records, one row in the audit, no file."""
    memory = laid(DENG)
    desk.service.identify(memory)
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    portraits = comes_to(ANOTHER)
    assert [desk.verify(memory) for _ in range(3)] == [h.FaceResult.NOT_CONFIRMED] * 3
    assert len(set(portraits)) == 1
    assert portraits[0].startswith(b"\xff\xd8")
    assert store.audited(AuditKind.PORTRAIT_READ) == [{"visit": memory.visit}]
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == before
    assert memory.portrait is not None
    assert "bytes" in repr(memory.portrait)
    memory.forget()
    assert memory.portrait is None


def test_a_passed_comparison_proves_the_identity_at_records(
    desk: Desk, session: RecordsSession, store: KioskStore, comes_to: Callable[[FaceVerdict], list[bytes]]
) -> None:
    """Only then do records give the own row. The score is audited in thousandths, and that it was simulated."""
    memory = laid(LAN)
    desk.service.identify(memory)
    records = record_desk(session, store)
    assert records.open(memory) == h.RecordNotOpened("records-refused")
    comes_to(PASSED)
    assert desk.verify(memory) is h.FaceResult.PASSED
    assert isinstance(records.open(memory), h.RecordOpened)
    assert store.audited(AuditKind.FACE_COMPARED) == [
        {
            "visit": memory.visit,
            "passed": True,
            "outcome": "passed",
            "score_milli": 710,
            "threshold_milli": round(SIMILARITY * 1000),
            "model": "sface-2021",
            "challenge": "turn-left:passed",
            "simulated": True,
        }
    ]


@pytest.mark.parametrize(("verdict", "result"), [(ANOTHER, h.FaceResult.NOT_CONFIRMED), (SLOW, h.FaceResult.TIMED_OUT)])
def test_a_comparison_that_did_not_pass_is_reported_and_proves_nothing(
    desk: Desk,
    session: RecordsSession,
    store: KioskStore,
    comes_to: Callable[[FaceVerdict], list[bytes]],
    verdict: FaceVerdict,
    result: h.FaceResult,
) -> None:
    """Records hear of it and say no; so do we."""
    memory = laid(DENG)
    desk.service.identify(memory)
    comes_to(verdict)
    assert desk.verify(memory) is result
    assert record_desk(session, store).open(memory) == h.RecordNotOpened("records-refused")
    assert store.audited(AuditKind.FACE_COMPARED)[0]["passed"] is False


def test_records_have_the_last_word_on_a_face(
    desk: Desk, store: KioskStore, comes_to: Callable[[FaceVerdict], list[bytes]]
) -> None:
    """A kiosk that says passed with a score below its own threshold is not believed."""
    memory = laid(DENG)
    desk.service.identify(memory)
    comes_to(replace(PASSED, score=0.1))
    assert desk.verify(memory) is h.FaceResult.NOT_CONFIRMED
    assert store.audited(AuditKind.FACE_COMPARED)[0]["score_milli"] == 100


@pytest.mark.parametrize("problem", list(PortraitProblem))
def test_a_portrait_that_can_t_be_compared_with_is_no_fault_of_the_resident(
    session: RecordsSession, store: KioskStore, problem: PortraitProblem
) -> None:
    """The real comparison says so before the camera opens."""
    memory = laid(DENG)
    service = identification(session, store, Camera(AssertionError("opened")), Engine(problem))
    service.identify(memory)
    assert Desk(service).verify(memory) is h.FaceResult.NO_PORTRAIT


@pytest.mark.parametrize(
    ("camera", "engine"),
    [
        (Camera(DeviceUnavailableError("gone")), Engine()),
        (Camera(), Engine(breaks=DeviceMisconfiguredError("no pack"))),
    ],
)
def test_a_camera_or_a_pack_that_fails_is_said_as_that(
    session: RecordsSession, store: KioskStore, camera: Camera, engine: Engine
) -> None:
    """Nothing was compared, and nothing is audited as if."""
    memory = laid(DENG)
    service = identification(session, store, camera, engine)
    service.identify(memory)
    assert Desk(service).verify(memory) is h.FaceResult.NO_CAMERA
    assert store.audited(AuditKind.FACE_COMPARED) == []


# --- records gone in the middle ---


def test_records_gone_in_the_middle_are_said_as_that(
    records: RecordsServer,
    desk: Desk,
    session: RecordsSession,
    store: KioskStore,
    comes_to: Callable[[FaceVerdict], list[bytes]],
) -> None:
    """At each of the questions; and once they are back the visit goes on."""
    comes_to(PASSED)
    before, proven = laid(DENG), laid(DENG)
    for memory in (before, proven):
        desk.service.identify(memory)
    desk.verify(proven)
    records.kill()
    assert desk.service.identify(laid(LAN)) == h.NotIdentified("records-unreachable")
    assert desk.verify(before) is h.FaceResult.NO_LINK
    assert desk.verify(proven) is h.FaceResult.NO_LINK
    assert record_desk(session, store).open(proven) == h.RecordNotOpened("records-unreachable")
    records.start()
    assert desk.verify(before) is h.FaceResult.PASSED
    assert isinstance(record_desk(session, store).open(proven), h.RecordOpened)


def record_desk(session: RecordsSession, store: KioskStore) -> RecordDesk:
    """The desk of the own row, with a printer that is well."""
    printer = TrayPrinter(store.database.path.parent / "tray")
    parts = assemble(store.database, store.journal, MemoryRecords(), printer)
    return RecordDesk(session, PaperDesk(parts.issue), store.audit)
