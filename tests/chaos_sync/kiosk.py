"""A kiosk without a screen: the product's own store, outbox, sender, follower and link, in a process that dies often.

``python -m tests.chaos_sync.kiosk`` forks one child for each line of JSON on its standard input, and answers with its
process number. SIGKILL is its end, and that of all its disk had not synced; at SIGUSR1 its power goes, and any sectors
stay; at SIGUSR2 nobody comes any more; at SIGTERM it is switched off properly.
"""

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from threading import Event, Thread
from typing import Any, NoReturn

from tests.chaos_sync.bugs import Bug
from tests.chaos_sync.ledger import Ledger
from tests.chaos_sync.parts import Kiosk, Place, assembled
from tests.chaos_sync.residents import Residents
from tests.support.power_cut import Loss, PowerCutVfs

_LINK_S, _OUTBOX_S, _CHANGES_S, _REST_S = 2.5, 1.0, 0.5, 0.5
_END_S = 8.0
_TOLD = (signal.SIGUSR1, signal.SIGUSR2, signal.SIGTERM)


@dataclass(slots=True)
class Life:
    """From one start to the next end."""

    place: Place
    ledger: Ledger
    vfs: PowerCutVfs
    kiosk: Kiosk
    over: Event
    resting: Event

    def every(self, seconds: float, work: Callable[[], object]) -> Thread:
        """A job that repeats itself. It may raise nothing, as in a kiosk."""
        thread = Thread(target=self._repeat, args=(seconds, work), daemon=True)
        thread.start()
        return thread

    def _repeat(self, seconds: float, work: Callable[[], object]) -> None:
        try:
            while not self.over.wait(seconds):
                work()
        except Exception as error:  # noqa: BLE001 - it is written down, and judged
            traceback.print_exc()
            self.ledger.say("broke", error=type(error).__name__)

    def say_rest(self) -> None:
        """When nobody comes any more: what is left to do, and where the feed stands."""
        if self.resting.is_set():
            counts, state = self.kiosk.journal.counts(), self.kiosk.outbox.state()
            left = state.waiting + counts.under_way + counts.untold
            self.ledger.say("rest", left=left, cursor=self.kiosk.feed.cursor())

    def hear(self) -> None:
        """What it is told, until that is the end."""
        while not self.over.is_set():
            match signal.sigwait(_TOLD):
                case signal.SIGUSR1:
                    self._cut()
                case signal.SIGUSR2:
                    self.resting.set()
                case _:
                    self.over.set()

    def _cut(self) -> None:
        """The power goes."""
        with self.ledger.last_words:
            self.vfs.cut(Random(self.place.seed).choice(list(Loss)), Random(self.place.seed))
            os.kill(os.getpid(), signal.SIGKILL)


def live(place: Place) -> None:
    """Until it is switched off."""
    vfs, ledger = PowerCutVfs(), Ledger(Path(place.ledger))
    kiosk, over, resting = assembled(place, ledger, vfs.name), Event(), Event()
    life = Life(place, ledger, vfs, kiosk, over, resting)
    if place.resting:
        resting.set()
    ledger.say("started", life=place.life)
    jobs = (
        (_LINK_S * place.speed, kiosk.link.tick),
        (_OUTBOX_S * place.speed, kiosk.sync.tick),
        (_CHANGES_S * place.speed, kiosk.follow.tick),
        (_CHANGES_S * place.speed, kiosk.follow.listen),
        (_REST_S, life.say_rest),
        (0.0, Residents(kiosk, place, ledger, over, resting).come),
    )
    threads = [life.every(*job) for job in jobs]
    life.hear()
    kiosk.follow.stop()
    kiosk.sync.stop()
    for thread in threads:
        thread.join(_END_S)
    kiosk.close()


def _be_child(order: dict[str, Any]) -> NoReturn:
    code = 1
    try:
        live(Place(**{**order, "bug": Bug(order["bug"])}))
        code = 0
    except BaseException as error:  # noqa: BLE001 - a fork must never go on as its parent
        traceback.print_exc()
        with suppress(OSError):
            Ledger(Path(order["ledger"])).say("broke", error=type(error).__name__)
    os._exit(code)


def main() -> None:
    """Fork, say who it is."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _TOLD)  # a child waits for them
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them: they are gone when they are gone
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _be_child(json.loads(line))
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
