"""What all services of a gate stand on: identity, encrypted disk, devices, session, time."""

from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from backend_client.gate_session import GateSession
from backend_client.policy import PolicyHolder
from backend_client.trusted_clock import TrustedClock
from civic.clock import Clock
from devices.catalog import (
    build_access_card,
    build_camera,
    build_code_scanner,
    build_door,
    build_face,
    build_passive,
    build_speaker,
)
from forms.paper import CHINA_TIME
from gate.config import Configuration
from gate.services.clocks import GateTime
from gate.services.device_key import DeviceKey
from gate.services.fitted import Fitted
from gate.services.rules import InForce
from gate.store.key import store_key
from gate.store.opened import GateStore, gate_database, gate_store, kept_times
from gate.store.settings import Settings
from terminal.boot import boot_id
from terminal.identity import own_identity
from terminal.policy_trust import policy_keys_under
from terminal.store.audit import Audit, AuditKind
from terminal.store.database import Database
from terminal.store.errors import StoreError
from terminal.store.lock import SingleInstance

STORE_FILE, LOCK_FILE = "gate.sqlite", "gate.lock"


@dataclass(frozen=True, slots=True)
class Ground:
    """The parts. ``clock`` is this machine's; ``trusted`` and ``time`` are what decides. ``certificate``, ``key``: the
    device's own."""

    settings: Configuration
    clock: Clock
    trusted: TrustedClock
    time: GateTime
    rules: InForce
    store: GateStore
    audit: Audit
    session: GateSession
    certificate: Path
    key: DeviceKey
    fitted: Fitted


def lay(settings: Configuration, clock: Clock, opened: ExitStack) -> Ground:
    """Open all of it; ``opened`` closes it. Raises CodedError: configuration, store, lock, its key, or no enrolment.
    Asks nobody: a gate decides before its network is up."""
    certificate, key = own_identity(settings.records.identity)
    keys = policy_keys_under(settings.records.root_certificate())
    database = _database(settings, opened)
    audit, values = Audit(database, clock), Settings(database)
    trusted = TrustedClock(clock, boot_id(), values)
    rules = InForce(PolicyHolder(values, keys, trusted))
    time = GateTime(trusted, kept_times(database), CHINA_TIME, rules.skew)
    session = GateSession(settings.records.url, settings.records.root, certificate, key)
    opened.callback(session.close)
    _note(audit, AuditKind.STARTED)
    opened.callback(_note, audit, AuditKind.STOPPED)
    return Ground(
        settings=settings,
        clock=clock,
        trusted=trusted,
        time=time,
        rules=rules,
        store=gate_store(database, CHINA_TIME, time.day_and_time),
        audit=audit,
        session=session,
        certificate=certificate,
        key=DeviceKey(key),
        fitted=_fitted(settings, opened),
    )


def _note(audit: Audit, kind: AuditKind) -> None:
    """A disk that is full keeps nobody out, after a power cut either."""
    with suppress(StoreError):
        audit.append(kind)


def _database(settings: Configuration, opened: ExitStack) -> Database:
    """The gate's own disk, for this process alone. Raises StoreError."""
    folder = settings.store.folder
    opened.callback(SingleInstance(folder / LOCK_FILE).release)
    database = gate_database(folder / STORE_FILE, store_key(settings.store.key))
    opened.callback(database.close)
    return database


def _fitted(settings: Configuration, opened: ExitStack) -> Fitted:
    passive = build_passive(settings.face) if settings.face else None
    fitted = Fitted(
        door=build_door(settings.door),
        cards=build_access_card(settings.access_card) if settings.access_card else None,
        codes=build_code_scanner(settings.code_scanner) if settings.code_scanner else None,
        camera=build_camera(settings.camera) if settings.camera else None,
        engine=build_face(settings.face, passive) if settings.face else None,
        passive=passive,
        speaker=build_speaker(),
    )
    for device in (fitted.door, fitted.cards, fitted.codes):
        if device is not None:
            opened.callback(device.close)
    opened.callback(fitted.speaker.hush)
    return fitted
