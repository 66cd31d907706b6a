"""Points on the standardised curves, which PACE must add as well as multiply (ICAO 9303-11, table 7).

The arithmetic is a library's; that it takes a time that depends on its numbers tells nobody anything here, since each
number is drawn for one session (docs/decisions/travel-documents.md).
"""

from dataclasses import dataclass
from typing import Any, Final

from ecdsa import curves as known
from ecdsa.ellipticcurve import INFINITY, PointJacobi
from ecdsa.errors import MalformedPointError

from civic.errors import CodedError

Point = Any
"""The library's own, which has no types."""


class PointError(CodedError):
    """The bytes are no point of the curve that may be used."""

    code = "point"


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve of prime order."""

    _library: Any

    @property
    def order(self) -> int:
        """How many points there are."""
        return int(self._library.order)

    @property
    def generator(self) -> Point:
        """The standardised one."""
        return self._library.generator

    def point(self, encoded: bytes) -> Point:
        """A point from its uncompressed form. Raises PointError: not on the curve, or at infinity."""
        field = self._library.curve
        try:
            point = PointJacobi.from_bytes(field, encoded, valid_encodings=("uncompressed",), order=self.order)
        except (MalformedPointError, ValueError):
            raise PointError from None
        if not field.contains_point(point.x(), point.y()):  # the library takes any two numbers, and a weak curve's too
            raise PointError
        return point

    def mapped(self, nonce: int, shared: Point) -> Point:
        """The generic mapping: nonce times generator, plus the shared point (4.4.3.3.1). Raises PointError."""
        generator = self.generator * nonce + shared
        if generator == INFINITY:
            raise PointError
        return generator


def encode(point: Point) -> bytes:
    """04 || x || y."""
    return bytes(point.to_bytes("uncompressed"))


def x_coordinate(point: Point) -> bytes:
    """What a key agreement yields, as long as the field is."""
    encoded = encode(point)
    return encoded[1 : 1 + len(encoded) // 2]


STANDARDISED: Final = {
    8: Curve(known.NIST192p),
    9: Curve(known.BRAINPOOLP192r1),
    10: Curve(known.NIST224p),
    11: Curve(known.BRAINPOOLP224r1),
    12: Curve(known.NIST256p),
    13: Curve(known.BRAINPOOLP256r1),
    14: Curve(known.BRAINPOOLP320r1),
    15: Curve(known.NIST384p),
    16: Curve(known.BRAINPOOLP384r1),
    17: Curve(known.BRAINPOOLP512r1),
    18: Curve(known.NIST521p),
}
"""By the identifiers of the standardised domain parameters."""
