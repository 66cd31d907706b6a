"""The diagrams of docs/flows say what the flows do, all of it, and nothing else."""

from dataclasses import replace

import pytest

from gate.flows import happenings as at_gate
from gate.flows import technician, terminal
from kiosk.flows import (
    application,
    check_paper,
    correction,
    declaration,
    errand,
    hand_in,
    happenings,
    identity,
    leftovers,
    maintenance,
    notices,
    pages,
    phone,
    proof,
    readiness,
    tenancy,
    tenancy_case,
    tenancy_codes,
    tenancy_draft,
    tenancy_mine,
    tenancy_people,
    tenancy_receipts,
    tenancy_ways,
    touches,
)
from kiosk.flows.base import Event, Step
from scripts.draw_flows.__main__ import FOLDER
from scripts.draw_flows.draw import Page, draw
from scripts.draw_flows.explore import event_kinds, events_of, explore
from scripts.draw_flows.pages import cases
from scripts.draw_flows.pages import pages as drawn_pages

_NAMES = sorted(path.name for path in FOLDER.glob("*.md"))
_NOT_DRAWN = {  # what lies over a screen or around it, and moves nobody: tests/kiosk/flows/test_visit.py
    touches.Extended,
    touches.HelpToggled,
    touches.WentQuiet,
    at_gate.HelpToggled,
}


@pytest.fixture(scope="module")
def drawn() -> dict[str, Page]:
    """What the flows draw today: every state of them is walked for it, once."""
    return drawn_pages()


@pytest.mark.parametrize("name", _NAMES)
def test_a_committed_diagram_is_what_the_flow_draws(name: str, drawn: dict[str, Page]) -> None:
    """When this fails: python -m scripts.draw_flows, and read what changed."""
    assert (FOLDER / name).read_text("utf-8") == draw(drawn[name])


def test_every_flow_has_its_diagram_and_no_diagram_is_left_over(drawn: dict[str, Page]) -> None:
    """A flow that is gone takes its page with it."""
    assert set(_NAMES) == set(drawn)


@pytest.mark.parametrize("name", _NAMES)
def test_every_state_can_be_reached(name: str, drawn: dict[str, Page]) -> None:
    """A state that nothing leads to would be a screen nobody ever sees."""
    page = drawn[name]
    assert {state.__name__ for state in page.states} == {box for a in page.arrows for box in (a.before, a.after)}


def test_every_event_means_something_somewhere(drawn: dict[str, Page]) -> None:
    """An event that no state knows would be a touch without an answer."""
    modules = (
        *(check_paper, correction, declaration, errand, hand_in, happenings, identity, leftovers),
        *(maintenance, notices, pages, phone, readiness, touches),
        *(tenancy, tenancy_case, tenancy_codes, tenancy_draft, tenancy_mine, tenancy_people, tenancy_ways),
        tenancy_receipts,
    )
    known = {type(arrow.event) for page in drawn.values() for arrow in page.arrows}
    at_gates = (event_kinds(each) for each in (at_gate, technician, terminal))
    meant = {type(event) for event in events_of(*modules)}.union(*at_gates)
    assert meant - _NOT_DRAWN == known


def test_a_flow_that_moves_otherwise_is_drawn_otherwise(drawn: dict[str, Page]) -> None:
    """The test of the test: one changed transition changes the page."""

    def advance(state: proof.Here, event: Event) -> Step[proof.Here]:
        lost = isinstance(state, proof.FacingCamera) and isinstance(event, happenings.JobFailed)
        return Step(proof.Unproven()) if lost else proof.advance(state, event)

    page = drawn["proof.md"]
    arrows = explore(cases(), advance, events_of(happenings, identity), lambda state: type(state).__name__)
    assert "FacingCamera --> Unproven : JobFailed" in draw(replace(page, arrows=arrows))


def test_values_are_named_where_they_decide(drawn: dict[str, Page]) -> None:
    """The same kind of event in two directions says which of its values goes where."""
    assert "FacingCamera --> Proven : FaceDecided [passed; without tries]" in draw(drawn["proof.md"])
    assert "AwaitingCard --> Elsewhere : CardRead [foreigner_card]" in draw(drawn["claim.md"])


def test_flows_that_lie_in_others_have_their_own_page(drawn: dict[str, Page]) -> None:
    """The service says where they lead, and not what happens in them."""
    text = draw(drawn["application.md"])
    assert "Claiming --> Proving : Identified" in text
    assert "Drawn in [proof.md](proof.md)." in text
    assert {state.__name__ for state in application.Here.__args__} >= {"Claiming", "Proving", "Asking", "Making"}


def test_what_works_from_every_screen_is_a_sentence(drawn: dict[str, Page]) -> None:
    """The alarm is no bundle of arrows."""
    text = draw(drawn["visit.md"])
    assert "From everywhere: `AlarmHeld` leads to `Alarm`" in text
    assert "--> Alarm" not in text
