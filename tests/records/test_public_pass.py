"""The page of one's own phone, from records' side: a token once, for one key, from this page alone."""

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta

import httpx2
import pytest
from pydantic import ValidationError
from starlette.testclient import TestClient

from backend_client.contract.tenancies import WayKind
from records.app import application
from records.console.headers import HEADERS
from records.context import Records
from records.public.pace import MOST
from records.public.pass_files import files, worker
from records.sections import ServerSettings
from records.store.rights import RightRow
from tests.support.at_gates import give, open_ways
from tests.support.clocks import StillClock
from tests.support.public_pages import anyone_at, phone_key, token_of
from tests.support.records_client import DENG, KioskClient


@pytest.fixture
def phone(records: Records) -> TestClient:
    return anyone_at(application(records))


@pytest.fixture
def right(records: Records) -> RightRow:
    return give(records)


@pytest.fixture
def token(kiosk: KioskClient, right: RightRow) -> str:
    return token_of(kiosk, right)


def _brings(phone: TestClient, token: str, key: str, **headers: str) -> httpx2.Response:
    return phone.post("/pass/keys", json={"token": token, "public_key": key}, headers=headers)


def test_a_token_makes_a_phone_a_way(phone: TestClient, token: str, records: Records, right: RightRow) -> None:
    """What comes back names a community and a day, and nobody."""
    key = phone_key()
    answer = _brings(phone, token, key)
    (way,) = open_ways(records, right, WayKind.PHONE)
    told = answer.json()
    assert (way.ref, told["credential"]) == (key, way.way_id)
    assert (told["community_id"], told["valid_to"]) == (records.settings.community, "2026-12-07")
    assert told["server_ms"] == records.clock.now().timestamp() * 1000
    assert set(told) == {"credential", "community_id", "community", "valid_to", "server_ms"}
    assert DENG.name not in answer.text


def test_the_link_names_the_site_that_telephones_reach(records: Records, clock: StillClock) -> None:
    """As the proxy before the public is called; records by themselves have a certificate that no phone trusts."""
    server = records.settings.server.model_copy(update={"pages": "https://check.bureau.example"})
    behind = replace(records, settings=records.settings.model_copy(update={"server": server}))
    kiosk, right = KioskClient(behind), give(behind)
    link = kiosk.post(f"/v1/identifications/{kiosk.prove()}/phone", {"right": right.right_id}).json()
    assert link["url"].startswith("https://check.bureau.example/pass/#")
    assert datetime.fromisoformat(link["expires_at"]) == clock.now() + timedelta(minutes=10)


@pytest.mark.parametrize("site", ["http://check.example", "https://check.example/", "https://check.example/x", "check"])
def test_a_site_that_no_link_could_name_is_refused(site: str) -> None:
    with pytest.raises(ValidationError):
        ServerSettings(pages=site)


def test_a_lost_answer_is_had_again_with_the_same_key_alone(
    phone: TestClient, token: str, records: Records, right: RightRow
) -> None:
    """Whoever photographed the kiosk's square comes second, and gets nothing."""
    key = phone_key()
    first, again, thief = _brings(phone, token, key), _brings(phone, token, key), _brings(phone, token, phone_key())
    assert again.json()["credential"] == first.json()["credential"]
    assert (thief.status_code, thief.json()["code"]) == (404, "not-found")
    assert [each.ref for each in open_ways(records, right)] == [key]


def test_a_token_that_is_too_old_is_as_one_that_never_was(phone: TestClient, token: str, clock: StillClock) -> None:
    clock.pass_by(10 * 60)
    answers = [_brings(phone, each, phone_key()) for each in (token, "a" * 32)]
    assert [each.status_code for each in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_guessed_tokens_are_counted_and_then_not_looked_at(
    phone: TestClient, token: str, clock: StillClock, records: Records
) -> None:
    """From one address; others, and the same a minute later, are served."""
    key = phone_key()
    statuses = [_brings(phone, f"{number:032}", key).status_code for number in range(MOST)]
    slowed = _brings(phone, token, key)
    assert statuses == [404] * MOST
    assert (slowed.status_code, slowed.headers["Retry-After"]) == (429, "60")
    clock.pass_by(60)
    assert _brings(anyone_at(application(records), "203.0.113.4"), token, key).status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_sites_page_brings_nothing(
    phone: TestClient, token: str, records: Records, right: RightRow, site: str
) -> None:
    """By what browsers say of it, and by a form's type, which needs nobody's leave to be sent."""
    refused = _brings(phone, token, phone_key(), **{"Sec-Fetch-Site": site})
    body = json.dumps({"token": token, "public_key": phone_key()})
    plain = phone.post("/pass/keys", content=body, headers={"Content-Type": "text/plain"})
    assert [refused.status_code, plain.status_code] == [403, 403]
    assert "Access-Control-Allow-Origin" not in refused.headers
    assert open_ways(records, right) == []


def test_nobody_is_asked_ahead_for_another_site(phone: TestClient) -> None:
    """A preflight is answered with no leave at all."""
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    answer = phone.options("/pass/keys", headers=asked)
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"token": "secret-one"}', b'{"token": "secret-one", "public_key": "AAAA"}']
)
def test_what_is_no_key_is_refused_and_not_said_back(phone: TestClient, body: bytes) -> None:
    answer = phone.post("/pass/keys", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (422, "validation")
    assert "secret-one" not in answer.text


def test_the_page_is_the_same_for_everybody_and_asks_nothing_elsewhere(phone: TestClient) -> None:
    first, second = phone.get("/pass/?language=en"), phone.get("/pass/?language=en")
    assert first.content == second.content
    assert not first.headers.keys() & {"set-cookie"}
    assert not re.findall(r"(?:src|href|action)=\"(?!/pass/)", first.text)
    for name, value in HEADERS.items():
        assert first.headers[name] == value


def test_what_the_phone_keeps_is_there_under_one_version(phone: TestClient) -> None:
    """Every file that the worker names answers; it is another worker once a file is another."""
    text = phone.get("/pass/worker.js").text
    (listed,) = re.findall(r"const FILES = (\[.*\]);", text)
    answers = {path: phone.get(path) for path in json.loads(listed)}
    assert {each.status_code for each in answers.values()} == {200}
    assert {"/pass/", "/pass/?language=zh", "/pass/?language=en", "/pass/static/pass.js"} <= answers.keys()
    parts = files()
    changed = parts | {"key.js": parts["pass.js"]}
    assert worker(parts) == text
    assert worker(changed).splitlines()[0] != text.splitlines()[0]


@pytest.mark.parametrize("path", ["/pass/static/app.py", "/pass/static/..%2Fpasses.py", "/pass/nothing"])
def test_other_files_are_not_there(phone: TestClient, path: str) -> None:
    answer = phone.get(path)
    assert answer.status_code == 404
    assert "import" not in answer.text


def test_records_time_is_told_to_whoever_asks(phone: TestClient, clock: StillClock) -> None:
    assert phone.get("/pass/time").json() == {"server_ms": clock.now().timestamp() * 1000}
