"""``make lease``: the whole story on PostgreSQL. Leaves pictures, a timeline and what each party's store holds.

``--database sqlite``: on a file instead.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from simulators.screens import contact_sheets
from tests.lease.stage import stage
from tests.lease.story import Lease
from tests.support.postgresql import VARIABLE
from tests.support.records_server import BOTH, POSTGRESQL

_SHEET = 3, 8  # rows and columns


def main() -> int:
    """Play it; 0 when every step came about."""
    parser = argparse.ArgumentParser(prog="python -m tests.lease", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("out/lease"))
    parser.add_argument("--database", choices=BOTH, default=POSTGRESQL)
    chosen = parser.parse_args()
    os.environ[VARIABLE] = chosen.database
    shutil.rmtree(chosen.out, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="lease-") as folder, stage(Path(folder), chosen.out.resolve()) as lease:
        try:
            for step in steps(lease):
                step()
        except (AssertionError, LookupError, RuntimeError) as error:
            lease.timeline.note("stopped", str(error))
            lease.resident.walker.note("lost")
            return 1
        finally:
            lease.tell_stores()
    contact_sheets(chosen.out / "gates", "gates", "", *_SHEET)
    print(f"Done. {chosen.out}/ holds timeline.txt, stores.txt and what everybody saw.")
    return 0


def steps(lease: Lease) -> tuple[Callable[[], None], ...]:
    """The story, in its order."""
    return (
        lease.gates_are_well,
        lease.registered,
        lease.agreed,
        lease.slip_opens,
        lease.face_opens,
        lease.card_opens,
        lease.phone_opens,
        lease.lost_card_is_refused,
        lease.renewed,
        lease.ends_without_a_network,
        lease.face_withdrawn,
        lease.over_without_a_network,
        lease.nobody_is_locked_in,
    )


if __name__ == "__main__":
    sys.exit(main())
