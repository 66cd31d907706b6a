"""Every word that the registry has for a printer's state is one of our reasons, chosen and not fallen into."""

import pytest

from devices.page_printer.api import PrinterReason
from devices.page_printer.keywords import AS_ERROR, AT_ANY_SEVERITY, EVENTS, is_known, reason_of
from devices.page_printer.reasons import condition

_RFC_8011: dict[str, PrinterReason] = {
    "other": PrinterReason.OTHER,
    "none": PrinterReason.OK,
    "connecting-to-device": PrinterReason.UNREACHABLE,
    "cover-open": PrinterReason.COVER_OPEN,
    "developer-empty": PrinterReason.PART_WORN_OUT,
    "developer-low": PrinterReason.TONER_LOW,
    "door-open": PrinterReason.COVER_OPEN,
    "fuser-over-temp": PrinterReason.FUSER_FAULT,
    "fuser-under-temp": PrinterReason.FUSER_FAULT,
    "input-tray-missing": PrinterReason.TRAY_MISSING,
    "interlock-open": PrinterReason.COVER_OPEN,
    "interpreter-resource-unavailable": PrinterReason.MEMORY_FULL,
    "marker-supply-empty": PrinterReason.TONER_OUT,
    "marker-supply-low": PrinterReason.TONER_LOW,
    "marker-waste-almost-full": PrinterReason.TONER_LOW,
    "marker-waste-full": PrinterReason.WASTE_FULL,
    "media-empty": PrinterReason.PAPER_OUT,
    "media-jam": PrinterReason.JAM,
    "media-low": PrinterReason.PAPER_LOW,
    "media-needed": PrinterReason.PAPER_OUT,
    "moving-to-paused": PrinterReason.PAUSED,
    "opc-life-over": PrinterReason.PART_WORN_OUT,
    "opc-near-eol": PrinterReason.TONER_LOW,
    "output-area-almost-full": PrinterReason.OK,
    "output-area-full": PrinterReason.OUTPUT_FULL,
    "output-tray-missing": PrinterReason.TRAY_MISSING,
    "paused": PrinterReason.PAUSED,
    "shutdown": PrinterReason.UNREACHABLE,
    "spool-area-full": PrinterReason.MEMORY_FULL,
    "stopped-partly": PrinterReason.OTHER,
    "stopping": PrinterReason.PAUSED,
    "timed-out": PrinterReason.UNREACHABLE,
    "toner-empty": PrinterReason.TONER_OUT,
    "toner-low": PrinterReason.TONER_LOW,
}

_SINCE = """
alert-removal-of-binary-change-entry camera-failure chamber-cooling chamber-heating chamber-temperature-high
chamber-temperature-low cleaner-life-almost-over cleaner-life-over configuration-change deactivated extruder-cooling
extruder-failure extruder-heating extruder-jam extruder-temperature-high extruder-temperature-low fan-failure
fax-modem-life-almost-over fax-modem-life-over fax-modem-missing fax-modem-turned-off fax-modem-turned-on hibernate
hold-new-jobs identify-printer-requested input-cannot-feed-size-selected input-manual-input-request
input-media-color-change input-media-form-parts-change input-media-size-change input-media-tray-failure
input-media-tray-feed-error input-media-tray-jam input-media-type-change input-media-weight-change
input-pick-roller-failure input-pick-roller-life-over input-pick-roller-life-warn input-pick-roller-missing
input-tray-elevation-failure input-tray-position-failure interlock-closed interpreter-cartridge-added
interpreter-cartridge-deleted interpreter-complex-page-encountered interpreter-memory-decrease
interpreter-memory-increase interpreter-resource-added interpreter-resource-deleted lamp-at-eol lamp-failure
lamp-near-eol laser-at-eol laser-failure laser-near-eol marker-adjusting-print-quality marker-cleaner-missing
marker-developer-almost-empty marker-developer-empty marker-developer-missing marker-fuser-missing
marker-fuser-thermistor-failure marker-fuser-timing-failure marker-ink-almost-empty marker-ink-empty marker-ink-missing
marker-opc-missing marker-print-ribbon-almost-empty marker-print-ribbon-empty marker-print-ribbon-missing
marker-supply-almost-empty marker-supply-missing marker-toner-cartridge-missing marker-toner-missing
marker-waste-ink-receptacle-almost-full marker-waste-ink-receptacle-full marker-waste-ink-receptacle-missing
marker-waste-missing marker-waste-toner-receptacle-almost-full marker-waste-toner-receptacle-full
marker-waste-toner-receptacle-missing material-empty material-low material-needed media-drying
media-path-cannot-duplex-media-selected media-path-failure media-path-input-empty media-path-input-feed-error
media-path-input-jam media-path-input-request media-path-jam media-path-media-tray-almost-full
media-path-media-tray-full media-path-media-tray-missing media-path-output-feed-error media-path-output-full
media-path-output-jam media-path-pick-roller-failure media-path-pick-roller-life-over
media-path-pick-roller-life-warn media-path-pick-roller-missing motor-failure output-mailbox-select-failure
output-media-tray-failure output-media-tray-feed-error output-media-tray-jam platform-cooling platform-failure
platform-heating platform-temperature-high platform-temperature-low power-down power-up printer-manual-reset
printer-nms-reset printer-ready-to-print resuming scan-media-path-failure scan-media-path-input-feed-error
scan-media-path-jam scan-media-path-output-full scan-media-path-pick-roller-missing scanner-light-failure
scanner-light-life-almost-over scanner-sensor-failure scanner-sensor-life-over standby suspend testing unknown
wifi-not-configured
"""
_PARTS = """
bander binder die-cutter folder imprinter inserter make-envelope perforater puncher separation-cutter sheet-rotator
slitter stacker stapler stitcher subunit trimmer wrapper
"""
_OF_A_PART = """
added almost-empty almost-full at-limit closed configuration-change cover-closed cover-open empty full interlock-closed
interlock-open jam life-almost-over life-over memory-exhausted missing motor-failure near-limit offline opened
over-temperature power-saver recoverable-failure recoverable-storage removed resource-added resource-removed
thermistor-failure timing-failure turned-off turned-on under-temperature unrecoverable-failure
unrecoverable-storage-error warming-up
"""
_FINISHERS = [f"{part}-{state}" for part in _PARTS.split() for state in _OF_A_PART.split()]
_REGISTERED = [*_RFC_8011, *_SINCE.split(), *_FINISHERS]


def test_every_registered_word_was_given_a_meaning() -> None:
    """Those of the standard, those that came since, and those of every finisher."""
    assert [word for word in _REGISTERED if not is_known(word)] == []


@pytest.mark.parametrize("suffix", ["", "-report", "-warning", "-error"])
def test_a_registered_word_is_taken_whole(suffix: str) -> None:
    """Some end in what looks like a severity: media-path-input-feed-error, stapler-unrecoverable-storage-error."""
    for word in set(_REGISTERED) - {"none"}:
        now = condition({"printer-state-reasons": (word + suffix,)})
        assert now.worst is reason_of(word, suffix.removeprefix("-")), word


@pytest.mark.parametrize("word", _RFC_8011)
def test_a_word_of_the_standard_means_what_it_says(word: str) -> None:
    assert reason_of(word, "") is _RFC_8011[word]


@pytest.mark.parametrize("severity", ["", "report", "warning", "error"])
def test_a_word_that_counts_counts_at_every_severity(severity: str) -> None:
    """Printers call the same jam a report while idle, a warning while printing, an error when stopped."""
    assert {word: reason_of(word, severity) for word in AT_ANY_SEVERITY} == AT_ANY_SEVERITY


@pytest.mark.parametrize("severity", ["report", "warning"])
def test_a_part_that_wears_or_fails_stops_only_when_the_printer_says_so(severity: str) -> None:
    """Until then it prints, and of what wears the technician hears."""
    for word, reason in AS_ERROR.items():
        assert reason_of(word, "error") is reason_of(word, "") is reason
        softer = PrinterReason.TONER_LOW if reason is PrinterReason.PART_WORN_OUT else PrinterReason.OK
        assert reason_of(word, severity) is softer, word


def test_an_event_is_nothing_unless_it_stopped_the_printer() -> None:
    """Someone asked which printer this is; a stapler has few staples left."""
    for word in EVENTS:
        assert {reason_of(word, severity) for severity in ("", "report", "warning")} == {PrinterReason.OK}, word
        assert reason_of(word, "error") is PrinterReason.OTHER


def test_no_word_has_two_meanings() -> None:
    assert not AT_ANY_SEVERITY.keys() & AS_ERROR.keys()
    assert not (AT_ANY_SEVERITY.keys() | AS_ERROR.keys()) & EVENTS


@pytest.mark.parametrize(
    "word", ["scanner-light-failure-error", "fax-modem-missing-error", "wifi-not-configured-error"]
)
def test_what_no_page_of_ours_passes_never_stops_a_print(word: str) -> None:
    """A machine that can do more than print may be broken in the rest."""
    assert condition({"printer-state-reasons": (word,)}).worst is PrinterReason.OK


@pytest.mark.parametrize("word", ["com.example-gremlin", "com.example-gremlin-error", "EXAMPLE_E5001-error"])
def test_a_vendor_s_own_error_stops_as_other(word: str) -> None:
    """Its word is kept for the technician. Without a severity it is an error (RFC 8011 5.4.12)."""
    now = condition({"printer-state-reasons": (word,)})
    assert (now.worst, now.stops, now.keywords) == (PrinterReason.OTHER, True, (word,))


@pytest.mark.parametrize("word", ["com.example-nap-report", "com.example-nap-warning"])
def test_a_vendor_s_own_warning_is_only_a_fact(word: str) -> None:
    """By the standard it prevents no job from completing."""
    now = condition({"printer-state-reasons": (word,)})
    assert (now.worst, now.stops, now.keywords) == (PrinterReason.OK, False, (word,))


@pytest.mark.parametrize(
    ("words", "worst"),
    [
        (("media-empty-error", "input-tray-missing-error"), PrinterReason.TRAY_MISSING),
        (("toner-low-report", "media-empty-error", "media-jam-error"), PrinterReason.JAM),
        (("paused", "cover-open-error", "spool-area-full-report"), PrinterReason.COVER_OPEN),
        (("opc-life-over-warning", "media-low-report"), PrinterReason.TONER_LOW),
        (("identify-printer-requested-report", "com.example-gremlin-error"), PrinterReason.OTHER),
        (("Media-Jam-Error",), PrinterReason.JAM),
    ],
)
def test_of_several_words_the_one_to_act_on_first_is_told(words: tuple[str, ...], worst: PrinterReason) -> None:
    now = condition({"printer-state-reasons": words})
    assert now.worst is worst
    assert now.keywords == words
