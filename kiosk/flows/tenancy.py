"""租房与门禁: who is here, what is theirs, and one deed after another. Diagram: docs/flows/tenancy.md, drawn from this
file.

Who one is and that it is them are the flows of every service (claim, proof); nothing is shown before. Without a link
nobody can be compared with a portrait and nothing is shown: the card alone says who is here, and a lease is taken in.
Whatever is done is handed in (kiosk.flows.hand_in), and every outcome of that looks the same: nobody learns here
whether a flat is let, to whom, or who owns it.
"""

from dataclasses import dataclass, replace

from kiosk.flows import claim, declaration, ending, hand_in, proof
from kiosk.flows import happenings as h
from kiosk.flows import identity as who
from kiosk.flows import tenancy_case as shared
from kiosk.flows import tenancy_codes as codes
from kiosk.flows import tenancy_lease as lease
from kiosk.flows import tenancy_leaving as leaving
from kiosk.flows import tenancy_mine as mine
from kiosk.flows import tenancy_people as people
from kiosk.flows import tenancy_ways as ways
from kiosk.flows.base import Command, Event, Step
from kiosk.flows.contents import Joining
from kiosk.flows.declarant import Declarant
from kiosk.flows.tenancy_places import (
    CheckingCard,
    Choosing,
    Claiming,
    Coming,
    GettingCode,
    HandingIn,
    Here,
    Identifying,
    Leasing,
    Leaving,
    NotOpened,
    Opening,
    Peopling,
    Proving,
    ReadingNotice,
    ReadingPeopleOver,
    SettingWays,
)
from kiosk.flows.tenancy_told import Own

# --- events and commands ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TenanciesOpened(Event):
    """They are here. ``who``: as they were proven, for what they hand in."""

    who: Declarant
    own: Own


@dataclass(frozen=True, slots=True)
class TenanciesUnavailable(Event):
    """They are not; ``code`` says why."""

    code: str


@dataclass(frozen=True, slots=True)
class OpenTenancies(Command):
    """-> TenanciesOpened | TenanciesUnavailable."""


def begin(offers: who.Offers, *, linked: bool = True, shut: tuple[str, ...] = ()) -> Step[Here]:
    """The first screen. Without a link, of what is offered otherwise the identity cards alone are left."""
    if not linked:
        here = tuple((kind, office) for kind, office in offers.documents if office or kind in who.CARDS)
        offers = replace(offers, documents=here)
    return Step(ReadingNotice(Coming(offers, linked, shut)))


def advance(state: Here, event: Event) -> Step[Here]:
    """The next screen, and what is to be done now."""
    match state:
        case ReadingNotice() | Claiming() | Proving() | CheckingCard() | Opening() | NotOpened():
            return _identify(state, event)
        case Choosing(coming, at):
            return _choose(coming, mine.advance(at, event))
        case Leasing(coming, case, at):
            return _lease(coming, case, lease.advance(at, event))
        case Peopling() | ReadingPeopleOver():
            return _people(state, event)
        case SettingWays(coming, flat, at):
            return _ways(coming, flat, ways.advance(at, event))
        case GettingCode(coming, flat, at):
            return _code(coming, flat, codes.advance(at, event))
        case Leaving(coming, at):
            return _leave(coming, at.leave.case, leaving.advance(at, event))
        case HandingIn(coming, about, at):
            return _keep(coming, about, hand_in.advance(at, event))
        case ending.Parting():
            return ending.advance(state, event)
        case ending.Over() | ending.Left():
            return Step(state)


# --- who is here -----------------------------------------------------------------------------------------------------


def _identify(state: Identifying, event: Event) -> Step[Here]:
    match state, event:
        case ReadingNotice(coming), h.NoticeAccepted() if coming.linked:
            return _claim(coming, claim.begin(coming.offers))
        case ReadingNotice(coming), h.NoticeAccepted():
            here = claim.begin(coming.offers).state
            return _claim(coming, claim.advance(here, who.WayChosen(who.Way.CARD)))
        case ReadingNotice(), h.WentBack():
            return Step(ending.Left())
        case Claiming(coming, at), _:
            return _claim(coming, claim.advance(at, event))
        case Proving(coming, at), _:
            return _prove(coming, proof.advance(at, event))
        case NotOpened(), h.WentOn():
            return ending.leave(served=False)
        case ((CheckingCard() | Opening()), _):
            return _opened(state, event)
        case _:
            return Step(state)  # late or stray: what it speaks of is no longer on the screen


def _opened(state: CheckingCard | Opening, event: Event) -> Step[Here]:
    coming = state.coming
    today, shut = coming.offers.today, coming.shut
    match state, event:
        case CheckingCard(), declaration.CardTaken(declarant):
            own = Own(face=False)
            return _mine(coming, shared.Case(declarant, today, own, linked=False, shut=shut, stranger=coming.stranger))
        case CheckingCard(), declaration.CardUnfit(code):
            return Step(NotOpened(code))
        case Opening(), TenanciesOpened(declarant, own):
            return _mine(coming, shared.Case(declarant, today, own, shut=shut))
        case Opening(), TenanciesUnavailable(code):
            return Step(NotOpened(code))
        case _, h.JobFailed():
            return Step(NotOpened("unexpected"))
        case _:
            return Step(state)


def _claim(coming: Coming, step: Step[claim.Here]) -> Step[Here]:
    """Without a link nobody is asked who it is: it is who the card says. Nor is somebody from abroad sent away whom the
    register does not know: what they hand in is looked at by an officer."""
    match step.state:
        case claim.Identifying() if not coming.linked:
            return Step(CheckingCard(coming), (declaration.CheckCard(),))
        case claim.ChoosingWay() if not coming.linked:
            return Step(ending.Left(), (h.StopJobs(),))
        case claim.Claimed(_, claimed) if claimed.unclear and claimed.abroad:
            alone = replace(coming, linked=False, stranger=True)
            return Step(CheckingCard(alone), (*step.commands, declaration.CheckCard()))
        case claim.Claimed(offers, claimed):
            begun = proof.begin(claimed, offers)
            return Step(Proving(coming, begun.state), (*step.commands, *begun.commands))
        case claim.Stopped(code):
            return Step(NotOpened(code), step.commands)
        case claim.GivenUp(back):
            left: Step[Here] = Step(ending.Left(), (*step.commands, h.StopJobs()))
            return left if back else ending.leave(step.commands, served=False)
        case at:
            return Step(Claiming(coming, at), step.commands)


def _prove(coming: Coming, step: Step[proof.Here]) -> Step[Here]:
    match step.state:
        case proof.Proven():
            return Step(Opening(coming), (*step.commands, OpenTenancies()))
        case proof.Unproven():
            return ending.leave(step.commands, served=False)
        case at:
            return Step(Proving(coming, at), step.commands)


# --- the flows that lie in this one ----------------------------------------------------------------------------------


def _mine(coming: Coming, case: shared.Case) -> Step[Here]:
    return _choose(coming, mine.begin(case))


def _at(coming: Coming, flat: shared.Flat) -> Step[Here]:
    """Back at the flat from which a deed began."""
    return Step(Choosing(coming, mine.AtFlat(flat)))


def _choose(coming: Coming, step: Step[mine.Next]) -> Step[Here]:
    match step.state:
        case mine.Finished():
            return ending.leave(step.commands, served=True)
        case mine.Registering(case, again):
            return _lease(coming, case, lease.register(case, again=again))
        case mine.Ending(case, let):
            return _leave(coming, case, leaving.end(case, let))
        case mine.Chosen(flat, deed):
            return _begin(coming, flat, deed)
        case shared.Ready() as ready:
            return _ready(coming, ready)
        case at:
            return Step(Choosing(coming, at), step.commands)


def _begin(coming: Coming, flat: shared.Flat, deed: mine.Deed) -> Step[Here]:
    match deed:
        case mine.Deed.RENEW:
            return _lease(coming, flat.case, lease.renew(flat.case, flat.right))
        case mine.Deed.PEOPLE:
            begun = people.begin(people.Party(flat.case.who, flat.case.today, others=flat.right.others, alone=True))
            return Step(Peopling(coming, flat, begun.state), begun.commands)
        case mine.Deed.WAYS:
            return _ways(coming, flat, ways.begin(flat))
        case mine.Deed.GUEST:
            return _code(coming, flat, codes.invite(flat))
        case mine.Deed.SLIP:
            return _code(coming, flat, codes.slip(flat))
        case mine.Deed.LEAVE:
            return _leave(coming, flat.case, leaving.leave(flat.case, flat.right))


def _lease(coming: Coming, case: shared.Case, step: Step[lease.Next]) -> Step[Here]:
    match step.state:
        case shared.Ready() as ready:
            return _ready(coming, ready)
        case shared.Back():
            return _mine(coming, case)
        case at:
            return Step(Leasing(coming, case, at), step.commands)


def _people(state: Peopling | ReadingPeopleOver, event: Event) -> Step[Here]:
    coming, flat = state.coming, state.flat
    match state, event:
        case Peopling(at=at), _:
            return _gathered(state, people.advance(at, event))
        case ReadingPeopleOver(content=content), h.DataConfirmed():
            return _ready(coming, shared.Ready(content, "people"))
        case ReadingPeopleOver(content=content), h.WentBack():
            party = people.Party(flat.case.who, flat.case.today, content.comers, flat.right.others, alone=True)
            return Step(Peopling(coming, flat, people.ListingPeople(party)))
        case _:
            return Step(state)


def _gathered(state: Peopling, step: Step[people.Here]) -> Step[Here]:
    coming, flat = state.coming, state.flat
    match step.state:
        case people.Gathered(comers):
            content = Joining(flat.case.who, flat.right.ref, comers, flat.right.address)
            return Step(ReadingPeopleOver(coming, flat, content), step.commands)
        case people.GivenUp():
            return replace(_at(coming, flat), commands=step.commands)
        case at:
            return Step(Peopling(coming, flat, at), step.commands)


def _ways(coming: Coming, flat: shared.Flat, step: Step[ways.Next]) -> Step[Here]:
    match step.state:
        case shared.Ready() as ready:
            return _ready(coming, ready)
        case shared.Back():
            return _at(coming, flat)
        case shared.Outdated():
            return Step(Opening(coming), (*step.commands, OpenTenancies()))
        case at:
            return Step(SettingWays(coming, flat, at), step.commands)


def _code(coming: Coming, flat: shared.Flat, step: Step[codes.Next]) -> Step[Here]:
    match step.state:
        case shared.Back():
            return _at(coming, flat)
        case shared.Outdated():
            return Step(Opening(coming), (*step.commands, OpenTenancies()))
        case at:
            return Step(GettingCode(coming, flat, at), step.commands)


def _leave(coming: Coming, case: shared.Case, step: Step[leaving.Next]) -> Step[Here]:
    match step.state:
        case shared.Ready() as ready:
            return _ready(coming, ready)
        case shared.Back():
            return _mine(coming, case)
        case at:
            return Step(Leaving(coming, at), step.commands)


def _ready(coming: Coming, ready: shared.Ready) -> Step[Here]:
    return _keep(coming, ready.about, hand_in.begin(ready.content))


def _keep(coming: Coming, about: str, step: Step[hand_in.Here]) -> Step[Here]:
    """Afterwards what is theirs is opened anew; without a link there is nothing to open."""
    match step.state:
        case hand_in.Done(served) if not coming.linked:
            return ending.leave(step.commands, served=served)
        case hand_in.Done():
            return Step(Opening(coming), (*step.commands, OpenTenancies()))
        case at:
            return Step(HandingIn(coming, about, at), step.commands)
