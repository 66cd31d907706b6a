"""Records as kiosks meet them, over TLS, in small (``make load`` has all of it): writes that share commits against a
transaction for each request, and intakes against PostgreSQL's COPY of the same rows into the same table."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from statistics import median

from tests.load.campaign import SINGLE, WRITE, Result, campaign
from tests.load.client import Generator
from tests.load.measuring import bench
from tests.load.table import copies
from tests.load.works import Sizes
from tests.support.postgresql import VARIABLE, Server

_SIZES = Sizes().scaled(0.5)
_ROUNDS = 3


def measure() -> Iterator[tuple[str, float, str]]:
    """(name, ratio, note): our time over that of a transaction for each request, and over COPY's."""
    os.environ.pop(VARIABLE, None)
    with closing(Generator()) as generator:
        yield _written("SQLite", _campaign(generator, None))
        server = Server({}).made()
        try:
            result = _campaign(generator, server)
        finally:
            server.remove()
        yield _written("PostgreSQL", result)
        yield from _against_copy(result)


def _campaign(generator: Generator, server: Server | None) -> Result:
    with tempfile.TemporaryDirectory() as folder, bench(Path(folder), generator, server) as running:
        return campaign(running, _SIZES, _ROUNDS)


def _written(name: str, result: Result) -> tuple[str, float, str]:
    note = f"{result.figures[WRITE].rate:.0f} against {result.figures[SINGLE].rate:.0f} a second, sixteen connections"
    return f"{name}: a write over HTTPS / the same with a transaction for each request", 1 / result.shared(""), note


def _against_copy(result: Result) -> Iterator[tuple[str, float, str]]:
    ours = {
        "inserting intakes in batches of 100": median(result.inserted),
        "opening their seals": median(result.opened),
        "intakes from request to commit": result.ingested,
    }
    for words, rate in ours.items():
        for peer, copied in copies(result).items():
            note = f"{rate:,.0f} against {copied:,.0f} rows a second"
            yield f"PostgreSQL: {words} / COPY, {peer}", copied / rate, note
