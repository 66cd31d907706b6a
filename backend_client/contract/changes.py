"""What changed at records, in one order, for devices that may have been away for days.

GET /v1/changes?cursor=&limit=    device certificate -> 200 ChangePage; 410 cursor-expired
GET /v1/changes/snapshot          device certificate -> 200 SignedSnapshot (ETag; If-None-Match -> 304)
GET /v1/changes/hints             device certificate -> 200 text/event-stream; ``event: changes``, ``data: <cursor>``

The feed is the truth: a hint says only that asking is worth while, and a lost one costs a poll. A change gets its place
under a lock that is held until it commits, so nothing appears behind a cursor that was given out.
"""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from backend_client.contract.base import ServerTime, Wire

PAGE_LIMIT = 500


class Topic(StrEnum):
    """What a change is about, and so which devices hear of it."""

    PAPER_VOID = "paper-void"  # ``ref``: the serial; kiosks
    POLICY = "policy"  # ``ref``: the version; every device
    DEVICE = "device"  # ``ref``: the device that is addressed; that device alone: its settings, or that it is put out
    INTAKE = "intake"  # ``ref``: the intake's id; the kiosk that sent it: it was decided
    GRANT = "grant"  # ``ref``: the grant; a gate whose door it opens (``contract.gates``)
    GATES = "gates"  # ``ref``: the gate that is addressed; that gate alone: its door or its peers changed
    PASSES = "passes"  # ``ref``: the question; a gate that is asked for passes


class Change(Wire):
    """One change. ``body``: what the topic says, codes and numbers, nothing personal."""

    topic: Topic
    ref: str = Field(max_length=64)
    at: AwareDatetime
    body: dict[str, str | int | bool] = Field(default_factory=dict)


class ChangePage(ServerTime):
    """``cursor``: opaque, to be given next time, also when ``items`` is empty. ``more``: ask again at once."""

    items: tuple[Change, ...]
    cursor: str
    more: bool


class Snapshot(Wire):
    """What the feed would have said from the beginning, without what no longer matters, as of ``cursor``. ``count`` of
    ``voids`` and its ``digest`` (SHA-256 over the sorted serials, one a line) let a device compare what it holds."""

    cursor: str
    at: AwareDatetime
    policy_version: int
    voids: tuple[str, ...]
    count: int
    digest: str


class SignedSnapshot(Wire):
    """``payload``: base64 of the Snapshot's JSON; signed as a policy is (policy.SignedPolicy)."""

    payload: str
    key_id: str
    signature: str
    certificate_pem: str
