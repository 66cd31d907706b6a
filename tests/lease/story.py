"""The story: a lease is registered, agreed to, and opens two gates until its own end.

Days pass for everybody at once. The face is withdrawn while the grace still runs: after it no gate holds one, whatever
anybody says.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from backend_client.contract.tenancies import RightState
from forms.paper import CHINA_TIME
from tests.lease.at_gate import OPENED, REFUSED, AtGate
from tests.lease.at_records import AtRecords
from tests.lease.gates import GateBox
from tests.lease.later import LaterHouse
from tests.lease.resident import Resident
from tests.lease.stores import write_stores
from tests.lease.telephone import Telephone
from tests.lease.timeline import Timeline
from tests.support.gate_room import PassingClock

TENANT, LANDLORD, CARD = "deng", "lan", "deng"
DOOR, FILING = ("3", "2", "501"), "202607"
AGREED_DAYS, RENEWED_DAYS, IN_GRACE, AFTER_GRACE = 9, 19, 3, 9
_STARTED_S, _TRIES = 90.0, 3


@dataclass(slots=True)
class Lease:
    """``gates``: the compound's first, then the unit's. ``clock``: the kiosk's. ``out``: where pictures go."""

    house: LaterHouse
    resident: Resident
    clock: PassingClock
    gates: list[GateBox]
    at_gate: AtGate
    at_records: AtRecords
    timeline: Timeline
    out: Path
    telephone: Telephone = field(default_factory=Telephone)
    _code: str = field(default="", repr=False)
    _days: int = 0

    # --- the right, and the ways in ---------------------------------------------------------------------------------

    def gates_are_well(self) -> None:
        """Both have a window, a door, a camera and a link."""
        for gate in self.gates:
            gate.answered()
            self._until(lambda: gate.ask("well").get("door") == "ok", f"the door of {gate.name}", _STARTED_S)  # noqa: B023
            self._until(lambda: gate.ask("at") == "Idle", f"the lamp of {gate.name}", _STARTED_S)  # noqa: B023
            self._until(lambda: gate.ask("face") == "offered", f"the camera of {gate.name}", _STARTED_S)  # noqa: B023
            self.at_gate.picture(gate, "idle")
        self.timeline.note("gates", "wait at the compound and at the unit's door")

    def registered(self) -> None:
        """The tenant hands the contract in; nothing opens yet."""
        self.resident.comes(TENANT)
        self.resident.registers(DOOR, FILING, _in_days(AGREED_DAYS))
        self.timeline.note("tenant", "registers a lease at the kiosk")
        self.resident.leaves()
        self._right_is(RightState.PENDING)
        for gate in self.gates:
            if self.at_gate.by_card(gate, CARD) != REFUSED:
                raise AssertionError(f"{gate.name} opened before the landlord's yes")
            self.at_gate.picture(gate, "refused")
            self.at_gate.rests(gate)
        self.timeline.note("gates", "refuse the card before the landlord's yes")

    def agreed(self) -> None:
        """The landlord's own card, and their yes."""
        self.resident.comes(LANDLORD)
        said = self.resident.says_yes()
        self._right_is(RightState.ACTIVE)
        self.timeline.note("records", "the landlord's yes has made it a right", time.monotonic() - said)
        self.resident.leaves()

    def slip_opens(self) -> None:
        """The square that was carried home on paper; and the first yes to a face."""
        self.resident.comes(TENANT)
        self._code = self.resident.takes_slip()
        began = time.monotonic()
        opened = self._opens_by_square(self.gates[0], lambda: self._code)
        self.timeline.note(self.gates[0].name, "the slip's square opens the gate", opened - began)
        self.resident.consents_to_face()
        self.timeline.note("tenant", "consents to a face at the kiosk")
        self.resident.leaves()

    def face_opens(self) -> None:
        """The second yes, at the compound's gate; the face goes to the unit's door by itself, and opens both."""
        self.at_gate.gives_face(self.gates[0], lambda: self._code, TENANT)
        self.timeline.note(self.gates[0].name, "has made a template, beside the slip's code")
        self._until(lambda: self._templates() == [1, 1], "the face at the unit's door")
        self.timeline.note(self.gates[1].name, "has it from the other gate, which sealed it to this one")
        for gate in self.gates:
            self._face(gate, OPENED, "the face opens, after one move of the head")

    def card_opens(self) -> None:
        """The tenant adds an access card, and it opens both doors."""
        self.resident.comes(TENANT)
        added = self.resident.adds_card(CARD)
        for gate in self.gates:
            self._until(lambda: self.at_gate.by_card(gate, CARD) == OPENED, f"the card at {gate.name}")  # noqa: B023
            opened = self.at_gate.opened(gate)
            self.timeline.note(gate.name, "card added at the kiosk opens the gate", opened - added)
        self.resident.leaves()

    def phone_opens(self) -> None:
        """A key of the telephone's own, and a square of this half minute."""
        self.resident.comes(TENANT)
        self.telephone.opens(self.resident.asks_link(), self.house.trust / "root.pem")
        began = time.monotonic()
        opened = self._opens_by_square(self.gates[0], self.telephone.square)
        self.timeline.note(self.gates[0].name, "the telephone's square opens the gate", opened - began)
        self.resident.leaves()

    def lost_card_is_refused(self) -> None:
        """挂失: from the kiosk to both doors."""
        self.resident.comes(TENANT)
        lost = self.resident.loses_card()
        for gate in self.gates:
            refused = lambda: self.at_gate.by_card(gate, CARD) == REFUSED  # noqa: B023, E731
            self._until(refused, f"the lost card's end at {gate.name}")
            self.timeline.note(gate.name, "the lost card is refused", time.monotonic() - lost)
            self.at_gate.picture(gate, "lost-card-refused")
            self.at_gate.rests(gate)
        self.resident.leaves()

    def renewed(self) -> None:
        """The tenant stays longer, and the landlord says yes again."""
        self.resident.comes(TENANT)
        self.resident.renews(FILING, _in_days(RENEWED_DAYS))
        self.resident.leaves()
        self.resident.comes(LANDLORD)
        self.resident.says_yes()
        self.resident.leaves()
        self._until(lambda: self.at_records.last_day() == _in_days(RENEWED_DAYS), "the renewed last day")
        self.timeline.note("landlord", "agrees to a renewal")

    # --- the end -----------------------------------------------------------------------------------------------------

    def ends_without_a_network(self) -> None:
        """Nobody tells a gate that a lease is over: its grant carries that itself."""
        self._cut_off()
        compound, unit = self.gates
        self._go_to(RENEWED_DAYS)
        self._square(compound, OPENED, "the telephone's square opens on the last day")
        self._face(unit, OPENED, "the face opens on the last day")
        self._go_to(RENEWED_DAYS + IN_GRACE)
        self._square(compound, OPENED, "the telephone's square opens within the grace")
        self._face(unit, OPENED, "the face opens within the grace")

    def face_withdrawn(self) -> None:
        """At the kiosk, in the grace: both gates delete what they have, each signs that, and records have both."""
        self.house.start_records()
        self._until(lambda: self.resident.walker.visit.readiness.linked, "the kiosk's link")
        self.timeline.note("records", "are back")
        self._right_is(RightState.GRACE)
        way = self.at_records.face_way()
        self.resident.comes(TENANT)
        withdrawn = self.resident.withdraws_face()
        self._until(lambda: self._templates() == [0, 0], "the end of the templates")
        self.timeline.note("gates", "no template is left at either", time.monotonic() - withdrawn)
        self._until(lambda: self.at_records.faces(way) == (0, 2), "both receipts of the deletion")
        self.timeline.note("records", "hold both gates' receipts of the deletion", time.monotonic() - withdrawn)
        self.resident.leaves()
        for gate in self.gates:
            self._face(gate, REFUSED, "the face is refused, in the one sentence")

    def over_without_a_network(self) -> None:
        """After the grace the same square is refused, in the sentence that everybody gets."""
        self._cut_off()
        self._go_to(RENEWED_DAYS + AFTER_GRACE)
        self._square(self.gates[0], REFUSED, "after the grace a square is refused, in the one sentence")
        self._until(lambda: [gate.ask("holds")["grants"] for gate in self.gates] == [0, 0], "the end of the grants")
        self.timeline.note("gates", "have forgotten the right by themselves")

    def nobody_is_locked_in(self) -> None:
        """The controller's own wiring opens the way out, whatever the terminal thinks."""
        for gate in self.gates:
            gate.state.set("door", exit="pressed")
            self._until(lambda: "exit" in gate.released_by()[-1:], f"the way out at {gate.name}")  # noqa: B023
            gate.state.set("door", exit="released")
            self.timeline.note(gate.name, "the exit button opens, records away and the right over")

    def tell_stores(self) -> None:
        """``stores.txt``: what each party holds now."""
        told = {f"gate, {gate.name}": gate.ask("store") for gate in self.gates}
        write_stores(self.house, told, self.out / "stores.txt")

    # --- what they share ---------------------------------------------------------------------------------------------

    def _opens_by_square(self, gate: GateBox, square: Callable[[], str]) -> float:
        self._until(lambda: self.at_gate.by_square(gate, square) == OPENED, f"the square at {gate.name}")
        return self.at_gate.opened(gate)

    def _square(self, gate: GateBox, wanted: str, what: str) -> None:
        """The telephone's, at its first showing."""
        self.at_gate.rests(gate)
        began = time.monotonic()
        decided = self.at_gate.by_square(gate, lambda: self.telephone.square(self._days))
        self._judged(gate, decided, wanted, what, time.monotonic() - began)

    def _face(self, gate: GateBox, wanted: str, what: str) -> None:
        """Asked for again, as anybody would who was too slow for the camera; how often, the timeline says."""
        decided, began, tries = "", 0.0, 0
        while decided != wanted and tries < _TRIES:
            tries, began = tries + 1, time.monotonic()
            decided = self.at_gate.by_face(gate, TENANT, "" if self._days else "face")
        again = f" (asked {tries} times)" if tries > 1 else ""
        self._judged(gate, decided, wanted, what + again, time.monotonic() - began)

    def _judged(self, gate: GateBox, decided: str, wanted: str, what: str, took: float) -> None:
        if decided != wanted:
            raise AssertionError(f"{gate.name}: {decided or 'nothing'} instead of: {what}")
        self.at_gate.picture(gate, wanted)
        self.timeline.note(gate.name, what, took)
        self.at_gate.rests(gate)

    def _templates(self) -> list[int]:
        return [gate.ask("holds")["templates"] for gate in self.gates]

    def _cut_off(self) -> None:
        self.house.stop_records()
        self.timeline.note("records", "are cut off")

    def _go_to(self, days: int) -> None:
        """So many days after the story began, for everybody; records are away meanwhile."""
        self._days = days
        self.house.clock.run_ahead(days)
        self.clock.added = timedelta(days=days)
        for gate in self.gates:
            gate.ask("later", days)
            self.at_gate.rests(gate)
            told = (
                days < RENEWED_DAYS + AFTER_GRACE
            )  # to everybody before this door: some right here is in its last days
            self._until(lambda: gate.ask("notices") is told, f"the notice at {gate.name}")  # noqa: B023
            self.at_gate.picture(gate, f"idle-{days}-days-later")

    def _right_is(self, state: RightState) -> None:
        self._until(lambda: self.at_records.state() is state, f"a right that is {state.value}")

    def _until(self, true: Callable[[], object], what: str, seconds: float = 60.0) -> None:
        self.at_gate.until(true, what, seconds)


def _in_days(days: int) -> date:
    return datetime.now(CHINA_TIME).date() + timedelta(days=days)
