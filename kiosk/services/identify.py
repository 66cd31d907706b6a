"""From a card to a proven identity: records find the person, the camera compares, records hear the outcome."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from threading import Event

from backend_client.contract.persons import CardEvidence, FaceOutcome, RecordState
from backend_client.errors import RecordsError, RecordsRefusedError
from backend_client.session import RecordsSession
from civic.clock import Clock
from devices.camera.api import Camera, Image
from devices.errors import DeviceError
from devices.face.api import FaceEngine
from devices.face.challenge import Outcome, Side
from devices.face.verification import FaceVerdict, PortraitUnusableError, verify
from forms.content import CHINA_TIME
from kiosk.flows import happenings as h
from kiosk.services.memory import VisitMemory
from terminal.store.audit import Audit, AuditKind

_MILLI = 1000


@dataclass(frozen=True, slots=True)
class Identification:
    """Blocking. ``simulated``: the camera is not a real one; it stands in every audit row."""

    session: RecordsSession
    camera: Camera
    face: FaceEngine
    clock: Clock
    audit: Audit
    simulated: bool

    def identify(self, memory: VisitMemory) -> h.Identified | h.NotIdentified:
        """Ask records about the card in memory, and fetch the portrait while the resident reads the next question."""
        card = memory.card
        if card is None:
            return h.NotIdentified("cancelled")
        if not card.validity.holds_on(self._today()):
            return h.NotIdentified("card-expired")
        evidence = CardEvidence(
            visit=memory.visit,
            name=card.name.reveal(),
            id_number=card.id_number.reveal(),
            birth_date=card.birth_date,
            valid_until=card.validity.last,
        )
        try:
            found = self.session.identify(evidence)
        except RecordsError as error:
            return h.NotIdentified(_reason(error))
        self.audit.append(AuditKind.PERSON_IDENTIFIED, visit=memory.visit, state=found.state.value)
        if found.state is not RecordState.CLEAR:
            return h.NotIdentified("record-unclear")
        memory.subject = found.subject
        return h.Identified(found.has_portrait)

    def verify_face(
        self, memory: VisitMemory, cancel: Event, say: Callable[[h.FaceInstructed], None], show: Callable[[Image], None]
    ) -> h.FaceDecided:
        """One try before the camera. The portrait is fetched once per visit and stays in RAM."""
        try:
            portrait = self._portrait(memory)
            self.face.load()
            verdict = verify(
                self.camera,
                self.face,
                portrait,
                secrets.choice(list(Side)),
                cancel,
                lambda instruction, progress: say(h.FaceInstructed(instruction.value, progress)),
                lambda frame: show(frame.image),
            )
            return h.FaceDecided(self._judge(memory, verdict))
        except RecordsError:
            return h.FaceDecided(h.FaceResult.NO_LINK)
        except PortraitUnusableError:
            return h.FaceDecided(h.FaceResult.NO_PORTRAIT)
        except DeviceError:
            return h.FaceDecided(h.FaceResult.NO_CAMERA)

    def _portrait(self, memory: VisitMemory) -> bytes:
        if memory.portrait is None:
            memory.portrait = self.session.portrait(memory.subject)
            self.audit.append(AuditKind.PORTRAIT_READ, visit=memory.visit)
        return memory.portrait.reveal()

    def _judge(self, memory: VisitMemory, verdict: FaceVerdict) -> h.FaceResult:
        passed = verdict.outcome is Outcome.PASSED
        self.audit.append(
            AuditKind.FACE_COMPARED,
            visit=memory.visit,
            passed=passed,
            outcome=verdict.outcome.value,
            score_milli=round(verdict.score * _MILLI),
            threshold_milli=round(verdict.threshold * _MILLI),
            model=verdict.model,
            challenge=verdict.challenge,
            simulated=self.simulated,
        )
        try:
            self.session.report_face(
                memory.subject,
                FaceOutcome(
                    score=verdict.score,
                    threshold=verdict.threshold,
                    model=verdict.model,
                    challenge=verdict.challenge,
                    passed=passed,
                    simulated=self.simulated,
                    at=self.clock.now(),
                ),
            )
        except RecordsRefusedError:
            passed = False
        if passed:
            return h.FaceResult.PASSED
        return h.FaceResult.TIMED_OUT if verdict.outcome is Outcome.TIMED_OUT else h.FaceResult.NOT_CONFIRMED

    def _today(self) -> date:
        return self.clock.now().astimezone(CHINA_TIME).date()


def _reason(error: RecordsError) -> str:
    return "records-refused" if isinstance(error, RecordsRefusedError) else "records-unreachable"
