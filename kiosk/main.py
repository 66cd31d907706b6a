"""``kiosk``: the command that runs the kiosk, enrols it, sets the technician's PIN, or checks itself."""

import argparse
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from backend_client.contract.devices import DeviceKind
from civic.assets import assets_folder
from kiosk.composition import compose
from kiosk.config import Configuration, load
from kiosk.running import Kiosk
from terminal.being_let_in import Waiting
from terminal.command import ENDED_BY_HAND, carried_out, command_line, enrolled
from terminal.core_files import leave_none
from terminal.set_pin import set_pin
from terminal.ui.application import TerminalApplication

if TYPE_CHECKING:  # importing them would import Kivy before it is configured
    from kiosk.ui.window import KioskWindow

_WHAT_TO_DO = {  # docs/kiosk.md says more about each
    "configuration": "Correct the file and start again.",
    "production-refused": 'Production takes real devices and a real key only; profile = "demo" is for everything else.',
    "not-enrolled": "Run: kiosk --config FILE enrol CODE (the code comes from: records enrol).",
    "enrolment": "Remove the file and enrol anew.",
    "enrolment-code-invalid": "Type the code as records enrol printed it.",
    "records-enrolment-code-invalid": "Ask for a new code: a code serves once, and not for long.",
    "records-unreachable": "Check the network, records.url and records.root, and try again.",
    "already-running": "Stop the other kiosk first.",
    "store-unwritable": "Make room on the disk, or let the kiosk's user write there.",
    "store-too-new": "Install the release that wrote the store, or a newer one.",
    "weak-pin": "Choose another PIN.",
    "pins-differ": "Run set-pin again: no PIN was changed.",
}


def cli(arguments: Sequence[str] | None = None) -> int:
    """Parse, run, and say what went wrong in a sentence; never a traceback for a condition we know."""
    options = command_line("kiosk", __doc__).parse_args(arguments)
    return carried_out("kiosk", "docs/kiosk.md", _WHAT_TO_DO, lambda: _begun(options))


def _begun(options: argparse.Namespace) -> int:
    return _COMMANDS[options.command](load(options.config), options)


class Application(TerminalApplication[Kiosk]):
    """The kiosk's window and, from its first frame on, the kiosk behind it. ``close`` ends both."""

    def __init__(self, settings: Configuration) -> None:
        super().__init__(settings.screen, _window, partial(compose, settings, assets_folder()))

    @property
    def kiosk(self) -> Kiosk | None:
        """None before the first frame, and after ``close``."""
        return self.composed


def _window() -> "type[KioskWindow]":
    from kiosk.ui.window import KioskWindow  # noqa: PLC0415 - it imports Kivy

    return KioskWindow


def run(settings: Configuration) -> int:
    """Open the window and serve until the process is told to stop."""
    leave_none()
    return Application(settings).serve()


def _run(settings: Configuration, options: argparse.Namespace) -> int:
    if options.self_check:
        from kiosk.self_check import self_check  # noqa: PLC0415 - what it imports takes seconds

        return self_check(settings)
    return run(settings)


def _enrol(settings: Configuration, options: argparse.Namespace) -> int:
    return 0 if enrolled(settings.records, options.code, DeviceKind.KIOSK, Waiting()) else ENDED_BY_HAND


def _set_pin(settings: Configuration, _: argparse.Namespace) -> int:
    set_pin(settings.store.folder)
    return 0


_COMMANDS: dict[str, Callable[[Configuration, argparse.Namespace], int]] = {
    "run": _run,
    "enrol": _enrol,
    "set-pin": _set_pin,
}


if __name__ == "__main__":
    sys.exit(cli())
