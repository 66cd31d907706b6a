"""``make load``: print what records carry on this machine, as markdown. ``--scale``: of the length of rounds."""

import argparse
import os
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from tests.load.campaign import campaign
from tests.load.client import Generator
from tests.load.measuring import bench
from tests.load.table import machine, table
from tests.load.works import Sizes
from tests.support.postgresql import VARIABLE, Server
from tests.support.records_server import BOTH, SQLITE


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--database", choices=BOTH, action="append")
    chosen = parser.parse_args()
    os.environ.pop(VARIABLE, None)  # each has its own here
    print(f"{datetime.now(UTC):%Y-%m-%d}, {machine()}\n")
    with closing(Generator()) as generator:
        for kind in chosen.database or BOTH:
            server = None if kind == SQLITE else Server({}).made()
            try:
                with tempfile.TemporaryDirectory() as folder, bench(Path(folder), generator, server) as running:
                    result = campaign(running, Sizes().scaled(chosen.scale), chosen.rounds)
            finally:
                if server:
                    server.remove()
            print(table(kind, result), end="\n\n", flush=True)


if __name__ == "__main__":
    main()
