"""What presenters need besides the state: the words, the hour, and what the policy says of this place."""

from dataclasses import dataclass
from datetime import datetime

from terminal.texts import Words
from terminal.views import Choice, Steps, TableRow

Texts = tuple[tuple[str, str], ...]  # (language, text) pairs


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
    """``now`` is local time. ``machine`` is the technician's table. ``simulated``: the camera is not a real one."""

    words: Words
    now: datetime
    place: Place
    machine: tuple[tuple[str, tuple[TableRow, ...]], ...] = ()
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

    def back(self, action: str = "back") -> Choice:
        """返回, always in the same place."""
        return Choice(action, self.words("common.back"))

    def steps(self, now: int) -> Steps:
        """Where the resident is in the certificate's five steps."""
        return Steps(tuple(self.words(f"steps.{name}") for name in ("purpose", "card", "face", "data", "paper")), now)
