"""``sim``: what the simulated devices do now.

sim list                              every device, its state, and what it can be
sim id_card                           one of them
sim page_printer paper-out            set a device's state
sim set id_card card=deng             set one of its other settings (also without 'set')
sim camera subject=live:deng pose=left
sim watch                             print every change until Ctrl-C
"""

import argparse
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from devices.id_card.line import RATES
from devices.id_card.meaning import MEANING
from simulators.access_card.cards import NAMES
from simulators.cards import cards
from simulators.chip.documents import documents
from simulators.scenery import SCENES
from simulators.state import DEFAULT_FOLDER, MODELS, SimulatedState, UnknownSettingError

_LOOK_S = 0.2
_USAGE = 2
_CHOICES: dict[str, Callable[[], tuple[str, ...]]] = {
    "card": lambda: ("none", *cards()),
    "status": lambda: tuple(f"{status:02x}" for status in MEANING),
    "baud": lambda: tuple(str(rate) for rate in RATES),
    "document": lambda: ("none", *documents()),
    "laid": lambda: NAMES,
    "subject": lambda: ("nobody", "live:NAME", "still:NAME", "eyes:NAME", "page:NAME", "lease:NAME"),
    "pose": lambda: ("front", "left", "right", "up", "down"),
    "scene": lambda: SCENES,
    "cheat": lambda: ("none", "frozen", "looped", "replay"),
    "then": lambda: ("none", *(state for state in MODELS["page_printer"].states if state not in ("ok", "unplugged"))),
    "after": lambda: ("0", "100", "400"),
    "paper": lambda: ("taken", "left"),
    "contact": lambda: ("closed", "open"),
    "exit": lambda: ("released", "pressed"),
    "fire": lambda: ("quiet", "alarm"),
    "tamper": lambda: ("closed", "opened"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit status: 0, or 2 for what does not exist."""
    parser = argparse.ArgumentParser(
        prog="sim", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER, help="the state files (default: %(default)s)")
    parser.add_argument("words", nargs="*", metavar="WORD", help="see above (default: list)")
    asked = parser.parse_args(arguments)
    try:
        _run(SimulatedState(asked.folder), asked.words or ["list"])
    except UnknownSettingError as error:
        print(f"sim: {error}", file=sys.stderr)
        return _USAGE
    except KeyboardInterrupt:
        return 0
    return 0


def choices(setting: str) -> tuple[str, ...]:
    """The values that a setting can have; nothing for one that takes any."""
    return _CHOICES[setting]() if setting in _CHOICES else ()


def _run(state: SimulatedState, words: list[str]) -> None:
    match words:
        case ["list"]:
            _list(state)
        case ["watch"]:
            _watch(state)
        case ["set"] | ["set", _]:
            raise UnknownSettingError("set what? For example: sim set id_card card=deng")
        case ["set", device, *changes] | [device, *changes] if changes:
            _set(state, device, changes)
        case _:
            print(_line(state, words[0]))


def _list(state: SimulatedState) -> None:
    for device, model in MODELS.items():
        print(_line(state, device))
        print(f"    can be: {', '.join(model.states)}")
        for setting in model.settings:
            print(f"    {setting}= {', '.join(choices(setting)) or 'anything'}")


def _set(state: SimulatedState, device: str, changes: list[str]) -> None:
    wanted: str | None = None
    settings: dict[str, str] = {}
    for change in changes:
        name, equals, value = change.partition("=")
        if not equals or name == "state":
            wanted = value if equals else name
        else:
            settings[name] = value
    state.read(device)  # the device is there
    for setting, value in settings.items():
        _check(setting, value)
    state.set(device, wanted, **settings)
    print(_line(state, device))


def _check(setting: str, value: str) -> None:
    """Raises UnknownSettingError for a value that means nothing to the device."""
    known = choices(setting)
    kind, colon, _ = value.partition(":")
    parts = value.split(",") if setting == "scene" else [f"{kind}:NAME" if colon else value]
    if known and not set(parts) <= set(known):
        raise UnknownSettingError(f"{setting} can be: {', '.join(known)}")


def _watch(state: SimulatedState) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job inherits a deaf ear for it
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
