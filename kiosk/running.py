"""A composed kiosk: what begins with it, what is loaded behind its first screen, and how all of it ends."""

import logging
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Self

from devices.catalog import Devices
from devices.errors import DeviceError
from devices.health import Health, Level
from forms.errors import FormsError
from forms.fonts import preload
from kiosk.conductor import Conductor
from kiosk.flows.base import Event
from kiosk.services.alarm import AlarmBell
from kiosk.services.diagnostics import Diagnostics
from kiosk.services.follow import Follow
from kiosk.services.link import RecordsLink
from kiosk.services.outbox_sync import OutboxSync
from kiosk.services.readiness import FONTS, Watch
from terminal.jobs import Jobs, Ticket
from terminal.renewal import Renewal
from terminal.store.audit import Audit

_POLL_S = 1.5  # a device that fails is grey on the home screen within five seconds
_BEAT_S = 2.5
_OUTBOX_S = 1.0
_CHANGES_S = 0.5
_ALARM_S = 0.2
_AUDIT_S = 600.0
_CERTIFICATE_S = 60.0

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Kiosk:
    """A composed kiosk. ``start`` begins the watches; ``close`` (or leaving the with-block) ends everything."""

    conductor: Conductor
    jobs: Jobs[Event]
    link: RecordsLink
    watch: Watch
    devices: Devices
    audit: Audit
    diagnostics: Diagnostics
    outbox: OutboxSync
    renewal: Renewal
    follow: Follow
    alarm: AlarmBell
    opened: ExitStack

    def start(self) -> None:
        """Show the first screen and begin to watch devices and records."""
        self.conductor.begin()
        self.jobs.repeat("records", _BEAT_S, self.link.tick)
        self.jobs.repeat("outbox", _OUTBOX_S, self.outbox.tick)
        self.jobs.repeat("changes", _CHANGES_S, self.follow.tick)
        self.jobs.repeat("hints", _CHANGES_S, self.follow.listen)
        self.jobs.repeat("alarm", _ALARM_S, self.alarm.tick)
        for name in ("page_printer", "thermal_printer", "id_card", "camera", "travel_document", "access_card"):
            if device := getattr(self.devices, name):
                self.jobs.repeat(name, _POLL_S, partial(self.watch.ask, name, device.health))
        self.jobs.repeat("silence", _POLL_S, self.watch.look_for_silence)
        self.jobs.repeat("certificate", _CERTIFICATE_S, self.renewal.tick)
        self.jobs.repeat("audit", _AUDIT_S, self.diagnostics.read_audit)
        for slow in (self._load_face, self._load_page_model, self._load_fonts):
            self.jobs.run_apart(slow, lambda _: Event())

    def close(self) -> None:
        """Stop jobs, give ports back, close the store: all of them, whatever one of them says. Safe to repeat."""
        self.opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _load_face(self, _: Ticket[Event]) -> Event:
        """In the background: the screen does not wait for the models."""
        self.watch.tell(self.devices.face.health())
        try:
            self.devices.face.load()
        except DeviceError as error:
            _log.error("face pack: %s", error.code)
        self.watch.tell(self.devices.face.health())
        return Event()

    def _load_page_model(self, _: Ticket[Event]) -> Event:
        """What reads a travel document's page: the same."""
        if (mrz := self.devices.mrz) is not None:
            try:
                mrz.load()
            except DeviceError as error:
                _log.error("page model: %s", error.code)
            self.watch.tell(mrz.health())
        return Event()

    def _load_fonts(self, _: Ticket[Event]) -> Event:
        """The same: the first paper is then as quick as the next."""
        try:
            preload()
        except FormsError as error:
            self.watch.tell(Health(FONTS, Level.DOWN, error.code, (("file", error.detail),)))
        return Event()
