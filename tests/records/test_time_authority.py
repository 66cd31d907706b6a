"""An authority outside, with a chain of its own that records know nothing of: openssl gives its stamps."""

import base64
import io
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import tomli_w
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext

from backend_client.contract.papers import Reservation
from civic.clock import SystemClock
from forms.errors import TimeStampError
from forms.render import render
from forms.signature import Evidence, prepare
from forms.timestamp import carried, query, token_of
from records import certificates, installation, keys, settings
from records.certificates import Authority
from records.context import Records
from records.errors import RefusedError
from records.services import time_authority, timestamps, validation
from tests.support.records_client import KioskClient

_CONFIGURATION = """
[tsa]
default_tsa = outside
[outside]
serial = {folder}/serial
default_policy = 1.2.3.4
digests = sha256
signer_digest = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""


class Outside:
    """A root, an authority below it, and the key that stamps."""

    def __init__(self, folder: Path) -> None:
        now = SystemClock().now() - timedelta(days=1)
        self.root = _authority("outside root", None, certificates.ROOT, now)
        self.between = _authority("outside authority", self.root, certificates.DEVICE_AUTHORITY, now)
        self.stamper = _authority("outside stamps", self.between, certificates.TIME_STAMPS, now)
        self._folder, self.answers = folder, True
        folder.mkdir()
        (folder / "configuration").write_text(_CONFIGURATION.format(folder=folder), "ascii")
        (folder / "serial").write_text("01\n", "ascii")
        (folder / "key.pem").write_bytes(keys.private_pem(self.stamper.key))
        (folder / "signer.pem").write_text(keys.pem(self.stamper.certificate), "ascii")
        (folder / "chain.pem").write_text(keys.pem(self.between.certificate), "ascii")

    def reply(self, request: bytes) -> bytes:
        """Its TimeStampResp, if it answers; the token holds the stamping certificate and the one between."""
        if not self.answers:
            return b""
        (self._folder / "asked").write_bytes(request)
        given = {"-queryfile": "asked", "-signer": "signer.pem", "-inkey": "key.pem", "-chain": "chain.pem"}
        given |= {"-config": "configuration", "-out": "reply"}
        words = [word for option, name in given.items() for word in (option, str(self._folder / name))]
        subprocess.run(["openssl", "ts", "-reply", *words], check=True, capture_output=True)
        return (self._folder / "reply").read_bytes()


def _authority(name: str, above: Authority | None, profile: certificates.Profile, now: Any) -> Authority:
    key, subject = ec.generate_private_key(ec.SECP256R1()), certificates.name(name, "outside")
    if above is None:
        return Authority(key, certificates.self_signed(key, subject, now))
    return Authority(key, certificates.issue(above, key.public_key(), subject, profile, now))


@pytest.fixture
def outside(records: Records, tmp_path: Path) -> Iterator[Outside]:
    """Return the authority, by HTTP, and the one of the settings."""
    authority = Outside(tmp_path / "outside")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            reply = authority.reply(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        _choose(records, f"http://127.0.0.1:{server.server_port}/")
        yield authority
        server.shutdown()
        thread.join()


def _choose(records: Records, url: str) -> None:
    chosen = records.settings.timestamps.model_copy(update={"url": url})
    object.__setattr__(records, "settings", records.settings.model_copy(update={"timestamps": chosen}))


def _issued(kiosk: KioskClient, visit: str = "visit-0001") -> PdfFileReader:
    reservation = Reservation.model_validate(kiosk.reserved(visit=visit))
    evidence = Evidence.from_base64(reservation.validation.certificates, reservation.validation.revocation_lists)
    prepared = prepare(render(reservation.paper, reservation.code), reservation.paper.issued_at, evidence)
    answer = kiosk.seal(reservation.serial, base64.b64encode(prepared.digest).decode("ascii"))
    return PdfFileReader(io.BytesIO(prepared.fill(base64.b64decode(answer.json()["cms"]))))


def _stored(paper: PdfFileReader) -> set[bytes]:
    """The certificates of its document security store."""
    return {bytes(each.get_object().data) for each in DocumentSecurityStore.read_dss(paper).certs.values()}


def _der(authority: Authority) -> bytes:
    return authority.certificate.public_bytes(Encoding.DER)


def test_a_paper_carries_the_chain_of_an_authority_outside(
    kiosk: KioskClient, records: Records, outside: Outside
) -> None:
    """As the stamp before brought it: records ask for one at their start, so that the first paper has it too."""
    timestamps.ask_outside(records)
    paper = _issued(kiosk)
    assert {_der(outside.between), _der(outside.stamper)} <= _stored(paper)
    assert records.keys.timestamp.certificate.public_bytes(Encoding.DER) not in _stored(paper)
    roots = [asn1_x509.Certificate.load(_der(each)) for each in (records.keys.root, outside.root)]
    context = ValidationContext(trust_roots=roots, allow_fetching=False)
    usage = KeyUsageConstraints({"digital_signature"})
    status = validate_pdf_signature(paper.embedded_signatures[0], context, context, key_usage_settings=usage)
    assert status.timestamp_validity is not None
    assert (status.timestamp_validity.intact, status.timestamp_validity.trusted) == (True, True)


def test_before_its_first_stamp_a_paper_has_its_own_alone(
    kiosk: KioskClient, records: Records, outside: Outside
) -> None:
    """The stamp inside its signature holds the chain all the same; the next paper's store has it as well."""
    first, second = _issued(kiosk), _issued(kiosk, "visit-0002")
    assert _stored(first) == {_der(records.keys.root), records.keys.document.certificate.public_bytes(Encoding.DER)}
    assert _stored(second) - _stored(first) == {_der(outside.between), _der(outside.stamper)}


def test_records_ask_for_a_stamp_at_their_start(folder: Path, records: Records, outside: Outside) -> None:
    """The service starts all the same when there is none, and says what can't be done."""
    url, said = records.settings.timestamps.url, list[str]()
    chosen = settings.load(folder).model_copy(update={"timestamps": records.settings.timestamps})
    (folder / settings.FILE_NAME).write_text(tomli_w.dumps(chosen.model_dump(mode="json")), "utf-8")
    installation.prepare(folder, records.clock, said.append).database.close()
    assert f"The time-stamp authority at {url} answers." in said
    assert len(time_authority.remembered(records).certificates) == 2
    outside.answers = False
    installation.prepare(folder, records.clock, said.append).database.close()
    assert f"No paper can be signed now: the time-stamp authority at {url} gives no time stamp." in said


@pytest.mark.usefixtures("outside")
def test_what_one_authority_brought_is_not_said_of_another(records: Records) -> None:
    timestamps.ask_outside(records)
    assert len(validation.material(records).certificates) == 4
    _choose(records, "http://127.0.0.1:9/elsewhere")
    assert len(validation.material(records).certificates) == 2
    with pytest.raises(RefusedError, match="gave no time stamp"):
        timestamps.ask_outside(records)
    _choose(records, "")
    assert len(validation.material(records).certificates) == 3


@pytest.mark.usefixtures("outside")
def test_what_is_remembered_is_written_when_it_is_news(records: Records) -> None:
    """Not with each paper."""
    timestamps.ask_outside(records)
    path = records.folder / "time-authority.json"
    before = path.stat()
    timestamps.ask_outside(records)
    assert path.stat().st_ino == before.st_ino
    path.write_text("{}", "ascii")
    assert time_authority.remembered(records).certificates == ()
    timestamps.ask_outside(records)
    assert len(time_authority.remembered(records).certificates) == 2


@pytest.mark.usefixtures("outside")
def test_too_long_a_chain_is_left(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each paper would carry it."""
    monkeypatch.setattr(time_authority, "_LARGEST", 1000)
    timestamps.ask_outside(records)
    assert time_authority.remembered(records).certificates == ()


def test_only_certificates_are_taken_from_a_token(outside: Outside) -> None:
    """In the order in which they came."""
    token = token_of(outside.reply(query(b"data", 7)), b"data", 7)
    found, lists = carried(token)
    assert {x509.load_der_x509_certificate(each).subject.rfc4514_string() for each in found} == {
        each.certificate.subject.rfc4514_string() for each in (outside.between, outside.stamper)
    }
    assert lists == ()
    for broken in (b"", b"hello", token[:-1], b"\x30\x00"):
        with pytest.raises(TimeStampError):
            carried(broken)
