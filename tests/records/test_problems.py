"""Every refusal is a problem detail, the framework's own included, and every one is described."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from backend_client.contract.base import Problem, ProblemCode
from records.api.body import Receive
from records.api.edge import LARGEST_BODY, Edge, Scope, Send
from records.api.problems import MEDIA_TYPE
from records.app import api
from records.context import Records
from tests.support.clocks import StillClock
from tests.support.records_client import DENG, Client, KioskClient, documented_problems

# said by the outermost layer or the framework, on any route
EVERYWHERE = {"malformed", "validation", "internal"}


def test_an_unknown_route_and_a_wrong_method_are_problems(kiosk: KioskClient) -> None:
    assert kiosk.get("/v2/papers").json()["code"] == "not-found"
    answer = kiosk.get("/v1/papers")
    assert (answer.status_code, answer.json()["code"], answer.headers["allow"]) == (405, "malformed", "POST")


def test_a_wrong_method_is_told_all_that_the_path_may_be_asked(kiosk: KioskClient) -> None:
    """Those of each route that has the path, not of the first."""
    answer = kiosk.send("OPTIONS", "/v1/identifications/nobody/contact")
    assert (answer.status_code, answer.headers["allow"]) == (405, "DELETE, GET, PUT")


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"[]", b'"text"', b""])
def test_an_unreadable_body_is_a_problem(records: Records, content: bytes) -> None:
    client = TestClient(Edge(api(records), StillClock()))
    answer = client.post("/v1/verifications", content=content, headers={"content-type": "application/json"})
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert Problem.model_validate_json(answer.content).code in {ProblemCode.MALFORMED, ProblemCode.VALIDATION}


def test_a_refused_body_is_not_quoted(kiosk: KioskClient) -> None:
    """Where, and which rule; never what was sent."""
    answer = kiosk.post("/v1/identifications", {**DENG.evidence(), "birth_date": "the Ides of March"})
    assert "birth_date: date" in answer.json()["detail"]
    assert "Ides" not in answer.text
    assert DENG.name not in answer.text


def test_an_unknown_field_is_refused(kiosk: KioskClient) -> None:
    """Rather than silently ignored."""
    assert kiosk.post("/v1/identifications", {**DENG.evidence(), "photo": ""}).json()["code"] == "validation"


def test_too_much_is_refused_before_it_is_read(kiosk: KioskClient) -> None:
    answer = kiosk.post("/v1/verifications", {"code": "x" * LARGEST_BODY})
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


def test_every_problem_has_its_own_number(kiosk: KioskClient) -> None:
    """Under which it stands in the log."""
    instances = {kiosk.get("/nothing").json()["instance"] for _ in range(2)}
    assert len(instances) == 2
    assert all(each.startswith("urn:uuid:") for each in instances)


def test_a_failure_of_ours_is_a_problem_without_its_words(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """An exception's text may quote values: it reaches neither the answer nor the log line."""

    async def failing(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise ValueError(DENG.id_number)

    answer = TestClient(Edge(failing, StillClock())).get("/v1/policy")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert DENG.id_number not in answer.text
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == ["unexpected"]
    assert DENG.id_number not in capsys.readouterr().err


@pytest.mark.parametrize("code", ProblemCode)
def test_every_problem_is_described_somewhere(records: Records, code: ProblemCode) -> None:
    routes = documented_problems(records)
    assert any(code.value in codes for _, codes in routes)


def test_every_route_describes_what_may_always_happen(records: Records) -> None:
    assert all(codes >= EVERYWHERE for _, codes in documented_problems(records))


def test_the_description_is_whole(records: Records) -> None:
    """OpenAPI 3.1: every reference leads somewhere, every refusal is a problem detail, every route has a name."""
    description = json.loads(json.dumps(api(records).openapi()))
    assert description["openapi"].startswith("3.1")
    for reference in _references(description):
        _resolve(description, reference)
    operations = [route for methods in description["paths"].values() for route in methods.values()]
    assert len({route["operationId"] for route in operations}) == len(operations)
    for route in operations:
        refusals = [each for status, each in route["responses"].items() if int(status) >= 400]
        assert all(list(each["content"]) == [MEDIA_TYPE] for each in refusals)


def test_the_routes_are_those_of_the_contract(records: Records) -> None:
    """As the docstrings of backend_client.contract have them."""
    paths = {f"{method.upper()} {path}" for path, each in api(records).openapi()["paths"].items() for method in each}
    assert paths == {
        "POST /v1/enrolments",
        "POST /v1/devices/self/certificate",
        "POST /v1/devices/self/heartbeat",
        "GET /v1/policy",
        "GET /v1/identifications/{subject}/tenancies",
        "POST /v1/identifications/{subject}/slip",
        "POST /v1/identifications/{subject}/phone",
        "POST /v1/identifications/{subject}/guest-codes",
        "GET /v1/gates/self/snapshot",
        "POST /v1/gates/self/reports",
        "GET /v1/gates/self/passes-asked",
        "POST /v1/gates/self/passes/{ask}",
        "POST /v1/identifications",
        "POST /v1/identifications/{subject}/portrait",
        "POST /v1/identifications/{subject}/statement",
        "POST /v1/identifications/{subject}/confirmation",
        "GET /v1/identifications/{subject}/confirmation",
        "POST /v1/identifications/{subject}/record",
        "POST /v1/identifications/{subject}/companions",
        "GET /v1/identifications/{subject}/messages",
        "GET /v1/identifications/{subject}/contact",
        "PUT /v1/identifications/{subject}/contact",
        "POST /v1/identifications/{subject}/contact/code",
        "DELETE /v1/identifications/{subject}/contact",
        "POST /v1/dwellings",
        "POST /v1/papers",
        "POST /v1/papers/{serial}/seal",
        "POST /v1/papers/{serial}/delivered",
        "POST /v1/papers/{serial}/void",
        "POST /v1/reservations/{key}/void",
        "POST /v1/intakes",
        "PUT /v1/blobs/{sha256}",
        "POST /v1/verifications",
        "GET /v1/trust",
        "GET /v1/changes",
        "GET /v1/changes/snapshot",
        "GET /v1/changes/hints",
        "POST /v1/alarms",
        "GET /v1/alarms/{alarm_id}",
        "GET /v1/trust/carried",
        "GET /health",
        "GET /health/ready",
    }


def test_health_needs_no_certificate(records: Records) -> None:
    assert Client(records, None).get("/health").json() == {"server_time": "2026-11-22T15:05:00Z"}


def _references(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if "$ref" in node else []
        return own + [each for value in node.values() for each in _references(value)]
    return [each for value in node for each in _references(value)] if isinstance(node, list) else []


def _resolve(description: dict[str, Any], reference: str) -> None:
    node: Any = description
    for part in reference.removeprefix("#/").split("/"):
        node = node[part]
