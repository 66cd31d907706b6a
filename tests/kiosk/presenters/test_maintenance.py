"""What the technician's page says first, and what it says to do."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backend_client.outbox.limits import Reason
from devices.access_card.api import CardReason
from kiosk.flows import maintenance as flow
from kiosk.presenters import home, maintenance
from kiosk.presenters.gallery import PLACE
from kiosk.presenters.surroundings import Surroundings
from kiosk.services.outbox_sync import DEVICE
from terminal.machine import MachineGroup, MachineRow
from terminal.texts import Catalogue
from terminal.views import ChoiceView, TableRow, TableView

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


def test_what_to_do_with_refused_intakes_is_offered_only_while_there_are_some() -> None:
    """Sent again, or given up for one of a few reasons: how many, and that they can't be had back, stands there."""
    asides = (MachineRow("intakes_aside", value="queue", values=(("count", n),), level="down") for n in (2, 3))
    around = replace(AROUND, machine=(MachineGroup("machine", tuple(asides)),))
    pages = [maintenance.present(flow.Page(None), each) for each in (AROUND, around)]
    offered = [{choice.action for choice in each.choices} for each in pages if isinstance(each, TableView)]
    assert offered[1] - offered[0] == {"aside"}
    view = maintenance.present(flow.ChoosingAside(None), around)
    assert isinstance(view, ChoiceView)
    assert [choice.action for choice in view.choices] == [f"aside:{what}" for what in flow.ASIDE]
    asked = maintenance.present(flow.GivingUp(None, "was-a-test"), around)
    assert isinstance(asked, ChoiceView)
    assert (view.paragraph, asked.question, asked.paragraph) == (
        "How many: 5. What is given up can't be had back.",
        "Give up all (5)?",
        "Give up: it was a test. They can't be had back.",
    )


def test_a_printers_model_has_another_word_than_a_face_checks() -> None:
    """型号 of a machine, 模型 of a network."""
    facts = (("model", "X"),)
    both = (MachineRow("page_printer", state="ok", facts=facts), MachineRow("face", state="ok", facts=facts))
    around = replace(AROUND, words=CATALOGUE.in_language("zh"), machine=(MachineGroup("devices", both),))
    assert [row.detail for row in page(around)] == ["型号 X", "模型 X"]


def test_what_can_be_tried_stands_on_a_screen_of_its_own() -> None:
    """A slip only where there is a printer for it; the page keeps its room for what is wrong, in large type too."""
    without = replace(AROUND, machine=(MachineGroup("devices", ROWS[:1]),))
    views = [maintenance.present(flow.ChoosingTest(None), each) for each in (AROUND, without)]
    offered = [[choice.action for choice in view.choices] for view in views if isinstance(view, ChoiceView)]
    assert offered == [["test-print", "test-strip", "test-alarm"], ["test-print", "test-alarm"]]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_reason_why_nothing_can_be_handed_in_has_its_words(language: str) -> None:
    """On a tile: short, and without a word of machines that no resident needs."""
    around = replace(AROUND, words=CATALOGUE.in_language(language))
    said = [home.reason(f"{DEVICE}.{reason}", around) for reason in Reason]
    assert len({*said, home.reason(f"{DEVICE}.unheard-of", around)}) == len(Reason) + 1


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("device", "state"),
    [
        *(("id_card", state) for state in ("unplugged", "silent")),
        *(("travel_document", state) for state in ("unplugged", "no-service", "in-use", "no-authorities")),
        *(("camera", state) for state in ("unplugged", "dark", "stalled", "another-camera")),
        *(("access_card", state) for state in ("unplugged", "no-service", "in-use", "silent")),
        *(("code_scanner", state) for state in ("unplugged", "in-use")),
    ],
)
def test_each_trouble_of_a_reader_or_the_camera_has_its_action(language: str, device: str, state: str) -> None:
    """As each of the printers' has."""
    words = CATALOGUE.in_language(language)
    assert words.has(f"device.{device}_action.{state}")
    assert words.has(f"device.state.{state}")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_reason_why_a_card_is_no_way_in_has_its_sentence(language: str) -> None:
    """For the technician: what became of the card that was laid down last."""
    words = CATALOGUE.in_language(language)
    assert all(words.has(f"device.card_reason.{reason}") for reason in CardReason)
