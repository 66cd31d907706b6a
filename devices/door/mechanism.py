"""What a door's driver turns: a controller on a bus, or a relay. No thread of its own, and nothing here waits."""

from typing import Protocol

from devices.door.api import DoorReason, Opening
from devices.door.sensing import Levels


class Mechanism(Protocol):
    """Not thread-safe: one thread calls it, every few hundredths of a second. ``now``: monotonic seconds."""

    @property
    def reason(self) -> DoorReason:
        """OK when it can be told to open; else why not."""

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """For the technician: maker's numbers, address."""

    def turn(self, now: float) -> list[Levels]:
        """Do what is due; the levels that were heard of meanwhile, the oldest first."""

    def release(self, for_s: float, now: float) -> bool:
        """Tell it to release the strike; whether it was told. What becomes of it, ``answer`` says."""

    def answer(self) -> Opening | None:
        """What became of the last ``release``; None while it is not known."""

    def abandon(self) -> None:
        """Nobody waits for the answer any more: see to it that nothing comes of it later."""

    def close(self) -> None:
        """Let go of the device."""
