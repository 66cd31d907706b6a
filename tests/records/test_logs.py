"""The log: lines of JSON with a closed set of fields, and nobody in any of them, whatever is sent wherever."""

import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from records import logs
from records.app import api
from records.context import Records
from tests.support.console import Browser
from tests.support.privacy_scan import find_personal
from tests.support.records_client import DENG, LAN, Client, KioskClient

PERSONAL = (DENG.name, DENG.id_number, LAN.name, LAN.id_number, "EA0000014", "13900001234", "灯火路18号")
_DEPTH = 6


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Return what reads the lines that the service would have written."""
    path = tmp_path / "log" / "records.log"
    path.parent.mkdir()
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logs.JsonLines())
    root, ours = logging.getLogger(), logging.getLogger("lamplight")
    before = ours.level
    root.addHandler(handler)
    ours.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    root.removeHandler(handler)
    ours.setLevel(before)
    handler.close()


def filled(schema: dict[str, Any], whole: dict[str, Any], words: Iterator[str], depth: int = _DEPTH) -> Any:
    """Something of a schema's shape, with somebody in every text of it."""
    if "$ref" in schema:
        schema = whole["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return filled(schema[several][0], whole, words, depth)
    kind = schema.get("type")
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [""])[0])
    if kind == "object" and depth:
        return {name: filled(each, whole, words, depth - 1) for name, each in schema.get("properties", {}).items()}
    if kind == "array" and depth:
        return [filled(schema.get("items", {}), whole, words, depth - 1)]
    return {"integer": 1, "number": 1.0, "boolean": True}.get(str(kind)) or next(words)


def everybody() -> Iterator[str]:
    while True:
        yield from PERSONAL


def test_nobody_is_in_the_log_whatever_is_sent_to_every_route(
    records: Records, kiosk: KioskClient, tmp_path: Path, log: Callable[[], list[dict[str, Any]]]
) -> None:
    """In the path, the query, a header and every field; with a device's certificate and without one."""
    description, words = json.loads(json.dumps(api(records).openapi())), everybody()
    sent = 0
    for path, methods in description["paths"].items():
        for method, route in methods.items():
            content = route.get("requestBody", {}).get("content", {})
            schema: dict[str, Any] = next((each["schema"] for each in content.values() if "schema" in each), {})
            for client in (kiosk, Client(records, None)):
                for body in (filled(schema, description, words), {"name": DENG.name, "id_number": DENG.id_number}):
                    where = "/".join(next(words) if part.startswith("{") else part for part in path.split("/"))
                    if path.endswith("/hints"):
                        continue  # an answer without an end (tests/records/test_hints.py)
                    client._http.request(
                        method.upper(),
                        f"{where}?name={next(words)}",
                        json=body,
                        headers={"Idempotency-Key": LAN.id_number, "X-Name": DENG.id_number},
                    )
                    sent += 1
    lines = log()
    assert len([line for line in lines if line["event"] == "request"]) == sent > 100
    assert set().union(*lines) <= set(logs.FIELDS)
    assert {line["route"] for line in lines if "route" in line} <= {"-", *description["paths"]}
    assert find_personal(tmp_path / "log", PERSONAL) == []


def test_nobody_is_in_the_log_of_a_visit_that_went_well(
    kiosk: KioskClient, desk: Browser, tmp_path: Path, log: Callable[[], list[dict[str, Any]]]
) -> None:
    """From the card to the paper, and an officer at the console who looks for somebody by a wrong address."""
    serial = kiosk.reserved()["serial"]
    kiosk.seal(serial)
    kiosk.delivered(serial)
    desk.get(f"/console/{DENG.id_number}")
    assert len(log()) > 5
    assert find_personal(tmp_path / "log", [*PERSONAL, serial]) == []


def test_the_words_of_a_library_stay_out_of_the_log(tmp_path: Path, log: Callable[[], list[dict[str, Any]]]) -> None:
    """They may quote what was sent: its name and the place in it are enough to look there."""
    logging.getLogger("uvicorn.error").warning("invalid request: %s", DENG.id_number)
    logging.getLogger("sqlalchemy.pool").warning(f"row {DENG.name}")  # noqa: G004 - as a library may
    try:
        int(DENG.name)
    except ValueError:
        logging.getLogger("lamplight.records").exception("unexpected")
    lines = log()
    assert [line["event"] for line in lines] == ["uvicorn.error", "sqlalchemy.pool", "unexpected"]
    assert lines[0]["where"][0].startswith("test_logs.py:")
    assert lines[2]["error"] == "ValueError"
    assert find_personal(tmp_path / "log", PERSONAL) == []


def test_our_own_words_are_never_filled_in(tmp_path: Path, log: Callable[[], list[dict[str, Any]]]) -> None:
    """A value belongs into a field, and only into one of those that there are."""
    logging.getLogger("lamplight.records").warning("found %s", DENG.name, extra={"person": DENG.id_number})
    assert log()[0] == {"at": log()[0]["at"], "level": "warning", "event": "found %s"}
    assert find_personal(tmp_path / "log", PERSONAL) == []
