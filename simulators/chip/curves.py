"""Points on the curves of PACE, by OpenSSL: it multiplies any point, and tells of the product its x alone.

The y comes from a second product: x(kP) and x((k+1)P) leave one choice, P being known (Okeya and Sakurai, 2001).
"""

import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec

_UNCOMPRESSED = b"\x04"


@dataclass(frozen=True, slots=True)
class Point:
    """Affine coordinates."""

    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Curve:
    """y² = x³ + ax + b modulo p. ``parameter_id``: which standardised domain parameters (ICAO 9303-11, 9.5.1)."""

    name: ec.EllipticCurve
    parameter_id: int
    p: int
    a: int
    b: int
    order: int

    def secret(self) -> int:
        """A private key."""
        return secrets.randbelow(self.order - 3) + 1

    def times_generator(self, secret: int) -> Point:
        """The generator, k times."""
        return _point(ec.derive_private_key(secret % self.order, self.name))

    def times(self, secret: int, point: Point) -> Point:
        """The point, k times."""
        first, second = self.x_of_product(secret, point), self.x_of_product(secret + 1, point)
        step = (point.x + first + second) * pow(first - point.x, 2, self.p)
        return Point(
            first, (self._square(first) + self._square(point.x) - step) * pow(2 * point.y, -1, self.p) % self.p
        )

    def x_of_product(self, secret: int, point: Point) -> int:
        """The x of kP: what a key agreement gives. Raises ValueError when P is not on the curve."""
        public = ec.EllipticCurvePublicNumbers(point.x, point.y, self.name).public_key()
        return int.from_bytes(ec.derive_private_key(secret, self.name).exchange(ec.ECDH(), public), "big")

    def add(self, one: Point, other: Point) -> Point:
        """P + Q, for two different points that are not each other's mirror."""
        slope = (other.y - one.y) * pow(other.x - one.x, -1, self.p)
        x = (slope * slope - one.x - other.x) % self.p
        return Point(x, (slope * (one.x - x) - one.y) % self.p)

    def octets(self, x: int) -> bytes:
        """A coordinate in its full length."""
        return x.to_bytes((self.p.bit_length() + 7) // 8, "big")

    def encode(self, point: Point) -> bytes:
        """A point uncompressed (BSI TR-03111, 3.2.1)."""
        return _UNCOMPRESSED + self.octets(point.x) + self.octets(point.y)

    def decode(self, data: bytes) -> Point:
        """Raises ValueError: not a point of this curve."""
        half = len(data) // 2
        point = Point(int.from_bytes(data[1 : 1 + half], "big"), int.from_bytes(data[1 + half :], "big"))
        if data[:1] != _UNCOMPRESSED or (point.y**2 - self._square(point.x)) % self.p:
            raise ValueError("not a point")
        return point

    def _square(self, x: int) -> int:
        """y² at x."""
        return (x**3 + self.a * x + self.b) % self.p


def _point(key: ec.EllipticCurvePrivateKey) -> Point:
    numbers = key.public_key().public_numbers()
    return Point(numbers.x, numbers.y)


_P256 = 2**256 - 2**224 + 2**192 + 2**96 - 1
P256 = Curve(
    ec.SECP256R1(),
    12,
    _P256,
    _P256 - 3,
    0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
    0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
)
BRAINPOOL_P256 = Curve(
    ec.BrainpoolP256R1(),
    13,
    0xA9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E5377,
    0x7D5A0975FC2C3057EEF67530417AFFE7FB8055C126DC5C6CE94A4B44F330B5D9,
    0x26DC5C6CE94A4B44F330B5D9BBD77CBF958416295CF7E1CE6BCCDC18FF8C07B6,
    0xA9FB57DBA1EEA9BC3E660A909D838D718C397AA3B561A6F7901E0E82974856A7,
)
