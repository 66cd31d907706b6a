"""The codes that a gate's scanner reads, as text, and what a gate compares of them.

====================================================  ==================================================
``LG1.`` and 26 characters                            a slip's or a guest's: 128 random bits
``LG1D.`` and 8 digits, or the 8 digits alone         a guest's, which can be typed or told
``LP1.``, credential, counter, signature, by dots     a phone's: it changes each half minute
====================================================  ==================================================

Random bits are written in Crockford's base32, the number as a whole, its first character 0 to 7: nothing in it can be
taken for something else, and it stays in a square's small alphanumeric set. A phone's credential is 32 hexadecimal
digits, its counter the Unix time in half minutes, its signature r and s of ECDSA P-256, 32 bytes each, in base64url
without padding (RFC 4648, 5; RFC 7518, 3.4).

Whatever opens a gate is masked when printed.
"""

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from civic.errors import InvalidValueError

HALF_MINUTE = 30  # seconds
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # https://www.crockford.com/base32.html
_MISREAD = str.maketrans("ILO", "110")
_BITS, _SLIP_CHARACTERS = 128, 26
_GUEST_DIGITS = 8
_SIGNATURE = 64
_LONGEST_COUNTER = 12
_SLIP = re.compile(rf"LG1\.([0-7][{_ALPHABET}]{{{_SLIP_CHARACTERS - 1}}})", re.ASCII)
_GUEST = re.compile(rf"(?:LG1D\.)?([0-9]{{{_GUEST_DIGITS}}})", re.ASCII)
_PHONE = re.compile(rf"LP1\.([0-9a-f]{{32}})\.(0|[1-9][0-9]{{0,{_LONGEST_COUNTER - 1}}})\.([A-Za-z0-9_\-]{{86}})")


class _Masked:
    """Opens a gate, so it does not print itself."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    __str__ = __repr__


@dataclass(frozen=True, slots=True, repr=False)
class SlipCode(_Masked):
    """``text``: as in its square, ``LG1.`` and 26 characters."""

    text: str


@dataclass(frozen=True, slots=True, repr=False)
class GuestDigits(_Masked):
    """``digits``: eight."""

    digits: str

    @property
    def text(self) -> str:
        """As in its square."""
        return f"LG1D.{self.digits}"


@dataclass(frozen=True, slots=True, repr=False)
class PhoneCode(_Masked):
    """``credential``: whose key is to be compared; ``counter``: the half minute it says; ``signature``: 64 bytes over
    ``phone_statement``, not checked yet."""

    credential: str
    counter: int
    signature: bytes

    @property
    def text(self) -> str:
        """As in its square."""
        signature = base64.urlsafe_b64encode(self.signature).decode("ascii").rstrip("=")
        return f"LP1.{self.credential}.{self.counter}.{signature}"


GateCode = SlipCode | GuestDigits | PhoneCode


def parse(text: str) -> GateCode:
    """What a square says, or what somebody typed of it: blanks, hyphens and small letters don't matter there. Raises
    InvalidValueError: none of these codes."""
    phone = _PHONE.fullmatch(text.strip())
    if phone:
        return _phone(*phone.groups())
    typed = re.sub(r"[\s\-]", "", text).upper()
    if guest := _GUEST.fullmatch(typed):
        return GuestDigits(guest[1])
    slip = _SLIP.fullmatch(typed[:4] + typed[4:].translate(_MISREAD))
    if slip is None:
        raise InvalidValueError("no code of a gate")
    return SlipCode(f"LG1.{slip[1]}")


def slip_code(random: bytes) -> SlipCode:
    """The code of these 16 random bytes. Raises InvalidValueError: another number of bytes."""
    if len(random) * 8 != _BITS:
        raise InvalidValueError("a slip's code is made of 16 bytes")
    number = int.from_bytes(random, "big")
    places = range(5 * (_SLIP_CHARACTERS - 1), -1, -5)
    return SlipCode("LG1." + "".join(_ALPHABET[number >> place & 31] for place in places))


def guest_digits(number: int) -> GuestDigits:
    """The code of a random number below 10**8. Raises InvalidValueError: it is not."""
    if not 0 <= number < 10**_GUEST_DIGITS:
        raise InvalidValueError("a guest's digits are eight")
    return GuestDigits(f"{number:0{_GUEST_DIGITS}}")


def code_ref(code: SlipCode | GuestDigits | str) -> str:
    """What gates are told of a slip's or a guest's code (``contract.gates.Credential``), the same however the code was
    written. Raises InvalidValueError: a text that is neither."""
    known = parse(code) if isinstance(code, str) else code
    if isinstance(known, PhoneCode):
        raise InvalidValueError("a phone's code has no hash")
    return _hashed(b"lamplight-code-1", known.text.encode("ascii"))


def card_ref(public_key: bytes) -> str:
    """What gates are told of a card that proves a key. ``public_key``: SubjectPublicKeyInfo, DER."""
    return base64.b64encode(public_key).decode("ascii")


def number_ref(community_id: str, number: bytes) -> str:
    """What gates are told of a card that has only a number: it fits this community alone."""
    return _hashed(b"lamplight-card-1", community_id.encode("utf-8"), number)


def phone_counter(at: datetime) -> int:
    """The half minute of this instant, which a phone's code says. ``at``: aware of its zone."""
    return int(at.timestamp()) // HALF_MINUTE


def phone_statement(community_id: str, credential: str, counter: int) -> bytes:
    """What a phone signs: it fits one community, one credential and one half minute."""
    return "\x1f".join(("lamplight-phone-1", community_id, credential, str(counter))).encode("utf-8")


def _phone(credential: str, counter: str, signature: str) -> PhoneCode:
    code = PhoneCode(credential, int(counter), base64.urlsafe_b64decode(signature + "=="))
    if len(code.signature) != _SIGNATURE or not code.text.endswith(signature):
        raise InvalidValueError("a phone's signature is written in one way")
    return code


def _hashed(*parts: bytes) -> str:
    """Base64 of SHA-256 over the parts, a unit separator (1F) between them."""
    return base64.b64encode(hashlib.sha256(b"\x1f".join(parts)).digest()).decode("ascii")
