"""Time stamps over a signature (RFC 3161): asking for one, giving one, and taking one only for what was asked.

A time stamp is another's word that the signature existed by then: after the signer's certificate has ended, or was
revoked, it still tells the papers made before from those made after.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from hashlib import sha256
from types import MappingProxyType
from typing import Any

from asn1crypto import cms as asn1_cms
from asn1crypto import core, tsp
from cryptography import x509

from forms import cms, der
from forms.errors import TimeStampError

MEDIA_QUERY, MEDIA_REPLY = "application/timestamp-query", "application/timestamp-reply"
POLICY = "2.25.94866275778984997479197654301299609721"  # under the arc of UUIDs, which needs no registration
_TST_INFO = "1.2.840.113549.1.9.16.1.4"
_VERSION = der.integer(1)
_ACCURACY = der.sequence(der.integer(1))  # a second
_GRANTED, _REJECTED = 0, 2  # PKIStatus
_DIGEST_BYTES: Mapping[str, int] = MappingProxyType({"sha256": 32, "sha384": 48, "sha512": 64})
_MALFORMED = (ValueError, TypeError, KeyError, AttributeError)  # what asn1crypto raises


class Failure(IntEnum):
    """PKIFailureInfo (RFC 3161, 2.4.2): the bit that is set in a refusal."""

    BAD_ALGORITHM = 0
    BAD_REQUEST = 2
    BAD_DATA_FORMAT = 5
    UNACCEPTED_POLICY = 15
    UNACCEPTED_EXTENSION = 16


class _Reply(core.Sequence):  # type: ignore[misc]  # asn1crypto is untyped, and its own demands a token in a refusal
    _fields = [  # noqa: RUF012 - asn1crypto's way
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", asn1_cms.ContentInfo, {"optional": True}),
    ]


class _RefusedError(TimeStampError):
    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.name)
        self.failure = failure


@dataclass(frozen=True, slots=True)
class Query:
    """What a request asks: ``imprint`` is its MessageImprint in DER, ``nonce`` None when it has none."""

    imprint: bytes
    nonce: int | None
    certificate: bool


@dataclass(frozen=True, slots=True, repr=False)
class TimeStampAuthority:
    """Gives time stamps with a key that does nothing else (critical extended key usage timeStamping, RFC 3161, 2.3)."""

    key: cms.SigningKey
    certificate: x509.Certificate

    def answer(self, request: bytes, now: datetime, serial: int) -> bytes:
        """TimeStampResp in DER for a TimeStampReq. ``now``: aware; ``serial``: never used before (up to 160 bits)."""
        try:
            query = _read(request)
        except _RefusedError as refused:
            words = der.sequence(der.text(refused.failure.name.lower().replace("_", " ")))
            return der.sequence(der.sequence(der.integer(_REJECTED), words, der.bit(refused.failure)))
        return der.sequence(der.sequence(der.integer(_GRANTED)), self._token(query, now, serial))

    def _token(self, query: Query, now: datetime, serial: int) -> bytes:
        nonce = () if query.nonce is None else (der.integer(query.nonce),)
        content = der.sequence(
            _VERSION, der.identifier(POLICY), query.imprint, der.integer(serial), der.time(now), _ACCURACY, *nonce
        )
        signature = cms.sign(sha256(content).digest(), self.key, self.certificate, content=(_TST_INFO, content))
        return signature.wrapped(with_certificates=query.certificate)


def query(data: bytes, nonce: int) -> bytes:
    """TimeStampReq in DER for the SHA-256 of ``data``, with a nonce, asking for the authority's certificate."""
    imprint = der.sequence(cms.SHA256, der.octets(sha256(data).digest()))
    return der.sequence(_VERSION, imprint, der.integer(nonce), der.TRUE)


def token_of(reply: bytes, data: bytes, nonce: int) -> bytes:
    """The token (DER) of a TimeStampResp, if it is for ``data`` and ``nonce``. Raises TimeStampError."""
    try:
        response: Any = _Reply.load(reply, strict=True)
        status = response["status"]["status"].native
        if status not in ("granted", "granted_with_mods"):
            raise TimeStampError(f"refused: {status}")
        token = response["time_stamp_token"]
        info = token["content"]["encap_content_info"]["content"].parsed
        stamped = info["message_imprint"]["hashed_message"].native, info["nonce"].native
        container: bytes = token.dump()
    except _MALFORMED as error:
        raise TimeStampError("not a time stamp") from error
    if stamped != (sha256(data).digest(), nonce):
        raise TimeStampError("a time stamp of something else")
    return container


def carried(token: bytes) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """The certificates and the lists of the revoked (each in DER) that a token (DER) brings along. TimeStampError."""
    try:
        signed: Any = asn1_cms.ContentInfo.load(token, strict=True)["content"]
        certificates = tuple(each.chosen.dump() for each in signed["certificates"] if each.name == "certificate")
        lists = tuple(each.chosen.dump() for each in signed["crls"] if each.name == "certificate_list")
        for one in certificates:
            x509.load_der_x509_certificate(one)
        for one in lists:
            x509.load_der_x509_crl(one)
    except _MALFORMED as error:
        raise TimeStampError("not a time stamp") from error
    return certificates, lists


def time_of(token: bytes) -> datetime:
    """What a token (DER) says the time is, by its maker's clock. TimeStampError."""
    try:
        signed: Any = asn1_cms.ContentInfo.load(token, strict=True)["content"]
        stated: datetime = signed["encap_content_info"]["content"].parsed["gen_time"].native
    except _MALFORMED as error:
        raise TimeStampError("not a time stamp") from error
    return stated


def _read(request: bytes) -> Query:
    try:
        asked: Any = tsp.TimeStampReq.load(request, strict=True)
        imprint, nonce = asked["message_imprint"], asked["nonce"].native
        algorithm, hashed = imprint["hash_algorithm"]["algorithm"].native, imprint["hashed_message"].native
        version, policy = asked["version"].native, asked["req_policy"].native
        extensions, certificate = asked["extensions"].native, asked["cert_req"].native
        read = Query(imprint.dump(), nonce, bool(certificate))
    except _MALFORMED as error:
        raise _RefusedError(Failure.BAD_DATA_FORMAT) from error
    if version != "v1" or (nonce is not None and nonce < 0):
        raise _RefusedError(Failure.BAD_REQUEST)
    if algorithm not in _DIGEST_BYTES:
        raise _RefusedError(Failure.BAD_ALGORITHM)
    if len(hashed) != _DIGEST_BYTES[algorithm]:
        raise _RefusedError(Failure.BAD_DATA_FORMAT)
    if policy not in (None, POLICY):
        raise _RefusedError(Failure.UNACCEPTED_POLICY)
    if extensions is not None:
        raise _RefusedError(Failure.UNACCEPTED_EXTENSION)
    return read
