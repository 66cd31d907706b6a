"""A chip's lines: one that a relay hangs on, and those that contacts hang on. The only module that knows libgpiod."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Protocol

import gpiod
from gpiod.line import Bias, Direction, Edge, Value

_CONSUMER = "lamplight door"
_BOUNCE = timedelta(milliseconds=20)


class Lines(Protocol):
    """Not thread-safe. Calls raise OSError when the chip or its lines are not there, or are somebody else's."""

    def take(self) -> None:
        """Ask the kernel for the lines; the relay's is at rest from the first instant."""

    def drive(self, *, active: bool) -> None:
        """Set the relay's line."""

    def changes(self) -> list[tuple[int, bool]]:
        """What inputs did since the last call: number, and whether it became active. Never waits."""

    def levels(self) -> Mapping[int, bool]:
        """Whether each input is active now."""

    def release(self) -> None:
        """Give the lines back, the relay's at rest. Never raises."""


class GpioLines:
    """Lines of a GPIO character device (Linux 5.10 and later, libgpiod 2). ``active_low``: the relay pulls at 0 V."""

    def __init__(self, chip: str, relay: int, inputs: tuple[int, ...], *, active_low: bool = False) -> None:
        self._chip = chip
        self._relay = relay
        self._inputs = inputs
        self._active_low = active_low
        self._request: gpiod.LineRequest | None = None

    def take(self) -> None:
        """All lines in one request: nobody else can have one of them."""
        output = gpiod.LineSettings(
            direction=Direction.OUTPUT, active_low=self._active_low, output_value=Value.INACTIVE
        )
        heard = gpiod.LineSettings(
            direction=Direction.INPUT, edge_detection=Edge.BOTH, bias=Bias.PULL_UP, debounce_period=_BOUNCE
        )
        config: dict[Iterable[int | str] | int | str, gpiod.LineSettings | None] = {self._relay: output}
        if self._inputs:
            config[self._inputs] = heard
        self._request = gpiod.request_lines(self._chip, consumer=_CONSUMER, config=config)

    def drive(self, *, active: bool) -> None:
        """Set the relay's line."""
        self._taken().set_value(self._relay, Value.ACTIVE if active else Value.INACTIVE)

    def changes(self) -> list[tuple[int, bool]]:
        """Edges that the kernel kept."""
        request = self._taken()
        if not self._inputs or not request.wait_edge_events(timedelta()):
            return []
        rising = gpiod.EdgeEvent.Type.RISING_EDGE
        return [(event.line_offset, event.event_type is rising) for event in request.read_edge_events()]

    def levels(self) -> Mapping[int, bool]:
        """Read them all."""
        values = self._taken().get_values(self._inputs) if self._inputs else []
        return {line: value is Value.ACTIVE for line, value in zip(self._inputs, values, strict=True)}

    def release(self) -> None:
        """At rest first: what a line does that nobody holds is the chip's business."""
        request, self._request = self._request, None
        if request is not None:
            with suppress(OSError):
                request.set_value(self._relay, Value.INACTIVE)
            with suppress(OSError):
                request.release()

    def _taken(self) -> gpiod.LineRequest:
        if self._request is None:
            raise OSError("lines were not taken")
        return self._request
