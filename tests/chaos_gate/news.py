"""Whether records have something new for a gate: asked of their feed itself, so that polls that would say nothing can
be left out. What records forgot to put there, no poll would have brought either."""

from collections import Counter
from dataclasses import dataclass, field

from backend_client.contract.devices import DeviceKind
from records.context import Records
from records.services.changes import HEARD
from records.store import changes
from records.store.changes import ChangeRow, Extent
from records.store.database import Transaction

_AT_ONCE = 1000


@dataclass
class News:
    """``stale``: somebody has written to records since it was read."""

    stale: bool = True
    _epoch: int = -1
    _place: int = 0
    _told: Counter[str] = field(default_factory=Counter)  # by device; empty: all of them

    def of(self, device_id: str) -> int:
        """How many changes this gate could have heard of so far."""
        return self._told[device_id] + self._told[""]

    def read(self, records: Records) -> None:
        """Go on in the feed; another feed is news to all."""
        if self.stale:
            with records.database.reading() as transaction:
                held = changes.extent(transaction)
                if held.epoch != self._epoch:
                    self._begin(held)
                while found := self._next(transaction):
                    self._told.update(each.only for each in found)
                    self._place = found[-1].place
            self.stale = False

    def _begin(self, held: Extent) -> None:
        self._epoch, self._place = held.epoch, held.last
        self._told[""] += 1

    def _next(self, transaction: Transaction) -> list[ChangeRow]:
        return changes.after(transaction, self._place, _AT_ONCE, HEARD[DeviceKind.GATE])
