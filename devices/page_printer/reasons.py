"""What a printer's own attributes mean, in our closed set of reasons.

Decided by reasons, not by printer-state: printers differ in when they call themselves stopped, and some never do.
Keywords: keywords.py; ``printer-alert``: PWG 5100.9; media: RFC 8011 5.2.11 and PWG 5100.7.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from devices.page_printer.api import PrinterReason
from devices.page_printer.keywords import is_known, reason_of
from devices.page_printer.wire import Attributes, Operation, Value

A4 = "iso_a4_210x297mm"
PDF = "application/pdf"
NEEDED_OPERATIONS = (
    Operation.CREATE_JOB,
    Operation.SEND_DOCUMENT,
    Operation.CANCEL_JOB,
    Operation.GET_JOB_ATTRIBUTES,
    Operation.GET_JOBS,
)
_A4_SIZE = (21000, 29700)  # hundredths of a millimetre
_STOPPED = 5  # printer-state
_SEVERITIES = {"report", "warning", "error"}

# prtAlertCode as printer-alert spells it, for printers that have no keyword for it and say "other" (RFC 3805)
ALERT_CODES: dict[str, PrinterReason] = {
    "jam": PrinterReason.JAM,
    "coverOpen": PrinterReason.COVER_OPEN,
    "interlockOpen": PrinterReason.COVER_OPEN,
    "inputMediaTrayMissing": PrinterReason.TRAY_MISSING,
    "outputMediaTrayMissing": PrinterReason.TRAY_MISSING,
    "inputMediaSupplyEmpty": PrinterReason.PAPER_OUT,
    "inputCannotFeedSizeSelected": PrinterReason.WRONG_PAPER,
    "markerTonerCartridgeMissing": PrinterReason.PART_MISSING,
    "markerTonerEmpty": PrinterReason.TONER_OUT,
    "markerWasteTonerReceptacleFull": PrinterReason.WASTE_FULL,
    "markerOpcLifeOver": PrinterReason.PART_WORN_OUT,
    "outputMediaTrayFull": PrinterReason.OUTPUT_FULL,
    "markerFuserOverTemperature": PrinterReason.FUSER_FAULT,
    "markerFuserUnderTemperature": PrinterReason.FUSER_FAULT,
}

# The worst first: whoever stands before the printer acts on the first of these.
WORST_FIRST: tuple[PrinterReason, ...] = (
    PrinterReason.UNREACHABLE,
    PrinterReason.JAM,
    PrinterReason.COVER_OPEN,
    PrinterReason.TRAY_MISSING,  # which its printer also calls out of paper
    PrinterReason.PAPER_OUT,
    PrinterReason.WRONG_PAPER,
    PrinterReason.PART_MISSING,
    PrinterReason.TONER_OUT,
    PrinterReason.WASTE_FULL,
    PrinterReason.OUTPUT_FULL,
    PrinterReason.PART_WORN_OUT,
    PrinterReason.FUSER_FAULT,
    PrinterReason.MEMORY_FULL,
    PrinterReason.NEEDS_REPAIR,
    PrinterReason.PAUSED,
    PrinterReason.OTHER,
    PrinterReason.BUSY,
    PrinterReason.TONER_LOW,
    PrinterReason.PAPER_LOW,
)
HARMLESS = {PrinterReason.OK, PrinterReason.BUSY, PrinterReason.TONER_LOW, PrinterReason.PAPER_LOW}


@dataclass(frozen=True, slots=True)
class Condition:
    """All that is wrong with a printer. ``keywords`` are its own words, for the technician."""

    reasons: frozenset[PrinterReason]
    keywords: tuple[str, ...]

    @property
    def worst(self) -> PrinterReason:
        """What to tell first."""
        return next((reason for reason in WORST_FIRST if reason in self.reasons), PrinterReason.OK)

    @property
    def stops(self) -> bool:
        """Whether nothing comes out until somebody acts."""
        return self.worst not in HARMLESS


def condition(attributes: Attributes) -> Condition:
    """What printer-state, printer-state-reasons, printer-alert and the media attributes say together."""
    keywords = tuple(word for word in texts(attributes, "printer-state-reasons") if word != "none")
    reasons = {reason for word in keywords for reason in _reasons_of(word, attributes)}
    if lacking := _lacking(attributes):
        reasons.add(PrinterReason.OTHER)
    if attributes.get("printer-is-accepting-jobs") == (False,):
        reasons.add(PrinterReason.PAUSED)
    if lacks_a4(attributes):
        reasons.add(PrinterReason.WRONG_PAPER)
    if attributes.get("printer-state") == (_STOPPED,) and reasons <= HARMLESS:
        reasons.add(PrinterReason.OTHER)  # stopped, and not saying why
    return Condition(frozenset(reasons), keywords + lacking)


def _reasons_of(word: str, attributes: Attributes) -> Iterator[PrinterReason]:
    """A word that says no more than that something is wrong is explained by the alerts, if there are any."""
    reason = reason_of(*_split(word.lower()))
    if reason is PrinterReason.OTHER and (alerts := list(_alerts(attributes))):
        yield from alerts
    elif reason is not PrinterReason.OK:
        yield reason


def _split(word: str) -> tuple[str, str]:
    """Keyword and severity. Some keywords end in what looks like one (media-path-input-feed-error)."""
    if is_known(word):
        return word, ""
    keyword, _, severity = word.rpartition("-")
    return (keyword, severity) if keyword and severity in _SEVERITIES else (word, "")


def _alerts(attributes: Attributes) -> Iterator[PrinterReason]:
    return (ALERT_CODES[code] for code in _alert_codes(attributes) if code in ALERT_CODES)


def _alert_codes(attributes: Attributes) -> Iterator[str]:
    """The ``code`` of each printer-alert: ``index=1;severity=critical;group=mediaOutput;code=outputMediaTrayFull``."""
    for raw in attributes.get("printer-alert", ()):
        if isinstance(raw, bytes):
            pairs = (part.partition("=") for part in raw.decode("utf-8", "replace").split(";"))
            yield from (value for key, _, value in pairs if key == "code")


def _lacking(attributes: Attributes) -> tuple[str, ...]:
    """What this model will never do for us, as far as it says: better known at set-up than at the first print."""
    formats = texts(attributes, "document-format-supported")
    operations = attributes.get("operations-supported", ())
    lacking = [f"no {PDF}"] if formats and PDF not in formats else []
    lacking += [f"no {one.name}" for one in NEEDED_OPERATIONS if operations and one not in operations]
    return tuple(lacking)


def lacks_a4(attributes: Attributes) -> bool:
    """Whether the printer says which paper is loaded, and A4 is not among it."""
    names = texts(attributes, "media-ready")
    sizes = [_size(value) for value in attributes.get("media-col-ready", ())]
    return bool(names or sizes) and A4 not in names and _A4_SIZE not in sizes


def _size(media_col: Value) -> tuple[Value, ...]:
    if not isinstance(media_col, Mapping):
        return ()
    size = next(iter(media_col.get("media-size", ())), None)
    if not isinstance(size, Mapping):
        return ()
    return (*size.get("x-dimension", ()), *size.get("y-dimension", ()))


def texts(attributes: Attributes, name: str) -> list[str]:
    """An attribute's text values; whatever is not text is left out."""
    return [value for value in attributes.get(name, ()) if isinstance(value, str)]


def integer(attributes: Attributes, name: str) -> int | None:
    """An attribute's first value when it is a number."""
    value = next(iter(attributes.get(name, ())), None)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
