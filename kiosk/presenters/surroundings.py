"""What presenters need besides the state: the words, the hour, and what the policy says of this place."""

from dataclasses import dataclass
from datetime import datetime

from kiosk.flows.errand import Service, Texts
from kiosk.presenters.opening import Hours, open_until, opens_next
from terminal.machine import Groups
from terminal.texts import Words
from terminal.views import Choice, Steps

_STOPS = ("。", "！", "？", "：", ".", "!", "?", ":")


@dataclass(frozen=True, slots=True)
class Window:
    """A staffed window: name, address, hours in words, phone, and the same hours for the program. ``id``: as a rule of
    the policy names another office; "" the desk of this community."""

    id: str
    name: Texts
    address: Texts
    hours: Texts
    phone: str
    openings: tuple[Hours, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """The staffed window, other offices, the bureau and its services, in all languages, as the policy has them."""

    desk: Window
    issuer: Texts
    specimen: bool
    services: tuple[Service, ...] = ()
    offices: tuple[Window, ...] = ()
    notice: str = ""

    def window(self, office: str = "") -> Window:
        """An office by its id; this community's desk for "" and for one that the policy does not know."""
        return next((each for each in self.offices if each.id == office), self.desk)

    def service(self, kind: str) -> Service:
        """A service by its kind, without anything where the policy does not know it."""
        return next((each for each in self.services if each.kind == kind), Service(kind, ()))


@dataclass(frozen=True, slots=True)
class Surroundings:
    """``now`` is local time; ``machine`` what the technician's page says; ``simulated``: the camera is no real one;
    ``aided``: this person asked for speech or large type; ``route``: the names of the steps they go through."""

    words: Words
    now: datetime
    place: Place
    machine: Groups = ()
    simulated: bool = False
    aided: bool = False
    route: tuple[str, ...] = ("purpose", "card", "face", "data", "paper")

    def desk(self, office: str = "") -> dict[str, str]:
        """Name, address, hours, phone and next opening of a window, ready to fill a text."""
        pick, window = self.words.pick, self.place.window(office)
        return {
            "name": pick(window.name),
            "address": pick(window.address),
            "hours": pick(window.hours),
            "phone": window.phone,
            "opening": self.opening(window),
        }

    def window(self, office: str = "") -> str:
        """A staffed window, a line each for name, address, hours, when it opens next, and phone."""
        lines = self.words("common.desk", **self.desk(office)).split("\n")
        return "\n".join(line for line in lines if line)

    def opening(self, window: Window) -> str:
        """Whether it is open now, else when next; "" where the policy does not say."""
        if until := open_until(window.openings, self.now):
            return self.words("opening.now", until=until)
        following = opens_next(window.openings, self.now)
        if following is None:
            return ""
        ahead, time = following
        if ahead <= 1:
            return self.words("opening.today" if ahead == 0 else "opening.tomorrow", time=time)
        weekday = self.words(f"attract.weekday_{(self.now.weekday() + ahead) % 7}")
        return self.words("opening.weekday", weekday=weekday, time=time)

    def day(self, when: datetime) -> str:
        """A date in words, the same on every screen: ``2026年11月22日``, ``22 November 2026``."""
        return self.words("date.day", year=when.year, month=self._month(when), day=when.day)

    def day_of_year(self, when: datetime) -> str:
        """A date that is near, without its year."""
        return self.words("date.day_of_year", month=self._month(when), day=when.day)

    def moment(self, when: datetime) -> str:
        """A date and the hour, on the clock of this place."""
        local = when.astimezone(self.now.tzinfo)
        return self.words("date.moment", day=self.day(local), clock=f"{local:%H:%M}")

    def _month(self, when: datetime) -> str:
        return self.words(f"date.month_{when.month}")

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
        """Where the resident is in the steps of what they came for."""
        return Steps(tuple(self.words(f"steps.{name}") for name in self.route), now)
