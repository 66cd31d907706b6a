"""One round after the other: a resident, what goes wrong, a new start, and what is left of it."""

import json
import os
import queue
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace
from threading import Event, Thread

from devices.errors import DeviceError
from devices.page_printer.client import IppClient
from forms.paper import Medium
from forms.test_page import render_test_page
from tests.chaos import kiosk
from tests.chaos.judge import Verdict, judge, papers
from tests.chaos.plan import Answer, Break, Interruption, Round
from tests.chaos.surroundings import World
from tests.support.clocks import NOW

_DEVICES = {Medium.PAGE: "page_printer", Medium.STRIP: "thermal_printer"}
_FATES = {Answer.TAKEN.value: "delivered", Answer.MISSING.value: "void", Answer.UNREADABLE.value: "void"}
_HOLDING = ("paper-out", "jam", "cover-open", "cutter-error")
_JOB_LEFT = "a job is left in the page printer of a kiosk that has settled"
_LONG_S, _SOON_S = 60.0, 10.0
_STILL_S = 0.4  # a printer from which nothing comes for so long has nothing more to print
_LOOK_S = 0.05

Act = tuple[float, Callable[[], None]]  # when, as a share of a paper's time, and what


class StuckError(AssertionError):
    """Something did not come to its end."""


class Chaos:
    """``took``: seconds of an undisturbed paper, from the tap until its printer is done, for each medium. ``said``: how
    the last round's paper ended, as far as the kiosk lived to say."""

    def __init__(self, world: World, *, syncs: bool = True) -> None:
        self.said = ""
        self.took = dict.fromkeys(Medium, 1.0)
        self._world, self._syncs = world, syncs
        self._heard: queue.Queue[str] = queue.Queue()
        self._strangers: list[socket.socket] = []
        self._outcomes: dict[str, str] = {}
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
        papers(self._world)

    def play(self, plan: Round) -> Verdict:
        """The whole of one round."""
        before, self.said = set(self._world.truth()), ""
        if plan.fault_at == 0:
            self._break_printer(plan)
        pid = self._begin(plan)
        word = self._disturb(plan, pid) if pid else None
        stale = self._recover(plan)
        verdict = judge(self._world, before, papers(self._world), self._outcomes, word)
        return replace(verdict, wrong=(*verdict.wrong, *stale))

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
            "syncs": self._syncs,
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
            _, serial, said = line.split(maxsplit=2)
            word, self.said = (serial, _FATES[said]) if said in _FATES else None, said
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
            acts.append((plan.interrupted_at, lambda: os.kill(pid, signal.SIGKILL)))
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

    def _recover(self, plan: Round) -> tuple[str, ...]:
        """Start the kiosk again, mend everything, have it settle; what was printed though it had been given up."""
        if plan.link_first:
            self._mend_line()
        if plan.refill_first:
            self._mend_printers()
            self._until(self._is_idle, "the page printer is not idle")
        parts = kiosk.start(self._world.around)
        try:
            if not plan.link_first:
                parts.settle.run()
                self._mend_line()
            self._until(lambda: _is_settled(parts), "the journal is not settled")
            stale = () if plan.refill_first else self._refill(plan, parts)
            self._until(lambda: _is_ready(parts), "the printers are not ready")
            self._until(self._is_idle, "the page printer is not idle")
            self._outcomes = dict(parts.database.query("SELECT serial, outcome FROM paper_attempt WHERE serial <> ''"))
        finally:
            parts.database.close()
        return stale

    def _refill(self, plan: Round, parts: kiosk.Kiosk) -> tuple[str, ...]:
        """Mend the printers under the eyes of a kiosk that has settled and cleared them. One that could not be reached
        is not judged."""
        if plan.fault not in _HOLDING:
            self._mend_printers()
            return ()
        left = () if self._comes(lambda: parts.settle.run().queue_clear and self._is_idle()) else (_JOB_LEFT,)
        parts.strip.health()
        pages, black = len(list(self._world.page_tray.glob("*.pdf"))), self._world.black_dots()
        self._mend_printers()
        self._until(lambda: _is_ready(parts), "the printers are not ready")
        time.sleep(_STILL_S)
        came = len(list(self._world.page_tray.glob("*.pdf"))) - pages, self._world.black_dots() - black
        return left if came == (0, 0) else (*left, f"refilled paper printed {came[0]} pages, {came[1]} dots")

    def _mend_printers(self) -> None:
        for stranger in self._strangers:
            stranger.close()
        self._strangers.clear()
        for device in _DEVICES.values():
            self._world.state.set(device, "ok")

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
