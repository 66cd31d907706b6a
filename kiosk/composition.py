"""The composition root without a screen: settings -> devices, store, records, services, conductor.

``kiosk.main`` adds the window. Tests compose the same kiosk with a screen that only remembers.
"""

import logging
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import TracebackType
from typing import Self

from backend_client.enrolment import CERTIFICATE_FILE, KEY_FILE
from backend_client.policy import PolicyHolder
from backend_client.session import RecordsSession
from backend_client.statement import StatementSigner
from civic.clock import Clock, SystemClock
from civic.errors import CodedError
from devices.catalog import Devices, build, camera_is_stream
from devices.errors import DeviceError, DeviceMisconfiguredError
from devices.health import Health, Level
from forms.errors import FormsError
from forms.fonts import preload
from forms.paper import CHINA_TIME
from forms.raster import WIDTH
from kiosk.conductor import Conductor, House, Screen
from kiosk.config import Configuration, RecordsSettings
from kiosk.flows.base import Event
from kiosk.flows.comfort import Language
from kiosk.flows.identity import Offers
from kiosk.flows.readiness import Readiness, ReadinessChanged
from kiosk.place import PolicyPlace
from kiosk.presenters.surroundings import Surroundings
from kiosk.services.belief import Belief
from kiosk.services.card import CardDesk
from kiosk.services.check import CheckDesk
from kiosk.services.claim import ClaimDesk
from kiosk.services.desks import Desks
from kiosk.services.diagnostics import Diagnostics
from kiosk.services.document import DocumentDesk
from kiosk.services.evidence import Witness
from kiosk.services.issue import IssuePaper
from kiosk.services.link import RecordsLink
from kiosk.services.maintenance import Maintenance
from kiosk.services.paper import PaperDesk
from kiosk.services.pin import PinFile
from kiosk.services.printers import PageOutlet, Printers, StripOutlet, user_at_printers
from kiosk.services.proof import ProofDesk
from kiosk.services.readiness import FONTS, Watch
from kiosk.services.record import RecordDesk
from kiosk.services.settle import Settle
from kiosk.store.journal import MIGRATIONS, Journal
from kiosk.store.settings import Settings
from terminal.jobs import Jobs, Ticket
from terminal.policy_trust import policy_keys_under
from terminal.store.audit import Audit, AuditKind
from terminal.store.database import Database
from terminal.store.lock import SingleInstance
from terminal.texts import Catalogue

_POLL_S = 1.5  # a device that fails is grey on the home screen within five seconds
_BEAT_S = 2.5
_AUDIT_S = 600.0
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
    diagnostics: Diagnostics
    _opened: ExitStack

    def start(self) -> None:
        """Show the first screen and begin to watch devices and records."""
        self.conductor.begin()
        self.jobs.repeat("records", _BEAT_S, self.link.tick)
        for name in ("page_printer", "thermal_printer", "id_card", "camera", "travel_document"):
            if device := getattr(self.devices, name):
                self.jobs.repeat(name, _POLL_S, partial(self.watch.ask, name, device.health))
        self.jobs.repeat("silence", _POLL_S, self.watch.look_for_silence)
        self.jobs.repeat("audit", _AUDIT_S, self.diagnostics.read_audit)
        for slow in (self._load_face, self._load_page_model, self._load_fonts):
            self.jobs.run_apart(slow, lambda _: Event())

    def close(self) -> None:
        """Stop jobs, give ports back, close the store: all of them, whatever one of them says. Safe to repeat."""
        self._opened.close()

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
            self.watch.tell(Health(FONTS, Level.DOWN, error.code))
        return Event()


def compose(
    settings: Configuration, assets: Path, screen: Screen, wake: Callable[[], None], clock: Clock | None = None
) -> Kiosk:
    """Everything but the window. Raises CodedError (configuration, store, lock or missing enrolment), and then has
    closed whatever it had opened."""
    with ExitStack() as opened:
        kiosk = _compose(settings, assets, screen, wake, clock or SystemClock(), opened)
        kiosk._opened = opened.pop_all()  # noqa: SLF001 - from here on it is the kiosk's to close
    return kiosk


def _compose(
    settings: Configuration, assets: Path, screen: Screen, wake: Callable[[], None], clock: Clock, opened: ExitStack
) -> Kiosk:
    folder, identity = settings.store.folder, _identity(settings.records)
    trusted = policy_keys_under(settings.records.root_certificate())
    words = Catalogue.load(assets / "texts")
    audit, store, journal = _store(folder, clock, opened)
    session = RecordsSession(settings.records.url, settings.records.root, *identity)
    opened.callback(session.close)
    devices = _devices(settings, _user_at_printers(identity[0]), opened)
    policy = PolicyHolder(store, trusted, clock)
    jobs: Jobs[Event] = Jobs(wake)
    audit.append(AuditKind.STARTED)
    opened.callback(audit.append, AuditKind.STOPPED)
    opened.callback(jobs.close)

    place = PolicyPlace(policy)
    watch = Watch(audit, lambda readiness: jobs.post(ReadinessChanged(readiness)), clock, place.ways, place.media)
    watch.tell(devices.speaker.health())
    for name in ("travel_document", "mrz", "thermal_printer"):
        if getattr(devices, name) is None:
            watch.tell(Health(name, Level.UNKNOWN, "not-fitted"))
    printers = _printers(devices, settings)
    settle = Settle(session, journal, printers, audit)
    belief = Belief(settings.records.root_certificate(), folder, clock)
    check = CheckDesk(devices.camera, session, belief, clock)
    link = RecordsLink(session, settle, policy, store, audit, watch, clock, software(), check.refresh)
    diagnostics = Diagnostics(watch, link, policy, audit, folder, clock, software())
    papers = PaperDesk(IssuePaper(session, journal, printers, place, audit))
    simulated = camera_is_stream(settings.devices)
    witness = Witness(StatementSigner(identity[1]), devices.face, clock, simulated=simulated)
    desks = Desks(
        card=CardDesk(devices.id_card, audit, devices.travel_document),
        document=DocumentDesk(devices.camera, devices.mrz, devices.travel_document, audit),
        claim=ClaimDesk(session, clock, audit, place.face_from_age, devices.photo_decoder),
        proof=ProofDesk(session, devices.camera, devices.face, devices.passive, witness, clock, audit, place.notice),
        records=RecordDesk(session, papers, audit, clock),
        papers=papers,
        maintenance=Maintenance(PinFile(folder / PIN_FILE), store, printers, audit, clock),
        speaker=devices.speaker,
        audit=audit,
        check=check,
    )

    def surroundings(language: Language, maintaining: bool) -> Surroundings:  # noqa: FBT001 - House's signature
        table = diagnostics.table() if maintaining else ()
        now = clock.now().astimezone(CHINA_TIME)
        return Surroundings(words.in_language(language.value), now, place.place(), table, simulated=simulated)

    def offers(service: str, readiness: Readiness) -> Offers:
        return place.offers(service, readiness, clock.now().astimezone(CHINA_TIME).date())

    house = House(surroundings, place.service, offers, place.idle_times)
    return Kiosk(Conductor(screen, desks, house, jobs, clock), jobs, link, watch, devices, audit, diagnostics, opened)


def _store(folder: Path, clock: Clock, opened: ExitStack) -> tuple[Audit, Settings, Journal]:
    """The kiosk's own disk, for this process alone. Raises StoreError."""
    opened.callback(SingleInstance(folder / LOCK_FILE).release)
    database = Database(folder / STORE_FILE, MIGRATIONS)
    opened.callback(database.close)
    return Audit(database, clock), Settings(database), Journal(database, clock)


def _devices(settings: Configuration, user: str, opened: ExitStack) -> Devices:
    devices = build(settings.devices, user)
    opened.callback(devices.id_card.close)
    if devices.travel_document is not None:
        opened.callback(devices.travel_document.close)
    opened.callback(devices.speaker.hush)
    return devices


def _printers(devices: Devices, settings: Configuration) -> Printers:
    """Raises DeviceMisconfiguredError for a strip printer on whose paper no paper of ours has room."""
    page, fitted = PageOutlet(devices.page_printer), settings.devices.thermal_printer
    if devices.thermal_printer is None or fitted is None:
        return Printers(page)
    if fitted.model.printable < WIDTH:
        raise DeviceMisconfiguredError(f"thermal_printer: a paper is {WIDTH} dots wide")
    return Printers(page, StripOutlet(devices.thermal_printer))


def _identity(records: RecordsSettings) -> tuple[Path, Path]:
    """Certificate and key. Raises NotEnrolledError."""
    certificate, key = records.identity / CERTIFICATE_FILE, records.identity / KEY_FILE
    if not (certificate.is_file() and key.is_file()):
        raise NotEnrolledError(str(records.identity))
    return certificate, key


def _user_at_printers(certificate: Path) -> str:
    """Raises NotEnrolledError for what is no certificate."""
    try:
        return user_at_printers(certificate.read_bytes())
    except ValueError:
        raise NotEnrolledError(str(certificate)) from None
