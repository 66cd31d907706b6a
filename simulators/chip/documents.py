"""The synthetic travel documents one can lay on the simulated reader: the demonstration's people, each tied to a
resident of assets/demo/residents.toml or to nobody, and each chip made another way."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from civic.assets import third_party
from civic.document import DocumentKind
from civic.masking import PersonalText
from civic.mrz import MrzKey, check_digit
from simulators.cards import RESIDENTS_FILE
from simulators.chip.ciphers import AES128, AES256, TDES
from simulators.chip.curves import BRAINPOOL_P256, P256
from simulators.chip.issuer import SignatureKind
from simulators.chip.pace import PaceOffer

_ISSUED, _EXPIRES = date(2024, 3, 1), date(2034, 2, 28)
_BOOK, _CARD = 44, 30


@dataclass(frozen=True, slots=True)
class SimulatedDocument:
    """One document. ``names``: "SURNAME<<GIVEN<NAMES". ``portrait``: a picture among the third-party portraits.

    ``image_bytes``: the size of the portrait in DG2. ``bac``, ``pace``: the ways in. ``longest``: see Personalisation.
    """

    kind: DocumentKind
    state: str
    country: str
    number: str
    names: str
    birth: date
    sex: str
    portrait: str
    chinese_name: str = ""
    personal_number: str = ""
    code: str = "P<"
    issuer: str = "NIA SPECIMEN"
    issued: date = _ISSUED
    expires: date = _EXPIRES
    image_bytes: int = 18 * 1024
    jpeg_2000: bool = False
    signature: SignatureKind = SignatureKind.ECDSA
    bac: bool = True
    pace: PaceOffer | None = None
    longest: int = 0x8000

    @property
    def key(self) -> MrzKey:
        """What opens the chip."""
        permit = self.kind is DocumentKind.TRAVEL_PERMIT
        return MrzKey(PersonalText(self.number), self.birth, self.expires, permit)

    @property
    def printed(self) -> tuple[str, ...]:
        """The machine-readable zone on the page, line by line."""
        return self.zone if self.kind is DocumentKind.PASSPORT else self.zone[:1]

    @property
    def zone(self) -> tuple[str, ...]:
        """The zone in the chip."""
        return _passport_zone(self) if self.kind is DocumentKind.PASSPORT else _permit_zone(self)

    @property
    def picture(self) -> Path:
        """The portrait's file."""
        return third_party("portraits") / self.portrait


def documents(people: Path = RESIDENTS_FILE) -> dict[str, SimulatedDocument]:
    """Every document by its short name."""
    deng, lan = (_resident(people, name) for name in ("deng", "lan"))
    return {
        "deng": SimulatedDocument(
            DocumentKind.PASSPORT,
            "CHN",
            "CN",
            "EA0000014",
            "ZHANG<<MINGDENG",
            **deng,
            pace=PaceOffer(AES128, P256),
        ),
        "deng-permit": SimulatedDocument(
            DocumentKind.TRAVEL_PERMIT, "CHN", "CN", "C00000027", "ZHANG<<MINGDENG", **deng, code="CS", longest=0
        ),
        "lan": SimulatedDocument(
            DocumentKind.PASSPORT, "CHN", "CN", "EA0000032", "LI<<RUOLAN", **lan, pace=PaceOffer(TDES, P256)
        ),
        "alex": SimulatedDocument(
            DocumentKind.PASSPORT,
            "UTO",
            "UT",
            "L00000049",
            "EXAMPLE<<ALEX",
            birth=date(1990, 1, 1),
            sex="M",
            portrait="impostor_2.jpg",
            jpeg_2000=True,
            signature=SignatureKind.RSA_PSS,
            pace=PaceOffer(AES256, BRAINPOOL_P256),
        ),
    }


def _resident(people: Path, name: str) -> dict[str, Any]:
    """What a resident's documents say of them."""
    entry: dict[str, str] = tomllib.loads(people.read_text("utf-8"))[name]
    return {
        "birth": date.fromisoformat(entry["birth_date"]),
        "sex": "M" if entry["sex"] == "1" else "F",
        "portrait": entry["portrait"],
        "chinese_name": entry["name"],
        "personal_number": entry["id_number"],
    }


def _passport_zone(document: SimulatedDocument) -> tuple[str, ...]:
    """ICAO 9303-4, 4.2.2."""
    first = f"{document.code}{document.state}{document.names}".ljust(_BOOK, "<")
    number, birth, expiry = (_checked(text) for text in _items(document))
    second = f"{number}{document.state}{birth}{document.sex}{expiry}" + _checked("<" * 14)
    return first, second + check_digit(second[:10] + second[13:20] + second[21:43])


def _permit_zone(document: SimulatedDocument) -> tuple[str, ...]:
    """No standard is public: places as in civic.mrz_zone. The Chinese name's code is left empty: too short for all."""
    number, birth, expiry = (_checked(text) for text in _items(document))
    printed = f"{document.code}{number}<{expiry}<{birth}<" + check_digit(number + expiry + birth)
    return printed, "<" * 12 + document.names.ljust(18, "<"), document.sex.ljust(_CARD, "<")


def _items(document: SimulatedDocument) -> tuple[str, str, str]:
    return document.number.ljust(9, "<"), f"{document.birth:%y%m%d}", f"{document.expires:%y%m%d}"


def _checked(text: str) -> str:
    return text + check_digit(text)
