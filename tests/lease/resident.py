"""What a tenant and their landlord do at the kiosk, by touch. Each step ends where the next can begin."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from kiosk.flows import hand_in, proof, tenancy_codes, tenancy_mine, tenancy_people, tenancy_ways, visit
from kiosk.flows import tenancy_draft as lease
from kiosk.flows import tenancy_places as flow
from kiosk.flows.pages import OfferingPages
from kiosk.flows.tenancy_told import OwnRight

if TYPE_CHECKING:  # importing it would open the window
    from simulators.walker import Walker

T = TypeVar("T")
_LONG_S = 60.0
_NOT_YET = proof.FaceNotConfirmed
_VISITS = 3


class MissedError(AssertionError):
    """Something that the story waits for did not come about; the message says what."""


@dataclass(slots=True)
class Resident:
    """Somebody at the kiosk. ``walker``: their hands and eyes."""

    walker: "Walker"

    def until(self, true: Callable[[], object], what: str, seconds: float = _LONG_S) -> None:
        """Let the kiosk draw until this is so. Raises MissedError."""
        if not self.walker.driver.wait_until(lambda: bool(true()), seconds):
            raise MissedError(f"{what} did not come about; {type(self.walker.here).__name__} is there")

    def comes(self, person: str) -> None:
        """From the lamp to what is theirs, proven by a face; anew, who was too slow for the camera each time. Raises
        MissedError."""
        for _ in range(_VISITS):
            if self._is_proven(person):
                return
            self._goes_away()
        raise MissedError("a face that is confirmed did not come about")

    def _is_proven(self, person: str) -> bool:
        walker = self.walker
        walker.go_home()
        self.until(lambda: walker.visit.readiness.renting() == (), "the tile of renting")
        walker.driver.tap("renting")
        self._at(flow.ReadingNotice, "renting-notice")
        walker.driver.tap("agree")
        walker.lay_card(person)
        walker.look_into_camera(f"live:{person}")
        while isinstance(walker.await_screen(tenancy_mine.Listing, _NOT_YET, seconds=_LONG_S), _NOT_YET):
            walker.driver.settle()
            if not walker.driver.shows("face"):
                return False
            walker.driver.tap("face")  # as often as the screen offers it
            walker.await_screen(proof.FacingCamera)
            walker.follow_instructions()
        return True

    def _goes_away(self) -> None:
        walker = self.walker
        walker.state.set("camera", subject="nobody", pose="front")
        walker.state.set("id_card", card="none")
        walker.driver.tap("clear")
        walker.await_screen(visit.Attract)

    def leaves(self) -> None:
        """Finishes, takes the card; the lamp is on again."""
        walker = self.walker
        self._listing()
        walker.driver.tap("back")
        walker.leave()

    # --- a contract ------------------------------------------------------------------------------------------------

    def registers(self, door: tuple[str, str, str], filing: str, until: date) -> float:
        """A lease from today; when it was handed in (monotonic seconds), as everywhere here."""
        driver = self.walker.driver
        driver.tap("register")
        self._at(lease.EnteringDoor, "door")
        for part in door:
            self.walker.type_keys(part)
        self._at(lease.ConfirmingDwelling, "dwelling")
        driver.tap("on")
        self._at(lease.ChoosingStart, "start")
        driver.tap("days:0")
        self._days(filing, until)
        driver.tap("wish:card")
        driver.tap("on")
        self._at(lease.ReadingOver, "read-over")
        return self._hands_in("lease")

    def renews(self, filing: str, until: date) -> float:
        """The same flat, longer."""
        self._deed("renew")
        self._days(filing, until)
        self.walker.driver.tap("on")
        self._at(lease.ReadingOver, "renewal-read-over")
        return self._hands_in("renewal")

    def _days(self, filing: str, until: date) -> None:
        driver = self.walker.driver
        self._at(lease.ChoosingEnd, "end")
        driver.tap("other-day")
        self._at(lease.EnteringEnd, "")
        self.walker.type_keys(f"{until:%Y%m%d}")
        self._at(lease.AskingFiling, "filing")
        driver.tap("yes")
        self._at(lease.EnteringFiling, "filing-number")
        self.walker.type_keys(filing)
        self._at(OfferingPages, "pages")
        driver.tap("no-pages")
        self._at(tenancy_people.ListingPeople, "people")
        driver.tap("on")
        self._at(lease.ChoosingWays, "wishes")

    def says_yes(self) -> float:
        """To the one thing that waits for their answer."""
        (ask,) = self._listing().case.own.asks
        self.walker.driver.tap(f"entry:{ask.ref}")
        self._at(tenancy_mine.Answering, "asked")
        self.walker.driver.tap("yes")
        self._at(tenancy_mine.ReadingAnswerOver, "answer")
        return self._hands_in("answer")

    # --- ways through the gate -------------------------------------------------------------------------------------

    def takes_slip(self) -> str:
        """入住登记流程单: the text of its square."""
        self._deed("slip")
        shown = self._at(tenancy_codes.ShowingSlip, "")
        self.until(lambda: getattr(self.walker.here, "out", "") is not hand_in.Slip.PRINTING, "the slip on paper")
        self.walker.note("move-in-slip")
        self.walker.driver.tap("on")
        return shown.slip.code

    def adds_card(self, card: str) -> float:
        """Laid on the kiosk's reader, it proves its key."""
        self._ways("add-card")
        self._at(tenancy_ways.AwaitingAccessCard, "lay-access-card")
        self.walker.state.set("access_card", laid=card)
        self._at(tenancy_ways.ConfirmingCard, "access-card")
        handed_in = self._hands_in("access-card")
        self.walker.state.set("access_card", laid="none")
        return handed_in

    def asks_link(self) -> str:
        """A link for their telephone."""
        self._ways("add-phone")
        shown = self._at(tenancy_ways.ShowingLink, "phone-link")
        self.walker.driver.tap("on")
        return shown.url

    def consents_to_face(self) -> float:
        """刷脸: the first yes; the second is said at the gate."""
        self._ways("add-face")
        self._at(tenancy_ways.ReadingFaceNotice, "face-notice")
        self.walker.driver.tap("yes")
        return self._received("face")

    def withdraws_face(self) -> float:
        """It is deleted everywhere."""
        self._ways("add-face")
        self._at(tenancy_ways.ConfirmingWithdrawal, "no-face")
        return self._hands_in("no-face")

    def loses_card(self) -> float:
        """挂失."""
        right = self._ways("report-loss")
        (card,) = (each for each in right.ways if each.kind == "card")
        choosing = self._at(tenancy_ways.ChoosingLost, "which-is-lost")
        while card not in choosing.shown and choosing.more:
            self.walker.driver.tap("on")
            choosing = self._at(tenancy_ways.ChoosingLost, "which-is-lost")
        self.walker.driver.tap(f"lost:{card.ref}")
        self._at(tenancy_ways.ConfirmingLost, "lost")
        return self._hands_in("lost")

    # --- everywhere ------------------------------------------------------------------------------------------------

    def _ways(self, action: str) -> OwnRight:
        right = self._deed("ways")
        self._at(tenancy_ways.ListingWays, "ways")
        self.walker.driver.tap(action)
        return right

    def _deed(self, name: str) -> OwnRight:
        """Begun at their flat."""
        rented = (each for each in self._listing().case.own.rights if each.kind == "tenant")
        right = max(rented, key=lambda each: each.starts_on)  # the demonstration has let them another flat before
        self.walker.driver.tap(f"entry:{right.ref}")
        self._at(tenancy_mine.AtFlat, "")
        self.walker.driver.tap(f"deed:{name}")
        return right

    def _hands_in(self, name: str) -> float:
        """What was read over is handed in: when, as its number stood on the screen."""
        self.walker.driver.tap("issue")
        return self._received(name)

    def _received(self, name: str) -> float:
        self._at(hand_in.Received, "")
        handed_in = time.monotonic()
        self.until(lambda: getattr(self.walker.here, "slip", "") is not hand_in.Slip.PRINTING, "the slip on paper")
        self.walker.note(f"{name}-received")
        self.walker.driver.tap("on")
        return handed_in

    def _listing(self) -> tenancy_mine.Listing:
        return self._at(tenancy_mine.Listing, "")

    def _at(self, kind: type[T], name: str) -> T:
        """Wait for a screen, and photograph it if it has a name."""
        here = self.walker.await_screen(kind, seconds=_LONG_S)
        if name:
            self.walker.note(name)
        assert isinstance(here, kind)
        return here
