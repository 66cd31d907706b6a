"""``records key …``: the keys that sign papers, their kind in honest words, and new ones in their place."""

import argparse
from collections.abc import Callable
from datetime import datetime

from cryptography import x509

from records import intake_keys, key_changes
from records.context import Records
from records.errors import KeyUnusableError
from records.key_history import REASONS
from records.key_signers import SIGNERS, Signer
from records.rules.periods import bureau_time
from records.services import intakes, policy
from records.store import audit
from records.store.audit import Deed

Open = Callable[[argparse.Namespace], Records]

_INTAKE = "intake"
_DEMONSTRATION = "an electronic signature of a demonstration authority (样张); nobody is bound by it"
_OWN = (
    "an electronic signature of this installation's own authority; a reliable one (可靠电子签名) only as far as a"
    " licensed authority certified the bureau's keys"
)
_FORCE = "It is in force now, in a running service too; give verifiers the trust folder anew."
_KIND = "a PAdES B-LT digital signature with a seal image, made by a key {place}; not a GB/T 38540 SM2 seal"


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
    rotating.add_argument("key", choices=(*SIGNERS, _INTAKE))
    revoking.add_argument("key", choices=SIGNERS)
    revoking.add_argument("--since", type=_instant, help="when it was lost, with its zone: 2026-11-22T23:05+08:00")
    revoking.add_argument("--reason", choices=REASONS, default=REASONS[0])


def _list(records: Records, options: argparse.Namespace) -> None:
    del options
    keys = records.keys
    revoked = {each.serial_number: each.at for each in keys.revoked}
    rows = [(name, each.certificate, each.place) for name, each in _held_now(records)]
    for name, certificate, place in (*rows, *(("earlier", each, "") for each in keys.retired)):
        at = revoked.get(certificate.serial_number)
        when = f"revoked from {_time(at)}" if at else _held(certificate)
        print("  ".join(filter(None, (f"{name:9}", _id(certificate), when, place))))
    for key in intake_keys.every(records.key_store.folder):
        until = f" to {_time(key.kept_until)}" if key.kept_until else ""
        print(f"{_INTAKE:9}  {key.key_id}  {_time(key.made_at)}{until}")
    print(f"On a document: {_KIND.format(place=keys.document.place)}.")
    print(f"What they make is {_DEMONSTRATION if keys.specimen else _OWN}.")
    _say_token(records)


def _held_now(records: Records) -> list[tuple[str, Signer]]:
    keys = records.keys
    return list(zip(SIGNERS, (keys.document, keys.code, keys.timestamp), strict=True))


def _say_token(records: Records) -> None:
    token = records.key_store.token
    if token is not None:
        try:
            print(f"The token {token.label} is ready: {token.check()}.")
        except KeyUnusableError as error:
            print(f"No paper can be signed now: {error.detail}.")


def _rotate(records: Records, options: argparse.Namespace) -> None:
    if options.key == _INTAKE:
        _rotate_intake(records)
        return
    store = records.key_store
    certificate = key_changes.rotate(store.folder, options.key, records.clock.now(), store.token)
    _note(records, "key-rotated", options.key, certificate)
    print(f"The next {options.key} key is {_id(certificate)}. {_FORCE}")


def _rotate_intake(records: Records) -> None:
    """In force with the policy that names it, which is issued at once."""
    made = intakes.rotate_key(records)
    version = policy.issue(records).version
    print(f"The next {_INTAKE} key is {made.key_id}. Policy version {version} names it; the earlier key opens what was")
    print(f"sealed to it until {intake_keys.IN_FLIGHT.days} days after the last policy that names it has ended.")


def _revoke(records: Records, options: argparse.Namespace) -> None:
    now = records.clock.now()
    since = min(options.since or now, now)
    reason = x509.ReasonFlags(options.reason)
    store = records.key_store
    certificate = key_changes.revoke(store.folder, options.key, since, reason, now, store.token)
    _note(records, "key-revoked", options.key, certificate)
    print(f"The {options.key} key {_id(certificate)} is revoked from {_time(since)} on. {_FORCE}")
    if certificate in (each.certificate for _, each in _held_now(records)):
        print(f"It has no successor yet: once the token can be used, records key rotate {options.key}.")


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
