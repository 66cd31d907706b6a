"""通行方式: how somebody comes in by one right. A card is laid and added, a telephone gets a link, a face is consented
to or withdrawn, what is lost opens nothing any more. Diagram: docs/flows/tenancy_ways.md, drawn from this file.
"""

from dataclasses import dataclass, field, replace

from kiosk.flows import happenings as h
from kiosk.flows import tenancy_case as shared
from kiosk.flows.base import Command, Event, State, Step
from kiosk.flows.contents import NewCard, Ways
from kiosk.flows.tenancy_told import FACE, OwnWay

EACH_PAGE = 2
"""Ways on one page: as many as stand there in large type too."""

# --- places ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ListingWays(State):
    """Those there are, since when, and what can be done. ``problem``: why the last deed did not come about."""

    flat: shared.Flat
    page: int = 0
    problem: str = ""

    @property
    def shown(self) -> tuple[OwnWay, ...]:
        """Those of this page."""
        return self.flat.right.ways[self.page * EACH_PAGE : (self.page + 1) * EACH_PAGE]

    @property
    def more(self) -> bool:
        """Whether others follow."""
        return len(self.flat.right.ways) > (self.page + 1) * EACH_PAGE


@dataclass(frozen=True, slots=True)
class AwaitingAccessCard(State):
    """The access card is laid on the reader."""

    flat: shared.Flat


@dataclass(frozen=True, slots=True)
class ConfirmingCard(State):
    """Which card it is, by its last characters, and whether it is of the weaker kind."""

    flat: shared.Flat
    card: NewCard


@dataclass(frozen=True, slots=True)
class AskingLink(State):
    """A link for one's own telephone is on its way."""

    flat: shared.Flat


@dataclass(frozen=True, slots=True)
class ShowingLink(State):
    """The link as a square, to be read by the telephone whose way it becomes."""

    flat: shared.Flat
    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReadingFaceNotice(State):
    """What a face at the gate means; two equal answers."""

    flat: shared.Flat


@dataclass(frozen=True, slots=True)
class ConfirmingWithdrawal(State):
    """Whether the face is to be deleted everywhere."""

    flat: shared.Flat


@dataclass(frozen=True, slots=True)
class ChoosingLost(State):
    """Which of one's ways is lost."""

    flat: shared.Flat
    page: int = 0

    @property
    def losable(self) -> tuple[OwnWay, ...]:
        """All but a face, which is withdrawn."""
        return tuple(each for each in self.flat.right.ways if each.kind != FACE)

    @property
    def shown(self) -> tuple[OwnWay, ...]:
        """Those of this page."""
        return self.losable[self.page * EACH_PAGE : (self.page + 1) * EACH_PAGE]

    @property
    def more(self) -> bool:
        """Whether others follow."""
        return len(self.losable) > (self.page + 1) * EACH_PAGE


@dataclass(frozen=True, slots=True)
class ConfirmingLost(State):
    """Whether this one is to open nothing any more."""

    flat: shared.Flat
    way: OwnWay


Here = (
    ListingWays
    | AwaitingAccessCard
    | ConfirmingCard
    | AskingLink
    | ShowingLink
    | ReadingFaceNotice
    | ConfirmingWithdrawal
    | ChoosingLost
    | ConfirmingLost
)
Next = Here | shared.Ready | shared.Back | shared.Outdated


# --- what the resident did -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CardAsked(Event):
    """用门禁卡."""


@dataclass(frozen=True, slots=True)
class LinkAsked(Event):
    """手机码."""


@dataclass(frozen=True, slots=True)
class FaceAsked(Event):
    """刷脸, or to withdraw it."""


@dataclass(frozen=True, slots=True)
class LossAsked(Event):
    """挂失."""


@dataclass(frozen=True, slots=True)
class LostChosen(Event):
    """Which one."""

    ref: str


# --- what the reader and records answered ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AccessCardRead(Event):
    """A card that can be a way here."""

    card: NewCard


@dataclass(frozen=True, slots=True)
class AccessCardUnfit(Event):
    """None was laid, or it can't be one: ``code`` is none-laid, not-a-card, weak, moved or reader-failed."""

    code: str


@dataclass(frozen=True, slots=True)
class PhoneLinkMade(Event):
    """``url``: opened once, by the telephone whose way it becomes."""

    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PhoneLinkNotMade(Event):
    """None was: ``code`` says why."""

    code: str


# --- what is to be done ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReadAccessCard(Command):
    """The next card laid on the reader signs a challenge, or says its number. -> AccessCardRead | AccessCardUnfit."""


@dataclass(frozen=True, slots=True)
class AskPhoneLink(Command):
    """For this right. -> PhoneLinkMade | PhoneLinkNotMade."""

    right: str


def begin(flat: shared.Flat) -> Step[Next]:
    """The first screen."""
    return Step(ListingWays(flat))


def advance(state: Here, event: Event) -> Step[Next]:
    """The next screen, and what is to be done now."""
    match state:
        case ListingWays():
            return _listing(state, event)
        case AwaitingAccessCard() | ConfirmingCard():
            return _card(state, event)
        case AskingLink() | ShowingLink():
            return _link(state, event)
        case ReadingFaceNotice() | ConfirmingWithdrawal():
            return _face(state, event)
        case ChoosingLost() | ConfirmingLost():
            return _lost(state, event)


def _listing(state: ListingWays, event: Event) -> Step[Next]:
    flat = state.flat
    if isinstance(event, CardAsked | LinkAsked | FaceAsked | LossAsked):
        return _deed(state, event)
    match event:
        case h.WentOn() if state.more:
            return Step(replace(state, page=state.page + 1, problem=""))
        case h.WentBack() if state.page:
            return Step(ListingWays(flat, state.page - 1))
        case h.WentOn() | h.WentBack():
            return Step(shared.Back())
        case _:
            return Step(state)


def _deed(state: ListingWays, event: CardAsked | LinkAsked | FaceAsked | LossAsked) -> Step[Next]:
    flat = state.flat
    right, handed_in = flat.right, flat.case.takes("ways")
    match event:
        case CardAsked() if right.choosing and handed_in:
            return Step(AwaitingAccessCard(flat), (ReadAccessCard(),))
        case LinkAsked() if right.choosing and flat.case.linked:
            return Step(AskingLink(flat), (AskPhoneLink(right.ref),))
        case FaceAsked() if right.face and handed_in:
            return Step(ConfirmingWithdrawal(flat))
        case FaceAsked() if right.choosing and handed_in and flat.case.own.face:
            return Step(ReadingFaceNotice(flat))
        case LossAsked() if handed_in and ChoosingLost(flat).losable:
            return Step(ChoosingLost(flat))
        case _:
            return Step(state)


def _card(state: AwaitingAccessCard | ConfirmingCard, event: Event) -> Step[Next]:
    flat = state.flat
    match state, event:
        case AwaitingAccessCard(), AccessCardRead(card):
            return Step(ConfirmingCard(flat, card))
        case AwaitingAccessCard(), AccessCardUnfit(code):
            return Step(ListingWays(flat, problem=code))
        case AwaitingAccessCard(), h.JobFailed():
            return Step(ListingWays(flat, problem="reader-failed"))
        case AwaitingAccessCard(), h.WentBack():
            return Step(ListingWays(flat), (h.StopJobs(),))
        case ConfirmingCard(card=card), h.DataConfirmed():
            return _ready(flat, "card", card=card)
        case ConfirmingCard(), h.WentBack():
            return Step(ListingWays(flat))
        case _:
            return Step(state)


def _link(state: AskingLink | ShowingLink, event: Event) -> Step[Next]:
    flat = state.flat
    match state, event:
        case AskingLink(), PhoneLinkMade(url):
            return Step(ShowingLink(flat, url))
        case AskingLink(), PhoneLinkNotMade():
            return Step(ListingWays(flat, problem="no-phone-link"))
        case AskingLink(), h.JobFailed():
            return Step(ListingWays(flat, problem="no-phone-link"))
        case ShowingLink(), (h.WentOn() | h.WentBack()):
            return Step(shared.Outdated())
        case _:
            return Step(state)


def _face(state: ReadingFaceNotice | ConfirmingWithdrawal, event: Event) -> Step[Next]:
    flat = state.flat
    match state, event:
        case ReadingFaceNotice(), shared.Answered(yes=True):
            return _ready(flat, "face", face=True)
        case ConfirmingWithdrawal(), h.DataConfirmed():
            return _ready(flat, "no-face", face=False)
        case (_, h.WentBack()) | (ReadingFaceNotice(), shared.Answered()):
            return Step(ListingWays(flat))
        case _:
            return Step(state)


def _lost(state: ChoosingLost | ConfirmingLost, event: Event) -> Step[Next]:
    flat = state.flat
    match state, event:
        case ChoosingLost(), LostChosen(ref):
            way = next((each for each in state.losable if each.ref == ref), None)
            return Step(ConfirmingLost(flat, way) if way else state)
        case ChoosingLost(page=page), h.WentOn() if state.more:
            return Step(ChoosingLost(flat, page + 1))
        case ChoosingLost(page=page), h.WentBack() if page:
            return Step(ChoosingLost(flat, page - 1))
        case ChoosingLost(), h.WentBack():
            return Step(ListingWays(flat))
        case ConfirmingLost(way=way), h.DataConfirmed():
            return _ready(flat, "lost", lost=(way.ref,))
        case ConfirmingLost(), h.WentBack():
            return Step(ChoosingLost(flat))
        case _:
            return Step(state)


def _ready(
    flat: shared.Flat, about: str, *, card: NewCard | None = None, face: bool | None = None, lost: tuple[str, ...] = ()
) -> Step[Next]:
    return Step(shared.Ready(Ways(flat.case.who, flat.right.ref, card, face, lost), about))
