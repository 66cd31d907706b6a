"""The signed policy bundle: which paper for which purpose, for how long, by which rules. Data, not code.

GET /v1/policy   device certificate   -> 200 SignedPolicy

The signature (Ed25519) is over the exact bytes of ``payload``. A device refuses a version lower than the one it holds,
and a bundle past ``expires_at``.
"""

from pydantic import AwareDatetime, Field

from backend_client.contract.base import Wire


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


class PaperRules(Wire):
    """Rules of one paper kind."""

    kind: str
    purposes: tuple[Purpose, ...]
    validity_days: int = Field(ge=1, le=365)
    reissues_per_day: int = Field(ge=0, le=20)


class Desk(Wire):
    """The staffed window, where people go whom a kiosk can't serve."""

    name: Words
    address: Words
    hours: Words
    phone: str


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
    timeouts: Timeouts


class SignedPolicy(Wire):
    """``payload``: base64 of the policy's JSON; ``signature``: base64, Ed25519, by the policy key ``key_id``.
    ``certificate_pem``: the policy key's certificate, issued by the root that the device trusts."""

    payload: str
    key_id: str
    signature: str
    certificate_pem: str
