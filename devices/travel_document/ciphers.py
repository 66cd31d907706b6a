"""The ciphers of access to a chip: key derivation, encryption and MAC (ICAO 9303-11, 9.7 and 9.8.6 to 9.8.7).

Triple DES and SHA-1 are what the standard prescribes for BAC and for the oldest PACE; a document that has better is
asked for better.
"""

import hashlib
from enum import Enum

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

from civic.errors import CodedError

FOR_ENCRYPTION = 1  # counters of the key derivation function
FOR_MAC = 2
FOR_PASSWORD = 3

_DES_KEY = 8
_LONGEST_SHA1_KEY = 16
_MAC_BYTES = 8


class PaddingError(CodedError):
    """The text does not end as padding does, or is no whole number of blocks."""

    code = "padding"


class CipherSuite(Enum):
    """A cipher and its MAC. The value: key and block size in bytes."""

    TRIPLE_DES = (16, 8)
    AES_128 = (16, 16)
    AES_192 = (24, 16)
    AES_256 = (32, 16)

    @property
    def key_size(self) -> int:
        """In bytes."""
        return self.value[0]

    @property
    def block_size(self) -> int:
        """In bytes; the send sequence counter is as long."""
        return self.value[1]

    def derive(self, secret: bytes, counter: int) -> bytes:
        """KDF(K, c), 9.7.1. DES keys get their parity bits, which the standard's examples show."""
        wide = self.key_size > _LONGEST_SHA1_KEY
        make = hashlib.sha256 if wide else hashlib.sha1
        key = make(secret + counter.to_bytes(4, "big")).digest()[: self.key_size]
        return bytes(map(_odd_parity, key)) if self is CipherSuite.TRIPLE_DES else key

    def encrypt(self, key: bytes, text: bytes, vector: bytes | None = None) -> bytes:
        """CBC over whole blocks; ``vector`` is zero where the standard names none."""
        return _encrypt(self._algorithm(key), vector or bytes(self.block_size), text)

    def decrypt(self, key: bytes, text: bytes, vector: bytes | None = None) -> bytes:
        """The same backwards. Raises PaddingError: no whole number of blocks."""
        if not text or len(text) % self.block_size:
            raise PaddingError
        decryptor = Cipher(self._algorithm(key), modes.CBC(vector or bytes(self.block_size))).decryptor()
        return decryptor.update(text) + decryptor.finalize()

    def vector(self, key: bytes, counter: bytes) -> bytes:
        """The initial vector of secure messaging: zero, or the encrypted counter (9.8.6.2, 9.8.7.2)."""
        return bytes(self.block_size) if self is CipherSuite.TRIPLE_DES else self.encrypt(key, counter)

    def mac(self, key: bytes, text: bytes) -> bytes:
        """8 bytes over the padded ``text``, as in secure messaging and BAC."""
        return self._mac(key, self.pad(text))

    def token(self, key: bytes, text: bytes) -> bytes:
        """8 bytes over ``text``, as in PACE: only the retail MAC pads (9.8.6.1; CMAC has its own way)."""
        return self.mac(key, text) if self is CipherSuite.TRIPLE_DES else self._mac(key, text)

    def pad(self, text: bytes) -> bytes:
        """ISO/IEC 9797-1, method 2."""
        return text + b"\x80" + bytes(-(len(text) + 1) % self.block_size)

    def _mac(self, key: bytes, text: bytes) -> bytes:
        if self is CipherSuite.TRIPLE_DES:
            return _retail_mac(key, text)
        mac = CMAC(AES(key))
        mac.update(text)
        return mac.finalize()[:_MAC_BYTES]

    def _algorithm(self, key: bytes) -> TripleDES | AES:
        return _two_keys(key) if self is CipherSuite.TRIPLE_DES else AES(key)


def unpad(text: bytes) -> bytes:
    """Without its padding. Raises PaddingError."""
    bare, mark, rest = text.rpartition(b"\x80")
    if not mark or rest.strip(b"\0"):
        raise PaddingError
    return bare


def _retail_mac(key: bytes, text: bytes) -> bytes:
    """ISO/IEC 9797-1, algorithm 3: single DES with the first key, and all of triple DES on the last block."""
    first = key[:_DES_KEY]
    chained = _encrypt(TripleDES(first * 3), bytes(_DES_KEY), text[:-_DES_KEY])[-_DES_KEY:]
    return _encrypt(_two_keys(key), chained or bytes(_DES_KEY), text[-_DES_KEY:])


def _two_keys(key: bytes) -> TripleDES:
    return TripleDES(key + key[:_DES_KEY])


def _encrypt(algorithm: TripleDES | AES, vector: bytes, text: bytes) -> bytes:
    encryptor = Cipher(algorithm, modes.CBC(vector)).encryptor()
    return encryptor.update(text) + encryptor.finalize()


def _odd_parity(octet: int) -> int:
    return octet & 0xFE | (octet >> 1).bit_count() & 1 ^ 1
