"""The real service in its own process: TLS, devices, slow clients, sudden ends, and a log without anybody in it."""

import json
import re
import socket
import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import ec

from backend_client.contract.identity import IdentityStatement
from backend_client.contract.papers import Reserve
from backend_client.contract.persons import CardEvidence, DwellingRequest, NumberEvidence, TravelEvidence
from backend_client.device_files import DeviceIdentity
from backend_client.errors import DeviceRevokedError, RecordsRefusedError
from backend_client.session import RecordsSession
from backend_client.statement import StatementSigner
from civic.clock import SystemClock
from forms.paper import HouseholdCertificate, PaperKind
from records import certificates, keys
from records.server import bound
from tests.support.records_client import DENG, LAN, statement, travel, typed
from tests.support.records_server import RecordsServer, running_records

THREADS = 8


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RecordsServer]:
    with running_records(tmp_path_factory.mktemp("server")) as started:
        yield started


@pytest.fixture(scope="module")
def identity(server: RecordsServer) -> DeviceIdentity:
    return server.enrol()


@pytest.fixture
def session(server: RecordsServer, identity: DeviceIdentity) -> Iterator[RecordsSession]:
    opened = RecordsSession(server.url, server.root_pem, identity.certificate, identity.key)
    yield opened
    opened.close()


@pytest.fixture
def proven(session: RecordsSession, identity: DeviceIdentity) -> Callable[[], str]:
    """From card to proof, as a kiosk does it."""
    signer = StatementSigner(identity.key)

    def one() -> str:
        visit = str(uuid4())
        subject = session.identify(CardEvidence.model_validate(DENG.evidence(visit))).subject
        assert session.portrait(subject).reveal().startswith(b"\xff\xd8")
        said = statement(subject, visit, at=SystemClock().now().isoformat())
        assert (
            session.prove(subject, signer.sign(IdentityStatement.model_validate_json(json.dumps(said)))).tries is None
        )
        return subject

    return one


def _reserve(subject: str) -> Reserve:
    return Reserve(subject=subject, kind=PaperKind.HOUSEHOLD_CERTIFICATE, purpose="move_hukou")


def test_a_device_does_its_work_over_mutual_tls(session: RecordsSession, proven: Callable[[], str]) -> None:
    """From the card to a reserved serial, through the client that kiosks use."""
    reservation = session.reserve(_reserve(proven()), uuid4())
    assert reservation.paper.name == DENG.name


def test_a_family_and_a_flat_are_asked_for_over_the_wire(session: RecordsSession, proven: Callable[[], str]) -> None:
    """Each step of the client meets its route: the child's record, its paper, a door, a receipt for living there."""
    subject = proven()
    (child,) = session.record(subject).children
    assert session.record(subject, child.handle).relation == "女"
    paper = session.reserve(_reserve(subject).model_copy(update={"person": child.handle}), uuid4()).paper
    assert isinstance(paper, HouseholdCertificate)
    assert paper.applicant
    flat = session.dwelling(DwellingRequest(building="1", unit="1", room="302"))
    asked = Reserve(subject=subject, kind=PaperKind.RESIDENCE_RECEIPT, purpose="declare", dwelling=flat.id)
    assert session.reserve(asked, uuid4()).paper.kind is PaperKind.RESIDENCE_RECEIPT
    with pytest.raises(RecordsRefusedError) as refused:
        session.dwelling(DwellingRequest(building="99", unit="1", room="302"))
    assert refused.value.code == "records-dwelling-unknown"


def test_no_answer_waits_for_the_network_to_be_polite() -> None:
    """Nagle's algorithm is off on every connection: with it each answer over TLS came 40 ms late."""
    with bound("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_without_a_certificate_the_open_routes_answer_and_the_others_do_not(server: RecordsServer) -> None:
    root = str(server.root_pem)
    assert requests.get(f"{server.url}/v1/trust", verify=root, timeout=5).status_code == 200
    refused = requests.get(f"{server.url}/v1/policy", verify=root, timeout=5)
    assert (refused.status_code, refused.json()["code"]) == (401, "certificate-unknown")


def test_a_certificate_of_another_authority_ends_the_handshake(server: RecordsServer, tmp_path: Path) -> None:
    """Even one of the service's own root: only the device authority opens this door."""
    ring = keys.load(server.folder / "keys")
    key, now = ec.generate_private_key(ec.SECP256R1()), SystemClock().now()
    subject = certificates.name("kiosk-0001", "elsewhere", "pingandeng")
    own_authority = certificates.Authority(key, certificates.self_signed(key, subject, now))
    for authority in (own_authority, ring.root):
        certificate = certificates.issue(authority, key.public_key(), subject, certificates.DEVICE, now)
        (tmp_path / "pair.pem").write_bytes(keys.private_pem(key) + keys.pem(certificate).encode())
        with pytest.raises(requests.ConnectionError):
            requests.get(
                f"{server.url}/v1/policy", verify=str(server.root_pem), cert=str(tmp_path / "pair.pem"), timeout=5
            )


def test_nobody_signs_in_from_an_address_that_they_made_up(server: RecordsServer) -> None:
    """No proxy can stand before a service that asks for certificates: who says so is not believed."""
    with requests.Session() as browser:
        browser.trust_env, browser.verify = False, str(server.root_pem)
        door = f"{server.url}/console/sign-in"
        token = re.findall(r'name="form_token" value="(\w+)"', browser.get(door, timeout=5).text)[-1]
        typed = {"form_token": token, "account": "nobody", "password": "x", "code": "000000"}
        refused = browser.post(door, typed, headers={"X-Forwarded-For": "203.0.113.7"}, timeout=5)
    assert refused.status_code == 403
    assert "address=127.0.0.1" in server.cli("audit", "--show", "1")


def test_older_tls_is_refused(server: RecordsServer) -> None:
    context = ssl.create_default_context(cafile=str(server.root_pem))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with (
        socket.create_connection(("127.0.0.1", server.port), timeout=5) as plain,
        pytest.raises(ssl.SSLError),
        context.wrap_socket(plain, server_hostname="localhost"),
    ):
        pass


def test_revoking_ends_an_open_connection_too(server: RecordsServer) -> None:
    """By the command line, while the service runs."""
    other = server.enrol()
    opened = RecordsSession(server.url, server.root_pem, other.certificate, other.key)
    assert opened.policy().key_id
    server.cli("revoke", other.device_id)
    with pytest.raises(DeviceRevokedError):
        opened.policy()
    opened.close()


def test_slow_clients_hold_nobody_up(server: RecordsServer, session: RecordsSession) -> None:
    """More of them than there are threads, each with half a request sent."""
    context = ssl.create_default_context(cafile=str(server.root_pem))
    half = b"POST /v1/verifications HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"
    slow = []
    for _ in range(50):
        plain = socket.create_connection(("127.0.0.1", server.port), timeout=5)
        slow.append(context.wrap_socket(plain, server_hostname="localhost"))
        slow[-1].sendall(half)
    assert session.policy().key_id
    for each in slow:
        each.close()


def test_threads_with_one_key_reserve_one_serial(
    server: RecordsServer, session: RecordsSession, proven: Callable[[], str]
) -> None:
    """Over the wire, too."""
    request, key = _reserve(proven()), uuid4()
    with ThreadPoolExecutor(THREADS) as pool:
        serials = {each.serial for each in pool.map(lambda _: session.reserve(request, key), range(THREADS))}
    assert len(serials) == 1
    assert serials.pop() in server.cli("papers")


def test_what_was_answered_survives_a_sudden_end(
    server: RecordsServer, session: RecordsSession, proven: Callable[[], str]
) -> None:
    """kill -9 right after the answer; the same key then gives the same serial."""
    request, key = _reserve(proven()), uuid4()
    serial = session.reserve(request, key).serial
    server.kill()
    server.start()
    assert session.reserve(request, key).serial == serial


def test_voiding_by_hand_works_while_the_service_runs(
    server: RecordsServer, session: RecordsSession, proven: Callable[[], str]
) -> None:
    reservation = session.reserve(_reserve(proven()), uuid4())
    assert "is void" in server.cli("void", reservation.serial)
    answer = requests.post(
        f"{server.url}/v1/verifications", json={"code": reservation.code}, verify=str(server.root_pem), timeout=5
    )
    assert answer.json()["standing"] == "void"


def test_a_port_that_is_taken_is_said(server: RecordsServer) -> None:
    with pytest.raises(RuntimeError, match=f"records: can't listen on 127.0.0.1 port {server.port}"):
        server.cli("serve", "--port", str(server.port))


def test_the_log_has_nobody_in_it(server: RecordsServer, session: RecordsSession, proven: Callable[[], str]) -> None:
    """Every line of the service's whole life here; also when a client puts a number where none belongs."""
    proven()
    session.identify(NumberEvidence.model_validate(typed(LAN.id_number)))
    session.identify(TravelEvidence.model_validate(travel()))
    with pytest.raises(RecordsRefusedError, match="records-validation"):
        session.identify(NumberEvidence.model_validate(typed(LAN.id_number[:-1] + "9")))
    requests.get(f"{server.url}/v1/persons/{DENG.id_number}?name={DENG.name}", verify=str(server.root_pem), timeout=5)
    log = server.log.read_text("utf-8")
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert {"/v1/identifications", "/v1/papers", "-"} <= {line["route"] for line in lines if "route" in line}
    for personal in (
        DENG.name,
        DENG.id_number,
        LAN.id_number[:-1],
        "EA0000014",
        "MINGDENG",
        "1986",
        "灯火路",
        "%E5%BC%A0",
    ):
        assert personal not in log
