"""Emptying an outbox of two thousand intakes after three days without a link: real records over TLS, a store on disk.
Against the same number of batches sent out of RAM, one after the other, in the same run."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.drain import drain

_ITEMS = 2000


def measure() -> Iterator[tuple[str, float, str]]:
    """(name, the outbox over the bare sending, both)."""
    with tempfile.TemporaryDirectory() as folder:
        drained = drain(_ITEMS, Path(folder))
    ram = f"RAM grew by {drained.grown / 2**20:.1f} MiB for {drained.queue_bytes / 2**20:.1f} MiB"
    yield (
        f"{_ITEMS} intakes out of the outbox: {drained.seconds:.1f} s / sent out of RAM",
        drained.seconds / drained.bare_seconds,
        f"{drained.bare_seconds:.1f} s; in order: {drained.in_order}; aside {len(drained.aside)}; {ram}",
    )
