"""The composition root without a screen: settings -> devices, store, records, services, conductor.

``kiosk.main`` adds the window. Tests compose the same kiosk with a screen that only remembers.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from backend_client.enrolment import CERTIFICATE_FILE, KEY_FILE
from backend_client.policy import PolicyHolder
from backend_client.session import RecordsSession
from backend_client.statement import StatementSigner
from civic.clock import Clock, SystemClock
from civic.errors import CodedError
from devices.catalog import Devices, build, camera_is_stream
from devices.errors import DeviceMisconfiguredError
from devices.health import Health, Level
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
from kiosk.running import Kiosk
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
from kiosk.services.pin import PIN_FILE, PinFile
from kiosk.services.printers import PageOutlet, Printers, StripOutlet, user_at_printers
from kiosk.services.proof import ProofDesk
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

STORE_FILE, LOCK_FILE = "kiosk.sqlite", "kiosk.lock"


class NotEnrolledError(CodedError):
    """This kiosk has no identity yet: run ``kiosk enrol``."""

    code = "not-enrolled"


def software() -> str:
    """Name and version, for the heartbeat and the technician."""
    try:
        return f"lamplight {version('lamplight')}"
    except PackageNotFoundError:
        return "lamplight"


def compose(
    settings: Configuration, assets: Path, screen: Screen, wake: Callable[[], None], clock: Clock | None = None
) -> Kiosk:
    """Everything but the window. Raises CodedError (configuration, store, lock or missing enrolment), and then has
    closed whatever it had opened."""
    with ExitStack() as opened:
        kiosk = _compose(settings, assets, screen, wake, clock or SystemClock(), opened)
        kiosk.opened = opened.pop_all()  # from here on it is the kiosk's to close
    return kiosk


@dataclass(frozen=True, slots=True)
class _Ground:
    """What all services stand on."""

    settings: Configuration
    clock: Clock
    key: Path
    audit: Audit
    store: Settings
    journal: Journal
    session: RecordsSession
    devices: Devices
    policy: PolicyHolder
    place: PolicyPlace
    printers: Printers


def _compose(
    settings: Configuration, assets: Path, screen: Screen, wake: Callable[[], None], clock: Clock, opened: ExitStack
) -> Kiosk:
    words = Catalogue.load(assets / "texts")
    ground = _ground(settings, clock, opened)
    jobs: Jobs[Event] = Jobs(wake)
    opened.callback(jobs.close)
    watch = _watch(ground, jobs)
    check = _check(ground)
    link = _link(ground, watch, check)
    store, carried = settings.store.folder, check.belief.carried
    diagnostics = Diagnostics(watch, link, ground.policy, ground.audit, store, clock, software(), carried)
    conductor = Conductor(screen, _desks(ground, check), _house(ground, words, diagnostics), jobs, clock)
    return Kiosk(conductor, jobs, link, watch, ground.devices, ground.audit, diagnostics, opened)


def _ground(settings: Configuration, clock: Clock, opened: ExitStack) -> _Ground:
    certificate, key = _identity(settings.records)
    trusted = policy_keys_under(settings.records.root_certificate())
    audit, store, journal = _store(settings.store.folder, clock, opened)
    session = RecordsSession(settings.records.url, settings.records.root, certificate, key)
    opened.callback(session.close)
    devices = _devices(settings, _user_at_printers(certificate), store, opened)
    policy = PolicyHolder(store, trusted, clock)
    audit.append(AuditKind.STARTED)
    opened.callback(audit.append, AuditKind.STOPPED)
    printers = _printers(devices, settings)
    return _Ground(settings, clock, key, audit, store, journal, session, devices, policy, PolicyPlace(policy), printers)


def _watch(ground: _Ground, jobs: Jobs[Event]) -> Watch:
    place, devices = ground.place, ground.devices
    watch = Watch(ground.audit, lambda now: jobs.post(ReadinessChanged(now)), ground.clock, place.ways, place.media)
    watch.tell(devices.speaker.health())
    for name in ("travel_document", "mrz", "thermal_printer"):
        if getattr(devices, name) is None:
            watch.tell(Health(name, Level.UNKNOWN, "not-fitted"))
    return watch


def _check(ground: _Ground) -> CheckDesk:
    belief = Belief(ground.settings.records.root_certificate(), ground.settings.store.folder, ground.clock)
    return CheckDesk(ground.devices.camera, ground.session, belief, ground.clock)


def _link(ground: _Ground, watch: Watch, check: CheckDesk) -> RecordsLink:
    session, store, audit = ground.session, ground.store, ground.audit
    settle = Settle(session, ground.journal, ground.printers, audit)
    return RecordsLink(session, settle, ground.policy, store, audit, watch, ground.clock, software(), check.refresh)


def _desks(ground: _Ground, check: CheckDesk) -> Desks:
    devices, session, audit, clock = ground.devices, ground.session, ground.audit, ground.clock
    papers = PaperDesk(IssuePaper(session, ground.journal, ground.printers, ground.place, audit))
    pin = PinFile(ground.settings.store.folder / PIN_FILE)
    return Desks(
        card=CardDesk(devices.id_card, audit, devices.travel_document),
        document=DocumentDesk(devices.camera, devices.mrz, devices.travel_document, audit),
        claim=ClaimDesk(session, clock, audit, ground.place.face_from_age, devices.photo_decoder),
        proof=_proof(ground),
        records=RecordDesk(session, papers, audit, clock),
        papers=papers,
        maintenance=Maintenance(pin, ground.store, ground.printers, audit, clock),
        speaker=devices.speaker,
        audit=audit,
        check=check,
    )


def _proof(ground: _Ground) -> ProofDesk:
    devices, clock, audit = ground.devices, ground.clock, ground.audit
    simulated = camera_is_stream(ground.settings.devices)
    witness = Witness(StatementSigner(ground.key), devices.face, clock, simulated=simulated)
    notice = ground.place.notice
    return ProofDesk(ground.session, devices.camera, devices.face, devices.passive, witness, clock, audit, notice)


def _house(ground: _Ground, words: Catalogue, diagnostics: Diagnostics) -> House:
    place, simulated = ground.place, camera_is_stream(ground.settings.devices)

    def now() -> datetime:
        return ground.clock.now().astimezone(CHINA_TIME)

    def surroundings(language: Language, maintaining: bool) -> Surroundings:  # noqa: FBT001 - House's signature
        table = diagnostics.table() if maintaining else ()
        return Surroundings(words.in_language(language.value), now(), place.place(), table, simulated=simulated)

    def offers(service: str, readiness: Readiness) -> Offers:
        return place.offers(service, readiness, now().date())

    return House(surroundings, place.service, offers, place.idle_times)


def _store(folder: Path, clock: Clock, opened: ExitStack) -> tuple[Audit, Settings, Journal]:
    """The kiosk's own disk, for this process alone. Raises StoreError."""
    opened.callback(SingleInstance(folder / LOCK_FILE).release)
    database = Database(folder / STORE_FILE, MIGRATIONS)
    opened.callback(database.close)
    return Audit(database, clock), Settings(database), Journal(database, clock)


def _devices(settings: Configuration, user: str, store: Settings, opened: ExitStack) -> Devices:
    devices = build(settings.devices, user, store)
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
