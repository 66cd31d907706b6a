"""The synthetic cards one can lay on the simulated reader: the demonstration's people, and cards of other kinds.

Byte for byte as a chip holds them: 256 bytes of text in UTF-16LE at fixed places, 1024 bytes of photo (here noise from
a seed: the real encoding has no open description).
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from random import Random

from devices.id_card.text import (
    ADDRESS,
    BIRTH,
    END,
    ISSUER,
    KIND_AT,
    NAME,
    NATION,
    NUMBER,
    SEX,
    START,
    TEXT_BYTES,
)
from forms.fonts import assets_folder

PHOTO_BYTES = 1024
_OTHER_KINDS = {"permit": "J", "foreigner-2017": "I", "foreigner-2023": "Y"}
DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class SimulatedCard:
    """What the chip answers to 'read base'."""

    text: bytes
    photo: bytes


def residents_file() -> Path:
    """Where the demonstration's people stand."""
    return assets_folder() / "demo" / "residents.toml"


def cards(people: Path | None = None) -> dict[str, SimulatedCard]:
    """Every card by its short name."""
    entries = tomllib.loads((people or residents_file()).read_text("utf-8"))
    made = {name: SimulatedCard(resident_text(entry), photo(name)) for name, entry in entries.items()}
    first = next(iter(made.values()))
    for name, letter in _OTHER_KINDS.items():
        text = bytearray(first.text)
        text[KIND_AT : KIND_AT + 2] = letter.encode("utf-16-le")
        made[name] = SimulatedCard(bytes(text), photo(name))
    made[DAMAGED] = SimulatedCard(b"\x00\xd8" * (TEXT_BYTES // 2), photo(DAMAGED))
    return made


def resident_text(entry: dict[str, str]) -> bytes:
    """The 256 bytes of a resident identity card."""
    text = bytearray(" ".encode("utf-16-le") * (TEXT_BYTES // 2))
    values = (
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
    for place, value in values:
        encoded = value.encode("utf-16-le")
        if len(encoded) > place.size:
            raise ValueError(f"too long for its place on the card: {place.at}")
        text[place.at : place.at + len(encoded)] = encoded
    return bytes(text)


def photo(name: str) -> bytes:
    """Bytes that look like nothing, the same each time."""
    return Random(name).randbytes(PHOTO_BYTES)
