"""Somebody presents a way in: it is looked up, decided, noted, and only then is the door told.

The pass and a telephone's half minute are noted in one transaction before the door opens, so that no code opens twice,
whenever the power fails. **A disk that can't be written keeps nobody out**: whoever has a right comes in, the pass is
lost, and health says so; no half minute opens twice all the same, until a restart. A disk that can't be *read* tells
nobody's right: then the gate stays shut, health says so, and the guard's call and the keys remain.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Lock

from backend_client.contract.gates import ReportKind
from backend_client.contract.tenancies import WayKind
from civic.gate_codes import phone_counter
from devices.health import Health, Level
from gate.flows.admission import (
    Admitted,
    CardKey,
    CardNumber,
    Code,
    Decision,
    FaceOf,
    Held,
    Kind,
    NotAdmitted,
    Phone,
    Presented,
    Reason,
    Rules,
    decide,
)
from gate.flows.moment import Moment
from gate.store.opened import GateStore
from gate.store.ways import HeldWay
from terminal.store.errors import StoreError

HEALTH = "gate_store"
_LASTING = frozenset({Kind.CARD, Kind.CARD_NUMBER, Kind.PHONE, Kind.FACE})
_REMEMBERED = 4  # half minutes


@dataclass(slots=True)
class Admit:
    """Usable from any thread, one at a time. ``moment``: gate.services.clocks.GateTime's; ``rules``: of the policy in
    force; ``tell``: hears of this store's health (``gate_store``: ok, not-noted, unreadable)."""

    store: GateStore
    moment: Callable[[], Moment]
    rules: Callable[[], Rules]
    tell: Callable[[Health], None] = lambda _: None
    _lock: Lock = field(default_factory=Lock)
    _shown: set[tuple[str, int]] = field(default_factory=set, repr=False)

    def present(self, presented: Presented) -> Decision:
        """Whether the door is to be let go. Never raises what belongs to the disk."""
        with self._lock:
            moment = self.moment()
            try:
                found = self._found(presented)
            except StoreError:
                self.tell(Health(HEALTH, Level.DOWN, "unreadable"))
                return NotAdmitted(Reason.UNREADABLE)
            decision = decide(presented, found, moment, self.rules())
            if isinstance(decision, Admitted):
                self._note_if_possible(presented, decision, moment)
            return decision

    def phone_key(self, credential: str) -> str | None:
        """Base64 of the key that this telephone's codes are to be signed by; None: no such telephone, or no disk."""
        try:
            return self.store.ways.phone_key(credential)
        except StoreError:
            return None

    def _found(self, presented: Presented) -> tuple[Held, ...]:
        ways = self.store.ways
        match presented:
            case CardKey(ref):
                return _helds(ways.by_ref(ref, WayKind.CARD))
            case CardNumber(ref):
                return _helds(ways.by_ref(ref, WayKind.CARD_NUMBER))
            case Code(ref):
                return _helds(ways.by_ref(ref, WayKind.SLIP, WayKind.GUEST))
            case FaceOf(holder):
                return _helds(ways.faces_of(holder))
            case Phone(credential):
                counters = self.store.passes.used(credential) | {n for who, n in self._shown if who == credential}
                return tuple(replace(held, counters=counters) for held in _helds(ways.by_credential(credential)))

    def _note_if_possible(self, presented: Presented, admitted: Admitted, moment: Moment) -> None:
        if isinstance(presented, Phone):
            oldest = phone_counter(moment.at) - _REMEMBERED
            self._shown = {shown for shown in self._shown if shown[1] >= oldest}
            self._shown.add((presented.credential, presented.counter))
        try:
            self._note(presented, admitted, moment)
        except StoreError:
            self.tell(Health(HEALTH, Level.DEGRADED, "not-noted"))
        else:
            self.tell(Health(HEALTH, Level.READY))

    def _note(self, presented: Presented, admitted: Admitted, moment: Moment) -> None:
        store, kind = self.store, WayKind(admitted.kind.value)
        with store.database.transaction():
            if isinstance(presented, Phone):
                store.passes.use(presented.credential, presented.counter)
            if admitted.kind in _LASTING and store.ways.prove(admitted.credential, admitted.holder, kind):
                store.reports.queue(ReportKind.WAY_PROVED, admitted.holder, admitted.credential, moment.at)
            door = store.grants.door()
            store.passes.note(door.id if door else "", admitted.holder, moment.at, kind)


def _helds(ways: list[HeldWay]) -> tuple[Held, ...]:
    return tuple(_held(way) for way in ways)


def _held(way: HeldWay) -> Held:
    return Held(
        way.grant,
        way.holder,
        way.credential,
        Kind(way.kind.value),
        way.starts_on,
        way.ends_on,
        way.grace_until,
        way.starts_at,
        way.ends_at,
        cancelled=way.cancelled,
    )
