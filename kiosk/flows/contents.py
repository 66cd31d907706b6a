"""What is handed in about living in a flat, as the flows of 租住 make it; mirrored at the wire by
backend_client.contract.intakes, whose kinds these have.
"""

from dataclasses import dataclass, field
from datetime import date

from civic.document import DocumentKind
from civic.masking import Personal
from kiosk.flows.declarant import Declarant
from kiosk.flows.dwelling_entry import DwellingEntry


@dataclass(frozen=True, slots=True)
class Comer:
    """Somebody who is to live there, by their own card. ``minor``: below eighteen; ``foreign``: whose arrival is asked
    for; ``guardian``: a child, whose guardian is the one who hands it in."""

    document: DocumentKind
    name: Personal
    number: Personal
    birth_date: date = field(repr=False)
    minor: bool = False
    foreign: bool = False
    arrived_on: date | None = field(default=None, repr=False)
    guardian: bool = False


@dataclass(frozen=True, slots=True)
class Stay:
    """Somebody from abroad lives there from a day on: registered within 24 hours (Exit and Entry Law, 39)."""

    name: Personal
    address: Personal
    since: date = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewCard:
    """An access card that lay on the reader: ``public_key`` (base64 of SubjectPublicKeyInfo) of one that signed a
    challenge, or the bare ``number`` (hex) of one that can't. ``label``: its last four characters."""

    label: str = field(repr=False)
    public_key: str = field(default="", repr=False)
    number: Personal | None = None

    @property
    def weak(self) -> bool:
        """Whether it can only say its number."""
        return not self.public_key


@dataclass(frozen=True, slots=True)
class Lease:
    """I rent this flat, or want to stay in it. ``door`` as it stands on it, or ``right``, one of my own; the ways that
    were chosen are set up once it is confirmed. ``pages``: of the contract, photographed in this visit. ``address``:
    for a receipt that is printed here, where records have told it."""

    who: Declarant
    door: DwellingEntry | None
    right: str
    starts_on: date = field(repr=False)
    ends_on: date = field(repr=False)
    filing_number: str = field(default="", repr=False)
    comers: tuple[Comer, ...] = ()
    ways: tuple[str, ...] = ()
    pages: int = 0
    address: Personal | None = None
    kind: str = "tenancy"


@dataclass(frozen=True, slots=True)
class Joining:
    """They live with me from now on, by this right of mine. ``address``: as a lease has it."""

    who: Declarant
    right: str
    comers: tuple[Comer, ...]
    address: Personal | None = None
    kind: str = "occupant"


@dataclass(frozen=True, slots=True)
class Departure:
    """I leave on ``day``; or, ``tenancy``: of a flat that I let, I ask that it ends then. One of the two is empty."""

    who: Declarant
    day: date = field(repr=False)
    right: str = ""
    tenancy: str = ""
    kind: str = "departure"


@dataclass(frozen=True, slots=True)
class Answer:
    """My yes or no."""

    who: Declarant
    ask: str
    yes: bool
    kind: str = "answer"


@dataclass(frozen=True, slots=True)
class Ways:
    """How I come in. ``card``: is added; ``face``: True, I consent to what was shown, False, I withdraw that;
    ``lost``: these open nothing any more."""

    who: Declarant
    right: str
    card: NewCard | None = None
    face: bool | None = None
    lost: tuple[str, ...] = ()
    kind: str = "ways"
