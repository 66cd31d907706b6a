"""``records officer …``: accounts of the console. What is printed once is printed nowhere else, and kept as a hash."""

import argparse
import sys
from collections.abc import Callable

from records.context import Records
from records.rules.periods import bureau_time
from records.rules.roles import Role
from records.services import officers
from records.services.officers import Secrets

_QR_HELP = "the secret as a square code for the authenticator app, too (default: on a terminal)"
_BLACK_ON_WHITE, _AS_BEFORE = "\x1b[30;47m", "\x1b[0m"  # on a dark terminal the blocks alone would be the light ones
Open = Callable[[argparse.Namespace], Records]


def add_commands(commands: argparse.ArgumentParser, open_records: Open, common: argparse.ArgumentParser) -> None:
    """Make ``officer`` a command with commands of its own."""
    below = commands.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[Records, argparse.Namespace], None], text: str) -> argparse.ArgumentParser:
        added = below.add_parser(name, help=text, description=text, parents=[common])
        added.set_defaults(command=lambda options: run(open_records(options), options))
        return added

    adding = command("add", _add, "make an account; prints its first password and its one-time secret, once")
    adding.add_argument("name", help="what the officer signs in with: a badge number, or a short name")
    adding.add_argument("--role", choices=[role.value for role in Role], required=True)
    adding.add_argument("--display", default="", help="the name that the console shows (else the same)")
    resetting = command("reset-totp", _reset_totp, "a new one-time secret, for a lost phone; ends every session")
    resetting.add_argument("name")
    resetting.add_argument("--password", action="store_true", help="a new first password too, for a forgotten one")
    for each in (adding, resetting):
        each.add_argument("--qr", action=argparse.BooleanOptionalAction, help=_QR_HELP)
    command("list", _list, "list the accounts")
    command("disable", _disable, "refuse an account from now on, for good").add_argument("name")


def _add(records: Records, options: argparse.Namespace) -> None:
    _tell(officers.add(records, options.name, Role(options.role), options.display), qr=_wants_code(options))


def _reset_totp(records: Records, options: argparse.Namespace) -> None:
    _tell(officers.reset_totp(records, options.name, password_too=options.password), qr=_wants_code(options))


def _disable(records: Records, options: argparse.Namespace) -> None:
    officers.disable(records, options.name)
    print(f"{options.name} is disabled: its sessions are over, and it can't sign in again.")


def _list(records: Records, options: argparse.Namespace) -> None:
    del options
    rows = officers.every(records)
    for each in rows:
        disabled = f"disabled {bureau_time(each.disabled_at):%Y-%m-%d %H:%M}" if each.disabled_at else ""
        first = "never signed in" if each.password_is_initial else ""
        print("  ".join(filter(None, (each.officer_id, each.display_name, each.role.value, disabled or first))))
    if not rows:
        print("There is no account yet; make one with: records officer add NAME --role officer")


def _wants_code(options: argparse.Namespace) -> bool:
    """Never by itself into a pipe or a file, where a log may be."""
    return sys.stdout.isatty() if options.qr is None else options.qr


def _tell(secrets: Secrets, *, qr: bool) -> None:
    """The secrets on standard output; what to do with them beside it."""
    if secrets.password:
        print(f"password: {secrets.password}")
    print(f"one-time secret: {secrets.otp_uri}")
    if qr:
        from forms.qr import half_blocks  # noqa: PLC0415 - a few commands draw one, the others start faster

        for line in half_blocks(secrets.otp_uri):
            print(f"{_BLACK_ON_WHITE}{line}{_AS_BEFORE}")
    advice = "Both are shown this once." if secrets.password else "It is shown this once."
    print(f"{advice} The secret is for an authenticator app; a first password must be replaced.", file=sys.stderr)
