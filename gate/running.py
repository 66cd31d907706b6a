"""A composed gate: what begins with it, and how all of it ends."""

from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Protocol, Self

from civic.flow import Event
from devices.errors import DeviceError
from devices.health import Health
from gate.conductor import Conductor
from gate.place import Place
from gate.services.face_desk import FaceDesk
from gate.services.fitted import Fitted
from gate.services.link import GateLink
from gate.services.listening import Listening
from gate.services.sharing import Sharing
from gate.services.tidy import Tidy
from gate.services.watch import GateWatch
from terminal.following import Follow
from terminal.jobs import Jobs, Ticket
from terminal.renewal import Renewal

_LISTEN_S = 0.01  # between two cards: each is listened for without an end
_POLL_S = 1.5
_BEAT_S = 2.5
_CHANGES_S = 0.1  # it looks itself whether to ask
_HINTS_S = 0.5
_PLACE_S = 5.0
_SHARE_S = 1.0
_TIDY_S = 30.0  # it looks itself at what is due
_CERTIFICATE_S = 60.0
_ASKED_S = 60.0  # where a hint was lost


class Polled(Protocol):
    """A device that says how it is."""

    def health(self) -> Health:
        """Never raises."""


@dataclass(slots=True)
class Gate:
    """A composed gate. ``start`` begins everything; ``close`` (or leaving the with-block) ends it. ``faces`` and
    ``share`` None: no camera, or no models (``share``: nor an address for the other gates)."""

    conductor: Conductor
    jobs: Jobs[Event]
    watch: GateWatch
    fitted: Fitted
    link: GateLink
    follow: Follow
    listening: Listening
    place: Place
    faces: FaceDesk | None
    share: Sharing | None
    tidy: Tidy
    renewal: Renewal
    opened: ExitStack

    def start(self) -> None:
        """Show the first screen and listen to whoever comes; only then ask whether records are there."""
        self.conductor.begin()
        repeat = self.jobs.repeat
        repeat("cards", _LISTEN_S, self.listening.card)
        repeat("codes", _LISTEN_S, self.listening.code)
        repeat("doorway", _LISTEN_S, self.listening.doorway)
        for name, device in self._polled():
            repeat(name, _POLL_S, partial(self.watch.ask, name, device.health))
        repeat("silence", _POLL_S, self.watch.look_for_silence)
        repeat("place", _PLACE_S, self._look_around)
        repeat("records", _BEAT_S, self.link.tick)
        repeat("changes", _CHANGES_S, self.follow.tick)
        repeat("hints", _HINTS_S, self.follow.listen)
        repeat("asked", _ASKED_S, self.link.asked)
        repeat("tidy", _TIDY_S, self._tidy)
        repeat("certificate", _CERTIFICATE_S, self.renewal.tick)
        if self.share is not None:
            self.share.start(repeat)
            repeat("sharing", _SHARE_S, self.share.tick)
        if self.faces is not None:
            self.jobs.run_apart(self._load_faces, lambda _: Event())

    def close(self) -> None:
        """Stop listening, give ports back, close the store: all of them, whatever one of them says. Safe to repeat."""
        self.opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _polled(self) -> list[tuple[str, Polled]]:
        fitted = self.fitted
        devices: tuple[tuple[str, Polled | None], ...] = (
            ("door", fitted.door),
            ("access_card", fitted.cards),
            ("code_scanner", fitted.codes),
            ("camera", fitted.camera),
            ("face", fitted.engine),
        )
        return [(name, device) for name, device in devices if device is not None]

    def _look_around(self) -> None:
        self.place.look()
        if self.faces is not None:
            self.watch.tell_face(self.faces.offer())

    def _tidy(self) -> None:
        """A face that lost its consent is searched no longer."""
        self.tidy.tick()
        if self.faces is not None:
            self.faces.refresh()

    def _load_faces(self, _: Ticket[Event]) -> Event:
        """In the background: whoever has a card does not wait for the models. Their health says what is wrong."""
        if self.faces is not None:
            with suppress(DeviceError):
                self.faces.load()
            self._look_around()
        return Event()
