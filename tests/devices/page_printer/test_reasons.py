"""From a printer's own words to our closed set of reasons."""

import pytest

from devices.page_printer.api import PrinterReason
from devices.page_printer.reasons import WORST_FIRST, condition, lacks_a4
from devices.page_printer.wire import Attributes, Value

STOPPED = 5


def says(*keywords: str, **others: tuple[Value, ...]) -> Attributes:
    named: dict[str, tuple[Value, ...]] = {name.replace("_", "-"): values for name, values in others.items()}
    return {"printer-state-reasons": keywords} | named


def media(x: int, y: int) -> Value:
    return {"media-size": ({"x-dimension": (x,), "y-dimension": (y,)},)}


def test_nothing_wrong_is_ok() -> None:
    """The word for it is none."""
    now = condition(says("none"))
    assert now.worst is PrinterReason.OK
    assert not now.stops
    assert now.keywords == ()


def test_every_reason_has_its_place_in_the_order() -> None:
    """A new reason must be given one."""
    assert {*WORST_FIRST, PrinterReason.OK} == set(PrinterReason)


@pytest.mark.parametrize("word", ["toner-low-warning", "media-low-report", "opc-near-eol-warning"])
def test_low_supplies_do_not_stop(word: str) -> None:
    """They want attention, and print."""
    assert not condition(says(word)).stops


def test_a_printer_that_stopped_without_a_reason_is_not_ready() -> None:
    """Reasons decide; without any, the state does."""
    assert condition(says("none", printer_state=(STOPPED,))).worst is PrinterReason.OTHER
    assert condition(says("toner-low-report", printer_state=(STOPPED,))).worst is PrinterReason.OTHER
    assert condition(says("media-jam-error", printer_state=(STOPPED,))).worst is PrinterReason.JAM


def test_a_printer_that_accepts_no_jobs_is_paused() -> None:
    """Somebody took it out of service at its panel."""
    assert condition(says("none", printer_is_accepting_jobs=(False,))).worst is PrinterReason.PAUSED


@pytest.mark.parametrize(
    ("alert", "reason"),
    [
        (b"index=1;severity=critical;group=mediaOutput;code=outputMediaTrayFull", PrinterReason.OUTPUT_FULL),
        (b"code=coverOpen;index=2", PrinterReason.COVER_OPEN),
        (b"code=unknown", PrinterReason.OTHER),
        (b"\xff;;=", PrinterReason.OTHER),
    ],
)
def test_an_alert_explains_an_unknown_word(alert: bytes, reason: PrinterReason) -> None:
    """Printers without a keyword for it say other, and the rest in printer-alert (PWG 5100.9)."""
    assert condition(says("other-error", printer_alert=(alert,))).worst is reason


@pytest.mark.parametrize(
    ("attributes", "lacks"),
    [
        ({}, False),
        ({"media-ready": ()}, False),
        ({"media-ready": ("na_letter_8.5x11in", "iso_a4_210x297mm")}, False),
        ({"media-ready": ("na_letter_8.5x11in",)}, True),
        ({"media-col-ready": (media(21000, 29700),)}, False),
        ({"media-col-ready": (media(21590, 27940),)}, True),
        ({"media-ready": ("custom_plain",), "media-col-ready": (media(21000, 29700),)}, False),
        ({"media-col-ready": ("nonsense", {"media-size": ("nonsense",)}, {})}, True),
    ],
)
def test_a4_is_looked_for_by_name_and_by_size(attributes: Attributes, lacks: bool) -> None:
    """Only a printer that says what is loaded can lack it."""
    assert lacks_a4(attributes) is lacks
    assert (condition(attributes).worst is PrinterReason.WRONG_PAPER) is lacks


@pytest.mark.parametrize(
    ("attributes", "lacking"),
    [
        ({"document-format-supported": ("image/pwg-raster", "image/urf")}, "no application/pdf"),
        ({"operations-supported": (0x02, 0x06, 0x08, 0x09, 0x0A)}, "no CREATE_JOB"),
    ],
)
def test_a_model_that_can_never_serve_is_known_at_set_up(attributes: Attributes, lacking: str) -> None:
    """Many small lasers take no PDF: the technician reads it before a resident meets it."""
    now = condition(attributes)
    assert now.worst is PrinterReason.OTHER
    assert now.keywords == (lacking,)


def test_values_of_the_wrong_syntax_are_passed_over() -> None:
    """A printer's nonsense is no exception of ours."""
    attributes: Attributes = {
        "printer-state-reasons": (7, b"x"),
        "printer-alert": ("text",),
        "printer-state": ("idle",),
    }
    assert condition(attributes).worst is PrinterReason.OK
