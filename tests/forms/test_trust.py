"""Whom a verifier believes: certificates that don't keep the profile are not believed."""

from pathlib import Path

import pytest

from forms.errors import TrustError, UnknownIssuerError
from forms.trust import KEY_ID_BYTES, URL_FILE, Purpose, TrustStore, key_id
from tests.support.papers import ISSUED_AT
from tests.support.pki import LIFETIME, NOT_BEFORE, Pki, make_issuer, make_root


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
