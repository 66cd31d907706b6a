"""What may leave for a phone: nothing of anybody; and when it leaves, once."""

import re
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
import requests
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from records.context import Records
from records.errors import SettingsError
from records.messages import texts as table
from records.messages.gateway import GatewayAwayError, GatewayRefusedError, NoGateway, gateway_of
from records.messages.http_gateway import HttpGateway
from records.messages.texts import LANGUAGES, TextKind, words
from records.sections import MessageSettings
from records.services import contacts, sending, texting
from records.services.texting import Address
from records.store import texts
from records.store.tables import metadata
from simulators.message_gateway.end import Gateway
from simulators.state import SimulatedState
from tests.support.clocks import StillClock
from tests.support.texts_end import TextsEnd

NUMBER = "13800001234"
CODES = st.integers(0, 10**6 - 1).map(lambda each: f"{each:06d}")
OTHERS = {TextKind.LANDLORD: "ABCDEFGHJK"}  # for a page, not for a kiosk
SOON = 8  # tries: then a quarter of an hour lies between two
TIMES = {"zh": {"10"}, "en": {"10"}}  # the only digits besides the code: how long it is good


@given(kind=st.sampled_from(TextKind), language=st.sampled_from(LANGUAGES), code=CODES)
def test_no_text_holds_anything_personal(kind: TextKind, language: str, code: str) -> None:
    """No digits but the code and its minutes, so no number, date or serial; and the words are always the same ones."""
    given_code = code if kind is TextKind.CODE else OTHERS.get(kind, "")
    text = words(kind, language, given_code)
    digits = re.findall(r"\d+", text)
    assert digits == ([code, "10"] if kind is TextKind.CODE else [])
    other = "0" * len(given_code) if kind is TextKind.CODE else "Z" * len(given_code)
    assert text.replace(given_code, "", 1) == words(kind, language, other).replace(other, "", 1)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", TextKind)
def test_no_text_names_a_service_a_person_or_a_place(records: Records, kind: TextKind, language: str) -> None:
    """Nor any word of the residents' rows and the papers' titles."""
    text = words(kind, language, "123456" if kind is TextKind.CODE else OTHERS.get(kind, ""))
    with records.database.reading() as transaction:
        residents = transaction.connection.execute(sa.select(metadata.tables["residents"])).mappings().all()
    rows = {str(row[name]) for row in residents for name in ("name", "latin_name", "address", "id_number")} - {""}
    services = ("户籍", "临时身份", "无犯罪", "居住", "certificate", "proof", "residence", "criminal", "permit")
    assert not [each for each in (*rows, *services) if each and each in text]
    assert len(text) <= (70 if language == "zh" else 160)  # one text of the networks, never two halves


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (TextKind.HINT, "123456"),
        (TextKind.CODE, ""),
        (TextKind.CODE, "张明灯"),
        (TextKind.CODE, "１２３４５６"),
        (TextKind.LANDLORD, "123456"),
    ],
)
def test_nothing_else_can_be_put_into_a_text(kind: TextKind, code: str) -> None:
    with pytest.raises(ValueError, match="six digits"):
        words(kind, "zh", code)


def test_every_text_has_both_languages() -> None:
    assert {kind: set(each) for kind, each in table._WORDS.items()} == {kind: set(LANGUAGES) for kind in TextKind}


# --- queued ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def end() -> TextsEnd:
    return TextsEnd()


@pytest.fixture
def open_records(records: Records, end: TextsEnd) -> Records:
    return replace(records, gateway=end)


def _queue(records: Records, kind: TextKind = TextKind.HINT) -> None:
    with records.database.writing() as transaction:
        texting.queue(records, transaction, kind, Address("p1", NUMBER, "zh"))


def _states(records: Records) -> list[tuple[str, bool]]:
    with records.database.reading() as transaction:
        rows = transaction.connection.execute(sa.select(metadata.tables["texts"])).all()
    return [(row.state, bool(row.sealed)) for row in rows]


def test_a_queued_text_leaves_once_and_its_number_is_gone(open_records: Records, end: TextsEnd) -> None:
    _queue(open_records)
    assert _states(open_records) == [("queued", True)]
    assert [texting.send_due(open_records) for _ in range(2)] == [True, False]
    assert end.taken == [(NUMBER, words(TextKind.HINT, "zh"))]
    assert _states(open_records) == [("sent", False)]


def test_a_text_waits_longer_each_time_and_a_day_at_most(
    open_records: Records, clock: StillClock, end: TextsEnd
) -> None:
    """Always under its own id; then number and all are gone."""
    _queue(open_records)
    end.failing.extend([GatewayAwayError("status 503")] * 500)
    begun, tried = clock.now(), []
    while _states(open_records)[0][0] == "queued":
        if texting.send_due(open_records):
            tried.append(clock.now())
        clock.pass_by(15 if len(tried) < SOON else 300)
    waits = [(b - a).total_seconds() for a, b in pairwise(tried)]
    assert waits[:4] == [15, 30, 60, 120]
    assert max(waits) <= 900
    assert 86_400 <= (tried[-1] - begun).total_seconds() <= 87_300
    assert len(set(end.ids)) == 1
    assert _states(open_records) == [("failed", False)]


def test_a_refused_text_is_not_tried_again(open_records: Records, end: TextsEnd) -> None:
    _queue(open_records)
    end.failing.append(GatewayRefusedError("status 422"))
    assert texting.send_due(open_records)
    assert not texting.send_due(open_records)
    assert _states(open_records) == [("failed", False)]


def test_a_text_that_somebody_sends_is_nobody_elses(open_records: Records, clock: StillClock) -> None:
    """Two services on one database; what the first one never ended is taken up again later."""
    _queue(open_records)
    now = clock.now()
    with open_records.database.writing() as transaction:
        assert texts.take_due(transaction, now, texting._held_until(now)) is not None
        assert texts.take_due(transaction, now, texting._held_until(now)) is None
        later = texting._held_until(now)
        assert texts.take_due(transaction, later, texting._held_until(later)) is not None


def test_a_code_that_is_too_old_does_not_leave(open_records: Records, clock: StillClock, end: TextsEnd) -> None:
    """The power failed between asking and sending."""
    with open_records.database.writing() as transaction:
        row = texting.code_row(open_records, Address("p1", NUMBER, "zh"), "123456", "kiosk-0001", "h")
        texts.add(transaction, row)
    clock.pass_by(600)
    assert texting.send_due(open_records)
    assert end.taken == []
    assert _states(open_records) == [("failed", False)]


def test_the_service_sends_by_itself_and_stops_with_it(open_records: Records, end: TextsEnd) -> None:
    """Whatever a round meets: the next one goes on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sending, "_LOOK_S", 0.01)
        warned = iter([ValueError("a round that fails")])
        patch.setattr(contacts, "warn", lambda _records: _raise_once(warned))
        with sending.sending(open_records):
            _queue(open_records)
            deadline = time.monotonic() + 20
            while not end.taken and time.monotonic() < deadline:
                time.sleep(0.01)
    assert end.taken == [(NUMBER, words(TextKind.HINT, "zh"))]
    assert not [thread for thread in threading.enumerate() if thread.name == "texts"]


def _raise_once(errors: Iterator[Exception]) -> int:
    for error in errors:
        raise error
    return 0


# --- the gateway over TLS --------------------------------------------------------------------------------------------


@pytest.fixture
def far(tmp_path: Path) -> Gateway:
    return Gateway(SimulatedState(tmp_path / "sim"))


def _adapter(far: Gateway, port: int, answer: float = 2.0) -> HttpGateway:
    return HttpGateway(f"https://localhost:{port}", (1.0, answer), far.root_file, "made-up-token")


def test_the_adapter_speaks_to_a_gateway_over_tls(far: Gateway) -> None:
    with far.serving(0) as port:
        adapter = _adapter(far, port)
        first = adapter.send(NUMBER, "text", "id-1")
        assert adapter.send(NUMBER, "text", "id-1") == first
        assert adapter.send(NUMBER, "other", "id-2") != first
    assert [(each.number, each.text) for each in far.taken()] == [(NUMBER, "text"), (NUMBER, "other")]


def test_the_adapter_believes_no_other_certificate(far: Gateway, tmp_path: Path) -> None:
    other = Gateway(SimulatedState(tmp_path / "other"))
    with far.serving(0) as port, other.serving(0):
        adapter = HttpGateway(f"https://localhost:{port}", (1.0, 2.0), other.root_file)
        with pytest.raises(GatewayAwayError, match="SSLError"):
            adapter.send(NUMBER, "text", "id-1")
    assert far.taken() == []


@pytest.mark.parametrize(
    ("state", "refused"),
    [("down", False), ("refuses", True), ("slow", False), ("loses-answer", False), ("garbage", False)],
)
def test_each_fault_of_a_gateway_has_its_error(far: Gateway, state: str, refused: bool) -> None:
    """And what it had taken by then, it takes no second time."""
    expected = GatewayRefusedError if refused else GatewayAwayError
    with far.serving(0) as port:
        adapter = _adapter(far, port, answer=0.4)
        far.state.set("message_gateway", state)
        with pytest.raises(expected) as failed:
            adapter.send(NUMBER, "text", "id-1")
        assert NUMBER not in str(failed.value)
        far.state.set("message_gateway", "ok")
        if not refused:
            adapter.send(NUMBER, "text", "id-1")
    assert len(far.taken()) == (0 if refused else 1)


def test_nothing_older_than_tls_is_spoken(far: Gateway) -> None:
    with far.serving(0) as port, pytest.raises((requests.ConnectionError, ssl.SSLError)):
        requests.post(f"http://localhost:{port}/v1/texts", json={}, timeout=2)


def test_the_settings_take_no_open_url(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="url"):
        MessageSettings(url="http://gateway.invalid")
    assert isinstance(gateway_of(tmp_path, MessageSettings()), NoGateway)


def test_a_token_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("made-up")
    (tmp_path / "token").chmod(0o644)
    chosen = MessageSettings(url="https://gateway.invalid", token_file="token")
    with pytest.raises(SettingsError, match="chmod 600"):
        gateway_of(tmp_path, chosen)
    (tmp_path / "token").chmod(0o600)
    assert isinstance(gateway_of(tmp_path, chosen), HttpGateway)
    with pytest.raises(SettingsError, match="can't be read"):
        gateway_of(tmp_path, chosen.model_copy(update={"token_file": "none"}))
