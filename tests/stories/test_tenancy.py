"""租房与门禁 from end to end, by touch: a lease is registered, its landlord says yes at another visit; then there are
a slip, a guest's code, an access card that comes and is lost, and a renewal; without a link the card alone is enough.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from backend_client.contract.tenancies import RightKind, RightState, WayKind
from civic.clock import SystemClock
from kiosk.flows import claim, hand_in, parting, tenancy_codes, tenancy_mine, tenancy_people, tenancy_ways, visit
from kiosk.flows import tenancy_draft as lease
from kiosk.flows import tenancy_places as flow
from kiosk.flows.pages import OfferingPages
from kiosk.flows.tenancy_told import Ask, OwnRight
from kiosk.services.memory import VisitMemory
from records import installation
from records.services.tenancies.work import begun
from records.store import dwellings, rights, ways
from records.store.asks import open_of_person
from simulators.house import House
from tests.support.hidden import registered
from tests.support.memory_walk import evidence_within
from tests.support.privacy_scan import find_personal
from tests.support.records_client import DENG, LAN, Card
from tests.support.records_server import command
from tests.support.residents import texts

if TYPE_CHECKING:  # importing it would open the window
    from simulators.walker import Walker

TENANT, LANDLORD = "deng", "lan"
DOOR, OTHER_DOOR = ("3", "2", "501"), ("4", "1", "302")
FILING, ACCESS_CARD = "202607", "deng"
SECONDS, LOOKING_S = 60.0, 0.5


@pytest.fixture(scope="module")
def owners(shared_house: House) -> None:
    """A register of owners."""
    file = shared_house.folder / "owners.csv"
    line = ",".join((*DOOR, LAN.id_number, "2015-01-01"))
    file.write_text(f"building,unit,room,id_number,since\n{line}\n", "utf-8")
    command(shared_house.folder / "records", "owners", "import", str(file))


# --- what records hold -----------------------------------------------------------------------------------------------


class Office:
    """Records' own store, read beside the service."""

    def __init__(self, house: House) -> None:
        self.records = installation.open_existing(house.folder / "records", SystemClock())

    def person(self, card: Card) -> str:
        return registered(self.records, card).person_id

    def stands(self, card: Card, door: tuple[str, str, str], state: RightState) -> bool:
        """Whether they have a tenant's right to this flat, and it stands so."""
        with self.records.database.reading() as transaction:
            work, flat = begun(self.records, transaction), dwellings.by_door(transaction, *door)
            assert flat is not None
            found = rights.of_person(transaction, self.person(card))
            mine = [each for each in found if (each.kind, each.dwelling_id) == (RightKind.TENANT, flat.dwelling_id)]
            return [work.state_of(each) for each in mine] == [state]

    def open_ways(self, card: Card) -> list[WayKind]:
        with self.records.database.reading() as transaction:
            return [each.kind for each in ways.open_of(transaction, self.person(card), self.now())]

    def asked(self, card: Card) -> int:
        with self.records.database.reading() as transaction:
            return len(open_of_person(transaction, self.person(card)))

    def now(self) -> datetime:
        return self.records.clock.now()


@pytest.fixture
def office(house: House) -> Iterator[Office]:
    opened = Office(house)
    with closing(opened.records.database):
        yield opened


# --- at the kiosk ----------------------------------------------------------------------------------------------------


def in_time(walker: "Walker", true: Callable[[], bool]) -> bool:
    """Whether records come to it; they are not asked at every picture of the screen."""
    for _ in range(int(SECONDS / LOOKING_S)):
        if true():
            return True
        walker.driver.pump(LOOKING_S)
    return False


def come(walker: "Walker", person: str) -> tenancy_mine.Listing:
    """From the lamp to what is theirs, proven by a face."""
    walker.go_home()
    assert walker.driver.wait_until(lambda: walker.visit.readiness.renting() == (), SECONDS)
    begin(walker, person)
    walker.look_into_camera(f"live:{person}")
    return mine(walker)


def begin(walker: "Walker", person: str) -> None:
    """The tile, the notice, the card."""
    walker.driver.tap("renting")
    walker.await_screen(flow.ReadingNotice)
    walker.driver.tap("agree")
    walker.lay_card(person)


def mine(walker: "Walker") -> tenancy_mine.Listing:
    """What is theirs, as it stands on the screen."""
    listing = walker.await_screen(tenancy_mine.Listing, seconds=SECONDS)
    assert isinstance(listing, tenancy_mine.Listing)
    return listing


def leave(walker: "Walker") -> None:
    """Finish, take the card, and the lamp is on again."""
    walker.driver.tap("back")
    part(walker)


def part(walker: "Walker") -> None:
    """Take the card, and the lamp is on again."""
    walker.await_screen(parting.TakingCard, visit.SayingGoodbye)
    walker.state.set("id_card", card="none")
    walker.state.set("camera", subject="nobody", pose="front")
    walker.await_screen(visit.SayingGoodbye)
    walker.driver.tap("goodbye")
    walker.await_screen(visit.Attract)


def hand_over(walker: "Walker", name: str) -> hand_in.Received:
    """What was read over is handed in: its number, and a slip."""
    walker.note(f"{name}-read-over")
    walker.driver.tap("issue")
    walker.await_screen(hand_in.Received)
    walker.driver.wait_until(lambda: getattr(walker.here, "slip", "") is not hand_in.Slip.PRINTING, SECONDS)
    walker.note(f"{name}-received")
    received = walker.here
    assert isinstance(received, hand_in.Received)
    walker.driver.tap("on")
    return received


def days_and_contract(walker: "Walker") -> None:
    """A year; the housing department's number; pages later; nobody else."""
    walker.await_screen(lease.ChoosingEnd)
    walker.driver.tap("months:12")
    walker.await_screen(lease.AskingFiling)
    walker.driver.tap("yes")
    walker.await_screen(lease.EnteringFiling)
    walker.type_keys(FILING)
    walker.await_screen(OfferingPages)
    walker.driver.tap("no-pages")
    walker.await_screen(tenancy_people.ListingPeople)
    walker.driver.tap("on")
    walker.await_screen(lease.ChoosingWays)


def describe(walker: "Walker", door: tuple[str, str, str], *, linked: bool = True) -> None:
    """A lease from today for a year, as far as it is read over."""
    walker.await_screen(lease.EnteringDoor)
    for part_of_door in door:
        walker.type_keys(part_of_door)
    if linked:
        walker.await_screen(lease.ConfirmingDwelling)
        walker.driver.tap("on")
    walker.await_screen(lease.ChoosingStart)
    walker.driver.tap("days:0")
    days_and_contract(walker)
    walker.driver.tap("wish:card")
    walker.driver.tap("on")
    walker.await_screen(lease.ReadingOver)


def at_flat(walker: "Walker") -> OwnRight:
    """Their flat, from the list."""
    said = "{}幢{}单元{}室".format(*DOOR)
    (right,) = (each for each in mine(walker).case.own.rights if said in each.address.reveal())
    walker.driver.tap(f"entry:{right.ref}")
    walker.await_screen(tenancy_mine.AtFlat)
    return right


def deed(walker: "Walker", name: str) -> OwnRight:
    """Begin it at their flat."""
    right = at_flat(walker)
    walker.driver.tap(f"deed:{name}")
    return right


def say_yes(walker: "Walker") -> Ask:
    """To the one thing that waits for an answer."""
    (ask,) = mine(walker).case.own.asks
    walker.driver.tap(f"entry:{ask.ref}")
    walker.await_screen(tenancy_mine.Answering)
    walker.note("asked")
    walker.driver.tap("yes")
    walker.await_screen(tenancy_mine.ReadingAnswerOver)
    hand_over(walker, "answer")
    return ask


# --- the stories -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("owners")
@pytest.mark.timeout(300)
def test_a_lease_that_the_landlord_agrees_to_opens_the_gate_until_its_day(
    walker: "Walker", house: House, office: Office
) -> None:
    """Whoever hands it in reads the same, whoever owns the flat; nothing of it is on the kiosk afterwards."""
    strips = len(list(house.strips.glob("*")))
    come(walker, TENANT)
    walker.driver.tap("register")
    describe(walker, DOOR)
    assert hand_over(walker, "register").slip is hand_in.Slip.STRIP
    mine(walker)
    leave(walker)
    assert in_time(walker, lambda: office.stands(DENG, DOOR, RightState.PENDING))

    come(walker, LANDLORD)
    walker.note("landlord")
    ask = say_yes(walker)
    assert DENG.name not in repr(ask)
    mine(walker)
    leave(walker)
    assert in_time(walker, lambda: office.stands(DENG, DOOR, RightState.ACTIVE))

    come(walker, TENANT)
    slip, digits = take_slip(walker), invite(walker)
    add_card(walker)
    assert in_time(walker, lambda: WayKind.CARD in office.open_ways(DENG))
    invite(walker)  # what is theirs is read anew after it
    lose_card(walker)
    assert in_time(walker, lambda: WayKind.CARD not in office.open_ways(DENG))
    renew(walker)
    assert in_time(walker, lambda: office.asked(LAN) == 1)
    mine(walker)
    leave(walker)
    assert len(list(house.strips.glob("*"))) > strips
    nothing_stays(walker, house, [slip, digits])


def take_slip(walker: "Walker") -> str:
    """入住登记流程单: its code."""
    right = deed(walker, "slip")
    assert (right.state, right.filing_number, right.choosing) == ("active", FILING, True)
    shown = walker.await_screen(tenancy_codes.ShowingSlip)
    assert isinstance(shown, tenancy_codes.ShowingSlip)
    walker.driver.wait_until(lambda: getattr(walker.here, "out", "") is not hand_in.Slip.PRINTING, SECONDS)
    walker.note("move-in-slip")
    walker.driver.tap("on")
    return shown.slip.code


def invite(walker: "Walker") -> str:
    """访客码 for today: its digits."""
    deed(walker, "guest")
    walker.await_screen(tenancy_codes.ChoosingGuestDay)
    walker.driver.tap("days:0")
    shown = walker.await_screen(tenancy_codes.ShowingGuestCode)
    assert isinstance(shown, tenancy_codes.ShowingGuestCode)
    walker.note("guest-code")
    walker.driver.tap("on")
    return shown.code.digits


def add_card(walker: "Walker") -> None:
    """Laid on the reader, it proves its key over PC/SC; its label is on the screen."""
    deed(walker, "ways")
    walker.await_screen(tenancy_ways.ListingWays)
    walker.driver.tap("add-card")
    walker.await_screen(tenancy_ways.AwaitingAccessCard)
    walker.state.set("access_card", laid=ACCESS_CARD)
    confirming = walker.await_screen(tenancy_ways.ConfirmingCard)
    assert isinstance(confirming, tenancy_ways.ConfirmingCard)
    assert (confirming.card.weak, len(confirming.card.label)) == (False, 4)
    hand_over(walker, "card")
    walker.state.set("access_card", laid="none")
    mine(walker)


def lose_card(walker: "Walker") -> None:
    """挂失: it opens nothing any more."""
    right = deed(walker, "ways")
    (card,) = (each for each in right.ways if each.kind == "card")
    walker.await_screen(tenancy_ways.ListingWays)
    walker.driver.tap("report-loss")
    walker.await_screen(tenancy_ways.ChoosingLost)
    while not walker.driver.shows(f"lost:{card.ref}"):
        walker.driver.tap("on")
        walker.driver.settle()
    walker.driver.tap(f"lost:{card.ref}")
    walker.await_screen(tenancy_ways.ConfirmingLost)
    hand_over(walker, "lost")
    mine(walker)


def renew(walker: "Walker") -> None:
    """续租, for a year more."""
    deed(walker, "renew")
    days_and_contract(walker)
    walker.driver.tap("on")
    walker.await_screen(lease.ReadingOver)
    hand_over(walker, "renew")


def nothing_stays(walker: "Walker", house: House, codes: list[str]) -> None:
    """Neither who they are nor a code nor the flat: in no file of the kiosk, and in no place that it still reaches."""
    wanted = [*texts(TENANT), LAN.name, LAN.id_number, "{}幢{}单元{}室".format(*DOOR), *codes]
    assert find_personal(house.folder / "kiosk", wanted) == []
    assert find_personal(house.folder / "log", wanted) == []
    kiosk = walker.application.kiosk
    assert kiosk is not None
    assert evidence_within(kiosk) == []
    assert kiosk.conductor._memory.who is None
    assert VisitMemory().slip is None


@pytest.mark.usefixtures("owners")
@pytest.mark.timeout(200)
def test_without_a_link_a_lease_is_taken_in_by_the_card_alone_and_comes_through_later(
    walker: "Walker", house: House, office: Office
) -> None:
    """Nothing of anybody's is shown; a number is on the screen, and records carry it out once they are back."""
    house.stop_records()
    assert walker.driver.wait_until(lambda: not walker.visit.readiness.linked, SECONDS)
    walker.go_home()
    walker.note("home-away")
    begin(walker, LANDLORD)
    assert mine(walker).entries == ()
    walker.note("list-away")
    walker.driver.tap("register")
    describe(walker, OTHER_DOOR, linked=False)
    hand_over(walker, "away")
    part(walker)
    house.start_records()
    assert in_time(walker, lambda: office.stands(LAN, OTHER_DOOR, RightState.PENDING))
    assert walker.driver.wait_until(lambda: walker.visit.readiness.linked, SECONDS)


def test_whoever_lays_no_card_may_go_back(walker: "Walker") -> None:
    """Before anything was read."""
    walker.go_home()
    assert walker.driver.wait_until(lambda: walker.visit.readiness.renting() == (), SECONDS)
    walker.driver.tap("renting")
    walker.await_screen(flow.ReadingNotice)
    walker.driver.tap("agree")
    walker.await_screen(claim.ChoosingWay)
    walker.driver.tap("clear")
    walker.await_screen(visit.Attract)
