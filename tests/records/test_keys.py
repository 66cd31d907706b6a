"""One key for each thing; and what changes when a bureau brings its own."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID

from forms.trust import Purpose, TrustStore
from records import certificates, keys
from records.errors import DataFolderError
from records.sections import ServerSettings
from records.tls import renew_server_certificate, server_context

NOW = datetime(2026, 11, 22, tzinfo=UTC)
BUREAU = "某某市公安局"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    keys.create_missing(folder, NOW)
    return folder


def test_every_key_is_another(made: Path) -> None:
    ring = keys.load(made)
    owners = (ring.root, ring.document, ring.code, ring.devices, ring.policy)
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert len({each.certificate.public_key().public_bytes(*form) for each in owners}) == len(owners)


def test_issuers_have_the_profile_that_verifiers_demand(made: Path) -> None:
    """Each limited to one purpose; the device authority is no issuer of papers."""
    ring = keys.load(made)
    root, issuers = keys.pem(ring.root.certificate), (ring.document, ring.code, ring.policy)
    trust = TrustStore.from_pem(root, "".join(keys.pem(each.certificate) for each in issuers))
    assert [issuer.purpose for issuer in trust.issuers] == [Purpose.DOCUMENT, Purpose.CODE, Purpose.POLICY]


def test_the_keys_made_here_are_a_specimens(made: Path) -> None:
    ring = keys.load(made)
    assert (ring.specimen, ring.bureau) == (True, "示例市公安局平安灯派出所 (样张)")
    assert keys.create_missing(made, NOW) is False


def test_a_bureaus_own_document_key_ends_the_specimen(made: Path, tmp_path: Path) -> None:
    """Its certificate names the bureau, and so do the papers."""
    for file in made.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    root, key = keys.load(tmp_path).root, ec.generate_private_key(ec.SECP256R1())
    subject = certificates.name("document", BUREAU, Purpose.DOCUMENT)
    certificate = certificates.issue(root, key.public_key(), subject, certificates.DOCUMENT, NOW)
    (tmp_path / "document.key.pem").write_bytes(keys.private_pem(key))
    (tmp_path / "document.cert.pem").write_text(keys.pem(certificate), "ascii")
    ring = keys.load(tmp_path)
    assert (ring.specimen, ring.bureau) == (False, BUREAU)


def test_a_key_without_its_certificate_is_noticed(made: Path, tmp_path: Path) -> None:
    """A pair that does not fit would sign papers that nobody can verify."""
    for file in made.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "document.key.pem").write_bytes((made / "code.key.pem").read_bytes())
    with pytest.raises(DataFolderError, match=r"document\.key\.pem and document\.cert\.pem do not belong together"):
        keys.load(tmp_path)


def test_a_device_certificate_is_for_clients_alone(made: Path) -> None:
    """It can sign nothing and serve nothing."""
    ring, key = keys.load(made), ec.generate_private_key(ec.SECP256R1())
    subject = certificates.name("kiosk-0001", BUREAU, "pingandeng")
    device = certificates.issue(ring.devices, key.public_key(), subject, certificates.DEVICE, NOW)
    usages = device.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    constraints = device.extensions.get_extension_for_class(x509.BasicConstraints).value
    assert list(usages) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    assert constraints.ca is False


def test_a_first_run_that_was_interrupted_is_begun_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No paper was ever signed with those keys, and no backup holds the others."""
    with monkeypatch.context() as patched:
        patched.setattr("records.keys.secrets.token_bytes", _power_cut)
        with pytest.raises(KeyboardInterrupt):
            keys.create_missing(tmp_path / "keys", NOW)
    assert keys.create_missing(tmp_path / "keys", NOW)
    assert keys.load(tmp_path / "keys").specimen
    assert [each.name for each in tmp_path.iterdir()] == ["keys"]


def _power_cut(_count: int) -> bytes:
    raise KeyboardInterrupt


@pytest.mark.parametrize("harm", ["none", "no key", "no certificate", "another root"])
def test_the_time_stamps_key_is_made_when_it_is_missing(harm: str, made: Path, tmp_path: Path) -> None:
    """A folder of an older version has none; a bureau that brings its own root needs another."""
    for file in made.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    missing = {"no key": "timestamp.key.pem", "no certificate": "timestamp.cert.pem"}.get(harm)
    if missing:
        (tmp_path / missing).unlink()
    if harm == "another root":
        keys.create_missing(tmp_path / "other", NOW)
        for name in ("root.key.pem", "root.cert.pem"):
            (tmp_path / name).write_bytes((tmp_path / "other" / name).read_bytes())
    assert not keys.create_missing(tmp_path, NOW)
    assert keys.renew_timestamp_key(tmp_path, NOW) is (harm != "none")
    assert not keys.renew_timestamp_key(tmp_path, NOW)
    ring = keys.load(tmp_path)
    ring.timestamp.certificate.verify_directly_issued_by(ring.root.certificate)


def test_the_time_stamps_certificate_is_for_nothing_else(made: Path) -> None:
    """Its one usage is critical (RFC 3161, 2.3), and it holds as long as the root."""
    ring = keys.load(made)
    usage = ring.timestamp.certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    assert (list(usage.value), usage.critical) == ([ExtendedKeyUsageOID.TIME_STAMPING], True)
    assert ring.timestamp.certificate.not_valid_after_utc == ring.root.certificate.not_valid_after_utc


def test_a_list_of_the_revoked_names_them_and_ends(made: Path) -> None:
    """RFC 5280, 5: signed by the root, for a day."""
    root = keys.load(made).root
    revoked = certificates.Revoked(77, NOW, x509.ReasonFlags.key_compromise)
    listed = certificates.revocation_list(root, [revoked], NOW)
    assert listed.is_signature_valid(root.certificate.public_key())  # type: ignore[arg-type] # P-256, as all of ours
    entry = listed.get_revoked_certificate_by_serial_number(77)
    assert entry is not None
    assert entry.revocation_date_utc == NOW
    assert listed.next_update_utc is not None
    assert listed.next_update_utc > NOW


def test_a_key_file_that_others_could_read_is_not_written_into(tmp_path: Path) -> None:
    """Its mode would stay as it was."""
    path = tmp_path / "a.key.pem"
    path.touch(mode=0o644)
    keys.write_private(path, b"secret")
    assert (path.stat().st_mode & 0o777, path.read_bytes()) == (0o600, b"secret")


@pytest.mark.parametrize("harm", ["server.key.pem", "server.cert.pem", "another key", "another root"])
def test_half_a_tls_pair_is_issued_anew(made: Path, tmp_path: Path, harm: str) -> None:
    """A power cut between its two files must not keep the service from ever starting again."""
    ring = keys.load(made)
    assert renew_server_certificate(tmp_path, ring, ServerSettings(), NOW)
    assert not renew_server_certificate(tmp_path, ring, ServerSettings(), NOW)
    if harm == "another root":
        keys.create_missing(tmp_path / "other", NOW)
        ring = keys.load(tmp_path / "other")
    elif harm == "another key":
        keys.write_private(tmp_path / "server.key.pem", keys.private_pem(ec.generate_private_key(ec.SECP256R1())))
    else:
        (tmp_path / harm).write_bytes(b"")
    assert renew_server_certificate(tmp_path, ring, ServerSettings(), NOW)
    server_context(tmp_path, ring)
