"""``records key …``: the keys that sign papers, their kind in honest words, and new ones in their place."""

import argparse
from collections.abc import Callable

from cryptography import x509

from records import certificates, intake_keys, key_changes, key_choice
from records.certificates import Revoked
from records.cli_words import instant, time
from records.context import Records
from records.errors import KeyUnusableError
from records.key_history import REASONS
from records.key_signers import SIGNERS
from records.keys import KeyRing
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
_TRUST = "Give verifiers the trust folder anew."
_FORCE = f"It is in force now, in a running service too. {_TRUST}"
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
    revoking.add_argument(
        "number", nargs="?", default="", help="of an earlier key, as list says it (else: that in force)"
    )
    revoking.add_argument("--since", type=instant, help="when it was lost, with its zone: 2026-11-22T23:05+08:00")
    revoking.add_argument("--reason", choices=REASONS, default=REASONS[0])


def _list(records: Records, options: argparse.Namespace) -> None:
    del options
    keys = records.keys
    revoked = {each.serial_number: each.at for each in keys.revoked}
    held = zip(SIGNERS, (keys.document, keys.code, keys.timestamp), strict=True)
    rows = [(name, each.certificate, each.place) for name, each in held]
    rows += [("earlier", each, name) for name in SIGNERS for each in keys.earlier(name)]
    for name, certificate, place in rows:
        at = revoked.get(certificate.serial_number)
        when = f"revoked from {time(at)}" if at else _held(certificate)
        print("  ".join((f"{name:9}", _id(certificate), when, place)))
    for key in intake_keys.every(records.key_store.folder):
        until = f" to {time(key.kept_until)}" if key.kept_until else ""
        print(f"{_INTAKE:9}  {key.key_id}  {time(key.made_at)}{until}")
    print(f"On a document: {_KIND.format(place=keys.document.place)}.")
    print(f"What they make is {_DEMONSTRATION if keys.specimen else _OWN}.")
    _say_token(records)


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
    ring, now, name, store = records.keys, records.clock.now(), options.key, records.key_store
    since, reason = options.since or now, x509.ReasonFlags(options.reason)
    certificate = key_choice.chosen(ring, name, options.number, options.since, now)
    if certificate == key_choice.in_force(ring, name):
        certificate = key_changes.revoke(store.folder, name, since, reason, now, store.token)
    else:
        key_changes.revoke_earlier(store.folder, Revoked(certificate.serial_number, since, reason))
    _note(records, "key-revoked", name, certificate)
    _tell(records.keys, name, certificate)


def _tell(ring: KeyRing, name: str, certificate: x509.Certificate) -> None:
    """Of two times for one key the earlier counts, whatever was said."""
    at = {each.serial_number: each.at for each in ring.revoked}[certificate.serial_number]
    print(f"The {name} key {_id(certificate)} is revoked from {time(at)} on.")
    following = key_choice.in_force(ring, name)
    if following == certificate:
        print(f"It has no successor yet: once the token can be used, records key rotate {name}.")
    else:
        print(f"The {name} key in force now, in a running service too, is {_id(following)}. {_TRUST}")
    for each in key_choice.still_count(ring, name):
        print(f"An earlier one still counts: {_id(each)}, made at {time(certificates.began(each))}.")


def _note(records: Records, action: str, key: str, certificate: x509.Certificate) -> None:
    facts = (("key", key), ("certificate", _id(certificate)))
    with records.database.writing() as transaction:
        audit.append(transaction, Deed(records.clock.now(), action, facts=facts))


def _id(certificate: x509.Certificate) -> str:
    return f"{certificate.serial_number:x}"


def _held(certificate: x509.Certificate) -> str:
    return f"{time(certificates.began(certificate))} to {time(certificate.not_valid_after_utc)}"
