"""登记租住 and 续租: what is known so far, the screens, and what the resident does on them. What follows what stands in
kiosk.flows.tenancy_lease.
"""

from dataclasses import dataclass, field
from datetime import date

from civic.masking import Personal
from kiosk.flows import errand as asked
from kiosk.flows import pages
from kiosk.flows import tenancy_case as shared
from kiosk.flows import tenancy_people as people
from kiosk.flows.base import Event, State
from kiosk.flows.contents import Comer
from kiosk.flows.day_entry import DayEntry
from kiosk.flows.dwelling_entry import DwellingEntry
from kiosk.flows.filing_entry import FilingEntry
from kiosk.flows.tenancy_told import OwnRight


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known so far. ``right``: whose renewal it is; ``again``: a renewal, though without a link nobody can say
    of what. ``dwelling``: as records know it, where they could be asked. ``pages``: of the contract, photographed."""

    case: shared.Case
    right: OwnRight | None = None
    again: bool = False
    door: DwellingEntry = field(default_factory=DwellingEntry)
    dwelling: asked.Dwelling | None = None
    start: date | None = field(default=None, repr=False)
    end: date | None = field(default=None, repr=False)
    filing: FilingEntry = field(default_factory=FilingEntry)
    pages: int = 0
    comers: tuple[Comer, ...] = ()
    ways: tuple[str, ...] = ()

    @property
    def begins(self) -> date:
        """The first day, as far as it is known."""
        return self.start or self.case.today

    @property
    def address(self) -> Personal | None:
        """As records know it, of the right or behind the door."""
        if self.right:
            return self.right.address
        return self.dwelling.address if self.dwelling else None


# --- places ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EnteringDoor(State):
    """Which flat, as it is written on the door. ``problem``: why records could not say."""

    draft: Draft
    problem: str = ""


@dataclass(frozen=True, slots=True)
class FindingDwelling(State):
    """Records look whether there is such a flat; they say nothing of who lives there."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class ConfirmingDwelling(State):
    """The address as records know it."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class ChoosingStart(State):
    """From today, or from another day."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class EnteringStart(State):
    """From when, as the contract says."""

    draft: Draft
    entry: DayEntry = field(default_factory=DayEntry)


@dataclass(frozen=True, slots=True)
class ChoosingEnd(State):
    """Half a year, one, two, or another day."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class EnteringEnd(State):
    """Until when, as the contract says."""

    draft: Draft
    entry: DayEntry = field(default_factory=DayEntry)


@dataclass(frozen=True, slots=True)
class AskingFiling(State):
    """Whether there is a number of the housing department's. Two equal answers: none is as good."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class EnteringFiling(State):
    """That number."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class TakingPages(State):
    """The contract: photographed here, or brought to the window later (kiosk.flows.pages)."""

    draft: Draft
    at: pages.Here = field(default_factory=lambda: pages.OfferingPages(pages.Album()))


@dataclass(frozen=True, slots=True)
class Peopling(State):
    """Who lives there too (kiosk.flows.tenancy_people)."""

    draft: Draft
    at: people.Here


@dataclass(frozen=True, slots=True)
class ChoosingWays(State):
    """How they want to come in: any of them, or none yet. Nothing is chosen beforehand."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class ReadingFaceNotice(State):
    """What a face at the gate means; two equal answers."""

    draft: Draft


@dataclass(frozen=True, slots=True)
class ReadingOver(State):
    """What will be handed in."""

    draft: Draft


Where = EnteringDoor | FindingDwelling | ConfirmingDwelling
When = ChoosingStart | EnteringStart | ChoosingEnd | EnteringEnd
How = ChoosingWays | ReadingFaceNotice | ReadingOver
Here = Where | When | AskingFiling | EnteringFiling | TakingPages | Peopling | How


# --- what the resident did -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MonthsChosen(Event):
    """For how many months."""

    months: int


@dataclass(frozen=True, slots=True)
class WayToggled(Event):
    """A way is wanted, or no longer."""

    kind: str
