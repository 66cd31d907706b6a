"""The technician's one page, as facts: every device, the link, the store. Nothing about residents can get here."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from backend_client.policy import PolicyHolder
from civic.clock import Clock
from devices.health import Health, Level
from forms.carried import CarriedList
from forms.paper import CHINA_TIME
from kiosk.services.link import RecordsLink
from kiosk.services.outbox_sync import Seen
from kiosk.services.readiness import FONTS, Watch
from terminal.machine import MachineGroup, MachineRow
from terminal.store.audit import Audit
from terminal.store.errors import AuditBrokenError

_DEVICES = (
    "id_card",
    "travel_document",
    "camera",
    "mrz",
    "face",
    "page_printer",
    "thermal_printer",
    "access_card",
    "speaker",
    "records",
    "policy",
    "queue",
)
_TOLD = {  # facts that the catalogue has sentences for
    "last-status": "card_status",
    "last-problem": "document_problem",
    "last-reason": "card_reason",
}
_NO_FACTS = frozenset({*_TOLD, "threshold-source"})  # the last one is a paragraph: docs/face-accuracy.md
_NO_PASSIVE = ("passive", "no model")
_SKEW_BAD_S = 30
_DISK_LOW_GIB = 2
_DAYS_FEW, _DAYS_LOW = 30, 7  # a certificate is renewed with thirty days left
_GIB = 2**30
_WAITS_LONG = timedelta(hours=1)  # with a link, an intake is sent within seconds
_LINE_PROBLEMS = {"records-unreachable": "unreachable", "store-unwritable": "disk"}
INTAKE_PROBLEMS = frozenset(
    {"intake-unreadable", "intake-content", "intake-other", "blob-mismatch", "too-large", "malformed", "validation"}
)
"""Why records refuse an intake, as far as the catalogue has a sentence for it; ``other`` for all else."""


@dataclass(slots=True)
class Diagnostics:
    """Asked when the page opens and every second while it is open, on the screen's thread: so nothing here is slow."""

    watch: Watch
    link: RecordsLink
    policy: PolicyHolder
    audit: Audit
    store: Path
    clock: Clock
    software: str
    carried: Callable[[], CarriedList | None] = lambda: None
    days_left: Callable[[], int | None] = lambda: None  # of the device's certificate
    outbox: Callable[[], Seen] = Seen
    _audited: str | None = None  # rows and head when the chain was last read through; empty: it is broken

    def read_audit(self) -> None:
        """Read the whole audit through. Takes a second for some hundred thousand rows: for a job, now and then."""
        try:
            rows = self.audit.verify()
            self._audited = f"{rows} · {self.audit.head().hash[:12]}"
        except AuditBrokenError:
            self._audited = ""

    def table(self) -> tuple[MachineGroup, ...]:
        """Two groups: devices, this machine."""
        known = self.watch.all()
        shown = (*_DEVICES, FONTS) if FONTS in known else _DEVICES  # they are spoken of when they are not there
        devices = tuple(_device(known.get(name) or Health(name, Level.UNKNOWN, "starting")) for name in shown)
        machine = (
            self._officer(),
            self._untold(),
            self._waiting(),
            *self._aside(),
            self._last_sync(),
            self._skew(),
            self._disk(),
            self._policy(),
            self._carried(),
            self._certificate(),
            self._audit(),
            MachineRow("versions", text=self.software),
        )
        return (MachineGroup("devices", devices), MachineGroup("machine", machine))

    def _officer(self) -> MachineRow:
        """Without one, only a face can prove it."""
        return MachineRow("officer", value="on_duty" if self.watch.officer else "off_duty")

    def _untold(self) -> MachineRow:
        settled = self.link.settled
        count = settled.open.untold if settled else 0
        refused = settled.open.refused if settled else 0
        level = Level.DOWN if refused else Level.DEGRADED if count else Level.READY
        return MachineRow("untold", value="queue", values=(("count", count),), level=level)

    def _waiting(self) -> MachineRow:
        """Intakes that are to be sent; why they are not, if they should have been."""
        seen = self.outbox()
        if not seen.state.waiting:
            return MachineRow("intakes", value="queue", values=(("count", 0),))
        level = Level.DEGRADED if seen.problem or seen.waited > _WAITS_LONG else Level.READY
        minutes = int(seen.waited.total_seconds() // 60)
        said = _LINE_PROBLEMS.get(seen.problem, "refused") if seen.problem else "held" if seen.kept_back else ""
        facts = (("problem", seen.problem or seen.kept_back),) if said in {"refused", "held"} else ()
        values = (("count", seen.state.waiting), ("hours", minutes // 60), ("minutes", minutes % 60))
        told = f"intakes_problem.{said}" if said else ""
        return MachineRow("intakes", value="intakes", values=values, level=level, said=told, facts=facts)

    def _aside(self) -> Iterator[MachineRow]:
        """A line for each reason why records refused some."""
        for problem, count in Counter(each.problem for each in self.outbox().aside).items():
            known = problem in INTAKE_PROBLEMS
            said = f"intake_problem.{problem if known else 'other'}"
            facts = () if known else (("problem", problem),)
            values = (("count", count),)
            yield MachineRow("intakes_aside", value="queue", values=values, level=Level.DOWN, said=said, facts=facts)

    def _last_sync(self) -> MachineRow:
        at = self.link.last_sync
        if at is None:
            return MachineRow("last_sync", value="none", level=Level.DEGRADED)
        return MachineRow("last_sync", text=f"{at.astimezone(CHINA_TIME):%Y-%m-%d %H:%M:%S}")

    def _skew(self) -> MachineRow:
        skew = self.link.skew
        if skew is None:
            return MachineRow("clock_skew", value="none", level=Level.DEGRADED)
        level = Level.DEGRADED if abs(skew) > _SKEW_BAD_S else Level.READY
        return MachineRow("clock_skew", value="skew", values=(("seconds", f"{skew:+.1f}"),), level=level)

    def _disk(self) -> MachineRow:
        free = shutil.disk_usage(self.store).free / _GIB
        level = Level.DEGRADED if free < _DISK_LOW_GIB else Level.READY
        return MachineRow("disk", value="disk", values=(("gib", f"{free:.0f}"),), level=level)

    def _policy(self) -> MachineRow:
        policy = self.policy.current()
        if policy is None:
            return MachineRow("policy_version", value="none", level=Level.DOWN)
        days = (self.clock.now() - policy.issued_at).days
        return MachineRow("policy_version", value="policy", values=(("version", policy.version), ("days", days)))

    def _carried(self) -> MachineRow:
        """As of when papers can be checked without a link."""
        carried = self.carried()
        if carried is None:
            return MachineRow("carried_list", value="none", level=Level.DEGRADED)
        as_of = f"{carried.made_at.astimezone(CHINA_TIME):%Y-%m-%d %H:%M}"
        if carried.is_old(self.clock.now()):
            return MachineRow("carried_list", state="expired", level=Level.DEGRADED, facts=(("as-of", as_of),))
        return MachineRow("carried_list", text=as_of)

    def _certificate(self) -> MachineRow:
        """It is renewed by itself; when it was not, somebody must see why."""
        days = self.days_left()
        if days is None:
            return MachineRow("certificate", value="none", level=Level.DOWN)
        level = Level.DOWN if days < _DAYS_LOW else Level.DEGRADED if days < _DAYS_FEW - 1 else Level.READY
        return MachineRow("certificate", value="days_left", values=(("days", max(days, 0)),), level=level)

    def _audit(self) -> MachineRow:
        if self._audited is None:
            return MachineRow("audit", value="none", level=Level.UNKNOWN)
        if not self._audited:
            return MachineRow("audit", value="damaged", level=Level.DOWN)
        if self.link.forked:
            chain = (("chain", self._audited),)
            return MachineRow("audit", value="forked", level=Level.DOWN, said="said.audit-forked", facts=chain)
        return MachineRow("audit", text=self._audited)


def _device(health: Health) -> MachineRow:
    said, more = _said(dict(health.facts))
    untold = (fact for fact in health.facts if fact[0] not in _NO_FACTS and fact != _NO_PASSIVE)
    return MachineRow(health.device, state=health.reason, level=health.level, said=said, facts=(*untold, *more))


def _said(facts: dict[str, str]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The sentence for what went wrong last, and what else the driver knows of it (a file's name, a status word)."""
    for name, table in _TOLD.items():
        if facts.get(name):
            code, _, detail = facts[name].partition(" ")
            return f"{table}.{code}", (("problem", detail),) if detail else ()
    return ("said.passive-none" if _NO_PASSIVE in facts.items() else ""), ()
