"""Whether something new may be taken in now, and if not, every reason why: before the resident has begun."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from backend_client.contract.intakes import IntakeKind
from backend_client.contract.policy import IntakeLimits, Policy

_MIB = 2**20
_ABOUT_FLATS = frozenset({IntakeKind.TENANCY, IntakeKind.OCCUPANT, IntakeKind.DEPARTURE, IntakeKind.ANSWER})


class Reason(StrEnum):
    """The closed set, in the order in which they are named: what no waiting mends comes first."""

    REVOKED = "revoked"
    STORE_UNWRITABLE = "store-unwritable"
    NO_POLICY = "no-policy"  # none was ever had, or it is past its end
    NOT_OFFERED = "not-offered"  # the policy says nothing of it
    QUEUE_FULL = "queue-full"
    OLDEST_TOO_OLD = "oldest-too-old"
    DISK_LOW = "disk-low"
    CLOCK_OFF = "clock-off"
    CLOCK_UNMEASURED = "clock-unmeasured"  # never compared with records' since this machine was started


@dataclass(frozen=True, slots=True)
class Standing:
    """How this device is now. ``kept``: items that wait or lie aside; ``oldest``: how long the first that waits has;
    ``free``: bytes of its disk; ``skew``: records' clock minus ours in seconds, None when it was not measured."""

    kept: int = 0
    oldest: timedelta = timedelta(0)
    free: int = 0
    skew: float | None = None
    writable: bool = True
    revoked: bool = False


def reasons(kind: IntakeKind, policy: Policy | None, standing: Standing) -> tuple[Reason, ...]:
    """All that keeps this kind from being taken in; empty: it may be."""
    return tuple(_reasons(kind, policy, standing))


def _reasons(kind: IntakeKind, policy: Policy | None, standing: Standing) -> Iterator[Reason]:
    if standing.revoked:
        yield Reason.REVOKED
    if not standing.writable:
        yield Reason.STORE_UNWRITABLE
    rules = policy.intake if policy else None
    if policy is None:
        yield Reason.NO_POLICY
    elif rules is None or kind not in rules.kinds or not _has_rules(kind, policy):
        yield Reason.NOT_OFFERED
    if rules is not None:
        yield from _beyond(rules, standing)
    if standing.skew is None:
        yield Reason.CLOCK_UNMEASURED


def _has_rules(kind: IntakeKind, policy: Policy) -> bool:
    """Whether the policy says how it goes on: what is about a flat has its own rules, and how one comes in too."""
    if kind is IntakeKind.WAYS:
        return policy.tenancy is not None and policy.gate is not None
    return kind not in _ABOUT_FLATS or policy.tenancy is not None


def _beyond(rules: IntakeLimits, standing: Standing) -> Iterator[Reason]:
    if standing.kept >= rules.most:
        yield Reason.QUEUE_FULL
    if standing.oldest >= timedelta(days=rules.oldest_days):
        yield Reason.OLDEST_TOO_OLD
    if standing.free < rules.free_mb * _MIB:
        yield Reason.DISK_LOW
    if standing.skew is not None and abs(standing.skew) > rules.skew_s:
        yield Reason.CLOCK_OFF
