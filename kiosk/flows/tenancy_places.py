"""租房与门禁: the screens around its parts. What follows what stands in kiosk.flows.tenancy."""

from dataclasses import dataclass

from kiosk.flows import claim, ending, hand_in, proof
from kiosk.flows import identity as who
from kiosk.flows import tenancy_case as shared
from kiosk.flows import tenancy_codes as codes
from kiosk.flows import tenancy_draft as lease
from kiosk.flows import tenancy_leaving as leaving
from kiosk.flows import tenancy_mine as mine
from kiosk.flows import tenancy_people as people
from kiosk.flows import tenancy_ways as ways
from kiosk.flows.base import State
from kiosk.flows.contents import Joining


@dataclass(frozen=True, slots=True)
class Coming:
    """How things are as somebody comes. ``linked``: records can be reached, and know who is here; ``shut``: kinds that
    can't be handed in. ``stranger``: records were reached, and do not know them by their document."""

    offers: who.Offers
    linked: bool = True
    shut: tuple[str, ...] = ()
    stranger: bool = False


@dataclass(frozen=True, slots=True)
class ReadingNotice(State):
    """Who reads what, and why, before anything is read."""

    coming: Coming


@dataclass(frozen=True, slots=True)
class Claiming(State):
    """Who is said to be here (kiosk.flows.claim)."""

    coming: Coming
    at: claim.Here


@dataclass(frozen=True, slots=True)
class Proving(State):
    """That it is them (kiosk.flows.proof)."""

    coming: Coming
    at: proof.Here


@dataclass(frozen=True, slots=True)
class CheckingCard(State):
    """Without a link: whether the card is valid today."""

    coming: Coming


@dataclass(frozen=True, slots=True)
class Opening(State):
    """What is theirs is on its way."""

    coming: Coming


@dataclass(frozen=True, slots=True)
class NotOpened(State):
    """It did not come; ``code`` says why."""

    code: str


@dataclass(frozen=True, slots=True)
class Choosing(State):
    """What is theirs, and what can be done (kiosk.flows.tenancy_mine)."""

    coming: Coming
    at: mine.Here


@dataclass(frozen=True, slots=True)
class Leasing(State):
    """登记租住, 续租 (kiosk.flows.tenancy_lease)."""

    coming: Coming
    case: shared.Case
    at: lease.Here


@dataclass(frozen=True, slots=True)
class Peopling(State):
    """同住人 (kiosk.flows.tenancy_people)."""

    coming: Coming
    flat: shared.Flat
    at: people.Here


@dataclass(frozen=True, slots=True)
class ReadingPeopleOver(State):
    """Who will be handed in."""

    coming: Coming
    flat: shared.Flat
    content: Joining


@dataclass(frozen=True, slots=True)
class SettingWays(State):
    """通行方式 (kiosk.flows.tenancy_ways)."""

    coming: Coming
    flat: shared.Flat
    at: ways.Here


@dataclass(frozen=True, slots=True)
class GettingCode(State):
    """访客码, 入住登记流程单 (kiosk.flows.tenancy_codes)."""

    coming: Coming
    flat: shared.Flat
    at: codes.Here


@dataclass(frozen=True, slots=True)
class Leaving(State):
    """提前结束 (kiosk.flows.tenancy_leaving)."""

    coming: Coming
    at: leaving.Here


@dataclass(frozen=True, slots=True)
class HandingIn(State):
    """Kept, received, slip (kiosk.flows.hand_in). ``about``: which deed it was."""

    coming: Coming
    about: str
    at: hand_in.Here


Identifying = ReadingNotice | Claiming | Proving | CheckingCard | Opening | NotOpened
Doing = Choosing | Leasing | Peopling | ReadingPeopleOver | SettingWays | GettingCode | Leaving
Here = Identifying | Doing | HandingIn | ending.Here
