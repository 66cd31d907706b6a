"""Squares by name: what ``sim code_scanner show=slip`` holds before the scanner.

``squares.json`` beside the state files says which there are. A telephone's changes each half minute, so what its key
follows from stands there too, as a demonstration's may.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from civic.gate_codes import PhoneCode, phone_counter, phone_statement
from simulators.access_card.cards import key_of

FILE = "squares.json"
_COORDINATE = 32  # bytes of r and of s


@dataclass(frozen=True, slots=True)
class Telephone:
    """``key``: the name that its private key follows from; ``credential``, ``community``: as its link told it."""

    key: str
    credential: str
    community: str

    def square(self, at: datetime) -> str:
        """What it shows in this half minute."""
        counter = phone_counter(at)
        statement = phone_statement(self.community, self.credential, counter)
        pair = decode_dss_signature(key_of(self.key).sign(statement, ec.ECDSA(SHA256())))
        signature = b"".join(each.to_bytes(_COORDINATE, "big") for each in pair)
        return PhoneCode(self.credential, counter, signature).text


def write(folder: Path, fixed: dict[str, str], telephone: Telephone) -> None:
    """``fixed``: the texts of squares that stay as they are, by name; the telephone's name is ``phone``."""
    phone = {"key": telephone.key, "credential": telephone.credential, "community": telephone.community}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE).write_text(json.dumps({**fixed, "phone": phone}), "utf-8")


def names(folder: Path) -> tuple[str, ...]:
    """Those that there are."""
    return tuple(_written(folder))


def text(folder: Path, shown: str) -> str:
    """What the square says now; whatever is no name is a square's own text."""
    found = _written(folder).get(shown, shown)
    return found if isinstance(found, str) else Telephone(**found).square(datetime.now(UTC))


def _written(folder: Path) -> dict[str, str | dict[str, str]]:
    try:
        squares: dict[str, str | dict[str, str]] = json.loads((folder / FILE).read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return squares
