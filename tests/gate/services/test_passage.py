"""What is presented leads to the door, and nobody finds a guest's eight digits by showing one square after another."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from backend_client.contract.tenancies import WayKind
from civic.gate_codes import code_ref, guest_digits, slip_code
from gate.flows.admission import Admitted, NotAdmitted, Reason, Rules
from gate.services.admit import Admit
from gate.services.passage import Passage
from gate.services.reading import Reading, Shown
from gate.services.refusals import Refusals
from tests.gate.made_up import Still, grant, snapshot, store_at, way
from tests.support.clocks import NOW, StillClock

SLIP, GUEST = slip_code(bytes(range(16))), guest_digits(24_681_357)
MOST, SECONDS = 10, 60.0


class Door:
    """Nobody asks it here."""


class Met:
    """A gate that one slip and one guest's digits open, and what it counted."""

    def __init__(self, admit: Admit) -> None:
        self.clock, self.counted = StillClock(), list[Reason]()
        reading = Reading(admit.phone_key, lambda: "330100")
        guesses = Refusals(self.clock, MOST, SECONDS)
        door, refused = Door(), self.counted.append
        self.passage = Passage(admit, reading, door, lambda: 3.0, refused, Event(), guesses)  # type: ignore[arg-type]

    def opens_to(self, text: str) -> bool:
        return isinstance(self.passage.decide(Shown(text)), Admitted)

    def guess(self, times: int) -> None:
        for number in range(times):
            assert not self.opens_to(guest_digits(number).text)


@pytest.fixture
def met(tmp_path: Path) -> Iterator[Met]:
    ways = (
        way(13, WayKind.SLIP, code_ref(SLIP), NOW + timedelta(days=7)),
        way(14, WayKind.GUEST, code_ref(GUEST)),
    )
    time = Still()
    with store_at(tmp_path / "gate.sqlite", time) as store:
        store.grants.restart(snapshot(grant(1, *ways)))
        yield Met(Admit(store, time.moment, Rules))


def test_eight_digits_are_guessed_ten_times_a_minute_however_they_are_shown(met: Met) -> None:
    met.guess(MOST)
    assert not met.opens_to(GUEST.text)
    assert not met.opens_to(GUEST.digits)
    assert met.counted == [Reason.UNKNOWN] * MOST + [Reason.TOO_OFTEN] * 2
    met.clock.pass_by(SECONDS)
    assert met.opens_to(GUEST.text)


def test_what_nobody_can_guess_waits_for_no_guesser(met: Met) -> None:
    met.guess(MOST)
    assert met.opens_to(SLIP.text)
    assert met.passage.decide(Shown("no code at all")) == NotAdmitted(Reason.UNKNOWN)


def test_a_code_that_is_known_here_counts_as_no_guess(met: Met) -> None:
    """A family's guests come together, and each holds the same square up twice."""
    met.guess(MOST - 1)
    assert [met.opens_to(GUEST.text) for _ in range(20)] == [True] * 20
