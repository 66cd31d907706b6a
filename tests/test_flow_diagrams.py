"""The diagrams of docs/flows say what the flows do, all of it, and nothing else."""

from dataclasses import replace

import pytest

from kiosk.flows import happenings, household_certificate, maintenance, visit
from kiosk.flows.base import Event, Step
from scripts.draw_flows import FOLDER, SAMPLES, draw, events_of, explore, pages

PAGES = pages()
_NOT_DRAWN = {  # what lies over a screen or around it, and moves nobody: tests/kiosk/flows/test_visit.py
    visit.Extended,
    visit.HelpToggled,
    visit.LanguageToggled,
    visit.LargeTypeToggled,
    visit.ReadinessChanged,
    visit.SpeechToggled,
    visit.WentQuiet,
}


@pytest.mark.parametrize("name", PAGES)
def test_a_committed_diagram_is_what_the_flow_draws(name: str) -> None:
    """When this fails: python -m scripts.draw_flows, and read what changed."""
    assert (FOLDER / name).read_text("utf-8") == draw(PAGES[name])


def test_no_diagram_is_left_over() -> None:
    """A flow that is gone takes its page with it."""
    assert {path.name for path in FOLDER.glob("*.md")} == set(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_every_state_can_be_reached(name: str) -> None:
    """A state that nothing leads to would be a screen nobody ever sees."""
    page = PAGES[name]
    assert {state.__name__ for state in page.states} == {box for a in page.arrows for box in (a.before, a.after)}


def test_every_event_means_something_somewhere() -> None:
    """An event that no state knows would be a touch without an answer."""
    known = {type(arrow.event) for page in PAGES.values() for arrow in page.arrows}
    assert {type(event) for event in events_of(happenings, maintenance, visit)} - _NOT_DRAWN == known


def test_a_flow_that_moves_otherwise_is_drawn_otherwise() -> None:
    """The test of the test: one changed transition changes the page."""

    def advance(state: household_certificate.Here, event: Event) -> Step[household_certificate.Here]:
        lost = isinstance(state, household_certificate.Issuing) and isinstance(event, happenings.PaperNotPrinted)
        return Step(household_certificate.Left()) if lost else household_certificate.advance(state, event)

    page = PAGES["household_certificate.md"]
    start = household_certificate.begin(SAMPLES["purposes"][0]).state  # type: ignore[arg-type]
    arrows = explore(start, advance, events_of(happenings), lambda state: type(state).__name__)
    assert "Issuing --> Left : PaperNotPrinted" in draw(replace(page, arrows=arrows))


def test_values_are_named_where_they_decide() -> None:
    """The same kind of event in two directions says which of its values goes where."""
    drawn = draw(PAGES["household_certificate.md"])
    assert "Identifying --> ConsentingToFace : Identified [has_portrait]" in drawn
    assert "FacingCamera --> OpeningRecord : FaceDecided [passed] / OpenRecord" in drawn


def test_what_works_from_every_screen_is_a_sentence() -> None:
    """The alarm is no bundle of arrows."""
    drawn = draw(PAGES["visit.md"])
    assert "From everywhere: `AlarmHeld` leads to `Alarm`" in drawn
    assert "--> Alarm" not in drawn
