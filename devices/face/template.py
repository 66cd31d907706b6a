"""What a gate keeps of a face: some vectors of one person, by one model. In RAM, or sealed; never printed."""

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from devices.errors import DeviceError
from devices.face.api import Vector

Rows = NDArray[np.float32]  # vectors of unit length, one a row

MOST_VECTORS = 3
"""Of one person. Each is one more comparison for every stranger (identification), so enrolment makes one."""
_FORM = 1
_MOST_NUMBERS = 4096  # of one vector; models in use have 128 to 512
_FLOAT = np.dtype("<f4")


class TemplateError(DeviceError):
    """These bytes or vectors are no template, or one of another model. ``detail`` says which: form, vectors, model,
    length. Making it anew at the gate helps; trying again does not."""

    code = "face-template"
    temporary = False


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """``model``: the pack whose vectors these are (FaceEngine.model): those of two models do not compare. ``rows``: one
    to MOST_VECTORS vectors, scaled here to unit length. Raises TemplateError."""

    model: str
    rows: Rows

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", _unit_rows(self.rows))
        if not 0 < len(self.model.encode()) <= 255:  # noqa: PLR2004 - its length is one byte
            raise TemplateError("model")

    def __repr__(self) -> str:
        return "Template(***)"

    def to_bytes(self) -> bytes:
        """Form (1 byte), the model's length (1) and name (UTF-8), numbers in a vector (2, little-endian), then the
        vectors as little-endian float32."""
        name = self.model.encode()
        head = bytes([_FORM, len(name)]) + name + int(self.rows.shape[1]).to_bytes(2, "little")
        return head + self.rows.astype(_FLOAT).tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Template":
        """Back from ``to_bytes``. Raises TemplateError."""
        if len(data) < 4 or data[0] != _FORM:  # noqa: PLR2004 - the shortest head
            raise TemplateError("form")
        begin = 2 + data[1]
        length = int.from_bytes(data[begin : begin + 2], "little")
        numbers = data[begin + 2 :]
        if not 0 < length <= _MOST_NUMBERS or len(numbers) % (length * _FLOAT.itemsize):
            raise TemplateError("length")
        try:
            model = data[2:begin].decode()
        except UnicodeDecodeError as error:
            raise TemplateError("model") from error
        return cls(model, np.frombuffer(numbers, _FLOAT).reshape(-1, length).astype(np.float32))


def mean(vectors: list[Vector]) -> Vector:
    """The mean of vectors of one face, of unit length again."""
    total = np.sum(vectors, axis=0, dtype=np.float32)
    return cast("Vector", total / np.linalg.norm(total))


def _unit_rows(rows: Rows) -> Rows:
    rows = np.array(rows, np.float32, order="C")  # a copy: nobody changes it afterwards
    if rows.ndim != 2 or not 0 < len(rows) <= MOST_VECTORS or not 0 < rows.shape[1] <= _MOST_NUMBERS:  # noqa: PLR2004
        raise TemplateError("vectors")
    with np.errstate(all="ignore"):
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    if not np.isfinite(rows).all():
        raise TemplateError("vectors")
    return rows
