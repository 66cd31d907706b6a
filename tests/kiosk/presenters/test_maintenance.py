"""What the technician's page says first, and what it says to do."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.flows import maintenance as flow
from kiosk.presenters import maintenance
from kiosk.presenters.gallery import PLACE
from kiosk.presenters.surroundings import MachineGroup, MachineRow, Surroundings
from terminal.texts import Catalogue
from terminal.views import TableRow, TableView

CATALOGUE = Catalogue.load(Path(__file__).parents[3] / "assets" / "texts")
ROWS = (
    MachineRow("camera", state="ok"),
    MachineRow("page_printer", state="paper-low", level="degraded"),
    MachineRow("face", state="loading", level="unknown"),
    MachineRow("id_card", state="unplugged", level="down", said="card_status.damaged", facts=(("port", "/dev/ttyS0"),)),
    MachineRow("thermal_printer", state="cover-open", level="down"),
)
AROUND = Surroundings(
    CATALOGUE.in_language("en"), datetime(2026, 11, 22, 23, 5, tzinfo=UTC), PLACE, (MachineGroup("devices", ROWS),)
)


def page(around: Surroundings) -> tuple[TableRow, ...]:
    view = maintenance.present(flow.Page(None), around)
    assert isinstance(view, TableView)
    return view.groups[0][1]


def test_what_failed_stands_before_what_works() -> None:
    """In the order of the house where two are equally bad."""
    labels = [row.name for row in page(AROUND)]
    assert labels == ["ID-card reader", "Slip printer", "Face check", "Page printer", "Camera"]
    view = maintenance.present(flow.Page(None), AROUND)
    assert isinstance(view, TableView)
    assert view.line == "Problems: ID-card reader, Slip printer, Face check, Page printer"


def test_an_unplugged_reader_says_what_to_do_and_not_what_its_last_card_was() -> None:
    """The facts that are needed for it stand below."""
    reader = page(AROUND)[0]
    assert reader.detail == "Push its cable in at both ends; then check the port named below.\nport /dev/ttyS0"


def test_a_reader_that_works_says_what_went_wrong_last() -> None:
    """There is nothing else to do about it."""
    works = MachineRow("id_card", state="ok", said="card_status.damaged")
    around = replace(AROUND, machine=(MachineGroup("devices", (works,)),))
    assert page(around)[0].detail.startswith("Last: ")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("device", "state"),
    [
        *(("id_card", state) for state in ("unplugged", "silent")),
        *(("travel_document", state) for state in ("unplugged", "no-service", "in-use", "no-authorities")),
        *(("camera", state) for state in ("unplugged", "dark", "stalled", "another-camera")),
    ],
)
def test_each_trouble_of_a_reader_or_the_camera_has_its_action(language: str, device: str, state: str) -> None:
    """As each of the printers' has."""
    words = CATALOGUE.in_language(language)
    assert words.has(f"device.{device}_action.{state}")
    assert words.has(f"device.state.{state}")
