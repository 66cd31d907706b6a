"""What is touched, held or left untouched around every service: the visit's own events, and its one command.

What happens within a service stands in ``kiosk.flows.happenings`` and ``kiosk.flows.identity``.
"""

from dataclasses import dataclass

from kiosk.flows import check_paper, claim, issuing, proof
from kiosk.flows.base import Command, Event
from kiosk.flows.errand import Service
from kiosk.flows.identity import Offers

WITHOUT_TOUCH = (
    proof.FacingCamera
    | proof.WithOfficer
    | claim.ShowingPage
    | claim.Waiting
    | issuing.Issuing
    | issuing.Voiding
    | check_paper.ShowingPaper
    | check_paper.AskingAboutIt
)
"""Where looking, speaking or waiting is what was asked for; each ends by itself."""


@dataclass(frozen=True, slots=True)
class Begun(Event):
    """The attract screen was touched."""


@dataclass(frozen=True, slots=True)
class ServiceChosen(Event):
    """The tile of a service that makes a paper was touched; ``offers`` come from the policy and the devices."""

    service: Service
    offers: Offers


@dataclass(frozen=True, slots=True)
class DeclarationChosen(Event):
    """The tile 居住登记 was touched while records can't be reached; ``offers`` as for its paper."""

    offers: Offers


@dataclass(frozen=True, slots=True)
class CheckChosen(Event):
    """The tile 验证证明 was touched."""


@dataclass(frozen=True, slots=True)
class NoticesChosen(Event):
    """The tile 我的通知 was touched; ``offers`` as for a service that makes a paper."""

    offers: Offers


@dataclass(frozen=True, slots=True)
class RentingChosen(Event):
    """The tile 租房与门禁 was touched; ``offers`` as for a service that makes a paper."""

    offers: Offers


@dataclass(frozen=True, slots=True)
class HelpToggled(Event):
    """帮助."""


@dataclass(frozen=True, slots=True)
class Cleared(Event):
    """清屏退出, or the idle warning ran out."""


@dataclass(frozen=True, slots=True)
class WentQuiet(Event):
    """Nobody has touched anything for a while; the warning has ``seconds`` left."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Extended(Event):
    """Still here."""


@dataclass(frozen=True, slots=True)
class GoodbyeOver(Event):
    """The few seconds of thanks have passed."""


@dataclass(frozen=True, slots=True)
class AlarmHeld(Event):
    """The alarm was held for two seconds."""


@dataclass(frozen=True, slots=True)
class AlarmAnswered(Event):
    """``reached``: ``calling``, records have it and somebody is on duty; ``seen`` by an officer; ``nobody`` is on duty;
    ``away``, records were not reached. Comes again whenever it may have changed."""

    reached: str


@dataclass(frozen=True, slots=True)
class AlarmLeft(Event):
    """The person at the screen closed the alarm."""


@dataclass(frozen=True, slots=True)
class CornerTapped(Event):
    """The hidden corner: a technician."""


@dataclass(frozen=True, slots=True)
class RaiseAlarm(Command):
    """-> AlarmAnswered. Sounds, and tries to reach someone."""
