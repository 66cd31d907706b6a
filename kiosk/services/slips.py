"""Slips: what comes out of whichever printer works, or not at all; nothing is lost by that."""

import logging
from collections.abc import Callable
from threading import Event

from devices.errors import DeviceError
from devices.printing import Printed, PrintStage
from forms.errors import FormsError
from forms.paper import Medium
from kiosk.flows.hand_in import Slip
from kiosk.services.printers import Outlet, Printers, Reason

_log = logging.getLogger(__name__)
_MEDIA = (Medium.STRIP, Medium.PAGE)


def print_on_any(printers: Printers, draw: Callable[[Medium], bytes], cancel: Event) -> Slip:
    """On the first medium that it comes out on, a strip first. A second one, where the first came out half, is good for
    nothing either."""
    for medium in _MEDIA:
        outlet = printers.choose((medium,))
        said = outlet if isinstance(outlet, str) else _print(outlet, draw, cancel)
        _log.info("slip on a %s: %s", medium.value, said or "out")
        if not said:
            return Slip(medium.value)
    return Slip.NONE


def _print(outlet: Outlet, draw: Callable[[Medium], bytes], cancel: Event) -> str:
    """Why it is not out; empty: it is."""
    try:
        said = outlet.print(draw(outlet.medium), _unheard, cancel)
    except (DeviceError, FormsError) as error:
        return error.code
    return "" if isinstance(said, Printed) else said.reason.value


def _unheard(_stage: PrintStage, _reason: Reason) -> None:
    """What the slip says stands on the screen meanwhile; how the printer is does not."""
