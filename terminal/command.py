"""A terminal's command line: what goes wrong is said in two sentences, and never as a traceback for what we know."""

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
