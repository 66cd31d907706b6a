"""Everything that a printer can be has words for whoever stands before it, and the page that lists them is right."""

import pytest

from devices.page_printer.api import PrinterReason
from devices.page_printer.reasons import HARMLESS
from devices.thermal_printer.api import StripReason
from scripts.draw_printer_reasons import PAGE, draw
from terminal.texts import LANGUAGES, Catalogue

_TEXTS = PAGE.parents[2] / "assets" / "texts"
_STRIP_GOES_ON = {StripReason.OK, StripReason.PAPER_NEAR_END}


def test_the_committed_page_is_what_the_tables_draw() -> None:
    """When this fails: python -m scripts.draw_printer_reasons, and read what changed."""
    assert PAGE.read_text("utf-8") == draw()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_of_a_page_printer_has_its_words(language: str) -> None:
    """For the resident before, meanwhile and at the end; for the technician, what it is and what to do."""
    words = Catalogue.load(_TEXTS).in_language(language)
    for reason in set(PrinterReason) - HARMLESS:
        for table in ("reason.page_printer_reason", "ended.why", "maintenance.said"):
            assert words.has(f"{table}.{reason}"), f"{table}.{reason}"
    for reason in set(PrinterReason) - {PrinterReason.OK}:
        assert words.has(f"device.state.{reason}"), reason
        assert words.has(f"device.page_printer_action.{reason}"), reason


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_of_a_strip_printer_has_its_words(language: str) -> None:
    words = Catalogue.load(_TEXTS).in_language(language)
    for reason in set(StripReason) - _STRIP_GOES_ON:
        for table in ("reason.thermal_printer_reason", "ended.why", "maintenance.said"):
            assert words.has(f"{table}.{reason}"), f"{table}.{reason}"
    for reason in set(StripReason) - {StripReason.OK}:
        assert words.has(f"device.state.{reason}"), reason
        assert words.has(f"device.thermal_printer_action.{reason}"), reason


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_reason_has_a_sentence_and_an_action_of_its_own(language: str) -> None:
    """One that is said in the words of another would be the other."""
    words = Catalogue.load(_TEXTS).in_language(language)
    said = [words(f"ended.why.{reason}") for reason in set(PrinterReason) - HARMLESS]
    done = [words(f"device.page_printer_action.{reason}") for reason in set(PrinterReason) - {PrinterReason.OK}]
    assert len(set(said)) == len(said)
    assert len(set(done)) == len(done)
