"""The page for anybody: what it tells, what it does not tell, and that nothing of it stays."""

import asyncio
import io
import tempfile
from collections.abc import MutableMapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from itertools import islice
from threading import Event
from typing import Any, NoReturn

import httpx2
import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient

from backend_client.contract.papers import VoidReason
from forms.code import CodeKey, sign_code
from forms.qr import modules
from records.api.edge import LARGEST_BODY, App
from records.app import application
from records.console.headers import HEADERS
from records.context import Records
from records.public import checking
from records.public.intake import AT_ONCE as READ_AT_ONCE
from records.public.intake import LARGEST, SPARE
from records.public.line import AT_ONCE, WAITING
from records.public.pace import MOST
from records.public.places import OF_ONE_ADDRESS
from records.services.papers import void_by_officer
from tests.support.clocks import StillClock
from tests.support.in_process import client_of
from tests.support.papers import SPARSE
from tests.support.pki import make_pki
from tests.support.records_client import Client, KioskClient

A_DAY = 24 * 3600
A_MEGABYTE = 1024 * 1024
PATIENCE_S = 20


@pytest.fixture
def anyone(records: Records) -> TestClient:
    """A browser without a cookie."""
    return _browser(application(records))


def _browser(app: App, address: str = "testclient") -> TestClient:
    return client_of(app, Client.portal, "https://records", (address, 50000))


def _sent(anyone: TestClient, language: str = "en", code: str = "", picture: bytes = b"") -> httpx2.Response:
    files: list[tuple[str, tuple[str | None, bytes]]] = [("code", (None, code.encode()))]
    files += [("paper", ("paper.png", picture))] if picture else []
    return anyone.post(f"/check/?language={language}", files=files)


def _picture(code: str, dots: int = 6) -> bytes:
    symbol = np.pad(modules(code), 4).repeat(dots, 0).repeat(dots, 1)
    output = io.BytesIO()
    Image.fromarray(np.where(symbol, 0, 255).astype(np.uint8)).save(output, "PNG")
    return output.getvalue()


@pytest.fixture
def delivered(kiosk: KioskClient) -> tuple[str, str]:
    """Serial and code of a paper that was handed over."""
    reservation = kiosk.reserved()
    kiosk.seal(reservation["serial"])
    kiosk.delivered(reservation["serial"])
    return reservation["serial"], reservation["code"]


def test_a_paper_is_told_by_its_code_or_its_picture(anyone: TestClient, delivered: tuple[str, str]) -> None:
    """What the code states, in the order of the paper."""
    serial, code = delivered
    for answer in (_sent(anyone, code=code), _sent(anyone, picture=_picture(code))):
        assert answer.status_code == 200
        assert "<h1>The code is genuine: now compare</h1>" in answer.text
        assert "张明灯" in answer.text
        assert "9901**********0019" in answer.text
        assert serial in answer.text
        assert "990101198603140019" not in answer.text


def test_a_pasted_code_may_have_been_broken_into_lines(anyone: TestClient, delivered: tuple[str, str]) -> None:
    """As mail programs do; a space within it is one of its characters."""
    code = delivered[1]
    assert "<h1>The code is genuine: now compare</h1>" in _sent(anyone, code=f" {code[:60]}\r\n{code[60:]}\n").text


def test_what_became_of_a_paper_is_told_in_both_languages(
    anyone: TestClient, delivered: tuple[str, str], records: Records, clock: StillClock
) -> None:
    serial, code = delivered
    clock.pass_by(30 * A_DAY)
    assert "<h1>Expired</h1>" in _sent(anyone, code=code).text
    void_by_officer(records, serial, VoidReason.OFFICER)
    assert "<h1>Void</h1>" in _sent(anyone, code=code).text
    assert "<h1>已作废</h1>" in _sent(anyone, "zh", code=code).text


def test_what_was_looked_at_and_as_of_when_is_said(anyone: TestClient, delivered: tuple[str, str]) -> None:
    """Whoever checks several papers knows which answer this is, and how old it is."""
    picture = _sent(anyone, picture=_picture(delivered[1])).text
    assert "Looked at: paper.png. True as of 2026-11-22 23:05 (Beijing time)." in picture
    assert "查的是：粘贴的二维码内容。 以上为2026年11月22日23时05分" in _sent(anyone, "zh", code=delivered[1]).text
    long = anyone.post("/check/?language=en", files=[("paper", (f"{'a' * 80}.png", _picture(delivered[1])))])
    assert f"Looked at: …{'a' * 55}.png." in long.text


def test_a_code_is_answered_while_pictures_wait_in_line(
    records: Records, delivered: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A picture takes seconds of a processor; a line that is too long is said at once, and holds nobody else up."""
    looked, code, room = Event(), delivered[1], AT_ONCE + WAITING
    monkeypatch.setattr(checking, "find_code", lambda _: code if looked.wait(20) else "")
    app = application(records)
    everybody = [_browser(app, f"203.0.113.{number}") for number in range(room + 1)]
    with ThreadPoolExecutor(room + 1) as people:
        sent = [people.submit(_sent, each, "en", "", _picture(code, 2)) for each in everybody]
        refused = next(as_completed(sent)).result()
        pasted, elsewhere = _sent(everybody[0], code=code), everybody[0].get("/v1/trust/carried")
        looked.set()
        answers = [each.result().text for each in sent]
    assert refused.status_code == 503
    assert "Many pictures are being looked at" in refused.text
    assert "now compare" in pasted.text
    assert elsewhere.status_code == 200
    assert sum("now compare" in each for each in answers) == room


def test_one_address_takes_two_places_in_the_line(
    records: Records, delivered: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are everybody else's."""
    looked, code = Event(), delivered[1]
    monkeypatch.setattr(checking, "find_code", lambda _: code if looked.wait(20) else "")
    app = application(records)
    greedy, other = _browser(app, "2001:db8::1"), _browser(app, "2001:db8:0:1::1")
    with ThreadPoolExecutor(9) as people:
        sent = [people.submit(_sent, greedy, "en", "", _picture(code, 2)) for _ in range(8)]
        refused = [each.result().status_code for each in islice(as_completed(sent), 8 - OF_ONE_ADDRESS)]
        late = people.submit(_sent, other, "en", "", _picture(code, 2))
        looked.set()
        assert "now compare" in late.result().text
    assert refused == [503] * (8 - OF_ONE_ADDRESS)
    assert [each.result().status_code for each in sent].count(200) == OF_ONE_ADDRESS


def test_a_paper_that_is_not_reported_yet_is_not_called_valid(anyone: TestClient, kiosk: KioskClient) -> None:
    assert "<h1>Not confirmed yet</h1>" in _sent(anyone, code=kiosk.reserved()["code"]).text


def test_a_bare_serial_tells_nothing(anyone: TestClient, delivered: tuple[str, str]) -> None:
    """Serials can be guessed."""
    answer = _sent(anyone, code=delivered[0])
    assert "张明灯" not in answer.text
    assert 'role="alert"' in answer.text


@pytest.mark.parametrize(
    ("code", "said"),
    [("", "Choose a picture first"), ("hello", "This is not what"), ("PAD1:%%%", "This is not what")],
)
def test_what_is_no_code_is_answered_calmly(anyone: TestClient, code: str, said: str) -> None:
    answer = _sent(anyone, code=code)
    assert answer.status_code == 200
    assert said in answer.text


def test_a_foreign_code_and_an_altered_one_are_not_ours(anyone: TestClient, records: Records) -> None:
    """And nothing that they state is shown as if we had said it."""
    foreign = _sent(anyone, code=sign_code(SPARSE, CodeKey(make_pki().code.key)))
    assert "<h1>Not issued here</h1>" in foreign.text
    assert SPARSE.name not in foreign.text
    unknown = _sent(anyone, code=sign_code(SPARSE, CodeKey(records.keys.code.key)))
    assert "<h1>Not issued here</h1>" in unknown.text
    assert SPARSE.name not in unknown.text


@pytest.mark.parametrize("picture", [b"%PDF-1.4 ...", b"\x89PNG\r\n\x1a\n broken", b"\xff\xd8\xff broken", b"GIF89a"])
def test_a_file_that_is_no_picture_is_answered_calmly(anyone: TestClient, picture: bytes) -> None:
    assert "no paper&#39;s code in the picture" in _sent(anyone, picture=picture).text


def test_a_picture_too_large_to_decode_is_not_decoded(anyone: TestClient) -> None:
    """Its header is enough; a file of some kilobytes may hold a sea of white."""
    output = io.BytesIO()
    Image.new("1", (8_000, 8_000), 1).save(output, "PNG")
    assert len(output.getvalue()) < LARGEST_BODY
    assert "no paper&#39;s code in the picture" in _sent(anyone, picture=output.getvalue()).text


def test_more_than_the_bound_is_not_taken_in(anyone: TestClient) -> None:
    """The page takes a telephone's picture, other routes no more than before."""
    refused = _sent(anyone, "zh", picture=b"\xff\xd8\xff" + bytes(9_000_000))
    assert refused.status_code == 413
    assert "照片超过 8 MB" in refused.text
    assert anyone.post("/v1/verifications", content=bytes(LARGEST_BODY + 1)).status_code == 413
    assert anyone.post("/check/nothing", content=bytes(LARGEST_BODY + 1)).status_code == 413


class _Sender:
    """Sends pieces of a megabyte, as many as are taken, and keeps the answer."""

    def __init__(self, address: str = "203.0.113.7", end: int = 1_000) -> None:
        self.client, self.end = (address, 50000), end
        self.read = 0
        self.status = 0
        self.headers: dict[bytes, bytes] = {}
        self.going_on = asyncio.Event()
        self.going_on.set()

    async def _receive(self) -> dict[str, Any]:
        await self.going_on.wait()
        self.read += 1
        return {"type": "http.request", "body": bytes(A_MEGABYTE), "more_body": self.read < self.end}

    async def _send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])

    async def send(self, app: App) -> None:
        """One request to the page."""
        scope: dict[str, Any] = {"type": "http", "method": "POST", "path": "/check/", "headers": [], "extensions": {}}
        scope |= {"query_string": b"", "root_path": "", "client": self.client, "http_version": "1.1"}
        await app(scope, self._receive, self._send)


def test_a_refused_upload_is_read_away_so_far_and_no_farther(records: Records) -> None:
    """A browser sees why; who goes on sending is cut off."""

    async def send(sender: _Sender) -> _Sender:
        await sender.send(application(records))
        return sender

    endless, large = (asyncio.run(send(_Sender(end=end))) for end in (1_000, 20))
    assert (endless.status, endless.headers[b"connection"]) == (413, b"close")
    assert endless.read == (LARGEST + SPARE) // A_MEGABYTE + 1
    assert (large.status, large.read) == (413, 20)


def test_refused_uploads_count_and_who_asks_too_fast_is_asked_before_the_picture_is_read(records: Records) -> None:
    async def send() -> list[_Sender]:
        app, senders = application(records), [_Sender() for _ in range(MOST + 1)]
        for each in senders:
            await each.send(app)
        return senders

    *refused, last = asyncio.run(send())
    assert {each.status for each in refused} == {413}
    assert (last.status, last.read) == (429, SPARE // A_MEGABYTE + 1)


def test_so_many_uploads_are_read_at_once_and_two_of_one_address(records: Records) -> None:
    """Each takes memory for as long as it is on its way. Whoever comes then is told so, and may come again."""

    async def send() -> tuple[list[_Sender], _Sender, _Sender, _Sender]:
        app = application(records)
        slow = [_Sender(f"203.0.113.{number // OF_ONE_ADDRESS}", end=9) for number in range(READ_AT_ONCE)]
        for each in slow:
            each.going_on.clear()
        going = [asyncio.create_task(each.send(app)) for each in slow[:-1]]
        await asyncio.sleep(0)
        third, further, later = _Sender("203.0.113.0", end=9), _Sender("203.0.113.99", end=9), _Sender("203.0.113.99")
        await asyncio.wait_for(third.send(app), PATIENCE_S)
        going.append(asyncio.create_task(slow[-1].send(app)))
        await asyncio.sleep(0)
        await asyncio.wait_for(further.send(app), PATIENCE_S)
        for each in slow:
            each.going_on.set()
        await asyncio.gather(*going)
        await later.send(app)
        return slow, third, further, later

    slow, third, further, later = asyncio.run(send())
    assert (third.status, further.status) == (503, 503)
    assert {each.status for each in (*slow, later)} == {413}


def test_nothing_is_written_to_disk(
    anyone: TestClient, delivered: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A large picture neither: the form's parser would keep it in a temporary file."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("a temporary file")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    monkeypatch.setattr(tempfile, "NamedTemporaryFile", refuse)
    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "rollover", refuse)
    noise = np.random.default_rng(1).integers(180, 255, (1400, 1400), np.uint8)
    symbol = np.pad(modules(delivered[1]), 4).repeat(6, 0).repeat(6, 1)
    noise[100 : 100 + len(symbol), 100 : 100 + len(symbol)] = np.where(symbol, 0, 255)
    output = io.BytesIO()
    Image.fromarray(noise).save(output, "PNG")
    assert len(output.getvalue()) > 1_100_000
    assert "<h1>The code is genuine: now compare</h1>" in _sent(anyone, picture=output.getvalue()).text


def test_nobody_asks_too_fast(anyone: TestClient, clock: StillClock) -> None:
    """A minute later they may ask again."""
    answers = [_sent(anyone, code="hello").status_code for _ in range(MOST + 1)]
    assert answers == [200] * MOST + [429]
    clock.pass_by(60)
    assert _sent(anyone, code="hello").status_code == 200


@pytest.mark.parametrize(
    ("peer", "forwarded", "shared"),
    [
        ("203.0.113.9", "198.51.100.{}", False),
        ("203.0.113.9", "198.51.100.{}, 192.0.2.1", True),  # what a sender wrote itself stands before
        ("203.0.113.9", "somebody-{}", True),
        ("203.0.113.8", "198.51.100.{}", True),
    ],
)
def test_the_proxy_that_settings_name_is_believed_for_whom_it_forwards(
    records: Records, peer: str, forwarded: str, shared: bool
) -> None:
    """Nobody else, and only its own word: the last."""
    server = records.settings.server.model_copy(update={"check_proxy": "203.0.113.9"})
    chosen = records.settings.model_copy(update={"server": server})
    browser = _browser(application(replace(records, settings=chosen)), peer)
    statuses = [
        browser.post(
            "/check/", files=[("code", (None, b"hello"))], headers={"X-Forwarded-For": forwarded.format(number)}
        ).status_code
        for number in range(MOST + 1)
    ]
    assert statuses == [200] * MOST + [429 if shared else 200]


@pytest.mark.parametrize("path", ["/check", "/check?language=en", "/check?language=xx", "/check/nothing"])
def test_the_page_needs_no_script_sets_no_cookie_and_is_hardened(anyone: TestClient, path: str) -> None:
    answer = anyone.get(path)
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "set-cookie" not in answer.headers
    assert "<script" not in answer.text
    assert 'name="viewport"' in answer.text
    assert answer.text.count("<h1>") == 1


def test_the_log_holds_nothing_of_a_paper(
    anyone: TestClient, delivered: tuple[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        _sent(anyone, code=delivered[1])
    logged = " ".join(f"{record.getMessage()} {record.__dict__}" for record in caplog.records)
    assert delivered[0] not in logged
    assert delivered[1][:40] not in logged
