"""Enrolment: a key that stays here, a certificate that fits it, files that a power cut leaves whole."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from backend_client.contract.devices import DeviceKind
from backend_client.enrolment import enrol
from backend_client.errors import EnrolmentCodeError, EnrolmentError, RecordsProtocolError, RecordsUnreachableError
from tests.support.scripted_https import Reply, ScriptedService, leaf_for, scripted_service

CODE = "once-only"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[ScriptedService]:
    """A service that waits for its script."""
    with scripted_service(tmp_path / "service") as running:
        yield running


def enrolled(service: ScriptedService, key: ec.EllipticCurvePublicKey) -> Reply:
    """What records answer for a key."""
    pem = leaf_for(service.root, "kiosk-7", key).public_bytes(Encoding.PEM).decode()
    body = {"device_id": "kiosk-7", "community_id": "c", "certificate_pem": pem, "root_pem": service.root.pem}
    return Reply(body, 201)


def asked_key(service: ScriptedService) -> ec.EllipticCurvePublicKey:
    """The key in the newest request."""
    key = x509.load_pem_x509_csr(service.asked[-1].body["csr_pem"].encode()).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    return key


def lose_the_answer(service: ScriptedService, folder: Path) -> None:
    """A first try whose answer never arrives: the key exists, the certificate does not."""
    service.script.extend([Reply(drop=True)] * 2)
    with pytest.raises(RecordsUnreachableError):
        enrol(service.url, service.root_file, CODE, DeviceKind.KIOSK, folder)


def test_a_lost_answer_is_asked_for_again_with_the_same_key(service: ScriptedService, tmp_path: Path) -> None:
    """The one-time code is spent on one key only."""
    folder = tmp_path / "identity"
    lose_the_answer(service, folder)
    service.script.append(enrolled(service, asked_key(service)))
    identity = enrol(service.url, service.root_file, CODE, DeviceKind.KIOSK, folder)
    assert identity.device_id == "kiosk-7"
    assert len({each.key for each in service.asked}) == 1
    assert {each.client for each in service.asked} == {""}


def test_the_key_is_its_owners_alone_and_never_travels(service: ScriptedService, tmp_path: Path) -> None:
    """Mode 0600, a P-256 request signed by itself, and no private key in it."""
    folder = tmp_path / "identity"
    lose_the_answer(service, folder)
    assert (folder / "device.key").stat().st_mode & 0o777 == 0o600
    csr = x509.load_pem_x509_csr(service.asked[0].body["csr_pem"].encode())
    assert csr.is_signature_valid
    assert isinstance(asked_key(service).curve, ec.SECP256R1)
    assert "PRIVATE" not in str(service.asked)
    assert sorted(each.name for each in folder.iterdir()) == ["device.key"]


def test_a_certificate_for_another_key_is_not_stored(service: ScriptedService, tmp_path: Path) -> None:
    """It could never be used, and would hide the mistake."""
    service.script.append(enrolled(service, ec.generate_private_key(ec.SECP256R1()).public_key()))
    with pytest.raises(RecordsProtocolError):
        enrol(service.url, service.root_file, CODE, DeviceKind.KIOSK, tmp_path / "identity")
    assert not (tmp_path / "identity" / "device.pem").exists()


def test_a_key_file_that_is_no_key_is_named(service: ScriptedService, tmp_path: Path) -> None:
    """Never overwritten: it may be the only one."""
    (tmp_path / "device.key").write_text("nonsense")
    with pytest.raises(EnrolmentError, match=r"device\.key is no key"):
        enrol(service.url, service.root_file, CODE, DeviceKind.KIOSK, tmp_path)
    assert service.asked == []


@pytest.mark.parametrize("typed", ["XYZ", "A" * 80, "ABCDE-FGHJ编", "ABCDE\u2013FGHJK", ""])
def test_a_mistyped_code_asks_nobody_and_makes_no_key(service: ScriptedService, tmp_path: Path, typed: str) -> None:
    """Too short, too long, with a letter or a dash that no code has: said at once, and not repeated."""
    folder = tmp_path / "identity"
    with pytest.raises(EnrolmentCodeError, match=r"looks like ABCDE-FGHJK") as raised:
        enrol(service.url, service.root_file, typed, DeviceKind.KIOSK, folder)
    assert str(raised.value).startswith("enrolment-code-invalid: ")
    assert not typed or typed not in str(raised.value)
    assert service.asked == []
    assert not folder.exists()
