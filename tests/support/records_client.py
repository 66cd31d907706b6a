"""Records in this process, and devices that speak to them: quick, and without a network.

Every refusal that passes here is compared with the OpenAPI description: one that is not documented fails the test.
"""

import base64
import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, ClassVar
from uuid import uuid4

import httpx2
from anyio.from_thread import BlockingPortal
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from fastapi import FastAPI
from starlette.testclient import TestClient

from backend_client.contract.devices import DeviceKind, Enrolled, EnrolmentPending, EnrolmentRequest
from backend_client.statement import subject_hash
from records.api.edge import App
from records.app import api, application
from records.context import Records
from records.services import enrolment, proof
from records.store import devices, visits
from records.store.devices import DeviceRow
from records.tls import EXTENSION, Peer, serial_text
from tests.support.in_process import client_of

MEDIA_TYPE = "application/problem+json"
VISIT = "visit-0001"


@dataclass(frozen=True)
class Card:
    """What a made-up resident's card says."""

    name: str
    id_number: str
    birth_date: date
    valid_until: date | None = None

    def evidence(self, visit: str = VISIT) -> dict[str, Any]:
        """The body of an identification."""
        return {
            "kind": "resident_card",
            "visit": visit,
            "name": self.name,
            "id_number": self.id_number,
            "birth_date": self.birth_date.isoformat(),
            "valid_until": self.valid_until.isoformat() if self.valid_until else None,
        }


DENG = Card("张明灯", "990101198603140019", date(1986, 3, 14), date(2038, 5, 2))
LAN = Card("李若兰", "990101199109230021", date(1991, 9, 23), date(2040, 11, 16))
RARE = Card("䶮𫖳晓", "990101197912050039", date(1979, 12, 5), date(2039, 1, 8))
EXPIRED = Card("赵远归", "990101199502180059", date(1995, 2, 18), date(2024, 8, 25))
UNCLEAR = Card("孙两可", "990101198310090062", date(1983, 10, 9), date(2036, 6, 30))
SENIOR = Card("陈守静", "990101194807300047", date(1948, 7, 30))
LATE = Card("吴长安", "990101195104170068", date(1951, 4, 17))
CHILD = Card("周小满", "990101201411220078", date(2014, 11, 22), date(2028, 6, 12))
CHANGED = Card("郑新禾", "990101198808260081", date(1988, 8, 26), date(2037, 9, 1))
WIFE = Card("许安宁", "990101198805190022", date(1988, 5, 19), date(2039, 7, 22))
DAUGHTER = Card("张小灯", "99010120160908004X", date(2016, 9, 8), date(2028, 8, 14))
MOTHER = Card("林月华", "990101195811010063", date(1958, 11, 1))
GUEST = Card("何远行", "990101199206240133", date(1992, 6, 24), date(2038, 10, 9))
NOBODYS_NUMBER = "99010119700101001X"


def typed(number: str = DENG.id_number, visit: str = VISIT) -> dict[str, Any]:
    """The body of an identification by a typed number."""
    return {"kind": "number", "visit": visit, "id_number": number}


def travel(number: str = "EA0000014", visit: str = VISIT, **changes: Any) -> dict[str, Any]:
    """The body of an identification by the first resident's passport, with changes."""
    passport = {
        "kind": "passport",
        "visit": visit,
        "issuing_state": "CHN",
        "number": number,
        "name": "ZHANG MINGDENG",
        "birth_date": "1986-03-14",
        "valid_until": "2031-01-01",
        "signer": "C=CN, CN=Specimen signer",
    }
    return {**passport, **changes}


def csr(key: ec.EllipticCurvePrivateKey) -> str:
    """A PKCS#10 request for ``key``."""
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, hashes.SHA256())
    return request.public_bytes(Encoding.PEM).decode("ascii")


def digest_of(text: str) -> str:
    """A digest as the contract wants it."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


def statement(subject: str, visit: str = VISIT, **changes: Any) -> dict[str, Any]:
    """A statement that a card's holder was compared with records' portrait and recognised, with changes."""
    passed = {
        "subject": subject_hash(subject),
        "visit": visit,
        "at": "2026-11-22T15:05:00Z",
        "document": "resident_card",
        "checks": ["chip", "liveness", "face"],
        "reference": "records",
        "band": "far-above",
        "threshold": 0.461,
        "false_match_rate": 0.0001,
        "model": "sface",
        "passive_model": "",
        "challenge": "turn-left:live",
        "consent": {"notice": "2026-11", "given": True, "at": "2026-11-22T15:05:00Z"},
        "simulated": True,
    }
    return {**passed, **changes}


def live(subject: str, visit: str = VISIT, **changes: Any) -> dict[str, Any]:
    """A statement that somebody alive stands there who typed a number; no face was compared."""
    nothing = {"reference": "none", "band": "none", "threshold": 0.0, "false_match_rate": 0.0}
    return statement(subject, visit, **{"document": "number", "checks": ["liveness"], **nothing, **changes})


def other_face(subject: str, visit: str = VISIT, **changes: Any) -> dict[str, Any]:
    """What a kiosk says when the face is not the portrait's."""
    seen = {"document": "number", "checks": ["liveness"], "band": "below"}
    return statement(subject, visit, **{**seen, **changes})


def signed(key: ec.EllipticCurvePrivateKey, said: dict[str, Any]) -> dict[str, str]:
    """A statement as a device sends it."""
    payload = json.dumps(said).encode()
    signature = key.sign(payload, ec.ECDSA(hashes.SHA256()))
    return {name: base64.b64encode(data).decode() for name, data in (("payload", payload), ("signature", signature))}


class Client:
    """A connection whose other end holds ``peer``'s certificate (None: none).

    ``portal``: one event loop for all of them, where a test session keeps one; else each request makes its own.
    """

    portal: ClassVar[BlockingPortal | None] = None

    def __init__(self, records: Records, peer: Peer | None) -> None:
        self._of = records, peer

    @cached_property
    def _http(self) -> TestClient:
        """Made when something is asked: a test that calls services alone needs no application."""
        records, peer = self._of
        app = _with_peer(application(records, routes_of(records)), peer)
        return client_of(app, self.portal, "https://records")

    def send(self, method: str, path: str, body: object = None, key: str = "", **more: str) -> httpx2.Response:
        """One request; a refusal must be a documented problem detail. ``more``: headers, as ``If_Match``."""
        headers = {"Idempotency-Key": key} if key else {}
        headers |= {name.replace("_", "-"): value for name, value in more.items()}
        answer: httpx2.Response = self._http.request(method, path, json=body, headers=headers)
        if answer.is_error:
            self._check(method, path, answer)
        return answer

    def upload(self, path: str, content: bytes, **headers: str) -> httpx2.Response:
        """Send bytes; a refusal must be a documented problem detail."""
        answer: httpx2.Response = self._http.put(path, content=content, headers=headers)
        if answer.is_error:
            self._check("PUT", path, answer)
        return answer

    def post(self, path: str, body: object = None, key: str = "") -> httpx2.Response:
        return self.send("POST", path, body, key)

    def get(self, path: str) -> httpx2.Response:
        return self.send("GET", path)

    def ask(self, path: str, headers: dict[str, str]) -> httpx2.Response:
        """A GET under conditions."""
        return self._http.request("GET", path, headers=headers)

    def _check(self, method: str, path: str, answer: httpx2.Response) -> None:
        assert answer.headers["content-type"] == MEDIA_TYPE
        problem = answer.json()
        assert problem["status"] == answer.status_code
        known = [codes for pattern, codes in documented_problems(self._of[0]) if pattern.fullmatch(f"{method} {path}")]
        assert not known or problem["code"] in known[0], f"{method} {path} does not document {problem['code']}"


@dataclass(frozen=True)
class Known:
    """What makes a device known again, in a copy of the records that let it in."""

    key: ec.EllipticCurvePrivateKey
    peer: Peer


class KioskClient(Client):
    """An enrolled device, with the steps of a visit."""

    def __init__(self, records: Records, kind: DeviceKind = DeviceKind.KIOSK, *, like: "Known | None" = None) -> None:
        """``like``: these records, or those that they were copied from, know it already."""
        self.key = like.key if like else ec.generate_private_key(ec.SECP256R1())
        self.clock = records.clock
        self.device_id, peer = (like.peer.device_id, like.peer) if like else enrolled(records, kind, self.key)
        self.known = Known(self.key, peer)
        self.records = records
        super().__init__(records, peer)

    @cached_property
    def device(self) -> DeviceRow:
        """This device, for calling what stands behind the routes."""
        with self.records.database.reading() as transaction:
            row = devices.by_id(transaction, self.device_id)
        assert row is not None
        return row

    def identify(self, card: Card = DENG, visit: str = VISIT, key: str = "") -> dict[str, Any]:
        return self.identified(card.evidence(visit), key)

    def identified(self, evidence: dict[str, Any], key: str = "") -> dict[str, Any]:
        """The answer to whatever evidence."""
        answer = self.post("/v1/identifications", evidence, key)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def portrait(self, subject: str, said: dict[str, Any] | None = None, key: str = "") -> httpx2.Response:
        """Ask for the portrait; ``said``: the statement of a live face, for a typed number."""
        body = {"live": self.sign(said) if said else None}
        return self.post(f"/v1/identifications/{subject}/portrait", body, key)

    def state(self, subject: str, said: dict[str, Any]) -> httpx2.Response:
        """Send an identity statement, signed."""
        return self.post(f"/v1/identifications/{subject}/statement", self.sign(said))

    def sign(self, said: dict[str, Any]) -> dict[str, str]:
        """Sign as this device; what is not dated on purpose is said now."""
        on_time = said["at"] == "2026-11-22T15:05:00Z"
        return signed(self.key, {**said, "at": self.clock.now().isoformat()} if on_time else said)

    def prove(self, card: Card = DENG, visit: str = VISIT) -> str:
        """The subject of a visit whose identity is proven."""
        subject = str(self.identify(card, visit)["subject"])
        assert self.portrait(subject).status_code == 200
        assert self.state(subject, statement(subject, visit)).status_code == 200
        return subject

    def vouched(self, card: Card, visit: str = VISIT) -> str:
        """The subject of a visit whose identity an officer has confirmed: for who has no portrait in the records."""
        subject = str(self.identify(card, visit)["subject"])
        with self.records.database.writing() as transaction:
            row = visits.by_subject(transaction, subject_hash(subject))
            assert row is not None
            proof.grant(self.records, transaction, row, proof.BY_OFFICER)
        return subject

    def record(self, subject: str, person: str = "") -> dict[str, Any]:
        """The own row, or a child's."""
        answer = self.post(f"/v1/identifications/{subject}/record", {"person": person} if person else None)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def reserve(self, subject: str, key: str = "", **changes: Any) -> httpx2.Response:
        body = {"subject": subject, "kind": "household_certificate", "purpose": "move_hukou", **changes}
        return self.post("/v1/papers", body, key or new_key())

    def reserved(self, card: Card = DENG, visit: str = VISIT) -> dict[str, Any]:
        """A reservation of a new visit."""
        answer = self.reserve(self.prove(card, visit))
        assert answer.status_code == 201, answer.text
        reservation: dict[str, Any] = answer.json()
        return reservation

    def seal(self, serial: str, digest: str = "", key: str = "") -> httpx2.Response:
        return self.post(f"/v1/papers/{serial}/seal", {"digest": digest or digest_of("page")}, key or new_key())

    def delivered(self, serial: str, key: str = "") -> httpx2.Response:
        return self.post(f"/v1/papers/{serial}/delivered", key=key or new_key())

    def void(self, serial: str, reason: str = "not-printed", key: str = "") -> httpx2.Response:
        return self.post(f"/v1/papers/{serial}/void", {"reason": reason}, key or new_key())

    def void_reservation(self, key: str, reason: str = "abandoned") -> httpx2.Response:
        return self.post(f"/v1/reservations/{key}/void", {"reason": reason}, new_key())


def new_key() -> str:
    return str(uuid4())


def enrolled(
    records: Records, kind: DeviceKind = DeviceKind.KIOSK, own: ec.EllipticCurvePrivateKey | None = None
) -> tuple[str, Peer]:
    """A new device: its number, and what TLS would tell of it."""
    key = own or ec.generate_private_key(ec.SECP256R1())
    code = enrolment.new_code(records, kind, "here")
    request = EnrolmentRequest(code=code, kind=kind, csr_pem=csr(key))
    told = enrolment.enrol(records, request)
    assert isinstance(told, EnrolmentPending)
    enrolment.approve(records, told.fingerprint)
    answer = enrolment.enrol(records, request)
    assert isinstance(answer, Enrolled)
    certificate = x509.load_pem_x509_certificate(answer.certificate_pem.encode("ascii"))
    return answer.device_id, Peer(answer.device_id, serial_text(certificate.serial_number))


def routes_of(records: Records) -> FastAPI:
    """As one service has them: the same for everybody who asks these records. They are made anew for others."""
    if not (_ROUTES and _ROUTES[0][0] is records):
        _ROUTES[:] = [(records, api(records))]
    return _ROUTES[0][1]


_ROUTES: list[tuple[Records, FastAPI]] = []


def documented_problems(records: Records) -> list[tuple[re.Pattern[str], set[str]]]:
    """For each route, the problem codes that its description names. (The same whatever the records.)"""
    if not _DOCUMENTED:
        _DOCUMENTED.extend(_described(api(records).openapi()))
    return _DOCUMENTED


_DOCUMENTED: list[tuple[re.Pattern[str], set[str]]] = []


def _described(description: dict[str, Any]) -> list[tuple[re.Pattern[str], set[str]]]:
    routes = []
    for path, methods in description["paths"].items():
        for method, route in methods.items():
            pattern = re.compile(f"{method.upper()} " + re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path)))
            routes.append((pattern, set(_codes(route["responses"].values()))))
    return routes


def _codes(responses: Iterable[dict[str, Any]]) -> list[str]:
    return [code for each in responses for code in re.findall(r"`([a-z-]+)`", each["description"])]


_Receive = Callable[[], Awaitable[Any]]
_Send = Callable[[Any], Awaitable[None]]


def _with_peer(app: App, peer: Peer | None) -> Callable[[Any, _Receive, _Send], Awaitable[None]]:
    """What uvicorn's protocol does on a real connection."""

    async def wrapped(scope: Any, receive: _Receive, send: _Send) -> None:
        scope["extensions"] = {EXTENSION: peer}
        await app(scope, receive, send)

    return wrapped
