"""An item as a row of the outbox, and back."""

import base64
from collections.abc import Iterator, Sequence
from datetime import UTC

from backend_client.contract.intakes import IntakeItem
from terminal.store.database import Row, Value

COLUMNS = "sequence, id, kind, at, boot_id, monotonic_ms, skew_ms, key_id, blobs, sealed"
_SKEW_DIGITS = 24  # room in a batch for a skew that is known only later


def within(rows: Sequence[Row], largest: int) -> Iterator[int]:
    """Sequences whose sizes fit together, at least one."""
    total = 0
    for sequence, size in rows:
        total += size
        if total > largest and total != size:
            return
        yield sequence


def row_of(item: IntakeItem) -> tuple[Value, ...]:
    """COLUMNS, and how many bytes it is in a batch at the most."""
    return (
        item.sequence,
        str(item.id),
        item.kind.value,
        item.at.astimezone(UTC).isoformat(timespec="milliseconds"),
        str(item.boot_id),
        item.monotonic_ms,
        item.skew_ms,
        item.key_id,
        " ".join(item.blobs),
        base64.b64decode(item.sealed, validate=True),
        len(item.model_dump_json()) + _SKEW_DIGITS,
    )


def item_of(row: Row) -> IntakeItem:
    """Of COLUMNS. Raises ValueError (pydantic's ValidationError is one): what stands there is no item."""
    sequence, number, kind, at, boot, monotonic, skew, key_id, blobs, sealed = row
    return IntakeItem.model_validate(
        {
            "id": number,
            "sequence": sequence,
            "boot_id": boot,
            "monotonic_ms": monotonic,
            "at": at,
            "skew_ms": skew,
            "kind": kind,
            "key_id": key_id,
            "sealed": base64.b64encode(sealed).decode("ascii"),
            "blobs": tuple(blobs.split()),
        }
    )
