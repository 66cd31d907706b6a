"""Kind of document x fault: one sentence for the resident, one for the technician, and soon well again."""

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from civic.document import DocumentKind
from devices.id_card.meaning import MEANING
from devices.travel_document.api import DocumentProblem
from simulators.cards import RESIDENTS_FILE, cards
from simulators.chip.field import DEVICE
from simulators.state import MODELS
from terminal.texts import Catalogue
from tests.support.fault_booth import ASSETS
from tests.support.fault_cards import CARD_FAULTS, CARDS
from tests.support.fault_chips import DOCUMENTS, STRANGE
from tests.support.fault_lanes import NUMBER_FAULTS, PAGE_FAULTS, PATIENCE_S, Cell
from tests.support.fault_table import SHARED, table

ROOT = Path(__file__).resolve().parents[2]
WORDS = Catalogue.load(ASSETS / "texts").in_language("zh")


@dataclass(frozen=True, slots=True)
class Printed:
    """``cells``: of the table. ``log``: what the kiosks and devices wrote meanwhile."""

    cells: tuple[Cell, ...]
    log: str


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Printed:
    """The table, printed once (shown with ``pytest -s``)."""
    file = tmp_path_factory.mktemp("faults") / "cells.json"
    command = [sys.executable, "-m", "tests.support.fault_table", "--cells", str(file)]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert made.returncode == 0, made.stderr[-2000:]
    print(made.stdout)
    cells = [Cell(**(cell | {"kind": DocumentKind(cell["kind"])})) for cell in json.loads(file.read_text("utf-8"))]
    return Printed(tuple(cells), made.stderr)


def faults(printed: Printed, kind: DocumentKind) -> set[str]:
    return {cell.fault for cell in printed.cells if cell.kind is kind}


def test_every_kind_has_every_fault_that_makes_sense_for_it(printed: Printed) -> None:
    """A new status, state or problem is a new row, or this fails."""
    for kind in CARDS:
        assert {fault.name for fault in CARD_FAULTS} <= faults(printed, kind)
    for kind in DOCUMENTS:
        chip = {*MODELS[DEVICE].states[1:], *STRANGE, *(name for name, _ in PAGE_FAULTS), *SHARED}
        assert chip <= faults(printed, kind)
    assert {str(problem) for problem in NUMBER_FAULTS} <= faults(printed, DocumentKind.NUMBER)


def test_no_cell_is_empty_unexpected_or_in_a_programs_words(printed: Printed) -> None:
    """Chinese sentences: no code, no word of English, no sentence for what nobody foresaw."""
    unforeseen = WORDS("ended.why.unexpected")
    for cell in printed.cells:
        for said in (cell.resident, cell.technician):
            assert re.search(r"[\u4e00-\u9fff]", said), cell
            assert not re.search(r"[A-Za-z]{2,}", said), cell
            assert unforeseen not in said, cell


def test_residents_are_told_what_to_do_and_technicians_what_is_wrong(printed: Printed) -> None:
    """More than a name of the fault: where a card or a chip was at fault, the page says which way."""
    for cell in printed.cells:
        assert len(cell.resident) > len("请输入身份证号"), cell
        status = cell.fault.removeprefix("status ")[3:]
        if status in {each.word for each in MEANING} - {"find-failed"}:
            assert WORDS(f"device.card_status.{status}") in cell.technician, cell


def test_every_problem_of_a_chip_was_met(printed: Printed) -> None:
    """By passport and permit alike, and each has its own words."""
    for kind in DOCUMENTS:
        met = " ".join(cell.technician for cell in printed.cells if cell.kind is kind)
        for problem in DocumentProblem:
            assert WORDS(f"device.document_problem.{problem}") in met, problem


def test_everything_is_well_again_within_ten_seconds_of_mending(printed: Printed) -> None:
    """No reader, program or service is restarted by anybody."""
    for cell in printed.cells:
        assert cell.recovery is None or cell.recovery < PATIENCE_S, cell


def test_no_traceback_and_nobodys_name_is_logged(printed: Printed) -> None:
    """By the kiosks, the drivers or the libraries below."""
    assert "Traceback" not in printed.log
    assert "job failed" not in printed.log
    residents = RESIDENTS_FILE.read_text("utf-8")
    personal = re.findall(r'(?:name|id_number|passport|travel_permit) = "([^"]+)"', residents)
    assert len(personal) > len(cards()) / 2
    assert not [each for each in personal if each in printed.log]


def test_the_table_is_kept_for_whoever_wants_to_read_it(printed: Printed) -> None:
    """out/fault-table.md."""
    assert (ROOT / "out" / "fault-table.md").read_text("utf-8") == table(printed.cells)
