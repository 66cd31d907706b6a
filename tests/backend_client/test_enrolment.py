"""Enrolment: a key that stays here, a certificate that fits it, files that a power cut leaves whole."""

from base64 import b32encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from backend_client.contract.devices import DeviceKind, EnrolmentPending, fingerprint
from backend_client.device_files import is_revoked, mark_revoked
from backend_client.enrolment import enrol
from backend_client.errors import EnrolmentCodeError, EnrolmentError, RecordsProtocolError, RecordsUnreachableError
from tests.support.scripted_https import Reply, ScriptedService, leaf_for, scripted_service

CODE = "once-only"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[ScriptedService]:
    """A service that waits for its script."""
    with scripted_service(tmp_path / "service") as running:
        yield running


def nobody_waits(pending: EnrolmentPending) -> None:
    """For a service that decides at once."""
    raise AssertionError(pending)


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
        enrol(service.url, service.root_file, CODE, DeviceKind.KIOSK, folder, nobody_waits)


def test_a_lost_answer_is_asked_for_again_with_the_same_key(service: ScriptedService, tmp_path: Path) -> None:
    """The one-time code is spent on one key only."""
    folder = tmp_path / "identity"
    lose_the_answer(service, folder)
    service.script.append(enrolled(service, asked_key(service)))
    identity = enrol(service.url, service.root_file, CODE, DeviceKind.KIOSK, folder, nobody_waits)
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


def told(service: ScriptedService) -> str:
    """The fingerprint of the key that asked."""
    form = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    return fingerprint(asked_key(service).public_bytes(*form))


def test_a_machine_that_waits_shows_its_fingerprint_and_asks_again(service: ScriptedService, tmp_path: Path) -> None:
    """The same code with the same key, until somebody has decided."""
    folder, shown = tmp_path / "identity", []
    lose_the_answer(service, folder)
    mine = told(service)
    service.script.extend([Reply({"fingerprint": mine}, 202), Reply({"fingerprint": mine, "ask_again_s": 9}, 202)])

    def wait(pending: EnrolmentPending) -> None:
        shown.append((pending.fingerprint, pending.ask_again_s))
        if len(shown) == 2:
            service.script.append(enrolled(service, asked_key(service)))

    assert enrol(service.url, service.root_file, CODE, DeviceKind.KIOSK, folder, wait).device_id == "kiosk-7"
    assert shown == [(mine, 5), (mine, 9)]
    assert len({each.key for each in service.asked}) == 1


def test_a_wait_that_is_cut_short_goes_on_with_the_same_key(service: ScriptedService, tmp_path: Path) -> None:
    """Ctrl-C, or the plug: nothing but the key is left, and the same command takes it up."""
    folder = tmp_path / "identity"
    lose_the_answer(service, folder)
    mine = told(service)
    service.script.append(Reply({"fingerprint": mine}, 202))

    def leave(_: EnrolmentPending) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        enrol(service.url, service.root_file, CODE, DeviceKind.KIOSK, folder, leave)
    assert sorted(each.name for each in folder.iterdir()) == ["device.key"]
    service.script.append(enrolled(service, asked_key(service)))
    enrol(service.url, service.root_file, CODE, DeviceKind.KIOSK, folder, nobody_waits)
    assert told(service) == mine


def test_a_fingerprint_that_is_not_of_this_key_is_never_shown(service: ScriptedService, tmp_path: Path) -> None:
    """Whoever compared it would let another machine in."""
    service.script.append(Reply({"fingerprint": "-".join(["AAAA"] * 8)}, 202))
    with pytest.raises(RecordsProtocolError, match="another key"):
        enrol(service.url, service.root_file, CODE, DeviceKind.KIOSK, tmp_path / "identity", nobody_waits)


def test_a_fingerprint_has_eight_groups_that_can_be_read_aloud() -> None:
    """160 bits of the key's SHA-256, without 0, 1, I and O; another key has another one."""
    first, second = fingerprint(b"one key"), fingerprint(b"another key")
    usual, ours = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    base32 = b32encode(sha256(b"one key").digest()[:20]).decode()  # RFC 4648, 6, in other letters
    assert first.replace("-", "") == base32.translate(str.maketrans(usual, ours))
    assert [len(group) for group in second.split("-")] == [4] * 8
    assert not set(first + second) & set("01IO")
    assert first != second


def test_a_device_that_was_revoked_comes_back_with_a_new_key(service: ScriptedService, tmp_path: Path) -> None:
    """Both old files stay what they are until the new ones are whole; the mark is of a certificate that is gone."""
    folder = tmp_path / "identity"
    lose_the_answer(service, folder)
    old = asked_key(service)
    service.script.append(enrolled(service, old))
    enrol(service.url, service.root_file, CODE, DeviceKind.KIOSK, folder, nobody_waits)
    mark_revoked(folder)
    service.script.extend([Reply(drop=True)] * 2)
    with pytest.raises(RecordsUnreachableError):
        enrol(service.url, service.root_file, CODE, DeviceKind.KIOSK, folder, nobody_waits)
    assert asked_key(service) != old
    assert is_revoked(folder)
    service.script.append(enrolled(service, asked_key(service)))
    enrol(service.url, service.root_file, CODE, DeviceKind.KIOSK, folder, nobody_waits)
    assert asked_key(service) != old
    assert not is_revoked(folder)
    assert sorted(each.name for each in folder.iterdir()) == ["device.key", "device.pem", "revoked"]


def test_a_certificate_for_another_key_is_not_stored(service: ScriptedService, tmp_path: Path) -> None:
    """It could never be used, and would hide the mistake."""
    service.script.append(enrolled(service, ec.generate_private_key(ec.SECP256R1()).public_key()))
    with pytest.raises(RecordsProtocolError):
        enrol(service.url, service.root_file, CODE, DeviceKind.KIOSK, tmp_path / "identity", nobody_waits)
    assert not (tmp_path / "identity" / "device.pem").exists()


def test_a_key_file_that_is_no_key_is_named(service: ScriptedService, tmp_path: Path) -> None:
    """Never overwritten: it may be the only one."""
    (tmp_path / "device.key").write_text("nonsense")
    with pytest.raises(EnrolmentError, match=r"device\.key is no key"):
        enrol(service.url, service.root_file, CODE, DeviceKind.KIOSK, tmp_path, nobody_waits)
    assert service.asked == []


@pytest.mark.parametrize("typed", ["XYZ", "A" * 80, "ABCDE-FGHJ编", "ABCDE\u2013FGHJK", ""])
def test_a_mistyped_code_asks_nobody_and_makes_no_key(service: ScriptedService, tmp_path: Path, typed: str) -> None:
    """Too short, too long, with a letter or a dash that no code has: said at once, and not repeated."""
    folder = tmp_path / "identity"
    with pytest.raises(EnrolmentCodeError, match=r"looks like ABCDE-FGHJK") as raised:
        enrol(service.url, service.root_file, typed, DeviceKind.KIOSK, folder, nobody_waits)
    assert str(raised.value).startswith("enrolment-code-invalid: ")
    assert not typed or typed not in str(raised.value)
    assert service.asked == []
    assert not folder.exists()
