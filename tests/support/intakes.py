"""Items as a kiosk seals and sends them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import httpx2

from backend_client.contract.base import PersonalWire
from backend_client.contract.intakes import CONTENTS, CorrectionContent, Declarant, ResidenceContent
from backend_client.contract.persons import DwellingRequest
from backend_client.contract.policy import IntakeRules
from backend_client.seals import seal_intake
from records.context import Records
from records.services import policy
from tests.support.records_client import DENG, Card, KioskClient

PATH = "/v1/intakes"


def rules_of(records: Records) -> IntakeRules:
    """What the policy in force says of intakes."""
    rules = policy.opened(policy.current(records)).intake
    assert rules is not None
    return rules


def declarant(card: Card = DENG) -> Declarant:
    return Declarant(name=card.name, id_number=card.id_number, proven=True)


def residence(card: Card = DENG, door: tuple[str, str, str] = ("3", "2", "501"), since: str = "2026-10-01") -> Any:
    """I live there."""
    building, unit, room = door
    return ResidenceContent(
        who=declarant(card), door=DwellingRequest(building=building, unit=unit, room=room), since=since
    )


def correction(card: Card = DENG, *fields: str) -> CorrectionContent:
    """That is wrong."""
    return CorrectionContent(who=declarant(card), fields=fields or ("name",))


@dataclass
class Outbox:
    """A kiosk's items, in order."""

    rules: IntakeRules
    at: datetime
    boot_id: UUID = field(default_factory=uuid4)
    _sequence: "count[int]" = field(default_factory=lambda: count(1))

    def item(self, content: PersonalWire, blobs: Sequence[str] = (), **changes: Any) -> dict[str, Any]:
        """One, as it is sent. ``changes``: made to the header after it was sealed."""
        kind = next(each for each, model in CONTENTS.items() if isinstance(content, model))
        ours, sequence = changes.pop("id", None) or uuid4(), next(self._sequence)
        return {
            "id": str(ours),
            "sequence": sequence,
            "boot_id": str(self.boot_id),
            "monotonic_ms": sequence * 1000,
            "at": self.at.isoformat(),
            "skew_ms": -40,
            "kind": kind.value,
            "key_id": self.rules.key_id,
            "sealed": seal_intake(content, UUID(str(ours)), kind, self.rules, tuple(blobs)),
            "blobs": list(blobs),
            **changes,
        }


def send(kiosk: KioskClient, items: Sequence[dict[str, Any]]) -> list[tuple[str, str | None]]:
    """Send a batch: status and problem of each result, which stand in the order of the items."""
    answer = kiosk.post(PATH, {"items": list(items)})
    assert answer.status_code == 200, answer.text
    results = answer.json()["results"]
    assert [each["id"] for each in results] == [each["id"] for each in items]
    return [(each["status"], each["problem"]) for each in results]


def put(kiosk: KioskClient, sha256: str, content: bytes) -> httpx2.Response:
    """Send a file."""
    return kiosk.upload(f"/v1/blobs/{sha256}", content)
