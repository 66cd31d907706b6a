"""The composition root without a screen: settings -> devices, store, records, services, conductor.

``kiosk.main`` adds the window. Tests compose the same kiosk with a screen that only remembers.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType
from typing import Self

from backend_client.enrolment import CERTIFICATE_FILE, KEY_FILE
from backend_client.policy import PolicyHolder
from backend_client.session import RecordsSession
from civic.clock import Clock, SystemClock
from civic.errors import CodedError
from devices.catalog import Devices, build, camera_is_stream
from devices.errors import DeviceError
from forms.content import CHINA_TIME
from kiosk.conductor import Conductor, Desks, House, Screen
from kiosk.config import Configuration
from kiosk.flows import visit
from kiosk.flows.base import Event
from kiosk.place import PolicyPlace
from kiosk.presenters.surroundings import Surroundings
from kiosk.services.card import CardDesk
from kiosk.services.diagnostics import Diagnostics
from kiosk.services.identify import Identification
from kiosk.services.issue import IssuePaper
from kiosk.services.link import RecordsLink
from kiosk.services.maintenance import Maintenance, PinFile
from kiosk.services.paper import PaperDesk
from kiosk.services.readiness import Watch
from kiosk.services.record import RecordDesk
from kiosk.services.settle import Settle
from kiosk.store.journal import MIGRATIONS, Journal
from kiosk.store.settings import Settings
from terminal.jobs import Jobs
from terminal.policy_trust import policy_keys_under
from terminal.store.audit import Audit, AuditKind
from terminal.store.database import Database
from terminal.store.lock import SingleInstance
from terminal.texts import Catalogue

_POLL_S = 1.5  # a device that fails is grey on the home screen within five seconds
_BEAT_S = 2.5
STORE_FILE, LOCK_FILE, PIN_FILE = "kiosk.sqlite", "kiosk.lock", "maintenance-pin.json"

_log = logging.getLogger(__name__)


class NotEnrolledError(CodedError):
    """This kiosk has no identity yet: run ``kiosk enrol``."""

    code = "not-enrolled"


def software() -> str:
    """Name and version, for the heartbeat and the technician."""
    try:
        return f"lamplight {version('lamplight')}"
    except PackageNotFoundError:
        return "lamplight"


@dataclass(slots=True)
class Kiosk:
    """A composed kiosk. ``start`` begins the watches; ``close`` (or leaving the with-block) ends everything."""

    conductor: Conductor
    jobs: Jobs[Event]
    link: RecordsLink
    watch: Watch
    devices: Devices
    audit: Audit
    _session: RecordsSession
    _database: Database
    _lock: SingleInstance

    def start(self) -> None:
        """Show the first screen and begin to watch devices and records."""
        self.audit.append(AuditKind.STARTED)
        self.conductor.begin()
        self.jobs.repeat("records", _BEAT_S, self.link.tick)
        for ask in (self.devices.page_printer.health, self.devices.id_card.health, self.devices.camera.health):
            self.jobs.repeat(ask.__qualname__, _POLL_S, lambda ask=ask: self.watch.tell(ask()))  # type: ignore[misc]
        self.jobs.run_apart(lambda _: self._load_face(), lambda _: Event())

    def close(self) -> None:
        """Stop jobs, give ports back, close the store."""
        self.jobs.close()
        self.devices.id_card.close()
        self._session.close()
        self.audit.append(AuditKind.STOPPED)
        self._database.close()
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _load_face(self) -> Event:
        """In the background: the screen does not wait for the models."""
        self.watch.tell(self.devices.face.health())
        try:
            self.devices.face.load()
        except DeviceError as error:
            _log.error("face pack: %s", error.code)
        self.watch.tell(self.devices.face.health())
        return Event()


def compose(
    settings: Configuration, assets: Path, screen: Screen, wake: Callable[[], None], clock: Clock | None = None
) -> Kiosk:
    """Everything but the window. Raises CodedError: configuration, store, lock or missing enrolment."""
    clock = clock or SystemClock()
    folder = settings.store.folder
    identity = settings.records.identity
    certificate, key = identity / CERTIFICATE_FILE, identity / KEY_FILE
    if not (certificate.is_file() and key.is_file()):
        raise NotEnrolledError(str(identity))
    lock = SingleInstance(folder / LOCK_FILE)
    database = Database(folder / STORE_FILE, MIGRATIONS)
    audit, store, journal = Audit(database, clock), Settings(database), Journal(database, clock)
    devices = build(settings.devices)
    simulated = camera_is_stream(settings.devices)

    session = RecordsSession(settings.records.url, settings.records.root, certificate, key)
    policy = PolicyHolder(store, policy_keys_under(settings.records.root.read_text("ascii")), clock)
    jobs: Jobs[Event] = Jobs(wake)
    watch = Watch(audit, lambda readiness: jobs.post(visit.ReadinessChanged(readiness)))
    settle = Settle(session, journal, devices.page_printer, audit)
    link = RecordsLink(session, settle, policy, store, audit, watch, clock, software=software())
    diagnostics = Diagnostics(watch, link, policy, audit, folder, clock, software())

    papers = PaperDesk(IssuePaper(session, journal, devices.page_printer, audit))
    desks = Desks(
        card=CardDesk(devices.id_card),
        identification=Identification(session, devices.camera, devices.face, clock, audit, simulated=simulated),
        records=RecordDesk(session, papers, audit),
        papers=papers,
        maintenance=Maintenance(PinFile(folder / PIN_FILE), store, devices.page_printer, audit, clock),
        speaker=devices.speaker,
        audit=audit,
    )
    watch.tell(devices.speaker.health())
    words = Catalogue.load(assets / "texts")
    place = PolicyPlace(policy)

    def surroundings(language: visit.Language, maintaining: bool) -> Surroundings:  # noqa: FBT001 - House's signature
        table = diagnostics.table() if maintaining else ()
        now = clock.now().astimezone(CHINA_TIME)
        return Surroundings(words.in_language(language.value), now, place.place(), table, simulated=simulated)

    house = House(surroundings, place.purposes, place.idle_times)
    conductor = Conductor(screen, desks, house, jobs, clock)
    return Kiosk(conductor, jobs, link, watch, devices, audit, session, database, lock)
