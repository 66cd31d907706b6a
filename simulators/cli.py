"""``sim``: what the simulated devices do now.

sim list                         every device, its state, and what it can be
sim page_printer paper-out       set a device's state
sim set id_card card=deng        set one of its other settings (also: sim id_card card=deng)
sim watch                        print every change
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from simulators.state import DEFAULT_FOLDER, MODELS, SimulatedState, UnknownSettingError

_LOOK_S = 0.2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    parser = argparse.ArgumentParser(
        prog="sim", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER, help="the state files (default: %(default)s)")
    parser.add_argument("words", nargs="*", default=["list"], metavar="WORD")
    asked = parser.parse_args(arguments)
    state = SimulatedState(asked.folder)
    try:
        match asked.words:
            case ["list"]:
                _list(state)
            case ["watch"]:
                _watch(state)
            case ["set", device, *changes] | [device, *changes] if changes:
                _set(state, device, changes)
            case [device]:
                print(_line(state, device))
            case _:
                parser.print_help()
    except UnknownSettingError as error:
        print(f"sim: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0
    return 0


def _list(state: SimulatedState) -> None:
    for device, model in MODELS.items():
        print(_line(state, device))
        print(f"    can be: {', '.join(model.states)}")
        if model.settings:
            print(f"    has: {', '.join(f'{name}=…' for name in model.settings)}")


def _set(state: SimulatedState, device: str, changes: list[str]) -> None:
    wanted = None
    settings: dict[str, str] = {}
    for change in changes:
        name, equals, value = change.partition("=")
        if not equals:
            wanted = name
        elif name == "state":
            wanted = value
        else:
            settings[name] = value
    state.set(device, wanted, **settings)
    print(_line(state, device))


def _watch(state: SimulatedState) -> None:
    known: dict[str, str] = {}
    while True:
        for device in MODELS:
            line = _line(state, device)
            if known.get(device) != line:
                known[device] = line
                print(line, flush=True)
        time.sleep(_LOOK_S)


def _line(state: SimulatedState, device: str) -> str:
    values = state.read(device)
    others = "  ".join(f"{name}={value}" for name, value in values.items() if name != "state")
    return f"{device}: {values['state']}  {others}".rstrip()


if __name__ == "__main__":
    sys.exit(main())
