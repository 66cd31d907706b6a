"""The technician's screens. No personal data reaches this module."""

from typing import assert_never

from kiosk.flows import maintenance as flow
from kiosk.presenters.surroundings import Surroundings
from terminal import machine
from terminal.views import Choice, ChoiceView, PinView, TableView, View


def present(state: flow.Here, around: Surroundings) -> View:
    """The view of one state."""
    match state:
        case flow.EnteringPin():
            return _pin(state, around)
        case flow.Page():
            return _page(state, around)
        case flow.ChoosingTest():
            return _tests(around)
        case flow.ChoosingReason():
            return _choice("reason", flow.REASONS, around)
        case flow.ChoosingExpected():
            return _choice("expected", flow.EXPECTED, around)
        case flow.ChoosingAside():
            return _aside(around)
        case flow.GivingUp():
            return _give_up(state, around)
        case flow.Gone():
            return _choice("reason", (), around)
        case _:
            assert_never(state)


def _pin(state: flow.EnteringPin, around: Surroundings) -> View:
    words = around.words
    line = ""
    if state.unset:
        line = words("maintenance.pin_unset")
    elif state.locked_minutes:
        line = words("maintenance.pin_locked", minutes=state.locked_minutes)
    elif state.wrong:
        line = words("maintenance.pin_wrong")
    elif state.checking:
        line = words("maintenance.pin_checking")
    return PinView(
        words("maintenance.pin_question"),
        words("maintenance.pin_spoken"),
        words("maintenance.pin_help"),
        back=around.back("leave"),
        dots=len(state.pin.reveal()),
        line=line,
        enabled=not (state.locked_minutes or state.checking),
    )


def _page(state: flow.Page, around: Surroundings) -> View:
    words = around.words
    closing = (
        Choice("reopen", words("maintenance.reopen")) if state.closed else Choice("close", words("maintenance.close"))
    )
    return TableView(
        words("maintenance.question"),
        words("maintenance.spoken"),
        words("maintenance.help"),
        back=Choice("leave", words("maintenance.leave")),
        groups=machine.table(around.machine, words),
        line=words(f"maintenance.said.{state.said}") if state.said else machine.summary(around.machine, words),
        choices=(
            Choice("tests", words("maintenance.tests"), enabled=not state.busy),
            *_seen_to(state, around),
            closing,
        ),
    )


def _tests(around: Surroundings) -> View:
    """One for each printer that there is, and one for the alarm."""
    words = around.words
    states = {row.name: row.state for group in around.machine for row in group.rows}
    strip = states.get("thermal_printer", "not-fitted") != "not-fitted"
    strips = (("test-strip", "test_strip"),) if strip else ()
    named = ("test-print", "test_print"), *strips, ("test-alarm", "test_alarm")
    return ChoiceView(
        words("maintenance.tests_question"),
        words("maintenance.tests_question"),
        words("maintenance.tests_help"),
        back=around.back("leave"),
        choices=tuple(Choice(action, words(f"maintenance.{key}")) for action, key in named),
    )


def _seen_to(state: flow.Page, around: Surroundings) -> tuple[Choice, ...]:
    """Only while something lies aside."""
    if not _set_aside(around):
        return ()
    return (Choice("aside", around.words("maintenance.aside"), enabled=not state.busy),)


def _aside(around: Surroundings) -> View:
    words = around.words
    return ChoiceView(
        words("maintenance.aside_question"),
        words("maintenance.aside_question"),
        words("maintenance.aside_help"),
        back=around.back("leave"),
        paragraph=words("maintenance.aside_line", count=_set_aside(around)),
        choices=tuple(Choice(f"aside:{what}", words(f"maintenance.aside_choice.{what}")) for what in flow.ASIDE),
    )


def _give_up(state: flow.GivingUp, around: Surroundings) -> View:
    """放弃 stands where no answer stood on the page before: a hand that touches twice gives nothing up."""
    words = around.words
    question = words("maintenance.give_up_question", count=_set_aside(around))
    reason = words(f"maintenance.aside_choice.{state.what}")
    return ChoiceView(
        question,
        question,
        words("maintenance.aside_help"),
        back=around.back("leave"),
        forward=Choice("give-up", words("maintenance.give_up")),
        paragraph=words("maintenance.give_up_line", reason=reason),
    )


def _set_aside(around: Surroundings) -> int:
    """How many intakes, over the lines that say why."""
    rows = (row for group in around.machine for row in group.rows if row.name == "intakes_aside")
    return sum(int(str(dict(row.values)["count"])) for row in rows)


def _choice(what: str, values: tuple[str, ...], around: Surroundings) -> View:
    words = around.words
    table = "reason" if what == "reason" else "expected"
    return ChoiceView(
        words(f"maintenance.{what}_question"),
        words(f"maintenance.{what}_question"),
        words("maintenance.choose_help"),
        back=around.back("leave"),
        choices=tuple(Choice(f"{what}:{value}", words(f"closed.{table}.{value}")) for value in values),
    )
