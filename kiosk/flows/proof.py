"""That it is them: a live face compared with the portrait, or an officer who confirms; of equal rank.

Everything that moves this part of identification stands here; it is the same for every service. Diagram:
docs/flows/proof.md, drawn from this file. Who has said no to the camera is not asked again in the visit.
"""

from dataclasses import dataclass, replace

from kiosk.flows import happenings as h
from kiosk.flows import identity as who
from kiosk.flows.base import Event, State, Step

FACE_TRIES = 3
_NO_USE = (who.FaceResult.NO_CAMERA, who.FaceResult.NO_LINK)  # trying again now would end the same way


@dataclass(frozen=True, slots=True)
class Case:
    """What was claimed, what works here, and what has been tried. ``refused``: the camera was said no to."""

    claim: who.Claim
    face_works: bool
    officer: bool
    face_tries: int = 0
    refused: bool = False

    @property
    def face_offered(self) -> bool:
        """Whether the camera is one of the two ways."""
        able = self.face_works and self.claim.has_portrait and not self.claim.minor and not self.claim.unclear
        return able and not self.refused and self.face_tries < FACE_TRIES

    @property
    def why_no_face(self) -> str:
        """Why only an officer can confirm: unclear, minor, no-portrait, no-camera, face or chosen; "" otherwise."""
        reasons = (
            ("unclear", self.claim.unclear),
            ("minor", self.claim.minor),
            ("no-portrait", not self.claim.has_portrait),
            ("no-camera", not self.face_works),
            ("chosen", self.refused),
            ("face", self.face_tries >= FACE_TRIES),
        )
        return next((reason for reason, holds in reasons if holds), "")


@dataclass(frozen=True, slots=True)
class ChoosingProof(State):
    """Face or officer, two equal answers; or an officer alone, and why. Separate consent, just before the camera."""

    case: Case


@dataclass(frozen=True, slots=True)
class FacingCamera(State):
    """One short instruction at a time."""

    case: Case
    instruction: str = "look-straight"
    progress: float = 0.0


@dataclass(frozen=True, slots=True)
class FaceNotConfirmed(State):
    """Said without blame. ``tries_left`` 0: only the officer remains."""

    case: Case
    result: who.FaceResult
    tries_left: int


@dataclass(frozen=True, slots=True)
class AskingOfficer(State):
    """A code is on its way."""

    case: Case


@dataclass(frozen=True, slots=True)
class WithOfficer(State):
    """The code to be told to the officer, at the window or by phone. ``opened``: they have the case before them."""

    case: Case
    code: str
    opened: bool = False


@dataclass(frozen=True, slots=True)
class AtWindow(State):
    """Where the window is, and when. ``because``: an OfficerAnswer's value, or why an officer was needed."""

    case: Case
    because: str


@dataclass(frozen=True, slots=True)
class TellingTries(State):
    """Proven, and to be told that others have tried their number."""

    tries: who.Tries


@dataclass(frozen=True, slots=True)
class Proven(State):
    """It is them."""


@dataclass(frozen=True, slots=True)
class Unproven(State):
    """It could not be shown here."""


Here = (
    ChoosingProof
    | FacingCamera
    | FaceNotConfirmed
    | AskingOfficer
    | WithOfficer
    | AtWindow
    | TellingTries
    | Proven
    | Unproven
)


def begin(claim: who.Claim, offers: who.Offers) -> Step[Here]:
    """The first screen."""
    return Step(ChoosingProof(Case(claim, face_works=offers.face, officer=offers.officer)))


def advance(state: Here, event: Event) -> Step[Here]:
    """The next screen, and what is to be done now."""
    match state, event:
        case ChoosingProof(case), who.FaceChosen() if case.face_offered:
            return Step(FacingCamera(case), (who.NoteConsent(given=True), who.VerifyFace()))
        case FaceNotConfirmed(case, _, tries_left), who.FaceChosen() if tries_left and case.face_offered:
            return Step(FacingCamera(case), (who.VerifyFace(),))
        case ((ChoosingProof(case) | FaceNotConfirmed(case)), who.OfficerChosen()):
            return _ask(case, refusing=isinstance(state, ChoosingProof) and case.face_offered)
        case FacingCamera(), who.FaceInstructed(instruction, progress):
            return Step(replace(state, instruction=instruction, progress=progress))
        case FacingCamera(case), who.FaceDecided(result, tries):
            return _face_decided(case, result, tries)
        case FacingCamera(case), h.JobFailed():
            return _face_decided(case, who.FaceResult.NO_CAMERA, None)
        case FacingCamera(case), (h.WentBack() | who.OfficerChosen()):
            refused = replace(case, refused=True)
            return Step(ChoosingProof(refused), (h.StopJobs(), who.NoteConsent(given=False)))
        case AskingOfficer(case), who.OfficerAsked(code):
            return Step(WithOfficer(case, code))
        case WithOfficer(), who.OfficerOpened():
            return Step(replace(state, opened=True))
        case ((AskingOfficer(case) | WithOfficer(case)), who.OfficerDecided(answer, tries)):
            return _proven(tries) if answer is who.OfficerAnswer.CONFIRMED else Step(AtWindow(case, answer.value))
        case ((AskingOfficer(case) | WithOfficer(case)), h.JobFailed()):
            return Step(AtWindow(case, who.OfficerAnswer.NO_LINK.value))
        case ((AskingOfficer(case) | WithOfficer(case)), h.WentBack()):
            return Step(AtWindow(case, "chosen"), (h.StopJobs(),))
        case AtWindow(), (h.WentOn() | h.WentBack()):
            return Step(Unproven())
        case ((ChoosingProof() | FaceNotConfirmed()), h.WentBack()):
            return Step(Unproven())
        case TellingTries(), h.WentOn():
            return Step(Proven())
        case _:
            return Step(state)  # late or stray: what it speaks of is no longer on the screen


def _ask(case: Case, *, refusing: bool) -> Step[Here]:
    noted = (who.NoteConsent(given=False),) if refusing else ()
    case = replace(case, refused=case.refused or refusing)
    if not case.officer:
        return Step(AtWindow(case, who.OfficerAnswer.NOBODY.value), noted)
    return Step(AskingOfficer(case), (*noted, who.AskOfficer()))


def _face_decided(case: Case, result: who.FaceResult, tries: who.Tries | None) -> Step[Here]:
    if result is who.FaceResult.PASSED:
        return _proven(tries)
    if result is who.FaceResult.NO_PORTRAIT:
        return Step(ChoosingProof(replace(case, claim=replace(case.claim, has_portrait=False))))
    tried = replace(case, face_tries=case.face_tries + 1, face_works=result is not who.FaceResult.NO_CAMERA)
    return Step(FaceNotConfirmed(tried, result, 0 if result in _NO_USE else max(FACE_TRIES - tried.face_tries, 0)))


def _proven(tries: who.Tries | None) -> Step[Here]:
    return Step(TellingTries(tries) if tries else Proven())
