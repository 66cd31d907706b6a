"""One visit around every service: attract, home, idle, help, clear, alarm, leftovers, out of service, maintenance.

A visit begins at the first touch and ends with ForgetResident; every way back to Attract or Home passes it. Comfort
(language, large type, speech) belongs to the person and is reset with them.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from kiosk.flows import application, check_paper, claim, issuing, maintenance, proof
from kiosk.flows.base import Command, Event, State, Step
from kiosk.flows.errand import Service
from kiosk.flows.happenings import (
    CardLifted,
    CardLying,
    ConfirmPaper,
    ForgetResident,
    JobFailed,
    LookAtReader,
    ReaderEmpty,
    ReaderFailed,
    StopJobs,
    WaitForLift,
)
from kiosk.flows.identity import Offers, Way


class Language(StrEnum):
    """The product's languages; the first is the first."""

    CHINESE = "zh"
    ENGLISH = "en"


class Overlay(StrEnum):
    """What may lie over a screen."""

    NONE = ""
    HELP = "help"
    IDLE = "idle"


@dataclass(frozen=True, slots=True)
class Comfort:
    """How this person likes to be spoken to. Reset when they leave."""

    language: Language = Language.CHINESE
    large: bool = False
    speech: bool = False


@dataclass(frozen=True, slots=True)
class OutOfService:
    """Set by a technician, persisted, shown to residents."""

    reason: str
    until: str = ""  # free of dates' grammar: "22:30" or "明天 09:00" as the technician chose


@dataclass(frozen=True, slots=True)
class Readiness:
    """What works now: for each service the reasons why it can't begin (empty: it can).

    ``broken``: ways to show who one is whose device does not work, with the reason. ``face``: why
    camera and models can't be used, "" when they can. ``officer``: somebody is on duty.
    """

    blocked: tuple[tuple[str, tuple[str, ...]], ...] = ()
    broken: tuple[tuple[Way, str], ...] = ()
    face: str = ""
    officer: bool = False

    def reasons(self, service: str) -> tuple[str, ...]:
        """Codes such as ``page_printer.paper-out``, worst first."""
        return dict(self.blocked).get(service, ("starting",))


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
class CheckingPaper(State):
    """Somebody checks a paper that they hold."""

    at: check_paper.Here


@dataclass(frozen=True, slots=True)
class SayingGoodbye(State):
    """Everything is forgotten already; a few seconds of thanks."""

    served: bool


@dataclass(frozen=True, slots=True)
class LookingForLeftovers(State):
    """Whether the last person left a card, before the lamp goes on again."""

    paper: bool


@dataclass(frozen=True, slots=True)
class Leftover(State):
    """A nameless screen for a card or a paper that was left behind."""

    card: bool
    paper: bool


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


Place = (
    Attract
    | Home
    | Serving
    | CheckingPaper
    | SayingGoodbye
    | LookingForLeftovers
    | Leftover
    | Alarm
    | Closed
    | Maintaining
)
CHECK = "check_paper"  # what readiness calls it


@dataclass(frozen=True, slots=True)
class Visit:
    """All that the screen depends on."""

    place: Place = field(default_factory=Attract)
    comfort: Comfort = Comfort()
    readiness: Readiness = Readiness()
    overlay: Overlay = Overlay.NONE
    seconds_left: int = 0
    extensions: int = 0
    closed: OutOfService | None = None


# --- events ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Begun(Event):
    """The attract screen was touched."""


@dataclass(frozen=True, slots=True)
class ServiceChosen(Event):
    """The tile of a service that makes a paper was touched; ``offers`` come from the policy and the devices."""

    service: Service
    offers: Offers


@dataclass(frozen=True, slots=True)
class CheckChosen(Event):
    """The tile 验证证明 was touched."""


@dataclass(frozen=True, slots=True)
class LanguageToggled(Event):
    """中文 / English."""


@dataclass(frozen=True, slots=True)
class LargeTypeToggled(Event):
    """大字."""


@dataclass(frozen=True, slots=True)
class SpeechToggled(Event):
    """语音."""


@dataclass(frozen=True, slots=True)
class HelpToggled(Event):
    """帮助."""


@dataclass(frozen=True, slots=True)
class Cleared(Event):
    """清屏退出, or the idle warning ran out."""


@dataclass(frozen=True, slots=True)
class WentQuiet(Event):
    """Nobody has touched anything for a while; the warning has ``seconds`` left."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Extended(Event):
    """Still here."""


@dataclass(frozen=True, slots=True)
class GoodbyeOver(Event):
    """The few seconds of thanks have passed."""


@dataclass(frozen=True, slots=True)
class LeftoverSeen(Event):
    """Somebody took it, or was told what to do with it; or it has been looked for long enough."""


@dataclass(frozen=True, slots=True)
class AlarmHeld(Event):
    """The alarm was held for two seconds."""


@dataclass(frozen=True, slots=True)
class AlarmAnswered(Event):
    """``reached``: desk or nobody."""

    reached: str


@dataclass(frozen=True, slots=True)
class AlarmLeft(Event):
    """The person at the screen closed the alarm."""


@dataclass(frozen=True, slots=True)
class ReadinessChanged(Event):
    """Devices or records changed."""

    readiness: Readiness


@dataclass(frozen=True, slots=True)
class CornerTapped(Event):
    """The hidden corner: a technician."""


@dataclass(frozen=True, slots=True)
class RaiseAlarm(Command):
    """-> AlarmAnswered. Sounds, and tries to reach someone."""


def advance(visit: Visit, event: Event) -> Step[Visit]:
    """The next visit, and what is to be done now."""
    match event:
        case ReadinessChanged(readiness):
            return Step(replace(visit, readiness=readiness))
        case AlarmHeld():
            return Step(_bare(visit, Alarm()), (*_farewell(visit), RaiseAlarm()))
        case LanguageToggled() | LargeTypeToggled() | SpeechToggled():
            return Step(replace(visit, comfort=_comfort(visit.comfort, event)))
        case HelpToggled():
            return Step(replace(visit, overlay=Overlay.NONE if visit.overlay is Overlay.HELP else Overlay.HELP))
        case WentQuiet(seconds) if may_go_quiet(visit):
            return Step(replace(visit, overlay=Overlay.IDLE, seconds_left=seconds))
        case Extended() if visit.overlay is Overlay.IDLE:
            return Step(replace(visit, overlay=Overlay.NONE, extensions=visit.extensions + 1))
        case Cleared():
            return _clear(visit)
        case CornerTapped() if isinstance(visit.place, Attract | Home | Closed):
            begun = _farewell(visit) if isinstance(visit.place, Home) else ()  # the first tap has woken the lamp
            return Step(_bare(visit, Maintaining(maintenance.begin())), begun)
        case _:
            return _at_place(visit, event)


def innermost(visit: Visit) -> State:
    """The state that the screen stands for: the innermost of those that lie in one another."""
    match visit.place:
        case Serving(
            application.Claiming(at=at)
            | application.Proving(at=at)
            | application.Asking(at=at)
            | application.Making(at=at)
            | application.Parting(at=at)
        ):
            return at
        case Serving(at) | CheckingPaper(at) | Maintaining(at):
            return at
        case place:
            return place


_WITHOUT_TOUCH = (
    proof.FacingCamera
    | proof.WithOfficer
    | claim.ShowingPage
    | claim.Waiting
    | issuing.Issuing
    | issuing.Voiding
    | check_paper.ShowingPaper
    | check_paper.AskingAboutIt
)
"""Where looking, speaking or waiting is what was asked for; each ends by itself."""


def may_go_quiet(visit: Visit) -> bool:
    """Whether quiet means that nobody is there: not where nobody has begun, nor where touching was not asked for."""
    begun = isinstance(visit.place, Home | Maintaining | Serving | CheckingPaper)
    return begun and not isinstance(innermost(visit), _WITHOUT_TOUCH)


def _at_place(visit: Visit, event: Event) -> Step[Visit]:
    match visit.place, event:
        case Attract(), Begun():
            return Step(replace(visit, place=Home()))
        case Home(), ServiceChosen(service, offers) if not visit.readiness.reasons(service.kind):
            return _serve(visit, application.begin(service, offers))
        case Serving(at), _:
            return _serve(visit, application.advance(at, event))
        case Home(), CheckChosen() if not visit.readiness.reasons(CHECK):
            return _check(visit, check_paper.begin())
        case CheckingPaper(at), _:
            return _check(visit, check_paper.advance(at, event))
        case SayingGoodbye(), (GoodbyeOver() | Begun()):
            return Step(_resting(visit))
        case LookingForLeftovers(paper), CardLying():
            return Step(replace(visit, place=Leftover(card=True, paper=paper)), (WaitForLift(),))
        case LookingForLeftovers(paper), (ReaderEmpty() | ReaderFailed() | JobFailed()):
            return Step(replace(visit, place=Leftover(card=False, paper=True)) if paper else _resting(visit))
        case LookingForLeftovers(paper), LeftoverSeen():  # the reader says nothing: the lamp goes on all the same
            rest = replace(visit, place=Leftover(card=False, paper=True)) if paper else _resting(visit)
            return Step(rest, (StopJobs(),))
        case Leftover(_, paper), (CardLifted() | ReaderFailed() | JobFailed()):
            return Step(replace(visit, place=Leftover(card=False, paper=True)) if paper else _resting(visit))
        case Leftover(card), LeftoverSeen():
            return Step(replace(visit, place=Leftover(card=True, paper=False)) if card else _resting(visit))
        case Alarm(), AlarmAnswered(reached):
            return Step(replace(visit, place=Alarm(reached)))
        case Alarm(), AlarmLeft():
            return _clear(visit)
        case Maintaining(at), _:
            return _maintain(visit, maintenance.advance(at, event))
        case _:
            return Step(visit)


def _serve(visit: Visit, step: Step[application.Here]) -> Step[Visit]:
    match step.state:
        case application.Left():
            return Step(replace(visit, place=Home()), (*step.commands, ForgetResident()))
        case application.Over(served):
            return Step(_bare(visit, SayingGoodbye(served)), (*step.commands, ForgetResident()))
        case here:
            return Step(replace(visit, place=Serving(here)), step.commands)


def _check(visit: Visit, step: Step[check_paper.Here]) -> Step[Visit]:
    match step.state:
        case check_paper.Left():
            return Step(replace(visit, place=Home()), (*step.commands, ForgetResident()))
        case here:
            return Step(replace(visit, place=CheckingPaper(here)), step.commands)


def _maintain(visit: Visit, step: Step[maintenance.Here]) -> Step[Visit]:
    match step.state:
        case maintenance.Gone():
            return Step(_resting(visit), step.commands)
        case maintenance.Page(closed=closed) as here:
            return Step(replace(visit, place=Maintaining(here), closed=_closed(closed)), step.commands)
        case here:
            return Step(replace(visit, place=Maintaining(here)), step.commands)


def _closed(closed: tuple[str, str] | None) -> OutOfService | None:
    return OutOfService(*closed) if closed else None


def _clear(visit: Visit) -> Step[Visit]:
    """Forget at once; then see whether something was left behind."""
    match visit.place:
        case Attract() | Closed() | Leftover() | LookingForLeftovers():
            return Step(replace(_resting(visit), place=visit.place))
        case Serving():
            paper = isinstance(innermost(visit), issuing.TakingPaper)
            return Step(_bare(visit, LookingForLeftovers(paper)), (*_farewell(visit), LookAtReader()))
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


def _comfort(comfort: Comfort, event: Event) -> Comfort:
    match event:
        case LanguageToggled():
            english = comfort.language is Language.ENGLISH
            return replace(comfort, language=Language.CHINESE if english else Language.ENGLISH)
        case LargeTypeToggled():
            return replace(comfort, large=not comfort.large)
        case _:
            return replace(comfort, speech=not comfort.speech)
