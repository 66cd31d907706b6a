"""``python -m tests.gate_latency``: how soon a gate acts on what was decided elsewhere, online, without a picture.

A real records service, a kiosk's session over mutual TLS, a composed gate and a real door on its bus; each run has a
tenancy of its own. Measured are the openings (the landlord's yes, a card that is added) until the door's controller is
told to let the strike go, and the revocations (a card that is lost, a face that is withdrawn, an officer's end) until
the same thing is refused. Seconds count from the sealed intake's being sent, or from the officer's decision. A card's
proof comes straight from its key: what a reader needs for it is measured elsewhere (tests.gate.test_composition).

``--database postgresql`` starts a server that waits for its disk; tests use one that does not.
"""

import argparse
import base64
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from backend_client.contract.devices import DeviceKind
from backend_client.contract.gates import DoorKind
from backend_client.contract.intakes import AnswerContent, NewCard
from backend_client.contract.tenancies import WayKind
from backend_client.session import RecordsSession
from civic.clock import SystemClock
from devices.access_card.api import CardKey
from gate.flows.admission import Admitted, FaceOf
from gate.store.opened import GateStore
from gate.store.templates import Template
from records.installation import open_existing
from records.sections import DatabaseSettings, PopulationSettings
from records.services.gates import doors
from records.settings import Settings
from simulators.street import Street, street
from tests.gate.made_up import VECTOR
from tests.load.table import machine
from tests.support.at_gates import content, new_card
from tests.support.gate_room import Room, configured, room
from tests.support.intakes import Outbox, rules_of
from tests.support.leases import Desk, Lease, who
from tests.support.postgresql import SERVICE, VARIABLE, Server, with_tables
from tests.support.records_client import LAN
from tests.support.records_server import BOTH, POSTGRESQL, SQLITE, default_kind, quick_settings, running_records

RUNS = 50
GOAL_P50_S, GOAL_WORST_S = 2.0, 60.0
ANSWERED = "landlord's yes -> records have answered"
CONFIRMED = "landlord's yes -> strike told to open"
ADDED = "card handed in -> strike told to open"
LOST = "card lost -> refused"
WITHDRAWN = "face withdrawn -> refused, its template gone"
ENDED = "right ended by an officer -> refused"
_AGAIN_S = 0.01
_TENANTS = 150
_NOTICE = "2026-11"


@dataclass(slots=True)
class Latencies:
    """Seconds of each run, by what was measured."""

    rows: dict[str, list[float]] = field(default_factory=dict)

    def note(self, name: str, seconds: float) -> None:
        """One more."""
        self.rows.setdefault(name, []).append(seconds)

    def table(self) -> str:
        """As markdown."""
        lines = [_row(name, taken) for name, taken in self.rows.items()]
        goal = f"Goal: {GOAL_P50_S:.0f} s in the middle, {GOAL_WORST_S:.0f} s at worst."
        return "\n".join(("| online, without a picture | runs | p50 | worst |", "|---|---|---|---|", *lines, "", goal))


@dataclass(slots=True)
class Bench:
    """A kiosk's desk, and a gate with its street."""

    desk: Desk
    street: Street
    room: Room
    taken: Latencies = field(default_factory=Latencies)

    def measure(self, runs: int) -> Latencies:
        """One tenancy after the other."""
        for _ in range(runs):
            lease = self.desk.lease()
            self._confirmed(lease)
            self._added_and_lost(lease)
            self._withdrawn(lease)
            self._ended(lease)
        return self.taken

    def _confirmed(self, lease: Lease) -> None:
        strikes = len(self.street.strikes())
        yes = self.desk.hand_in(AnswerContent(who=who(LAN), ask=lease.ask, yes=True))
        self.taken.note(ANSWERED, yes.answered - yes.begun)
        self.taken.note(CONFIRMED, self._opened(lease.card, strikes, "a tenancy that was agreed to") - yes.begun)

    def _added_and_lost(self, lease: Lease) -> None:
        card, strikes = new_card(), len(self.street.strikes())
        added = self.desk.hand_in(content(lease.right, lease.tenant, card=card)).begun
        self.taken.note(ADDED, self._opened(card, strikes, "a card that was added") - added)
        way = self.desk.way(lease, WayKind.CARD, card.public_key)
        lost = self.desk.hand_in(content(lease.right, lease.tenant, lost=(way,))).begun
        self.taken.note(LOST, self._refused(_key(card), "a card that was lost") - lost)

    def _withdrawn(self, lease: Lease) -> None:
        """The template is put into the gate's store as a camera's work would be."""
        store, holder = self._store, self._holder(lease.card)
        self.desk.hand_in(content(lease.right, lease.tenant, face=True, notice=_NOTICE))
        self._until(lambda: store.templates.consent_of(holder), "a consent")
        consent = store.templates.consent_of(holder) or ""
        store.templates.put(Template(holder, VECTOR, datetime.now(UTC), consent))
        if not isinstance(self._decide(FaceOf(holder)), Admitted):
            raise TypeError("a face that was consented to does not open")
        said = self.desk.hand_in(content(lease.right, lease.tenant, face=False)).begun
        self._refused(FaceOf(holder), "a consent that was withdrawn")
        self._until(lambda: store.templates.made_at(holder) is None, "a template that is to go")
        self.taken.note(WITHDRAWN, time.monotonic() - said)

    def _ended(self, lease: Lease) -> None:
        number = self.desk.dispute(lease)
        if not isinstance(self._decide(_key(lease.card)), Admitted):
            raise TypeError("who objects to an end is kept out before anybody has decided")
        ended = self.desk.officer_ends(number)
        self.taken.note(ENDED, self._refused(_key(lease.card), "a right that was ended") - ended)

    def _opened(self, card: NewCard, strikes: int, what: str) -> float:
        """When the controller was told to, presented again and again; monotonic seconds."""

        def opens() -> bool:
            self.room.gate.conductor.presented(_key(card))
            return len(self.street.strikes()) > strikes

        self._until(opens, what)
        return float(self.street.strikes()[strikes]["at"])

    def _refused(self, shown: object, what: str) -> float:
        self._until(lambda: not isinstance(self._decide(shown), Admitted), what)
        return time.monotonic()

    def _decide(self, shown: object) -> object:
        return self.room.gate.conductor._desks.passage.decide(shown)

    def _holder(self, card: NewCard) -> str:
        return self._store.ways.by_ref(card.public_key, WayKind.CARD)[0].holder

    @property
    def _store(self) -> GateStore:
        return self.room.gate.tidy.store

    def _until(self, true: Callable[[], object], what: str) -> None:
        deadline = time.monotonic() + GOAL_WORST_S
        while not true():
            if time.monotonic() > deadline:
                raise RuntimeError(f"the gate did not hear of {what}")
            self.room.bell.wait(_AGAIN_S)
            self.room.bell.clear()
            self.room.gate.conductor.drain()


def measured(folder: Path, runs: int, database: DatabaseSettings | None = None) -> Latencies:
    """Start everything in ``folder``, and measure. ``database``: a server's; None: as the tests' choice is."""
    with ExitStack() as opened:
        server = opened.enter_context(running_records(folder, _settings(database)))
        around = opened.enter_context(street(folder / "sim"))
        gate, kiosk = server.enrol(DeviceKind.GATE), server.enrol()
        records = open_existing(server.folder, SystemClock())
        opened.callback(records.database.close)
        doors.assign(records, gate.device_id, DoorKind.COMPOUND, face=True)
        session = RecordsSession(server.url, server.root_pem, kiosk.certificate, kiosk.key)
        opened.callback(session.close)
        there = opened.enter_context(room(configured(folder / "gate", server, gate, around.folder)))
        there.until(lambda: there.gate.link.answers, "records", GOAL_WORST_S)
        there.until(lambda: there.gate.watch.reasons().get("door") == "ok", "the door", GOAL_WORST_S)
        desk = Desk(records, session, Outbox(rules_of(records), datetime.now(UTC)))
        return Bench(desk, around, there).measure(runs)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.gate_latency", description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--database", choices=BOTH, default=default_kind())
    chosen = parser.parse_args()
    os.environ[VARIABLE] = SQLITE  # a server is started here
    with tempfile.TemporaryDirectory() as folder, _server(chosen.database) as database:
        table = measured(Path(folder), chosen.runs, database).table()
    print(f"{datetime.now(UTC):%Y-%m-%d}, {machine()}, records on {chosen.database}\n\n{table}")


@contextmanager
def _server(kind: str) -> Iterator[DatabaseSettings | None]:
    if kind != POSTGRESQL:
        yield None
        return
    server = Server({}).made()
    try:
        yield DatabaseSettings(url=server.url(with_tables(server), SERVICE), connections=20)
    finally:
        server.remove()


def _settings(database: DatabaseSettings | None) -> Settings:
    changes = {"population": PopulationSettings(synthetic_residents=_TENANTS, let_flats=0)}
    more = {"database": database} if database else {}
    return quick_settings().model_copy(update={**changes, **more})


def _key(card: NewCard) -> CardKey:
    return CardKey(base64.b64decode(card.public_key))


def _row(name: str, taken: list[float]) -> str:
    return f"| {name} | {len(taken)} | {np.percentile(taken, 50):.2f} s | {max(taken):.2f} s |"


if __name__ == "__main__":
    main()
