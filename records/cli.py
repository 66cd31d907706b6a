"""The ``records`` command. Every failure is one sentence on standard error, and exit status 1."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from civic.clock import SystemClock
from civic.errors import CodedError
from forms.carried import CARRIED_FILE
from records import (
    audit_cli,
    backup_cli,
    checking_cli,
    databases,
    devices_cli,
    doors_cli,
    installation,
    key_store,
    keys_cli,
    officers_cli,
    owners,
    owners_cli,
    papers_cli,
    policy_cli,
    tidy_cli,
)
from records.context import Records
from records.errors import RefusedError
from records.services import carrying

_DEFAULT_DATA = "var/records"
_DATA_VARIABLE = "LAMPLIGHT_RECORDS"
_PORTS = range(1, 65536)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    options = _parser().parse_args(arguments)
    options.opened = []
    command: Callable[[argparse.Namespace], None] = options.command
    try:
        if options.in_folder:
            owners.require_own(options.data)
        command(options)
    except CodedError as error:
        print(f"records: {error.detail or error.code}", file=sys.stderr)
        return 1
    except SQLAlchemyError as error:  # its own words may quote a row
        print(f"records: the database can't be used: {databases.ADVICE} ({type(error).__name__})", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"records: {_explained(error)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        for records in options.opened:
            records.database.close()
    return 0


def _explained(error: OSError) -> str:
    if isinstance(error, FileExistsError | NotADirectoryError) and Path(error.filename or "").is_file():
        return f"{error.filename} is a file, not a folder"
    return f"{error.strerror or type(error).__name__}: {error.filename or ''}"


def _init(options: argparse.Namespace) -> None:
    _prepared(options)
    print(f"Records are ready in {options.data}.")


def _serve(options: argparse.Namespace) -> None:
    records = _prepared(options)
    backup_cli.go_on(records)
    port = options.port or records.settings.server.port
    url = installation.url_of(records, port)
    from records.server import serve  # noqa: PLC0415 - the other commands start in half the time without it

    serve(records, port, lambda: _say(f"Records are at {url}, for officers at {url}/console/"))


def _prepared(options: argparse.Namespace) -> Records:
    records = _kept(options, installation.prepare(options.data, SystemClock(), _say))
    if options.trust_out:
        url = installation.url_of(records, getattr(options, "port", None))
        installation.write_trust(records, options.trust_out, url)
        _carry_along(records, options.trust_out)
        _say(f"Trust folder written: {options.trust_out}.")
    return records


def _carry_along(records: Records, folder: Path) -> None:
    """The carried list beside the root; a token that is away keeps no service from starting."""
    try:
        carrying.write(folder / CARRIED_FILE, carrying.carried(records))
    except RefusedError as error:
        _say(f"No carried list: {error.detail}.")


def _seed(options: argparse.Namespace) -> None:
    installation.seed(_opened(options), _say)
    print("The population store is filled.")


def _opened(options: argparse.Namespace) -> Records:
    return _kept(options, installation.open_existing(options.data, SystemClock()))


def _opened_to_check(options: argparse.Namespace) -> Records:
    """Without the keys, where they can't be read: the other checks go on."""
    return _kept(options, installation.open_existing(options.data, SystemClock(), key_store.readable_or_not))


def _kept(options: argparse.Namespace, records: Records) -> Records:
    options.opened.append(records)
    return records


def _say(sentence: str) -> None:
    print(sentence, flush=True)


def _common() -> argparse.ArgumentParser:
    """What may stand before the command as well as after it."""
    common = argparse.ArgumentParser(add_help=False)
    text = f"data folder (else ${_DATA_VARIABLE}, else {_DEFAULT_DATA})"
    common.add_argument("--data", type=Path, default=argparse.SUPPRESS, help=text)
    return common


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="records", description="The central records service.", parents=[_common()])
    parser.set_defaults(data=Path(os.environ.get(_DATA_VARIABLE, _DEFAULT_DATA)), in_folder=True)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Callable[[argparse.Namespace], None], text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text, parents=[_common()])
        added.set_defaults(command=command)
        return added

    _add_service_commands(add)
    checking_cli.add_commands(add, _opened_to_check)
    backup_cli.add_commands(add, _opened)
    devices_cli.add_commands(add, _opened)
    papers_cli.add_commands(add, _opened)
    officer = commands.add_parser("officer", help="the console's accounts", parents=[_common()])
    officers_cli.add_commands(officer, _opened, _common())
    door = commands.add_parser("doors", help="where gates stand", parents=[_common()])
    doors_cli.add_commands(door, _opened, _common())
    policy = commands.add_parser("policy", help="the rules that devices hold", parents=[_common()])
    policy_cli.add_commands(policy, _opened, _common())
    owning = commands.add_parser("owners", help="whose the flats are", parents=[_common()])
    owners_cli.add_commands(owning, _opened, _common())
    key = commands.add_parser("key", help="the keys that sign papers", parents=[_common()])
    keys_cli.add_commands(key, _opened, _common())
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) not in _PORTS:
        raise argparse.ArgumentTypeError(f"a port is a number from {_PORTS[0]} to {_PORTS[-1]}")
    return int(text)


_Add = Callable[[str, Callable[[argparse.Namespace], None], str], argparse.ArgumentParser]


def _add_service_commands(add: _Add) -> None:
    serving = add("serve", _serve, "serve the API; prepares the data folder first")
    serving.add_argument("--port", type=_port, help="instead of the configured one")
    for command in (serving, add("init", _init, "prepare the data folder: settings, keys, database, seed, policy")):
        command.add_argument("--trust-out", type=Path, help="write the folder that the verify command trusts")
    audit_cli.add_command(add, _opened)
    add("seed", _seed, "add made-up residents who are missing")
    tidy_cli.add_command(add, _opened)


if __name__ == "__main__":
    sys.exit(main())
