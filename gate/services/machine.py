"""The technician's one page, as facts: every device, the link, the clock, the store. Counts, and nobody's name."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from backend_client.trusted_clock import TrustedClock
from devices.health import Health, Level
from forms.paper import CHINA_TIME
from gate.services.rules import InForce
from gate.services.watch import RECORDS, GateWatch
from gate.store.opened import GateStore
from terminal.machine import Groups, MachineGroup, MachineRow
from terminal.store.errors import StoreError

_DEVICES: Final = ("door", "access_card", "code_scanner", "camera", "face", "gate_store", "gate_peers")
_ALWAYS: Final = frozenset({"door", "gate_store"})
_SKEW_BAD_S, _DISK_LOW_GIB, _GIB = 30, 1, 2**30
_DAYS_FEW, _DAYS_LOW = 29, 7  # of a certificate, which is renewed with thirty days left


@dataclass(frozen=True, slots=True)
class Machine:
    """Asked every second while the page is open, on the screen's thread: so nothing here is slow. ``folder``: of the
    store; ``days_left``: of the device's certificate."""

    watch: GateWatch
    store: GateStore
    rules: InForce
    trusted: TrustedClock
    folder: Path
    days_left: Callable[[], int | None]
    software: str

    def table(self) -> Groups:
        """Two groups: devices, this machine."""
        known = self.watch.all()
        since = {name: self._at(began) for name, began in self.watch.since().items()}
        shown = (name for name in _DEVICES if name in known or name in _ALWAYS)
        devices = tuple(_device(known, name, since) for name in shown)
        machine = (
            _device(known, RECORDS, since),
            *self._held(),
            self._skew(),
            self._policy(),
            self._certificate(),
            self._disk(),
            MachineRow("versions", text=self.software),
        )
        return (MachineGroup("devices", devices), MachineGroup("machine", machine))

    def _at(self, monotonic: float) -> str:
        """On the community's clock, as far as it is known."""
        passed = timedelta(seconds=self.trusted.monotonic() - monotonic)
        return f"{(self.trusted.now() - passed).astimezone(CHINA_TIME):%m-%d %H:%M}"

    def _held(self) -> tuple[MachineRow, ...]:
        """What the encrypted file holds; unreadable, nobody comes in, and it says so."""
        try:
            at, grants, passes = self.store.grants.server_time(), self.store.grants.count(), self.store.passes.count()
            faces = self.store.templates.count()
        except StoreError:
            return (MachineRow("grants", value="damaged", level=Level.DOWN),)
        return (
            MachineRow("last_sync", text=_stamp(at)) if at else _none("last_sync", Level.DEGRADED),
            _count("grants", grants),
            _count("passes", passes),
            _count("faces", faces),
        )

    def _skew(self) -> MachineRow:
        """Records' time decides: this is what a technician sets right before the next start without a link."""
        skew = self.trusted.skew()
        if skew is None:
            return _none("clock_skew", Level.DEGRADED)
        level = Level.DEGRADED if abs(skew) > _SKEW_BAD_S else Level.READY
        return MachineRow("clock_skew", value="skew", values=(("seconds", f"{skew:+.1f}"),), level=level)

    def _policy(self) -> MachineRow:
        version = self.rules.held.version()
        if not version:
            return _none("policy_version", Level.DOWN)
        return MachineRow("policy_version", value="policy", values=(("version", version),))

    def _certificate(self) -> MachineRow:
        days = self.days_left()
        if days is None:
            return _none("certificate", Level.DOWN)
        level = Level.DOWN if days < _DAYS_LOW else Level.DEGRADED if days < _DAYS_FEW else Level.READY
        return MachineRow("certificate", value="days_left", values=(("days", max(days, 0)),), level=level)

    def _disk(self) -> MachineRow:
        free = shutil.disk_usage(self.folder).free / _GIB
        level = Level.DEGRADED if free < _DISK_LOW_GIB else Level.READY
        return MachineRow("disk", value="disk", values=(("gib", f"{free:.0f}"),), level=level)


def _device(known: dict[str, Health], name: str, since: dict[str, str]) -> MachineRow:
    health = known.get(name) or Health(name, Level.UNKNOWN, "starting")
    began = (("since", since[name]),) if name in since else ()
    facts = began if health.level is Level.READY else (*began, *health.facts)  # of what is well, the page is short
    return MachineRow(name, state=health.reason, level=health.level, facts=facts)


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(CHINA_TIME):%Y-%m-%d %H:%M:%S}"


def _count(name: str, count: int) -> MachineRow:
    return MachineRow(name, value="count", values=(("count", count),))


def _none(name: str, level: Level) -> MachineRow:
    return MachineRow(name, value="none", level=level)
