"""The signed compact code: what a paper's two-dimensional code says, and how it is made and opened without a network.

``PAD1:`` and base45 (RFC 9285) of a COSE_Sign1 without a content type (forms.cose); payload a CWT claims set (RFC
8392): issuer 1, expiry 4 and issue 6 in seconds of Unix time, and under one private claim the paper's own map. Nothing
is compressed: it gains nothing at this size, and there is no bomb to defuse.

A code states the bytes of its paper's whole text (``content_digest``), and in clear only what a person compares.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import base45
import cbor2

from forms.cms import SigningKey
from forms.content import DIGEST_BYTES, content_digest
from forms.cose import Sign1, decoded, read_sign1, sign1
from forms.errors import AlteredCodeError, CoseError, UnreadableCodeError
from forms.paper import CHINA_TIME, Paper, PaperKind, ends_at
from forms.stated import LABELS, Label, stated
from forms.trust import Purpose, TrustStore

PREFIX: Final = "PAD1:"
LONGEST_CODE: Final = 528  # alphanumeric characters of a QR code of version 14 at level M (ISO/IEC 18004, table 7)
_ISSUER, _EXPIRES, _ISSUED, _PAPER = 1, 4, 6, -65537  # CWT leaves keys below -65536 to private use
_LONGEST_PAYLOAD = 255  # bytes; the envelope adds 91, and base45 makes three characters of two bytes
CUT: Final = "\u2026"  # ends a text that did not fit


@dataclass(frozen=True, slots=True)
class CodeKey:
    """The private key (P-256) that signs codes and carried lists. Only records hold one."""

    private_key: SigningKey


@dataclass(frozen=True, slots=True, repr=False)
class Claims:
    """What a code states. ``stated``: a text for each label of the kind (forms.stated), cut where it ends in CUT."""

    issuer: str
    issued_at: datetime
    expires_at: datetime  # the first instant at which the paper is no longer valid
    kind: PaperKind
    serial: str
    stated: tuple[str, ...]
    specimen: bool
    digest: bytes

    def __repr__(self) -> str:
        return f"Claims({self.serial})"

    @property
    def facts(self) -> tuple[tuple[Label, str], ...]:
        """What is stated, each with what it is called."""
        return tuple(zip(LABELS[self.kind], self.stated, strict=True))

    @property
    def valid_until(self) -> date:
        """The last day on which the paper is valid, in China."""
        return (self.expires_at.astimezone(CHINA_TIME) - timedelta(seconds=1)).date()


def sign_code(paper: Paper, key: CodeKey) -> str:
    """The compact code of a paper: at most LONGEST_CODE characters, all of a QR code's alphanumeric set."""
    text: str = base45.b45encode(sign1(_payload(paper), key.private_key)).decode("ascii")
    return PREFIX + text


def open_code(text: str, trust: TrustStore) -> Claims:
    """Check a code against the keys one trusts. Expiry is the caller's question: compare ``expires_at``.

    Raises UnreadableCodeError, UnknownIssuerError (key not vouched for when it was issued) or AlteredCodeError.
    """
    message = _message(text)
    claims = _claims(message.payload)
    if not message.is_signed_with(trust.issuer(message.key_id, Purpose.CODE, claims.issued_at).key):
        raise AlteredCodeError("signature")
    return claims


def read_claims(text: str) -> Claims:
    """What a code states, unchecked: for the page it is printed on, never for a verifier. UnreadableCodeError."""
    return _claims(_message(text).payload)


def _payload(paper: Paper) -> bytes:
    """The claims set; the longest text gives way until it fits. The digest covers them whole."""
    texts = [paper.issuer, *stated(paper)]
    while len(payload := cbor2.dumps(_claims_set(paper, *texts))) > _LONGEST_PAYLOAD:
        longest = max(range(len(texts)), key=lambda index: len(texts[index].encode()))
        texts[longest] = texts[longest][:-2] + CUT
    return payload


def _claims_set(paper: Paper, issuer: str, *texts: str) -> dict[int, Any]:
    return {
        _ISSUER: issuer,
        _EXPIRES: int(ends_at(paper).timestamp()),
        _ISSUED: int(paper.issued_at.timestamp()),
        _PAPER: [paper.kind.value, paper.serial, paper.specimen, content_digest(paper), *texts],
    }


def _message(text: str) -> Sign1:
    if not text.startswith(PREFIX) or len(text) > LONGEST_CODE:
        raise UnreadableCodeError("prefix or length")
    try:
        return read_sign1(base45.b45decode(text.removeprefix(PREFIX)))
    except ValueError as error:
        raise UnreadableCodeError("base45") from error
    except CoseError as error:
        raise UnreadableCodeError(error.detail) from error


def _claims(payload: bytes) -> Claims:
    try:
        item = decoded(payload)
    except CoseError as error:
        raise UnreadableCodeError(error.detail) from error
    match item:
        case {1: str() as issuer, 4: int() as expires, 6: int() as issued, -65537: list(paper), **others} if not others:
            pass
        case _:
            raise UnreadableCodeError("claims")
    match paper:
        case [str() as kind, str() as serial, bool() as specimen, bytes() as digest, *texts] if _fits(kind, texts):
            if len(digest) == DIGEST_BYTES:
                times = _instant(issued), _instant(expires)
                return Claims(issuer, *times, PaperKind(kind), serial, tuple(texts), specimen, digest)
        case _:
            pass
    raise UnreadableCodeError("paper")


def _fits(kind: str, texts: list[object]) -> bool:
    """Whether a kind that we know states so many texts."""
    known = kind in set(PaperKind) and len(LABELS[PaperKind(kind)]) == len(texts)
    return known and all(isinstance(each, str) for each in texts)


def _instant(seconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise UnreadableCodeError("time") from error
