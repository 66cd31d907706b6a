"""Kind of document x fault -> what the resident reads, what the technician reads, and how long it takes from mending
until the same document reads well: ``python -m tests.support.fault_table``.

Faults are put on the simulated device; everything before it is the kiosk's own, but for the window. A process of its
own, because a process knows one pcscd. What waits for long is told to wait less: a silent chip 1 s (a kiosk: 5 s), a
page 1.8 s (30 s), a chip that is slow answers in 40 ms (150 ms), records' first wait 2 s (15 s).
"""

import argparse
import json
import logging
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar
from unittest.mock import patch

from civic.document import DocumentKind
from records.sections import GuessingSettings
from simulators.pcsc import own_socket
from tests.support.fault_booth import Booth, Room
from tests.support.fault_cards import CARDS, CardLane
from tests.support.fault_chips import ChipLane, reader_cells, slots
from tests.support.fault_lanes import Cell, NumberLane, PageLane, recovered
from tests.support.records_server import RecordsServer, quick_settings, running_records

OUT = Path(__file__).resolve().parents[2] / "out" / "fault-table.md"
_LANES = 8  # at once: most of the time each waits for its device
_L = TypeVar("_L")
_R = TypeVar("_R")
SHARED = ("pcscd stopped", "reader unplugged", "pcscd crashed while reading", "a second program on the reader")
_HEAD = "| document | fault | resident | technician | recovery |\n|---|---|---|---|---|\n"


def run(folder: Path) -> list[Cell]:
    """The whole table. Lanes run side by side; what all share is broken at the end."""
    settings = quick_settings().model_copy(update={"guessing": GuessingSettings(first_wait=2)})
    with running_records(folder, settings) as records, ExitStack() as opened:
        room = Room(records, records.enrol(), folder)
        number = opened.enter_context(NumberLane(room))
        cards = [opened.enter_context(CardLane(room, kind)) for kind in CARDS]
        page = opened.enter_context(PageLane(room))
        pcscd, chips = opened.enter_context(slots(room))
        own: list[CardLane | ChipLane | PageLane | NumberLane] = [*chips, page, *cards, number]
        cells = [cell for column in _side_by_side(own, lambda lane: list(lane.cells())) for cell in column]
        cells += reader_cells(pcscd, chips)
        cells += _without_records(records, cards[0], *chips, number)
    return sorted(cells, key=lambda cell: list(DocumentKind).index(cell.kind))


def _without_records(records: RecordsServer, card: CardLane, *others: ChipLane | NumberLane) -> Iterator[Cell]:
    """The link is cut after the document was brought. Cards that another office serves are not asked about."""
    records.kill()
    card.well()
    met = [_met(card.kind, card.booth)]
    for other in others:
        other.well()
        met.append(_met(other.kind, other.booth))
    records.start()
    for lane, cell in zip((card, *others), met, strict=True):
        yield Cell(cell.kind, cell.fault, cell.resident, cell.technician, recovered(lambda: None, lane.well))


def _met(kind: DocumentKind, booth: Booth) -> Cell:
    booth.link.tick()
    return Cell(kind, "records down", booth.resident(), booth.technician("records"))


def _side_by_side(lanes: Iterable[_L], work: Callable[[_L], _R]) -> list[_R]:
    with ThreadPoolExecutor(_LANES) as pool:
        return list(pool.map(work, lanes))


def table(cells: Iterable[Cell]) -> str:
    """As Markdown."""
    rows = (
        f"| {cell.kind} | {cell.fault} | {cell.resident} | {cell.technician} | {_seconds(cell.recovery)} |\n"
        for cell in cells
    )
    return _HEAD + "".join(rows)


def _seconds(recovery: float | None) -> str:
    return "-" if recovery is None else f"{recovery:.1f} s"


def main() -> int:
    """Print it, write it to out/fault-table.md, and its cells as JSON for whoever asks."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--cells", type=Path, help="where the cells go, as JSON")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    own_socket()
    with tempfile.TemporaryDirectory() as folder, patch("simulators.chip.field._SLOW_S", 0.04):
        cells = run(Path(folder))
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_text(table(cells), "utf-8")
    print(table(cells))
    if asked.cells:
        asked.cells.write_text(json.dumps([asdict(cell) for cell in cells]), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
