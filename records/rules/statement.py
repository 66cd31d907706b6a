"""What a kiosk's identity statement must say before it proves who somebody is. Pure; the signature is checked before.

Each rule has its own fault, for the audit. The kiosk hears one of two things: this is no statement of yours about this
visit (``statement-invalid``), or it proves nothing (``identity-not-proven``).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from backend_client.contract.identity import Check, IdentityStatement, Reference, ScoreBand
from civic.document import DocumentKind

_ENOUGH = frozenset({ScoreBand.JUST_ABOVE, ScoreBand.ABOVE, ScoreBand.FAR_ABOVE})


class Fault(StrEnum):
    """What is wrong with a statement. A closed set: it stands in the audit."""

    # not this device's word about this visit
    FORM = "form"
    SIGNATURE = "signature"
    SUBJECT = "subject"
    VISIT = "visit"
    TIME = "time"
    DOCUMENT = "document"
    # its word, and not enough
    ATTEMPTS = "attempts"
    CONSENT = "consent"
    SIMULATED = "simulated"
    CHIP = "no-chip"
    LIVENESS = "no-liveness"
    PASSIVE = "no-passive"
    FACE = "no-face"
    FACE_TOO_EARLY = "face-too-early"
    THRESHOLD = "threshold"
    RATE = "no-rate"
    BAND = "band"
    REFERENCE = "reference"
    NO_PORTRAIT = "no-portrait"  # what the kiosk compared with was nobody's


FOREIGN = frozenset({Fault.FORM, Fault.SIGNATURE, Fault.SUBJECT, Fault.VISIT, Fault.TIME, Fault.DOCUMENT})


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """What records themselves know of the visit. ``portrait_given``: and whether it was the claimed person's own."""

    subject: str
    visit: str
    document: DocumentKind
    earliest: datetime
    latest: datetime
    portrait_given: bool
    portrait_own: bool
    attempts_left: bool


@dataclass(frozen=True, slots=True)
class StatementRules:
    """What the installation demands.

    ``maximum_rate``: of false matches at the stated threshold. ``simulated_allowed``: only where every paper is a
    specimen.
    """

    minimum_threshold: float
    maximum_rate: float
    passive_required: bool
    simulated_allowed: bool


def proof_fault(statement: IdentityStatement, facts: VisitFacts, rules: StatementRules) -> Fault | None:
    """What keeps a statement from proving the identity, None: nothing does."""
    return (
        _foreign(statement, facts)
        or (None if facts.attempts_left else Fault.ATTEMPTS)
        or _unchecked(statement, rules)
        or _not_compared(statement, rules)
        or _reference(statement, facts)
    )


def live_fault(statement: IdentityStatement, facts: VisitFacts, rules: StatementRules) -> Fault | None:
    """What keeps a statement from showing that somebody alive stands there, before any portrait is given."""
    return (
        _foreign(statement, facts)
        or _unchecked(statement, rules)
        or (Fault.FACE_TOO_EARLY if Check.FACE in statement.checks else None)
    )


def _foreign(statement: IdentityStatement, facts: VisitFacts) -> Fault | None:
    if statement.subject != facts.subject:
        return Fault.SUBJECT
    if statement.visit != facts.visit:
        return Fault.VISIT
    if not facts.earliest <= statement.at <= facts.latest:
        return Fault.TIME
    return None if statement.document == facts.document else Fault.DOCUMENT


def _unchecked(statement: IdentityStatement, rules: StatementRules) -> Fault | None:
    if not statement.consent.given:
        return Fault.CONSENT
    if statement.simulated and not rules.simulated_allowed:
        return Fault.SIMULATED
    if (Check.CHIP in statement.checks) is (statement.document is DocumentKind.NUMBER):  # a number has none
        return Fault.CHIP
    if Check.LIVENESS not in statement.checks:
        return Fault.LIVENESS
    passive = Check.PASSIVE in statement.checks and statement.passive_model
    return Fault.PASSIVE if rules.passive_required and not passive else None


def _not_compared(statement: IdentityStatement, rules: StatementRules) -> Fault | None:
    if Check.FACE not in statement.checks:
        return Fault.FACE
    if statement.threshold < rules.minimum_threshold:
        return Fault.THRESHOLD
    if not 0 < statement.false_match_rate <= rules.maximum_rate:
        return Fault.RATE
    return None if statement.band in _ENOUGH else Fault.BAND


def _reference(statement: IdentityStatement, facts: VisitFacts) -> Fault | None:
    """A chip's own portrait counts: passive authentication or the card module vouches for it. Else records' own, once
    given; a typed number has no chip."""
    match statement.reference:
        case Reference.CHIP:
            return Fault.REFERENCE if statement.document is DocumentKind.NUMBER else None
        case Reference.RECORDS if facts.portrait_given:
            return None if facts.portrait_own else Fault.NO_PORTRAIT
        case Reference.RECORDS | Reference.NONE:
            return Fault.REFERENCE
