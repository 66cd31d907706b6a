"""The printers of one kiosk as issuing sees them: one for each medium, all spoken to alike.

A signed document goes in; a page printer gets it as it is, a strip printer its dots. Both say in the end whether it is
out, and both are cleared of what an earlier start of this kiosk may have left in them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from threading import Event
from typing import Protocol

from cryptography.x509 import load_pem_x509_certificate

from devices.errors import DeviceUnavailableError
from devices.health import Health
from devices.page_printer.api import NotPrinted as PageNotPrinted
from devices.page_printer.api import PagePrinter, PrinterReason
from devices.page_printer.jobs import USER
from devices.printing import Printed, PrintStage
from devices.thermal_printer.api import NotPrinted as StripNotPrinted
from devices.thermal_printer.api import StripPrinter, StripReason
from forms.paper import Medium
from forms.raster import strip
from forms.test_page import render_test_page
from forms.test_strip import render_test_strip

Reason = PrinterReason | StripReason
Progress = Callable[[PrintStage, Reason], None]

_STOPS_NOTHING = frozenset(
    {PrinterReason.OK, PrinterReason.PAPER_LOW, PrinterReason.TONER_LOW, StripReason.PAPER_NEAR_END}
)
_REASONS = frozenset({each.value for each in PrinterReason} | {each.value for each in StripReason})


def printer_fault(reason: str) -> str:
    """What stands in a print's way, as far as its printer says: a warning alone (paper low) stops nothing."""
    return reason if reason in _REASONS - _STOPS_NOTHING else PrinterReason.OTHER.value


def user_at_printers(certificate: bytes) -> str:
    """Whose jobs are this kiosk's at a printer that another may share: by whom its certificate (PEM) names, which a
    renewed one keeps. Raises ValueError."""
    subject = load_pem_x509_certificate(certificate).subject
    return f"{USER}-{sha256(subject.public_bytes()).hexdigest()[:8]}"


@dataclass(frozen=True, slots=True)
class NotOut:
    """``may_be_out``: the paper, or a part of it, may lie where people take it. ``taken_back``: it was there, nobody
    took it, and the printer has drawn it in again."""

    reason: Reason
    may_be_out: bool
    taken_back: bool = False


class Outlet(Protocol):
    """One printer. Blocking; thread-safe."""

    @property
    def medium(self) -> Medium:
        """What it prints on."""

    @property
    def device(self) -> str:
        """Its name everywhere."""

    def health(self) -> Health:
        """Ask the printer itself. Never raises."""

    def print(self, document: bytes, progress: Progress, cancel: Event) -> Printed | NotOut:
        """Print a signed PDF, and follow it to its end."""

    def print_test(self, at: datetime, cancel: Event) -> Printed | NotOut:
        """The same of what shows a technician that it prints: marked 测试·无效, sealed and signed by nothing."""

    def clear(self) -> int:
        """Drop whatever this kiosk left in it before this start; how many documents, as far as it says. Raises
        DeviceError when that can't be done now."""


class PageQueue(PagePrinter, Protocol):
    """A page printer that can be told to drop the jobs of a process that is gone."""

    def cancel_all_own_jobs(self) -> int:
        """Drop every job of this kiosk at the printer; how many there were. Raises DeviceError."""


@dataclass(frozen=True, slots=True)
class PageOutlet:
    """A4, at the page printer."""

    printer: PageQueue
    medium: Medium = Medium.PAGE
    device: str = "page_printer"

    def health(self) -> Health:
        """See Outlet."""
        return self.printer.health()

    def print(self, document: bytes, progress: Progress, cancel: Event) -> Printed | NotOut:
        """See Outlet."""
        return _said(self.printer.print_pdf(document, progress, cancel))

    def print_test(self, at: datetime, cancel: Event) -> Printed | NotOut:
        """See Outlet."""
        return self.print(render_test_page(at), _unheard, cancel)

    def clear(self) -> int:
        """See Outlet."""
        return self.printer.cancel_all_own_jobs()


@dataclass(frozen=True, slots=True)
class StripOutlet:
    """A strip, at the thermal printer."""

    printer: StripPrinter
    medium: Medium = Medium.STRIP
    device: str = "thermal_printer"

    def health(self) -> Health:
        """See Outlet."""
        return self.printer.health()

    def print(self, document: bytes, progress: Progress, cancel: Event) -> Printed | NotOut:
        """See Outlet. Raises UnreadablePaperError, before anything is sent."""
        return _said(self.printer.print_strip(strip(document), progress, cancel))

    def print_test(self, at: datetime, cancel: Event) -> Printed | NotOut:
        """See Outlet."""
        return _said(self.printer.print_strip(render_test_strip(at), _unheard, cancel))

    def clear(self) -> int:
        """See Outlet. Its driver empties the buffer before anything else, and is not well until that is done. How much
        was in it nobody can tell."""
        health = self.printer.health()
        if not health.works:
            raise DeviceUnavailableError(health.reason)
        return 0


@dataclass(frozen=True, slots=True)
class Printers:
    """What this kiosk is fitted with."""

    page: PageOutlet
    strip: StripOutlet | None = None

    def all(self) -> tuple[Outlet, ...]:
        """Every one of them."""
        return (self.page, self.strip) if self.strip else (self.page,)

    def choose(self, media: tuple[Medium, ...]) -> Outlet | str:
        """The first of these media whose printer works now. None does: the reason of the first that is fitted."""
        reasons = []
        for outlet in self._fitted(media):
            health = outlet.health()
            if health.works:
                return outlet
            reasons.append(health.reason)
        return reasons[0] if reasons else PrinterReason.OTHER.value

    def _fitted(self, media: tuple[Medium, ...]) -> list[Outlet]:
        fitted = {outlet.medium: outlet for outlet in self.all()}
        return [fitted[medium] for medium in media if medium in fitted]


def _said(result: Printed | PageNotPrinted | StripNotPrinted) -> Printed | NotOut:
    """A strip that was drawn in again lies nowhere."""
    if isinstance(result, Printed):
        return result
    back = result.reason is StripReason.PAPER_LEFT_IN_PRESENTER
    return NotOut(result.reason, result.paper_may_be_out and not back, taken_back=back)


def _unheard(_stage: PrintStage, _reason: Reason) -> None:
    """Progress that nobody watches."""
