"""The carried list: all that a verifier without a network needs to know of an issuer, as of a date, in one signed file.

A COSE_Sign1 (forms.cose) by a code key. Its header names a content type, which a code's may not have: neither ever
passes for the other. The payload is a CBOR map: issuer 1, next date 4 and date 6 (seconds of Unix time, as in a CWT),
and under one private claim the issuers' certificates, the root's list of what it takes back (both DER), and the void
papers that have not expired.

A void paper is five bytes of SHA-256 over its serial; they stand sorted, one after another. 10,000 of them take 50 kB,
and a paper that is not void is taken for one in a hundred million times.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import cbor2
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding

from forms.code import CodeKey
from forms.cose import Sign1, decoded, read_sign1, sign1
from forms.errors import CarriedListError, CoseError, TrustError, UnknownIssuerError
from forms.trust import Purpose, TrustStore

CARRIED_FILE: Final = "carried.cose"  # in the trust folder, beside root.pem
CONTENT_TYPE: Final = "application/vnd.lamplight.carried-list+cose"
LARGEST: Final = 4_000_000  # bytes: three quarters of a million void papers
_ISSUER, _NEXT, _MADE, _LIST = 1, 4, 6, -65538
_VOID_BYTES = 5
# what a damaged certificate makes cryptography raise
_BROKEN = (
    ValueError,
    TypeError,
    OverflowError,
    OSError,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    UnsupportedAlgorithm,
)
_REVOKED_AGE = timedelta(days=1)  # a list of void papers comes with what the root says on the same day


@dataclass(frozen=True, slots=True, repr=False)
class CarriedList:
    """What an issuer said on a day. ``void``: the hashes of the void serials, sorted, _VOID_BYTES each."""

    issuer: str
    made_at: datetime
    next_at: datetime  # a newer one is there by then
    issuers: tuple[x509.Certificate, ...]
    revoked: x509.CertificateRevocationList
    void: bytes

    def __repr__(self) -> str:
        return f"CarriedList({self.made_at.isoformat()}, {len(self)} void)"

    def __len__(self) -> int:
        return len(self.void) // _VOID_BYTES

    def says_void(self, serial: str) -> bool:
        """Whether the paper of that serial was void on the list's date."""
        wanted = _hashed(serial)
        place = bisect_left(range(len(self)), wanted, key=self._entry)
        return place < len(self) and self._entry(place) == wanted

    def is_old(self, now: datetime) -> bool:
        """Whether a newer list should be there by now."""
        return now >= self.next_at

    def _entry(self, index: int) -> bytes:
        return self.void[index * _VOID_BYTES : (index + 1) * _VOID_BYTES]


def void_hashes(serials: Iterable[str]) -> bytes:
    """The sorted hashes of void serials."""
    return b"".join(sorted({_hashed(serial) for serial in serials}))


def sign_list(carried: CarriedList, key: CodeKey) -> bytes:
    """The signed file."""
    payload = cbor2.dumps(
        {
            _ISSUER: carried.issuer,
            _NEXT: int(carried.next_at.timestamp()),
            _MADE: int(carried.made_at.timestamp()),
            _LIST: [
                [each.public_bytes(Encoding.DER) for each in carried.issuers],
                carried.revoked.public_bytes(Encoding.DER),
                carried.void,
            ],
        }
    )
    return sign1(payload, key.private_key, CONTENT_TYPE)


def open_list(content: bytes, trust: TrustStore) -> tuple[CarriedList, TrustStore]:
    """Check a list against the root one trusts: the list, and a trust store that knows what it says of issuers.

    A key that only the list itself names counts, if the root vouches for it. Raises CarriedListError.
    """
    message = _message(content)
    carried = _carried(message.payload)
    try:
        known = trust.updated(carried.issuers, carried.revoked)
        issuer = known.issuer(message.key_id, Purpose.CODE, carried.made_at)
    except (TrustError, UnknownIssuerError, *_BROKEN) as error:
        raise CarriedListError("the root does not vouch for it") from error
    if not message.is_signed_with(issuer.key):
        raise CarriedListError("it is not as its issuer signed it")
    return carried, known


def held_in(folder: Path, trust: TrustStore) -> tuple[CarriedList | None, TrustStore]:
    """The list in a trust folder, if there is one.

    Raises CarriedListError where what it holds is no list that one may trust, and a plain TrustError where it could not
    be read now: that says nothing of the list.
    """
    path = folder / CARRIED_FILE
    try:
        if not path.is_file():
            return None, trust
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise TrustError(f"{CARRIED_FILE} is not readable: {error.strerror}") from error
    return open_list(content, trust)


def _hashed(serial: str) -> bytes:
    return hashlib.sha256(b"void paper\0" + serial.encode()).digest()[:_VOID_BYTES]


def _message(content: bytes) -> Sign1:
    if len(content) > LARGEST:
        raise CarriedListError("it is too large")
    try:
        return read_sign1(content, CONTENT_TYPE)
    except CoseError as error:
        raise CarriedListError("it is no carried list") from error


def _carried(payload: bytes) -> CarriedList:
    try:
        item = decoded(payload)
    except CoseError as error:
        raise CarriedListError("it is no carried list") from error
    match item:
        case {
            1: str() as issuer,
            4: int() as next_at,
            6: int() as made_at,
            -65538: [list(certificates), bytes() as revoked, bytes() as void],
            **others,
        } if not others and len(void) % _VOID_BYTES == 0:
            pass
        case _:
            raise CarriedListError("it is no carried list")
    try:
        loaded = tuple(x509.load_der_x509_certificate(each) for each in certificates)
        taken_back = x509.load_der_x509_crl(revoked)
        times = datetime.fromtimestamp(made_at, UTC), datetime.fromtimestamp(next_at, UTC)
    except _BROKEN as error:
        raise CarriedListError("it is damaged") from error
    if abs(taken_back.last_update_utc - times[0]) > _REVOKED_AGE:  # a stolen key can't have a new one from the root
        raise CarriedListError("its list of revoked keys is of another day")
    return CarriedList(issuer, *times, loaded, taken_back, void)
