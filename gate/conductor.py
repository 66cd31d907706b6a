"""Runs the gate: what is presented, touched or reported becomes an event, events become states and commands.

**From a card to the door's relay there is no queue and no frame.** The thread that has read a card asks the flow,
decides, and tells the door; the screen's thread is only woken, and draws whatever is true by then. So the flow is
entered from several threads, one at a time; what is slow is done outside of it, and counts only if the passer whom it
was begun for is still the one.

No Kivy here: the screen is whatever can ``show`` a view.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from threading import RLock
from typing import Protocol

from civic.clock import Clock
from civic.comfort import Language
from civic.errors import CodedError
from civic.flow import Command, Event
from devices.speaker.api import Speaker
from gate.actions import event_of
from gate.flows import happenings as h
from gate.flows import states as s
from gate.flows import technician as t
from gate.flows import terminal as flow
from gate.flows.admission import Admitted, Decision, NotAdmitted, Reason
from gate.presenters.surroundings import Surroundings
from gate.presenters.terminal import chrome, present
from gate.services.enrol_face import Consent
from gate.services.face_desk import FaceDesk
from gate.services.passage import Passage
from gate.services.reading import Shown
from gate.services.technician import TechnicianDesk
from terminal.jobs import Jobs, Ticket
from terminal.views import Chrome, View

_log = logging.getLogger(__name__)
_Later = Callable[[], None]


class Screen(Protocol):
    """What the conductor needs of the window."""

    def show(self, view: View, chrome: Chrome) -> None:
        """Draw this now."""


@dataclass(frozen=True, slots=True)
class Desks:
    """What is done for whoever comes in, and for who repairs it. ``faces`` None: no camera, or no models."""

    passage: Passage
    faces: FaceDesk | None
    speaker: Speaker
    technician: TechnicianDesk


@dataclass(slots=True, eq=False, repr=False)
class Passer:
    """Somebody at the gate, until they are forgotten. ``admitted``: how; ``consent``: whose face may be asked for."""

    admitted: Admitted | None = None
    consent: Consent | None = None


class Conductor:
    """``begin`` once, then ``touch``, ``act``, ``drain`` and ``tick`` from the screen's thread; ``presented`` and
    ``dispatch`` from any. ``around``: what the screen needs besides the state, by language."""

    def __init__(
        self, screen: Screen, desks: Desks, around: Callable[[Language], Surroundings], jobs: Jobs[Event], clock: Clock
    ) -> None:
        self._screen = screen
        self._desks = desks
        self._around = around
        self._jobs = jobs
        self._clock = clock
        self._lock = RLock()
        self._passer = Passer()
        self._ticked = clock.monotonic()
        self._said: tuple[bool, int, str] | None = None
        self.terminal = flow.Terminal()

    # --- from any thread ---

    def presented(self, what: object) -> None:
        """A card or a code was read: returns when it is decided, and the door told."""
        self.dispatch(flow.Presented(what))

    def dispatch(self, event: Event) -> None:
        """One event: the next state, and its commands."""
        self._do(self._advance(event))

    # --- from the screen's thread ---

    def begin(self) -> None:
        """Show the first screen."""
        self._present()

    def touch(self) -> None:
        """Somebody touched the screen: what that means, the target says."""

    def act(self, action: str) -> None:
        """A target was pressed."""
        event = event_of(action)
        if event is not None:
            self.dispatch(event)
            self._present()

    def drain(self) -> None:
        """Something has happened: show what is true now."""
        for event in self._jobs.drain():
            self.dispatch(event)
        self._present()

    def tick(self) -> None:
        """About once a second."""
        now = self._clock.monotonic()
        passed, self._ticked = now - self._ticked, now
        self.dispatch(h.TimePassed(passed))
        self._present()

    # --- states and commands ---

    def _advance(self, event: Event) -> list[_Later]:
        """What is left to do, outside of the lock."""
        with self._lock:
            was = self.terminal
            step = flow.advance(self.terminal, event)
            self.terminal = step.state
            later = [work for command in step.commands if (work := self._begun(command)) is not None]
        if (was.at, was.conditions) != (step.state.at, step.state.conditions):
            _log.debug("%s -> %s", type(was.at).__name__, type(step.state.at).__name__)
            self._jobs.wake()
        return later

    def _begun(self, command: Command) -> _Later | None:
        """Do at once what takes no time; the rest is begun elsewhere, or returned."""
        passer = self._passer
        match command:
            case flow.ForgetPasser():
                self._jobs.abandon()
                self._passer = Passer()
            case flow.StopLooking():
                self._jobs.abandon()
            case flow.Decide(what):
                return partial(self._decide, what, passer)
            case flow.OpenDoor():
                return partial(self._open, passer)
            case flow.CheckTypedCode(digits):
                self._run(lambda _: self._decide(Shown(digits.reveal()), passer))
            case flow.LookForFace():
                self._run(lambda ticket: self._look(ticket, passer))
            case flow.EnrolFace():
                self._run(lambda ticket: self._enrol(ticket, passer))
            case _:
                return self._served(command, passer)
        return None

    def _served(self, command: Command, passer: Passer) -> _Later | None:
        """What a technician has asked for; an answer that comes after they left is for nobody."""
        desk = self._desks.technician
        match command:
            case t.CheckPin(pin):
                self._run(lambda ticket: self._told(ticket, passer, desk.check(pin)))
            case t.TryDoor():
                self._run(lambda ticket: self._told(ticket, passer, desk.try_door()))
            case t.NoteLeaving():
                return desk.leave
            case _:
                _log.error("nobody does %s", type(command).__name__)
        return None

    def _decide(self, what: object, passer: Passer) -> None:
        self._decided(self._desks.passage.decide(what), passer)

    def _look(self, ticket: Ticket[Event], passer: Passer) -> None:
        say = partial(self._told, ticket, passer)
        found = self._desks.faces.look(ticket.cancel, say) if self._desks.faces else None
        if found is None:
            self._decided(NotAdmitted(Reason.UNKNOWN), passer)
        else:
            self._decide(found, passer)

    def _decided(self, decision: Decision, passer: Passer) -> None:
        """Of no more use, when whoever it is about has left meanwhile."""
        with self._lock:
            if passer is not self._passer:
                return
            if isinstance(decision, Admitted):
                passer.admitted = decision
                enrols = passer.consent is not None and passer.consent.given_by(decision)
                later = self._advance(flow.Admitted(decision.in_grace, enrols))
            else:
                later = self._advance(flow.NotAdmitted())
        self._do(later)

    def _open(self, passer: Passer) -> None:
        """Once told, the door stays told, whoever comes next."""
        if not self._desks.passage.open():
            self._told(None, passer, h.DoorFailed())
        elif passer.admitted is not None and self._desks.faces is not None:
            passer.consent = self._desks.faces.consent(passer.admitted)
            if passer.consent is not None:
                self._told(None, passer, h.EnrolmentOffered())

    def _enrol(self, ticket: Ticket[Event], passer: Passer) -> None:
        faces, consent = self._desks.faces, passer.consent
        say = partial(self._told, ticket, passer)
        made = faces is not None and consent is not None and faces.enrol(consent, ticket.cancel, say)
        say(h.FaceEnrolled() if made else h.EnrolmentFailed())

    def _told(self, ticket: Ticket[Event] | None, passer: Passer, event: Event) -> None:
        """A camera that was stopped may have one more word, and a door its failure: it is not for whoever stands here
        next."""
        with self._lock:
            if passer is not self._passer or (ticket is not None and ticket.cancel.is_set()):
                return
            later = self._advance(event)
        self._do(later)

    def _run(self, work: Callable[[Ticket[Event]], None]) -> None:
        def done(ticket: Ticket[Event]) -> Event:
            work(ticket)
            return Event()

        self._jobs.run(done, _failed)

    @staticmethod
    def _do(later: list[_Later]) -> None:
        for work in later:
            work()

    # --- what is shown ---

    def _present(self) -> None:
        terminal = self.terminal
        around = self._around(terminal.comfort.language)
        if isinstance(terminal.at, s.AtService):
            around = replace(around, machine=self._desks.technician.machine())
        view = present(terminal, around)
        row = chrome(terminal, view, around)
        self._screen.show(view, row)
        self._speak(terminal, view, row)

    def _speak(self, terminal: flow.Terminal, view: View, row: Chrome) -> None:
        """Say what is new, to whoever asked for speech; what concerns everybody is said aloud in any case."""
        said = (terminal.helping, view.aloud, view.spoken) if terminal.comfort.speech or view.aloud else None
        if said == self._said:
            return
        self._said = said
        if said is None:
            self._desks.speaker.hush()
        else:
            self._desks.speaker.say(row.help or view.spoken, terminal.comfort.language.value)


def _failed(error: Exception) -> Event:
    """The screen goes on by itself, as from whatever takes too long. The log has no word of the error's own: it may
    quote what opens a gate."""
    _log.error("job failed: %s", error.code if isinstance(error, CodedError) else type(error).__name__)
    return Event()
