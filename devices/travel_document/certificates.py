"""Certificates of authorities and signers, as ICAO 9303-12 profiles them, and leniently: states deviate."""

from dataclasses import dataclass
from datetime import date

from asn1crypto import algos, x509

from devices.travel_document.signatures import PublicKey, load_key, verified

_LONGEST_NAME = 200
_LONGEST_SERIAL = 40  # 20 octets, RFC 5280, 4.1.2.2


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Certificate:
    """What is asked of a certificate. ``usage``: its key usages; None where it does not state any. ``country``: the
    subject's, in capitals; empty where it states none, or several."""

    subject: bytes  # as encoded
    country: str
    issuer: bytes
    issuer_name: str
    serial: int
    subject_key_id: bytes | None
    authority_key_id: bytes | None
    first_day: date
    last_day: date
    usage: frozenset[str] | None
    key: PublicKey
    _signed: bytes
    _algorithm: algos.SignedDigestAlgorithm
    _signature: bytes

    @classmethod
    def parse(cls, parsed: x509.Certificate) -> "Certificate":
        """Raises ValueError, TypeError and what else asn1crypto raises: malformed, or with a key of no use here."""
        signed = parsed["tbs_certificate"]
        usage = parsed.key_usage_value
        return cls(
            subject=parsed.subject.dump(),
            country=_country(parsed.subject),
            issuer=parsed.issuer.dump(),
            issuer_name=_printable(parsed.issuer.human_friendly[:_LONGEST_NAME]),
            serial=parsed.serial_number,
            subject_key_id=parsed.key_identifier,
            authority_key_id=parsed.authority_key_identifier,
            first_day=parsed.not_valid_before.date(),
            last_day=parsed.not_valid_after.date(),
            usage=None if usage is None else frozenset(usage.native),
            key=load_key(parsed.public_key),
            _signed=signed.dump(),
            _algorithm=parsed["signature_algorithm"],
            _signature=parsed["signature_value"].native,
        )

    @classmethod
    def load(cls, der: bytes) -> "Certificate":
        """As ``parse``, from bytes."""
        return cls.parse(x509.Certificate.load(der, strict=True))

    @property
    def name(self) -> str:
        """The issuer and the serial number, which name one certificate."""
        return f"{self.issuer_name}, {f'{self.serial:x}'[:_LONGEST_SERIAL]}"

    def may(self, usage: str) -> bool:
        """Whether its key may be used so, as far as it is stated."""
        return self.usage is None or usage in self.usage

    def valid_on(self, day: date) -> bool:
        """Both ends included."""
        return self.first_day <= day <= self.last_day

    def names_as_issuer(self, authority: "Certificate") -> bool:
        """By key identifier or name: where to look first. It proves nothing."""
        by_key = self.authority_key_id is not None and self.authority_key_id == authority.subject_key_id
        return by_key or self.issuer == authority.subject

    def signed_by(self, authority: "Certificate") -> bool:
        """Whether ``authority``'s key made the signature."""
        return verified(authority.key, self._algorithm, self._signature, self._signed)

    def __repr__(self) -> str:
        return f"Certificate({self.name})"


def _country(name: x509.Name) -> str:
    stated = name.native.get("country_name")
    return stated.upper() if isinstance(stated, str) else ""


def _printable(text: str) -> str:
    """Whoever made the certificate chose the words, and they come to stand in logs and on the technician's page."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)
