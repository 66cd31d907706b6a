"""The signed policy bundle: which paper for which purpose, for how long, by which rules. Data, not code.

GET /v1/policy   device certificate   -> 200 SignedPolicy

The signature (Ed25519) is over the exact bytes of ``payload``. A device refuses a version lower than the one it holds,
and a bundle past ``expires_at``.
"""

from typing import Annotated

from pydantic import AwareDatetime, Field

from backend_client.contract.base import Wire
from civic.document import DocumentKind


class Words(Wire):
    """One text in the product's two languages."""

    zh: str
    en: str


class Purpose(Wire):
    """What a resident wants a paper for. ``book_is_enough``: the household book proves it already
    (公通字〔2016〕21号), the paper is still issued on request."""

    id: str
    title: Words
    book_is_enough: bool
    why_enough: Words | None = None


class DocumentRule(Wire):
    """Whether a service can be finished with a kind of document. ``office``: the id of the office that can instead;
    empty: here."""

    kind: DocumentKind
    office: str = ""


class PaperRules(Wire):
    """Rules of one paper kind. ``documents``: what may be brought; a kind that is not listed is not offered."""

    kind: str
    purposes: tuple[Purpose, ...]
    documents: tuple[DocumentRule, ...] = (
        DocumentRule(kind=DocumentKind.RESIDENT_CARD),
        DocumentRule(kind=DocumentKind.NUMBER),
    )
    validity_days: int = Field(ge=1, le=365)
    reissues_per_day: int = Field(ge=0, le=20)


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
    extended (at least 10)."""

    idle: int = Field(ge=20, le=600)
    idle_accessible: int = Field(ge=20, le=900)
    warning: int = Field(ge=20, le=300)
    extensions: int = Field(ge=10, le=100)


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
    timeouts: Timeouts


class SignedPolicy(Wire):
    """``payload``: base64 of the policy's JSON; ``signature``: base64, Ed25519, by the policy key ``key_id``.
    ``certificate_pem``: the policy key's certificate, issued by the root that the device trusts."""

    payload: str
    key_id: str
    signature: str
    certificate_pem: str
