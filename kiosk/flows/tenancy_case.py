"""What the flows of 租住与门禁 share: who is here and what is theirs, the answers that several screens ask for, and how
each of them ends.
"""

from dataclasses import dataclass
from datetime import date

from kiosk.flows.base import Event, State
from kiosk.flows.declarant import Declarant
from kiosk.flows.hand_in import Tenancies
from kiosk.flows.tenancy_told import Own, OwnRight


@dataclass(frozen=True, slots=True)
class Case:
    """Who is here, and all that is theirs. ``linked``: records can be reached, and know them; else only a lease is
    taken in. ``shut``: kinds that can't be handed in now. ``today``: local date. ``stranger``: not known by a document
    from abroad, which an officer looks at."""

    who: Declarant
    today: date
    own: Own
    linked: bool = True
    shut: tuple[str, ...] = ()
    stranger: bool = False

    def takes(self, kind: str) -> bool:
        """Whether this can be handed in now, by who is here as they were proven."""
        return kind not in self.shut and (self.linked or kind == "tenancy")


@dataclass(frozen=True, slots=True)
class Ready(State):
    """It was read over: ``content`` is to be handed in. ``about``: which deed it is, for the words that follow."""

    content: Tenancies
    about: str


@dataclass(frozen=True, slots=True)
class Back(State):
    """Nothing was done: back to where it began."""


@dataclass(frozen=True, slots=True)
class Outdated(State):
    """Something was done at records: what was opened may count no longer."""


@dataclass(frozen=True, slots=True)
class Flat:
    """Which right of whose it is about."""

    case: Case
    right: OwnRight


# --- what the resident did -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answered(Event):
    """One of two equal answers."""

    yes: bool


@dataclass(frozen=True, slots=True)
class DayChosen(Event):
    """A day by how many lie between it and today."""

    days: int


@dataclass(frozen=True, slots=True)
class OtherDayAsked(Event):
    """A day that is to be typed."""
