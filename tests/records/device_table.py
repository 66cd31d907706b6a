"""Which machine may ask what: every route of the API, as each kind of machine hears it.

    python -m tests.records.device_table

The routes come from the OpenAPI description, the answers from the application. ``ASKED`` says of each who may ask;
a route that is not in it fails the test, so that nobody opens a door without saying so.
"""

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from backend_client.contract.devices import DeviceKind
from records import installation
from records.app import api
from records.context import Records
from records.services import devices as trust
from records.tls import Peer, serial_text
from tests.support.clocks import StillClock
from tests.support.records_client import Client, KioskClient, csr, enrolled
from tests.support.records_server import quick_settings, rules_with, write_settings

ANYBODY, DEVICES, KIOSKS, GATES = "anybody", "devices", "kiosks", "gates"
_REFUSALS: Final = {"certificate-unknown", "device-revoked", "not-permitted"}
_STREAMS: Final = {"GET /v1/changes/hints"}  # whose answer never ends: asked by those alone whom it refuses
_NINETY_DAYS: Final = timedelta(days=90).total_seconds()

ASKED: Final[dict[str, str]] = {
    "GET /health": ANYBODY,
    "GET /health/ready": ANYBODY,
    "POST /v1/enrolments": ANYBODY,
    "POST /v1/verifications": ANYBODY,
    "GET /v1/trust": ANYBODY,
    "GET /v1/trust/carried": ANYBODY,
    "POST /v1/devices/self/certificate": DEVICES,
    "POST /v1/devices/self/heartbeat": DEVICES,
    "GET /v1/policy": DEVICES,
    "GET /v1/changes": DEVICES,
    "GET /v1/changes/snapshot": DEVICES,
    "GET /v1/changes/hints": DEVICES,
    "POST /v1/alarms": DEVICES,
    "GET /v1/alarms/{alarm_id}": DEVICES,
    "POST /v1/intakes": KIOSKS,
    "PUT /v1/blobs/{sha256}": KIOSKS,
    "POST /v1/identifications": KIOSKS,
    "POST /v1/identifications/{subject}/portrait": KIOSKS,
    "POST /v1/identifications/{subject}/statement": KIOSKS,
    "POST /v1/identifications/{subject}/confirmation": KIOSKS,
    "GET /v1/identifications/{subject}/confirmation": KIOSKS,
    "POST /v1/identifications/{subject}/record": KIOSKS,
    "POST /v1/identifications/{subject}/companions": KIOSKS,
    "GET /v1/identifications/{subject}/messages": KIOSKS,
    "GET /v1/identifications/{subject}/tenancies": KIOSKS,
    "GET /v1/identifications/{subject}/contact": KIOSKS,
    "PUT /v1/identifications/{subject}/contact": KIOSKS,
    "DELETE /v1/identifications/{subject}/contact": KIOSKS,
    "POST /v1/identifications/{subject}/contact/code": KIOSKS,
    "POST /v1/identifications/{subject}/slip": KIOSKS,
    "POST /v1/identifications/{subject}/phone": KIOSKS,
    "POST /v1/identifications/{subject}/guest-codes": KIOSKS,
    "GET /v1/gates/self/snapshot": GATES,
    "POST /v1/gates/self/reports": GATES,
    "GET /v1/gates/self/passes-asked": GATES,
    "POST /v1/gates/self/passes/{ask}": GATES,
    "POST /v1/dwellings": KIOSKS,
    "POST /v1/papers": KIOSKS,
    "POST /v1/papers/{serial}/seal": KIOSKS,
    "POST /v1/papers/{serial}/delivered": KIOSKS,
    "POST /v1/papers/{serial}/void": KIOSKS,
    "POST /v1/reservations/{key}/void": KIOSKS,
}


@dataclass(frozen=True, slots=True)
class Machine:
    """Somebody who asks. ``refusal``: what they hear where a certificate is needed; empty: they are let in."""

    name: str
    client: Client
    refusal: str
    is_kiosk: bool = True

    def expected(self, route: str) -> str:
        """What they are to hear at a route: ``yes``, or the problem's code."""
        who = ASKED[route]
        if who == ANYBODY:
            return "yes"
        if self.refusal:
            return self.refusal
        return "yes" if who in {DEVICES, KIOSKS if self.is_kiosk else GATES} else "not-permitted"


def routes(records: Records) -> list[str]:
    """Every route that the description has, as ``METHOD /path``."""
    paths = api(records).openapi()["paths"]
    return [f"{method.upper()} {path}" for path, methods in paths.items() for method in methods]


def machines(records: Records, clock: StillClock, elsewhere: Records) -> Iterator[Machine]:
    """Each kind of machine, made as it comes to be."""
    unknown, gone = "certificate-unknown", "device-revoked"
    old = KioskClient(records)
    clock.pass_by(_NINETY_DAYS)
    yield Machine("no certificate", Client(records, None), unknown)
    yield Machine("kiosk", KioskClient(records), "")
    yield Machine("gate", KioskClient(records, DeviceKind.GATE), "", is_kiosk=False)
    yield Machine("ended", old, unknown)
    before, after = _renewed(records)
    yield Machine("renewed", after, "")
    yield Machine("before renewal", before, unknown)
    yield Machine("another community", Client(records, enrolled(elsewhere)[1]), unknown)
    _, peer = enrolled(records)
    yield Machine("number of another", Client(records, replace(peer, device_id="kiosk-0001")), unknown)
    put_out = KioskClient(records)
    trust.revoke(records, put_out.device_id)
    yield Machine("revoked", put_out, gone)  # the same for whoever has stolen its key
    gate = KioskClient(records, DeviceKind.GATE)
    trust.revoke(records, gate.device_id)
    yield Machine("gate, revoked", gate, gone)
    before, _ = _renewed(records)
    trust.revoke(records, before.device_id)
    yield Machine("revoked, by an old one", before, gone)


def heard(machine: Machine, route: str) -> str:
    """What the machine hears: ``yes`` for whatever is no refusal of the machine itself."""
    method, path = route.split(" ")
    if route in _STREAMS and machine.expected(route) == "yes":
        return "yes"
    answer = machine.client.send(method, re.sub(r"{\w+}", "x", path), None if method == "GET" else {}, "a-key-of-mine")
    code = answer.json()["code"] if answer.is_error else ""
    if code not in _REFUSALS:
        return "yes"
    assert answer.json()["detail"] == ""  # nothing else is told: a problem, and its code
    return str(code)


def table(records: Records, clock: StillClock, elsewhere: Records) -> list[tuple[str, str, str, str]]:
    """(machine, route, expected, heard) for all of them."""
    known = [route for route in routes(records) if route in ASKED]
    return [
        (machine.name, route, machine.expected(route), heard(machine, route))
        for machine in machines(records, clock, elsewhere)
        for route in known
    ]


def _renewed(records: Records) -> tuple[KioskClient, Client]:
    """A kiosk that has used its next certificate: as it was, and as it is."""
    kiosk, key = KioskClient(records), ec.generate_private_key(ec.SECP256R1())
    answer = kiosk.post("/v1/devices/self/certificate", {"csr_pem": csr(key)}).json()
    certificate = x509.load_pem_x509_certificate(answer["certificate_pem"].encode())
    after = Client(records, Peer(answer["device_id"], serial_text(certificate.serial_number)))
    assert after.get("/v1/policy").status_code == 200
    return kiosk, after


def _print() -> None:
    with tempfile.TemporaryDirectory() as folder:
        clock, opened = StillClock(), []
        for name in ("here", "elsewhere"):
            data = Path(folder) / name
            data.mkdir()
            write_settings(data, quick_settings(), rules_with(answer_s=0.5))
            opened.append(installation.prepare(data, clock, lambda _: None))
        rows = table(opened[0], clock, opened[1])
        for records in opened:
            records.database.close()
    names = list(dict.fromkeys(name for name, *_ in rows))
    for number, name in enumerate(names, start=1):
        print(f"{number:2} {name}")
    short = {"yes": "yes", "certificate-unknown": "401", "device-revoked": "403r", "not-permitted": "403"}
    print(f"\n{'':52}" + "".join(f"{number:>5}" for number in range(1, len(names) + 1)))
    for route in dict.fromkeys(route for _, route, *_ in rows):
        cells = [short[told] for _, at, _, told in rows if at == route]
        print(f"{route:52}" + "".join(f"{cell:>5}" for cell in cells))
    wrong = [row for row in rows if row[2] != row[3]]
    print(f"\n{len(rows)} asked, {len(wrong)} not as they should be")


if __name__ == "__main__":
    _print()
