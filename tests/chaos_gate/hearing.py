"""What a gate can know, from outside: when its line to records stood, when it had power, what its wall clock said.

A gate that has been connected for a minute knows all that was noted a minute ago. One whose line is cut knows what it
knew then. What it was told in the last minute before that it may know, or not.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

WITHIN = timedelta(seconds=60)
"""In which a gate that is connected hears of everything."""
_MARKED = timedelta(minutes=2)  # by so much a gate that lost its power may be behind, at most
_SKEW = timedelta(minutes=10)  # ahead, a clock is believed
_ONE_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Window:
    """By what a gate may decide at a moment. It knows what was noted until ``surely``, and at most what was until
    ``perhaps``. What is over, it judges by an instant between ``lo`` and ``hi``; what has begun, up to ``begun``.
    ``sure``: it has records' time. ``shifted``: it may go by a clock that is a little wrong."""

    surely: datetime
    perhaps: datetime
    lo: datetime
    hi: datetime
    begun: datetime
    sure: bool
    shifted: bool = False


@dataclass(slots=True)
class Hearing:
    """One gate, since ``began``, when it held its first snapshot."""

    began: datetime
    surely: datetime = field(init=False)
    perhaps: datetime = field(init=False)
    offset: timedelta = timedelta()
    _since: datetime | None = field(init=False)  # the connection stands
    _sure: bool = True
    _least: datetime = field(init=False)  # that it can be for this gate, at its start
    _started: datetime = field(init=False)
    _drift: timedelta = timedelta()
    _was_connected: bool = True

    def __post_init__(self) -> None:
        self.surely = self.perhaps = self._since = self._least = self._started = self.began

    def connected(self, at: datetime) -> None:
        """The line stands, the power is on and records answer."""
        if self._since is None:
            self._since, self._sure, self._drift = at, True, timedelta()

    def cut_off(self, at: datetime) -> None:
        """One of these is not so any more."""
        if self._since is not None:
            self.surely = max(self.surely, self._heard_by(at))
            self.perhaps, self._since = at, None

    def went_off(self, at: datetime) -> None:
        """The gate's power, or its machine for a moment."""
        self.cut_off(at)
        known = at if self._sure else self._least + (at - self._started)
        self._least = known - _MARKED

    def went_on(self, at: datetime) -> None:
        """It starts, and has heard nothing yet."""
        self._started, self._sure = at, False
        self._drift += _SKEW

    def window(self, at: datetime) -> Window:
        """As of a moment, while it has power."""
        surely = max(self.surely, self._heard_by(at)) if self._since is not None else self.surely
        perhaps = at if self._since is not None else self.perhaps
        if self._sure:
            return Window(surely, perhaps, at, at, at, sure=True)
        least = min(at, self._least + (at - self._started))
        shifted = timedelta() < abs(self.offset) <= _ONE_HOUR
        begun = least if self.offset < timedelta() else at
        return Window(
            surely, perhaps, least, at + self._drift, max(begun, at + self.offset), sure=False, shifted=shifted
        )

    def _heard_by(self, at: datetime) -> datetime:
        """Up to when everything that was noted is known, if the connection stood until then."""
        assert self._since is not None
        return at - WITHIN if at - self._since >= WITHIN else self.surely
