"""From a claim to a proven identity: a live face compared with the portrait, or an officer's word."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

from backend_client.contract.base import ProblemCode
from backend_client.contract.identity import Consent
from backend_client.contract.persons import Confirmation, ConfirmationState, Proof
from backend_client.errors import RecordsError, RecordsRefusedError
from backend_client.session import RecordsSession
from civic.clock import Clock
from civic.document import DocumentKind
from civic.masking import PersonalBytes
from devices.camera.api import Camera, Image
from devices.errors import DeviceError
from devices.face.api import FaceEngine, PassiveCheck
from devices.face.capture import Capture, capture
from devices.face.challenge import Challenge, Outcome
from devices.face.comparison import Comparison, PortraitUnusableError, compare
from kiosk.flows import identity as who
from kiosk.services.evidence import Witness
from kiosk.services.memory import VisitMemory
from terminal.store.audit import Audit, AuditKind

ANSWER_AFTER_S = 3.0
"""After how long (or a multiple) a typed number that did not fit is answered: whether nobody has the number, or another
face, takes the same time."""
_ASK_EVERY_S = 1.5
_ANSWERS = {
    ConfirmationState.CONFIRMED: who.OfficerAnswer.CONFIRMED,
    ConfirmationState.DECLINED: who.OfficerAnswer.DECLINED,
    ConfirmationState.SEEN: who.OfficerAnswer.SEEN,
    ConfirmationState.EXPIRED: who.OfficerAnswer.NO_ANSWER,
}


@dataclass(frozen=True, slots=True)
class ProofDesk:
    """Blocking. ``passive`` None: there is no passive check here. ``notice``: the policy's name of the notice in force.
    Raises nothing that belongs to devices or the network."""

    session: RecordsSession
    camera: Camera
    face: FaceEngine
    passive: PassiveCheck | None
    witness: Witness
    clock: Clock
    audit: Audit
    notice: Callable[[], str]

    def note_consent(self, memory: VisitMemory, *, given: bool) -> None:
        """The separate consent, or its refusal, as an event without biometric data."""
        memory.consent = Consent(notice=self.notice(), given=given, at=self.clock.now() + memory.ahead)
        self.audit.append(AuditKind.CONSENT, visit=memory.visit, passed=given, notice=memory.consent.notice)

    def verify_face(
        self,
        memory: VisitMemory,
        cancel: Event,
        say: Callable[[who.FaceInstructed], None],
        show: Callable[[Image], None],
    ) -> who.FaceDecided:
        """One try before the camera: a live face first, and only then the portrait to compare it with."""
        try:
            self.face.load()
            shot = capture(
                self.camera,
                self.face,
                Challenge.random(secrets.choice),
                cancel,
                lambda instruction, progress: say(who.FaceInstructed(instruction.value, progress)),
                lambda frame: show(frame.image),
                self.passive,
            )
        except DeviceError:
            return who.FaceDecided(who.FaceResult.NO_CAMERA)
        if shot.outcome is not Outcome.LIVE:
            self._note(memory, shot, None)
            late = shot.outcome is Outcome.TIMED_OUT
            return who.FaceDecided(who.FaceResult.TIMED_OUT if late else who.FaceResult.NOT_CONFIRMED)
        return self._in_equal_time(memory, shot, cancel)

    def ask_officer(
        self, memory: VisitMemory, cancel: Event, say: Callable[[who.OfficerAsked | who.OfficerOpened], None]
    ) -> who.OfficerDecided:
        """Ask for a code, and wait until an officer has decided or the code runs out."""
        try:
            asked = self.session.ask_officer(memory.subject)
        except RecordsRefusedError as error:
            nobody = error.problem.code is ProblemCode.NOBODY_ON_DUTY
            return who.OfficerDecided(who.OfficerAnswer.NOBODY if nobody else who.OfficerAnswer.NO_LINK)
        except RecordsError:
            return who.OfficerDecided(who.OfficerAnswer.NO_LINK)
        self.audit.append(AuditKind.OFFICER_ASKED, visit=memory.visit)
        say(who.OfficerAsked(asked.code))
        until = self.clock.monotonic() + (asked.expires_at - asked.server_time).total_seconds()
        answer = self._await_officer(memory, until, cancel, lambda: say(who.OfficerOpened()))
        self.audit.append(AuditKind.OFFICER_ANSWERED, visit=memory.visit, outcome=answer.answer.value)
        return answer

    def _await_officer(
        self, memory: VisitMemory, until: float, cancel: Event, opened: Callable[[], None]
    ) -> who.OfficerDecided:
        """Records end it: with an answer, with the code if nobody enters it, and else with the visit."""
        was_opened = False
        while not cancel.wait(_ASK_EVERY_S):
            now = self._confirmation(memory)
            if now is None and self.clock.monotonic() < until:
                continue  # the link may come back while the code is good
            if now is None:
                break
            if now.state in _ANSWERS:
                if now.proof is not None:
                    memory.settle()
                return who.OfficerDecided(_ANSWERS[now.state], _tries(now.proof))
            if now.state is ConfirmationState.OPENED and not was_opened:
                was_opened = True
                opened()
        return who.OfficerDecided(who.OfficerAnswer.NO_ANSWER)

    def _confirmation(self, memory: VisitMemory) -> Confirmation | None:
        try:
            return self.session.confirmation(memory.subject)
        except RecordsError:
            return None

    def _in_equal_time(self, memory: VisitMemory, shot: Capture, cancel: Event) -> who.FaceDecided:
        began = self.clock.monotonic()
        decided = self._decide(memory, shot)
        if memory.kind is DocumentKind.NUMBER and decided.result is not who.FaceResult.PASSED:
            taken = self.clock.monotonic() - began
            cancel.wait(ANSWER_AFTER_S - taken % ANSWER_AFTER_S)
        return decided

    def _decide(self, memory: VisitMemory, shot: Capture) -> who.FaceDecided:
        typed = memory.kind is DocumentKind.NUMBER
        try:
            comparison = self._compare(memory, shot)
            self._note(memory, shot, comparison)
            statement = self.witness.compared(memory, shot, self.passive, comparison)
            proof = self.session.prove(memory.subject, statement)
        except PortraitUnusableError:
            return who.FaceDecided(who.FaceResult.NOT_CONFIRMED if typed else who.FaceResult.NO_PORTRAIT)
        except RecordsRefusedError:
            return who.FaceDecided(who.FaceResult.NOT_CONFIRMED)
        except RecordsError:
            return who.FaceDecided(who.FaceResult.NO_LINK)
        except DeviceError:
            return who.FaceDecided(who.FaceResult.NO_CAMERA)
        memory.statement = statement
        memory.settle()
        return who.FaceDecided(who.FaceResult.PASSED, _tries(proof))

    def _compare(self, memory: VisitMemory, shot: Capture) -> Comparison:
        if shot.face is None:  # capture's own contract: a live outcome has a face
            raise PortraitUnusableError("no-face")
        return compare(self.face, shot.face, self._portrait(memory, shot).reveal())

    def _portrait(self, memory: VisitMemory, shot: Capture) -> PersonalBytes:
        """The document's own, or records': fetched once per visit, and kept in RAM."""
        if memory.portrait is None:
            typed = memory.kind is DocumentKind.NUMBER
            live = self.witness.live(memory, shot, self.passive) if typed else None
            memory.portrait = self.session.portrait(memory.subject, live)
            self.audit.append(AuditKind.PORTRAIT_READ, visit=memory.visit)
        if memory.portrait is None:  # the visit ended meanwhile, and its memory keeps nothing
            raise PortraitUnusableError("visit-over")
        return memory.portrait

    def _note(self, memory: VisitMemory, shot: Capture, comparison: Comparison | None) -> None:
        self.audit.append(
            AuditKind.FACE_COMPARED,
            visit=memory.visit,
            passed=comparison is not None and comparison.passed,
            outcome=shot.outcome.value,
            model=self.face.model,
            challenge=shot.challenge,
            passive=shot.passive is not None,
            threshold_milli=round(self.face.threshold.similarity * 1000),
        )


def _tries(proof: Proof | None) -> who.Tries | None:
    told = proof.tries if proof else None
    return who.Tries(told.count, told.last_at) if told else None
