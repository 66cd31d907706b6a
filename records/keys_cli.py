"""``records key …``: the keys that sign papers, their kind in honest words, and new ones in their place."""

import argparse
from collections.abc import Callable
from datetime import datetime

from cryptography import x509

from records import key_changes
from records.context import Records
from records.key_history import REASONS
from records.rules.periods import bureau_time
from records.store import audit
from records.store.audit import Deed

Open = Callable[[argparse.Namespace], Records]

_DEMONSTRATION = "an electronic signature of a demonstration authority (样张); nobody is bound by it"
_OWN = (
    "an electronic signature of this installation's own authority; a reliable one (可靠电子签名) only as far as a"
    " licensed authority certified the bureau's keys"
)
_RESTART = "It is in force when the service starts again; then give verifiers the trust folder anew."


def add_commands(commands: argparse.ArgumentParser, open_records: Open, common: argparse.ArgumentParser) -> None:
    """Make ``key`` a command with commands of its own."""
    below = commands.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[Records, argparse.Namespace], None], text: str) -> argparse.ArgumentParser:
        added = below.add_parser(name, help=text, description=text, parents=[common])
        added.set_defaults(command=lambda options: run(open_records(options), options))
        return added

    command("list", _list, "list the keys that sign papers, and say what kind of signature they make")
    rotating = command("rotate", _rotate, "make the next key; papers of the earlier one stay genuine")
    revoking = command("revoke", _revoke, "take a key back and make the next one; its later papers never count")
    for each in (rotating, revoking):
        each.add_argument("key", choices=sorted(key_changes.CHANGEABLE))
    revoking.add_argument("--since", type=_instant, help="when it was lost, with its zone: 2026-11-22T23:05+08:00")
    revoking.add_argument("--reason", choices=REASONS, default=REASONS[0])


def _list(records: Records, options: argparse.Namespace) -> None:
    del options
    keys = records.keys
    revoked = {each.serial_number: each.at for each in keys.revoked}
    held = (("document", keys.document.certificate), ("code", keys.code.certificate))
    for name, certificate in (*held, *(("earlier", each) for each in keys.retired)):
        at = revoked.get(certificate.serial_number)
        print("  ".join((f"{name:8}", _id(certificate), f"revoked from {_time(at)}" if at else _held(certificate))))
    print(f"What they make is {_DEMONSTRATION if keys.specimen else _OWN}.")


def _rotate(records: Records, options: argparse.Namespace) -> None:
    certificate = key_changes.rotate(records.folder / "keys", options.key, records.clock.now())
    _note(records, "key-rotated", options.key, certificate)
    print(f"The next {options.key} key is {_id(certificate)}. {_RESTART}")


def _revoke(records: Records, options: argparse.Namespace) -> None:
    now = records.clock.now()
    since = min(options.since or now, now)
    reason = x509.ReasonFlags(options.reason)
    certificate = key_changes.revoke(records.folder / "keys", options.key, since, reason, now)
    _note(records, "key-revoked", options.key, certificate)
    print(f"The {options.key} key {_id(certificate)} is revoked from {_time(since)} on. {_RESTART}")


def _note(records: Records, action: str, key: str, certificate: x509.Certificate) -> None:
    facts = (("key", key), ("certificate", _id(certificate)))
    with records.database.writing() as transaction:
        audit.append(transaction, Deed(records.clock.now(), action, facts=facts))


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("a time looks like this: 2026-11-22T23:05+08:00") from None
    if instant.tzinfo is None:
        raise argparse.ArgumentTypeError("a time needs its zone: 2026-11-22T23:05+08:00")
    return instant


def _id(certificate: x509.Certificate) -> str:
    return f"{certificate.serial_number:x}"


def _held(certificate: x509.Certificate) -> str:
    return f"{_time(certificate.not_valid_before_utc)} to {_time(certificate.not_valid_after_utc)}"


def _time(instant: datetime) -> str:
    return f"{bureau_time(instant):%Y-%m-%d %H:%M:%S}"
