"""Records with a bug, as a command: ``python -m tests.chaos_sync.sick_records --data …``. Which bug, a file beside the
data folder says."""

import sys
import time
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from threading import Timer
from typing import Any
from uuid import UUID

from backend_client.contract.changes import ChangePage
from backend_client.contract.intakes import IntakeAnswers, IntakeResult, IntakeStatus
from records.cli import main
from records.context import Records
from records.services import changes as feed
from records.services import intakes as taking
from records.store import intakes
from records.store.database import Transaction
from records.store.devices import DeviceRow
from records.store.intakes import IntakeRow
from tests.chaos_sync.bugs import Bug

_LATER_S = 0.4
_EACH = 7  # of so many batches one loses an item
_take, _page, _add_all = taking.take, feed.page, intakes.add_all
_batches: list[int] = []


def plant(bug: Bug) -> None:
    """In this process."""
    match bug:
        case Bug.RECORDS_EARLY:
            taking.take = _early
        case Bug.RECORDS_DROP:
            intakes.add_all = _all_but_one
        case Bug.RECORDS_SKIP:
            feed.page = _skipping
        case _:
            raise ValueError(bug)


def _early(records: Records, device: DeviceRow, sent: Sequence[tuple[UUID, dict[str, Any]]]) -> IntakeAnswers:
    Timer(_LATER_S, _take, (records, device, sent)).start()
    results = tuple(IntakeResult(id=each, status=IntakeStatus.ACCEPTED) for each, _ in sent)
    return IntakeAnswers(server_time=records.clock.now(), results=results)


def _all_but_one(transaction: Transaction, rows: Sequence[IntakeRow], blobs: Mapping[str, Collection[str]]) -> None:
    _batches.append(len(rows))
    dropped = rows[-1:] if len(_batches) % _EACH == 0 else rows[:0]
    kept = {each.intake_id for each in rows} - {each.intake_id for each in dropped}
    _add_all(
        transaction, [row for row in rows if row.intake_id in kept], {key: blobs[key] for key in blobs if key in kept}
    )


def _skipping(records: Records, device: DeviceRow, cursor: str, limit: int) -> ChangePage:
    """Where the feed ends is read after the feed, as one might: what commits in between nobody hears of."""
    page = _page(records, device, cursor, limit)
    time.sleep(_LATER_S)
    return page if page.more else page.model_copy(update={"cursor": feed.head(records)})


if __name__ == "__main__":
    plant(Bug((Path(sys.argv[sys.argv.index("--data") + 1]).parent / "bug").read_text("ascii")))
    sys.exit(main())
