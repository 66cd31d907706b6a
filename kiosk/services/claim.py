"""Asking records who is claimed: by a card, a travel document, or a typed number."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from threading import Event

from backend_client.contract.base import ProblemCode
from backend_client.contract.persons import CardEvidence, NumberEvidence, RecordState, TravelEvidence
from backend_client.errors import RecordsError, RecordsRefusedError
from backend_client.session import RecordsSession
from civic.clock import Clock
from civic.document import DocumentKind
from civic.id_number import IdNumber
from civic.period import age_on
from devices.id_card.api import IdCard, PhotoDecoder
from forms.fonts import missing_characters
from forms.paper import CHINA_TIME
from kiosk.flows import identity as who
from kiosk.services import evidence
from kiosk.services.memory import VisitMemory
from terminal.store.audit import Audit, AuditKind

_CHINA = "CHN"  # as its documents name it (ICAO 9303-3, 5)
_ABROAD = frozenset({DocumentKind.HMT_PERMIT, DocumentKind.FOREIGNER_CARD, DocumentKind.FOREIGNER_CARD_2017})
_UNSAID_WAIT_S = 60  # records always say how long; if they once don't


@dataclass(frozen=True, slots=True)
class ClaimDesk:
    """Blocking. ``face_from_age``: whom the policy does not ask for a face. ``photos`` None: a card's own photo can't
    be opened, so only records' portrait serves."""

    session: RecordsSession
    clock: Clock
    audit: Audit
    face_from_age: Callable[[], int]
    photos: PhotoDecoder | None = None

    def identify(self, memory: VisitMemory) -> who.Identified | who.NotIdentified:
        """Ask about what was brought last. What no font holds, or is not valid today, is said at once."""
        document = memory.document
        if document is not None and document.kind is memory.kind:  # not one that another office serves, before a card
            memory.portrait, memory.from_chip = document.portrait, True
            return self._ask(memory, evidence.of_document(document, memory.visit), document.birth_date)
        card = memory.card
        if card is None:
            return who.NotIdentified("cancelled")
        if obstacle := obstacle_of(card, self._today()):
            return who.NotIdentified(obstacle)
        return self._ask(memory, evidence.of_card(card, memory.visit), card.birth_date)

    def identify_by_number(
        self, memory: VisitMemory, number: IdNumber
    ) -> who.Identified | who.NotIdentified | who.Slowed:
        """Ask about a typed number. The answer is the same whether anyone has it."""
        memory.kind = DocumentKind.NUMBER
        try:
            return self._ask(memory, evidence.of_number(number, memory.visit), number.birth_date)
        except _SlowedError as slowed:
            self.audit.append(AuditKind.NUMBER_SLOWED, visit=memory.visit, count=slowed.seconds)
            return who.Slowed(slowed.seconds)

    def wait_out(self, seconds: int, cancel: Event, say: Callable[[who.Slowed], None]) -> who.WaitedOut:
        """Count the seconds down."""
        for left in range(seconds, 0, -1):
            say(who.Slowed(left))
            if cancel.wait(1):
                break
        return who.WaitedOut()

    def _ask(
        self, memory: VisitMemory, claim: CardEvidence | TravelEvidence | NumberEvidence, born: date
    ) -> who.Identified | who.NotIdentified:
        try:
            found = self.session.identify(claim)
        except RecordsRefusedError as error:
            if claim.kind is DocumentKind.NUMBER and error.problem.code is ProblemCode.TOO_MANY_REQUESTS:
                raise _SlowedError(error.problem.retry_after_s or _UNSAID_WAIT_S) from None
            return who.NotIdentified("records-refused")
        except RecordsError:
            return who.NotIdentified("records-unreachable")
        clear = found.state is RecordState.CLEAR
        self.audit.append(
            AuditKind.PERSON_IDENTIFIED, visit=memory.visit, state=found.state.value, document=memory.kind.value
        )
        if missing_characters(found.rare):
            return who.NotIdentified("rare-character")
        memory.subject, memory.ahead = found.subject, found.server_time - self.clock.now()
        if clear and not found.has_portrait and not memory.from_chip:
            self._open_photo(memory)
        has_portrait = found.has_portrait or memory.from_chip
        minor = age_on(born, self._today()) < self.face_from_age()
        return who.Identified(who.Claim(memory.kind, has_portrait, minor, not clear, _abroad(memory)))

    def _open_photo(self, memory: VisitMemory) -> None:
        """Records have no portrait: the card's own serves, where its encoding can be opened."""
        if self.photos is not None and memory.card is not None:
            photo = self.photos.decode(memory.card.photo_wlt)
            memory.portrait, memory.from_chip = photo, photo is not None

    def _today(self) -> date:
        return self.clock.now().astimezone(CHINA_TIME).date()


def obstacle_of(card: IdCard, today: date) -> str:
    """Why nothing can be done here with this card, whoever asks for what; empty: nothing."""
    if today < card.validity.first:
        return "card-not-yet-valid"
    if not card.validity.holds_on(today):
        return "card-expired"
    return "rare-character" if missing_characters(card.name.reveal() + card.address.reveal()) else ""


def _abroad(memory: VisitMemory) -> bool:
    """By the document: a permit to travel, and a passport of this country, are citizens'."""
    document = memory.document
    if document is not None and document.kind is memory.kind:
        return document.issuing_state != _CHINA
    return memory.kind in _ABROAD


class _SlowedError(Exception):
    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds
