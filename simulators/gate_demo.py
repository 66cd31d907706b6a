"""``make gate``: a community's gate and one unit's door, with records, on one machine.

With a display, the compound gate's window opens with a bench panel beside it, and the unit's door beside that. Without
one, people come to the compound gate by themselves, and pictures of what they saw are left under out/gate/.
"""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from simulators.gate_site import COMPOUND, UNIT, GateSite
from simulators.records_house import HouseError
from simulators.records_link import RecordsLink

if TYPE_CHECKING:  # importing it would open the window
    from simulators.gate_visitor import GateVisitor

_VAR = Path("var/gate")
_OUT = Path("out/gate")
_DISPLAY_SCREEN = (480, 768)
_GAP = 8  # px between two windows
_PANEL = 640  # px: the bench panel's width
_DEVICES = ("access_card", "code_scanner", "door", "camera", "records")
_WHAT_TO_DO = """
A tenant (deng, 6-2-401) may come in. In the panel beside the gate:
  刷卡 laid      deng opens; neighbour, number and the others are refused in one sentence
  出示码 show    slip (then it asks about a face), guest (today), phone (a new square each half minute)
  镜头前 who     live:deng, then 刷脸 on the screen: opens only once the face was set up at the gate
  出门按钮 exit  pressed: the way out opens by the controller's own wiring, whatever the gate is doing
  消防 fire      alarm: the same, and the screen says to leave
  警务中心       down: everybody with a right still comes in
The guest's digits for 访客码: {guest}
The technician's page: five taps in the upper left corner, PIN {pin}
The unit's door (only 6-2 comes in): .venv/bin/sim --folder {unit} access_card laid=deng
Ctrl-C here ends all of it.
"""


def main() -> int:
    """Show the gates; 0 when everybody before them saw what they should."""
    for number in (signal.SIGTERM, signal.SIGHUP):  # a closed terminal ends all of it as Ctrl-C does
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    displayed = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    print("Starting records, two gates and what stands around them …", flush=True)
    try:
        if displayed:
            with GateSite(_VAR, screen=_DISPLAY_SCREEN, fullscreen=False) as site, RecordsLink(site):
                return _by_hand(site)
        with GateSite(_VAR) as site, RecordsLink(site):
            return _by_itself(site)
    except KeyboardInterrupt:
        return 0
    except HouseError as error:
        print(f"gate: {error}", file=sys.stderr)
        return 1


def _by_hand(site: GateSite) -> int:
    from simulators.gate_window import gate_with_street  # noqa: PLC0415 - while records start

    unit = os.path.relpath(site.gate(UNIT) / "sim")
    print(_WHAT_TO_DO.format(guest=site.ways.guest.digits, pin=site.pin, unit=unit), flush=True)
    width = site.screen[0] + _GAP
    bench = ["simulators.bench", "--folder", str(site.state.folder), "--left", str(width), "--devices", *_DEVICES]
    other = ["simulators.gate_window", str(site.gate(UNIT)), "--left", str(width + _PANEL + _GAP)]
    with gate_with_street(site.gate(COMPOUND)) as (application, _):
        beside = [subprocess.Popen([sys.executable, "-m", *words]) for words in (bench, other)]
        try:
            return application.serve()
        finally:
            for process in beside:
                process.terminate()
            for process in beside:
                process.wait()


def _by_itself(site: GateSite) -> int:
    from simulators.gate_window import gate_with_street  # noqa: PLC0415 - as above

    shutil.rmtree(_OUT, ignore_errors=True)
    _OUT.mkdir(parents=True)
    with gate_with_street(site.gate(COMPOUND)) as (application, street):
        from simulators.gate_visitor import GateLostError, GateVisitor  # noqa: PLC0415 - Kivy is set up by now
        from simulators.touch import TouchDriver  # noqa: PLC0415

        driver = TouchDriver(application.app)
        driver.start()
        visitor = GateVisitor(application, driver, street, _OUT)
        try:
            _everybody(visitor, site)
        except GateLostError as error:
            visitor.note("lost")
            print(f"gate: {error}; the last screen is in {_OUT}/screens", file=sys.stderr)
            return 1
        finally:
            visitor.write_log()
            application.close()
            driver.stop()
    print(f"Done. {_OUT}/screens/ holds what they saw, {_OUT}/visit.json when, and how often the door was let go.")
    return 0


def _everybody(visitor: "GateVisitor", site: GateSite) -> None:
    """In the order of a new tenant's day: first the slip, which they came home with."""
    visitor.waits_until_well()
    print("People come to the gate …", flush=True)
    visitor.shows("slip")
    visitor.is_asked_about_a_face_and_declines()
    visitor.lays("deng", opens=True)
    visitor.lays("neighbour", opens=False)
    visitor.shows("phone")
    visitor.types(site.ways.guest.digits)
    visitor.leaves_by_the_button()
    visitor.hears_the_fire_alarm()
    visitor.technician(site.pin)


if __name__ == "__main__":
    sys.exit(main())
