"""Which input of a controller, or which line of a chip, is wired to what."""

from collections.abc import Mapping
from dataclasses import dataclass

from devices.door.sensing import Levels


@dataclass(frozen=True, slots=True)
class Inputs:
    """Numbers of inputs; None: not wired here. ``inverted``: those whose rest is the active level, by name.

    The exit button and the fire alarm act on the strike by the controller's own wiring. What is wired here besides
    lets a gate hear of them, no more.
    """

    contact: int | None = None
    exit: int | None = None
    fire: int | None = None
    inverted: frozenset[str] = frozenset()

    @property
    def numbers(self) -> tuple[int, ...]:
        """Every input that is wired."""
        return tuple(number for number in (self.contact, self.exit, self.fire) if number is not None)

    def levels(self, active: Mapping[int, bool]) -> Levels:
        """What the inputs mean that are active now. One that the controller does not have says nothing."""
        return Levels(
            door_open=self._says("contact", self.contact, active),
            exit_pressed=bool(self._says("exit", self.exit, active)),
            fire=bool(self._says("fire", self.fire, active)),
        )

    def _says(self, name: str, number: int | None, active: Mapping[int, bool]) -> bool | None:
        if number is None or number not in active:
            return None
        return active[number] != (name in self.inverted)
