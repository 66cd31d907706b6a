"""One round after the other: a resident, what goes wrong, a new start, and what is left of it."""

import json
import os
import queue
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, replace
from threading import Event, Thread

from devices.errors import DeviceError
from devices.page_printer.client import IppClient
from devices.thermal_printer.model import StripModel
from forms.paper import Medium
from forms.raster import WIDTH
from forms.test_page import render_test_page
from tests.chaos import kiosk
from tests.chaos.bugs import Bug, plant
from tests.chaos.judge import Judge, Seen, Verdict
from tests.chaos.plan import Answer, Break, Interruption, Round
from tests.chaos.surroundings import World
from tests.chaos.trays import Sheet, online, papers
from tests.support.clocks import NOW

_DEVICES = {Medium.PAGE: "page_printer", Medium.STRIP: "thermal_printer"}
_FATES = {Answer.TAKEN.value: "delivered", Answer.NOBODY.value: "delivered"}  # whatever else ends void
_HOLDING = ("paper-out", "jam", "cover-open", "cutter-error")
_MOVING = ("ok", "busy", "toner-low", "near-end")  # a sheet that moves when its job is given up can't be called back
_DEAF = ("hung", "unplugged", "busy")  # a strip printer that could not be cleared
_TWO_BANDS = 2 * StripModel().band * WIDTH  # dots, were all of them black: what it may have had in its buffer
_JOB_LEFT = "a job is left in the page printer of a kiosk that has settled"
_LONG_S, _SOON_S = 60.0, 30.0  # a page alone takes ten on a machine with twenty others at work
_STILL_S = 0.4  # a printer from which nothing comes for so long has nothing more to print
_LOOK_S = 0.05

Act = tuple[float, Callable[[], None]]  # when, as a share of a paper's time, and what


class StuckError(AssertionError):
    """Something did not come to its end."""


class Chaos:
    """``took``: seconds of an undisturbed paper, from the tap until its printer is done, for each medium. ``said``: how
    the last round's paper ended, as far as the kiosk lived to say."""

    def __init__(self, world: World, bug: Bug = Bug.NONE) -> None:
        self.said = ""
        self.took = dict.fromkeys(Medium, 1.0)
        self._world, self._bug = world, bug
        self._heard: queue.Queue[str] = queue.Queue()
        self._strangers: list[socket.socket] = []
        self._journal: dict[str, str | None] = {}
        self._judge, self._at_rest = Judge(), (0, 0)
        self._early: list[str] = []  # wrong before the first round
        Thread(target=self._listen, daemon=True).start()

    def measure(self, plan: Round) -> None:
        """How long it takes where nothing goes wrong."""
        calm = replace(plan, fault="ok", interruption=Interruption.NONE, line=Break.NONE, answer_after=0.0)
        for medium in Medium:
            self._begin(replace(calm, medium=medium))
            began = time.monotonic()
            self._hear("ended")
            self.took[medium] = time.monotonic() - began
            self._hear("dead")
            self._recover(calm)
            self._early += self._hear_of(None).wrong

    def play(self, plan: Round) -> Verdict:
        """The whole of one round."""
        self.said, stale, self._early = "", [*self._early, *self._came("between two rounds", self._at_rest)], []
        if plan.fault_at == 0:
            self._break_printer(plan)
        word = self._disturb(plan, self._begin(plan))
        stale += self._recover(plan)
        verdict = self._hear_of(word)
        return replace(verdict, wrong=(*verdict.wrong, *stale))

    def look_again(self) -> tuple[str, ...]:
        """When all rounds are over: what is wrong by now with what was right then."""
        return (*self._came("after the last round", self._at_rest), *self._judge.look_again(self._seen((), None)))

    def _hear_of(self, word: tuple[str, str] | None) -> Verdict:
        verdict = self._judge.hear(self._seen(tuple(papers(self._world)), word))
        self._at_rest = self._out()
        return verdict

    def _seen(self, sheets: tuple[Sheet, ...], word: tuple[str, str] | None) -> Seen:
        return Seen(self._world.truth(), self._journal, sheets, word, lambda code: online(self._world, code))

    # --- the resident's minute ---

    def _begin(self, plan: Round) -> int:
        """The process that the resident taps at."""
        unit = self.took[plan.medium]
        order = {
            "around": asdict(self._world.around),
            "kind": plan.kind,
            "later": plan.later,
            "medium": plan.medium,
            "answer": plan.answer,
            "answer_after": plan.answer_after * unit,
            "power_at": plan.interrupted_at * unit if plan.interruption is Interruption.POWER else None,
            "loss": plan.loss,
            "seed": plan.seed,
            "bug": self._bug,
        }
        assert self._world.victim.stdin is not None
        self._world.victim.stdin.write(json.dumps(order) + "\n")
        self._world.victim.stdin.flush()
        return int(self._hear("begun").split()[1])

    def _disturb(self, plan: Round, pid: int) -> tuple[str, str] | None:
        """Do what the plan says, each at its time; the serial that the resident had an answer for, and its fate."""
        over, word = Event(), None
        acting = Thread(target=self._act, args=(self._acts(plan, pid), self.took[plan.medium], over))
        acting.start()
        while (line := self._hear("ended", "dead", "crashed")).startswith("ended"):
            _, serial, self.said = line.split(maxsplit=2)
            word = None if serial == "none" else (serial, _FATES.get(self.said, "void"))
        over.set()
        acting.join()
        if line == "crashed" and plan.interruption is not Interruption.POWER:
            raise StuckError(f"round {plan.number}: the kiosk fell over by itself, see kiosk.log")
        return word

    def _acts(self, plan: Round, pid: int) -> list[Act]:
        acts: list[Act] = []
        if plan.fault != "ok" and plan.fault_at > 0:
            acts.append((plan.fault_at, lambda: self._break_printer(plan)))
        if plan.line is Break.RECORDS:
            acts.append((plan.broken_at, self._world.server.kill))
        elif plan.line is not Break.NONE:
            acts.append((plan.broken_at, lambda: self._world.link.cut(plan.line)))
            acts.append((plan.broken_at + plan.broken_for, self._world.link.mend))
        if plan.interruption is Interruption.KILL:
            acts.append((plan.interrupted_at, lambda: _kill(pid)))
        return sorted(acts, key=lambda each: each[0])

    @staticmethod
    def _act(acts: list[Act], unit: float, over: Event) -> None:
        began = time.monotonic()
        for at, act in acts:
            if over.wait(max(0.0, began + at * unit - time.monotonic())):
                return
            act()

    def _break_printer(self, plan: Round) -> None:
        if plan.fault != "busy":
            self._world.state.set(_DEVICES[plan.medium], plan.fault)
        elif plan.medium is Medium.STRIP:  # it speaks to one at a time
            self._strangers.append(socket.create_connection(("127.0.0.1", self._world.strips.port)))
        else:
            stranger = IppClient(self._world.around.page_printer, user="stranger")
            with suppress(DeviceError):
                stranger.send_document(stranger.create_job(None), render_test_page(NOW))

    # --- and afterwards ---

    def _recover(self, plan: Round) -> list[str]:
        """Start the kiosk again, mend everything, have it settle; what was printed though it had been given up. Also
        before that start, where the kiosk had come to its own end: what is left then nobody would clear."""
        stale: list[str] = []
        if plan.link_first:
            self._mend_line()
        if plan.refill_first:
            stale += self._refill(plan) if self.said else self._mend_printers()
            self._until(self._is_idle, "the page printer is not idle")
        parts = kiosk.start(self._world.around)
        plant(self._bug, parts.database)
        try:
            if not plan.link_first:
                parts.settle.run()
                self._mend_line()
            self._until(lambda: _is_settled(parts), "the journal is not settled")
            if not plan.refill_first:
                stale += self._left(plan, parts) + self._refill(plan)
            self._until(lambda: _is_ready(parts), "the printers are not ready")
            self._until(self._is_idle, "the page printer is not idle")
            self._journal = dict(parts.database.query("SELECT serial, outcome FROM paper_attempt WHERE serial <> ''"))
        finally:
            parts.database.close()
        return stale

    def _left(self, plan: Round, parts: kiosk.Kiosk) -> list[str]:
        """A kiosk that has settled clears its printers; what it can't clear there."""
        reachable = plan.fault in _HOLDING or plan.medium is Medium.PAGE
        cleared = self._comes(lambda: self._is_cleared(plan, parts))
        return [_JOB_LEFT] if reachable and not cleared else []

    def _is_cleared(self, plan: Round, parts: kiosk.Kiosk) -> bool:
        strip, _ = (
            parts.strip.health(),
            parts.page.health(),
        )  # as a kiosk's watch asks: what was not heard is said again
        if plan.medium is Medium.STRIP:
            return strip.works or plan.fault in (*_HOLDING, *_DEAF)
        return (parts.settle.run().queue_clear or plan.fault == "unplugged") and self._is_idle()

    def _refill(self, plan: Round) -> list[str]:
        """Mend the printers, and see what comes out of them: nothing may, also where nothing was to be mended."""
        if plan.fault in _MOVING:
            self._until(self._is_idle, "the page printer is not idle")
        before = self._out()
        self._mend_printers()
        self._until(self._is_idle, "the page printer is not idle")
        time.sleep(_STILL_S)
        deaf = plan.medium is Medium.STRIP and plan.fault in _DEAF
        return list(self._came("when the printers were mended", before, _TWO_BANDS if deaf else 0))

    def _out(self) -> tuple[int, int]:
        """Pages in the tray, and dots on all strips."""
        return len(list(self._world.page_tray.glob("*.pdf"))), self._world.black_dots()

    def _came(self, when: str, before: tuple[int, int], dots: int = 0) -> Iterator[str]:
        now = self._out()
        if now[0] != before[0] or now[1] - before[1] > dots:
            yield f"{now[0] - before[0]} pages and {now[1] - before[1]} dots came out {when}"

    def _mend_printers(self) -> list[str]:
        for stranger in self._strangers:
            stranger.close()
        self._strangers.clear()
        for device in _DEVICES.values():
            self._world.state.set(device, "ok")
        return []

    def _mend_line(self) -> None:
        self._world.link.mend()
        if not self._world.server._answers():
            self._world.server.start()

    def _is_idle(self) -> bool:
        """No job of anybody is at the page printer, so no page is on its way into the tray."""
        try:
            return not IppClient(self._world.around.page_printer).unfinished_jobs()
        except DeviceError:
            return self._world.state.read("page_printer")["state"] == "unplugged"

    def _until(self, true: Callable[[], bool], otherwise: str) -> None:
        if not self._comes(true, _LONG_S):
            raise StuckError(otherwise)

    @staticmethod
    def _comes(true: Callable[[], bool], seconds: float = _SOON_S) -> bool:
        until = time.monotonic() + seconds
        while not true():
            if time.monotonic() > until:
                return False
            time.sleep(_LOOK_S)
        return True

    def _hear(self, *beginnings: str) -> str:
        try:
            line = self._heard.get(timeout=_LONG_S)
        except queue.Empty:
            raise StuckError(f"the kiosk never said any of {beginnings}") from None
        if not line.startswith(beginnings):
            raise StuckError(f"the kiosk said: {line}")
        return line

    def _listen(self) -> None:
        assert self._world.victim.stdout is not None
        for line in self._world.victim.stdout:
            self._heard.put(line.strip())


def _is_settled(parts: kiosk.Kiosk) -> bool:
    done = parts.settle.run()
    return done.reached and done.open.untold == 0 and done.open.under_way == 0


def _is_ready(parts: kiosk.Kiosk) -> bool:
    return parts.settle.run().queue_clear and parts.page.health().works and parts.strip.health().works


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):  # on a slow machine it may have ended of itself
        os.kill(pid, signal.SIGKILL)
