"""A door in a gate's configuration: ``[door]``, with ``kind = "osdp"`` or ``kind = "relay"``."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from devices.door.wiring import Inputs

_Number = Annotated[int, Field(ge=0, le=63)]
_Wired = Literal["contact", "exit", "fire"]


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DoorInputs(_Settings):
    """Numbers of the controller's inputs, or of the chip's lines; what is left out is not wired. ``inverted``: whose
    rest is the active level, as a contact's that is closed while the door is."""

    contact: _Number | None = None
    exit: _Number | None = None
    fire: _Number | None = None
    inverted: frozenset[_Wired] = frozenset()

    def wiring(self) -> Inputs:
        """The same for the driver."""
        return Inputs(self.contact, self.exit, self.fire, frozenset(self.inverted))


class OsdpDoorSettings(_Settings):
    """A controller on an RS-485 bus. ``key_file``: its SCBK (docs/devices/door.md). ``output``: the strike's relay."""

    kind: Literal["osdp"]
    port: str = Field(min_length=1)
    key_file: Path
    address: int = Field(0, ge=0, le=126)
    baud: Literal[9600, 19200, 38400, 57600, 115200, 230400] = 9600
    output: _Number = 0
    inputs: DoorInputs = DoorInputs()


class RelayDoorSettings(_Settings):
    """A relay on a line of this machine. ``chip``: as /dev/gpiochip0."""

    kind: Literal["relay"]
    chip: str = Field(pattern=r"^/dev/", description="a GPIO chip's device, as /dev/gpiochip0")
    line: _Number
    active_low: bool = False
    inputs: DoorInputs = DoorInputs()


DoorSettings = Annotated[OsdpDoorSettings | RelayDoorSettings, Field(discriminator="kind")]
