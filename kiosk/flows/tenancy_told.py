"""What records tell a proven resident about where they live, as far as screens need it; and what is asked of them.

The kinds and states are the values of backend_client.contract.tenancies. References are random and say nothing.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from civic.masking import Personal

CARD, CARD_NUMBER, PHONE, SLIP, GUEST, FACE = "card", "card-number", "phone", "slip", "guest", "face"
WAYS = (CARD, PHONE, FACE)
"""The ways that are chosen, of equal rank, in the order of their buttons."""

WAITING, ENDED = "pending", "ended"
MOST_COMERS = 20  # backend_client.contract.tenancies.MOST_OCCUPANTS
_TENANT, _OCCUPANT = "tenant", "occupant"


@dataclass(frozen=True, slots=True)
class OwnWay:
    """One way in. ``label``: what its owner knows it by, may be empty; ``waiting``: no gate has opened by it yet."""

    ref: str
    kind: str
    since: date
    label: str = field(default="", repr=False)
    until: date | None = None
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class Registered:
    """What a receipt says of a tenancy that was carried out. ``number``: of what was handed in; ``at``: when it was
    registered, or, ``ended``, when it was over; ``people``: who live there by it, or did."""

    number: str = field(repr=False)
    at: datetime
    starts_on: date
    ends_on: date
    people: int
    renewed: bool = False
    ended: bool = False


@dataclass(frozen=True, slots=True)
class OwnRight:
    """One flat of one's own. ``ends_on`` None: without an end; ``others``: how many more hold a right there;
    ``missing``: what it, or the renewal that waits, still needs; ``choosing``: ways can be set up now;
    ``registered``: for its tenant's receipt."""

    ref: str
    kind: str
    state: str
    address: Personal
    starts_on: date
    ends_on: date | None
    grace_until: date | None = None
    others: int = 0
    filing_number: str = field(default="", repr=False)
    missing: tuple[str, ...] = ()
    renewal_until: date | None = None
    goes_on_at: datetime | None = None
    permit_from: date | None = None
    ways: tuple[OwnWay, ...] = ()
    choosing: bool = False
    registered: Registered | None = None

    @property
    def renews(self) -> bool:
        """Whether its holder can ask to stay longer."""
        return self.kind == _TENANT and self.ends_on is not None and self.state not in (WAITING, ENDED)

    @property
    def takes_in(self) -> bool:
        """Whether its holder can have somebody live with them."""
        return self.kind == _TENANT and self.state != ENDED

    @property
    def leaves(self) -> bool:
        """Whether its holder can give it up before its day."""
        return self.kind in (_TENANT, _OCCUPANT) and self.state != ENDED

    @property
    def opens(self) -> bool:
        """Whether a gate opens by it today."""
        return self.state not in (WAITING, ENDED)

    @property
    def face(self) -> OwnWay | None:
        """The face, where it is a way."""
        return next((each for each in self.ways if each.kind == FACE), None)


@dataclass(frozen=True, slots=True)
class Ask:
    """Something that waits for one's yes or no. ``name``: of who asks, masked; ``until``: when it lapses, or goes on
    without an answer (``goes_on``)."""

    ref: str
    kind: str
    address: Personal
    name: str = field(repr=False)
    starts_on: date
    ends_on: date | None
    until: datetime
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class LetFlat:
    """A flat that one owns and has let, or had until lately. ``ref``: of the tenancy; ``tenant``: masked."""

    ref: str
    address: Personal
    tenant: str = field(repr=False)
    state: str
    starts_on: date
    ends_on: date
    people: int = 1
    filing_number: str = field(default="", repr=False)
    missing: tuple[str, ...] = ()
    goes_on_at: datetime | None = None
    registered: Registered | None = None

    @property
    def ends(self) -> bool:
        """Whether its landlord can ask for its end."""
        return self.state != ENDED


@dataclass(frozen=True, slots=True)
class Own:
    """All of it, and of the rules what screens say. ``face``: some gate here offers it; ``mediation``: who helps when
    both sides disagree, by language."""

    rights: tuple[OwnRight, ...] = ()
    asks: tuple[Ask, ...] = ()
    let: tuple[LetFlat, ...] = ()
    face: bool = True
    silence_days: int = 3
    objection_hours: int = 48
    mediation: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class GuestCode:
    """Good on ``day`` alone. ``digits``: to be typed or told; ``code``: the same for a square."""

    digits: str = field(repr=False)
    code: str = field(repr=False)
    day: date


@dataclass(frozen=True, slots=True)
class MoveInSlip:
    """入住登记流程单, as far as the screen says it; the rest of it lies with whoever prints it. ``number``: to read
    aloud; ``code``: what its square holds."""

    number: str = field(repr=False)
    code: str = field(repr=False)
    valid_until: datetime
