"""``records check``: whether everything that a service needs is whole, one sentence each. Nothing personal is told."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from sqlalchemy.exc import SQLAlchemyError

from civic.errors import CodedError
from forms.timestamp import time_of
from records import databases, intake_keys
from records.backup import journal
from records.context import Records
from records.services import policy
from records.store import audit, guard, policies, schema

_LEAST_DISK = 0.05  # of the disk, and not less than:
_LEAST_DISK_BYTES = 1 << 30
_SOON = timedelta(days=30)
_CLOCK_SLACK = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found. ``words``: for whoever runs the service."""

    name: str
    good: bool
    words: str


class _BadError(Exception):
    """A check failed; its words."""


def findings(records: Records) -> Iterator[Finding]:
    """Check one thing after another; none keeps the others from being checked."""
    advice = f": {databases.ADVICE}"  # once
    for name, check in _CHECKS.items():
        try:
            yield Finding(name, good=True, words=check(records))
        except _BadError as error:
            yield Finding(name, good=False, words=str(error))
        except CodedError as error:
            yield Finding(name, good=False, words=error.detail or error.code)
        except SQLAlchemyError as error:  # its own words may quote a row
            yield Finding(name, good=False, words=f"the database can't be read ({type(error).__name__}){advice}")
            advice = ""
        except OSError as error:
            yield Finding(name, good=False, words=f"{error.strerror or type(error).__name__}")


def _database(records: Records) -> str:
    with records.database.reading() as transaction:
        kind = transaction.connection.dialect.name
        trouble = schema.whole(transaction)
    if trouble:
        raise _BadError(f"{trouble}: restore it from the backup")
    return f"{kind} answers" if kind != "sqlite" else "every page is whole"


def _tables(records: Records) -> str:
    with records.database.reading() as transaction:
        found = schema.found(transaction)
    wanted = schema.wanted()
    if found == wanted:
        return f"the tables are those of this version ({wanted})"
    if found and not schema.is_known(found):
        raise _BadError(f"the tables are of a newer version ({found}): install that one")
    raise _BadError(f"the tables are of an earlier version ({found or 'none'}): records migrate")


def _audit(records: Records) -> str:
    with records.database.reading() as transaction:
        broken, rows = audit.first_break(transaction), audit.length(transaction)
        open_to_us = guard.could_rewrite(transaction.connection)
    if broken is not None:
        raise _BadError(f"it does not hold from row {broken} on: it was changed, or a row is missing")
    guarded = "by its hashes alone: our own user could rewrite it" if open_to_us else "from our own user too"
    return f"{rows} rows, each following from the one before; guarded {guarded}"


def _keys(records: Records) -> str:
    ring, now = records.keys, records.clock.now()
    held = {
        "devices": ring.devices.certificate,
        "document": ring.document.certificate,
        "code": ring.code.certificate,
        "timestamp": ring.timestamp.certificate,
        "policy": ring.policy.certificate,
    }
    for name, certificate in held.items():
        _require_issued(name, certificate, ring.root.certificate)
    ends = {"root": ring.root.certificate, **held}
    name, end = min(((name, each.not_valid_after_utc) for name, each in ends.items()), key=lambda each: each[1])
    if end <= now + _SOON:
        raise _BadError(f"the certificate of {name} ends on {end:%Y-%m-%d}")
    token = records.key_store.token
    where = f", token {token.label}: {token.check()}" if token is not None else ""
    return f"all there, with their certificates; the first ends on {end:%Y-%m-%d}{where}"


def _intake_keys(records: Records) -> str:
    """Without a private half, what kiosks send for it is held there."""
    folder = records.key_store.folder
    listed = intake_keys.every(folder)
    away = [each.key_id for each in listed if not intake_keys.is_there(folder, each.key_id)]
    if away:
        raise _BadError(f"the private half of {', '.join(away)} is away: put keys/intake back from the backup")
    return f"{len(listed)}, each with its private half"


def _require_issued(name: str, certificate: x509.Certificate, root: x509.Certificate) -> None:
    try:
        certificate.verify_directly_issued_by(root)
    except (InvalidSignature, ValueError, TypeError):
        raise _BadError(f"the certificate of {name} is not of this root") from None


def _certificate(records: Records) -> str:
    content = (records.folder / "tls" / "server.cert.pem").read_bytes()
    end = x509.load_pem_x509_certificate(content).not_valid_after_utc
    if end <= records.clock.now() + timedelta(days=7):
        raise _BadError(f"ends on {end:%Y-%m-%d}: start the service anew, which renews it")
    return f"until {end:%Y-%m-%d}"


def _policy(records: Records) -> str:
    with records.database.reading() as transaction:
        newest = policies.newest(transaction)
    if newest is None:
        raise _BadError("there is none yet: records init")
    policy.opened(newest)
    if newest.expires_at <= records.clock.now():
        raise _BadError(f"version {newest.version} has expired on {newest.expires_at:%Y-%m-%d}: start the service")
    return f"version {newest.version} until {newest.expires_at:%Y-%m-%d}"


def _disk(records: Records) -> str:
    usage = shutil.disk_usage(records.folder)
    words = f"{usage.free / (1 << 30):.1f} GiB free"
    if usage.free < max(_LEAST_DISK_BYTES, usage.total * _LEAST_DISK):
        raise _BadError(f"{words} only: make room")
    return words


def _clock(records: Records) -> str:
    """Against the authority outside that gives time stamps, where there is one."""
    if not records.settings.timestamps.url:
        return "nothing to compare it with: no time-stamp authority outside is set"
    from records.services import timestamps  # noqa: PLC0415 - most checks need no HTTP client

    before = records.clock.now()
    stated = time_of(timestamps.ask_outside(records))
    apart = _apart(stated, before, records.clock.now())
    if apart > _CLOCK_SLACK:
        raise _BadError(f"{apart.total_seconds():.0f} s from that of the time-stamp authority: set it")
    return f"within {_CLOCK_SLACK.total_seconds():.0f} s of the time-stamp authority's"


def _apart(stated: datetime, before: datetime, after: datetime) -> timedelta:
    return max(before - stated, stated - after, timedelta())


def _backup(records: Records) -> str:
    settings = records.settings.backup
    last = journal.last(records.folder)
    if not settings.key_file:
        raise _BadError(
            "none is made: records backup-key PRIVATE_FILE, then key_file in the section backup of records.toml, then "
            "records backup DIR"
        )
    load_pem_public_key((records.folder / settings.key_file).read_bytes())
    if last is None:
        raise _BadError("none was made yet: records backup DIR")
    age = records.clock.now() - last
    words = f"the last one is {age.total_seconds() / 3600:.1f} hours old"
    if age > timedelta(hours=settings.alert_hours):
        raise _BadError(words)
    return words


_CHECKS: dict[str, Callable[[Records], str]] = {
    "database": _database,
    "tables": _tables,
    "audit": _audit,
    "keys": _keys,
    "intake keys": _intake_keys,
    "server certificate": _certificate,
    "policy": _policy,
    "disk": _disk,
    "clock": _clock,
    "backup": _backup,
}
