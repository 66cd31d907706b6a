"""Runs the visit: touches and answers become events, events become states and commands, commands become jobs.

No Kivy here: the screen is whatever can ``show`` a view. Everything but ``Jobs`` runs on the screen's thread.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from civic.clock import Clock
from devices.camera.api import Image
from devices.speaker.api import Speaker
from kiosk.actions import event_of
from kiosk.flows import happenings as h
from kiosk.flows import maintenance, visit
from kiosk.flows.base import Command, Event
from kiosk.idle import IdleTimes, due
from kiosk.presenters.surroundings import Surroundings
from kiosk.presenters.visit import chrome, present
from kiosk.services.card import CardDesk
from kiosk.services.identify import Identification
from kiosk.services.maintenance import Maintenance
from kiosk.services.memory import VisitMemory
from kiosk.services.paper import PaperDesk
from kiosk.services.record import RecordDesk
from terminal.jobs import Jobs, Ticket
from terminal.latest import Latest
from terminal.store.audit import Audit, AuditKind
from terminal.views import Chrome, View

_log = logging.getLogger(__name__)

Work = Callable[[Ticket[Event]], Event]


class Screen(Protocol):
    """What the conductor needs of the window."""

    def show(self, view: View, chrome: Chrome) -> None:
        """Draw this now."""

    def show_frame(self, image: Image | None) -> None:
        """The camera's newest picture; None: dark."""

    def forget(self) -> None:
        """Blank everything that may show a person's data."""


@dataclass(frozen=True, slots=True)
class Desks:
    """The services that commands are carried to."""

    card: CardDesk
    identification: Identification
    records: RecordDesk
    papers: PaperDesk
    maintenance: Maintenance
    speaker: Speaker
    audit: Audit


@dataclass(frozen=True, slots=True)
class House:
    """What changes around the visit: words and policy of the hour. Called on the screen's thread."""

    surroundings: Callable[[visit.Language, bool], Surroundings]
    purposes: Callable[[str], tuple[h.Purpose, ...]]
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
        self._frames: Latest[Image] = Latest()
        self._moved_at = clock.monotonic()
        self._spoken = ""
        closed = desks.maintenance.closed()
        why = visit.OutOfService(*closed) if closed else None
        self.visit = visit.Visit(visit.Closed(why) if why else visit.Attract(), closed=why)

    def begin(self) -> None:
        """Show the first screen."""
        self._present()

    def touch(self) -> None:
        """Somebody touched the screen, anywhere."""
        self._moved_at = self._clock.monotonic()
        if self.visit.overlay is visit.Overlay.IDLE:
            self.dispatch(visit.Extended())

    def act(self, action: str) -> None:
        """A target was pressed."""
        self.touch()
        event = event_of(action, self._house.purposes)
        if event is not None:
            self.dispatch(event)

    def drain(self) -> None:
        """Take what jobs have answered, and the newest picture."""
        for event in self._jobs.drain():
            self.dispatch(event)
        image = self._frames.take()
        if image is not None:
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
        if type(before.place) is not type(self.visit.place) or _at(before) is not _at(self.visit):
            self._moved_at = self._clock.monotonic()
            _log.debug("%s -> %s", _at(before).__name__, _at(self.visit).__name__)
            self._note_visit(before)
        for command in step.commands:
            self._perform(command)
        self._present()

    # --- what is shown ---

    def _present(self) -> None:
        comfort = self.visit.comfort
        maintaining = isinstance(self.visit.place, visit.Maintaining)
        around = self._house.surroundings(comfort.language, maintaining)
        view = present(self.visit, around)
        self._screen.show(view, chrome(self.visit, view, around))
        if comfort.speech and view.spoken != self._spoken:
            self._desks.speaker.say(view.spoken, comfort.language.value)
        self._spoken = view.spoken if comfort.speech else ""

    # --- what is done ---

    def _perform(self, command: Command) -> None:
        desks = self._desks
        match command:
            case h.ForgetResident():
                self._forget()
            case h.StopJobs():
                self._jobs.abandon()
                self._screen.show_frame(None)
            case h.ConfirmPaper(serial):
                self._apart(lambda _: desks.papers.confirm(serial))
            case visit.RaiseAlarm():
                desks.audit.append(AuditKind.ALARM)
                desks.speaker.sound_alarm()
                # Nobody is reached yet: a desk's bell or a duty phone is not part of this kiosk, and we say so.
                self._jobs.post(visit.AlarmAnswered("nobody"))
            case _:
                work = self._of_visit(command) or self._of_maintenance(command)
                if work is not None:
                    self._jobs.run(work, _failed)

    def _of_visit(self, command: Command) -> Work | None:  # noqa: PLR0911 - one match, one command each
        desks, memory = self._desks, self._memory
        match command:
            case h.LookAtReader():
                return lambda _: desks.card.look()
            case h.WaitForLift():
                return lambda ticket: desks.card.wait_for_lift(ticket.cancel)
            case h.ReadNextCard():
                return lambda ticket: desks.card.read_next(memory, ticket.cancel)
            case h.Identify():
                return lambda _: desks.identification.identify(memory)
            case h.VerifyFace():
                return partial(self._verify_face, memory)
            case h.OpenRecord():
                return lambda _: desks.records.open(memory)
            case h.MakePaper():
                return lambda ticket: desks.papers.make(command, memory, ticket.report, ticket.cancel)
            case h.RejectPaper(serial, unreadable):
                return lambda _: desks.papers.reject(serial, unreadable=unreadable)
            case _:
                return None

    def _of_maintenance(self, command: Command) -> Work | None:
        desk = self._desks.maintenance
        match command:
            case maintenance.CheckPin(pin):
                return lambda _: desk.check(pin)
            case maintenance.PrintTestPage():
                return lambda ticket: desk.print_test_page(ticket.cancel)
            case maintenance.CloseKiosk(reason, expected):
                desk.close(reason, expected)
            case maintenance.ReopenKiosk():
                desk.open()
            case maintenance.NoteLeaving():
                desk.leave()
            case _:
                pass
        return None

    def _verify_face(self, memory: VisitMemory, ticket: Ticket[Event]) -> Event:
        return self._desks.identification.verify_face(memory, ticket.cancel, ticket.report, self._show_frame(ticket))

    def _show_frame(self, ticket: Ticket[Event]) -> Callable[[Image], None]:
        def show(image: Image) -> None:
            if not ticket.cancel.is_set():
                self._frames.put(image)

        return show

    def _apart(self, work: Callable[[Ticket[Event]], object]) -> None:
        """For what must be done whoever has left meanwhile; its end tells the flow nothing."""

        def done(ticket: Ticket[Event]) -> Event:
            work(ticket)
            return Event()

        self._jobs.run_apart(done, _failed_apart)

    def _forget(self) -> None:
        """Jobs, memory, picture, words in the air, screen: in this order, so that nothing comes back."""
        self._jobs.abandon()
        self._frames.put(None)
        self._memory.forget()
        self._memory = VisitMemory()
        self._desks.speaker.hush()
        self._spoken = ""
        self._screen.show_frame(None)
        self._screen.forget()
        self._desks.audit.append(AuditKind.RESIDENT_FORGOTTEN)

    def _note_visit(self, before: visit.Visit) -> None:
        if isinstance(before.place, visit.Attract) and isinstance(self.visit.place, visit.Home):
            self._desks.audit.append(AuditKind.VISIT_BEGAN, visit=self._memory.visit)


def _at(now: visit.Visit) -> type:
    """The kind of screen, as far as one screen differs from another."""
    return type(now.place.at) if isinstance(now.place, visit.Serving | visit.Maintaining) else type(now.place)


def _failed(error: Exception) -> Event:
    _log.error("job failed: %s", type(error).__name__)
    return h.JobFailed(getattr(error, "code", "unexpected"))


def _failed_apart(error: Exception) -> Event:
    _log.error("job failed: %s", type(error).__name__)
    return Event()
