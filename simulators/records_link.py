"""Whether records can be reached: the service of a house ends and starts again as the state file says."""

import sys
from threading import Event, Thread
from types import TracebackType
from typing import Self

from simulators.records_house import HouseError, RecordsHouse

DEVICE = "records"
_LOOK_S = 0.2


class RecordsLink:
    """A context manager: inside, ``sim records down`` ends the service of ``house``, and ``up`` starts it again."""

    def __init__(self, house: RecordsHouse) -> None:
        self._house = house
        self._up = True
        self._left = Event()
        self._thread = Thread(target=self._follow, name="link to records", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._left.set()
        self._thread.join()

    def _follow(self) -> None:
        while not self._left.wait(_LOOK_S):
            wanted = self._house.state.read(DEVICE)["state"] == "up"
            if wanted != self._up:
                self._switch(wanted=wanted)

    def _switch(self, *, wanted: bool) -> None:
        try:
            (self._house.start_records if wanted else self._house.stop_records)()
        except HouseError as error:
            print(f"sim: {error}", file=sys.stderr)
        self._up = wanted
