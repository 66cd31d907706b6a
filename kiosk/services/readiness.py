"""What works now, from the last word of each device: for the tiles, the log and the technician's page.

A service that can't finish is grey before the first touch. A change is logged and audited once, not every poll. A
device whose word has grown old, because asking it hangs, does not count as working.
"""

from collections.abc import Callable, Mapping
from itertools import chain

from civic.clock import Clock
from devices.health import Level
from forms.paper import Medium, PaperKind
from kiosk.flows.identity import Way
from kiosk.flows.readiness import CHECK, NOTICES, Readiness
from terminal.health_watch import HealthWatch
from terminal.store.audit import Audit

SERVICES = tuple(kind.value for kind in PaperKind if kind is not PaperKind.LATER_RECEIPT)
NEEDS = ("records", "policy")
"""What no service can do without, in the order in which reasons are named. Besides, one medium that its paper may be
printed on must work, one way to show who one is, and one way to prove it: a live face, or an officer on duty."""

PRINTERS: dict[Medium, tuple[str, ...]] = {
    Medium.PAGE: ("page_printer", "queue"),
    Medium.STRIP: ("thermal_printer",),
}
"""What a medium needs. (A strip printer that may still hold something of an earlier strip says itself that it is down.)
"""
NOT_FITTED = "not-fitted"
FONTS = "fonts"
"""Nothing can be drawn without them. They count as there until they were looked for, which takes seconds."""

_WAYS: dict[Way, tuple[str, ...]] = {Way.CARD: ("id_card",), Way.TRAVEL: ("travel_document",), Way.NUMBER: ()}
_FACE = ("camera", "face")


class Watch(HealthWatch):
    """``changed`` is called, one call at a time and in order, when a tile's state changes."""

    def __init__(
        self,
        audit: Audit,
        changed: Callable[[Readiness], None],
        clock: Clock,
        ways: Callable[[str], frozenset[Way]] = lambda _: frozenset(Way),
        media: Callable[[str], tuple[Medium, ...]] = lambda _: (Medium.PAGE,),
    ) -> None:
        """``ways``: how somebody can show who they are for a service, ``media``: what its paper may be printed on, the
        first preferred; both as the policy has it."""
        super().__init__(audit, clock)
        self._changed = changed
        self._ways = ways
        self._media = media
        self._officer = False
        self._intakes: tuple[tuple[str, tuple[str, ...]], ...] = ()
        self._readiness = self._judge()

    def tell_officer(self, *, on_duty: bool) -> None:
        """Whether somebody at the console says that they are there."""
        with self._lock:
            self._officer = on_duty
            self._judge_anew()

    def tell_intakes(self, blocked: Mapping[str, tuple[str, ...]]) -> None:
        """What is taken in to be sent later: for each kind every reason why it can't begin now."""
        with self._lock:
            self._intakes = tuple(blocked.items())
            self._judge_anew()

    @property
    def officer(self) -> bool:
        """Whether somebody is on duty."""
        with self._lock:
            return self._officer

    def _judge_anew(self) -> None:
        readiness, known = self._judge(), self._readiness
        self._readiness = readiness
        if readiness != known:
            self._changed(readiness)

    def _judge(self) -> Readiness:
        broken = tuple((way, reasons[0]) for way, needs in _WAYS.items() if (reasons := self._down(needs)))
        face = self._down(_FACE)
        blocked = tuple((service, self._blocked(service, dict(broken), face)) for service in SERVICES)
        checking = (CHECK, self._down(("camera",)))
        notices = (NOTICES, self._blocked(NOTICES, dict(broken), face))
        return Readiness((*blocked, checking, notices, *self._intakes), broken, face[0] if face else "", self._officer)

    def _blocked(self, service: str, broken: dict[Way, str], face: tuple[str, ...]) -> tuple[str, ...]:
        """Why a service can't begin: a part that is down; no way in; nobody and nothing to prove it to."""
        drawing = (FONTS,) if FONTS in self._health else ()
        paper = () if service == NOTICES else (*drawing, *self._printers(service))
        reasons = self._down((*NEEDS, *paper))
        if reasons == _STARTING:
            return reasons
        ways = [way for way in Way if way in self._ways(service)]
        no_way = tuple(broken[way] for way in ways if way in broken) if all(way in broken for way in ways) else ()
        soon = all(reason.endswith(_SOON) for reason in face)  # an officer need not stand in for what is just starting
        return (*reasons, *no_way, *(() if self._officer and not soon else face))

    def _printers(self, service: str) -> tuple[str, ...]:
        """What the first medium that works needs; when none does, all of them that this kiosk is fitted with."""
        media = [PRINTERS[medium] for medium in self._media(service)]
        for needs in media:
            if not self._down(needs):
                return needs
        fitted = [needs for needs in media if not self._is_missing(needs[0])]
        return tuple(chain.from_iterable(fitted or media))

    def _is_missing(self, device: str) -> bool:
        return device in self._health and self._health[device].reason == NOT_FITTED

    def _down(self, needs: tuple[str, ...]) -> tuple[str, ...]:
        """What of these does not work, what is broken before what is starting."""
        if any(device not in self._health for device in needs):
            return _STARTING
        down = [self._health[device] for device in needs if not self._health[device].works]
        down.sort(key=lambda health: health.level is Level.UNKNOWN)
        return tuple(f"{health.device}.{health.reason}" for health in down)


_STARTING = ("starting",)
_SOON = ("starting", "loading")
