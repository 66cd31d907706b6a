"""What became of a round, seen from outside: the trays, records' database, the answer that anybody gets who checks.

The judge remembers: what a serial once was it has to stay, and what came out once may not come out again, however many
rounds later.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from tests.chaos.trays import Sheet

_ONLINE = {"delivered": "genuine", "void": "void"}

Truth = Mapping[str, tuple[str, bool, datetime | None]]


@dataclass(frozen=True, slots=True)
class Seen:
    """After a round. ``truth``: serial -> records' state, whether it ever had both ends, when it was voided.
    ``journal``: serial -> outcome, as the kiosk has it. ``sheets``: new in the trays. ``word``: which serial the
    resident was told of, and what that makes of it. ``online``: code -> what anybody hears who checks it."""

    truth: Truth
    journal: Mapping[str, str | None]
    sheets: tuple[Sheet, ...]
    word: tuple[str, str] | None
    online: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One round's. ``outcome``: none, or what the serial is, and what lies in the tray. ``exposed_s``: for how long a
    sheet lay in a tray before records called it void. ``wrong``: what must never be."""

    outcome: str
    exposed_s: float
    wrong: tuple[str, ...]


class Judge:
    """Of one kiosk, from its first paper on."""

    def __init__(self) -> None:
        self._fates: dict[str, str] = {}
        self._sheets: list[Sheet] = []
        self._said: set[str] = set()

    def hear(self, seen: Seen) -> Verdict:
        """One round more. What was wrong once is said once."""
        new = {serial: entry for serial, entry in seen.truth.items() if serial not in self._fates}
        late = [sheet for sheet in seen.sheets if sheet.serial in self._fates]
        self._sheets += seen.sheets
        wrong = [
            *([f"{len(new)} serials for one paper"] * (len(new) > 1)),
            *(f"a paper of {sheet.serial} came out rounds later" for sheet in late),
            *self._ends(seen),
            *_told(seen),
            *self._standing(seen, seen.sheets),
        ]
        self._fates |= {serial: state for serial, (state, _, _) in new.items()}
        return Verdict(_outcome(new, seen.sheets), _exposed(seen.truth, seen.sheets), self._unsaid(wrong))

    def look_again(self, seen: Seen) -> tuple[str, ...]:
        """After the last round: every paper that ever came out is checked once more."""
        return self._unsaid([*self._ends(seen), *self._standing(seen, self._sheets)])

    def _unsaid(self, wrong: Iterable[str]) -> tuple[str, ...]:
        fresh = tuple(each for each in dict.fromkeys(wrong) if each not in self._said)
        self._said.update(fresh)
        return fresh

    def _ends(self, seen: Seen) -> Iterator[str]:
        """Of every serial that there is, of this round and of all before."""
        for serial, (state, both, _) in seen.truth.items():
            was, kept = self._fates.get(serial, state), seen.journal.get(serial)
            came = sum(sheet.serial == serial for sheet in self._sheets)
            if both:
                yield f"{serial} is delivered and void"
            if state not in _ONLINE:
                yield f"{serial} is neither delivered nor void: {state}"
            if was != state:
                yield f"{serial} was {was}, and is {state}"
            if kept != state:
                yield f"{serial} is {state}, and {kept} in the kiosk's journal"
            if came > 1 or (state == "delivered" and not came):
                yield f"{serial} is {state}, and {came} papers of it came out"
        for serial in {*self._fates, *seen.journal} - set(seen.truth):
            yield f"{serial} is not among records' papers"

    @staticmethod
    def _standing(seen: Seen, sheets: Iterable[Sheet]) -> Iterator[str]:
        for sheet in sheets:
            state = seen.truth[sheet.serial][0] if sheet.serial in seen.truth else "unknown"
            if (standing := seen.online(sheet.code)) != _ONLINE.get(state):
                yield f"a paper of {sheet.serial} lies there, {state}, and is {standing} online"


def _told(seen: Seen) -> Iterator[str]:
    if seen.word is not None:
        serial, fate = seen.word
        state = seen.truth[serial][0] if serial in seen.truth else "unknown"
        if state != fate:
            yield f"{serial} is {state}, and by what the resident was told it is {fate}"


def _outcome(new: Truth, sheets: Iterable[Sheet]) -> str:
    if not new:
        return "no serial"
    (serial, (state, _, _)), *_ = new.items()
    out = any(each.serial == serial for each in sheets)
    return state if state == "delivered" else f"void, {'paper out' if out else 'no paper'}"


def _exposed(truth: Truth, sheets: Iterable[Sheet]) -> float:
    spans = [
        (void - sheet.at).total_seconds()
        for sheet in sheets
        if sheet.serial in truth and (void := truth[sheet.serial][2])
    ]
    return max([0.0, *spans])
