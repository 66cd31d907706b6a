"""One visit around every service: attract, home, idle, help, clear, alarm, leftovers, out of service, maintenance.

A visit begins at the first touch and ends with ForgetResident; every way back to Attract or Home passes it. Its events
stand in ``kiosk.flows.touches``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeVar

from kiosk.flows import (
    application,
    check_paper,
    correction,
    declaration,
    ending,
    hand_in,
    issuing,
    leftovers,
    maintenance,
    notices,
    phone,
    tenancy,
    tenancy_codes,
    tenancy_draft,
    tenancy_places,
    tenancy_receipts,
)
from kiosk.flows import touches as t
from kiosk.flows.base import Command, Event, State, Step
from kiosk.flows.comfort import Comfort, LanguageToggled, LargeTypeToggled, SpeechToggled, toggled
from kiosk.flows.happenings import ConfirmPaper, ForgetResident
from kiosk.flows.readiness import CHECK, NOTICES, OutOfService, Readiness, ReadinessChanged, Shut

At = TypeVar("At")


class Overlay(StrEnum):
    """What may lie over a screen."""

    NONE = ""
    HELP = "help"
    IDLE = "idle"


# --- places ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Attract(State):
    """A lamp left on."""


@dataclass(frozen=True, slots=True)
class Home(State):
    """The tiles."""


@dataclass(frozen=True, slots=True)
class Serving(State):
    """A service is going on."""

    at: application.Here


@dataclass(frozen=True, slots=True)
class Declaring(State):
    """Somebody hands in where they live, to be decided later."""

    at: declaration.Here


@dataclass(frozen=True, slots=True)
class CheckingPaper(State):
    """Somebody checks a paper that they hold."""

    at: check_paper.Here


@dataclass(frozen=True, slots=True)
class ReadingNotices(State):
    """Somebody reads what there is to tell them."""

    at: notices.Here


@dataclass(frozen=True, slots=True)
class Renting(State):
    """Somebody sees to the flat they live in, or let."""

    at: tenancy_places.Here


@dataclass(frozen=True, slots=True)
class SayingGoodbye(State):
    """Everything is forgotten already; a few seconds of thanks."""

    served: bool


@dataclass(frozen=True, slots=True)
class Alarm(State):
    """Hides the visit. ``reached``: whether anyone was, said truthfully; empty while trying."""

    reached: str = ""


@dataclass(frozen=True, slots=True)
class Closed(State):
    """Out of service, with reason and expected time."""

    why: OutOfService


@dataclass(frozen=True, slots=True)
class Maintaining(State):
    """A technician is at work."""

    at: maintenance.Here


_SLIPS = tenancy_codes.ShowingSlip | tenancy_codes.ShowingGuestCode | tenancy_receipts.ShowingReceipt
_PAPER = issuing.TakingPaper | hand_in.Received | _SLIPS
_BEGUN = Home | Maintaining | Serving | Declaring | CheckingPaper | ReadingNotices | Renting
Place = (
    Attract
    | Home
    | Serving
    | Declaring
    | CheckingPaper
    | ReadingNotices
    | Renting
    | SayingGoodbye
    | leftovers.LookingForLeftovers
    | leftovers.Leftover
    | Alarm
    | Closed
    | Maintaining
)


@dataclass(frozen=True, slots=True)
class Visit:
    """All that the screen depends on."""

    place: Place = field(default_factory=Attract)
    comfort: Comfort = field(default_factory=Comfort)
    readiness: Readiness = field(default_factory=Readiness)
    overlay: Overlay = Overlay.NONE
    seconds_left: int = 0
    extensions: int = 0
    closed: OutOfService | None = None


def advance(visit: Visit, event: Event) -> Step[Visit]:
    """The next visit, and what is to be done now."""
    match event:
        case ReadinessChanged(readiness):
            return Step(replace(visit, readiness=readiness))
        case Shut(why) if visit.closed == why:
            return Step(visit)
        case Shut(why):
            return _shut(replace(visit, closed=why))
        case t.AlarmHeld():
            return Step(_bare(visit, Alarm()), (*_farewell(visit), t.RaiseAlarm()))
        case LanguageToggled() | LargeTypeToggled() | SpeechToggled():
            return Step(replace(visit, comfort=toggled(visit.comfort, event)))
        case t.HelpToggled():
            return Step(replace(visit, overlay=Overlay.NONE if visit.overlay is Overlay.HELP else Overlay.HELP))
        case t.WentQuiet(seconds) if may_go_quiet(visit):
            return Step(replace(visit, overlay=Overlay.IDLE, seconds_left=seconds))
        case t.Extended() if visit.overlay is Overlay.IDLE:
            return Step(replace(visit, overlay=Overlay.NONE, extensions=visit.extensions + 1))
        case t.Cleared():
            return _clear(visit)
        case t.CornerTapped() if isinstance(visit.place, Attract | Home | Closed):
            begun = _farewell(visit) if isinstance(visit.place, Home) else ()  # the first tap has woken the lamp
            return Step(_bare(visit, Maintaining(maintenance.begin())), begun)
        case _:
            return _at_place(visit, event)


def innermost(visit: Visit) -> State:
    """The state that the screen stands for: the innermost of those that lie in one another."""
    match visit.place:
        case Serving(application.Correcting(correction.HandingIn(at=at))):
            return at
        case Serving(
            application.Claiming(at=at)
            | application.Proving(at=at)
            | application.Asking(at=at)
            | application.Correcting(at=at)
            | application.Making(at=at)
            | ending.Parting(at=at)
        ):
            return at
        case ReadingNotices(notices.Claiming(at=at) | notices.Proving(at=at) | ending.Parting(at=at)):
            return at
        case Declaring(declaration.LayingCard(at=at) | declaration.HandingIn(at=at) | ending.Parting(at=at)):
            return at
        case Renting(at):
            return _inside(at)
        case Serving(at) | Declaring(at) | CheckingPaper(at) | ReadingNotices(at) | Maintaining(at):
            return at
        case place:
            return place


def _inside(at: tenancy_places.Here) -> State:
    match at:
        case tenancy_places.Leasing(at=tenancy_draft.Peopling(at=inner) | tenancy_draft.TakingPages(at=inner)):
            return inner
        case (
            tenancy_places.Claiming(at=inner)
            | tenancy_places.Proving(at=inner)
            | tenancy_places.Choosing(at=inner)
            | tenancy_places.Leasing(at=inner)
            | tenancy_places.Peopling(at=inner)
            | tenancy_places.SettingWays(at=inner)
            | tenancy_places.GettingCode(at=inner)
            | tenancy_places.Leaving(at=inner)
            | tenancy_places.HandingIn(at=inner)
            | ending.Parting(at=inner)
        ):
            return inner
        case _:
            return at


def may_go_quiet(visit: Visit) -> bool:
    """Whether quiet means that nobody is there: not where nobody has begun, nor where touching was not asked for."""
    begun = isinstance(visit.place, _BEGUN)
    return begun and not isinstance(innermost(visit), t.WITHOUT_TOUCH)


def _at_place(visit: Visit, event: Event) -> Step[Visit]:
    match visit.place, event:
        case Attract(), t.Begun():
            return Step(replace(visit, place=Home()))
        case Home(), t.ServiceChosen(service, offers) if not visit.readiness.reasons(service.kind):
            return _within(visit, application.begin(service, offers), Serving)
        case Serving(at), _:
            return _within(visit, application.advance(at, event), Serving)
        case Home(), t.DeclarationChosen(offers) if visit.readiness.declaration() == ():
            return _within(visit, declaration.begin(offers), Declaring)
        case Declaring(at), _:
            return _within(visit, declaration.advance(at, event), Declaring)
        case Home(), t.CheckChosen() if not visit.readiness.reasons(CHECK):
            return _within(visit, check_paper.begin(), CheckingPaper)
        case CheckingPaper(at), _:
            return _within(visit, check_paper.advance(at, event), CheckingPaper)
        case Home(), t.NoticesChosen(offers) if not visit.readiness.reasons(NOTICES):
            return _notify(visit, notices.begin(offers))
        case ReadingNotices(at), _:
            return _notify(visit, notices.advance(at, event))
        case Home(), t.RentingChosen(offers) if visit.readiness.renting() == ():
            ready = visit.readiness
            return _within(visit, tenancy.begin(offers, linked=ready.linked, shut=ready.shut), Renting)
        case Renting(at), _:
            return _within(visit, tenancy.advance(at, event), Renting)
        case SayingGoodbye(), (t.GoodbyeOver() | t.Begun()):
            return Step(_resting(visit))
        case (leftovers.LookingForLeftovers() | leftovers.Leftover()) as at, _:
            return _look(visit, leftovers.advance(at, event))
        case Alarm(), t.AlarmAnswered(reached):
            return Step(replace(visit, place=Alarm(reached)))
        case Alarm(), t.AlarmLeft():
            return _clear(visit)
        case Maintaining(at), _:
            return _maintain(visit, maintenance.advance(at, event))
        case _:
            return Step(visit)


def _within(visit: Visit, step: Step[At], place: Callable[[At], Place]) -> Step[Visit]:
    """``place``: of the service, while it has not ended."""
    match step.state:
        case ending.Left():
            return Step(replace(visit, place=Home()), (*step.commands, ForgetResident()))
        case ending.Over(served):
            return Step(_bare(visit, SayingGoodbye(served)), (*step.commands, ForgetResident()))
        case here:
            now = place(here)
            return Step(visit if now == visit.place else replace(visit, place=now), step.commands)


def _notify(visit: Visit, step: Step[notices.Here]) -> Step[Visit]:
    """A code's text is in the language that the screen has then."""
    language = visit.comfort.language.value
    commands = tuple(
        replace(each, language=language) if isinstance(each, phone.SendCode) else each for each in step.commands
    )
    return _within(visit, Step(step.state, commands), ReadingNotices)


def _look(visit: Visit, step: Step[leftovers.Here], first: tuple[Command, ...] = ()) -> Step[Visit]:
    commands = (*first, *step.commands)
    match step.state:
        case leftovers.NothingLeft():
            return Step(_resting(visit), commands)
        case here:
            return Step(replace(visit, place=here), commands)


def _maintain(visit: Visit, step: Step[maintenance.Here]) -> Step[Visit]:
    match step.state:
        case maintenance.Gone():
            return Step(_resting(visit), step.commands)
        case maintenance.Page(closed=closed) as here:
            why = visit.closed if _is_shut(visit) else OutOfService(*closed) if closed else None
            return Step(replace(visit, place=Maintaining(here), closed=why), step.commands)
        case here:
            return Step(replace(visit, place=Maintaining(here)), step.commands)


def _shut(visit: Visit) -> Step[Visit]:
    """Out of service from now on. What somebody has begun ends as if they had cleared the screen; an alarm, and who
    works at the machine, go on."""
    match visit.place:
        case Attract() | Closed():
            return Step(_resting(visit))
        case Maintaining(maintenance.Page() as page) if visit.closed:
            closed = (visit.closed.reason, visit.closed.until)
            return Step(replace(visit, place=Maintaining(replace(page, closed=closed))))
        case Maintaining() | Alarm() | SayingGoodbye() | leftovers.LookingForLeftovers() | leftovers.Leftover():
            return Step(visit)
        case _:
            return _clear(visit)


def _is_shut(visit: Visit) -> bool:
    return visit.closed is not None and visit.closed.reason == maintenance.REVOKED


def _clear(visit: Visit) -> Step[Visit]:
    """Forget at once; then see whether something was left behind."""
    match visit.place:
        case Attract() | Closed() | leftovers.Leftover() | leftovers.LookingForLeftovers():
            return Step(replace(_resting(visit), place=visit.place))
        case Serving() | Declaring() | ReadingNotices() | Renting():
            paper = isinstance(innermost(visit), _PAPER)
            return _look(_bare(visit, visit.place), leftovers.begin(paper=paper), _farewell(visit))
        case _:
            return Step(_resting(visit), _farewell(visit))


def _farewell(visit: Visit) -> tuple[Command, ...]:
    """What ends a visit wherever it is: a printed paper that nobody answered for counts as handed over."""
    match visit.place:
        case Serving(application.Making(issuing.TakingPaper(serial=serial))):
            return (ConfirmPaper(serial), ForgetResident())
        case Maintaining(at) if not isinstance(at, maintenance.EnteringPin):
            return (maintenance.NoteLeaving(), ForgetResident())
        case _:
            return (ForgetResident(),)


def _bare(visit: Visit, place: Place) -> Visit:
    """The visit without anything of the person."""
    return Visit(place=place, readiness=visit.readiness, closed=visit.closed)


def _resting(visit: Visit) -> Visit:
    """Where the kiosk waits for the next person."""
    return _bare(visit, Closed(visit.closed) if visit.closed else Attract())
