"""What a kiosk says of the person before it, once, signed with its own key: later steps carry this and not the data.

Nothing here is a measure of a face: the score is a band, the portrait and the vectors stay where they were compared.
"""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from backend_client.contract.base import Wire
from civic.document import DocumentKind


class Check(StrEnum):
    """What was checked and held."""

    CHIP = "chip"  # the SAM-V module, or passive authentication, vouches for the document's chip
    LIVENESS = "liveness"  # the sequence of movements asked for was followed by one face
    PASSIVE = "passive"  # the operator's anti-spoofing model found nothing
    FACE = "face"  # the live face and the portrait are one person's


class Reference(StrEnum):
    """Whose portrait the live face was compared with."""

    NONE = "none"  # not compared yet
    RECORDS = "records"
    CHIP = "chip"


class ScoreBand(StrEnum):
    """How the likeness lies to the threshold (cosine similarity)."""

    NONE = "none"  # nothing was compared
    BELOW = "below"
    JUST_ABOVE = "just-above"  # by less than 0.05
    ABOVE = "above"  # by less than 0.15
    FAR_ABOVE = "far-above"


class Consent(Wire):
    """The separate consent to face verification (PIPL 29): an event without biometric data. ``notice``: which text was
    shown, by the policy's name for it."""

    notice: str = Field(max_length=64)
    given: bool
    at: AwareDatetime


class IdentityStatement(Wire):
    """``subject``: SHA-256 of the visit's subject, hex, so that a statement of one visit is none of another.

    ``challenge``: the movements asked for and how it ended (``turn-left,look-up:live``). ``simulated``: the camera is
    no real one.
    """

    subject: str = Field(min_length=64, max_length=64)
    visit: str = Field(min_length=8, max_length=64)
    at: AwareDatetime
    document: DocumentKind
    checks: tuple[Check, ...]
    reference: Reference = Reference.NONE
    band: ScoreBand = ScoreBand.NONE
    threshold: float = Field(0.0, ge=-1, le=1)
    false_match_rate: float = Field(0.0, ge=0, le=1)
    model: str = Field("", max_length=64)
    passive_model: str = Field("", max_length=64)
    challenge: str = Field("", max_length=64)
    consent: Consent
    simulated: bool


class SignedStatement(Wire):
    """``payload``: base64 of the statement's JSON; ``signature``: base64 of the ECDSA P-256 / SHA-256 signature (DER)
    by the device's key, over exactly those bytes."""

    payload: str = Field(max_length=4096)
    signature: str = Field(max_length=200)


def band_of(score: float, threshold: float) -> ScoreBand:
    """The band of a score."""
    if score < threshold:
        return ScoreBand.BELOW
    if score < threshold + 0.05:
        return ScoreBand.JUST_ABOVE
    return ScoreBand.ABOVE if score < threshold + 0.15 else ScoreBand.FAR_ABOVE
