"""Every word that IANA's IPP registry has for printer-state-reasons, and the reason of ours that it is.

Sources: RFC 8011 5.4.12, RFC 3998 8, PWG 5100.9 (finishers: a part and what is with it), PWG 5100.13, .15, .17, .21.
A vendor's own word is looked up here as well, and judged by its severity where it is not found.
"""

from collections.abc import Iterator, Mapping

from devices.page_printer.api import PrinterReason

_AT_ANY_SEVERITY: dict[PrinterReason, str] = {
    PrinterReason.UNREACHABLE: "timed-out connecting-to-device shutdown power-down offline",
    PrinterReason.JAM: (
        "media-jam input-media-tray-jam output-media-tray-jam media-path-jam media-path-input-jam media-path-output-jam"
        " input-media-tray-feed-error output-media-tray-feed-error"
        " media-path-input-feed-error media-path-output-feed-error"
    ),
    PrinterReason.COVER_OPEN: "cover-open door-open interlock-open",
    PrinterReason.TRAY_MISSING: "input-tray-missing output-tray-missing media-path-media-tray-missing",
    PrinterReason.PAPER_OUT: (
        "media-empty media-needed media-path-input-empty media-path-input-request input-manual-input-request"
    ),
    PrinterReason.WRONG_PAPER: "input-cannot-feed-size-selected",
    PrinterReason.PART_MISSING: (
        "marker-supply-missing marker-toner-missing marker-toner-cartridge-missing marker-ink-missing"
        " marker-print-ribbon-missing marker-developer-missing marker-opc-missing marker-cleaner-missing"
        " marker-fuser-missing marker-waste-missing marker-waste-toner-receptacle-missing"
        " marker-waste-ink-receptacle-missing input-pick-roller-missing media-path-pick-roller-missing"
    ),
    PrinterReason.TONER_OUT: "toner-empty marker-supply-empty marker-ink-empty marker-print-ribbon-empty",
    PrinterReason.WASTE_FULL: "marker-waste-full marker-waste-toner-receptacle-full marker-waste-ink-receptacle-full",
    PrinterReason.OUTPUT_FULL: "output-area-full media-path-output-full media-path-media-tray-full stacker-full",
    PrinterReason.MEMORY_FULL: "spool-area-full",
    PrinterReason.PAUSED: "paused moving-to-paused stopping hold-new-jobs deactivated",
    PrinterReason.OTHER: "other",
    PrinterReason.BUSY: "testing resuming marker-adjusting-print-quality media-drying",
    PrinterReason.TONER_LOW: (
        "toner-low marker-supply-low marker-supply-almost-empty marker-ink-almost-empty"
        " marker-print-ribbon-almost-empty developer-low marker-developer-almost-empty opc-near-eol"
        " cleaner-life-almost-over lamp-near-eol laser-near-eol input-pick-roller-life-warn"
        " media-path-pick-roller-life-warn marker-waste-almost-full"
        " marker-waste-toner-receptacle-almost-full marker-waste-ink-receptacle-almost-full"
    ),
    PrinterReason.PAPER_LOW: "media-low",
}
"""Printers call one and the same jam a report while idle, a warning while printing, and an error when they stopped."""

_AS_ERROR: dict[PrinterReason, str] = {
    PrinterReason.WRONG_PAPER: (
        "input-media-size-change input-media-type-change input-media-color-change input-media-weight-change"
        " input-media-form-parts-change"
    ),
    PrinterReason.PART_WORN_OUT: (
        "opc-life-over developer-empty marker-developer-empty cleaner-life-over lamp-at-eol laser-at-eol"
        " input-pick-roller-life-over media-path-pick-roller-life-over"
    ),
    PrinterReason.FUSER_FAULT: (
        "fuser-over-temp fuser-under-temp marker-fuser-thermistor-failure marker-fuser-timing-failure"
    ),
    PrinterReason.MEMORY_FULL: (
        "interpreter-resource-unavailable interpreter-complex-page-encountered interpreter-memory-decrease"
    ),
    PrinterReason.NEEDS_REPAIR: (
        "camera-failure fan-failure lamp-failure laser-failure motor-failure input-media-tray-failure"
        " input-pick-roller-failure input-tray-elevation-failure input-tray-position-failure media-path-failure"
        " media-path-pick-roller-failure output-media-tray-failure output-mailbox-select-failure"
        " chamber-temperature-high chamber-temperature-low extruder-failure extruder-jam extruder-temperature-high"
        " extruder-temperature-low platform-failure platform-temperature-high platform-temperature-low"
        " material-empty material-needed"
    ),
    PrinterReason.OTHER: "stopped-partly unknown media-path-cannot-duplex-media-selected",
}
"""As a report or a warning these are for the technician alone: the printer goes on."""

_SOFTER: dict[PrinterReason, PrinterReason] = {PrinterReason.PART_WORN_OUT: PrinterReason.TONER_LOW}

_EVENTS = (
    "none alert-removal-of-binary-change-entry configuration-change identify-printer-requested interlock-closed"
    " interpreter-cartridge-added interpreter-cartridge-deleted interpreter-memory-increase interpreter-resource-added"
    " interpreter-resource-deleted output-area-almost-full media-path-media-tray-almost-full power-up"
    " printer-manual-reset printer-nms-reset printer-ready-to-print standby suspend hibernate chamber-cooling"
    " chamber-heating extruder-cooling extruder-heating platform-cooling platform-heating material-low"
)
"""They happened, or pass by themselves. One that a printer calls an error stops us all the same."""

BESIDES_PRINTING = ("scan-", "scanner-", "fax-", "wifi-")
"""Parts of the machine that no page of ours passes."""

FINISHERS = (
    *("bander", "binder", "die-cutter", "folder", "imprinter", "inserter", "make-envelope", "perforater", "puncher"),
    *("separation-cutter", "sheet-rotator", "slitter", "stacker", "stapler", "stitcher", "subunit", "trimmer"),
    "wrapper",
)
"""Parts that fold, staple and cut; a word about one is its name, and what is with it."""

_OF_A_FINISHER: dict[PrinterReason, str] = {
    PrinterReason.JAM: "jam",
    PrinterReason.COVER_OPEN: "cover-open interlock-open opened",
}
_OF_A_FINISHER_AS_ERROR = (
    "at-limit empty full life-over memory-exhausted missing motor-failure offline over-temperature recoverable-failure"
    " recoverable-storage thermistor-failure timing-failure under-temperature unrecoverable-failure"
    " unrecoverable-storage unrecoverable-storage-error"
)
_EVENTS_OF_A_FINISHER = (
    "added almost-empty almost-full closed configuration-change cover-closed interlock-closed life-almost-over"
    " near-limit power-saver removed resource-added resource-removed turned-off turned-on warming-up"
)


def _pairs(table: Mapping[PrinterReason, str]) -> Iterator[tuple[str, PrinterReason]]:
    return ((word, reason) for reason, words in table.items() for word in words.split())


def _with_parts(conditions: str) -> Iterator[str]:
    return (f"{part}-{condition}" for part in FINISHERS for condition in conditions.split())


AT_ANY_SEVERITY: dict[str, PrinterReason] = {
    **{word: reason for reason, words in _OF_A_FINISHER.items() for word in _with_parts(words)},
    **dict(_pairs(_AT_ANY_SEVERITY)),
}
"""Words that count however severe the printer calls them."""

AS_ERROR: dict[str, PrinterReason] = {
    word: PrinterReason.NEEDS_REPAIR
    for word in _with_parts(_OF_A_FINISHER_AS_ERROR)
    if word not in AT_ANY_SEVERITY  # stacker-full: an output tray
} | dict(_pairs(_AS_ERROR))
"""Words that stop only as errors."""

EVENTS: frozenset[str] = frozenset(_EVENTS.split()) | frozenset(_with_parts(_EVENTS_OF_A_FINISHER))
"""Words that mean nothing to a page, unless as errors."""


def is_known(keyword: str) -> bool:
    """Whether the registry's word (without its severity) was given its meaning above."""
    return keyword in AT_ANY_SEVERITY or keyword in AS_ERROR or keyword in EVENTS or _is_besides(keyword)


def reason_of(keyword: str, severity: str) -> PrinterReason:
    """What a word means. ``severity``: ``error``, ``warning``, ``report``, or empty where the printer gives none, which
    RFC 8011 5.4.12 counts as an error. OK: nothing. Of a word that we do not know only an error counts."""
    if keyword in AT_ANY_SEVERITY:
        return AT_ANY_SEVERITY[keyword]
    is_error = severity in ("error", "")
    if keyword in AS_ERROR:
        reason = AS_ERROR[keyword]
        return reason if is_error else _SOFTER.get(reason, PrinterReason.OK)
    if _is_besides(keyword) or (keyword in EVENTS and not severity):
        return PrinterReason.OK
    return PrinterReason.OTHER if is_error else PrinterReason.OK


def _is_besides(keyword: str) -> bool:
    return keyword.startswith(BESIDES_PRINTING)
