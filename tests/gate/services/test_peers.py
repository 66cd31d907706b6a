"""Which gates are believed, what a stranger gets from the server between gates, and what is said to one: nothing."""

import base64
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from threading import Thread
from time import monotonic, sleep

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from backend_client.contract.gates import Peer, peer_statement
from backend_client.contract.templates import MOST_BODY, OFFERS_PATH, TemplateOffers, TemplatesWanted
from backend_client.device_files import DeviceIdentity
from backend_client.template_seals import seal_key_text
from civic.clock import SystemClock
from gate.services import peer_client, peer_server
from gate.services.peer_client import PeerClient, PeerStrangerError, PeerUnreachableError
from gate.services.peer_tls import client_context, server_context
from gate.services.peers import PeerBook, PeerRefusedError, known_peer
from gate.services.sharing import HEALTH
from records import certificates
from records.certificates import Authority
from records.keys import pem, private_pem
from tests.gate.site import Community, GateThere, right, site
from tests.support.clocks import NOW, StillClock

NOTHING = TemplateOffers(offers=())


@pytest.fixture(scope="module")
def gates(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[GateThere]]:
    """Two that know each other, and one that neither knows; the first one answers."""
    with site(tmp_path_factory.mktemp("site") / "gates", "south", "unit-5", "stolen") as found:
        south, five, _ = found
        south.hears(right(1), others=(five,))
        five.hears(right(1), others=(south,))
        south.sharing.server.clock = SystemClock()  # a request's time is the network's
        south.up()
        yield found


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GateThere]:
    """A gate of another community, by the same name as one of ours."""
    with site(tmp_path_factory.mktemp("other") / "gates", "unit-5") as (gate,):
        yield gate


def asks(asker: GateThere, asked: GateThere) -> TemplatesWanted:
    return PeerClient(asker.identity).ask(asked.known(), OFFERS_PATH, NOTHING, TemplatesWanted)


def test_a_gate_that_is_named_and_proves_its_key_is_answered(gates: list[GateThere]) -> None:
    south, five, _ = gates
    assert asks(five, south) == TemplatesWanted()
    assert five.known().device_id == "unit-5"


def test_a_gate_that_is_not_named_is_not_answered(gates: list[GateThere], other: GateThere) -> None:
    """Of the same community, its certificate in order; and one of another community."""
    south, _, stolen = gates
    for asker in (stolen, other):
        with pytest.raises(PeerUnreachableError):
            asks(asker, south)


def test_a_gate_that_was_enrolled_anew_leaves_its_stolen_key_without_answer(
    gates: list[GateThere], tmp_path: Path
) -> None:
    """The same number, another key: what the snapshot names is the new one."""
    south, five, _ = gates
    key = ec.generate_private_key(ec.SECP256R1())
    (tmp_path / "device.pem").write_text(pem(five.community.device("unit-5", key)))
    (tmp_path / "device.key").write_bytes(private_pem(key))
    thief = DeviceIdentity("unit-5", tmp_path / "device.pem", tmp_path / "device.key")
    with pytest.raises(PeerUnreachableError):
        PeerClient(thief).ask(south.known(), OFFERS_PATH, NOTHING, TemplatesWanted)


def test_whoever_answers_for_another_gate_is_told_nothing(gates: list[GateThere], other: GateThere) -> None:
    """At the address of one gate stands another one, or something else with a certificate."""
    south, five, _ = gates
    for meant in (five, other):
        peer = meant.known()
        lured = type(peer)(peer.device_id, peer.key, peer.signer, peer.authority, south.known().address)
        with pytest.raises(PeerStrangerError):
            PeerClient(five.identity).ask(lured, OFFERS_PATH, NOTHING, TemplatesWanted)


@pytest.mark.parametrize("address", ["", "gate", "gate:", ":7443", "127.0.0.1:port", "127.0.0.1:1", "gate..local:8446"])
def test_an_address_where_nobody_answers_is_no_more_than_that(gates: list[GateThere], address: str) -> None:
    peer = gates[0].known()
    nowhere = type(peer)(peer.device_id, peer.key, peer.signer, peer.authority, address)
    with pytest.raises(PeerUnreachableError):
        PeerClient(gates[1].identity).ask(nowhere, OFFERS_PATH, NOTHING, TemplatesWanted)


@pytest.mark.parametrize(
    ("method", "path", "length", "body", "status"),
    [
        ("POST", OFFERS_PATH, None, b'{"offers": []}', 200),
        ("POST", OFFERS_PATH, None, b'{"offers": [], "more": 1}', 400),
        ("POST", OFFERS_PATH, None, b"\xff", 400),
        ("POST", "/v1/templates", None, b"{}", 400),
        ("POST", "/v1/templates", None, '{"sealed": "é", "signature": ""}'.encode(), 400),
        ("POST", "/v1/templates", None, b'{"sealed": "QUJ", "signature": ""}', 400),
        ("POST", "/v1/templates", None, b'{"sealed": "QUJD", "signature": "????"}', 400),
        ("POST", "/v1/templates", None, b'{"sealed": "QUJD", "signature": "QUJD"}', 200),
        ("POST", "/v1/templates", None, b"[" * 5000, 400),
        ("POST", OFFERS_PATH, None, b'{"offers": [{"credential": "1", "made_at": "now"}]}', 400),
        ("POST", "/v1/passes", None, b"{}", 404),
        ("POST", OFFERS_PATH, str(MOST_BODY + 1), b"{}", 413),
        ("POST", OFFERS_PATH, "9" * 400, b"{}", 413),
        ("POST", OFFERS_PATH, "-1", b"{}", 411),
        ("GET", OFFERS_PATH, None, b"", 501),
    ],
)
def test_a_known_gates_request_is_held_to_its_form(
    gates: list[GateThere], method: str, path: str, length: str | None, body: bytes, status: int
) -> None:
    south, five, _ = gates
    connection = HTTPSConnection("127.0.0.1", south.port, timeout=3, context=client_context(five.identity))
    connection.request(method, path, body, {"Content-Length": length} if length is not None else {})
    response = connection.getresponse()
    answer = response.read()
    connection.close()
    assert response.status == status
    assert (answer == b"") == (status != 200)
    assert response.getheader("Server") == "lamplight"


def test_an_older_tls_or_none_is_not_spoken(gates: list[GateThere]) -> None:
    south, five, _ = gates
    context = client_context(five.identity)
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_2
    with socket.create_connection(("127.0.0.1", south.port), 3) as raw, pytest.raises(ssl.SSLError):
        context.wrap_socket(raw)
    plain = HTTPConnection("127.0.0.1", south.port, timeout=3)
    plain.request("POST", OFFERS_PATH, b"{}")
    with pytest.raises((OSError, HTTPException)):
        plain.getresponse()
    plain.close()


def test_who_says_nothing_or_never_ends_keeps_nobody_waiting_for_long(
    gates: list[GateThere], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the handshake; after it; and with a head that goes on and on, byte by byte."""
    south, five, _ = gates
    monkeypatch.setattr(peer_server, "_SECONDS", 0.1)
    began = monotonic()
    silent = socket.create_connection(("127.0.0.1", south.port), 3)
    mute = client_context(five.identity).wrap_socket(socket.create_connection(("127.0.0.1", south.port), 3))
    endless = client_context(five.identity).wrap_socket(socket.create_connection(("127.0.0.1", south.port), 3))
    with suppress(OSError):
        while monotonic() - began < 3:
            endless.sendall(b"X-Head: 1\r\n" * 100)
    assert monotonic() - began < 3, "cut off"
    assert asks(five, south) == TemplatesWanted()
    for each in (silent, mute, endless):
        each.close()
    assert monotonic() - began < 3


class _Never:
    """Jobs that are never done."""

    def __call__(self, name: str, seconds: float, work: Callable[[], None]) -> None:
        pass


def test_a_gate_that_answers_a_byte_at_a_time_is_hung_up_on(
    gates: list[GateThere], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A known one, as a stolen one is: each byte comes soon enough, and all of them never do."""
    south, five, _ = gates
    monkeypatch.setattr(peer_client, "_IN_ALL", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as server:
        dripping = Thread(target=_drip, args=(server, server_context(south.identity, (five.known(),))), daemon=True)
        dripping.start()
        slow = replace(south.known(), address=f"127.0.0.1:{server.getsockname()[1]}")
        begun = monotonic()
        with pytest.raises(PeerUnreachableError):
            PeerClient(five.identity).ask(slow, OFFERS_PATH, NOTHING, TemplatesWanted)
        assert monotonic() - begun < 5
        dripping.join(5)
        assert not dripping.is_alive(), "it still talks to somebody"


def _drip(server: socket.socket, context: ssl.SSLContext) -> None:
    """Begins an answer of a long header, at ten bytes a second."""
    with suppress(OSError), context.wrap_socket(server.accept()[0], server_side=True) as taken:
        taken.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        for _ in range(200):
            taken.sendall(b"0")
            sleep(0.1)


def test_where_it_can_not_listen_it_says_so_and_tries_again(gates: list[GateThere]) -> None:
    _, five, _ = gates
    with socket.create_server(("127.0.0.1", five.port)):
        five.sharing.start(_Never())
        five.sharing.tick()
        assert [(each.device, each.reason) for each in five.said[-1:]] == [(HEALTH, "not-listening")]
    five.clock.pass_by(31)
    five.sharing.tick()
    assert five.said[-1].reason == "ok"


def test_a_gate_whose_word_does_not_reach_the_root_is_not_believed(gates: list[GateThere], other: GateThere) -> None:
    """Each way of not being it, by name."""
    five, root = gates[1], gates[1].community.root.certificate
    peer = five.peer()
    own, authority = peer.certificate_pem.split("-----END CERTIFICATE-----\n")[:2]
    end = "-----END CERTIFICATE-----\n"
    wrong = {
        "chain": [
            {"certificate_pem": "nothing"},
            {"certificate_pem": own + end},
            {"certificate_pem": authority + end + own + end},
            {"certificate_pem": own + end + pem(root)},
            {"certificate_pem": other.peer().certificate_pem},
            {"certificate_pem": own + end + other.peer().certificate_pem.split(end)[1] + end},
            {"certificate_pem": _below_a_gate(five)},
        ],
        "name": [{"device_id": "unit-6"}],
        "signature": [{"signature": other.peer().signature}, {"key": other.peer().key}, {"signature": "?"}],
    }
    assert known_peer(peer, root, NOW).address == f"127.0.0.1:{five.port}"
    for why, changes in wrong.items():
        for change in changes:
            with pytest.raises(PeerRefusedError, match=why):
                known_peer(peer.model_copy(update=change), root, NOW)
    for at in (datetime(2025, 12, 31, tzinfo=UTC), NOW + timedelta(days=3000)):
        with pytest.raises(PeerRefusedError, match="ended"):
            known_peer(peer, root, at)


def _below_a_gate(gate: GateThere) -> str:
    """A certificate that a gate has issued, as if it were an authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    own = gate.community.device("unit-5", gate.key)
    subject = certificates.name("unit-5", "test")
    made = certificates.issue(Authority(gate.key, own), key.public_key(), subject, certificates.DEVICE, NOW)
    return pem(made) + pem(own)


def test_the_book_follows_the_snapshot_and_the_clock(caplog: pytest.LogCaptureFixture) -> None:
    """A certificate that ends makes a gate a stranger without any snapshot; each reason is logged once."""
    community, clock = Community(), StillClock()
    told: list[Peer] = []
    book = PeerBook(lambda: tuple(told), community.root_pem, clock)
    assert (book.known(), book.refused()) == ((), False)
    key = ec.generate_private_key(ec.SECP256R1())
    told.append(_peer(community, key, days=330))
    assert [each.device_id for each in book.known()] == ["south"]
    clock.pass_by(10 * 24 * 3600)
    for _ in range(2):
        assert (book.known(), book.refused()) == ((), True)
        clock.pass_by(60)
    assert caplog.text.count("ended") == 1
    told.clear()
    assert (book.known(), book.refused()) == ((), False)


def _peer(community: Community, key: ec.EllipticCurvePrivateKey, days: int) -> Peer:
    sealed_to = seal_key_text(X25519PrivateKey.generate())
    signature = key.sign(peer_statement("south", sealed_to), ec.ECDSA(hashes.SHA256()))
    return Peer(
        device_id="south",
        door="south",
        key=sealed_to,
        signature=base64.b64encode(signature).decode(),
        certificate_pem=pem(community.device("south", key, days)) + pem(community.devices.certificate),
    )


def test_a_refused_gate_stands_in_the_health(gates: list[GateThere]) -> None:
    _, five, stolen = gates
    stolen_peer = stolen.peer().model_copy(update={"device_id": "somebody"})
    before = five.others
    five.others = (*before, stolen_peer)
    five.hears(right(1))
    five.sharing.tick()
    assert five.said[-1].reason == "peer-refused"
    five.others = before
    five.hears(right(1))
    five.sharing.tick()
    assert five.said[-1].reason == "ok"
