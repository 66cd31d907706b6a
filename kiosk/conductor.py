"""Runs the visit: touches and answers become events, events become states and commands, commands become jobs.

No Kivy here: the screen is whatever can ``show`` a view. Everything but ``Jobs`` runs on the screen's thread.
"""

import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from civic.clock import Clock
from civic.errors import CodedError
from devices.camera.api import Image
from kiosk.actions import event_of
from kiosk.flows import check_paper, claim, maintenance, pages, proof, touches, visit
from kiosk.flows import happenings as h
from kiosk.flows import identity as who
from kiosk.flows.base import Command, Event
from kiosk.flows.comfort import Language
from kiosk.flows.errand import Service
from kiosk.flows.identity import Offers
from kiosk.flows.readiness import OutOfService, Readiness
from kiosk.idle import IdleTimes, due
from kiosk.presenters.surroundings import Surroundings
from kiosk.presenters.visit import chrome, present
from kiosk.services.desks import Desks
from kiosk.services.memory import VisitMemory
from terminal.jobs import Jobs, Ticket
from terminal.store.audit import AuditKind
from terminal.store.errors import StoreError
from terminal.views import Chrome, View

_log = logging.getLogger(__name__)

_BEFORE_CAMERA = (
    proof.FacingCamera | claim.ShowingPage | check_paper.ShowingPaper | pages.ShowingPage | pages.LookingAtPage
)


class Screen(Protocol):
    """What the conductor needs of the window."""

    def show(self, view: View, chrome: Chrome) -> None:
        """Draw this now."""

    def show_frame(self, image: Image | None) -> None:
        """The camera's newest picture; None: dark."""

    def forget(self) -> None:
        """Blank everything that may show a person's data."""


@dataclass(frozen=True, slots=True)
class House:
    """What changes around the visit: words and policy of the hour. Called on the screen's thread."""

    surroundings: Callable[[Language, bool], Surroundings]
    service: Callable[[str], Service | None]
    offers: Callable[[str, Readiness], Offers]
    idle_times: Callable[[], IdleTimes]


class Conductor:
    """``begin`` once, then ``touch``, ``act``, ``drain`` and ``tick`` from the screen's thread."""

    def __init__(self, screen: Screen, desks: Desks, house: House, jobs: Jobs[Event], clock: Clock) -> None:
        self._screen = screen
        self._desks = desks
        self._house = house
        self._jobs = jobs
        self._clock = clock
        self._memory = VisitMemory()
        self._moved_at = clock.monotonic()
        self._spoken: tuple[visit.Overlay, int, str] | None = None
        closed = desks.maintenance.closed()
        why = OutOfService(*closed) if closed else None
        self.visit = visit.Visit(visit.Closed(why) if why else visit.Attract(), closed=why)

    def begin(self) -> None:
        """Show the first screen."""
        self._present()

    def idle(self) -> bool:
        """Whether nobody is being served. From any thread."""
        return isinstance(self.visit.place, visit.Attract | visit.Closed)

    def touch(self) -> None:
        """Somebody touched the screen, anywhere."""
        self._moved_at = self._clock.monotonic()
        if self.visit.overlay is visit.Overlay.IDLE:
            self.dispatch(touches.Extended())

    def act(self, action: str) -> None:
        """A target was pressed."""
        self.touch()
        event = event_of(action, self._house.service, self._offers)
        if event is not None:
            self.dispatch(event)

    def drain(self) -> None:
        """Take what jobs have answered, and the newest picture."""
        for event in self._jobs.drain():
            self.dispatch(event)
        image = self._memory.seen()
        if image is not None and isinstance(visit.innermost(self.visit), _BEFORE_CAMERA):  # not one that came late
            self._screen.show_frame(image)

    def tick(self) -> None:
        """Once a second: idle, and the clock on the screen."""
        event = due(self.visit, self._clock.monotonic() - self._moved_at, self._house.idle_times())
        if event is not None:
            self.dispatch(event)
        elif isinstance(self.visit.place, visit.Attract | visit.Maintaining):
            self._present()

    def dispatch(self, event: Event) -> None:
        """One event: the next state, its commands, its view."""
        before = self.visit
        step = visit.advance(before, event)
        self.visit = step.state
        was, now = type(visit.innermost(before)), type(visit.innermost(self.visit))
        if was is not now or type(before.place) is not type(self.visit.place):
            self._moved_at = self._clock.monotonic()
            _log.debug("%s -> %s", was.__name__, now.__name__)
        if issubclass(was, _BEFORE_CAMERA) and not issubclass(now, _BEFORE_CAMERA):
            self._darken()
        self._perform_all(step.commands)
        if isinstance(self.visit.place, visit.Home) and not isinstance(before.place, visit.Home):
            self._audit(AuditKind.VISIT_BEGAN, visit=self._memory.visit)
        self._present()

    def _offers(self, service: str) -> Offers:
        return self._house.offers(service, self.visit.readiness)

    # --- what is shown ---

    def _present(self) -> None:
        maintaining = isinstance(self.visit.place, visit.Maintaining)
        around = self._house.surroundings(self.visit.comfort.language, maintaining)
        view = present(self.visit, around)
        row = chrome(self.visit, view, around)
        self._screen.show(view, row)
        self._speak(view, row)

    def _speak(self, view: View, row: Chrome) -> None:
        """Say what is new: the screen's sentence, or what lies over it (the seconds of a warning once, not counted).
        What must not be left lying is said aloud, whoever asked for speech or did not."""
        comfort, overlay = self.visit.comfort, self.visit.overlay
        said = (overlay, view.aloud, view.spoken) if comfort.speech or view.aloud else None
        if said == self._spoken:
            return
        self._spoken = said
        if said is None:
            self._desks.speaker.hush()
        else:
            self._desks.speaker.say(row.warning or row.help or view.spoken, comfort.language.value)

    # --- what is done ---

    def _perform_all(self, commands: tuple[Command, ...]) -> None:
        """In order. What can't be written down keeps nothing from being done after it, least of all the wipe; only the
        camera stays closed without a consent on record."""
        for command in commands:
            try:
                self._perform(command)
            except StoreError as error:
                _log.error("%s: %s", type(command).__name__, error.code)
                if command == who.NoteConsent(given=True):
                    self._jobs.run(partial(_not_written, error), _failed)
                    return

    def _perform(self, command: Command) -> None:
        match command:
            case h.ForgetResident():
                self._forget()
            case h.StopJobs():
                self._jobs.abandon()
                self._darken()
            case h.ConfirmPaper(serial):
                self._apart(lambda: self._desks.papers.confirm(serial))
            case touches.RaiseAlarm():
                self._desks.speaker.sound_alarm()
                self._audit(AuditKind.ALARM)
                self._desks.bell.ring(lambda reached: self._jobs.post(touches.AlarmAnswered(reached)))
            case maintenance.RingTestAlarm():
                self._audit(AuditKind.MAINTENANCE_ACTION, action="test-alarm")
                self._desks.bell.ring(
                    lambda reached: self._jobs.post(maintenance.TestAlarmAnswered(reached)), test=True
                )
            case maintenance.NoteLeaving():
                self._desks.bell.left()
                self._hand_over(command)
            case _:
                self._hand_over(command)

    def _hand_over(self, command: Command) -> None:
        work = self._desks.work(command, self._memory, self._watching(self._memory))
        if work is None:
            self._desks.do_now(command, self._memory)
        else:  # a paper that did not reach the resident is void, whether or not they wait to hear it
            self._jobs.run(work, _failed, even_if_left=isinstance(command, h.RejectPaper))

    def _darken(self) -> None:
        """Nobody looks into the camera any more: no picture of them stays, shown or waiting."""
        self._memory.seen()
        self._screen.show_frame(None)

    def _watching(self, memory: VisitMemory) -> Callable[[Image], None]:
        def see(image: Image) -> None:
            memory.see(image)
            self._jobs.wake()

        return see

    def _apart(self, work: Callable[[], object]) -> None:
        """For what must be done whoever has left meanwhile; its end tells the flow nothing."""

        def done(_: Ticket[Event]) -> Event:
            work()
            return Event()

        self._jobs.run_apart(done, _failed_apart)

    def _forget(self) -> None:
        """Jobs, memory, picture, words in the air, screen: in this order, so that nothing comes back."""
        self._jobs.abandon()
        self._desks.bell.left()
        self._memory.forget()
        self._memory = VisitMemory()
        self._desks.speaker.hush()
        self._spoken = None
        self._screen.show_frame(None)
        self._screen.forget()
        self._audit(AuditKind.RESIDENT_FORGOTTEN)

    def _audit(self, kind: AuditKind, **fields: str) -> None:
        """A full disk keeps nobody from being forgotten, nor an alarm from sounding."""
        try:
            self._desks.audit.append(kind, **fields)
        except StoreError as error:
            _log.error("audit of %s: %s", kind.value, error.code)


def _not_written(error: StoreError, _: Ticket[Event]) -> Event:
    raise error


def _failed(error: Exception) -> Event:
    """The resident hears of it. The log says where, and never the error's own words: they may quote somebody."""
    where = traceback.extract_tb(error.__traceback__)[-1:]
    _log.error("job failed: %s at %s", type(error).__name__, "".join(f"{at.name}:{at.lineno}" for at in where))
    return h.JobFailed(error.code if isinstance(error, CodedError) else CodedError.code)


def _failed_apart(error: Exception) -> Event:
    _failed(error)
    return Event()
