"""Whom a verifier believes: certificates that don't keep the profile are not believed."""

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from forms.errors import TrustError, UnknownIssuerError
from forms.trust import KEY_ID_BYTES, REVOKED_FILE, URL_FILE, Purpose, TrustStore, key_id
from tests.support.papers import ISSUED_AT
from tests.support.pki import LIFETIME, NOT_BEFORE, Identity, Pki, make_issuer, make_pki, make_root


def test_each_issuer_is_found_by_its_key_and_purpose(pki: Pki, trust: TrustStore) -> None:
    """A key id is eight bytes and finds one certificate."""
    identifier = key_id(pki.code.key.public_key())
    assert len(identifier) == KEY_ID_BYTES
    assert trust.issuer(identifier, Purpose.CODE, ISSUED_AT).certificate == pki.code.certificate


def test_a_key_is_not_found_for_another_purpose(pki: Pki, trust: TrustStore) -> None:
    """A code key vouches for no document."""
    with pytest.raises(UnknownIssuerError):
        trust.issuer(key_id(pki.code.key.public_key()), Purpose.DOCUMENT, ISSUED_AT)


def test_a_key_is_not_found_outside_its_validity(pki: Pki, trust: TrustStore) -> None:
    """Neither before nor after."""
    identifier = key_id(pki.code.key.public_key())
    for instant in (NOT_BEFORE - LIFETIME, NOT_BEFORE + 2 * LIFETIME):
        with pytest.raises(UnknownIssuerError):
            trust.issuer(identifier, Purpose.CODE, instant)


def test_an_issuer_of_another_root_is_refused(pki: Pki) -> None:
    """The name alone does not make a root."""
    stranger = make_issuer(make_root("Test root"), Purpose.CODE, "stranger")
    with pytest.raises(TrustError):
        TrustStore.from_pem(pki.root.pem, stranger.pem)


def test_an_issuer_without_a_purpose_is_refused(pki: Pki) -> None:
    """A certificate for anything else under the same root signs no papers."""
    with pytest.raises(TrustError):
        TrustStore.from_pem(pki.root.pem, make_issuer(pki.root, "web-server", "server").pem)


def test_a_root_that_is_no_authority_is_refused(pki: Pki) -> None:
    """An issuer can't be installed as a root."""
    with pytest.raises(TrustError):
        TrustStore.from_pem(pki.code.pem, pki.issuers_pem)


@pytest.mark.parametrize("text", ["", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_what_is_no_certificate_is_refused(pki: Pki, text: str) -> None:
    """Broken files are an error, not an empty trust."""
    with pytest.raises(TrustError):
        TrustStore.from_pem(pki.root.pem, text)


def test_a_folder_may_name_the_service(trust_folder: Path, tmp_path: Path) -> None:
    """The service's address is optional."""
    assert TrustStore.from_folder(trust_folder).records_url == ""
    for file in trust_folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / URL_FILE).write_text("https://records.invalid:8443\n")
    assert TrustStore.from_folder(tmp_path).records_url == "https://records.invalid:8443"


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    """Nobody is believed by default."""
    with pytest.raises(TrustError):
        TrustStore.from_folder(tmp_path)


def _list(root: Identity, serial_number: int) -> str:
    entry = x509.RevokedCertificateBuilder().serial_number(serial_number).revocation_date(ISSUED_AT).build()
    builder = x509.CertificateRevocationListBuilder().issuer_name(root.certificate.subject).last_update(ISSUED_AT)
    listed = builder.next_update(ISSUED_AT + LIFETIME).add_revoked_certificate(entry).sign(root.key, hashes.SHA256())
    return listed.public_bytes(Encoding.PEM).decode("ascii")


def test_a_revoked_key_vouches_for_what_is_older(pki: Pki, trust_folder: Path, tmp_path: Path) -> None:
    """The list lies in the folder, and only the root can write one."""
    for file in trust_folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    number, identifier = pki.code.certificate.serial_number, key_id(pki.code.key.public_key())
    (tmp_path / REVOKED_FILE).write_text(_list(pki.root, number))
    trust = TrustStore.from_folder(tmp_path)
    before = ISSUED_AT - timedelta(seconds=1)
    assert trust.issuer(identifier, Purpose.CODE, before).certificate == pki.code.certificate
    with pytest.raises(UnknownIssuerError):
        trust.issuer(identifier, Purpose.CODE, ISSUED_AT)
    assert trust.revoked_at(pki.document.certificate) is None


@pytest.mark.parametrize("content", ["stranger", "no list", "\udcff"])
def test_a_list_that_is_not_the_roots_is_no_list(content: str, trust_folder: Path, tmp_path: Path) -> None:
    """Else anyone could take a key back, or give it again."""
    for file in trust_folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    written = _list(make_pki().root, 7) if content == "stranger" else content
    (tmp_path / REVOKED_FILE).write_bytes(written.encode("utf-8", "surrogateescape"))
    with pytest.raises(TrustError):
        TrustStore.from_folder(tmp_path)
