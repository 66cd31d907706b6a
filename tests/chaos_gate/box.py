"""One gate: the real store, key, clock, admission, follower and services, on a disk that can lose its power, in
simulated time. What a composition root makes is made at each start; its timers are ``advance``."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

import apsw

from backend_client.errors import RecordsError
from backend_client.gate_changes import GateFollower
from backend_client.phone_code import verified
from backend_client.policy import KeyOf, PolicyHolder
from backend_client.trusted_clock import TrustedClock
from civic.gate_codes import PhoneCode, code_ref, parse
from forms.paper import CHINA_TIME
from gate.flows.admission import Admitted, CardKey, Code, Decision, FaceOf, NotAdmitted, Phone, Presented, Reason
from gate.services.admit import Admit
from gate.services.clocks import GateTime
from gate.services.follow import Heed
from gate.services.rules import InForce
from gate.services.tell import Tell
from gate.services.tidy import Tidy
from gate.store.key import make_store_key
from gate.store.opened import GateStore, gate_database, gate_store, kept_times
from gate.store.settings import Settings
from gate.store.templates import NoConsentError, Template
from terminal.following import Pace
from terminal.store.errors import StoreError
from tests.chaos_gate.bugs import Bug
from tests.chaos_gate.facts import Way
from tests.chaos_gate.hearing import Hearing
from tests.chaos_gate.lines import Line, LineSession
from tests.chaos_gate.sickness import infect
from tests.chaos_gate.strike import Strike
from tests.support.clocks import StillClock
from tests.support.power_cut import Loss, PowerCutFile, PowerCutVfs, abandon

_LOOKS_EVERY = timedelta(hours=3)  # at a feed in which nothing has changed: its polls would say nothing
_TELLS_EVERY = timedelta(seconds=45)
_VECTOR = b"a made-up face " * 40


class QuickVfs(PowerCutVfs):
    """The disk that can lose its power; the one below it need not be waited for."""

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> PowerCutFile:  # noqa: N802
        assert name is not None, "the store uses no temporary files"
        return _QuickFile(self, name, flags)


class _Unsynced(apsw.VFSFile):
    def xSync(self, flags: int) -> None:  # noqa: N802
        """What was synced is what PowerCutFile has handed on."""


class _QuickFile(PowerCutFile, _Unsynced):
    pass


@dataclass
class WallClock:
    """The gate's own: a wall clock that can be set wrong, and one that only counts since this start."""

    true: StillClock
    offset: timedelta = timedelta()
    since: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.since = self.true.now()

    def now(self) -> datetime:
        """What the wall clock says."""
        return self.true.now() + self.offset

    def monotonic(self) -> float:
        """Seconds since the start."""
        return 10.0 + (self.true.now() - self.since).total_seconds()


@dataclass
class Life:
    """What one start of the gate's process made."""

    store: GateStore
    trusted: TrustedClock
    time: GateTime
    admit: Admit
    tidy: Tidy
    tell: Tell
    follower: GateFollower
    pace: Pace
    vfs: PowerCutVfs
    held: PolicyHolder
    rules: InForce
    polled: datetime | None = None
    told: datetime | None = None


@dataclass
class Box:
    """The machine at a door. ``place``: None: the compound's. ``news``: how often records have had something for it."""

    number: int
    place: tuple[str, str] | None
    folder: Path
    clock: WallClock
    line: Line
    key_of: KeyOf
    chance: Random
    news: Callable[[], int]
    bugs: frozenset[Bug] = frozenset()
    life: Life | None = None
    hearing: Hearing | None = None
    heard: int = -1
    starts: int = 0
    strike: Strike = field(init=False)

    def __post_init__(self) -> None:
        bugs = Bug.ASKED_OUT in self.bugs, Bug.STUCK in self.bugs
        self.strike = Strike(lambda: self.clock.true.now().timestamp(), *bugs)

    @property
    def alive(self) -> Life:
        """Its running process."""
        assert self.life is not None
        return self.life

    @property
    def outside(self) -> Hearing:
        """What is known of it from outside."""
        assert self.hearing is not None
        return self.hearing

    def start(self) -> None:
        """The machine is switched on."""
        self.starts += 1
        self.clock.since = self.clock.true.now()
        vfs = QuickVfs()
        database = gate_database(self.folder / "gate.sqlite", make_store_key(self.folder / "store.key"), vfs.name)
        trusted = TrustedClock(self.clock, UUID(int=self.starts), Settings(database))
        held = PolicyHolder(Settings(database), self.key_of, trusted)
        rules = InForce(held)
        time = GateTime(trusted, kept_times(database), CHINA_TIME, rules.skew)
        store = gate_store(database, CHINA_TIME, time.day_and_time)
        session = LineSession(self.line)
        heed = Heed(held, lambda: _renew(held, session), lambda: None, lambda: None)
        follower = GateFollower(session, store.grants, self.key_of, trusted, heed.heard, heed.newest)
        self.life = Life(
            store,
            trusted,
            time,
            Admit(store, time.moment, rules.rules),
            Tidy(store, time.moment, rules.pass_days, self.clock),
            Tell(session, store.reports, lambda: self.line.device.key),
            follower,
            Pace(self.chance, self.clock.monotonic()),
            vfs,
            held,
            rules,
        )
        self.strike.machine_on()
        self.heard = -1
        infect(self.bugs, self.life, lambda: self.line.stands, self.clock)
        if self.hearing is not None:
            self.hearing.went_on(self.clock.true.now())
            self.line_changed()

    def stop(self, loss: Loss | None = None) -> None:
        """It is switched off; ``loss``: its power fails, and takes with it what the disk was not asked to keep."""
        self.advance()
        life, self.life = self.alive, None
        if loss is None:
            life.store.database.close()
        else:
            life.vfs.cut(loss, self.chance)
            abandon(life.store.database)
        self.strike.machine_off()
        self.outside.went_off(self.clock.true.now())

    def line_changed(self) -> None:
        """The line, the power or records: noted outside; and here records' being back is noticed."""
        now = self.clock.true.now()
        if self.line.stands and self.life is not None:
            self.outside.connected(now)
            self.life.pace.reached(self.clock.monotonic())
        else:
            self.outside.cut_off(now)

    def advance(self) -> None:
        """What its timers do up to now."""
        life, now = self.life, self.clock.true.now()
        self.strike.turn()
        if life is None:
            return
        if life.pace.is_due(self.clock.monotonic()):
            self._poll(life, now)
        if life.told is None or now - life.told >= _TELLS_EVERY:
            life.told = now
            if self.line.stands:
                life.tell.tick()
        life.time.mark()
        life.tidy.tick()

    def hinted(self) -> None:
        """Records said that there is something, to those that it is for."""
        if self.life is not None and self.line.stands and self.heard != self.news():
            self.life.pace.hinted(self.clock.monotonic())

    def first(self) -> None:
        """It hears everything, as whoever puts it up waits for."""
        self._poll(self.alive, self.clock.true.now())
        self.hearing = Hearing(self.clock.true.now())

    def _poll(self, life: Life, now: datetime) -> None:
        """By the real pace; a question that would be answered by nothing is seldom asked."""
        monotonic = self.clock.monotonic()
        quiet = self.heard == self.news() and life.polled is not None and now - life.polled < _LOOKS_EVERY
        if quiet and self.line.stands:
            life.pace.succeeded(monotonic)
            return
        try:
            news = self.news()
            life.follower.catch_up()
            life.trusted.hear(monotonic, now)
        except (RecordsError, StoreError):
            life.pace.failed(monotonic)
        else:
            life.pace.succeeded(monotonic)
            life.polled, self.heard = now, news

    # --- who comes ---

    def card(self, ref: str) -> bool:
        """It has signed."""
        return self._opens(CardKey(ref))

    def code(self, text: str) -> bool:
        """A square was read: a phone's, a slip's or a guest's."""
        code = parse(text)
        if not isinstance(code, PhoneCode):
            return self._opens(Code(code_ref(code)))
        key = self.alive.admit.phone_key(code.credential)
        policy = self.alive.held.last()
        good = key is not None and policy is not None and verified(code, key, policy.community_id)
        return self._opens(Phone(code.credential, code.counter, good))

    def face(self, holder: str) -> bool:
        """Whom the camera has found in the gallery."""
        return self._opens(FaceOf(holder))

    def holder_of(self, way: Way) -> str:
        """Whom the gallery has by this consent; empty: nobody."""
        rows = self.alive.store.database.query("SELECT holder FROM template WHERE credential = ?", way.way_id)
        return str(rows[0][0]) if rows else ""

    def faces(self) -> list[str]:
        """By which consents it holds faces."""
        rows = self.alive.store.database.query("SELECT credential FROM template")
        return [str(credential) for (credential,) in rows]

    def make_face(self, way: Way) -> bool:
        """Beside a way that has opened, whoever has consented gives their face; False: no such consent is known."""
        life, now = self.alive, self.clock.true.now()
        rows = life.store.database.query(
            "SELECT g.holder FROM way w JOIN grant g ON g.id = w.grant_id WHERE w.credential = ?", way.way_id
        )
        try:
            for (holder,) in rows:
                life.store.templates.put(Template(holder, _VECTOR, now, way.way_id))
        except NoConsentError:
            return False
        return bool(rows)

    def _opens(self, presented: Presented) -> bool:
        decision: Decision = self.alive.admit.present(presented)
        if isinstance(decision, NotAdmitted):
            assert decision.reason is not Reason.UNREADABLE
        return isinstance(decision, Admitted) and self.strike.let_in(self.alive.rules.gate().strike_s)


def _renew(held: PolicyHolder, session: LineSession) -> None:
    """At the next time, if it can't be now."""
    with suppress(RecordsError):
        held.accept(session.policy())
