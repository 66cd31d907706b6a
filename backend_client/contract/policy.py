"""The signed policy bundle: which paper for which purpose, in which words, how long, by which rules. Data, not code.

GET /v1/policy   device certificate   -> 200 SignedPolicy

The signature (Ed25519) is over the exact bytes of ``payload``. A device refuses a version lower than the one it holds,
and a bundle past ``expires_at``.
"""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, Field

from backend_client.contract.base import Wire
from backend_client.contract.intakes import IntakeKind
from civic.document import DocumentKind
from forms.paper import Medium, PaperKind


class Words(Wire):
    """One text in the product's two languages."""

    zh: str
    en: str


class Purpose(Wire):
    """What a resident wants a paper for. ``book_is_enough``: the household book proves it already
    (公通字〔2016〕21号), the paper is still issued on request. ``members``: others of the household may stand on it.
    ``validity_hours``: where this purpose has its own, instead of the paper's days."""

    id: str
    title: Words
    book_is_enough: bool = False
    why_enough: Words | None = None
    members: bool = False
    validity_hours: int | None = Field(None, ge=1, le=720)


class DocumentRule(Wire):
    """Whether a service can be finished with a kind of document. ``office``: the id of the office that can instead;
    empty: here."""

    kind: DocumentKind
    office: str = ""


class PaperWording(Wire):
    """What the paper itself says besides its fields (forms.paper.Wording)."""

    title: Words
    statement: Words
    remarks: tuple[str, ...] = ()


class Eligibility(Wire):
    """Who may have a paper; each empty: everyone. ``registered``: division codes (or their beginnings) of the household
    register; ``residence``: who has declared a residence here may too, ``confirmed``: once an officer has confirmed it.
    ``from_age``: below it nobody asks for themselves, only a guardian for them (PaperRules.guardian_below)."""

    registered: tuple[str, ...] = ()
    residence: bool = False
    confirmed: bool = True
    from_age: int = Field(0, ge=0, le=18)
    yearly: int = Field(0, ge=0, le=100)  # applications a year and person that need no reason; 0: any number


class LaterRules(Wire):
    """A service whose answer may have to be collected later, and never shows by that what it is.

    ``working_days``: until it is ready; Saturdays, Sundays and ``holidays`` are none.
    ``share``: of those to whom nothing stands in the way, how many get the receipt all the same, 0 to 1.
    ``answer_s``: after so many seconds records answer, whatever they found. Late, they answer
    after twice as many, and a device waits ten: hence the bound.
    ``media``: what the receipt is printed on.
    """

    wording: PaperWording
    working_days: int = Field(3, ge=1, le=60)
    holidays: tuple[date, ...] = ()
    share: float = Field(0.1, ge=0, le=1)
    answer_s: float = Field(2.0, ge=0, le=4)
    validity_days: int = Field(30, ge=1, le=365)
    bring: Words
    media: tuple[Medium, ...] = Field((Medium.STRIP, Medium.PAGE), min_length=1)


class PaperRules(Wire):
    """Rules of one paper kind: a service at the kiosk, which has its name.

    ``media``: what it may be printed on, the first preferred. ``documents``: what may be brought; a kind that is not
    listed is not offered. ``guardian_below``: a recorded guardian may apply for a child below this age; 0: nobody.
    ``fee``: in words, shown before anything is asked. ``hint``: what the paper is not, where people mix it up.
    """

    kind: PaperKind
    wording: PaperWording
    purposes: tuple[Purpose, ...]
    media: tuple[Medium, ...] = (Medium.PAGE,)
    documents: tuple[DocumentRule, ...] = (
        DocumentRule(kind=DocumentKind.RESIDENT_CARD),
        DocumentRule(kind=DocumentKind.NUMBER),
    )
    validity_days: int = Field(ge=1, le=365)
    reissues_per_day: int = Field(ge=0, le=20)
    guardian_below: int = Field(0, ge=0, le=16)
    eligibility: Eligibility = Eligibility()
    later: LaterRules | None = None
    fee: Words = Words(zh="免费", en="Free of charge")
    hint: Words | None = None


class Opening(Wire):
    """Hours that are the same on some days of the week (ISO: Monday is 1), local time as ``09:00``."""

    days: tuple[Annotated[int, Field(ge=1, le=7)], ...]
    opens: str = Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    closes: str = Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")


class Desk(Wire):
    """A staffed window, where people go whom a kiosk can't serve. ``hours``: in words; ``openings``: the same hours for
    a program, which says when it opens next."""

    name: Words
    address: Words
    hours: Words
    phone: str
    openings: tuple[Opening, ...] = ()


class Office(Desk):
    """Another office that serves whom this desk can't (``id``: as DocumentRule names it)."""

    id: str


class IdentityRules(Wire):
    """``notice``: the name of the notice in force, recorded with each consent. ``face_from_age``: whom a kiosk does not
    ask for a face at all (PIPL 31: below 14 a guardian decides)."""

    notice: str = Field("2026-11", max_length=64)
    face_from_age: int = Field(14, ge=14, le=18)


class Timeouts(Wire):
    """Seconds of quiet before the warning, of the warning itself (WCAG 2.2.1: at least 20), and how often it may be
    extended (at least 10). ``paper``: how long a printed paper may lie before it is called out."""

    idle: int = Field(ge=20, le=600)
    idle_accessible: int = Field(ge=20, le=900)
    warning: int = Field(ge=20, le=300)
    extensions: int = Field(ge=10, le=100)
    paper: int = Field(30, ge=10, le=300)


class IntakeLimits(Wire):
    """What kiosks may take in to be sent later (``contract.intakes``).

    No new intake begins while ``most`` items wait, the oldest one has waited for ``oldest_days``, less than ``free_mb``
    MiB are free on the kiosk's disk, or its clock is more than ``skew_s`` seconds off.
    """

    kinds: tuple[IntakeKind, ...]
    most: int = Field(5000, ge=1, le=100_000)
    oldest_days: int = Field(7, ge=1, le=30)
    free_mb: int = Field(200, ge=10, le=10_000)
    skew_s: int = Field(600, ge=10, le=86_400)


class IntakeRules(IntakeLimits):
    """The same, and what contents are sealed to: ``key``, base64 of an X25519 public key (32 bytes); ``key_id``, the
    first 16 hex digits of its SHA-256."""

    key: str = Field(max_length=64)
    key_id: str = Field(pattern=r"^[0-9a-f]{16}$")


class TenancyRules(Wire):
    """How rights in flats begin and end (docs/decisions/tenancies.md).

    ``silence_days``: of a landlord, after which the same tenant's renewal goes on. ``objection_hours``: in which an
    early end may be objected to. ``most_people``: in a flat; more is told, and holds nothing up. ``remind_days``:
    before the last day. ``permit_months``: of residence before a permit can be applied for (居住证暂行条例, art. 2).
    ``mediation``: who helps when both sides disagree.
    """

    silence_days: int = Field(3, ge=3, le=30)
    objection_hours: int = Field(48, ge=24, le=240)
    most_people: int = Field(6, ge=1, le=20)
    most_months: int = Field(240, ge=1, le=240)  # Civil Code, 705: no lease is longer than twenty years
    remind_days: tuple[Annotated[int, Field(ge=1, le=90)], ...] = (30, 7, 1)
    permit_months: int = Field(6, ge=1, le=24)
    mediation: Words = Words(zh="社区调解室", en="the community's mediation room")


class GateRules(Wire):
    """How gates decide (docs/decisions/gate-terminal.md).

    ``notice``: the name of the text that is read before a face is consented to. ``grace_days``: after a right's last
    day, in which the gate still opens. ``slip_days``: of a move-in slip's code. ``guests_a_day``: one-day codes of one
    right. ``weak_cards``: whether a card that only says its number may be a way. ``fpir``: the false-positive
    identification rate (ISO/IEC 19795-1) that a face must keep to be offered at a gate. ``pass_days``: how long a gate
    keeps a pass. ``strike_s``: how long the door is let go (OSDP counts no further); ``held_s``: after which an open
    door is an event. ``template_hours``: by when a face is gone from every gate after a withdrawal or a right's
    end.
    """

    notice: str = Field("2026-11", max_length=64)
    grace_days: int = Field(7, ge=0, le=30)
    slip_days: int = Field(7, ge=1, le=14)
    guests_a_day: int = Field(5, ge=0, le=50)
    weak_cards: bool = False
    fpir: float = Field(0.01, gt=0, le=0.1)
    pass_days: int = Field(30, ge=1, le=30)
    strike_s: int = Field(5, ge=1, le=25)
    held_s: int = Field(30, ge=10, le=600)
    template_hours: int = Field(24, ge=1, le=24)
    guard_phone: str = Field("", max_length=32)


class Policy(Wire):
    """One version of the rules for one community."""

    version: int = Field(ge=1)
    community_id: str
    community: Words
    issued_at: AwareDatetime
    expires_at: AwareDatetime
    issuer: Words
    specimen: bool
    papers: tuple[PaperRules, ...]
    desk: Desk
    offices: tuple[Office, ...] = ()
    identity: IdentityRules = IdentityRules()
    intake: IntakeRules | None = None
    tenancy: TenancyRules | None = None
    gate: GateRules | None = None
    timeouts: Timeouts


class SignedPolicy(Wire):
    """``payload``: base64 of the policy's JSON; ``signature``: base64, Ed25519, by the policy key ``key_id``.
    ``certificate_pem``: the policy key's certificate, issued by the root that the device trusts."""

    payload: str
    key_id: str
    signature: str
    certificate_pem: str
