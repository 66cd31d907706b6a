"""``kiosk``: the command that runs the kiosk, enrols it, sets the technician's PIN, or checks itself."""

import argparse
import getpass
import logging
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from backend_client.contract.devices import DeviceKind
from backend_client.enrolment import enrol
from civic.assets import assets_folder
from civic.errors import CodedError, InvalidValueError
from civic.masking import Personal
from kiosk.composition import compose
from kiosk.config import Configuration, load
from kiosk.running import Kiosk
from kiosk.services.being_let_in import Waiting
from kiosk.services.core_files import leave_none
from kiosk.services.pin import PIN_FILE, PinFile
from terminal.kivy_setup import configure

if TYPE_CHECKING:  # importing them would import Kivy before it is configured
    from terminal.ui.window import TerminalWindow

_TICK_S = 1.0
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
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        settings = load(options.config)
        return _COMMANDS[options.command](settings, options)
    except CodedError as error:
        print(f"kiosk: {error}", file=sys.stderr)
        print(_WHAT_TO_DO.get(error.code, "See docs/kiosk.md for this code."), file=sys.stderr)
        return 1


class PinsDifferError(InvalidValueError):
    """The PIN was typed twice, and not the same: nobody knows which one was meant."""

    code = "pins-differ"


class Application:
    """The Kivy application and, from its first frame on, the kiosk behind it. ``close`` ends both.

    Kivy reads its settings when it is first imported, so the window is imported after ``configure``.
    """

    def __init__(self, settings: Configuration) -> None:
        screen = settings.screen
        configure((screen.width, screen.height), whole_screen=screen.fullscreen)
        from kiosk.ui.app import KioskApp  # noqa: PLC0415
        from terminal.theme import theme  # noqa: PLC0415

        theme.pixel_pitch_mm = screen.pixel_pitch_mm
        self.kiosk: Kiosk | None = None
        self._settings = settings
        self._told_to_stop = False
        self.app = KioskApp(self._act, self._touch, self._ready)

    def stop(self, *_: object) -> None:
        """End the application within a second. A signal may call this, so it touches nothing of Kivy's."""
        self._told_to_stop = True

    def close(self) -> None:
        """Stop the kiosk's jobs and give back its devices."""
        if self.kiosk is not None:
            self.kiosk.close()
            self.kiosk = None

    def _ready(self, window: "TerminalWindow") -> None:
        from kivy.clock import Clock  # noqa: PLC0415

        self.kiosk = compose(self._settings, assets_folder(), window, Clock.create_trigger(self._drain))
        self.kiosk.start()
        Clock.schedule_interval(self._tick, _TICK_S)

    def _act(self, action: str) -> None:
        if self.kiosk is not None:
            self.kiosk.conductor.act(action)

    def _touch(self) -> None:
        if self.kiosk is not None:
            self.kiosk.conductor.touch()

    def _drain(self, _: float) -> None:
        if self.kiosk is not None:
            self.kiosk.conductor.drain()

    def _tick(self, _: float) -> None:
        if self._told_to_stop:
            self.app.close()
        elif self.kiosk is not None:
            self.kiosk.conductor.tick()


def run(settings: Configuration) -> int:
    """Open the window and serve until the process is told to stop (SIGTERM, as a service manager sends it)."""
    leave_none()
    made = Application(settings)
    signal.signal(signal.SIGTERM, made.stop)
    try:
        made.app.run()
    finally:
        made.close()
    return 0


def _run(settings: Configuration, options: argparse.Namespace) -> int:
    if options.self_check:
        from kiosk.self_check import self_check  # noqa: PLC0415 - what it imports takes seconds

        return self_check(settings)
    return run(settings)


def _enrol(settings: Configuration, options: argparse.Namespace) -> int:
    records = settings.records
    records.root_certificate()
    waiting = Waiting()
    try:
        identity = enrol(records.url, records.root, options.code, DeviceKind.KIOSK, records.identity, waiting)
    except KeyboardInterrupt:
        print("\nNot let in yet. The key is kept: give the same command again within the hour to go on.")
        return 130
    print(f"Enrolled as {identity.device_id}.")
    return 0


def _set_pin(settings: Configuration, _: argparse.Namespace) -> int:
    PinFile(settings.store.folder / PIN_FILE).set(_asked_pin())
    print("The maintenance PIN is set.")
    return 0


def _asked_pin() -> Personal:
    """Typed twice, because nobody sees it; piped in, it is one line. Raises PinsDifferError."""
    if not sys.stdin.isatty():
        return Personal(sys.stdin.readline().strip())
    pin = getpass.getpass("New maintenance PIN: ")
    if getpass.getpass("The same PIN again: ") != pin:
        raise PinsDifferError("the second PIN is not the first one")
    return Personal(pin)


_COMMANDS: dict[str, Callable[[Configuration, argparse.Namespace], int]] = {
    "run": _run,
    "enrol": _enrol,
    "set-pin": _set_pin,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kiosk", description=__doc__)
    parser.add_argument("--config", type=Path, required=True, help="the kiosk's TOML file")
    parser.add_argument("--self-check", action="store_true", help="check every part without serving, then exit")
    parser.set_defaults(command="run")
    commands = parser.add_subparsers()
    enrolling = commands.add_parser("enrol", help="trade a one-time code for this kiosk's certificate")
    enrolling.add_argument("code")
    enrolling.set_defaults(command="enrol")
    commands.add_parser("set-pin", help="set the technician's PIN").set_defaults(command="set-pin")
    return parser


if __name__ == "__main__":
    sys.exit(cli())
