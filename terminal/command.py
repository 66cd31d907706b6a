"""A terminal's command line: run, enrol, set-pin. What goes wrong is said in two sentences, never as a traceback for
what we know."""

import argparse
import logging
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from backend_client.contract.devices import DeviceKind
from backend_client.device_files import DeviceIdentity
from backend_client.enrolment import enrol
from civic.errors import CodedError
from terminal.being_let_in import Waiting
from terminal.configuration import RecordsSettings

ENDED_BY_HAND = 130


def command_line(name: str, description: str | None) -> argparse.ArgumentParser:
    """What may be typed after ``name``: ``config`` (Path), ``self_check``, ``command`` (run, enrol or set-pin) and, for
    enrol, ``code``."""
    parser = argparse.ArgumentParser(prog=name, description=description)
    parser.add_argument("--config", type=Path, required=True, help=f"the {name}'s TOML file")
    parser.add_argument("--self-check", action="store_true", help="check every part without serving, then exit")
    parser.set_defaults(command="run")
    commands = parser.add_subparsers()
    enrolling = commands.add_parser("enrol", help=f"trade a one-time code for this {name}'s certificate")
    enrolling.add_argument("code")
    enrolling.set_defaults(command="enrol")
    commands.add_parser("set-pin", help="set the technician's PIN").set_defaults(command="set-pin")
    return parser


def carried_out(name: str, page: str, advice: Mapping[str, str], work: Callable[[], int]) -> int:
    """The status of ``work``, or 1 and what to do. ``page``: of the documents, which has the other codes."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        return work()
    except CodedError as error:
        sys.stderr.write(f"{name}: {error}\n{advice.get(error.code, f'See {page} for this code.')}\n")
        return 1


def enrolled(records: RecordsSettings, code: str, kind: DeviceKind, waiting: Waiting) -> DeviceIdentity | None:
    """Trade a one-time code for a certificate, and say how it ended; None: somebody ended the wait. Raises what
    backend_client.enrolment.enrol raises, and ConfigurationError."""
    records.root_certificate()
    try:
        identity = enrol(records.url, Path(records.root), code, kind, records.identity, waiting)
    except KeyboardInterrupt:
        sys.stdout.write("\nNot let in yet. The key is kept: give the same command again within the hour to go on.\n")
        return None
    sys.stdout.write(f"Enrolled as {identity.device_id}.\n")
    return identity
