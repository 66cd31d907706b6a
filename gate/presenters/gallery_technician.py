"""The technician's screens with synthetic facts: as on a good day, and with everything wrong that can be."""

from collections.abc import Iterator

from gate.flows import states as s
from gate.flows.terminal import Terminal
from terminal.machine import Groups, MachineGroup, MachineRow

TROUBLE = "gate-technician-trouble"
_SINCE = (("since", "11-22 04:10"),)
_STARTED = (("since", "11-21 09:00"),)
_WRONG = {
    "door": (
        *("starting", "silent", "fire", "tamper", "forced", "held-open", "port-missing", "key-missing", "key-exposed"),
        *("key-malformed", "key-is-default", "key-refused", "not-secure", "chip-missing", "lines-taken", "closed"),
        "other",
    ),
    "access_card": ("unplugged", "no-service", "in-use", "silent"),
    "code_scanner": ("unplugged", "in-use"),
    "camera": ("unplugged", "dark", "stalled", "another-camera"),
    "face": ("loading", "no-pack", "broken-pack", "broken-passive-model"),
    "gate_store": ("not-noted", "unreadable", "not-tidied"),
    "gate_peers": ("peer-refused", "not-listening"),
    "records": ("unreachable", "refused", "revoked"),
}


def technicians() -> Iterator[tuple[str, Terminal]]:
    """(name, terminal) of each."""
    yield "gate-technician-pin", Terminal(s.EnteringPin())
    yield "gate-technician-pin-checking", Terminal(s.EnteringPin(checking=True))
    yield "gate-technician-pin-wrong", Terminal(s.EnteringPin(wrong=True))
    yield "gate-technician-pin-locked", Terminal(s.EnteringPin(wrong=True, locked_minutes=15))
    yield "gate-technician-pin-unset", Terminal(s.EnteringPin(wrong=True, unset=True))
    yield "gate-technician-page", Terminal(s.AtService())
    yield "gate-technician-trying", Terminal(s.AtService("door-trying", busy=True))
    yield "gate-technician-opened", Terminal(s.AtService("door-opened"))
    yield "gate-technician-failed", Terminal(s.AtService("door-failed"))
    yield TROUBLE, Terminal(s.AtService())


def machine_of(name: str) -> Groups:
    """What the page of that name says."""
    return _trouble() if name == TROUBLE else _well()


def _well() -> Groups:
    fitted = ("door", "access_card", "code_scanner", "camera", "face", "gate_store", "gate_peers")
    devices = tuple(MachineRow(each, state="ok", facts=_STARTED) for each in fitted)
    machine = (
        MachineRow("records", state="ok", facts=_SINCE),
        MachineRow("last_sync", text="2026-11-22 23:04:51"),
        _counted("grants", 12_047),
        _counted("passes", 88_310),
        _counted("faces", 214),
        MachineRow("clock_skew", value="skew", values=(("seconds", "+0.4"),)),
        MachineRow("policy_version", value="policy", values=(("version", 31),)),
        MachineRow("certificate", value="days_left", values=(("days", 61),)),
        MachineRow("disk", value="disk", values=(("gib", 22),)),
        MachineRow("versions", text="lamplight 0.6.0"),
    )
    return (MachineGroup("devices", devices), MachineGroup("machine", machine))


def _trouble() -> Groups:
    wrong = ((name, reason) for name, reasons in _WRONG.items() for reason in reasons)
    devices = tuple(MachineRow(name, state=reason, level="down", facts=_SINCE) for name, reason in wrong)
    machine = (
        MachineRow("last_sync", value="none", level="degraded"),
        MachineRow("grants", value="damaged", level="down"),
    )
    return (MachineGroup("devices", devices), MachineGroup("machine", machine))


def _counted(name: str, count: int) -> MachineRow:
    return MachineRow(name, value="count", values=(("count", count),))
