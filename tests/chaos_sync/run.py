"""One run: the plan is carried out, then everything is mended and left alone until nothing moves, and judged."""

import signal
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock, Thread, Timer

from records.services import changes
from tests.chaos_sync.bugs import Bug
from tests.chaos_sync.city import Box, City, city, start
from tests.chaos_sync.evidence import Evidence, gathered
from tests.chaos_sync.judge import wrong_at, wrong_at_records
from tests.chaos_sync.lines import Way
from tests.chaos_sync.officer import Officer
from tests.chaos_sync.plan import Act, Deed

_CALM_S = 90.0
_LOOK_S = 0.2
_WATCH_S = 1.0
_ZYGOTE = Lock()


@dataclass
class Outcome:
    """``done``: what was done how often; ``wrong``: by kiosk, records' own under -1; ``peaks``: kB of the largest
    process of each kind."""

    evidence: Evidence
    done: Counter[str]
    wrong: dict[int, tuple[str, ...]]
    delays: list[float]
    peaks: dict[str, int]
    calm_s: float


@dataclass
class Run:
    """``play`` once."""

    place: City
    plan: Sequence[Act]
    speed: float
    done: Counter[str] = field(default_factory=Counter)
    peaks: dict[str, int] = field(default_factory=dict)
    _timers: list[Timer] = field(default_factory=list)
    _over: Event = field(default_factory=Event)

    def play(self, seed: int) -> Outcome:
        """All of it."""
        for box in self.place.boxes:
            box.start()
        watch = Thread(target=self._watch, daemon=True)
        watch.start()
        self._wait_until(lambda: all(box.has_begun() for box in self.place.boxes))
        with Officer(self.place.records, seed, self.speed) as officer:
            self._carry_out()
            calm_s = self._come_to_rest(officer)
        self._over.set()
        watch.join()
        for box in self.place.boxes:
            box.end(signal.SIGTERM)
        evidence = gathered(self.place.records, self.place.boxes, officer.forgotten)
        self.done.update({"decisions": officer.decided, "voids by hand": officer.voided})
        self._count_said()
        return Outcome(evidence, self.done, self._judged(evidence), self._delays(), self.peaks, calm_s)

    # --- while it lasts ---

    def _carry_out(self) -> None:
        began = time.monotonic()
        roads = ([each for each in self.plan if each.at_records is mine] for mine in (True, False))
        with ThreadPoolExecutor(2) as pool:
            for walk in [pool.submit(self._walk, road, began) for road in roads]:
                walk.result()

    def _walk(self, road: list[Act], began: float) -> None:
        for act in road:
            time.sleep(max(0.0, began + act.at - time.monotonic()))
            self._do(act)

    def _do(self, act: Act) -> None:
        is_dead = act.deed in {Deed.KILL, Deed.POWER} and not self.place.boxes[act.kiosk].pid
        if is_dead or act.deed is Deed.END:
            return
        self.done[f"line {act.way}" if act.deed is Deed.LINE else act.deed.value] += 1
        match act.deed:
            case Deed.LINE:
                self._line(act.kiosk, act.way, act.lasts)
            case Deed.OUTAGE:
                for number in range(len(self.place.boxes)):
                    self._line(number, Way.CUT, act.lasts)
            case Deed.KILL | Deed.POWER:
                self._kill(self.place.boxes[act.kiosk], act)
            case Deed.RECORDS_KILLED | Deed.RECORDS_STOPPED:
                self._restart_records(act)
            case Deed.FAIL_OVER:
                self._fail_over(act)

    def _line(self, number: int, way: Way, lasts: float) -> None:
        self.place.lines.set(number, way)
        self._later(lasts, lambda: self.place.lines.set(number, Way.OPEN))

    def _kill(self, box: Box, act: Act) -> None:
        box.end(signal.SIGKILL if act.deed is Deed.KILL else signal.SIGUSR1)
        self._later(act.lasts, lambda: self._started(box))

    @staticmethod
    def _started(box: Box) -> None:
        with _ZYGOTE:
            if not box.pid:
                box.start()

    def _restart_records(self, act: Act) -> None:
        (self.place.server.kill if act.deed is Deed.RECORDS_KILLED else self.place.server.stop)()
        began = time.monotonic()
        time.sleep(act.lasts)
        start(self.place.server)
        self.done["seconds without records"] += round(time.monotonic() - began)

    def _fail_over(self, act: Act) -> None:
        if self.place.pair is None:
            del self.done[act.deed.value]
        else:
            self.place.pair.fail_over(act.lasts)

    def _later(self, seconds: float, work: Callable[[], None]) -> None:
        timer = Timer(seconds, work)
        self._timers.append(timer)
        timer.start()

    def _watch(self) -> None:
        while not self._over.wait(_WATCH_S):
            server = self.place.server._process
            pids = [("records", server.pid if server else 0), *(("a kiosk", box.pid) for box in self.place.boxes)]
            for what, pid in pids:
                self.peaks[what] = max(self.peaks.get(what, 0), _peak(pid))

    # --- and afterwards ---

    def _come_to_rest(self, officer: Officer) -> float:
        """Mend everything, and wait until nothing is left to do; how long that took. Then everybody hears once more."""
        for timer in self._timers:
            timer.join()
        self.place.lines.mend()
        for box in self.place.boxes:
            box.rest()
        officer.stop()
        began = time.monotonic()
        self._wait_until(self._rests)
        took = time.monotonic() - began
        officer.repeat_policy()
        self._wait_until(self._rests)
        return took

    @staticmethod
    def _wait_until(true: Callable[[], bool]) -> None:
        """Or for a good while: then the judge will see why."""
        until = time.monotonic() + _CALM_S
        while time.monotonic() < until and not true():
            time.sleep(_LOOK_S)

    def _rests(self) -> bool:
        head = changes.head(self.place.records)
        return all(box.rests(head) for box in self.place.boxes)

    def _judged(self, evidence: Evidence) -> dict[int, tuple[str, ...]]:
        wrong = {-1: wrong_at_records(evidence)}
        wrong |= {number: wrong_at(evidence, kiosk) for number, kiosk in enumerate(evidence.kiosks)}
        return {number: each for number, each in wrong.items() if each}

    def _count_said(self) -> None:
        counts = Counter(line.what for box in self.place.boxes for line in box.said())
        names = {"again": "writes sent twice", "late": "writes delivered late", "started": "lives of kiosks"}
        names |= {"took": "intakes taken in", "paper": "papers reserved and given up", "closed": "intakes refused"}
        self.done.update({name: counts[what] for what, name in names.items()})
        self.done["connections broken"] = self.place.lines.broken

    def _delays(self) -> list[float]:
        """Seconds from an item's being taken in to its being gone from the outbox."""
        delays: list[float] = []
        for box in self.place.boxes:
            since: dict[str, float] = {}
            for line in box.said():
                if line.what == "took":
                    since.setdefault(line.facts["id"], line.at)
                delays += [line.at - since[gone] for gone in line.facts.get("gone", ()) if gone in since]
        return delays


def play(
    folder: Path,
    seed: int,
    kiosks: int,
    plan: Sequence[Act],
    *,
    pace: float = 4.0,
    speed: float = 1.0,
    bugs: Mapping[int, Bug] | None = None,
) -> Outcome:
    """A city, a run, an end."""
    with city(folder, kiosks, seed, pace, speed, bugs) as place:
        return Run(place, plan, speed).play(seed)


def _peak(pid: int) -> int:
    """kB that a process has had at most; 0: it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("ascii")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0)
