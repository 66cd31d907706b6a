"""A card, a telephone's code and a face's holder at a gate of 1,000 and 12,000 rights: from what was presented to the
decision, noted on the disk, against the least that it could take: one durable row in such a file.

What comes before is the reader's time (and of a face the models': gate_face), what comes after the controller's.
"""

import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np

from backend_client.contract.gates import Grant
from backend_client.contract.tenancies import WayKind
from civic.gate_codes import phone_counter
from gate.flows.admission import Admitted, CardKey, FaceOf, Phone, Presented, Rules
from gate.services.admit import Admit
from gate.store.opened import GateStore
from tests.gate.made_up import TODAY, Still, grant, number, snapshot, store_at, way
from tests.support.clocks import NOW

_SIZES = (1_000, 12_000)
_ASKS = 240
_PRESENTED: dict[str, Callable[[int], Presented]] = {
    "card": lambda of: CardKey(f"card{of}="),
    "telephone's code": lambda of: Phone(number(of + 100_000), phone_counter(NOW), signature_good=True),
    "face's holder": lambda of: FaceOf(number(of + 500_000)),
}


def measure() -> Iterator[tuple[str, float, str]]:
    """(name, ratio, note). Ours and the row in turns; medians, and of ours the worst of a hundred too."""
    for size in _SIZES:
        yield from _measure(size)


def _measure(size: int) -> Iterator[tuple[str, float, str]]:
    still = Still()
    with (
        tempfile.TemporaryDirectory() as folder,
        store_at(Path(folder) / "gate.db", still) as store,
        store_at(Path(folder) / "bare.db", still) as bare,
    ):
        store.grants.restart(snapshot(*(_right(of) for of in range(1, size + 1))))
        admit = Admit(store, still.moment, Rules)
        for name, presented in _PRESENTED.items():
            ours, row = _times(admit, bare, (presented(1 + ask * size // _ASKS) for ask in range(_ASKS)))
            p50, p99 = np.percentile(ours, (50, 99))
            least = float(np.median(row))
            note = f"p50 {1000 * p50:.2f} ms, p99 {1000 * p99:.2f} ms of {_ASKS}, against {1000 * least:.2f} ms"
            yield f"{name} at a gate of {size:,} rights, to the noted decision / one durable row", p50 / least, note


def _right(of: int) -> Grant:
    ways = (
        way(of, WayKind.CARD, f"card{of}="),
        way(of + 100_000, WayKind.PHONE, f"phone{of}="),
        way(of + 200_000, WayKind.FACE),
    )
    return grant(of, *ways, ends_on=TODAY + timedelta(days=300))


def _times(admit: Admit, bare: GateStore, presented: Iterable[Presented]) -> tuple[list[float], list[float]]:
    """Seconds of each, in turns; each time somebody else comes."""
    ours, row = list[float](), list[float]()
    for shown in presented:
        start = time.perf_counter()
        decision = admit.present(shown)
        ours.append(time.perf_counter() - start)
        if not isinstance(decision, Admitted):
            raise TypeError(decision)
        start = time.perf_counter()
        bare.passes.note("gate-1", decision.holder, NOW, WayKind.CARD)
        row.append(time.perf_counter() - start)
    return ours, row
