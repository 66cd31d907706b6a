"""The three things that chips do with a block cipher: make keys, encrypt, and vouch (ICAO 9303-11, 9.7 and 9.8)."""

import hashlib
from dataclasses import dataclass

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

MAC_BYTES = 8
ENCRYPTION, AUTHENTICATION, PASSWORD = 1, 2, 3  # counters of the key derivation function


@dataclass(frozen=True, slots=True)
class Suite:
    """A cipher by its name and the length of its key in bytes."""

    name: str
    key_bytes: int

    @property
    def block(self) -> int:
        """Bytes in a block."""
        return 8 if self is TDES else 16

    def derive(self, secret: bytes, counter: int) -> bytes:
        """A key from a shared secret (9.7.1): SHA-1 for keys of 16 bytes, else SHA-256."""
        name = "sha256" if self.key_bytes > 16 else "sha1"  # noqa: PLR2004
        return hashlib.new(name, secret + counter.to_bytes(4, "big")).digest()[: self.key_bytes]

    def encrypt(self, key: bytes, data: bytes, iv: bytes | None = None) -> bytes:
        """CBC without padding."""
        encryptor = self._cipher(key, iv).encryptor()
        return encryptor.update(data) + encryptor.finalize()

    def decrypt(self, key: bytes, data: bytes, iv: bytes | None = None) -> bytes:
        """The way back."""
        decryptor = self._cipher(key, iv).decryptor()
        return decryptor.update(data) + decryptor.finalize()

    def mac(self, key: bytes, data: bytes) -> bytes:
        """Eight bytes over data: the retail MAC of ISO/IEC 9797-1 (padded by method 2 here), or CMAC."""
        if self is TDES:
            return _retail_mac(key, pad(data, self.block))
        cmac = CMAC(AES(key))
        cmac.update(data)
        return cmac.finalize()[:MAC_BYTES]

    def _cipher(self, key: bytes, iv: bytes | None) -> "Cipher[modes.CBC]":
        algorithm = TripleDES(key + key[:8]) if self is TDES else AES(key)
        return Cipher(algorithm, modes.CBC(iv or bytes(self.block)))


TDES = Suite("3DES", 16)
AES128, AES192, AES256 = Suite("AES-128", 16), Suite("AES-192", 24), Suite("AES-256", 32)


def pad(data: bytes, block: int) -> bytes:
    """ISO/IEC 9797-1, method 2: one bit, then zeros."""
    return data + b"\x80" + bytes(-(len(data) + 1) % block)


def unpad(data: bytes) -> bytes:
    """Raises ValueError when there is no padding."""
    content = data.rstrip(b"\0")
    if not content.endswith(b"\x80"):
        raise ValueError("no padding")
    return content[:-1]


def _retail_mac(key: bytes, data: bytes) -> bytes:
    """ISO/IEC 9797-1, algorithm 3: DES all the way, and triple DES for the last block."""
    single = Cipher(TripleDES(key[:8] * 3), modes.CBC(bytes(8))).encryptor()
    before = (bytes(8) + single.update(data[:-8]))[-8:]
    return TDES.encrypt(key, data[-8:], before)
