"""The synthetic cards one can lay on the simulated reader: the demonstration's people, and cards of other kinds.

Byte for byte as a chip holds them: 256 bytes of text in UTF-16LE at fixed places, 1024 bytes of photo (here noise from
a seed: the real encoding has no open description).
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from devices.id_card.text import (
    ADDRESS,
    BIRTH,
    END,
    ISSUER,
    KIND,
    NAME,
    NATION,
    NUMBER,
    SEX,
    START,
    TEXT_BYTES,
    Place,
)

RESIDENTS_FILE = Path(__file__).resolve().parents[1] / "assets" / "demo" / "residents.toml"
PHOTO_BYTES = 1024
_VALIDITY = ((START, "20240105"), (END, "20290105"))
_OTHER_KINDS: dict[str, tuple[tuple[Place, str], ...]] = {
    "permit": (  # residence permit of Hong Kong, Macao and Taiwan residents
        (NAME, "何示例"),
        (SEX, "2"),
        (BIRTH, "19900607"),
        (ADDRESS, "示例市平安区灯火路12号4幢1单元202室"),
        (NUMBER, "810000199006070029"),
        (ISSUER, "示例市公安局"),
        *_VALIDITY,
        (Place(220, 18), "H00000000"),  # number of the travel permit
        (Place(238, 4), "01"),  # times issued
        (KIND, "J"),
    ),
    "foreigner-2017": (  # permanent residence card of 2017
        (Place(0, 120), "EXAMPLE, ALEX"),
        (Place(120, 2), "1"),
        (Place(122, 30), "UTO990190010107"),
        (Place(152, 6), "UTO"),
        (Place(158, 30), "示安力"),
        *_VALIDITY,
        (Place(220, 16), "19900101"),
        (Place(236, 4), "01"),  # version
        (Place(240, 8), "9901"),  # issuing office
        (KIND, "I"),
    ),
    "foreigner-2023": (  # permanent residence card of 2023: 18 digits that pass for a resident's number
        (NAME, "示安力"),
        (SEX, "1"),
        (Place(32, 4), "00"),  # times renewed
        (BIRTH, "19900101"),
        (Place(52, 70), "EXAMPLE, ALEX"),
        (NUMBER, "999101199001010017"),
        *_VALIDITY,
        (Place(242, 6), "UTO"),
        (KIND, "Y"),
        (Place(250, 6), "011"),  # link to the old number
    ),
}


@dataclass(frozen=True, slots=True)
class SimulatedCard:
    """What the chip answers to 'read base'."""

    text: bytes
    photo: bytes


def cards(people: Path = RESIDENTS_FILE) -> dict[str, SimulatedCard]:
    """Every card by its short name: the residents of the file, one of each other kind, and a damaged one."""
    entries: dict[str, dict[str, str]] = tomllib.loads(people.read_text("utf-8"))
    texts = {name: resident_text(entry) for name, entry in entries.items()}
    texts |= {name: _laid_out(fields) for name, fields in _OTHER_KINDS.items()}
    texts["damaged"] = _damaged(next(iter(texts.values())))
    return {name: SimulatedCard(text, photo(name)) for name, text in texts.items()}


def resident_text(entry: dict[str, str]) -> bytes:
    """The 256 bytes of a resident identity card. Raises ValueError when a field is too long for the card."""
    return _laid_out(
        (
            (NAME, entry["name"]),
            (SEX, entry["sex"]),
            (NATION, entry["nation"]),
            (BIRTH, entry["birth_date"].replace("-", "")),
            (ADDRESS, entry["address"]),
            (NUMBER, entry["id_number"]),
            (ISSUER, entry["issuer"]),
            (START, entry["valid_from"].replace("-", "")),
            (END, entry["valid_until"].replace("-", "")),
        )
    )


def photo(name: str) -> bytes:
    """Bytes that look like nothing, the same each time."""
    return Random(name).randbytes(PHOTO_BYTES)


def _laid_out(fields: Iterable[tuple[Place, str]]) -> bytes:
    text = bytearray(" ".encode("utf-16-le") * (TEXT_BYTES // 2))
    for place, value in fields:
        encoded = value.encode("utf-16-le")
        if len(encoded) > place.size:
            raise ValueError(f"too long for its place on the card: {place.at}")
        text[place.at : place.at + len(encoded)] = encoded
    return bytes(text)


def _damaged(text: bytes) -> bytes:
    """A number of surrogates without a partner: no text at all."""
    return text[: NUMBER.at] + b"\x00\xd8" * (NUMBER.size // 2) + text[NUMBER.at + NUMBER.size :]
