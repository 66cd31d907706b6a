"""The faces that one gate knows: every vector in one matrix, searched by one matrix-vector product.

``rows`` lie in one block of float32, in no order. A removed row is filled by the last one, so nothing is ever shifted;
when the block is full it grows by a quarter, so that a row is copied some four times in its life, whatever the size.
Rows that are given up are overwritten at once, and wait for the next holder.

Everything is float32, the question too: a float64 question would turn the whole matrix into float64 at each search
(NumPy 2, NEP 50), at eight times the cost.
"""

from dataclasses import dataclass
from threading import Lock

import numpy as np

from devices.face.api import Vector
from devices.face.template import Rows, Template, TemplateError

_FIRST = 32  # rows
_GROWTH = 4  # a quarter more, each time


@dataclass(frozen=True, slots=True)
class Best:
    """Who is most alike. ``holder``: whose vector it is; ``score``: its cosine similarity, -1 to 1; ``other``: the best
    of anybody else's, -1 where there is nobody else."""

    holder: str
    score: float
    other: float

    def __repr__(self) -> str:
        return "Best(***)"


class Gallery:
    """Of one model (``FaceEngine.model``, after ``load``). Thread-safe: a search never sees half a change."""

    def __init__(self, model: str) -> None:
        self.model = model
        self._rows: Rows = np.empty((0, 0), np.float32)
        self._owners: list[str] = []  # by row
        self._places: dict[str, list[int]] = {}  # by holder: their rows
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._places)

    def __contains__(self, holder: str) -> bool:
        return holder in self._places

    def __repr__(self) -> str:
        return f"Gallery({len(self)} holders)"

    @property
    def vectors(self) -> int:
        """How many a stranger is compared with: what the threshold follows from."""
        return len(self._owners)

    @property
    def memory(self) -> int:
        """Bytes of the matrix: for each vector 4 bytes x its numbers, and while nobody leaves, a quarter more of idle
        rows at most. A holder's name and place take some 300 bytes beside it."""
        return self._rows.nbytes

    def put(self, holder: str, template: Template) -> None:
        """Add a holder, or replace all that is there of them. Raises TemplateError (model, length): of another model;
        then nothing is changed."""
        if template.model != self.model:
            raise TemplateError("model")
        with self._lock:
            if self._owners and template.rows.shape[1] != self._rows.shape[1]:
                raise TemplateError("length")
            self._drop(holder)
            self._add(holder, template.rows)

    def remove(self, holder: str) -> bool:
        """Whether there was anything of them."""
        with self._lock:
            return self._drop(holder)

    def clear(self) -> None:
        """Nobody any more."""
        with self._lock:
            self._rows.fill(0)
            self._rows = np.empty((0, 0), np.float32)
            self._owners.clear()
            self._places.clear()

    def search(self, vector: Vector) -> Best | None:
        """Whoever is most alike; None: nobody is here. ``vector``: of unit length. Raises TemplateError (length)."""
        asked = np.ascontiguousarray(vector, np.float32)
        with self._lock:
            count = len(self._owners)
            if not count:
                return None
            if asked.shape != self._rows.shape[1:]:
                raise TemplateError("length")
            scores = self._rows[:count] @ asked
            first = int(scores.argmax())
            holder, score = self._owners[first], float(scores[first])
            scores[self._places[holder]] = -1.0
            return Best(holder, score, float(scores.max()))

    def _add(self, holder: str, rows: Rows) -> None:
        begin, end = len(self._owners), len(self._owners) + len(rows)
        self._reserve(end, rows.shape[1])
        self._rows[begin:end] = rows
        self._owners += [holder] * len(rows)
        self._places[holder] = list(range(begin, end))

    def _reserve(self, count: int, length: int) -> None:
        held = len(self._rows) if self._owners else 0
        if count <= held and self._rows.shape[1] == length:
            return
        old, used = self._rows, len(self._owners)
        self._rows = np.zeros((max(count, held + held // _GROWTH, _FIRST), length), np.float32)
        if used:
            self._rows[:used] = old[:used]
        old.fill(0)

    def _drop(self, holder: str) -> bool:
        """The last row takes the place of each of theirs."""
        places = self._places.pop(holder, [])
        for place in sorted(places, reverse=True):
            last = len(self._owners) - 1
            moved = self._owners.pop()
            if place != last:
                self._rows[place] = self._rows[last]
                self._owners[place] = moved
                self._places[moved][self._places[moved].index(last)] = place
            self._rows[last] = 0
        return bool(places)
