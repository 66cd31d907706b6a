"""The pages of docs/flows: for each flow where it begins, what may happen in it, and what is drawn elsewhere."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from itertools import product
from types import ModuleType

from kiosk.flows import (
    application,
    check_paper,
    claim,
    correction,
    declaration,
    details,
    errand,
    hand_in,
    happenings,
    identity,
    issuing,
    leftovers,
    maintenance,
    notices,
    parting,
    phone,
    proof,
    readiness,
    tenancy,
    tenancy_case,
    tenancy_codes,
    tenancy_draft,
    tenancy_lease,
    tenancy_leaving,
    tenancy_mine,
    tenancy_people,
    tenancy_receipts,
    tenancy_ways,
    touches,
    visit,
)
from kiosk.flows import pages as photographs
from kiosk.flows.base import Event, Step
from scripts.draw_flows.draw import Page
from scripts.draw_flows.explore import Arrow, S, events_of, explore
from scripts.draw_flows.gate_page import gate_page
from scripts.draw_flows.plain import (
    plain_application,
    plain_claim,
    plain_declaration,
    plain_details,
    plain_issuing,
    plain_lease,
    plain_leaving,
    plain_notices,
    plain_pages,
    plain_people,
    plain_renting,
    plain_visit,
    plainly,
)
from scripts.draw_flows.samples import (
    ADULT,
    APPLICATION,
    CASE,
    CASE_OF_FLAT,
    CLAIM,
    CONTENT,
    FLAT,
    LET,
    OFFERS,
    OWN,
    READY,
    RIGHT,
    SERVICES,
)

_OF_SERVICE = events_of(happenings, identity, errand, correction, hand_in)
_OF_DESK = events_of(maintenance, happenings)
_OF_CHECK = events_of(check_paper, happenings)
_OF_NOTICES = events_of(notices, phone, happenings, identity)
_OF_DECLARATION = events_of(declaration, hand_in, happenings, identity, errand)
_OF_FLATS = events_of(
    tenancy_case,
    tenancy_mine,
    tenancy_draft,
    photographs,
    tenancy_people,
    tenancy_receipts,
    tenancy_ways,
    tenancy_codes,
    happenings,
    identity,
    errand,
)
_OF_RENTING = [*_OF_FLATS, *events_of(tenancy, declaration, hand_in)]
_OF_SERVICES = events_of(identity, errand, correction, declaration, hand_in, check_paper, notices, phone)
_OF_VISIT = [*events_of(touches, leftovers, readiness), *_OF_SERVICES, *_OF_DESK]
_IN_APPLICATION = {
    "Claiming": "claim.md",
    "Proving": "proof.md",
    "Asking": "details.md",
    "Correcting": "correction.md",
    "Making": "issuing.md",
    "Parting": "parting.md",
}
_IN_DECLARATION = {"LayingCard": "claim.md", "HandingIn": "hand_in.md", "Parting": "parting.md"}
_IN_NOTICES = {"Claiming": "claim.md", "Proving": "proof.md", "Parting": "parting.md"}
_IN_RENTING = {
    "Claiming": "claim.md",
    "Proving": "proof.md",
    "Choosing": "tenancy_mine.md",
    "Leasing": "tenancy_lease.md",
    "Peopling": "tenancy_people.md",
    "SettingWays": "tenancy_ways.md",
    "GettingCode": "tenancy_codes.md",
    "Leaving": "tenancy_leaving.md",
    "HandingIn": "hand_in.md",
    "Parting": "parting.md",
}
_IN_PARTS = {"Peopling": "tenancy_people.md", "TakingPages": "pages.md"}
_IN_VISIT = {
    "Serving": "application.md",
    "Declaring": "declaration.md",
    "CheckingPaper": "check_paper.md",
    "ReadingNotices": "notices.md",
    "Renting": "tenancy.md",
    "Maintaining": "maintenance.md",
}


def pages() -> dict[str, Page]:
    """File name -> what stands there."""
    return {
        "claim.md": _page("Who is said to be here", claim, _claim()),
        "proof.md": _page("That it is them", proof, _explored(cases(), proof.advance)),
        "details.md": _page("What a service asks besides", details, _details()),
        "issuing.md": _page("Making a paper", issuing, _issuing()),
        "parting.md": _page("The end of every service", parting, _parting()),
        "application.md": _page("A service that makes a paper", application, _application(), _IN_APPLICATION),
        "declaration.md": _page("Declaring a residence without a link", declaration, _declaration(), _IN_DECLARATION),
        "correction.md": _page("Saying what is wrong in a row", correction, _correction(), {"HandingIn": "hand_in.md"}),
        "hand_in.md": _page("Handing something in", hand_in, _hand_in()),
        "check_paper.md": _page("Checking a paper", check_paper, _check_paper()),
        "notices.md": _page("What there is to tell a resident", notices, _notices(), _IN_NOTICES),
        **_renting_pages(),
        "maintenance.md": _page("The technician's page", maintenance, _maintenance()),
        "visit.md": _page("The visit around every service", visit, _visit(), _IN_VISIT),
        "gate.md": gate_page(),
    }


def _renting_pages() -> dict[str, Page]:
    """租房与门禁, and the flows that lie in it."""
    case = CASE_OF_FLAT
    leases = [tenancy_lease.register(case).state, tenancy_lease.renew(case, RIGHT).state]
    codes = [tenancy_codes.invite(FLAT).state, tenancy_codes.slip(FLAT).state]
    leaving = [tenancy_leaving.leave(case, RIGHT).state, tenancy_leaving.end(case, LET).state]
    party = tenancy_people.Party(case.who, case.today, alone=True)
    faced = replace(RIGHT, ways=(replace(RIGHT.ways[0], kind="face"), *RIGHT.ways))
    ways = [tenancy_ways.begin(each).state for each in (FLAT, replace(FLAT, right=faced))]
    parts: tuple[tuple[str, ModuleType, Sequence[Hashable], Callable[..., Hashable]], ...] = (
        ("What is one's own", tenancy_mine, [tenancy_mine.begin(case).state], _as_it_is),
        ("Registering or renewing a lease", tenancy_lease, leases, plain_lease),
        ("Photographing a contract", photographs, [photographs.begin().state], plain_pages),
        ("Who lives there too", tenancy_people, [tenancy_people.begin(party).state], plain_people),
        ("How somebody comes in", tenancy_ways, ways, _as_it_is),
        ("A guest's code and the move-in slip", tenancy_codes, codes, _as_it_is),
        ("Leaving before the last day", tenancy_leaving, leaving, plain_leaving),
    )
    drawn = {
        f"{flow.__name__.rpartition('.')[2]}.md": _page(title, flow, _part(flow, starts, plain), _IN_PARTS)
        for title, flow, starts, plain in parts
    }
    return {"tenancy.md": _page("Renting and the gate", tenancy, _renting(), _IN_RENTING), **drawn}


def _page(title: str, flow: ModuleType, arrows: Sequence[Arrow], elsewhere: dict[str, str] | None = None) -> Page:
    states = visit.Place if flow is visit else getattr(flow, "Next", flow.Here)
    return Page(title, f"{flow.__name__.replace('.', '/')}.py", states.__args__, arrows, elsewhere or {})


def _explored(
    starts: Sequence[S], advance: Callable[[S, Event], Step[S]], events: Sequence[Event] = _OF_SERVICE
) -> list[Arrow]:
    return explore(starts, advance, events, lambda state: type(state).__name__)


def cases() -> list[proof.Here]:
    """Everyone who comes to be proven: a face or an officer, an officer alone, a face alone."""
    claims = (CLAIM, replace(CLAIM, minor=True))
    return [proof.begin(each, replace(OFFERS, officer=there)).state for there in (True, False) for each in claims]


def questions() -> list[details.Here]:
    """Every service, with a family and without."""
    own = (OWN, happenings.OwnData((), members=(ADULT,)))
    errands = (errand.Errand(service, service.purposes[0], OFFERS) for service in SERVICES)
    return [details.begin(each, row).state for each, row in product(errands, own)]


def _claim() -> list[Arrow]:
    return _explored([claim.begin(OFFERS).state], plainly(claim.advance, plain_claim))


def _details() -> list[Arrow]:
    return _explored(questions(), plainly(details.advance, plain_details))


def _issuing() -> list[Arrow]:
    return _explored([issuing.begin(APPLICATION).state], plainly(issuing.advance, plain_issuing))


def _parting() -> list[Arrow]:
    return _explored([parting.begin(served=True).state], parting.advance)


def _application() -> list[Arrow]:
    starts = [application.begin(service, OFFERS).state for service in SERVICES]
    return _explored(starts, plainly(application.advance, plain_application))


def _declaration() -> list[Arrow]:
    begun = declaration.begin(OFFERS).state
    return _explored([begun], plainly(declaration.advance, plain_declaration), _OF_DECLARATION)


def _correction() -> list[Arrow]:
    return _explored([correction.begin(CASE)], correction.advance)


def _hand_in() -> list[Arrow]:
    return _explored([hand_in.begin(CONTENT).state], hand_in.advance, events_of(hand_in, happenings))


def _check_paper() -> list[Arrow]:
    return _explored([check_paper.begin().state], check_paper.advance, _OF_CHECK)


def _notices() -> list[Arrow]:
    begun = notices.begin(OFFERS).state
    return _explored([begun], plainly(notices.advance, plain_notices), _OF_NOTICES)


def _renting() -> list[Arrow]:
    starts = [tenancy.begin(OFFERS, linked=linked).state for linked in (True, False)]
    return explore(starts, plainly(tenancy.advance, plain_renting), _OF_RENTING, lambda state: type(state).__name__)


def _part(flow: ModuleType, starts: Sequence[Hashable], plain: Callable[..., Hashable]) -> list[Arrow]:
    """A flow that lies in another: what it ends in moves no further."""
    kinds = flow.Here.__args__

    def advanced(state: Hashable, event: Event) -> Step[Hashable]:
        if not isinstance(state, kinds):
            return Step(state)
        step: Step[Hashable] = flow.advance(state, event)
        return Step(plain(step.state), step.commands) if isinstance(step.state, kinds) else step

    return explore(starts, advanced, _OF_FLATS, lambda state: type(state).__name__)


def _as_it_is(state: Hashable) -> Hashable:
    return state


def _maintenance() -> list[Arrow]:
    return _explored([maintenance.begin()], maintenance.advance, _OF_DESK)


def _visit() -> list[Arrow]:
    advance = plainly(visit.advance, plain_visit)
    return explore([visit.Visit(readiness=READY)], advance, _OF_VISIT, lambda now: type(now.place).__name__)
