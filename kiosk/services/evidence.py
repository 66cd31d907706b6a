"""What the kiosk tells records of who is here: the document's own words first, and then a signed statement."""

from backend_client.contract.identity import (
    Check,
    Consent,
    IdentityStatement,
    Reference,
    ScoreBand,
    SignedStatement,
    band_of,
)
from backend_client.contract.persons import CardEvidence, NumberEvidence, TravelEvidence
from backend_client.statement import StatementSigner, subject_hash
from civic.clock import Clock
from civic.document import DocumentKind
from civic.id_number import IdNumber
from devices.face.api import FaceEngine, PassiveCheck
from devices.face.capture import Capture
from devices.face.comparison import Comparison
from devices.id_card.api import IdCard
from devices.travel_document.api import TravelDocument
from kiosk.services.memory import VisitMemory


def of_card(card: IdCard, visit: str) -> CardEvidence:
    """What the chip of an identity card said."""
    return CardEvidence(
        kind=card.kind,  # IdCard.kind is one of the four by its own contract
        visit=visit,
        name=card.name.reveal(),
        id_number=card.id_number.reveal(),
        birth_date=card.birth_date,
        valid_until=card.validity.last,
    )


def of_document(document: TravelDocument, visit: str) -> TravelEvidence:
    """What an authentic travel document's chip said."""
    return TravelEvidence(
        kind=document.kind,  # TravelDocument.kind is one of the two by its own contract
        visit=visit,
        issuing_state=document.issuing_state,
        number=document.number.reveal(),
        name=document.name.reveal(),
        birth_date=document.birth_date,
        valid_until=document.expiry_date,
        signer=document.signer,
    )


def of_number(number: IdNumber, visit: str) -> NumberEvidence:
    """A typed number."""
    return NumberEvidence(kind=DocumentKind.NUMBER, visit=visit, id_number=number.reveal())


class Witness:
    """Makes the signed statements of one kiosk. ``simulated``: its camera is no real one."""

    def __init__(self, signer: StatementSigner, engine: FaceEngine, clock: Clock, *, simulated: bool) -> None:
        self._signer = signer
        self._engine = engine
        self._clock = clock
        self._simulated = simulated

    def live(self, memory: VisitMemory, shot: Capture, passive: PassiveCheck | None) -> SignedStatement:
        """That a live face was before the camera; whose, is not known yet."""
        return self._signed(memory, shot, passive, None)

    def compared(
        self, memory: VisitMemory, shot: Capture, passive: PassiveCheck | None, comparison: Comparison
    ) -> SignedStatement:
        """And what the comparison came to."""
        return self._signed(memory, shot, passive, comparison)

    def _signed(
        self, memory: VisitMemory, shot: Capture, passive: PassiveCheck | None, comparison: Comparison | None
    ) -> SignedStatement:
        threshold = self._engine.threshold
        checks = (
            (Check.CHIP, memory.kind is not DocumentKind.NUMBER),
            (Check.LIVENESS, shot.face is not None),
            (Check.PASSIVE, shot.passive is not None and passive is not None and shot.passive >= passive.threshold),
            (Check.FACE, comparison is not None and comparison.passed),
        )
        reference = Reference.CHIP if memory.from_chip else Reference.RECORDS
        statement = IdentityStatement(
            subject=subject_hash(memory.subject),
            visit=memory.visit,
            at=self._clock.now() + memory.ahead,  # records' time: whose clock is wrong must not cost a proof
            document=memory.kind,
            checks=tuple(check for check, holds in checks if holds),
            reference=reference if comparison else Reference.NONE,
            band=band_of(comparison.score, comparison.threshold) if comparison else ScoreBand.NONE,
            threshold=threshold.similarity,
            false_match_rate=threshold.false_match_rate,
            model=self._engine.model,
            passive_model=passive.model if passive else "",
            challenge=shot.challenge,
            consent=memory.consent or Consent(notice="", given=False, at=self._clock.now() + memory.ahead),
            simulated=self._simulated,
        )
        return self._signer.sign(statement)
