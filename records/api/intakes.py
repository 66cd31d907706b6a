"""What residents handed in at a kiosk (``backend_client.contract.intakes``)."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from backend_client.contract.base import ProblemCode, Wire
from backend_client.contract.intakes import MOST_ITEMS, IntakeAnswers
from records.api.dependencies import KIOSK_PROBLEMS, Kiosk, OpenRecords
from records.api.problems import documented
from records.services import intakes

router = APIRouter(tags=["intakes"])

_SAID_OF_ITEMS = (  # in a result, not as the answer's own problem
    ProblemCode.INTAKE_UNREADABLE,
    ProblemCode.INTAKE_CONTENT,
    ProblemCode.INTAKE_OTHER,
    ProblemCode.KEY_AWAY,
    ProblemCode.BLOB_MISSING,
)


class SentItem(BaseModel):
    """``IntakeItem``, of which only the number is looked at here: whatever else is wrong with it, the others go on."""

    model_config = ConfigDict(extra="allow")

    id: UUID

    def raw(self) -> dict[str, Any]:
        """The item as JSON has it."""
        return {**(self.model_extra or {}), "id": self.id}


class SentBatch(Wire):
    """``IntakeBatch``: items of one device, in the order of their sequence."""

    items: tuple[SentItem, ...] = Field(min_length=1, max_length=MOST_ITEMS)


@router.post(
    "/v1/intakes",
    responses=documented(*KIOSK_PROBLEMS, ProblemCode.TOO_LARGE, ProblemCode.TOO_MANY_REQUESTS, *_SAID_OF_ITEMS),
)
def take(records: OpenRecords, kiosk: Kiosk, body: SentBatch) -> IntakeAnswers:
    """Hand in a batch; one result for each item, in their order. Sent again, it is the same batch.

    Each item is `IntakeItem`; one that breaks the contract is rejected by itself (`intake-content`).
    """
    return intakes.take(records, kiosk, [(each.id, each.raw()) for each in body.items])
