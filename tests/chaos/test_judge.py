"""The judge of chaos, shown what must never be: each is seen, in the round where it happens and rounds later."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from forms.paper import Medium
from tests.chaos.judge import Judge, Seen, Verdict
from tests.chaos.trays import Sheet
from tests.support.clocks import NOW

FIRST, SECOND = "2026-0001-000001-01", "2026-0001-000002-02"


@dataclass
class House:
    """Records, a kiosk and its trays, as a judge sees them after rounds in which nothing was wrong."""

    truth: dict[str, tuple[str, bool, datetime | None]] = field(default_factory=dict)
    journal: dict[str, str | None] = field(default_factory=dict)
    sheets: list[Sheet] = field(default_factory=list)
    online: dict[str, str] = field(default_factory=dict)
    word: tuple[str, str] | None = None

    def issue(self, serial: str, state: str = "delivered", *, out: bool = True) -> None:
        self.truth[serial] = state, False, NOW if state == "void" else None
        self.journal[serial] = state
        self.online[serial] = "genuine" if state == "delivered" else state
        if out:
            self.sheets.append(sheet(serial))

    def seen(self) -> Seen:
        found, self.sheets = tuple(self.sheets), []
        return Seen(dict(self.truth), dict(self.journal), found, self.word, self.online.__getitem__)


def sheet(serial: str) -> Sheet:
    return Sheet(Medium.PAGE, serial, serial, NOW - timedelta(seconds=2))


def void(house: House) -> None:
    """For records and the kiosk; what anybody hears who checks it is another matter."""
    house.truth[FIRST] = "void", False, NOW
    house.journal[FIRST] = "void"


@pytest.fixture
def judge() -> Judge:
    return Judge()


def test_a_delivered_paper_and_a_void_one_are_nothing_wrong(judge: Judge) -> None:
    """Nor is a serial that was never printed, or a round without any. How long a void paper was out is measured."""
    house = House()
    house.issue(FIRST)
    assert judge.hear(house.seen()) == Verdict("delivered", 0.0, ())
    house.issue(SECOND, "void")
    assert judge.hear(house.seen()) == Verdict("void, paper out", 2.0, ())
    assert judge.hear(house.seen()) == Verdict("no serial", 0.0, ())
    assert judge.look_again(house.seen()) == ()


BUGS: dict[str, tuple[Callable[[House], object], str]] = {
    "both ends": (lambda house: house.truth.update({FIRST: ("delivered", True, None)}), "delivered and void"),
    "no end": (lambda house: house.truth.update({FIRST: ("sealed", False, None)}), "neither delivered nor void"),
    "the journal has another end": (lambda house: house.journal.update({FIRST: "void"}), "in the kiosk's journal"),
    "the journal has no end": (lambda house: house.journal.update({FIRST: None}), "None in the kiosk's journal"),
    "the journal has lost it": (lambda house: house.journal.pop(FIRST), "None in the kiosk's journal"),
    "records have lost it": (lambda house: house.truth.pop(FIRST), "is not among records' papers"),
    "it came out twice": (lambda house: house.sheets.append(sheet(FIRST)), "came out"),
    "a void paper is genuine": (void, "is genuine online"),
    "a genuine paper is void": (lambda house: house.online.update({FIRST: "void"}), "is void online"),
}


@pytest.mark.parametrize("bug", BUGS)
def test_what_must_never_be_is_seen_at_once(judge: Judge, bug: str) -> None:
    house, (break_it, said) = House(), BUGS[bug]
    house.issue(FIRST)
    break_it(house)
    assert said in " ".join(judge.hear(house.seen()).wrong)


@pytest.mark.parametrize("bug", [bug for bug in BUGS if "online" not in BUGS[bug][1]])
def test_what_goes_wrong_with_an_earlier_paper_is_seen_rounds_later(judge: Judge, bug: str) -> None:
    """Once: not in every round from then on."""
    house, (break_it, said) = House(), BUGS[bug]
    house.issue(FIRST)
    assert judge.hear(house.seen()).wrong == ()
    break_it(house)
    house.issue(SECOND)
    assert said in " ".join(judge.hear(house.seen()).wrong)
    assert judge.hear(house.seen()).wrong == ()


def test_an_earlier_paper_may_not_change_its_end(judge: Judge) -> None:
    """Though all agree on the new one, and what it says online as well."""
    house = House()
    house.issue(FIRST)
    judge.hear(house.seen())
    void(house)
    house.online[FIRST] = "void"
    assert judge.hear(house.seen()).wrong == (f"{FIRST} was delivered, and is void",)


def test_a_void_paper_that_comes_out_rounds_later_is_seen(judge: Judge) -> None:
    """It is void online, and lies there all the same: before the eyes of another."""
    house = House()
    house.issue(FIRST, "void", out=False)
    judge.hear(house.seen())
    house.sheets.append(sheet(FIRST))
    assert judge.hear(house.seen()).wrong == (f"a paper of {FIRST} came out rounds later",)


@pytest.mark.parametrize("state", ["void", "delivered", "sealed"])
def test_a_paper_that_comes_out_twice_within_a_round_is_seen_whatever_became_of_it(judge: Judge, state: str) -> None:
    """That both are void online makes it no better: one resident takes one, and the next finds the other."""
    house = House()
    house.issue(FIRST, state)
    house.sheets.append(sheet(FIRST))
    assert f"{FIRST} is {state}, and 2 papers of it came out" in judge.hear(house.seen()).wrong


def test_every_paper_of_the_run_is_checked_again_at_the_end(judge: Judge) -> None:
    """The database alone would not tell."""
    house = House()
    house.issue(FIRST)
    judge.hear(house.seen())
    house.online[FIRST] = "unknown"
    assert judge.hear(house.seen()).wrong == ()
    assert judge.look_again(house.seen()) == (f"a paper of {FIRST} lies there, delivered, and is unknown online",)


@pytest.mark.parametrize("word", [(FIRST, "void"), (SECOND, "delivered")])
def test_what_the_resident_was_told_has_to_stand(judge: Judge, word: tuple[str, str]) -> None:
    """Also of a serial that nobody knows."""
    house = House(word=word)
    house.issue(FIRST)
    assert "by what the resident was told" in " ".join(judge.hear(house.seen()).wrong)


def test_a_paper_that_records_never_heard_of_is_wrong_and_ends_no_run(judge: Judge) -> None:
    house = House(online={SECOND: "unknown"})
    house.sheets.append(sheet(SECOND))
    assert judge.hear(house.seen()).wrong == (f"a paper of {SECOND} lies there, unknown, and is unknown online",)


def test_one_wish_takes_one_serial(judge: Judge) -> None:
    house = House()
    house.issue(FIRST)
    house.issue(SECOND)
    assert judge.hear(house.seen()).wrong == ("2 serials for one paper",)
