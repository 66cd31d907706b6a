"""The synthetic cards one can lay on the simulated reader: the demonstration's people, and cards of other kinds.

Byte for byte as a chip holds them: 256 bytes of text in UTF-16LE at fixed places, 1024 bytes of photo (here noise from
a seed: the real encoding has no open description), and 70 bytes of each address that was added later.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from devices.id_card.text import (
    ADDRESS,
    ADDRESS_BYTES,
    BIRTH,
    BIRTH_2017,
    END,
    ISSUER,
    KIND,
    LATIN_2017,
    LATIN_HEAD,
    LATIN_TAIL,
    NAME,
    NAME_2017,
    NATION,
    NATIONALITY,
    NATIONALITY_2017,
    NUMBER,
    NUMBER_2017,
    SEX,
    SEX_2017,
    START,
    TEXT_BYTES,
    TRAVEL_PERMIT,
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
        (TRAVEL_PERMIT, "H00000000"),
        (Place(238, 4), "01"),  # times issued
        (KIND, "J"),
    ),
    "foreigner-2017": (  # permanent residence card of 2017
        (LATIN_2017, "EXAMPLE, ALEX"),
        (SEX_2017, "1"),
        (NUMBER_2017, "UTO990190010107"),
        (NATIONALITY_2017, "UTO"),
        (NAME_2017, "示安力"),
        *_VALIDITY,
        (BIRTH_2017, "19900101"),
        (Place(236, 4), "01"),  # version
        (Place(240, 8), "9901"),  # issuing office
        (KIND, "I"),
    ),
    "foreigner-2023": (  # permanent residence card of 2023: 18 digits that pass for a resident's number
        (NAME, "示安力"),
        (SEX, "1"),
        (Place(32, 4), "00"),  # times renewed
        (BIRTH, "19900101"),
        (LATIN_HEAD, "EXAMPLE, ALEX"),
        (NUMBER, "999101199001010017"),
        *_VALIDITY,
        (NATIONALITY, "UTO"),
        (KIND, "Y"),
        (Place(250, 6), "011"),  # link to the old number
    ),
    "foreigner-long-name": (  # no Chinese name, and a Latin one that goes on elsewhere after its 35th character
        (SEX, "2"),
        (Place(32, 4), "01"),
        (BIRTH, "19840229"),
        (LATIN_HEAD, "EXAMPLE-SAMPLETON, ALEXANDRA MARIAN"),
        (LATIN_TAIL, "A BEATRICE"),
        (NUMBER, "999101198402290027"),
        *_VALIDITY,
        (NATIONALITY, "UTO"),
        (KIND, "Y"),
    ),
    "unknown-kind": (  # a kind that is yet to come, with everything else as on a resident's card
        (NAME, "示未来"),
        (SEX, "1"),
        (NATION, "01"),
        (BIRTH, "19900101"),
        (ADDRESS, "示例市平安区"),
        (NUMBER, "990101199001010019"),
        (ISSUER, "示例市公安局"),
        *_VALIDITY,
        (KIND, "Z"),
    ),
}


@dataclass(frozen=True, slots=True)
class SimulatedCard:
    """What the chip answers to 'read base', and to 'read new address'."""

    text: bytes
    photo: bytes
    newer_addresses: bytes = b""


def cards(people: Path = RESIDENTS_FILE) -> dict[str, SimulatedCard]:
    """Every card by its short name: the residents of the file, one of each other kind, and a damaged one."""
    entries: dict[str, dict[str, Any]] = tomllib.loads(people.read_text("utf-8"))
    laid = {name: SimulatedCard(resident_text(entry), photo(name), _newer(entry)) for name, entry in entries.items()}
    others = {name: _laid_out(fields) for name, fields in _OTHER_KINDS.items()}
    others["damaged"] = _damaged(next(iter(laid.values())).text)
    return laid | {name: SimulatedCard(text, photo(name)) for name, text in others.items()}


def resident_text(entry: dict[str, Any]) -> bytes:
    """The 256 bytes of a resident identity card; ``card_address``: what stands on it, where the person has moved since.
    Raises ValueError when a field is too long for the card."""
    return _laid_out(
        (
            (NAME, entry["name"]),
            (SEX, entry["sex"]),
            (NATION, entry["nation"]),
            (BIRTH, entry["birth_date"].replace("-", "")),
            (ADDRESS, entry.get("card_address", entry["address"])),
            (NUMBER, entry["id_number"]),
            (ISSUER, entry["issuer"]),
            (START, entry["valid_from"].replace("-", "")),
            (END, entry["valid_until"].replace("-", "")),
        )
    )


def _newer(entry: dict[str, Any]) -> bytes:
    """What was added to the chip since the card was made, oldest first."""
    place = Place(0, ADDRESS_BYTES)
    return b"".join(_laid_out([(place, each)], ADDRESS_BYTES) for each in entry.get("newer_addresses", ()))


def photo(name: str) -> bytes:
    """Bytes that look like nothing, the same each time."""
    return Random(name).randbytes(PHOTO_BYTES)


def _laid_out(fields: Iterable[tuple[Place, str]], size: int = TEXT_BYTES) -> bytes:
    text = bytearray(" ".encode("utf-16-le") * (size // 2))
    for place, value in fields:
        encoded = value.encode("utf-16-le")
        if len(encoded) > place.size:
            raise ValueError(f"too long for its place on the card: {place.at}")
        text[place.at : place.at + len(encoded)] = encoded
    return bytes(text)


def _damaged(text: bytes) -> bytes:
    """A number of surrogates without a partner: no text at all."""
    return text[: NUMBER.at] + b"\x00\xd8" * (NUMBER.size // 2) + text[NUMBER.at + NUMBER.size :]
