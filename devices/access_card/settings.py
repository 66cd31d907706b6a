"""What a configuration file says of the access card reader."""

from pydantic import BaseModel, ConfigDict, Field


class AccessCardSettings(BaseModel):
    """A PC/SC reader. ``reader``: a part of its name; it may be the one that reads travel documents."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reader: str = Field(min_length=1)
