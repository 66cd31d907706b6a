"""The story: a lease is registered, agreed to, and opens two gates until its own end."""

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from backend_client.contract.tenancies import RightState
from civic.clock import SystemClock
from forms.paper import CHINA_TIME
from records import installation
from records.services.tenancies.work import begun
from records.store import dwellings, ownerships, rights
from simulators.house import House
from tests.lease.gates import GateBox
from tests.lease.resident import Resident
from tests.lease.stores import write_stores
from tests.lease.telephone import Telephone
from tests.lease.timeline import Timeline
from tests.support.hidden import registered
from tests.support.records_client import DENG, LAN

OPENED, REFUSED = "opened", "refused"
TENANT, LANDLORD, CARD = "deng", "lan", "deng"
DOOR, FILING = ("3", "2", "501"), "2026-07"
_STARTED_S, _DECIDED_S, _UNSEEN_S = 90.0, 20.0, 0.8
_LOOK_S = 0.2


@dataclass(slots=True)
class Lease:
    """``gates``: the compound's first, then the unit's. ``out``: where pictures go."""

    house: House
    resident: Resident
    gates: list[GateBox]
    timeline: Timeline
    out: Path
    telephone: Telephone = field(default_factory=Telephone)
    _pictures: int = 0

    # --- the steps -------------------------------------------------------------------------------------------------

    def registered(self) -> None:
        """The tenant hands the contract in; nothing opens yet."""
        self.resident.comes(TENANT)
        self.resident.registers(DOOR, FILING)
        self.timeline.note("tenant", "registers a lease at the kiosk")
        self.resident.leaves()
        self._right_is(RightState.PENDING)
        self._refused("before the landlord's yes", CARD)

    def agreed(self) -> None:
        """The landlord's own card, and their yes."""
        self.resident.comes(LANDLORD)
        said = self.resident.says_yes()
        self._right_is(RightState.ACTIVE)
        self.timeline.note("records", "the landlord's yes has made it a right", time.monotonic() - said)
        self.resident.leaves()

    def card_opens(self) -> None:
        """The tenant adds an access card, and it opens both doors."""
        self.resident.comes(TENANT)
        added = self.resident.adds_card(CARD)
        for gate in self.gates:
            opened = self._laid_until_it_opens(gate)
            self.timeline.note(gate.name, "card added at the kiosk opens the gate", opened - added)
        self.resident.leaves()

    def slip_opens(self) -> None:
        """The square that was carried home on paper."""
        self.resident.comes(TENANT)
        code = self.resident.takes_slip()
        began = time.monotonic()
        opened = self._shown_until_it_opens(self.gates[0], lambda: code)
        self.timeline.note(self.gates[0].name, "the slip's square opens the gate", opened - began)
        self.resident.leaves()

    def phone_opens(self) -> None:
        """A key of the telephone's own, and a square of this half minute."""
        self.resident.comes(TENANT)
        self.telephone.opens(self.resident.asks_link(), self.house.trust / "root.pem")
        began = time.monotonic()
        opened = self._shown_until_it_opens(self.gates[0], self.telephone.square)
        self.timeline.note(self.gates[0].name, "the telephone's square opens the gate", opened - began)
        self.resident.leaves()

    def lost_card_is_refused(self) -> None:
        """挂失: from the kiosk to both doors."""
        self.resident.comes(TENANT)
        lost = self.resident.loses_card()
        for gate in self.gates:
            self._until(lambda: self._by_card(gate) == REFUSED, f"the lost card's end at {gate.name}")  # noqa: B023
            self.timeline.note(gate.name, "the lost card is refused", time.monotonic() - lost)
            self._picture(gate, "lost-card-refused")
            self._rests(gate)
        self.resident.leaves()

    def renewed(self) -> None:
        """The tenant stays a year longer, and the landlord says yes again."""
        self.resident.comes(TENANT)
        self.resident.renews(FILING)
        self.resident.leaves()
        self.resident.comes(LANDLORD)
        self.resident.says_yes()
        self.resident.leaves()
        self.timeline.note("landlord", "agrees to a renewal")

    def ended_without_a_network(self) -> None:
        """Nobody tells a gate that a lease is over: its grant carries that itself."""
        self.house.stop_records()
        self.timeline.note("records", "are cut off")
        last, gate = self._days_left(), self.gates[0]
        for days, what in ((last, "on the last day"), (last + 3, "within the grace")):
            opened = self._days_later(gate, days, OPENED)
            self.timeline.note(gate.name, f"the telephone's square opens {what}", opened)
            self._opened(gate)
        refused = self._days_later(gate, last + 9, REFUSED)
        self._picture(gate, "after-the-grace")
        self.timeline.note(gate.name, "after the grace a square is refused, in the one sentence", refused)
        self._rests(gate)

    def nobody_is_locked_in(self) -> None:
        """The controller's own wiring opens the way out, whatever the terminal thinks."""
        gate = self.gates[0]
        gate.state.set("door", exit="pressed")
        self._until(lambda: "exit" in gate.released_by()[-1:], "the way out")
        gate.state.set("door", exit="released")
        self.timeline.note(gate.name, "the exit button opens, records away and the right over")

    # --- at a gate -------------------------------------------------------------------------------------------------

    def gates_are_well(self) -> None:
        """Both have a window, a door and a link."""
        for gate in self.gates:
            gate.answered()
            self._until(lambda: gate.ask("well").get("door") == "ok", f"the door of {gate.name}", _STARTED_S)  # noqa: B023
            self._until(lambda: gate.ask("at") == "Idle", f"the lamp of {gate.name}", _STARTED_S)  # noqa: B023
            self._picture(gate, "idle")
        self.timeline.note("gates", "wait at the compound and at the unit's door")

    def _refused(self, why: str, card: str) -> None:
        for gate in self.gates:
            before = len(gate.strikes())
            gate.lay(card)
            self._until(lambda: gate.ask("at") == "Refused", f"a refusal {why}")  # noqa: B023
            self._picture(gate, "refused")
            self._rests(gate)
            if len(gate.strikes()) != before:
                raise AssertionError(f"{gate.name} opened {why}")
        self.timeline.note("gates", f"refuse the card {why}")

    def _laid_until_it_opens(self, gate: GateBox) -> float:
        self._until(lambda: self._by_card(gate) == OPENED, f"the card at {gate.name}")
        return self._opened(gate)

    def _by_card(self, gate: GateBox) -> str:
        """Laid once more."""
        self._rests(gate)
        return self._decided(gate, lambda: gate.lay(CARD))

    def _by_square(self, gate: GateBox, square: Callable[[], str]) -> str:
        """Shown once more."""
        self._rests(gate)
        self.resident.walker.driver.pump(_UNSEEN_S)  # a scanner says the same square again only later
        return self._decided(gate, lambda: gate.show(square()))

    def _decided(self, gate: GateBox, present: Callable[[], None]) -> str:
        """OPENED, REFUSED, or neither in time. What has opened, the door says, which is told after the screen: nobody
        who looks at the screen alone knows."""
        before, until = len(gate.strikes()), time.monotonic() + _DECIDED_S
        present()
        while time.monotonic() < until:
            if len(gate.strikes()) > before:
                return OPENED
            if gate.ask("at") == "Refused":
                return REFUSED
            self.resident.walker.driver.pump()
        return ""

    def _shown_until_it_opens(self, gate: GateBox, square: Callable[[], str]) -> float:
        self._until(lambda: self._by_square(gate, square) == OPENED, f"the square at {gate.name}")
        return self._opened(gate)

    def _days_later(self, gate: GateBox, days: int, wanted: str) -> float:
        """The telephone's square at its first showing so many days from now; seconds until it was decided."""
        gate.ask("later", days)
        self._rests(gate)
        began = time.monotonic()
        decided = self._by_square(gate, lambda: self.telephone.square(days))
        if decided != wanted:
            raise AssertionError(f"{gate.name}, {days} days later: {decided or 'nothing'} instead of {wanted}")
        return time.monotonic() - began

    def _opened(self, gate: GateBox) -> float:
        """When; with a picture of what whoever came in saw."""
        at = gate.strikes()[-1]
        self._picture(gate, "opened")
        gate.lay("none")
        gate.show("none")
        self._rests(gate)
        return at

    def _rests(self, gate: GateBox) -> None:
        """Whoever was there has gone."""
        gate.lay("none")
        gate.show("none")
        gate.ask("back")
        self._until(lambda: gate.ask("at") == "Idle", f"the lamp of {gate.name}")

    def _picture(self, gate: GateBox, name: str) -> None:
        self._pictures += 1
        gate.ask("picture", str(self.out / "gates" / f"{self._pictures:02d}-{gate.name}-{name}.png"))

    def tell_stores(self) -> None:
        """``stores.txt``: what each party holds now."""
        told = {f"gate, {gate.name}": gate.ask("store") for gate in self.gates}
        write_stores(self.house, told, self.out / "stores.txt")

    # --- at records ------------------------------------------------------------------------------------------------

    def _right_is(self, state: RightState) -> None:
        self._until(lambda: self._state() is state, f"a right that is {state.value}")

    def _state(self) -> RightState | None:
        records = installation.open_existing(self.house.folder / "records", SystemClock())
        with closing(records.database), records.database.reading() as transaction:
            work = begun(records, transaction)
            found = rights.of_person(transaction, registered(records, DENG).person_id)
            return work.state_of(found[-1]) if found else None

    def _days_left(self) -> int:
        """From today to the last day of what was agreed."""
        records = installation.open_existing(self.house.folder / "records", SystemClock())
        with closing(records.database), records.database.reading() as transaction:
            last = rights.of_person(transaction, registered(records, DENG).person_id)[-1].ends_on
        if last is None:
            raise LookupError("a lease has a last day")
        return (last - datetime.now(CHINA_TIME).date()).days

    def _until(self, true: Callable[[], object], what: str, seconds: float = 60.0) -> None:
        self.resident.until(true, what, seconds)


def owned_by_the_landlord(house: House) -> None:
    """What the register of owners says of the flat."""
    records = installation.open_existing(house.folder / "records", SystemClock())
    with closing(records.database), records.database.writing() as transaction:
        flat = dwellings.by_door(transaction, *DOOR)
        if flat is None:
            raise LookupError("the register has no such flat")
        ownerships.give(transaction, flat.dwelling_id, registered(records, LAN).person_id, date(2015, 1, 1))
