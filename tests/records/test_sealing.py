"""The seal: a signature with its time stamp, on a page that carries all that is needed to check it later."""

import base64
import io
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.settings import KeyUsageConstraints

from backend_client.contract.papers import Reservation
from forms.render import render
from forms.signature import Evidence, Prepared, prepare
from forms.timestamp import MEDIA_QUERY
from forms.verification import Outcome, verify_paper
from records.context import Records
from records.services import timestamps
from tests.support.clocks import StillClock
from tests.support.preflight import complaints
from tests.support.records_client import KioskClient


def _prepared(reservation: Reservation) -> Prepared:
    """What the kiosk does with a reservation."""
    validation = reservation.validation
    evidence = Evidence.from_base64(validation.certificates, validation.revocation_lists)
    return prepare(render(reservation.paper, reservation.code), reservation.paper.issued_at, evidence)


def _issued(kiosk: KioskClient) -> bytes:
    """A paper from first to last."""
    reservation = Reservation.model_validate(kiosk.reserved())
    prepared = _prepared(reservation)
    answer = kiosk.seal(reservation.serial, base64.b64encode(prepared.digest).decode("ascii"))
    return prepared.fill(base64.b64decode(answer.json()["cms"]))


def test_a_paper_is_checked_from_what_it_carries(kiosk: KioskClient, records: Records) -> None:
    """pyHanko believes the root and is given nothing else: certificates, revocation list and stamp are in the file."""
    reader = PdfFileReader(io.BytesIO(_issued(kiosk)))
    root = asn1_x509.Certificate.load(records.keys.root.certificate.public_bytes(Encoding.DER))
    settings = {"trust_roots": [root], "moment": records.clock.now(), "revocation_mode": "require"}
    store: Any = DocumentSecurityStore.read_dss(reader)
    context = store.as_validation_context(settings | {"allow_fetching": False})
    usage = KeyUsageConstraints({"digital_signature"})
    status = validate_pdf_signature(reader.embedded_signatures[0], context, context, key_usage_settings=usage)
    assert (status.bottom_line, status.coverage) == (True, SignatureCoverageLevel.ENTIRE_FILE)
    assert status.timestamp_validity is not None
    assert (status.timestamp_validity.trusted, status.timestamp_validity.timestamp) == (True, records.clock.now())


def test_what_it_carries_is_no_fault_of_an_archived_file(kiosk: KioskClient, tmp_path: Path) -> None:
    """PDF/A-1b in the judgement of PDFBox."""
    assert complaints({"paper": _issued(kiosk)}, tmp_path) == {"paper": []}


def test_a_paper_is_still_as_it_was_when_its_keys_have_ended(kiosk: KioskClient, records: Records) -> None:
    """Expired as a paper, and not altered."""
    document = _issued(kiosk)
    assert verify_paper(document, records.trust, records.clock.now()).outcome is Outcome.GENUINE
    later = records.clock.now() + timedelta(days=20 * 365)
    assert verify_paper(document, records.trust, later).outcome is Outcome.EXPIRED


def test_two_stamps_never_share_a_serial(records: Records) -> None:
    """Each is another one, though the clock stands still."""
    first, second = (timestamps.stamp(records, b"value") for _ in range(2))
    assert first != second


@pytest.fixture
def outside(records: Records) -> Any:
    """An authority outside, by HTTP; its ``body`` goes out in place of a reply when it is set."""

    class Authority(BaseHTTPRequestHandler):
        body: bytes | None = None
        asked = ""

        def do_POST(self) -> None:
            request = self.rfile.read(int(self.headers["Content-Length"]))
            type(self).asked = self.headers["Content-Type"]
            self.send_response(200)
            self.end_headers()
            self.wfile.write(timestamps.answer(records, request) if self.body is None else self.body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Authority) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def _with_authority(records: Records, server: HTTPServer) -> None:
    chosen = records.settings.timestamps.model_copy(update={"url": f"http://127.0.0.1:{server.server_port}/"})
    object.__setattr__(records, "settings", records.settings.model_copy(update={"timestamps": chosen}))


def test_an_authority_outside_is_asked_by_its_protocol(
    kiosk: KioskClient, records: Records, outside: HTTPServer, clock: StillClock
) -> None:
    """RFC 3161, 3.4."""
    _with_authority(records, outside)
    assert verify_paper(_issued(kiosk), records.trust, clock.now()).outcome is Outcome.GENUINE
    handler: Any = outside.RequestHandlerClass
    assert handler.asked == MEDIA_QUERY


@pytest.mark.parametrize("body", [b"", b"hello", bytes(70_000)], ids=["nothing", "nonsense", "too much"])
def test_without_a_stamp_there_is_no_seal(
    body: bytes, kiosk: KioskClient, records: Records, outside: HTTPServer
) -> None:
    """A paper of a lower level than was promised would be one too many; the same digest may be asked for again."""
    handler: Any = outside.RequestHandlerClass
    own, handler.body = records.settings, body
    reservation = Reservation.model_validate(kiosk.reserved())
    digest = base64.b64encode(_prepared(reservation).digest).decode("ascii")
    _with_authority(records, outside)
    refused = kiosk.seal(reservation.serial, digest)
    assert (refused.status_code, refused.json()["code"]) == (500, "internal")
    object.__setattr__(records, "settings", own)
    assert kiosk.seal(reservation.serial, digest).is_success
