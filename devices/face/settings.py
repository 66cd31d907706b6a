"""What a configuration file says of the models of faces."""

from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class FaceSettings(BaseModel):
    """``pack``: an InsightFace model pack's folder. ``passive_model``: the operator's anti-spoofing model (ONNX), for
    InsightFace's liveness adapter; without it there is no passive check. ``threshold``: from which similarity two faces
    are one person, with ``false_match_rate`` and where it was measured, all three together: for another pack, or the
    operator's own figures (``face-calibrate`` prints the lines)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pack: Path
    passive_model: Path | None = None
    passive_threshold: float = Field(0.8, gt=0, lt=1)
    threshold: float | None = Field(None, gt=0, lt=1)
    false_match_rate: float | None = Field(None, gt=0, lt=1)
    threshold_source: str = ""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        """A number without its origin is no number."""
        stated = (self.threshold is not None, self.false_match_rate is not None, bool(self.threshold_source.strip()))
        if any(stated) and not all(stated):
            raise ValueError("threshold, false_match_rate and threshold_source are stated together")
        return self
