"""Who is at the kiosk. Personal numbers travel in bodies, never in a URL; each read is audited with the visit's number.

POST /v1/identifications                      card text          -> 201 Identification (a subject for this visit only)
POST /v1/identifications/{subject}/portrait   once per visit     -> 200 the portrait's bytes (image/jpeg)
POST /v1/identifications/{subject}/face       the comparison     -> 200 FaceAccepted | 403 identity-not-proven
POST /v1/identifications/{subject}/record     after the face     -> 200 HouseholdRecord (the resident's own row)
"""

from datetime import date
from enum import StrEnum

from pydantic import AwareDatetime, Field

from backend_client.contract.base import PersonalWire, ServerTime, Wire


class CardEvidence(PersonalWire):
    """What the chip said: enough to find the one record and to notice that card and record disagree."""

    visit: str = Field(min_length=8, max_length=64)
    name: str
    id_number: str
    birth_date: date
    valid_until: date | None


class RecordState(StrEnum):
    """Whether a kiosk can go on with this person."""

    CLEAR = "clear"
    UNCLEAR = "unclear"  # no record here, or card and record disagree: an officer looks


class OpenReissue(Wire):
    """A paper of this person that was voided without reaching them: one free new print. ``serial``: for
    ``Reserve.replaces``."""

    kind: str
    purpose: str
    voided_at: AwareDatetime
    serial: str = ""


class Identification(ServerTime):
    """``subject``: an opaque, short-lived handle for this visit; it means nothing elsewhere."""

    subject: str
    state: RecordState
    has_portrait: bool
    expires_at: AwareDatetime


class FaceOutcome(Wire):
    """What a comparison concluded: numbers about the comparison, nothing of the face."""

    score: float = Field(ge=-1, le=1)
    threshold: float = Field(ge=-1, le=1)
    model: str
    challenge: str  # liveness challenge and its outcome, e.g. "turn-left:passed"
    passed: bool
    simulated: bool  # the camera is not a real one
    at: AwareDatetime


class FaceAccepted(ServerTime):
    """The identity counts as proven for this visit."""

    proven_until: AwareDatetime


class HouseholdRecord(PersonalWire):
    """The resident's own row, for them to check before anything is issued."""

    name: str
    former_name: str
    sex: str
    nation: str
    birth_date: date
    id_number: str
    birthplace: str
    native_place: str
    address: str
    household_type: str
    householder: str
    relation: str
    moved_in: str
    reissues: tuple[OpenReissue, ...] = ()
