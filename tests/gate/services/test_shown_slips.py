"""One slip at two gates: who walks keeps it, whoever has a copy ends it, and nobody else hears that it was shown."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend_client.contract.gates import ReportKind
from backend_client.contract.shown_slips import SHOWN_PATH, SlipShown
from backend_client.contract.tenancies import WayKind
from gate.flows.admission import Admitted, CardKey, Code, Decision, NotAdmitted, Reason, Rules
from gate.services.admit import Admit
from gate.services.shown_slips import ON_THE_WAY_S
from tests.gate.made_up import grant, number, way
from tests.gate.site import GateThere, site

DENG = 2
SLIP, CARD = "c2xpcA==", "a2V5"
GRANT = grant(DENG, way(1002, WayKind.SLIP, SLIP), way(1003, WayKind.CARD, CARD), way(1004, WayKind.GUEST, "Z3Vlc3Q="))
WALK_S = 20


@pytest.fixture
def gates(tmp_path: Path) -> Iterator[tuple[GateThere, GateThere]]:
    """The south gate, from where nobody comes to another in less than twenty seconds, and a unit's door, of which
    nothing is said. Both answer."""
    with site(tmp_path, "south", "unit-5") as (south, five):
        south.sharing.slips.walk_s = WALK_S
        for each in (south, five):
            each.hears(GRANT)
            each.up()
        yield south, five


def shows(gate: GateThere, ref: str = SLIP) -> Decision:
    """As a gate's passage does it, and the gate's job after it."""
    decision = Admit(gate.store, gate.time.moment, Rules).present(Code(ref))
    if isinstance(decision, Admitted) and decision.kind.value == WayKind.SLIP:
        gate.sharing.slips.note(decision.credential)
    gate.sharing.tell_slips()
    return decision


def told(gate: GateThere) -> list[tuple[ReportKind, str]]:
    return [(each.kind, each.credential) for each in gate.store.reports.waiting()]


@pytest.mark.parametrize("first", ["south", "unit-5"])
def test_a_slip_at_two_gates_sooner_than_anybody_walks_ends_at_both_and_records_hear(
    gates: tuple[GateThere, GateThere], first: str
) -> None:
    """Whichever comes first. Its holder's card goes on, and it is told once by each."""
    one, other = gates if first == "south" else gates[::-1]
    assert isinstance(shows(one), Admitted)
    one.clock.pass_by(5)
    assert isinstance(shows(other), Admitted)
    one.sharing.tell_slips()
    for gate in gates:
        assert shows(gate) == NotAdmitted(Reason.CANCELLED)
        assert told(gate) == [(ReportKind.SLIP_TWICE, number(1002))]
        assert isinstance(Admit(gate.store, gate.time.moment, Rules).present(CardKey(CARD)), Admitted)


@pytest.mark.parametrize("seconds", [WALK_S - ON_THE_WAY_S, WALK_S, 60, 3600])
def test_whoever_walks_from_gate_to_gate_keeps_their_slip(gates: tuple[GateThere, GateThere], seconds: float) -> None:
    """Also who runs a little faster than was thought: what a word may take on its way is theirs."""
    south, five = gates
    for gate in (south, five, south):
        assert isinstance(shows(gate), Admitted)
        south.clock.pass_by(seconds)
    assert (told(south), told(five)) == ([], [])


def test_a_slip_shown_again_at_the_same_gate_is_nothing(gates: tuple[GateThere, GateThere]) -> None:
    """The door fell shut."""
    assert all(isinstance(shows(gates[0]), Admitted) for _ in range(3))
    assert told(gates[0]) == []


def test_where_nobody_said_how_far_it_is_nothing_is_noticed(gates: tuple[GateThere, GateThere]) -> None:
    """Two lanes of one gate stand side by side."""
    south, five = gates
    south.sharing.slips.walk_s = 0
    assert isinstance(shows(south), Admitted)
    assert isinstance(shows(five), Admitted)
    assert (told(south), told(five)) == ([], [])


def test_a_word_that_comes_late_is_as_old_as_it_is(gates: tuple[GateThere, GateThere]) -> None:
    """The other gate was away for a while: an age is told, no time of day."""
    south, five = gates
    south.sharing.slips.note(number(1002))
    south.clock.pass_by(30)
    assert isinstance(shows(five), Admitted)
    south.sharing.tell_slips()
    assert (told(south), told(five)) == ([], [])


def test_a_gate_that_is_away_keeps_nobody_out_and_is_told_nothing_later(gates: tuple[GateThere, GateThere]) -> None:
    south, five = gates
    five.down()
    assert isinstance(shows(south), Admitted)
    assert isinstance(shows(five), Admitted), "two gates that can't speak notice nothing"
    five.sharing.tell_slips()
    assert five.sharing.slips._there == {}


def test_of_a_slip_that_opens_nothing_there_nothing_is_remembered(gates: tuple[GateThere, GateThere]) -> None:
    """Nor of a guest's code or a card, whatever a gate that was stolen says; and nobody's is ended by it."""
    south, five = gates
    for of in (1003, 1004, 77):
        five.sharing.slips.note(number(of))
        word = SlipShown(credential=number(of), ago_ms=0, walk_s=60)
        heard = five.sharing.slips.answer(SHOWN_PATH, word.model_dump_json().encode(), south.known())
        five.sharing.tell_slips()
        assert (heard and heard.model_dump(), five.sharing.slips._there) == ({"twice": False}, {})
    assert (told(five), isinstance(shows(five, "Z3Vlc3Q="), Admitted)) == ([], True)


def test_that_a_slip_was_shown_is_forgotten_in_a_minute_and_stands_in_no_file(
    gates: tuple[GateThere, GateThere],
) -> None:
    """What stays is the pass at the gate that it opened, as of every way."""
    south, five = gates
    assert isinstance(shows(south), Admitted)
    assert five.sharing.slips._there
    south.clock.pass_by(61)
    five.sharing.slips.note(number(1))
    assert five.sharing.slips._there == {}
    tables = [name for (name,) in five.store.database.query("SELECT name FROM sqlite_master WHERE type = 'table'")]
    rows = [row for name in tables if name != "way" for row in five.store.database.query(f"SELECT * FROM {name}")]  # noqa: S608
    assert rows
    assert [row for row in rows if number(1002) in str(row)] == []
