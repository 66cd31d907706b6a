"""What a configuration file says of the scanner of squares."""

from pydantic import BaseModel, ConfigDict, Field


class CodeScannerSettings(BaseModel):
    """A scanner on a serial line. ``port``: a device path. ``baud``: means nothing on USB. ``again``: seconds for which
    a code must have been away before it counts as shown anew."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    port: str = Field(min_length=1)
    baud: int = Field(115200, ge=1200, le=921600)
    again: float = Field(3.0, ge=0.5, le=60)
