"""The technician's two screens. Nothing about anybody who comes in reaches this module."""

from gate.flows import states as s
from gate.presenters.surroundings import Surroundings
from terminal import machine
from terminal.views import Choice, PinView, TableView, View


def technician(at: s.At, around: Surroundings) -> View | None:
    """The screen of a state that is the technician's; None for another one."""
    match at:
        case s.EnteringPin():
            return _pin(at, around)
        case s.AtService():
            return _page(at, around)
        case _:
            return None


def _pin(at: s.EnteringPin, around: Surroundings) -> View:
    words = around.words
    return PinView(
        words("maintenance.pin_question"),
        words("maintenance.pin_spoken"),
        words("maintenance.pin_help"),
        back=Choice("leave", words("common.back")),
        dots=len(at.pin.reveal()),
        line=_line(at, around),
        enabled=not (at.locked_minutes or at.checking),
    )


def _line(at: s.EnteringPin, around: Surroundings) -> str:
    words = around.words
    if at.unset:
        return words("maintenance.pin_unset")
    if at.locked_minutes:
        return words("maintenance.pin_locked", minutes=at.locked_minutes)
    return words("maintenance.pin_wrong") if at.wrong else words("maintenance.pin_checking") if at.checking else ""


def _page(at: s.AtService, around: Surroundings) -> View:
    words = around.words
    return TableView(
        words("maintenance.question"),
        words("maintenance.spoken"),
        words("maintenance.help"),
        back=Choice("leave", words("maintenance.leave")),
        groups=machine.table(around.machine, words),
        line=words(f"maintenance.said.{at.said}") if at.said else machine.summary(around.machine, words),
        choices=(Choice("test-door", words("maintenance.test_door"), enabled=not at.busy),),
    )
