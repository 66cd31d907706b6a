"""EF.SOD: the issuing state's signature over the hashes of the data groups (ICAO 9303-10, 4.6.2; RFC 3369)."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from asn1crypto import algos, cms, core

from devices.chip import tlv
from devices.travel_document.api import DocumentProblem
from devices.travel_document.certificates import Certificate
from devices.travel_document.problems import DocumentError
from devices.travel_document.signatures import HASHES, verified

_TAG = 0x77
_CONTENT = "2.23.136.1.1.1"  # id-icao-mrtd-security-ldsSecurityObject


class _GroupHash(core.Sequence):  # type: ignore[misc]  # asn1crypto is untyped
    _fields = [("number", core.Integer), ("value", core.OctetString)]  # noqa: RUF012 - asn1crypto's way


class _GroupHashes(core.SequenceOf):  # type: ignore[misc]
    _child_spec = _GroupHash


class _Content(core.Sequence):  # type: ignore[misc]
    """``LDSSecurityObject``; ``ldsVersionInfo`` is of no use here."""

    _fields = [  # noqa: RUF012
        ("version", core.Integer),
        ("hash_algorithm", algos.DigestAlgorithm),
        ("hashes", _GroupHashes),
        ("lds_version", core.Any, {"optional": True}),
    ]


@dataclass(frozen=True, slots=True, repr=False)
class SecurityObject:
    """What was signed, and by whom it says that was. ``hashes``: data group -> its hash, by ``hash_algorithm``.

    ``signed_on``: the signing time, where it is among what was signed. Nothing of it is believed before ``genuine``.
    """

    hash_algorithm: str
    hashes: dict[int, bytes]
    signer: Certificate
    signed_on: date | None
    genuine: bool  # the signer's key made the signature, over this content

    @classmethod
    def parse(cls, file: bytes) -> "SecurityObject":
        """Raises TlvError and what asn1crypto raises: malformed; DocumentError: its signer is missing."""
        info = cms.ContentInfo.load(tlv.read(file, _TAG))
        signed = info["content"]
        signer_info = signed["signer_infos"][0]
        signer = _signer(signed, signer_info)
        content = bytes(signed["encap_content_info"]["content"])
        attributes = _attributes(signer_info)
        hashed = _Content.load(content, strict=True)
        return cls(
            hash_algorithm=_known_hash(hashed["hash_algorithm"]),
            hashes={item["number"].native: item["value"].native for item in hashed["hashes"]},
            signer=signer,
            signed_on=_day(attributes.get("signing_time")),
            genuine=_names_content(signed, signer_info, attributes, content) and _is_signed(signer_info, signer),
        )

    def holds(self, number: int, file: bytes) -> bool:
        """Whether ``file`` is the data group that was signed."""
        return self.hashes.get(number) == hashlib.new(self.hash_algorithm, file).digest()

    def __repr__(self) -> str:
        return f"SecurityObject({self.signer.name})"


def _signer(signed: Any, signer_info: Any) -> Certificate:  # noqa: ANN401 - asn1crypto is untyped
    """The certificate that the signer's identifier names; by its number alone, as names are written in several ways."""
    named = signer_info["sid"]
    for choice in signed["certificates"]:
        if choice.name == "certificate" and _is_named(named, choice.chosen):
            return Certificate.parse(choice.chosen)
    raise DocumentError(DocumentProblem.SIGNER_UNKNOWN, "EF.SOD: no certificate")


def _is_named(named: Any, certificate: Any) -> bool:  # noqa: ANN401
    if named.name == "subject_key_identifier":
        return bool(certificate.key_identifier == named.native)
    return bool(certificate.serial_number == named.chosen["serial_number"].native)


def _attributes(signer_info: Any) -> dict[str, Any]:  # noqa: ANN401
    """The signed attributes, each with its one value."""
    return {item["type"].native: item["values"][0] for item in signer_info["signed_attrs"]}


def _names_content(signed: Any, signer_info: Any, attributes: dict[str, Any], content: bytes) -> bool:  # noqa: ANN401
    """The attributes say what kind of content was signed, and its digest (RFC 3369, 11.1 and 11.2)."""
    digest = hashlib.new(_known_hash(signer_info["digest_algorithm"]), content).digest()
    return bool(
        attributes["content_type"].dotted == signed["encap_content_info"]["content_type"].dotted == _CONTENT
        and attributes["message_digest"].native == digest
    )


def _is_signed(signer_info: Any, signer: Certificate) -> bool:  # noqa: ANN401
    """What is signed is the attributes, encoded as the set that they are (RFC 3369, 5.4)."""
    attributes = signer_info["signed_attrs"].dump()
    return verified(
        signer.key,
        signer_info["signature_algorithm"],
        signer_info["signature"].native,
        b"\x31" + attributes[1:],
        _known_hash(signer_info["digest_algorithm"]),
    )


def _known_hash(algorithm: algos.DigestAlgorithm) -> str:
    name = algorithm["algorithm"].native
    if name not in HASHES:
        raise ValueError("hash")
    return str(name)


def _day(attribute: Any) -> date | None:  # noqa: ANN401
    moment = None if attribute is None else attribute.native
    return moment.date() if isinstance(moment, datetime) else None
