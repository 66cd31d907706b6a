"""What stands in a kiosk's outbox, and what records answer: for tests of its rows and files."""

from pathlib import Path
from uuid import UUID

from backend_client.contract.base import ProblemCode
from backend_client.contract.intakes import IntakeResult, IntakeStatus
from kiosk.store.blobs import FOLDER
from kiosk.store.outbox import Outbox

ACCEPTED, DUPLICATE, REJECTED, HELD = (
    IntakeStatus.ACCEPTED,
    IntakeStatus.DUPLICATE,
    IntakeStatus.REJECTED,
    IntakeStatus.HELD,
)


def result(item_id: UUID, status: IntakeStatus, problem: ProblemCode | None = None) -> IntakeResult:
    """Records' answer about one item."""
    return IntakeResult(id=item_id, status=status, problem=problem)


def places(outbox: Outbox) -> list[int]:
    """What waits, by its places in the order."""
    return [item.sequence for item in outbox.ready(0, most=1000)]


def look(outbox: Outbox) -> tuple[list[int], list[int], int]:
    """What waits, what lies aside, and the last place that was given."""
    last: int = outbox._database.query("SELECT sequence FROM outbox_last")[0][0]
    return places(outbox), [each.sequence for each in outbox.aside()], last


def files(folder: Path) -> list[str]:
    """The files that are kept beside the rows of a kiosk's data folder."""
    kept = folder / FOLDER
    return sorted(each.name for each in kept.iterdir()) if kept.is_dir() else []
