"""What the kiosk can do now, and whether a technician has closed it. Of the machine, not of the person before it."""

from dataclasses import dataclass

from kiosk.flows.base import Event
from kiosk.flows.identity import Way

CHECK = "check_paper"  # what readiness calls it
NOTICES = "notices"  # the same of 我的通知
RESIDENCE = "residence"  # the same of 居住登记, handed in to be decided later
CORRECTION = "correction"  # the same of 信息有误
TENANCY = "tenancy"  # the same of a lease
ABOUT_FLATS = (TENANCY, "occupant", "departure", "answer", "ways")  # all that is handed in at 租房与门禁
RECEIPT = "residence_receipt"  # the same, made at once


@dataclass(frozen=True, slots=True)
class OutOfService:
    """Set by a technician, persisted, shown to residents."""

    reason: str
    until: str = ""  # free of dates' grammar: "22:30" or "明天 09:00" as the technician chose


@dataclass(frozen=True, slots=True)
class Shut(Event):
    """Records have put this kiosk out: whoever is there is helped no further."""

    why: OutOfService


@dataclass(frozen=True, slots=True)
class Readiness:
    """What works now: for each service the reasons why it can't begin (empty: it can).

    ``broken``: ways to show who one is whose device does not work, with the reason. ``face``: why
    camera and models can't be used, "" when they can. ``officer``: somebody is on duty.
    """

    blocked: tuple[tuple[str, tuple[str, ...]], ...] = ()
    broken: tuple[tuple[Way, str], ...] = ()
    face: str = ""
    officer: bool = False

    def reasons(self, service: str) -> tuple[str, ...]:
        """Codes such as ``page_printer.paper-out``, worst first."""
        return dict(self.blocked).get(service, ("starting",))

    def declaration(self) -> tuple[str, ...] | None:
        """Whether 居住登记 is handed in while records can't be reached: all that stands in the way (empty: nothing).
        None: it is not, because they can be, or because the policy does not offer it."""
        away = any(code.startswith("records.") for code in self.reasons(RECEIPT))
        reasons = self.reasons(RESIDENCE)
        if not away or {"starting", "outbox.not-offered"} & set(reasons):
            return None
        card = dict(self.broken).get(Way.CARD)
        return (*reasons, *((card,) if card else ()))

    @property
    def linked(self) -> bool:
        """Whether records can be reached, as far as 我的通知 and 租房与门禁 need them."""
        return not any(code.startswith("records.") for code in self.reasons(NOTICES))

    @property
    def shut(self) -> tuple[str, ...]:
        """What of 租房与门禁 can't be handed in now."""
        return tuple(kind for kind in ABOUT_FLATS if self.reasons(kind))

    def renting(self) -> tuple[str, ...]:
        """Whether 租房与门禁 can begin: all that stands in the way (empty: nothing). Without a link a lease is taken in
        by the card alone."""
        reasons = self.reasons(TENANCY)
        if self.linked:
            return (*self.reasons(NOTICES), *reasons)
        card = dict(self.broken).get(Way.CARD)
        return (*reasons, *((card,) if card else ()))


@dataclass(frozen=True, slots=True)
class ReadinessChanged(Event):
    """Devices or records changed."""

    readiness: Readiness
