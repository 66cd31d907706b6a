"""How somebody of the demonstration comes to the kiosk, for tests that stop or end it in the middle.

A visit is known by its way: what is brought, what it is for, and how far it goes. It stops at every state that holds
something personal.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from kiosk.flows import (
    check_paper,
    claim,
    details,
    issuing,
    notices,
    parting,
    phone,
    proof,
    tenancy_mine,
    tenancy_places,
)
from kiosk.flows import tenancy_draft as lease
from kiosk.flows import visit as flow
from simulators.chip.documents import documents
from tests.support.memory_walk import evidence_within
from tests.support.residents import DOOR, id_number

_TYPED = 12  # characters of a number after which somebody may be interrupted
_PURPOSES = {"family": "household_members"}
_BOOK_LOST = "book_lost"
PHONE = "13900005678"
FILING = "2026073194"
_WITH_PAPER = ("number", "officer", "dwelling")


class Visitor:
    """Somebody, and what is to happen at each state: ``reached`` is told its name, ``say`` what the test is to read.

    ``whole``: nobody ends the visit in the middle, and what is left of the proof once it is given is said, too.
    """

    def __init__(
        self,
        walker: "Walker",
        person: str,
        reached: Callable[[str], None],
        say: Callable[[str, object], None],
        *,
        whole: bool,
    ) -> None:
        self.walker = walker
        self.person = person
        self.reached = reached
        self.say = say
        self.whole = whole

    def come(self, way: str) -> None:
        """From the lamp to the lamp. Who is not there for the paper clears the screen with their data on it."""
        self.walker.go_home()
        if way == "check":
            self._check()
        elif way == "notices":
            self._read_notices()
        elif way == "renting":
            self._rent()
        else:
            self._apply(way)
        self.walker.await_screen(flow.Attract)

    def _apply(self, way: str) -> None:
        if way == "dwelling":
            self.walker.choose(service="residence_receipt")
        else:
            self.walker.choose(_PURPOSES.get(way, _BOOK_LOST))
        {"number": self._by_number, "passport": self._by_passport}.get(way, self._by_officer)()
        {"family": self._for_family, "dwelling": self._type_door}.get(way, lambda: None)()
        self.walker.reach_own_data(seconds=60)
        self.reached("ConfirmingData")
        if self.whole:
            self.say("proven", evidence_within(self.walker.application.kiosk))
        if way in _WITH_PAPER:
            self._take_paper()
        else:
            self.walker.driver.tap("clear")
            self._take_everything()

    # --- who one is ---

    def _by_number(self) -> None:
        self.walker.bring("number")
        self.walker.await_screen(claim.EnteringNumber)
        self._type(id_number(self.person), "EnteringNumber")
        self._look()

    def _by_passport(self) -> None:
        """Typed in part, then shown after all."""
        self.walker.bring("travel")
        self.walker.await_screen(claim.ShowingPage)
        self.walker.driver.tap("type-page")
        self.walker.await_screen(claim.TypingPage)
        self._keys(documents()[self.person].key.number.reveal())
        self.reached("TypingPage")
        self.walker.driver.tap("back")
        self.walker.bring("travel")
        self.walker.await_screen(claim.ShowingPage)
        self.walker.state.set("camera", subject=f"page:{self.person}")
        self.walker.await_screen(claim.LayingDocument, seconds=60)
        self._lay_document()

    def _lay_document(self) -> None:
        self.walker.state.set("camera", subject="nobody")
        self.walker.state.set("travel_document", "slow", document=self.person)
        self._wait(lambda: getattr(self.walker.here, "stage", "") == "portrait", 40)
        self.reached("LayingDocument")
        self._look()

    def _by_officer(self) -> None:
        self.walker.lay_card(self.person)
        self.walker.await_screen(proof.ChoosingProof)
        self.walker.driver.tap("officer")
        asked = self.walker.await_screen(proof.WithOfficer)
        assert isinstance(asked, proof.WithOfficer)
        self.say("code", asked.code)
        self.reached("WithOfficer")

    def _look(self) -> None:
        self.walker.await_screen(proof.ChoosingProof)
        self.walker.state.set("camera", subject=f"live:{self.person}", pose="front")
        self.walker.driver.tap("face")
        self.walker.await_screen(proof.FacingCamera)
        self._wait(lambda: getattr(self.walker.here, "progress", 0) > 0, 20)
        self.reached("FacingCamera")
        self.walker.follow_instructions()

    # --- what is asked besides ---

    def _for_family(self) -> None:
        """A child's certificate, with the other parent on it, who lays their own card."""
        asking = self.walker.await_screen(details.ChoosingPerson, seconds=60)
        assert isinstance(asking, details.ChoosingPerson)
        self.reached("ChoosingPerson")
        self.walker.choose_person(asking.case.children[0].handle)
        household = self.walker.await_screen(details.ChoosingMembers)
        assert isinstance(household, details.ChoosingMembers)
        self.walker.add_adult(next(each.handle for each in household.case.shown.members if each.adult), "wife")
        self.reached("ChoosingMembers")
        self.walker.driver.tap("on")

    def _type_door(self) -> None:
        building, unit, room = DOOR
        self.walker.await_screen(details.EnteringDwelling, seconds=60)
        self.walker.type_keys(building)
        self.walker.type_keys(unit)
        self._keys(room)
        self.reached("EnteringDwelling")
        self.walker.driver.tap("key-done")

    # --- the paper ---

    def _take_paper(self) -> None:
        self.walker.driver.tap("issue")
        self._wait(lambda: getattr(self.walker.here, "stage", "") == "printing", 20)
        self.reached("Issuing")
        self.walker.await_screen(issuing.TakingPaper, seconds=60)
        self.reached("TakingPaper")
        self.walker.take_paper()
        if isinstance(self.walker.await_screen(parting.TakingCard, flow.SayingGoodbye), parting.TakingCard):
            self.reached("TakingCard")
        self._take_everything()
        self.walker.await_screen(flow.SayingGoodbye)
        self.walker.driver.tap("goodbye")

    def _check(self) -> None:
        """A paper of this person, laid before the camera by whoever reads ``hold``."""
        self.walker.driver.tap("check-paper")
        self.walker.await_screen(check_paper.ShowingPaper)
        self.say("hold", "")
        told = self.walker.await_screen(check_paper.Told)
        assert isinstance(told, check_paper.Told)
        assert told.finding.facts
        self.reached("Told")
        self._take_everything()
        self.walker.driver.tap("clear")

    # --- what there is to tell ---

    def _read_notices(self) -> None:
        """As far as the code that was sent to a phone; then the screen is cleared."""
        self.walker.driver.tap("notices")
        self.walker.await_screen(notices.ReadingNotice)
        self.walker.driver.tap("agree")
        self._by_officer()
        self.walker.await_screen(notices.Listing, seconds=60)
        self.reached("Listing")
        self.walker.driver.tap("phone")
        self.walker.await_screen(phone.ShowingPhone)
        self.walker.driver.tap("phone-change")
        self.walker.await_screen(phone.EnteringPhone)
        self._keys(PHONE)
        self.reached("EnteringPhone")
        self.walker.driver.tap("key-done")
        self.walker.await_screen(phone.EnteringCode)
        self.reached("EnteringCode")
        self.walker.driver.tap("clear")
        self._take_everything()

    # --- a lease ---

    def _rent(self) -> None:
        """As far as what would be handed in, with the flat and the contract's number; then the screen is cleared."""
        self.walker.driver.tap("renting")
        self.walker.await_screen(tenancy_places.ReadingNotice)
        self.walker.driver.tap("agree")
        self._by_officer()
        self.walker.await_screen(tenancy_mine.Listing, seconds=60)
        self.walker.driver.tap("register")
        self.walker.await_screen(lease.EnteringDoor)
        for part in DOOR:
            self.walker.type_keys(part)
        self.walker.await_screen(lease.ConfirmingDwelling)
        self.reached("ConfirmingDwelling")
        for action in ("on", "days:0", "months:12", "yes"):
            self.walker.driver.tap(action)
            self.walker.driver.settle()
        self.walker.await_screen(lease.EnteringFiling)
        self.walker.type_keys(FILING)
        for action in ("no-pages", "on", "on"):
            self.walker.driver.tap(action)
            self.walker.driver.settle()
        self.walker.await_screen(lease.ReadingOver)
        self.reached("ReadingOver")
        self._take_everything()
        self.walker.driver.tap("clear")

    # --- hands ---

    def _type(self, text: str, state: str) -> None:
        self._keys(text[:_TYPED])
        self.reached(state)
        self.walker.type_keys(text[_TYPED:])

    def _keys(self, text: str) -> None:
        for key in text:
            self.walker.driver.tap(f"key:{key}")

    def _wait(self, until: Callable[[], bool], seconds: float) -> None:
        assert self.walker.driver.wait_until(until, seconds), type(self.walker.here).__name__

    def _take_everything(self) -> None:
        self.walker.state.set("travel_document", "ok", document="none")
        self.walker.state.set("id_card", card="none")
        self.walker.state.set("camera", subject="nobody", pose="front")


if TYPE_CHECKING:  # importing it would import Kivy before it is configured
    from simulators.walker import Walker
