"""What gates hear of who may come in, and the little that they tell. No name, no number of a person, no passes.

GET  /v1/gates/self/snapshot          gate's certificate -> 200 SignedSnapshot, payload GateSnapshot (ETag; 304)
POST /v1/gates/self/reports           gate's certificate; GateReports -> 200 ServerTime; each is known again by its id
GET  /v1/gates/self/passes-asked      gate's certificate -> 200 PassesAsked
POST /v1/gates/self/passes/{ask}      gate's certificate; PassesSealed -> 204

Changes come over the feed (``contract.changes``), each gate hearing of its own doors alone: ``Topic.GRANT``, ``ref``
the grant, body ``{"grant": <JSON of Grant>}``, or ``{}``: it is over; ``Topic.GATES``: the snapshot's ``door`` or
``peers`` changed; ``Topic.PASSES``: somebody asks for passes, look at passes-asked.

A grant carries its own end and the public half of each way in: a gate decides by itself, with the network down
(docs/decisions/gate-terminal.md).
"""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from backend_client.contract.base import Wire
from backend_client.contract.policy import Words
from backend_client.contract.tenancies import Reference, WayKind

MOST_REPORTS = 500
MOST_WAYS = 40  # of one holder
CREDENTIAL_REF = r"^[A-Za-z0-9+/=_\-]{0,172}$"


class DoorKind(StrEnum):
    """Where a gate stands."""

    COMPOUND = "compound"  # every right of the community opens it
    UNIT = "unit"  # rights to the flats of one unit of one building open it


class Door(Wire):
    """The door of a gate. ``face``: whether a face may be offered here at all, by who runs the site."""

    id: str = Field(max_length=64)
    name: Words
    kind: DoorKind
    building: str = Field("", max_length=8)
    unit: str = Field("", max_length=8)
    face: bool = False


class Peer(Wire):
    """Another gate of the same community that shares holders with this one. ``key``: base64 of its X25519 public key,
    which templates are sealed to; ``signature``: base64, ECDSA P-256 by the gate's own device key over
    ``peer_statement``; ``certificate_pem``: of that device key, and behind it the device authority's that the root
    has issued. ``address``: host and port on the site's own network, empty: unknown."""

    device_id: str = Field(max_length=64)
    door: str = Field(max_length=64)
    key: str = Field(pattern=r"^[A-Za-z0-9+/]{43}=$")
    signature: str = Field(max_length=200)
    certificate_pem: str = Field(max_length=8192)
    address: str = Field("", max_length=128)


class Credential(Wire):
    """A way in, as a gate compares it. ``id``: random, names it in reports and in a phone's code.

    ``ref``, by kind:

    card         base64 of the card's public key (SubjectPublicKeyInfo, DER, P-256)
    card-number  base64 of SHA-256 over ``lamplight-card-1``, the community's id and the number
    phone        base64 of the phone's public key (as the card's)
    slip, guest  base64 of SHA-256 over ``lamplight-code-1`` and the code
    face         empty: consented to; the template is made at a gate and never leaves the site's gates
    """

    id: Reference
    kind: WayKind
    ref: str = Field("", pattern=CREDENTIAL_REF)
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None


class Grant(Wire):
    """A right, as gates are told it. ``holder``: random, the same at all gates of the community and nowhere else.
    Opens from ``starts_on`` to ``grace_until`` (else ``ends_on``; None: no end), days of the community's time.
    ``revision`` rises with each change. A guest's or a guard's one-day code is a grant of its own, of its day."""

    id: Reference
    holder: Reference
    starts_on: date
    ends_on: date | None
    grace_until: date | None = None
    ways: tuple[Credential, ...] = Field((), max_length=MOST_WAYS)
    revision: int = Field(ge=1)


class GateSnapshot(Wire):
    """Everything that this gate is to know, as of ``cursor``. ``digest``: SHA-256 over the lines ``id revision`` of the
    grants, sorted, each ended by a newline."""

    cursor: str
    at: AwareDatetime
    policy_version: int
    door: Door
    peers: tuple[Peer, ...] = ()
    grants: tuple[Grant, ...]
    count: int
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")


class ReportKind(StrEnum):
    """What a gate tells of a way, once. None says when or how often anybody passes."""

    WAY_PROVED = "way-proved"  # it has opened for the first time
    SLIP_TWICE = "slip-twice"  # shown at two places that one person can't be at: cancelled, its holder told
    TEMPLATE_MADE = "template-made"
    TEMPLATE_DELETED = "template-deleted"  # the receipt that its owner gets


class GateReport(Wire):
    """``id``: UUIDv7 of the report. ``signature``: base64, ECDSA P-256 by the gate's device key over
    ``report_statement``: a receipt can be shown to somebody else."""

    id: UUID
    kind: ReportKind
    holder: Reference
    credential: Reference
    at: AwareDatetime
    signature: str = Field("", max_length=200)


class GateReports(Wire):
    """``key``, ``key_signature``, ``address``: the gate's own part of Peer, as it is now; empty: unchanged."""

    reports: tuple[GateReport, ...] = Field((), max_length=MOST_REPORTS)
    key: str = Field("", pattern=r"^([A-Za-z0-9+/]{43}=)?$")
    key_signature: str = Field("", max_length=200)
    address: str = Field("", max_length=128)


class PassesAskedOf(Wire):
    """An officer's question, approved by a second account. ``key``: base64 of an X25519 public key made for this
    question, which the answer is sealed to. ``purpose``, ``ticket``: as the resident will read them."""

    ask: Reference
    holder: Reference
    since: AwareDatetime
    until: AwareDatetime
    purpose: str = Field(max_length=32)
    ticket: str = Field(max_length=32)
    key: str = Field(pattern=r"^[A-Za-z0-9+/]{43}=$")


class PassesAsked(Wire):
    """Those that this gate has not answered."""

    asks: tuple[PassesAskedOf, ...] = ()


class PassesSealed(Wire):
    """``sealed``: base64 of HPKE's enc and ciphertext over Passes' JSON, info ``lamplight-passes-1`` and the ask."""

    sealed: Annotated[str, Field(max_length=512 * 1024)]


class Pass(Wire):
    """Somebody came in by a right: at which door, when, how. No picture, no direction out."""

    door: str = Field(max_length=64)
    at: AwareDatetime
    kind: WayKind


class Passes(Wire):
    """What the gate has of them, the oldest first."""

    passes: tuple[Pass, ...]


def peer_statement(device_id: str, key: str) -> bytes:
    """What a gate signs so that others may seal templates to it."""
    return f"lamplight-peer-1\x1f{device_id}\x1f{key}".encode("ascii")


def report_statement(report: GateReport) -> bytes:
    """What a gate signs of a report: all of it but the signature."""
    parts = ("lamplight-report-1", str(report.id), report.kind.value, report.holder, report.credential)
    return "\x1f".join((*parts, report.at.isoformat())).encode("ascii")
