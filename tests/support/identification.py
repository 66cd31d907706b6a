"""The desks of identification at a real records service, with a face that is scripted: what the camera and the models
would have said. The drivers themselves are tested at their own place."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from threading import Event
from typing import Any, cast

import numpy as np

from backend_client.contract.identity import Consent
from backend_client.session import RecordsSession
from backend_client.statement import StatementSigner
from civic.clock import Clock
from civic.document import DocumentKind
from civic.id_number import IdNumber
from civic.masking import PersonalBytes, PersonalText
from civic.period import Period
from civic.person_name import PersonName
from devices.errors import DeviceError
from devices.face.api import LiveFace, PortraitProblem
from devices.face.capture import Capture
from devices.face.challenge import Outcome
from devices.face.comparison import Comparison
from devices.face.driver import DEFAULT_THRESHOLD
from devices.id_card.api import IdCard
from kiosk.flows import identity as who
from kiosk.services.claim import ClaimDesk
from kiosk.services.evidence import Witness, of_card
from kiosk.services.memory import VisitMemory
from kiosk.services.proof import ProofDesk
from terminal.store.audit import Audit
from tests.support.clocks import StillClock
from tests.support.records_client import Card

NOTICE = "2026-11"
LIVE = np.array([1.0, 0.0], np.float32)


def card_of(card: Card, first: date = date(2010, 1, 1), kind: DocumentKind = DocumentKind.RESIDENT_CARD) -> IdCard:
    """What a reader makes of a made-up resident's card."""
    return IdCard(
        kind=kind,
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


def laid(card: Card, first: date = date(2010, 1, 1)) -> VisitMemory:
    """A visit with this card read."""
    return VisitMemory(card=card_of(card, first))


@dataclass
class Engine:
    """``likeness``: how like the portrait the live face is, or why the portrait can't be compared with."""

    likeness: float | PortraitProblem = 0.71
    breaks: DeviceError | None = None
    model: str = "sface-2021"
    portraits: list[bytes] = field(default_factory=list)
    threshold: object = DEFAULT_THRESHOLD

    def load(self) -> None:
        """The pack."""
        if self.breaks is not None:
            raise self.breaks

    def portrait_vector(self, encoded: bytes) -> object:
        """The one whose likeness to LIVE is the scripted one."""
        self.portraits.append(encoded)
        if isinstance(self.likeness, PortraitProblem):
            return self.likeness
        return np.array([self.likeness, np.sqrt(1 - self.likeness**2)], np.float32)


def shot(outcome: Outcome = Outcome.LIVE) -> Capture:
    """What an attempt before the camera came to."""
    face = LiveFace(LIVE, LIVE) if outcome is Outcome.LIVE else None
    return Capture(outcome, face, f"turn-left,look-up:{outcome.value}", 40, None)


@dataclass
class Counter:
    """Claim and proof side by side. ``capture``: what the camera comes to."""

    claim: ClaimDesk
    proof: ProofDesk
    engine: Engine
    outcome: Capture | DeviceError = field(default_factory=shot)
    said: list[object] = field(default_factory=list)

    def capture(self, *_: object) -> Capture:
        """In place of the real one."""
        if isinstance(self.outcome, DeviceError):
            raise self.outcome
        return self.outcome

    def come(self, memory: VisitMemory, number: str = "") -> who.Identified | who.NotIdentified | who.Slowed:
        """Say who one is."""
        return self.claim.identify_by_number(memory, IdNumber(number)) if number else self.claim.identify(memory)

    def face(self, memory: VisitMemory, cancel: Event | None = None) -> who.FaceDecided:
        """Consent, and one try before the camera."""
        self.proof.note_consent(memory, given=True)
        return self.proof.verify_face(memory, cancel or Event(), self.said.append, lambda _: None)

    def officer(self, memory: VisitMemory, cancel: Event | None = None) -> who.OfficerDecided:
        """Ask an officer."""
        return self.proof.ask_officer(memory, cancel or Event(), self.said.append)


def counter(
    session: RecordsSession,
    key: Path,
    clock: Clock,
    audit: Audit,
    engine: Engine | None = None,
    patch: Callable[[str, object], None] = lambda *_: None,
) -> Counter:
    """The desks of one kiosk. ``patch``: replaces kiosk.services.proof.capture with the scripted one."""
    mind = engine or Engine()
    witness = Witness(StatementSigner(key), cast("Any", mind), clock, simulated=True)
    claim = ClaimDesk(session, clock, audit, lambda: 14)
    proof = ProofDesk(session, cast("Any", None), cast("Any", mind), None, witness, clock, audit, lambda: NOTICE)
    made = Counter(claim, proof, mind)
    patch("kiosk.services.proof.capture", made.capture)
    return made


def proven_subject(session: RecordsSession, key: Path, card: Card, visit: str, at: datetime) -> str:
    """A subject of records whose identity is proven, by a kiosk's own statement."""
    memory = VisitMemory(visit=visit, card=card_of(card))
    memory.subject = session.identify(of_card(card_of(card), visit)).subject
    session.portrait(memory.subject)
    memory.consent = Consent(notice=NOTICE, given=True, at=at)
    engine = cast("Any", Engine())
    witness = Witness(StatementSigner(key), engine, StillClock(at), simulated=True)
    passed = Comparison(score=0.71, threshold=DEFAULT_THRESHOLD.similarity, passed=True, model=engine.model)
    session.prove(memory.subject, witness.compared(memory, shot(), None, passed))
    return memory.subject
