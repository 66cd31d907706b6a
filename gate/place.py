"""Where this gate stands and whose right here ends soon: read now and then from the store, and kept for the screen."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from backend_client.contract.gates import Door
from gate.flows.moment import Moment
from gate.presenters.surroundings import Site
from gate.services.rules import InForce
from gate.services.watch import GateWatch
from gate.store.grants import Grants
from terminal.store.errors import StoreError

SOON: Final = timedelta(days=7)
"""Before the last day of some right, the screen that waits says to everybody: read your notices."""


class Place:
    """``look`` is called by one repeating job; everybody else reads what it has found. ``watch`` hears of it."""

    def __init__(self, grants: Grants, rules: InForce, moment: Callable[[], Moment], watch: GateWatch) -> None:
        self._grants = grants
        self._rules = rules
        self._moment = moment
        self._watch = watch
        self._door: Door | None = None
        self.look()

    def look(self) -> None:
        """Never raises what belongs to the disk: what was known stays."""
        today = self._moment().today
        try:
            self._door = self._grants.door()
            notices = self._grants.any_ends(today, today + SOON)
        except StoreError:
            return
        self._watch.tell_readable()
        self._watch.tell_place(placed=self._door is not None, notices=notices)

    def site(self) -> Site:
        """The door's name, and the duty room's number."""
        name = (("zh", self._door.name.zh), ("en", self._door.name.en)) if self._door else (("zh", ""), ("en", ""))
        return Site(name, self._rules.gate().guard_phone)

    def fpir(self) -> float | None:
        """The policy's false-positive identification rate; None: no face at this door."""
        return self._rules.gate().fpir if self._door is not None and self._door.face else None
