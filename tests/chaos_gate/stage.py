"""Simulated time, the records, the gates and the kiosk, and what befalls them."""

import heapq
from asyncio import Runner
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from random import Random

from backend_client.contract.devices import DeviceKind
from backend_client.contract.gates import DoorKind
from backend_client.errors import RecordsRefusedError
from records import hourly, installation
from records.app import api
from records.backup import aftermath, keys, making, restoring
from records.context import Records
from records.services.gates import deriving, doors
from terminal.policy_trust import policy_keys_under
from tests.chaos_gate.box import Box, WallClock
from tests.chaos_gate.bugs import Bug
from tests.chaos_gate.desk import Desk
from tests.chaos_gate.lines import Device, Line
from tests.chaos_gate.news import News
from tests.chaos_gate.people import Community, settle
from tests.chaos_gate.plan import Act
from tests.chaos_gate.plan import Deed as Blow
from tests.support.backups import give_backup_key
from tests.support.clocks import StillClock
from tests.support.power_cut import Loss
from tests.support.records_server import quick_settings, rules_with, write_settings

MIDNIGHT = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)  # in the community
_LATER = timedelta(minutes=10)  # a kiosk hands in again
_SOON = timedelta(seconds=5)


@dataclass
class Stage:
    """``done``: what was done how often."""

    folder: Path
    loop: Runner
    clock: StillClock
    chance: Random
    records: Records
    boxes: list[Box] = field(default_factory=list)
    kiosk: Line = field(init=False)
    done: Counter[str] = field(default_factory=Counter)
    news: News = field(default_factory=News)
    serving: bool = False
    _down: Counter[str] = field(default_factory=Counter)  # how many things keep a line, a gate or records down
    _events: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=count)
    muted: bool = False
    _backup_at: datetime | None = None

    def __post_init__(self) -> None:
        self.kiosk = Line(Device.of(self.records, DeviceKind.KIOSK), self.loop, wrote=self.wrote)

    def opened(self) -> Records:
        """The records as they are now."""
        return self.records

    def wrote(self) -> None:
        """Somebody changed something at records, maybe."""
        self.news.stale = True

    def news_of(self, device_id: str) -> int:
        """How often there was something for this gate."""
        if self.serving:
            self.news.read(self.records)
        return self.news.of(device_id)

    # --- time ---

    def at(self, when: datetime, work: Callable[[], None]) -> None:
        """Do it then."""
        heapq.heappush(self._events, (when, next(self._numbers), work))

    def after(self, seconds: float, work: Callable[[], None]) -> None:
        """Do it so many seconds from now."""
        self.at(self.clock.now() + timedelta(seconds=seconds), work)

    def run(self, until: datetime) -> None:
        """Let time pass."""
        while self._events and self._events[0][0] <= until:
            self.clock.at, _, work = heapq.heappop(self._events)
            work()
        self.clock.at = until

    def mute(self) -> None:
        """Nobody comes any more, and nobody does anything; what is down comes back."""
        self.muted = True

    def deed(self, what: str, work: Callable[[], None]) -> None:
        """Somebody does something at the kiosk; while records are away it waits there, as its outbox does."""
        if not self.serving:
            self.at(self.clock.now() + _LATER, lambda: self.deed(what, work))
            return
        self._advance()
        try:
            work()
        except RecordsRefusedError:
            what = f"{what}: refused at the kiosk"
        self.done[what] += 1
        self._changed()

    def hour(self, *, tidy: bool) -> None:
        """What gates do by themselves; ``tidy``: and records."""
        self._advance()
        if self.serving and tidy:
            hourly.tidied(self.records, lambda: False)
            self._changed()

    def _advance(self) -> None:
        for box in self.boxes:
            box.advance()

    def _changed(self) -> None:
        self.news.stale = True
        for box in self.boxes:
            box.hinted()

    # --- records ---

    def serve(self) -> None:
        """They answer."""
        routes = api(self.records)
        self.serving = True
        for line in (self.kiosk, *(box.line for box in self.boxes)):
            line.connect(self.records, routes)
        self._lines_changed()

    def close(self) -> None:
        """They do not, and are closed."""
        self.serving = False
        for line in (self.kiosk, *(box.line for box in self.boxes)):
            line.disconnect()
        self._lines_changed()
        self.records.database.close()

    def reopen(self, folder: Path | None = None) -> None:
        """They are there again."""
        self.records = installation.open_existing(folder or self.records.folder, self.clock)

    def _lines_changed(self) -> None:
        for box in self.boxes:
            if box.hearing is not None:
                box.line_changed()

    # --- what befalls them ---

    def strike(self, act: Act, community: Community) -> None:
        """Carry it out, and its end when it is due."""
        self._advance()
        self.done[act.deed.value] += 1
        boxes = [self.boxes[act.gate]] if act.gate >= 0 else self.boxes
        match act.deed:
            case Blow.LINE | Blow.OUTAGE:
                for box in boxes:
                    self._cut(box, act.lasts)
            case Blow.REBOOT | Blow.POWER:
                self.switch_off(boxes[0], act.lasts, power=act.deed is Blow.POWER)
            case Blow.CLOCK:
                self._set(boxes[0], act.by, act.lasts)
            case Blow.RECORDS:
                self._restart(act.lasts)
            case Blow.FIRE:
                self._burn(boxes[0], act.lasts)
            case Blow.BACKUP:
                self._back_up()
            case Blow.RESTORE:
                self._restore(act.lasts, community)

    def switch_off(self, box: Box, lasts: float, *, power: bool) -> None:
        """A gate that is off is not switched off."""
        if box.life is None:
            return
        box.stop(self.chance.choice(list(Loss)) if power else None)
        self.after(lasts, box.start)

    def _cut(self, box: Box, lasts: float) -> None:
        key = f"line {box.number}"
        self._down[key] += 1
        box.line.up = False
        box.line_changed()

        def mended() -> None:
            self._down[key] -= 1
            box.line.up = not self._down[key]
            box.line_changed()

        self.after(lasts, mended)

    def _burn(self, box: Box, lasts: float) -> None:
        box.strike.burns(alarm=True)
        self.after(lasts, lambda: box.strike.burns(alarm=False))

    def _set(self, box: Box, by: timedelta, lasts: float) -> None:
        def right() -> None:
            box.clock.offset = box.outside.offset = timedelta()

        box.clock.offset = box.outside.offset = by
        self.after(lasts, right)

    def _restart(self, lasts: float) -> None:
        if not self.serving:
            return
        self.close()

        def there() -> None:
            self.reopen()
            self.serve()

        self.after(lasts, there)

    def _back_up(self) -> None:
        if self.serving:
            making.back_up(self.records, self.folder / "backups")
            self._backup_at = self.clock.now()

    def _restore(self, lasts: float, community: Community) -> None:
        since = self._backup_at
        if not self.serving or since is None:
            return
        self.close()

        def there() -> None:
            self._put_back(since)
            self.reopen(self.folder / "again")
            aftermath.follow_up(self.records, since)
            community.went_back(since, self.clock.now())
            self.serve()
            self._changed()

        self.after(lasts, there)

    def _put_back(self, since: datetime) -> None:
        picked = restoring.chosen(self.folder / "backups", since, lambda _: None)
        key = keys.private(self.folder / "private.pem")
        restoring.restore(picked, key, self.folder / "again", lambda _: None, lambda _: None)


@dataclass(frozen=True, slots=True)
class Gate:
    """One that is to be: at which door (None: the compound's), and what is wrong with it."""

    place: tuple[str, str] | None = None
    bugs: frozenset[Bug] = frozenset()


@contextmanager
def stage(folder: Path, seed: int, people: int, gates: Mapping[int, Gate]) -> Iterator[tuple[Stage, Community, Desk]]:
    """A community of ``people``, and gates at these doors (None: the compound's), each with its first snapshot."""
    chance, clock = Random(seed), StillClock(MIDNIGHT)
    with Runner() as loop:
        made = Stage(folder, loop, clock, chance, _installed(folder, clock))
        deriving.follow_policy(made.records)  # while there is nothing to derive again
        community = settle(made.records, chance, people)
        for number, gate in gates.items():
            made.boxes.append(_box(made, number, gate))
        made.serve()
        for box in made.boxes:
            box.start()
            box.first()
        try:
            yield made, community, Desk(made.opened, made.kiosk, community)
        finally:
            _closed(made)


def _installed(folder: Path, clock: StillClock) -> Records:
    data = folder / "records"
    data.mkdir(parents=True)
    (folder / "backups").mkdir()
    write_settings(data, quick_settings(), rules_with())
    installation.prepare(data, clock, lambda _: None).database.close()
    give_backup_key(data, folder / "private.pem")
    return installation.open_existing(data, clock)


def _box(made: Stage, number: int, gate: Gate) -> Box:
    line = Line(Device.of(made.records, DeviceKind.GATE), made.loop, wrote=made.wrote)
    place = gate.place
    kind = DoorKind.COMPOUND if place is None else DoorKind.UNIT
    doors.assign(made.records, line.device.device_id, kind, place or ("", ""), face=True)
    folder = made.folder / f"gate-{number}"
    folder.mkdir()
    trust, chance = policy_keys_under(made.records.root_pem), Random(made.chance.random())
    news = partial(made.news_of, line.device.device_id)
    return Box(number, place, folder, WallClock(made.clock), line, trust, chance, news, gate.bugs)


def _closed(made: Stage) -> None:
    for box in made.boxes:
        if box.life is not None:
            box.life.store.database.close()
    made.records.database.close()
