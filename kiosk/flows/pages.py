"""拍合同: a contract is photographed page by page before the kiosk's camera, looked at, and taken again where it has to
be. Diagram: docs/flows/pages.md, drawn from this file.

Pages lie in the visit's memory and go with it; nobody has to have any. What one sees of a page is the picture that will
be handed in, and nothing else of what the camera saw is kept.
"""

from dataclasses import dataclass, replace

from kiosk.flows import happenings as h
from kiosk.flows.base import Command, Event, State, Step

MOST = 12
"""Pages of one contract: beyond that somebody should look at the paper itself."""


@dataclass(frozen=True, slots=True)
class Album:
    """How many pages there are, and may be."""

    limit: int = MOST
    count: int = 0

    @property
    def room(self) -> bool:
        """Whether one more may be taken."""
        return self.count < self.limit


# --- places ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OfferingPages(State):
    """Here and now, or at the window when somebody asks: two equal answers."""

    album: Album


@dataclass(frozen=True, slots=True)
class ShowingPage(State):
    """A page is held before the camera. ``at``: which, from 0 on; ``hint``: the one thing to do now
    (devices.document_camera.api.PageInstruction)."""

    album: Album
    at: int
    hint: str = "show-page"


@dataclass(frozen=True, slots=True)
class LookingAtPage(State):
    """One that was taken, as it will be handed in."""

    album: Album
    at: int

    @property
    def last(self) -> bool:
        """Whether none follows it."""
        return self.at == self.album.count - 1


@dataclass(frozen=True, slots=True)
class NoPage(State):
    """None was taken; ``code`` says why: timed-out, no-camera, camera-too-coarse. What was taken before stays."""

    album: Album
    at: int
    code: str


@dataclass(frozen=True, slots=True)
class PagesTaken(State):
    """So many lie in the visit's memory."""

    count: int


@dataclass(frozen=True, slots=True)
class PagesLeft(State):
    """None do. ``code``: later (chosen), or why it could not be."""

    code: str = "later"


@dataclass(frozen=True, slots=True)
class GivenUp(State):
    """Back to the question before; what was taken stays."""

    count: int


Here = OfferingPages | ShowingPage | LookingAtPage | NoPage
Next = Here | PagesTaken | PagesLeft | GivenUp


# --- what the resident did -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PagesAsked(Event):
    """拍合同."""


@dataclass(frozen=True, slots=True)
class LaterChosen(Event):
    """以后需要时再带到窗口."""


@dataclass(frozen=True, slots=True)
class NextPageAsked(Event):
    """拍下一页."""


@dataclass(frozen=True, slots=True)
class AgainAsked(Event):
    """这一页重拍."""


@dataclass(frozen=True, slots=True)
class PageTurned(Event):
    """One page on, or back."""

    by: int


# --- what the camera answered ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PageHinted(Event):
    """What to do now (a progress, not the job's end)."""

    hint: str


@dataclass(frozen=True, slots=True)
class PageTaken(Event):
    """It can be read, and lies in the visit's memory."""


@dataclass(frozen=True, slots=True)
class PageNotTaken(Event):
    """None was; ``code`` says why."""

    code: str


@dataclass(frozen=True, slots=True)
class PageOnScreen(Event):
    """A page that was taken before is shown again."""


# --- what is to be done ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TakePage(Command):
    """The page ``at`` this place, instead of the one that is there. -> PageTaken | PageNotTaken (PageHinted on the
    way)."""

    at: int


@dataclass(frozen=True, slots=True)
class ShowPage(Command):
    """-> PageOnScreen."""

    at: int


@dataclass(frozen=True, slots=True)
class ForgetPages(Command):
    """All of them, now."""


def begin(limit: int = MOST, count: int = 0) -> Step[Next]:
    """The first screen. ``count``: how many were taken before in this visit for the same."""
    return Step(OfferingPages(Album(limit, count)))


def advance(state: Here, event: Event) -> Step[Next]:
    """The next screen, and what is to be done now."""
    match state:
        case OfferingPages():
            return _offered(state, event)
        case ShowingPage():
            return _showing(state, event)
        case LookingAtPage():
            return _looking(state, event)
        case NoPage():
            return _failed(state, event)


def _offered(state: OfferingPages, event: Event) -> Step[Next]:
    album = state.album
    match event:
        case PagesAsked() if album.count:
            return _look(album, album.count - 1)
        case PagesAsked():
            return replace(_take(album, 0), commands=(ForgetPages(), TakePage(0)))
        case LaterChosen():
            return Step(PagesLeft(), (ForgetPages(),))
        case h.WentBack():
            return Step(GivenUp(album.count))
        case _:
            return Step(state)


def _showing(state: ShowingPage, event: Event) -> Step[Next]:
    album, at = state.album, state.at
    match event:
        case PageHinted(hint):
            return Step(replace(state, hint=hint))
        case PageTaken():
            return Step(LookingAtPage(replace(album, count=max(album.count, at + 1)), at))
        case PageNotTaken(code):
            return Step(NoPage(album, at, code))
        case h.JobFailed():
            return Step(NoPage(album, at, "no-camera"))
        case h.WentBack():
            back = _back(album, at)
            return replace(back, commands=(h.StopJobs(), *back.commands))
        case _:
            return Step(state)


def _looking(state: LookingAtPage, event: Event) -> Step[Next]:
    album, at = state.album, state.at
    match event:
        case NextPageAsked() if state.last and album.room:
            return _take(album, album.count)
        case AgainAsked():
            return _take(album, at)
        case PageTurned(by) if 0 <= at + by < album.count:
            return _look(album, at + by)
        case h.WentOn():
            return Step(PagesTaken(album.count))
        case h.WentBack():
            return Step(OfferingPages(album))
        case _:
            return Step(state)


def _failed(state: NoPage, event: Event) -> Step[Next]:
    album = state.album
    match event:
        case AgainAsked():
            return _take(album, state.at)
        case h.WentOn() if album.count:
            return Step(PagesTaken(album.count))
        case h.WentOn():
            return Step(PagesLeft(state.code))
        case h.WentBack():
            return _back(album, state.at)
        case _:
            return Step(state)


def _back(album: Album, at: int) -> Step[Next]:
    """Among what was taken, or before anything was."""
    return _look(album, min(at, album.count - 1)) if album.count else Step(OfferingPages(album))


def _take(album: Album, at: int) -> Step[Next]:
    return Step(ShowingPage(album, at), (TakePage(at),))


def _look(album: Album, at: int) -> Step[Next]:
    return Step(LookingAtPage(album, at), (ShowPage(at),))
