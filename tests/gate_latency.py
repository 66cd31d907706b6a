"""``python -m tests.gate_latency``: how soon a gate acts on what was handed in at a kiosk, online, without a picture.

A real records service (SQLite, or PostgreSQL by LAMPLIGHT_TEST_DATABASE), a kiosk's session over mutual TLS, a composed
gate and a real door on its bus. An access card is chosen by a sealed intake: seconds until the strike is told to open
for it. The same card is handed in as lost: seconds until it is refused. The card's proof comes straight from its key:
what a reader needs for it is measured elsewhere (tests.gate.test_composition).
"""

import argparse
import base64
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from backend_client.contract.base import PersonalWire
from backend_client.contract.devices import DeviceKind
from backend_client.contract.gates import DoorKind
from backend_client.contract.intakes import IntakeBatch, IntakeItem, IntakeStatus
from backend_client.contract.tenancies import WayKind
from backend_client.session import RecordsSession
from civic.clock import SystemClock
from devices.access_card.api import CardKey
from gate.flows.admission import Admitted
from records.context import Records
from records.installation import open_existing
from records.services.gates import doors
from records.store.rights import RightRow
from tests.support.at_gates import content, give, new_card, open_ways
from tests.support.gate_room import Room, Street, configured, room, street
from tests.support.intakes import Outbox, rules_of
from tests.support.records_server import default_kind, running_records

RUNS = 50
_AGAIN_S = 0.01
_PATIENCE_S = 60.0
_LAST = timedelta(days=300)


@dataclass(frozen=True, slots=True)
class Latencies:
    """Seconds of each run."""

    opened: list[float]
    refused: list[float]

    def table(self) -> str:
        """As markdown."""
        rows = (("card handed in -> strike told to open", self.opened), ("card lost -> refused", self.refused))
        lines = [_row(name, taken) for name, taken in rows]
        return "\n".join((f"| {len(self.opened)} runs | p50 | worst |", "|---|---|---|", *lines))


@dataclass(slots=True)
class Bench:
    """Records, a kiosk's session and a gate that knows one tenant."""

    records: Records
    session: RecordsSession
    outbox: Outbox
    right: RightRow
    street: Street
    room: Room

    def measure(self, runs: int) -> Latencies:
        """One card after the other."""
        taken = [self._one() for _ in range(runs)]
        return Latencies([opened for opened, _ in taken], [refused for _, refused in taken])

    def _one(self) -> tuple[float, float]:
        card = new_card()
        shown = CardKey(base64.b64decode(card.public_key))
        strikes, added = len(self.street.strikes()), self._hand_in(content(self.right, card=card))
        self._until(lambda: self._opens(shown, strikes), "a card that was added")
        opened = float(self.street.strikes()[strikes]["at"]) - added
        (way,) = (each for each in open_ways(self.records, self.right, WayKind.CARD) if each.ref == card.public_key)
        lost = self._hand_in(content(self.right, lost=(way.way_id,)))
        passage = self.room.gate.conductor._desks.passage
        self._until(lambda: not isinstance(passage.decide(shown), Admitted), "a card that was lost")
        return opened, time.monotonic() - lost

    def _opens(self, shown: CardKey, strikes: int) -> bool:
        """Presented once more, from wherever the screen is."""
        self.room.gate.conductor.presented(shown)
        return len(self.street.strikes()) > strikes

    def _hand_in(self, said: PersonalWire) -> float:
        """When records had it in hand: monotonic seconds."""
        item = IntakeItem.model_validate(self.outbox.item(said))
        handed_in = time.monotonic()
        (result,) = self.session.intakes(IntakeBatch(items=(item,))).results
        if result.status is not IntakeStatus.ACCEPTED:
            raise RuntimeError(f"not taken: {result.problem}")
        return handed_in

    def _until(self, true: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + _PATIENCE_S
        while not true():
            if time.monotonic() > deadline:
                raise RuntimeError(f"the gate did not hear of {what}")
            self.room.bell.wait(_AGAIN_S)
            self.room.bell.clear()
            self.room.gate.conductor.drain()


def measured(folder: Path, runs: int) -> Latencies:
    """Start everything in ``folder``, and measure."""
    with ExitStack() as opened:
        server = opened.enter_context(running_records(folder))
        around = opened.enter_context(street(folder / "sim"))
        gate, kiosk = server.enrol(DeviceKind.GATE), server.enrol()
        records = open_existing(server.folder, SystemClock())
        opened.callback(records.database.close)
        doors.assign(records, gate.device_id, DoorKind.COMPOUND, face=False)
        today = datetime.now(UTC).date()
        right = give(records, starts_on=today, ends_on=today + _LAST)
        session = RecordsSession(server.url, server.root_pem, kiosk.certificate, kiosk.key)
        opened.callback(session.close)
        there = opened.enter_context(room(configured(folder / "gate", server, gate, around.folder)))
        there.until(lambda: there.gate.link.answers, "records", _PATIENCE_S)
        there.until(lambda: there.gate.watch.reasons().get("door") == "ok", "the door", _PATIENCE_S)
        outbox = Outbox(rules_of(records), datetime.now(UTC))
        return Bench(records, session, outbox, right, around, there).measure(runs)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.gate_latency", description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        table = measured(Path(folder), chosen.runs).table()
    print(f"{datetime.now(UTC):%Y-%m-%d}, records on {default_kind()}\n\n{table}")


def _row(name: str, taken: list[float]) -> str:
    return f"| {name} | {np.percentile(taken, 50):.2f} s | {max(taken):.2f} s |"


if __name__ == "__main__":
    main()
