"""Whose yes counts: one table, a row for each deed and a column for each party, which the services follow and a test
walks cell by cell (docs/decisions/tenancies.md). Pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from backend_client.contract.intakes import IntakeKind
from backend_client.contract.tenancies import AskKind
from records.rules.right_states import STANDING, grace_until, last_day, state_of

__all__ = ["STANDING", "grace_until", "last_day", "state_of"]  # how a right stands belongs to these rules


class TenancyState(StrEnum):
    """How far a contract is."""

    PENDING = "pending"
    ACTIVE = "active"
    DISPUTED = "disputed"
    ENDED = "ended"


class Deed(StrEnum):
    """What somebody does about a flat."""

    NEW = "new"
    RENEWAL = "renewal"  # by the same tenant
    COMES = "comes"  # an occupant
    GOES = "goes"
    EARLY_END = "early-end"
    LAST_DAY = "last-day"  # nobody does anything


class Party(StrEnum):
    """Who is touched by it."""

    TENANT = "tenant"
    LANDLORD = "landlord"  # whoever records say owns the flat
    MOVER = "mover"  # who comes or goes
    ADULTS = "adults"  # who have a right there


class Need(StrEnum):
    """What is needed of a party."""

    NOTHING = "nothing"
    HANDS_IN = "hands-in"  # it begins with them
    YES = "yes"
    DOCUMENT = "document"  # their yes is their own, read in the visit; of a minor, the guardian's yes
    SELF = "self"  # any time, by themselves, and by nobody else
    MAY_ASK = "may-ask"
    TOLD = "told"
    REMINDED = "reminded"


class Silence(StrEnum):
    """What becomes of it when nobody answers."""

    NOTHING = "nothing"
    GOES_ON = "goes-on"
    OFFICER = "officer"
    THE_DAY = "the-day"  # by itself


@dataclass(frozen=True, slots=True)
class Row:
    """What a deed needs of each party, and what silence does."""

    tenant: Need
    landlord: Need
    mover: Need
    adults: Need
    silence: Silence

    def of(self, party: Party) -> Need:
        """The cell of a party."""
        return {
            Party.TENANT: self.tenant,
            Party.LANDLORD: self.landlord,
            Party.MOVER: self.mover,
            Party.ADULTS: self.adults,
        }[party]


TABLE: Final[dict[Deed, Row]] = {
    Deed.NEW: Row(Need.HANDS_IN, Need.YES, Need.DOCUMENT, Need.TOLD, Silence.OFFICER),
    Deed.RENEWAL: Row(Need.HANDS_IN, Need.YES, Need.DOCUMENT, Need.TOLD, Silence.GOES_ON),
    Deed.COMES: Row(Need.YES, Need.TOLD, Need.DOCUMENT, Need.TOLD, Silence.NOTHING),
    Deed.GOES: Row(Need.NOTHING, Need.TOLD, Need.SELF, Need.TOLD, Silence.NOTHING),
    Deed.EARLY_END: Row(Need.YES, Need.MAY_ASK, Need.NOTHING, Need.YES, Silence.OFFICER),
    Deed.LAST_DAY: Row(Need.REMINDED, Need.REMINDED, Need.NOTHING, Need.NOTHING, Silence.THE_DAY),
}
"""Silence ends nothing: of an early end it only brings the matter before an officer."""

LANDLORD_ASK: Final = {Deed.NEW: AskKind.TENANCY, Deed.RENEWAL: AskKind.RENEWAL}


class QueueKind(StrEnum):
    """What an officer decides, by why no rule can."""

    OVERLAP = "overlap"  # somebody else rents it in these days, or its owner says that they rent it
    TOO_LONG = "too-long"  # a lease of more months than the policy has it
    UNKNOWN_DWELLING = "unknown-dwelling"
    MINOR = "minor"
    TOO_MANY = "too-many"
    OBJECTION = "objection"
    MISSING_FILING = "missing-filing"
    NEW_WITHOUT_LANDLORD = "new-without-landlord"
    UNKNOWN_PERSON = "unknown-person"
    FOREIGN = "foreign"  # a travel document that this register does not know
    UNPROVEN = "unproven"  # their card was read, and nobody compared a face
    EARLY_END = "early-end"  # asked for, and not everybody has said yes
    TENANT_GONE = "tenant-gone"  # who would have to say yes lives there no more


TOLD_ONLY: Final = frozenset({QueueKind.TOO_MANY, QueueKind.MISSING_FILING})
"""What never holds a right up: told to the landlord, listed for the housing department."""

LEFT_OVER: Final = frozenset({QueueKind.UNKNOWN_PERSON, QueueKind.FOREIGN, QueueKind.MINOR})
"""For which somebody who came along waits for an officer, whatever becomes of the others."""

DISPUTES: Final = frozenset({QueueKind.OBJECTION, QueueKind.EARLY_END})
"""Two sides, of whom one wants what the other does not: decided by a document that has a number."""

NEEDS_PROOF: Final = frozenset({IntakeKind.OCCUPANT, IntakeKind.DEPARTURE, IntakeKind.WAYS})
"""What a card that was found must not do: let somebody in, give a right up. Of an answer, a yes needs proof too; and of
a contract a renewal, for silence answers it, and whoever comes along (``records.services.tenancies.registering``)."""


def needs_proof(kind: IntakeKind, *, yes: bool = False) -> bool:
    """Whether a face, or an officer, must have said that it is them."""
    return kind in NEEDS_PROOF or (kind is IntakeKind.ANSWER and yes)


def overlap(days: tuple[date, date], others: Iterable[tuple[date, date]]) -> bool:
    """Whether any of the other spans shares a day."""
    return any(days[0] <= last and first <= days[1] for first, last in others)


def months_between(starts_on: date, ends_on: date) -> int:
    """Whole or begun months."""
    whole = (ends_on.year - starts_on.year) * 12 + ends_on.month - starts_on.month
    return whole + (1 if ends_on.day >= starts_on.day else 0)


def due_reminder(days_left: int, remind_days: Iterable[int], last: int) -> int:
    """Of how many days left is to be told now, 0: nothing. ``last``: of how many was told before, 0: none. One missed
    while records were away is told once, by the nearest."""
    reached = [each for each in remind_days if days_left <= each]
    due = min(reached, default=0)
    return due if due and days_left >= 0 and (not last or due < last) else 0
