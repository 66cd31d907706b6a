"""The session against a real HTTPS service with mutual TLS, whose answers are written down."""

import base64
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import pytest

from backend_client.contract.devices import Heartbeat
from backend_client.contract.identity import SignedStatement
from backend_client.contract.intakes import IntakeBatch, IntakeResult
from backend_client.contract.papers import PaperState, Reserve, SealRequest, VoidReason
from backend_client.contract.persons import CardEvidence, DwellingRequest, NumberEvidence
from backend_client.errors import (
    DeviceRevokedError,
    EnrolmentError,
    RecordsError,
    RecordsProtocolError,
    RecordsRefusedError,
    RecordsUnreachableError,
)
from backend_client.session import RecordsSession
from backend_client.transport import Timeouts
from civic.document import DocumentKind
from forms.paper import PaperKind
from tests.support.clocks import NOW
from tests.support.outbox import sealed
from tests.support.pki import make_root
from tests.support.scripted_https import Reply, ScriptedService, scripted_service

KEY = UUID("00000000-0000-4000-8000-000000000001")
NAME, NUMBER = "王小明", "990101199003070012"
EVIDENCE = CardEvidence(visit="visit-1234", name=NAME, id_number=NUMBER, birth_date=date(1990, 3, 7), valid_until=None)
SIGNED = SignedStatement(payload="e30=", signature="AA==")
TIME = NOW.isoformat()
VOID = Reply({"server_time": TIME, "serial": "S-1", "state": "void"})


@pytest.fixture
def service(tmp_path: Path) -> Iterator[ScriptedService]:
    """A service that waits for its script."""
    with scripted_service(tmp_path / "service") as running:
        yield running


@pytest.fixture
def session(service: ScriptedService) -> Iterator[RecordsSession]:
    """An enrolled device's session with it."""
    opened = RecordsSession(service.url, service.root_file, *service.device, Timeouts(connect=1, read=0.3))
    yield opened
    opened.close()


def problem(code: str, status: int = 409) -> Reply:
    """A refusal as RFC 9457 has it."""
    body = {"type": f"/problems/{code}", "title": "x", "status": status, "detail": "", "instance": "", "code": code}
    return Reply(body, status, "application/problem+json")


CALLS: list[tuple[str, str, Callable[[RecordsSession], object], Any]] = [
    (
        "POST",
        "/v1/identifications",
        lambda session: session.identify(EVIDENCE),
        {"server_time": TIME, "subject": "s", "state": "clear", "has_portrait": True, "expires_at": TIME},
    ),
    (
        "POST",
        "/v1/identifications",
        lambda session: session.identify(
            NumberEvidence(kind=DocumentKind.NUMBER, visit="visit-1234", id_number=NUMBER)
        ),
        {"server_time": TIME, "subject": "s", "state": "clear", "has_portrait": True, "expires_at": TIME, "rare": ""},
    ),
    (
        "POST",
        "/v1/identifications/a%2Fb/statement",
        lambda session: session.prove("a/b", SIGNED),
        {"server_time": TIME, "proven_until": TIME, "tries": {"count": 2, "last_at": TIME}},
    ),
    (
        "POST",
        "/v1/identifications/a%2Fb/confirmation",
        lambda session: session.ask_officer("a/b"),
        {"server_time": TIME, "code": "012345", "expires_at": TIME},
    ),
    (
        "GET",
        "/v1/identifications/a%2Fb/confirmation",
        lambda session: session.confirmation("a/b"),
        {"server_time": TIME, "state": "confirmed", "proof": {"server_time": TIME, "proven_until": TIME}},
    ),
    (
        "POST",
        "/v1/identifications/a%2Fb/companions",
        lambda session: session.companion("a/b", EVIDENCE),
        {"handle": "h", "relation": "妻", "name": "许**", "adult": True},
    ),
    (
        "POST",
        "/v1/dwellings",
        lambda session: session.dwelling(DwellingRequest(building="3", unit="2", room="501")),
        {"server_time": TIME, "id": "d", "address": "示例市平安区灯火路12号3幢2单元501室"},
    ),
    (
        "POST",
        "/v1/papers/S-1/seal",
        lambda session: session.seal("S-1", SealRequest(digest=base64.b64encode(bytes(32)).decode()), KEY),
        {"server_time": TIME, "cms": "AAAA"},
    ),
    ("POST", "/v1/papers/S-1/delivered", lambda session: session.delivered("S-1", KEY), VOID.body),
    ("POST", "/v1/papers/S-1/void", lambda session: session.void_paper("S-1", VoidReason.NOT_PRINTED, KEY), VOID.body),
    (
        "POST",
        f"/v1/reservations/{KEY}/void",
        lambda session: session.void_reservation(KEY, VoidReason.ABANDONED, uuid4()),
        VOID.body,
    ),
    (
        "POST",
        "/v1/devices/self/heartbeat",
        lambda session: session.heartbeat(Heartbeat(at=NOW, software="0.1.0", policy_version=1, open_papers=0)),
        {"server_time": TIME, "policy_version": 2, "officer_on_duty": True},
    ),
    ("GET", "/v1/trust", lambda session: session.trust(), {"server_time": TIME, "root_pem": "r", "issuers_pem": []}),
]


@pytest.mark.parametrize(("method", "path", "call", "answer"), CALLS, ids=[f"{each[0]} {each[1]}" for each in CALLS])
def test_each_endpoint_is_asked_as_the_contract_says(
    service: ScriptedService,
    session: RecordsSession,
    method: str,
    path: str,
    call: Callable[[RecordsSession], object],
    answer: Any,
) -> None:
    """Method, path, the device's certificate, and an idempotency key on every write."""
    service.script.append(Reply(answer))
    call(session)
    (asked,) = service.asked
    assert (asked.method, asked.path, asked.client) == (method, path, "device")
    assert bool(asked.key) == (method == "POST")
    assert NUMBER not in asked.path


def test_a_portrait_is_a_picture_that_never_prints_itself(service: ScriptedService, session: RecordsSession) -> None:
    """Bytes in RAM; anything but a JPEG is refused."""
    service.script.extend(
        [Reply(b"\xff\xd8\xff", content_type="image/jpeg"), Reply(b"<html>", content_type="text/html")]
    )
    portrait = session.portrait("s")
    assert portrait.reveal() == b"\xff\xd8\xff"
    assert str(portrait) == "PersonalBytes(3 bytes)"
    with pytest.raises(RecordsProtocolError):
        session.portrait("s")


def test_a_portrait_for_a_typed_number_carries_the_statement_of_a_live_face(
    service: ScriptedService, session: RecordsSession
) -> None:
    """For a card there is none."""
    service.script.extend([Reply(b"\xff\xd8\xff", content_type="image/jpeg") for _ in range(2)])
    session.portrait("s")
    session.portrait("s", SIGNED)
    assert [asked.body for asked in service.asked] == [{"live": None}, {"live": SIGNED.model_dump()}]


def test_a_portrait_whose_answer_was_lost_can_be_asked_for_again(
    service: ScriptedService, session: RecordsSession
) -> None:
    """Once per visit is once per subject: the key is the subject's, so that records answer the same."""
    service.script.extend([Reply(b"\xff\xd8\xff", content_type="image/jpeg") for _ in range(3)])
    for subject in ("s", "s", "t"):
        session.portrait(subject)
    first, again, other = (asked.key for asked in service.asked)
    assert first == again != other


def test_a_connection_that_breaks_is_tried_once_more_with_the_same_key(
    service: ScriptedService, session: RecordsSession
) -> None:
    """Records do it once: they know the key."""
    service.script.extend([Reply(drop=True), VOID])
    assert session.void_paper("S-1", VoidReason.NOT_PRINTED, KEY).state is PaperState.VOID
    assert [each.key for each in service.asked] == [str(KEY)] * 2


def test_a_connection_that_keeps_breaking_is_unreachable(service: ScriptedService, session: RecordsSession) -> None:
    """Two tries, then the journal's turn."""
    service.script.extend([Reply(drop=True)] * 3)
    with pytest.raises(RecordsUnreachableError):
        session.delivered("S-1", KEY)
    assert len(service.asked) == 2


def test_an_answer_that_breaks_off_is_asked_for_again(service: ScriptedService, session: RecordsSession) -> None:
    """With the same key; one that keeps breaking off is a line that is down, and no answer of ours to misread."""
    service.script.extend([Reply({"server_time": "2026"}, cut=True)] * 3)
    with pytest.raises(RecordsUnreachableError):
        session.delivered("S-1", KEY)
    assert [asked.key for asked in service.asked] == [str(KEY)] * 2


def test_silence_is_unreachable_and_is_not_repeated(service: ScriptedService, session: RecordsSession) -> None:
    """The resident is waiting."""
    service.script.append(Reply(slow=True))
    with pytest.raises(RecordsUnreachableError):
        session.delivered("S-1", KEY)
    assert len(service.asked) == 1


def test_nobody_listening_is_unreachable(service: ScriptedService) -> None:
    """Port closed."""
    session = RecordsSession("https://127.0.0.1:9", service.root_file, *service.device)
    with pytest.raises(RecordsUnreachableError):
        session.trust()
    session.close()


@pytest.mark.parametrize("missing", ["root", "certificate", "key"])
def test_a_file_of_the_identity_that_is_gone_is_named_as_that(
    service: ScriptedService, tmp_path: Path, missing: str
) -> None:
    """requests raises a bare OSError there, with the path in it."""
    files = {"root": service.root_file, "certificate": service.device[0], "key": service.device[1]}
    files[missing] = tmp_path / "gone.pem"
    session = RecordsSession(service.url, files["root"], files["certificate"], files["key"])
    with pytest.raises(EnrolmentError) as refused:
        session.trust()
    assert "gone" not in str(refused.value)
    session.close()


def test_a_service_under_another_root_is_never_spoken_to(service: ScriptedService, tmp_path: Path) -> None:
    """No request leaves: the handshake fails."""
    other = tmp_path / "other.pem"
    other.write_text(make_root("Other root").pem)
    session = RecordsSession(service.url, other, *service.device)
    with pytest.raises(RecordsUnreachableError):
        session.identify(EVIDENCE)
    assert service.asked == []
    session.close()


@pytest.mark.parametrize(
    ("reply", "error", "code"),
    [
        (problem("paper-void"), RecordsRefusedError, "records-paper-void"),
        (problem("device-revoked", 403), DeviceRevokedError, "records-device-revoked"),
        (problem("internal", 500), RecordsRefusedError, "records-internal"),
        (problem("a-code-of-tomorrow"), RecordsProtocolError, "records-protocol"),
        (Reply(b"<html>", 503, "text/html"), RecordsUnreachableError, "records-unreachable"),
        (Reply(b"<html>", 404, "text/html"), RecordsProtocolError, "records-protocol"),
        (Reply(b"moved", 302, "text/html"), RecordsProtocolError, "records-protocol"),
        (
            Reply({"server_time": TIME, "serial": "S", "state": "void", "more": 1}),
            RecordsProtocolError,
            "records-protocol",
        ),
        (Reply(b"{", 200), RecordsProtocolError, "records-protocol"),
    ],
)
def test_each_way_to_say_no_is_an_error_of_its_own(
    service: ScriptedService, session: RecordsSession, reply: Reply, error: type[RecordsError], code: str
) -> None:
    """With a stable code for the text catalogue."""
    service.script.append(reply)
    with pytest.raises(error) as caught:
        session.delivered("S-1", KEY)
    assert type(caught.value) is error
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("said", "seconds"), [("120", 120.0), ("", None), ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("9" * 12, None)]
)
@pytest.mark.parametrize("status", [429, 503, 408, 425])
def test_a_gateway_that_asks_for_patience_is_nobody_answering_for_so_long(
    service: ScriptedService, session: RecordsSession, status: int, said: str, seconds: float | None
) -> None:
    """Whatever is in front of records has no problem to give; a date, or nonsense, counts as nothing."""
    service.script.append(Reply(b"later", status, "text/plain", retry_after=said))
    with pytest.raises(RecordsUnreachableError) as caught:
        session.delivered("S-1", KEY)
    assert caught.value.retry_after_s == seconds


def test_intakes_and_their_files_are_handed_over(service: ScriptedService, session: RecordsSession) -> None:
    """A batch as JSON; a file as it is, under its hash."""
    item = sealed().item(1)
    said = {"id": str(item.id), "status": "held", "problem": "blob-missing"}
    service.asked.clear()
    service.script += [Reply({}, 201), Reply({"server_time": TIME, "results": [said]})]
    session.put_blob("ab" * 32, b"\x00ciphertext")
    answers = session.intakes(IntakeBatch(items=(item,)))
    assert answers.results == (IntakeResult.model_validate(said),)
    put, post = service.asked
    assert (put.method, put.path, put.body) == ("PUT", f"/v1/blobs/{'ab' * 32}", b"\x00ciphertext")
    assert (post.path, IntakeBatch.model_validate(post.body).items) == ("/v1/intakes", (item,))
    assert post.key


def test_no_error_quotes_what_was_sent_or_what_came_back(service: ScriptedService, session: RecordsSession) -> None:
    """A traceback of a failed read names nobody."""
    service.script.append(Reply({"name": NAME, "id_number": NUMBER, "address": f"{NAME}家"}))
    with pytest.raises(RecordsProtocolError) as caught:
        session.record("s")
    said = f"{caught.value!r} {caught.value.__cause__!r} {caught.value.__suppress_context__}"
    assert NAME not in said
    assert NUMBER not in said
    assert said.endswith("None True")


def test_a_redirect_is_not_followed(service: ScriptedService, session: RecordsSession) -> None:
    """A body with personal data goes to records and nowhere else."""
    service.asked.clear()
    service.script += [Reply(b"", 307, "text/html", location="/elsewhere"), Reply({"subject": "s"})]
    with pytest.raises(RecordsProtocolError):
        session.identify(EVIDENCE)
    assert [asked.path for asked in service.asked] == ["/v1/identifications"]
    service.script.clear()


def test_threads_may_share_a_session(service: ScriptedService, session: RecordsSession) -> None:
    """One pool of connections for all jobs."""
    service.script.extend([VOID] * 24)
    states: list[PaperState] = []

    def ask() -> None:
        states.extend(session.delivered("S-1", uuid4()).state for _ in range(4))

    threads = [Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert states == [PaperState.VOID] * 24


@pytest.mark.parametrize(("person", "body"), [("", None), ("a-child", {"person": "a-child"})])
def test_whose_record_it_is_stands_in_the_body(
    service: ScriptedService, session: RecordsSession, person: str, body: object
) -> None:
    """One's own needs none."""
    service.script.append(problem("not-permitted", 403))
    with pytest.raises(RecordsRefusedError):
        session.record("s", person)
    assert (service.asked[0].path, service.asked[0].body) == ("/v1/identifications/s/record", body)


def test_a_reservation_names_its_key_and_its_purpose(service: ScriptedService, session: RecordsSession) -> None:
    """What is reserved is asked for by the journal's own key."""
    service.script.append(problem("purpose-not-offered", 422))
    request = Reserve(subject="s", kind=PaperKind.HOUSEHOLD_CERTIFICATE, purpose="school")
    with pytest.raises(RecordsRefusedError):
        session.reserve(request, KEY)
    assert service.asked[0].key == str(KEY)
    assert service.asked[0].body == {
        "subject": "s",
        "kind": "household_certificate",
        "purpose": "school",
        "replaces": "",
        "person": "",
        "members": [],
        "when": "now",
        "dwelling": "",
    }
