"""Living in a flat, as residents meet it at a kiosk: what is theirs, what waits for their yes, the ways through a gate.

GET  /v1/identifications/{subject}/tenancies     proven -> 200 OwnTenancies
POST /v1/identifications/{subject}/slip          proven; SlipRequest  -> 201 MoveInSlip; the earlier slip ends with it
POST /v1/identifications/{subject}/phone         proven; PhoneRequest -> 201 PhoneLink, for the page of one's own phone
POST /v1/identifications/{subject}/guest-codes   proven; GuestRequest -> 201 GuestCode | 429 so many a day

Everything that somebody *does* about a flat is handed in instead (``contract.intakes``): it is taken with or without a
link, opened at records, and carried out by their rules or put before an officer. No answer here says of a flat who else
lives there, who owns it, or whether anybody does; of one's own it says how many others, never who.

Words: a *tenancy* is what a contract says; a *right* is one person's to one flat, from a day to a day; a *way* is how
they come in (docs/decisions/tenancies.md).
"""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, Field

from backend_client.contract.base import PersonalWire, ServerTime, Wire

Reference = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]  # of a right, a tenancy, an ask: random, says nothing
MOST_OCCUPANTS = 20
FILING_NUMBER = r"^[0-9A-Za-z\-]{0,40}$"  # the housing department's, as printed on its notice; never ours


class RightKind(StrEnum):
    """By what somebody lives there."""

    OWNER = "owner"
    FAMILY = "family"  # of an owner
    TENANT = "tenant"
    OCCUPANT = "occupant"  # of a tenancy, besides its tenant


class RightState(StrEnum):
    """How a right stands today."""

    PENDING = "pending"  # handed in; it opens nothing yet
    ACTIVE = "active"
    GRACE = "grace"  # its last day is over, the gate still opens
    DISPUTED = "disputed"  # somebody objects: it stays as it was until an officer has decided
    ENDED = "ended"


class Missing(StrEnum):
    """Whose yes, or what, something still waits for."""

    LANDLORD = "landlord"
    OCCUPANT = "occupant"  # an adult who is to live there
    GUARDIAN = "guardian"
    OFFICER = "officer"
    FILING_NUMBER = "filing-number"  # holds nothing up; told to both sides


class WayKind(StrEnum):
    """How somebody comes in. None is better than another, and none is needed for another."""

    CARD = "card"  # an access card that proves a key
    CARD_NUMBER = "card-number"  # one that can only say its number: weaker, where the policy allows it
    PHONE = "phone"  # the page on one's own phone, whose code changes
    SLIP = "slip"  # the move-in slip's code: some days
    GUEST = "guest"  # one day, for somebody who visits
    FACE = "face"  # asked for at the gate, nowhere else


class OwnWay(PersonalWire):
    """``ref``: to end it by. ``label``: what its owner knows it by, as the last four of a card's number; may be empty.
    ``waiting``: no gate has opened by it yet."""

    ref: Reference
    kind: WayKind
    label: str = Field("", max_length=16)
    since: date
    until: date | None = None
    waiting: bool = False


class Registered(PersonalWire):
    """What a receipt says of a tenancy that was carried out. ``number``: of what was handed in, as its slip has it;
    ``at``: when it was registered, or, ``ended``, when it was over; ``renewed``: it goes on from an earlier one;
    ``people``: who have a right by it, or had when it was over."""

    number: str = Field(max_length=32)
    at: AwareDatetime
    starts_on: date
    ends_on: date
    people: int = Field(ge=1)
    renewed: bool = False
    ended: bool = False


class OwnRight(PersonalWire):
    """One flat of one's own. ``ends_on``: its last day, None: no end; ``grace_until``: up to when the gate opens;
    ``others``: how many more hold a right there; ``missing``: what a pending one, or a renewal of it, waits for;
    ``renewal_until``: the last day that the renewal which waits would bring; ``goes_on_at``: when silence lets that
    renewal go on; ``permit_from``: from when a residence permit can be applied for; ``choosing``: whether ways can be
    set up now; ``ways``: of one that has ended, the face whose consent still stands, to be taken back;
    ``registered``: for the tenant's receipt, once it was carried out."""

    ref: Reference
    kind: RightKind
    state: RightState
    dwelling: str = Field(max_length=64)
    address: str
    starts_on: date
    ends_on: date | None
    grace_until: date | None = None
    others: int = Field(ge=0)
    filing_number: str = Field("", pattern=FILING_NUMBER)
    missing: tuple[Missing, ...] = ()
    renewal_until: date | None = None
    goes_on_at: AwareDatetime | None = None
    permit_from: date | None = None
    ways: tuple[OwnWay, ...] = ()
    choosing: bool = False
    registered: Registered | None = None


class AskKind(StrEnum):
    """What waits for somebody's yes."""

    TENANCY = "tenancy"  # to whoever owns the flat: somebody wants to rent it
    RENEWAL = "renewal"  # the same: their tenant wants to stay
    OCCUPANT = "occupant"  # to a tenant: somebody wants to live with them
    JOINING = "joining"  # to an adult: they are to live there
    MINOR = "minor"  # to a guardian: a child of theirs is to live there
    EARLY_END = "early-end"  # to an adult with a right: the other side wants it to end before its day


class Ask(PersonalWire):
    """``name``: of who asks, masked. ``until``: when it lapses, or goes on without an answer (``goes_on``)."""

    ref: Reference
    kind: AskKind
    address: str
    name: str
    starts_on: date
    ends_on: date | None
    until: AwareDatetime
    goes_on: bool = False


class LetFlat(PersonalWire):
    """A flat that one owns and has let, or had until lately: what its landlord is a party to, and nothing of how
    anybody comes and goes. ``tenant``: masked; ``people``: how many hold a right by this tenancy, or held it;
    ``registered``: for the landlord's receipt."""

    tenancy: Reference
    address: str
    tenant: str
    state: RightState
    starts_on: date
    ends_on: date
    people: int = Field(ge=1)
    filing_number: str = Field("", pattern=FILING_NUMBER)
    missing: tuple[Missing, ...] = ()
    goes_on_at: AwareDatetime | None = None
    registered: Registered | None = None


class OwnTenancies(ServerTime, PersonalWire):
    """All of it, for whoever is proven in this visit."""

    rights: tuple[OwnRight, ...] = ()
    asks: tuple[Ask, ...] = ()
    let: tuple[LetFlat, ...] = ()


class SlipRequest(Wire):
    """For which right."""

    right: Reference


class MoveInSlip(ServerTime, PersonalWire):
    """What 入住登记流程单 says. ``number``: to read aloud; ``code``: what its square holds, random, opens by itself
    until ``valid_until``; ``name``: masked; ``document``: the number's last four characters."""

    number: str = Field(max_length=32)
    code: str = Field(max_length=64)
    community: str
    address: str
    name: str
    document: str = Field(max_length=4)
    registered_at: AwareDatetime
    ends_on: date | None
    people: int = Field(ge=1)
    ways: tuple[WayKind, ...] = ()
    valid_until: AwareDatetime
    phone: str = ""


class PhoneRequest(Wire):
    """For which right."""

    right: Reference


class PhoneLink(ServerTime):
    """``url``: shown as a square, opened once by the phone whose way it becomes."""

    url: str = Field(max_length=512, repr=False)
    expires_at: AwareDatetime


class GuestRequest(Wire):
    """For which right, and the day."""

    right: Reference
    day: date


class GuestCode(ServerTime):
    """``digits``: eight, to be typed or told; ``code``: the same for a square. Good on ``day`` alone."""

    digits: str = Field(pattern=r"^\d{8}$", repr=False)
    code: str = Field(max_length=64, repr=False)
    day: date
