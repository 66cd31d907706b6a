"""Texts to residents' phones: queued with what happened, sent behind it, emptied as soon as they are sent.

A code is sent while the resident waits, or not at all; everything else has a day's time. A text that was perhaps taken
is sent again under its own id, and the gateway takes it once.
"""

import json
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from records import contact_key
from records.context import Records
from records.messages.gateway import GatewayAwayError, GatewayError
from records.messages.texts import TextKind, words
from records.store import texts
from records.store.database import Transaction
from records.store.texts import TextRow

CODE_LIFE: Final = timedelta(minutes=10)
_LIFE: Final = timedelta(days=1)
_HELD: Final = timedelta(seconds=90)  # by whoever sends it: longer than a gateway's slowest answer
_FIRST_WAIT_S: Final = 15
_LONGEST_WAIT_S: Final = 900
_MOST_DOUBLINGS: Final = 6
_TRIES_AT_ONCE: Final = 2
_PATIENCE_S: Final = 3.0  # of the ten that a kiosk waits: a second try must still have time
_log = logging.getLogger("lamplight.records")


@dataclass(frozen=True, slots=True, repr=False)
class Address:
    """Whose phone, its number, and the language of what is sent there."""

    person_id: str
    number: str
    language: str


def queue(records: Records, transaction: Transaction, kind: TextKind, to: Address, code: str = "") -> None:
    """Let a text leave once this transaction stands. ``code``: of one that nobody waits for at a kiosk."""
    texts.add(transaction, _row(records, kind, to, code))


def code_row(records: Records, to: Address, code: str, device_id: str, number_hash: str) -> TextRow:
    """A code's text as its caller adds it, and then has it sent; held for them."""
    return _row(records, TextKind.CODE, to, code, device_id=device_id, number_hash=number_hash)


def send_at_once(records: Records, row: TextRow) -> bool:
    """Whether the gateway took it now. It is not tried later."""
    begun = records.clock.monotonic()
    for left in reversed(range(_TRIES_AT_ONCE)):
        try:
            _send(records, row)
        except GatewayAwayError as error:
            _note(row, error)
            if left and records.clock.monotonic() - begun < _PATIENCE_S:
                continue
            break
        except GatewayError as error:
            _note(row, error)
            break
        return True
    _give_up(records, row)
    return False


def send_due(records: Records) -> bool:
    """Send one text whose turn it is; False: there was none."""
    now = records.clock.now()
    with records.database.reading() as transaction:
        waiting = texts.any_due(transaction, now)
    if not waiting:  # it is asked every few seconds, and should keep no writer waiting
        return False
    with records.database.writing() as transaction:
        row = texts.take_due(transaction, now, _held_until(now))
    if row is None:
        return False
    if now >= row.created_at + (CODE_LIFE if row.kind == TextKind.CODE else _LIFE):
        _give_up(records, row)
        return True
    try:
        _send(records, row)
    except GatewayAwayError as error:
        _note(row, error)
        with records.database.writing() as transaction:
            texts.later(transaction, row.text_id, records.clock.now() + _wait(row.tries))
    except GatewayError as error:
        _note(row, error)
        _give_up(records, row)
    return True


def _send(records: Records, row: TextRow) -> None:
    sealed = json.loads(contact_key.opened(records.folder / "keys", row.sealed, *_bound(records, row.text_id)))
    text = words(TextKind(row.kind), row.language, sealed["code"])
    accepted = records.gateway.send(sealed["number"], text, row.text_id)
    with records.database.writing() as transaction:
        texts.sent(transaction, row.text_id, accepted)


def _give_up(records: Records, row: TextRow) -> None:
    with records.database.writing() as transaction:
        texts.failed(transaction, row.text_id)


def _row(
    records: Records, kind: TextKind, to: Address, code: str = "", *, device_id: str = "", number_hash: str = ""
) -> TextRow:
    text_id, now = str(uuid4()), records.clock.now()
    content = json.dumps({"number": to.number, "code": code})
    return TextRow(
        text_id=text_id,
        person_id=to.person_id,
        kind=kind,
        language=to.language,
        sealed=contact_key.seal(records.folder / "keys", content, *_bound(records, text_id)),
        created_at=now,
        next_at=_held_until(now) if kind is TextKind.CODE else now,
        device_id=device_id,
        number_hash=number_hash,
    )


def _bound(records: Records, text_id: str) -> tuple[str, ...]:
    return "text", records.settings.community, text_id


def _held_until(now: datetime) -> datetime:
    return now + _HELD


def _wait(tries: int) -> timedelta:
    return timedelta(seconds=min(_FIRST_WAIT_S << min(tries, _MOST_DOUBLINGS), _LONGEST_WAIT_S))


def _note(row: TextRow, error: GatewayError) -> None:
    """What is wrong with the gateway: nothing of the text, nor of whom it is for."""
    _log.warning("text not taken", extra={"error": f"{error.code}: {error.detail} ({TextKind(row.kind)})"})
