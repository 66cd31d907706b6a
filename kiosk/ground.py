"""What all services of a kiosk stand on: its identity, disk and devices, its session with records, its policy."""

from contextlib import AbstractContextManager, ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from backend_client.device_files import CERTIFICATE_FILE, KEY_FILE
from backend_client.policy import PolicyHolder
from backend_client.session import RecordsSession
from backend_client.statement import StatementSigner
from backend_client.transport import Timeouts
from backend_client.trusted_clock import TrustedClock
from civic.clock import Clock
from devices.catalog import Devices, build
from devices.errors import DeviceMisconfiguredError
from forms.raster import WIDTH
from kiosk.config import Configuration
from kiosk.place import PolicyPlace
from kiosk.services.forgetting import Forgetting
from kiosk.services.printers import PageOutlet, Printers, StripOutlet, user_at_printers
from kiosk.store.feed import Feed
from kiosk.store.journal import MIGRATIONS, Journal
from kiosk.store.settings import Settings
from terminal.boot import boot_id
from terminal.configuration import RecordsSettings
from terminal.identity import NotEnrolledError, own_identity
from terminal.policy_trust import policy_keys_under
from terminal.store.audit import Audit, AuditKind
from terminal.store.database import Database
from terminal.store.lock import SingleInstance

_SOON = Timeouts(connect=2.0, read=3.0)  # somebody waits in fear
STORE_FILE, LOCK_FILE = "kiosk.sqlite", "kiosk.lock"


@dataclass(frozen=True, slots=True)
class Ground:
    """The parts. ``store`` and ``journal`` are tables of ``database``; ``signer``: with the device's own key. ``clock``
    is this machine's, ``trusted`` what counts where somebody could gain by setting it."""

    settings: Configuration
    clock: Clock
    trusted: TrustedClock
    signer: StatementSigner
    database: Database
    audit: Audit
    store: Settings
    journal: Journal
    session: RecordsSession
    devices: Devices
    policy: PolicyHolder
    place: PolicyPlace
    printers: Printers
    forgetting: Forgetting
    feed: Feed


def lay(settings: Configuration, clock: Clock, opened: ExitStack) -> Ground:
    """Open all of it; ``opened`` closes it. Raises CodedError: configuration, store, lock or missing enrolment."""
    certificate, key = own_identity(settings.records.identity)
    keys = policy_keys_under(settings.records.root_certificate())
    database = _database(settings.store.folder, opened)
    audit, store, journal = Audit(database, clock), Settings(database), Journal(database, clock)
    forgetting = Forgetting(settings.records.identity, settings.store.folder, store, audit, clock)
    forgetting.resume()  # before anything that is to be forgotten is read
    session = RecordsSession(settings.records.url, settings.records.root, certificate, key)
    session.when_revoked(forgetting.revoked)
    opened.callback(session.close)
    devices = _devices(settings, _user_at_printers(certificate), store, opened)
    time = TrustedClock(clock, boot_id(), store)
    policy = PolicyHolder(store, keys, time)
    audit.append(AuditKind.STARTED)
    opened.callback(audit.append, AuditKind.STOPPED)
    printers, place = _printers(devices, settings), PolicyPlace(policy)
    return Ground(
        settings=settings,
        clock=clock,
        trusted=time,
        signer=StatementSigner(key),
        database=database,
        audit=audit,
        store=store,
        journal=journal,
        session=session,
        devices=devices,
        policy=policy,
        place=place,
        printers=printers,
        forgetting=forgetting,
        feed=Feed(database, clock),
    )


def own_connection(records: RecordsSettings) -> AbstractContextManager[RecordsSession]:
    """Of a call for help: behind no other request, with the certificate that there is by then; gives up soon."""
    own = records.identity / CERTIFICATE_FILE, records.identity / KEY_FILE
    return closing(RecordsSession(records.url, records.root, *own, _SOON))


def _database(folder: Path, opened: ExitStack) -> Database:
    """The kiosk's own disk, for this process alone. Raises StoreError."""
    opened.callback(SingleInstance(folder / LOCK_FILE).release)
    database = Database(folder / STORE_FILE, MIGRATIONS)
    opened.callback(database.close)
    return database


def _devices(settings: Configuration, user: str, store: Settings, opened: ExitStack) -> Devices:
    devices = build(settings.devices, user, store)
    opened.callback(devices.id_card.close)
    if devices.travel_document is not None:
        opened.callback(devices.travel_document.close)
    if devices.access_card is not None:
        opened.callback(devices.access_card.close)
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


def _user_at_printers(certificate: Path) -> str:
    """Raises NotEnrolledError for what is no certificate."""
    try:
        return user_at_printers(certificate.read_bytes())
    except ValueError:
        raise NotEnrolledError(str(certificate)) from None
