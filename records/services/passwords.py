"""Officers' passwords: how one is kept, and which ones are refused.

Kept as ``scrypt$N$r$p$salt$key`` (RFC 7914; salt and key in Base64), so that a stronger setting later needs no change
of what is kept. NIST SP 800-63B 5.1.1.2: length counts, composition rules do not, what everybody would try is refused.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Final

SHORTEST: Final = 12
LONGEST: Final = 128
_SALT_BYTES = 16
_KEY_BYTES = 32
_WORKING_BYTES = 2**20
_FEWEST_DIFFERENT = 6
_RUN = "01234567890abcdefghijklmnopqrstuvwxyz0qwertyuiopasdfghjklzxcvbnm"
_OBVIOUS = (
    "password", "passw0rd", "passwort", "p@ssw0rd", "letmein", "welcome", "iloveyou", "woaini", "5201314", "1314520",
    "admin", "administrator", "root", "police", "officer", "jingcha", "gongan", "minjing", "pingan", "pingandeng",
    "lamplight", "kiosk", "qazwsx", "1qaz2wsx", "a1b2c3d4", "abc123", "a123456", "888888", "666666", "monkey", "dragon",
    "secret", "changeme", "default", "公安", "警察", "平安", "密码",
)  # fmt: skip
_INITIAL_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no 0, 1, i, l or o: it is read off a screen
_INITIAL_GROUPS = 4
_INITIAL_GROUP_LENGTH = 4


@dataclass(frozen=True, slots=True)
class Cost:
    """What one guess costs: 128 * n * r bytes of memory."""

    n: int = 2**15
    r: int = 8
    p: int = 1


STANDARD: Final = Cost()


def new_initial() -> str:
    """A password for the first sign-in, as ``abcd-efgh-jkmn-pqrs``: 78 bits."""
    groups = range(_INITIAL_GROUPS)
    return "-".join("".join(secrets.choice(_INITIAL_ALPHABET) for _ in range(_INITIAL_GROUP_LENGTH)) for _ in groups)


def kept(password: str, cost: Cost = STANDARD) -> str:
    """What is kept of a password."""
    salt = secrets.token_bytes(_SALT_BYTES)
    return "$".join(("scrypt", str(cost.n), str(cost.r), str(cost.p), _text(salt), _text(_key(password, salt, cost))))


def matches(password: str, what_is_kept: str) -> bool:
    """Whether it is the password of which that is kept."""
    _, n, r, p, salt, key = what_is_kept.split("$")
    derived = _key(password, base64.b64decode(salt), Cost(int(n), int(r), int(p)))
    return hmac.compare_digest(derived, base64.b64decode(key))


def refusal(password: str, *names: str) -> str:
    """Why a new password won't do: ``short``, ``long``, ``obvious``; empty if it will. ``names``: the account's own."""
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    return "obvious" if len(_surprising(password.lower(), names)) < _FEWEST_DIFFERENT else ""


def _surprising(password: str, names: tuple[str, ...]) -> set[str]:
    """The characters left without the words that everybody would try, and without those that follow on the keyboard."""
    words = (*_OBVIOUS, *(name.lower() for name in names if name))
    for word in sorted(words, key=len, reverse=True):
        password = password.replace(word, " ")
    pairs = zip(" " + password, password, strict=False)
    return {after for before, after in pairs if before != after and not _neighbours(before, after)} - {" "}


def _neighbours(before: str, after: str) -> bool:
    return before + after in _RUN or after + before in _RUN


def _key(password: str, salt: bytes, cost: Cost) -> bytes:
    memory = 256 * cost.n * cost.r + _WORKING_BYTES  # OpenSSL wants to be told that as much is meant
    return hashlib.scrypt(
        password.encode("utf-8"), salt=salt, n=cost.n, r=cost.r, p=cost.p, maxmem=memory, dklen=_KEY_BYTES
    )


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
