"""Records whose keys are in a token: what they sign is what keys in files sign, and no failure of the token costs more
than a little time."""

import base64
import io
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
import tomli_w
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ReasonFlags
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext

from backend_client.contract.papers import Reservation
from forms.render import render
from forms.signature import Evidence, Prepared, prepare
from forms.signed_pdf import check_signature
from forms.verification import Outcome, verify_paper
from records import installation, key_changes, keys, settings
from records.cli import main
from records.context import Records
from records.errors import SettingsError
from records.key_signers import SIGNERS
from records.store import audit
from records.token_keys import token_of
from records.tokens import Token
from tests.support.clocks import StillClock
from tests.support.records_client import KioskClient, digest_of
from tests.support.soft_token import PIN, SoftToken, write_pin, write_settings
from tests.support.soft_token import settings as token_settings

Capture: TypeAlias = pytest.CaptureFixture[str]


@pytest.fixture
def folder(folder: Path, token: SoftToken, clock: StillClock) -> Path:
    """Return records' data folder, its keys moved into the token as an operator does it."""
    del token
    write_settings(folder, token_settings())
    records = installation.open_existing(folder, clock)
    for name in SIGNERS:
        key_changes.rotate(folder / "keys", name, clock.now(), records.key_store.token)
    records.database.close()
    return folder


@pytest.fixture
def command(folder: Path, clock: StillClock, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Return what runs a ``records key`` command on the same data, as of the test's time."""
    monkeypatch.setattr("records.cli.SystemClock", lambda: clock)
    return lambda *words: main(["--data", str(folder), "key", *words])


def _prepared(reservation: Reservation) -> Prepared:
    validation = reservation.validation
    evidence = Evidence.from_base64(validation.certificates, validation.revocation_lists)
    return prepare(render(reservation.paper, reservation.code), reservation.paper.issued_at, evidence)


def _issued(kiosk: KioskClient, visit: str = "visit-0001") -> bytes:
    reservation = Reservation.model_validate(kiosk.reserved(visit=visit))
    prepared = _prepared(reservation)
    answer = kiosk.seal(reservation.serial, base64.b64encode(prepared.digest).decode("ascii"))
    assert answer.is_success, answer.text
    return prepared.fill(base64.b64decode(answer.json()["cms"]))


def _outcome(paper: bytes, records: Records) -> Outcome:
    return verify_paper(paper, records.trust, records.clock.now()).outcome


def test_a_paper_signed_in_the_token_is_genuine(
    kiosk: KioskClient, records: Records, token: SoftToken, clock: StillClock
) -> None:
    """Code, signature and stamp: each by a key that is in no file."""
    paper = _issued(kiosk)
    check_signature(paper, records.trust, clock.now())
    assert _outcome(paper, records) is Outcome.GENUINE
    assert len(token.private_keys()) == len(SIGNERS)
    for name in SIGNERS:
        assert (records.folder / "keys" / f"{name}.key.pem").read_text("ascii").startswith("pkcs11:token=lamplight;id=")


def test_pyhanko_accepts_it(kiosk: KioskClient, records: Records, clock: StillClock) -> None:
    reader = PdfFileReader(io.BytesIO(_issued(kiosk)))
    root = asn1_x509.Certificate.load(records.keys.root.certificate.public_bytes(Encoding.DER))
    context = ValidationContext(trust_roots=[root], allow_fetching=False, moment=clock.now())
    usage = KeyUsageConstraints({"digital_signature"})
    status = validate_pdf_signature(reader.embedded_signatures[0], context, context, key_usage_settings=usage)
    assert (status.bottom_line, status.coverage) == (True, SignatureCoverageLevel.ENTIRE_FILE)
    assert status.timestamp_validity is not None
    assert status.timestamp_validity.trusted


@pytest.mark.skipif(not (shutil.which("pdfsig") and shutil.which("certutil")), reason="poppler or NSS tools missing")
def test_pdfsig_accepts_it(kiosk: KioskClient, records: Records, tmp_path: Path) -> None:
    (tmp_path / "root.pem").write_text(records.root_pem)
    (tmp_path / "paper.pdf").write_bytes(_issued(kiosk))
    (tmp_path / "nss").mkdir()
    database = f"sql:{tmp_path / 'nss'}"
    subprocess.run(["certutil", "-N", "-d", database, "--empty-password"], check=True)
    root = ["-n", "root", "-t", "CT,C,C", "-a", "-i", str(tmp_path / "root.pem")]
    subprocess.run(["certutil", "-A", "-d", database, *root], check=True)
    command = ["pdfsig", "-nssdir", database, str(tmp_path / "paper.pdf")]
    said = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    assert all(each in said for each in ("Signature is Valid", "Certificate is Trusted", "Total document signed"))


def test_a_seal_while_the_token_is_away_is_had_later(kiosk: KioskClient, records: Records, token: SoftToken) -> None:
    """The digest is remembered first: the same one is signed when the token is back, and never another."""
    reservation = Reservation.model_validate(kiosk.reserved())
    prepared = _prepared(reservation)
    digest = base64.b64encode(prepared.digest).decode("ascii")
    token.unplug()
    refused = kiosk.seal(reservation.serial, digest)
    problem = refused.json()
    assert (refused.status_code, problem["code"], problem["retryable"]) == (500, "internal", True)
    assert (refused.headers["Retry-After"], problem["detail"]) == ("5", "a key that signs papers can't be used now")
    token.plug_in()
    assert kiosk.seal(reservation.serial, digest_of("another page")).json()["code"] == "already-sealed"
    paper = prepared.fill(base64.b64decode(kiosk.seal(reservation.serial, digest).json()["cms"]))
    assert _outcome(paper, records) is Outcome.GENUINE


def test_a_reservation_while_the_token_is_away_is_had_later(kiosk: KioskClient, token: SoftToken) -> None:
    """By the same key when it is back, with the one serial that it led to."""
    subject = kiosk.prove()
    token.unplug()
    refused = kiosk.reserve(subject, "key-of-this-reservation")
    assert (refused.status_code, refused.json()["retryable"]) == (500, True)
    token.plug_in()
    answer = kiosk.reserve(subject, "key-of-this-reservation")
    assert (answer.status_code, answer.json()["serial"][-9:-3]) == (201, "000001")


def test_what_signs_nothing_goes_on_without_the_token(kiosk: KioskClient, token: SoftToken) -> None:
    """Who has a paper can still have it checked."""
    reservation = Reservation.model_validate(kiosk.reserved())
    token.unplug()
    assert kiosk.identify(visit="visit-0002")["subject"]
    assert kiosk.post("/v1/verifications", {"code": reservation.code}).json()["standing"] == "not-yet"
    assert kiosk.get("/v1/trust").is_success


@pytest.mark.parametrize("name", SIGNERS)
def test_a_key_is_rotated_beside_the_running_service(
    name: str, kiosk: KioskClient, records: Records, token: SoftToken, command: Callable[..., int]
) -> None:
    """By another process in truth: the earlier key is gone from the token, its papers stay genuine."""
    first, before = _issued(kiosk), {str(each) for each in token.private_keys()}
    assert command("rotate", name) == 0
    assert [_outcome(each, records) for each in (first, _issued(kiosk, "visit-0002"))] == [Outcome.GENUINE] * 2
    after = {str(each) for each in token.private_keys()}
    assert (len(after), len(after - before)) == (len(SIGNERS), 1)


def test_a_key_revoked_beside_the_running_service_signs_no_more(
    kiosk: KioskClient, records: Records, clock: StillClock
) -> None:
    first = _issued(kiosk)
    clock.pass_by(60)
    store = records.key_store
    revoked = key_changes.revoke(
        store.folder, "document", clock.now(), ReasonFlags.key_compromise, clock.now(), store.token
    )
    clock.pass_by(60)
    second = _issued(kiosk, "visit-0002")
    assert [_outcome(each, records) for each in (first, second)] == [Outcome.GENUINE, Outcome.GENUINE]
    assert _signer(second) != revoked.serial_number
    assert _signer(first) == revoked.serial_number


def _signer(paper: bytes) -> int:
    serial: int = PdfFileReader(io.BytesIO(paper)).embedded_signatures[0].signer_cert.serial_number
    return serial


def test_a_key_revoked_while_its_token_is_away_signs_nothing_when_it_is_back(
    kiosk: KioskClient, records: Records, token: SoftToken, command: Callable[..., int], capsys: Capture
) -> None:
    """No successor can be made then; the revocation is in force and in the audit all the same."""
    reservation = Reservation.model_validate(kiosk.reserved())
    token.unplug()
    assert command("revoke", "document") == 0
    assert "It has no successor yet" in capsys.readouterr().out
    assert kiosk.seal(reservation.serial).json()["retryable"]
    token.plug_in()
    assert kiosk.seal(reservation.serial).json()["retryable"]
    assert command("rotate", "document") == 0
    assert kiosk.seal(reservation.serial).is_success
    assert len(records.keys.revoked) == 1
    with records.database.reading() as transaction:
        done = [each["action"] for each in audit.latest(transaction, 10)]
    assert "key-revoked" in done


def test_a_key_is_brought_back_into_a_file(kiosk: KioskClient, records: Records, clock: StillClock) -> None:
    """The next one is made where the settings say; the earlier one stays in the token and signs nothing."""
    key_changes.rotate(records.key_store.folder, "document", clock.now())
    assert records.keys.document.place == "in a file"
    assert _outcome(_issued(kiosk), records) is Outcome.GENUINE


def test_a_first_run_makes_its_keys_in_the_token(token: SoftToken, tmp_path: Path, clock: StillClock) -> None:
    """None of them was ever in a file; root, devices and policy are."""
    write_pin(tmp_path, PIN)
    made = keys.create_missing(tmp_path / "keys", clock.now(), _token(tmp_path))
    ring = keys.load(tmp_path / "keys", _token(tmp_path))
    assert made
    assert {each.place for each in (ring.document, ring.code, ring.timestamp)} == {"in token lamplight"}
    assert len(token.private_keys()) == len(SIGNERS)
    for each in (ring.document, ring.code, ring.timestamp):
        each.certificate.verify_directly_issued_by(ring.root.certificate)


def _token(folder: Path) -> Token | None:
    return token_of(folder, token_settings())


def test_the_service_starts_without_its_token_and_says_so(folder: Path, token: SoftToken, clock: StillClock) -> None:
    token.unplug()
    said: list[str] = []
    installation.prepare(folder, clock, said.append).database.close()
    assert (
        "No paper can be signed now: there is no token lamplight: plug it in, or correct its label in records.toml."
        in said
    )
    token.plug_in()
    installation.prepare(folder, clock, said.append).database.close()
    assert "The token lamplight is ready: SoftHSM project SoftHSM v2." in said


def test_the_list_names_the_kind_of_signature_and_where_its_key_is(
    folder: Path, token: SoftToken, command: Callable[..., int], capsys: Capture
) -> None:
    """Neither more than it is, nor the PIN."""
    assert command("list") == 0
    said = capsys.readouterr().out
    assert (
        "PAdES B-LT digital signature with a seal image, made by a key in token lamplight; not a GB/T 38540 SM2" in said
    )
    assert said.count("  in token lamplight\n") == len(SIGNERS)
    assert "The token lamplight is ready" in said
    token.unplug()
    assert command("list") == 0
    said = capsys.readouterr().out
    assert "No paper can be signed now: there is no token lamplight" in said
    assert PIN not in said + (folder / settings.FILE_NAME).read_text("utf-8")


def test_a_token_without_a_module_is_no_setting(folder: Path) -> None:
    chosen = settings.load(folder).model_dump(mode="json")
    chosen["keys"]["module"] = ""
    (folder / settings.FILE_NAME).write_text(tomli_w.dumps(chosen), "utf-8")
    with pytest.raises(SettingsError, match="module and token go together"):
        settings.load(folder)
