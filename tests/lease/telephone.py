"""A tenant's telephone: a P-256 key that it makes itself, a link that it opens once, and its squares."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import requests
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from civic.gate_codes import PhoneCode, card_ref, phone_counter, phone_statement

_COORDINATE = 32  # bytes of r and of s
_PATIENCE_S = 10


def _new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@dataclass(slots=True)
class Telephone:
    """Does what the page does, whose own code a real browser tries (tests/browser)."""

    _key: ec.EllipticCurvePrivateKey = field(default_factory=_new_key, repr=False)
    _credential: str = ""
    _community: str = ""

    def opens(self, link: str, root: Path) -> None:
        """The kiosk's square was read: the key's public half goes to records, once. Raises requests' errors."""
        site, token = link.split("/pass/#")
        spki = self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        brought = {"token": token, "public_key": card_ref(spki)}
        answer = requests.post(f"{site}/pass/keys", json=brought, verify=str(root), timeout=_PATIENCE_S)
        answer.raise_for_status()
        told = answer.json()
        self._credential, self._community = told["credential"], told["community_id"]

    def square(self, later: float = 0) -> str:
        """What it shows in this half minute, or so many days later."""
        counter = phone_counter(datetime.now(UTC) + timedelta(days=later))
        signed = self._key.sign(phone_statement(self._community, self._credential, counter), ec.ECDSA(SHA256()))
        signature = b"".join(each.to_bytes(_COORDINATE, "big") for each in decode_dss_signature(signed))
        return PhoneCode(self._credential, counter, signature).text
