"""What is opened for a visit of 我的通知: what records have to tell, who looked, and the number of the phone."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell. ``kind``: of backend_client.contract.messages; ``ref``: a serial or a number; ``state``: a
    code."""

    kind: str
    at: datetime
    ref: str = field(default="", repr=False)
    state: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody on duty looked at the resident's data: their role, what for, and under which ticket."""

    at: datetime
    reader: str
    purpose: str = field(repr=False)
    ticket: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Phone:
    """The number that texts go to. ``masked``: as ``138****5678``, "" for none; ``due``: it has to be verified again,
    ``due_soon``: within a month."""

    masked: str = field(default="", repr=False)
    due: bool = False
    due_soon: bool = False
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Opened:
    """All that was opened for this visit."""

    notices: tuple[Notice, ...] = ()
    looks: tuple[Look, ...] = ()
    phone: Phone = Phone()
