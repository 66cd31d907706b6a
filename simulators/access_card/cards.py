"""The access cards one can lay on the simulated reader: made up, the same in every process and at every start.

Their private keys follow from their names, so a card that was added at one terminal opens at another. Only a
demonstration's cards are like that.
"""

import gzip
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from simulators.chip.tlv import tlv

KEYED = ("deng", "lan", "neighbour", "compressed", "nameless", "other-curve")
"""Cards with the application and a key: ``nameless`` has a random number, ``other-curve`` a key beside P-256."""
NUMBERED = ("number", "number-short", "number-random", "unknown")
"""Cards without: their number of seven bytes, of four, of four that change; and one that tells none."""
NAMES = ("none", *KEYED, "empty", *NUMBERED)
_MADE, _ENDS = datetime(2026, 1, 1, tzinfo=UTC), datetime(2041, 1, 1, tzinfo=UTC)
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256's group
_CHIP = bytes.fromhex("80318065b08302047e83009000")  # some card's historical bytes
_STORAGE = bytes.fromhex("804f0ca00000030603000300000000")  # a card without commands, MIFARE Ultralight
_RANDOM = 0x08


@dataclass(frozen=True, slots=True)
class SimulatedAccessCard:
    """``number``: what the reader tells as its UID, empty: nothing. ``key``: None, no application unless ``empty``;
    ``certificate``: the data object that holds it (SP 800-73-4, part 1, appendix A)."""

    number: bytes
    key: ec.EllipticCurvePrivateKey | None = None
    certificate: bytes = b""
    empty: bool = False
    storage: bool = False

    @property
    def has_application(self) -> bool:
        """Whether PIV can be selected."""
        return self.empty or self.key is not None

    def atr(self) -> bytes:
        """As a contactless reader makes it up (PC/SC part 3, 3.1.3.2.3)."""
        history = _STORAGE if self.storage else _CHIP
        body = bytes([0x80 | len(history), 0x80, 0x01]) + history
        check = 0
        for byte in body:
            check ^= byte
        return b"\x3b" + body + bytes([check])


@cache
def card(name: str) -> SimulatedAccessCard | None:
    """The card of this name; None: there is none, or it is ``none``."""
    seed = hashlib.sha256(b"lamplight access card " + name.encode()).digest()
    number, random = b"\x04" + seed[:6], bytes([_RANDOM]) + seed[:3]  # 04: NXP's own first byte
    if name in KEYED:
        key = key_of(name)
        made = certificate_object(key, packed=name == "compressed")
        return SimulatedAccessCard(random if name == "nameless" else number, key, made)
    others = {
        "empty": SimulatedAccessCard(number, empty=True),
        "number": SimulatedAccessCard(number, storage=True),
        "number-short": SimulatedAccessCard(b"\x5a" + seed[:3], storage=True),
        "number-random": SimulatedAccessCard(random),
        "unknown": SimulatedAccessCard(b""),
    }
    return others.get(name)


def key_of(name: str) -> ec.EllipticCurvePrivateKey:
    """The private key that follows from a name."""
    curve = ec.SECP384R1() if name == "other-curve" else ec.SECP256R1()
    secret = int.from_bytes(hashlib.sha512(b"lamplight access key " + name.encode()).digest(), "big")
    return ec.derive_private_key(secret % (_ORDER - 1) + 1, curve)


def certificate_object(key: ec.EllipticCurvePrivateKey, *, packed: bool = False, padding: int = 0) -> bytes:
    """53 [70 certificate, 71 how it is stored, FE]: a certificate that the key gave itself, with ``padding`` bytes of
    an extension that nobody knows."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "LAMPLIGHT SPECIMEN CARD")])
    builder = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(_MADE).not_valid_after(_ENDS)
    )  # fmt: skip
    if padding:
        unknown = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.25.1"), bytes(padding))
        builder = builder.add_extension(unknown, critical=False)
    encoded = builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)
    stored = gzip.compress(encoded, mtime=0) if packed else encoded
    return tlv(0x53, tlv(0x70, stored), tlv(0x71, b"\1" if packed else b"\0"), tlv(0xFE))
