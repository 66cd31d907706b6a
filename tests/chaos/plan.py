"""What goes wrong in each round, and when: drawn from a seed before anything starts. The same seed is the same plan.

Times are shares of what an undisturbed paper takes from the tap until its printer is done. What the processes do with
a plan is theirs: a kernel may let one of them run first, and then another.
"""

from dataclasses import dataclass
from enum import StrEnum
from random import Random

from forms.paper import Medium, PaperKind
from tests.support.power_cut import Loss

PAGE_FAULTS = ("paper-out", "cover-open", "jam", "unplugged", "busy", "toner-low")
STRIP_FAULTS = ("paper-out", "cover-open", "cutter-error", "hung", "unplugged", "busy", "near-end")
_FAULTS = {Medium.PAGE: PAGE_FAULTS, Medium.STRIP: STRIP_FAULTS}
_WELL = 0.4  # of the rounds have a printer that works
_LINKED = 0.6  # and so many a link that holds
_STEPS = 0.4  # until here nothing is at the printer
_AFTERWARDS = 1.3  # the resident is looking at the paper


class Interruption(StrEnum):
    """How the kiosk's process ends."""

    NONE = "none"
    KILL = "kill -9"
    POWER = "power cut"


class Break(StrEnum):
    """What becomes of the line to records."""

    NONE = "none"
    REFUSED = "refused"  # connections are closed, new ones too
    STALLED = "stalled"  # nothing is carried, and nothing is said
    RECORDS = "records killed"


class Answer(StrEnum):
    """What the resident says of a paper."""

    TAKEN = "taken"
    MISSING = "missing"
    UNREADABLE = "unreadable"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Round:
    """``fault``: "ok" is none. ``refill_first``: the printer is mended before the kiosk starts again, not after;
    ``link_first``: so is the link."""

    number: int
    kind: PaperKind
    later: bool
    medium: Medium
    fault: str
    fault_at: float
    interruption: Interruption
    loss: Loss
    interrupted_at: float
    line: Break
    broken_at: float
    broken_for: float
    answer: Answer
    answer_after: float
    refill_first: bool
    link_first: bool
    seed: int


_KINDS = (
    (PaperKind.HOUSEHOLD_CERTIFICATE, False),
    (PaperKind.TEMPORARY_ID_PROOF, False),
    (PaperKind.NO_CRIMINAL_RECORD, False),
    (PaperKind.NO_CRIMINAL_RECORD, True),
    (PaperKind.RESIDENCE_RECEIPT, False),
)


def rounds(seed: int, count: int) -> list[Round]:
    """The plan."""
    chance = Random(seed)
    return [_round(number, chance) for number in range(1, count + 1)]


def _round(number: int, chance: Random) -> Round:
    kind, later = chance.choice(_KINDS)
    medium = chance.choice(list(Medium))
    breaks = [Break.REFUSED] * 9 + [Break.STALLED] * 9 + [Break.RECORDS]
    return Round(
        number=number,
        kind=kind,
        later=later,
        medium=medium,
        fault="ok" if chance.random() < _WELL else chance.choice(_FAULTS[medium]),
        fault_at=max(0.0, chance.uniform(-0.1, 1.1)),
        interruption=chance.choices(list(Interruption), (20, 40, 40))[0],
        loss=chance.choice(list(Loss)),
        interrupted_at=chance.uniform(0, _STEPS) if chance.random() < 1 / 4 else chance.uniform(0.2, _AFTERWARDS),
        line=Break.NONE if chance.random() < _LINKED else chance.choice(breaks),
        broken_at=chance.uniform(0, 1.1),
        broken_for=chance.uniform(0.1, 2.0),
        answer=chance.choices(list(Answer), (6, 2, 1, 1))[0],
        answer_after=chance.uniform(0, 0.3),
        refill_first=chance.random() < 1 / 2,
        link_first=chance.random() < 1 / 2,
        seed=chance.getrandbits(32),
    )
