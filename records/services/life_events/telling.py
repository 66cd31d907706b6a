"""What the second account reads before it agrees: what the first one wrote, and nothing that the register says."""

from typing import Final

from records.context import Records
from records.rules.life_effects import EventKind
from records.services import approvals
from records.services.approvals import Tell
from records.services.life_events import taking_back
from records.services.life_events.asking import FIELDS, TYPED_AGAIN
from records.services.refusals import EventUnfitError
from records.store.approvals import ApprovalRow, Matter

_COMMON: Final = ("since", "basis", "document")
READ: Final[dict[Matter, tuple[str, ...]]] = {
    Matter(kind.value): (*_COMMON, *(each for each in FIELDS[kind] if each != TYPED_AGAIN.get(Matter(kind.value))))
    for kind in EventKind
} | {Matter.LIFE_TAKEN_BACK: ("event", *_COMMON)}
"""What of each is read; the rest it has typed by itself. ``event``: the kind of the one that is to be taken back."""


def written(records: Records, row: ApprovalRow) -> list[tuple[str, str]]:
    """Each field and what it says. EventUnfitError: what was to be taken back is not there, or not the last."""
    told = _taken_back(records, row) if row.matter is Matter.LIFE_TAKEN_BACK else approvals.told(row)
    return [(name, told[name]) for name in READ[row.matter]]


def _taken_back(records: Records, row: ApprovalRow) -> dict[str, str]:
    told = approvals.told(row)
    with records.database.reading() as transaction:
        event = taking_back.last(transaction, told)
    if event is None:
        raise EventUnfitError
    return {
        "event": event.kind.value,
        "since": event.since.isoformat(),
        "basis": event.basis,
        "document": event.document,
    }


TELL: Final[dict[Matter, Tell]] = dict.fromkeys(READ, written)
