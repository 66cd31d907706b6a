"""What presenters need besides the state: the words, the hour, and what the policy says of this place."""

from dataclasses import dataclass
from datetime import datetime

from terminal.texts import Words
from terminal.views import Choice, Steps

_STOPS = ("。", "！", "？", "：", ".", "!", "?", ":")

Texts = tuple[tuple[str, str], ...]  # (language, text) pairs


@dataclass(frozen=True, slots=True)
class MachineRow:
    """One line of the technician's page. What it says is one of: ``state`` (a code under ``device.state``), ``value``
    (a key under ``device`` with its ``values``), or ``text`` as it is. ``level`` is that of devices.health."""

    name: str
    state: str = ""
    value: str = ""
    values: tuple[tuple[str, object], ...] = ()
    text: str = ""
    level: str = "ready"
    detail: str = ""


@dataclass(frozen=True, slots=True)
class MachineGroup:
    """``name``: a key under ``maintenance``."""

    name: str
    rows: tuple[MachineRow, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """The staffed window and the bureau, in all languages, as the policy has them."""

    desk: Texts
    address: Texts
    hours: Texts
    phone: str
    issuer: Texts
    specimen: bool
    valid_days: int


@dataclass(frozen=True, slots=True)
class Surroundings:
    """``now`` is local time; ``machine`` what the technician's page says; ``simulated``: the camera is no real one."""

    words: Words
    now: datetime
    place: Place
    machine: tuple[MachineGroup, ...] = ()
    simulated: bool = False

    def desk(self) -> dict[str, str]:
        """Name, address, hours and phone of the staffed window, ready to fill a text."""
        pick = self.words.pick
        place = self.place
        return {
            "name": pick(place.desk),
            "address": pick(place.address),
            "hours": pick(place.hours),
            "phone": place.phone,
        }

    def window(self) -> str:
        """The staffed window, a line each for name, address, hours and phone."""
        return self.words("common.desk", **self.desk())

    def speech(self, *parts: str) -> str:
        """Join sentences to be spoken; a new line is a pause."""
        chinese = self.words.language == "zh"
        space = "" if chinese else " "
        said = space.join(part for part in parts if part)
        lines = (line if line.endswith(_STOPS) else f"{line}{'，' if chinese else ','}" for line in said.split("\n"))
        return space.join(lines).rstrip("，,")

    def back(self, action: str = "back") -> Choice:
        """返回, always in the same place."""
        return Choice(action, self.words("common.back"))

    def steps(self, now: int) -> Steps:
        """Where the resident is in the certificate's five steps."""
        return Steps(tuple(self.words(f"steps.{name}") for name in ("purpose", "card", "face", "data", "paper")), now)
