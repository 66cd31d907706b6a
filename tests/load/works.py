"""What is asked of records: each kind of request, made beforehand, none of them twice."""

import base64
import json
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from backend_client.contract.changes import Topic
from backend_client.contract.intakes import IntakeBatch, IntakeItem, IntakeKind
from backend_client.contract.papers import PaperState
from backend_client.contract.policy import IntakeRules
from backend_client.seals import seal_intake
from civic.clock import SystemClock
from forms.paper import PaperKind
from records.context import Records
from records.services import changes as feed
from records.services import policy
from records.store import changes, rows
from records.store.papers import PaperRow
from records.store.tables.issuing import papers as papers_table
from tests.load.empty import PATH
from tests.support.outbox import CONTENT

IN_A_BATCH = 100
_DIGEST = base64.b64encode(bytes(32)).decode("ascii")


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many requests each kiosk makes in a round."""

    empty: int = 500
    read: int = 100
    write: int = 100
    batches: int = 6
    seals: int = 20

    def scaled(self, by: float) -> "Sizes":
        """More of each, or fewer, one at least."""
        counts = (self.empty, self.read, self.write, self.batches, self.seals)
        return Sizes(*(max(1, round(each * by)) for each in counts))


def empty(count: int) -> list[bytes]:
    """Nothing is asked."""
    return [_request("GET", PATH)] * count


def read(records: Records, device_id: str, count: int) -> list[bytes]:
    """The poll of the feed, behind which one change stands."""
    cursor, now = feed.head(records), SystemClock().now()
    with records.database.writing() as transaction:
        changes.append(transaction, Topic.DEVICE, device_id, at=now, only=device_id)
    return [_request("GET", f"/v1/changes?cursor={cursor}")] * count


def write(count: int) -> list[bytes]:
    """A key that never reserved anything is remembered: a row, and the audit's."""
    return [_request("POST", f"/v1/reservations/{uuid4()}/void", {"reason": "abandoned"}) for _ in range(count)]


def batches(records: Records, count: int) -> list[bytes]:
    """Corrections, sealed as a kiosk seals them, a hundred in each request."""
    rules = policy.opened(policy.current(records)).intake
    assert rules is not None
    return [_request("POST", "/v1/intakes", batch(rules).model_dump(mode="json")) for _ in range(count)]


def batch(rules: IntakeRules) -> IntakeBatch:
    """One of them."""
    return IntakeBatch(items=tuple(_item(rules, place) for place in range(1, IN_A_BATCH + 1)))


def seals(records: Records, device_id: str, count: int) -> list[bytes]:
    """One digest for each of so many serials, which are reserved here and now."""
    serials = [uuid4().hex for _ in range(count)]
    with records.database.writing() as transaction:
        for serial in serials:
            rows.add(transaction, papers_table, _reserved(serial, device_id))
    return [_request("POST", f"/v1/papers/{serial}/seal", {"digest": _DIGEST}) for serial in serials]


def _item(rules: IntakeRules, place: int) -> IntakeItem:
    number, kind = uuid4(), IntakeKind.CORRECTION
    return IntakeItem(
        id=number, sequence=place, boot_id=number, monotonic_ms=place, at=SystemClock().now(), skew_ms=0, kind=kind,
        key_id=rules.key_id, sealed=seal_intake(CONTENT, number, kind, rules),
    )  # fmt: skip


def _reserved(serial: str, device_id: str) -> PaperRow:
    now = SystemClock().now()
    return PaperRow(
        serial=serial, person_id="measured", kind=PaperKind.HOUSEHOLD_CERTIFICATE, purpose="move_hukou",
        device_id=device_id, visit="measured", replaces="", valid_until=now.date() + timedelta(days=30),
        state=PaperState.RESERVED, reserved_at=now,
    )  # fmt: skip


def _request(method: str, path: str, body: object = None) -> bytes:
    content = b"" if body is None else json.dumps(body).encode("utf-8")
    head = (
        f"{method} {path} HTTP/1.1",
        "Host: localhost",
        f"Idempotency-Key: {uuid4()}",
        "Content-Type: application/json",
    )
    return "\r\n".join((*head, f"Content-Length: {len(content)}", "", "")).encode("ascii") + content
