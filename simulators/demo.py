"""``make run``: the whole product on one machine.

With a display, the kiosk opens with a bench panel beside it. Without one, a scripted resident walks the main job by
itself and leaves the certificate, the printed page and a picture of each screen under out/demo/.
"""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from simulators.house import House
from simulators.records_house import HouseError
from simulators.records_link import RecordsLink
from simulators.state import MODELS, SimulatedState

_VAR = Path("var")
_OUT = Path("out/demo")
_PERSON = "deng"
_DISPLAY_SCREEN = (540, 960)
_GAP = 8  # px between the two windows


def main() -> int:
    """Show the product; 0 when the main job was done."""
    for number in (signal.SIGTERM, signal.SIGHUP):  # a closed terminal ends the house as Ctrl-C does
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    displayed = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    _lay_nothing(SimulatedState(_VAR.resolve() / "sim"))
    print("Starting records, card reader, camera and printer …", flush=True)
    try:
        if displayed:
            with House(_VAR, screen=_DISPLAY_SCREEN, fullscreen=False) as house, RecordsLink(house):
                _say_where(house)
                return _by_hand(house)
        with House(_VAR) as house, RecordsLink(house):
            _say_where(house)
            return _by_itself(house)
    except KeyboardInterrupt:
        return 0
    except HouseError as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1


def _lay_nothing(state: SimulatedState) -> None:
    """Nobody is there yet. Faults that were set with ``sim`` stay set."""
    for device, model in MODELS.items():
        if model.settings:
            state.set(device, **model.settings)


def _say_where(house: House) -> None:
    """Another port than the usual one is taken where that is not free."""
    print(f"Records, console and /check: {house.records_url}", flush=True)


def _by_hand(house: House) -> int:
    from kiosk.main import run  # noqa: PLC0415 - imported by the house, while records started

    print("The kiosk is open; the panel beside it moves card, face and faults. Ctrl-C here ends it.")
    print(f"Maintenance (five taps in the upper left corner), PIN: {house.pin}", flush=True)
    beside = ["--folder", str(house.state.folder), "--left", str(house.screen[0] + _GAP)]
    bench = subprocess.Popen([sys.executable, "-m", "simulators.bench", *beside])
    try:
        return run(house.configuration())
    finally:
        bench.terminate()


def _by_itself(house: House) -> int:
    from kiosk.main import Application  # noqa: PLC0415 - imported by the house, while records started

    shutil.rmtree(_OUT, ignore_errors=True)
    _OUT.mkdir(parents=True)
    application = Application(house.configuration())
    from simulators.touch import TouchDriver  # noqa: PLC0415 - Kivy is set up by now
    from simulators.walker import Walker, attempt  # noqa: PLC0415

    driver = TouchDriver(application.app)
    driver.start()
    try:
        walker = Walker(application, driver, house.state, _OUT)
        reasons = walker.wait_until_ready()
        if reasons:
            walker.go_home()
            walker.write_log()
            print(f"The tile is grey: {', '.join(reasons)}. See {_OUT}/screens. (sim DEVICE ok clears a fault.)")
            return 1
        print("A resident walks up …", flush=True)
        lost = attempt(lambda: walker.main_job(_PERSON), walker)
    finally:
        application.close()
        driver.stop()
    return _hand_over(house, lost)


def _hand_over(house: House, lost: str) -> int:
    """Copy what came out; say what is where."""
    if lost:
        print(f"demo: {lost}; the last screen is in {_OUT}/screens", file=sys.stderr)
        return 1
    page = max(house.tray.glob("*.pdf"))
    shutil.copy(page, _OUT / "certificate.pdf")
    shutil.copy(page.with_suffix(".png"), _OUT / "printed-page.png")
    shutil.copy(house.trust / "root.pem", _OUT / "root.pem")
    print(f"Done. {_OUT}/certificate.pdf is what the printer received, {_OUT}/printed-page.png how it printed it;")
    print(f"{_OUT}/screens/ holds every screen. Check the paper: .venv/bin/verify {_OUT}/printed-page.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
