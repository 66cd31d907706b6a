"""Notices that one slip was at two gates sooner than one person can be: then there is a copy of it.

A gate that a slip has opened says so to the others of its site, by the slip's number alone. Each remembers that for a
minute, in memory: nothing of it is written down, and records hear of it only when the slip is cancelled. Nobody waits
for this at a door, and a gate that can't be reached is told nothing later: a word that is old proves nothing.

How soon is too soon, whoever puts a gate up says (``walk_s``): the seconds that it takes at the least to any other
gate. The longer of two gates' holds between them; without either nothing is noticed. Times are compared as ages, by
clocks that are never set, and a word may have been on its way for a moment: that much is taken off, so that whoever
walks fast keeps their slip.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from backend_client.contract.base import Wire
from backend_client.contract.gates import ReportKind
from backend_client.contract.shown_slips import LONGEST_WALK_S, SHOWN_PATH, SlipHeard, SlipShown
from backend_client.contract.tenancies import WayKind
from civic.clock import Clock
from gate.flows.moment import Moment
from gate.services.giving import Asks
from gate.services.peer_client import PeerError
from gate.services.peers import KnownPeer
from gate.store.opened import GateStore
from gate.store.ways import HeldWay

ON_THE_WAY_S: Final = 3.0  # of a word between two gates, at the most
_MOST: Final = 1000  # words that are remembered: a gate that was stolen may say anything


@dataclass(frozen=True, slots=True)
class _Word:
    """When it was shown at another gate, by this one's clock, and the walk from there."""

    at: float
    walk_s: int


@dataclass(slots=True, eq=False, repr=False)
class ShownSlips:
    """``note`` by whoever reads codes, ``answer`` by PeerServer, ``tick`` by one repeating job; thread-safe.
    ``clock``: its monotonic one counts."""

    store: GateStore
    moment: Callable[[], Moment]
    clock: Clock
    client: Asks
    walk_s: int = 0
    _lock: Lock = field(default_factory=Lock)
    _here: dict[str, float] = field(default_factory=dict)
    _there: dict[tuple[str, str], _Word] = field(default_factory=dict)
    _to_tell: list[tuple[str, float]] = field(default_factory=list)
    _copied: set[str] = field(default_factory=set)

    def note(self, credential: str) -> None:
        """A slip has opened this gate. Nothing here takes time, or raises."""
        now = self.clock.monotonic()
        with self._lock:
            self._forget(now)
            self._here[credential] = now
            self._to_tell.append((credential, now))
            words = (word for (number, _), word in self._there.items() if number == credential)
            if any(self._too_soon(now, word) for word in words):
                self._copied.add(credential)

    def answer(self, path: str, body: bytes, sender: KnownPeer) -> Wire | None:
        """For PeerServer. Raises ValidationError and StoreError."""
        if path != SHOWN_PATH:
            return None
        return SlipHeard(twice=self._heard(SlipShown.model_validate_json(body), sender.device_id))

    def tick(self, known: tuple[KnownPeer, ...]) -> None:
        """Cancel what was found, and tell the others what opened here. Raises StoreError; the next tick goes on."""
        self._cancel_found()
        with self._lock:
            told, self._to_tell = self._to_tell, []
        for credential, at in told:
            for peer in known:
                if peer.address and self._said_twice(peer, credential, at):
                    self._copied.add(credential)
        self._cancel_found()

    def _heard(self, shown: SlipShown, sender: str) -> bool:
        """Of a slip that opens nothing here nothing is remembered."""
        if not self._slips(shown.credential):
            return False
        now = self.clock.monotonic()
        word = _Word(now - shown.ago_ms / 1000, shown.walk_s)
        with self._lock:
            self._forget(now)
            here = self._here.get(shown.credential)
            if len(self._there) < _MOST:
                self._there[shown.credential, sender] = word
            twice = here is not None and self._too_soon(here, word)
            if twice:
                self._copied.add(shown.credential)
        return twice

    def _said_twice(self, peer: KnownPeer, credential: str, at: float) -> bool:
        ago_s = self.clock.monotonic() - at
        if ago_s > LONGEST_WALK_S:
            return False
        shown = SlipShown(credential=credential, ago_ms=int(ago_s * 1000), walk_s=self.walk_s)
        with suppress(PeerError):
            return self.client.ask(peer, SHOWN_PATH, shown, SlipHeard).twice
        return False

    def _too_soon(self, here: float, word: _Word) -> bool:
        return abs(here - word.at) + ON_THE_WAY_S < max(self.walk_s, word.walk_s)

    def _forget(self, now: float) -> None:
        oldest = now - LONGEST_WALK_S
        self._here = {number: at for number, at in self._here.items() if at > oldest}
        self._there = {key: word for key, word in self._there.items() if word.at > oldest}

    def _cancel_found(self) -> None:
        """At this gate at once; records hear of it with the next report, tell its holder, and every other gate."""
        at, database = self.moment().at, self.store.database
        while self._copied:
            credential = next(iter(self._copied))
            with database.transaction():
                for holder in {way.holder for way in self._slips(credential)}:
                    if self.store.ways.cancel(credential):
                        self.store.reports.queue(ReportKind.SLIP_TWICE, holder, credential, at)
            self._copied.discard(credential)

    def _slips(self, credential: str) -> list[HeldWay]:
        return [way for way in self.store.ways.by_credential(credential) if way.kind is WayKind.SLIP]
