"""Time stamps (RFC 3161), as openssl and asn1crypto read them."""

import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha1, sha256
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import core, tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from hypothesis import given
from hypothesis.strategies import binary

from forms.errors import AlteredPaperError, TimeStampError
from forms.signature import make_cms, prepare
from forms.signed_pdf import check_signature
from forms.timestamp import POLICY, TimeStampAuthority, query, token_of
from forms.trust import TrustStore
from tests.support.papers import ISSUED_AT, SPARSE
from tests.support.pki import LIFETIME, Identity, Pki, make_pki, make_time_stamper

NOW = datetime(2026, 11, 22, 15, 5, tzinfo=UTC)
DATA, NONCE, SERIAL = b"a signature's value", 0xFEDCBA9876543210, 2**150 + 1


@pytest.fixture(scope="module")
def stamper(pki: Pki) -> Identity:
    return make_time_stamper(pki.root)


@pytest.fixture(scope="module")
def authority(stamper: Identity) -> TimeStampAuthority:
    return TimeStampAuthority(stamper.key, stamper.certificate)


def _asked(**changes: Any) -> bytes:
    """A request with some fields changed, encoded by a library."""
    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": sha256(DATA).digest()}
    request: bytes = tsp.TimeStampReq({"version": "v1", "message_imprint": imprint, **changes}).dump()
    return request


class _Status(core.Sequence):  # type: ignore[misc]  # asn1crypto is untyped, and its TimeStampResp demands a token
    _fields = [("status", tsp.PKIStatusInfo), ("token", core.Any, {"optional": True})]  # noqa: RUF012 - asn1crypto's way


def _status(reply: bytes) -> Any:
    return _Status.load(reply, strict=True)["status"]


def _token(reply: bytes) -> Any:
    return tsp.TimeStampResp.load(reply)["time_stamp_token"]["content"]


def test_openssl_verifies_a_time_stamp(authority: TimeStampAuthority, pki: Pki, tmp_path: Path) -> None:
    """An independent program asks, reads the reply, and finds time, nonce, accuracy and signature in order."""
    data, asked, reply, root = (tmp_path / name for name in ("data", "asked.tsq", "reply.tsr", "root.pem"))
    data.write_bytes(DATA)
    root.write_text(pki.root.pem)
    ask: list[str | Path] = ["openssl", "ts", "-query", "-data", data, "-sha512", "-cert", "-out", asked]
    subprocess.run(ask, check=True, capture_output=True)
    reply.write_bytes(authority.answer(asked.read_bytes(), NOW, SERIAL))
    verify: list[str | Path] = ["openssl", "ts", "-verify", "-queryfile", asked, "-in", reply, "-CAfile", root]
    assert "Verification: OK" in subprocess.run(verify, check=True, capture_output=True, text=True).stdout
    read = subprocess.run(
        ["openssl", "ts", "-reply", "-in", reply, "-text"], check=True, capture_output=True, text=True
    )
    assert "Time stamp: Nov 22 15:05:00 2026 GMT" in read.stdout
    assert f"Serial number: 0x{SERIAL:X}" in read.stdout
    assert "Accuracy: 0x01 seconds" in read.stdout


def test_a_stamp_is_for_what_was_asked(authority: TimeStampAuthority) -> None:
    """Its nonce and its data come back, or it is refused."""
    reply = authority.answer(query(DATA, NONCE), NOW, SERIAL)
    assert token_of(reply, DATA, NONCE)
    for data, nonce in ((b"other", NONCE), (DATA, NONCE + 1)):
        with pytest.raises(TimeStampError, match="something else"):
            token_of(reply, data, nonce)


def test_the_certificate_comes_when_it_is_asked_for(authority: TimeStampAuthority) -> None:
    """And never otherwise (RFC 3161, 2.4.1); a nonce comes back only to who sent one."""
    bare = _token(authority.answer(_asked(), NOW, SERIAL))
    full = _token(authority.answer(query(DATA, NONCE), NOW, SERIAL))
    assert (bare["certificates"].native, len(full["certificates"])) == (None, 1)
    assert bare["encap_content_info"]["content"].parsed["nonce"].native is None
    assert full["encap_content_info"]["content"].parsed["nonce"].native == NONCE


@pytest.mark.parametrize(
    ("request_", "failure"),
    [
        (b"", "bad_data_format"),
        (b"\x30\x03\x02\x01\x01", "bad_data_format"),
        (_asked() + b"\x00", "bad_data_format"),
        (_asked(version=2), "bad_request"),
        (_asked(nonce=-1), "bad_request"),
        (_asked(req_policy="1.2.3"), "unaccepted_policy"),
        (_asked(extensions=[{"extn_id": "1.2.3", "extn_value": b""}]), "unaccepted_extensions"),
        (
            _asked(message_imprint={"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": b"short"}),
            "bad_data_format",
        ),
        (
            _asked(message_imprint={"hash_algorithm": {"algorithm": "sha1"}, "hashed_message": sha1(DATA).digest()}),  # noqa: S324 - what is refused
            "bad_alg",
        ),
    ],
)
def test_a_bad_request_is_rejected_with_its_reason(
    request_: bytes, failure: str, authority: TimeStampAuthority
) -> None:
    """PKIFailureInfo says which; there is no token."""
    reply = authority.answer(request_, NOW, SERIAL)
    assert (_status(reply)["status"].native, _status(reply)["fail_info"].native) == ("rejection", {failure})
    with pytest.raises(TimeStampError, match="refused"):
        token_of(reply, DATA, NONCE)


def test_the_authoritys_own_policy_may_be_asked_for(authority: TimeStampAuthority) -> None:
    """By its name."""
    assert _status(authority.answer(_asked(req_policy=POLICY), NOW, SERIAL))["status"].native == "granted"


@given(binary(max_size=64))
def test_no_reply_is_taken_that_is_none(reply: bytes) -> None:
    """Whatever an authority outside sends."""
    with pytest.raises(TimeStampError):
        token_of(reply, DATA, NONCE)


def _stamped(pdf: bytes, pki: Pki, stamper: Identity, at: datetime, what: bytes = b"") -> bytes:
    """A signed document with a stamp of ``at``, over its signature or over ``what``."""
    authority = TimeStampAuthority(stamper.key, stamper.certificate)

    def stamp(value: bytes) -> bytes:
        return token_of(authority.answer(query(what or value, NONCE), at, SERIAL), what or value, NONCE)

    prepared = prepare(pdf, ISSUED_AT)
    return prepared.fill(make_cms(prepared.digest, pki.document.key, pki.document.certificate, stamp=stamp))


def test_a_stamped_document_is_genuine(rendered: Any, pki: Pki, stamper: Identity, trust: TrustStore) -> None:
    """The stamp's time decides, whatever the paper claims."""
    check_signature(_stamped(rendered(SPARSE), pki, stamper, NOW), trust, ISSUED_AT)
    late = _stamped(rendered(SPARSE), pki, stamper, NOW.replace(year=2040))
    with pytest.raises(AlteredPaperError):
        check_signature(late, trust, NOW.replace(year=2040))


def test_a_stamp_over_something_else_is_noticed(rendered: Any, pki: Pki, stamper: Identity, trust: TrustStore) -> None:
    """One taken from another paper."""
    with pytest.raises(AlteredPaperError, match="another signature"):
        check_signature(_stamped(rendered(SPARSE), pki, stamper, NOW, b"other"), trust, ISSUED_AT)


def test_a_strangers_stamp_says_nothing(rendered: Any, pki: Pki, trust: TrustStore) -> None:
    """Nor does it harm: the paper's own time is taken, as without a stamp."""
    stranger = make_time_stamper(make_pki("Stranger").root)
    check_signature(_stamped(rendered(SPARSE), pki, stranger, NOW.replace(year=2000)), trust, ISSUED_AT)


def test_a_revoked_authoritys_stamp_says_nothing(rendered: Any, pki: Pki, stamper: Identity, trust: TrustStore) -> None:
    """It could be of any day: the paper's own time is taken."""
    number = stamper.certificate.serial_number
    entry = x509.RevokedCertificateBuilder().serial_number(number).revocation_date(ISSUED_AT).build()
    builder = x509.CertificateRevocationListBuilder().issuer_name(pki.root.certificate.subject)
    builder = builder.last_update(ISSUED_AT).next_update(ISSUED_AT + LIFETIME).add_revoked_certificate(entry)
    knowing = replace(trust, revoked=builder.sign(pki.root.key, hashes.SHA256()))
    late = _stamped(rendered(SPARSE), pki, stamper, NOW.replace(year=2035))
    check_signature(late, knowing, ISSUED_AT)
    with pytest.raises(AlteredPaperError):
        check_signature(late, knowing, NOW.replace(year=2040))
