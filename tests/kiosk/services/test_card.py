"""Laying a card: only one that was laid for this question is read, and only into the memory of its own visit."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, repeat
from threading import Event, Thread
from typing import Any, cast

import pytest

from civic.document import DocumentKind
from civic.id_number import IdNumber
from civic.masking import PersonalBytes, PersonalText
from civic.period import Period
from civic.person_name import PersonName
from devices.errors import DeviceCancelledError, DeviceError, DeviceTimeoutError, DeviceUnavailableError
from devices.health import Health, Level
from devices.id_card.api import CardProblem, CardRead, CardUnreadable, IdCard, Presence
from kiosk.flows import happenings as h
from kiosk.services.card import CardDesk
from kiosk.services.memory import VisitMemory
from terminal.store.audit import AuditKind

NONE, FRESH, READ = Presence.NONE, Presence.FRESH, Presence.READ
CARD = IdCard(
    kind=DocumentKind.RESIDENT_CARD,
    name=PersonName("张明灯"),
    id_number=IdNumber("990101198603140019"),
    sex="1",
    nation="01",
    birth_date=date(1986, 3, 14),
    address=PersonalText("示例市平安区灯火路12号"),
    issuer="示例市公安局",
    validity=Period(date(2018, 5, 2), None),
    photo_wlt=PersonalBytes(b"wlt"),
)
PATIENCE_S = 5.0


@dataclass
class Book:
    """What was audited."""

    rows: list[tuple[AuditKind, dict[str, object]]] = field(default_factory=list)

    def append(self, kind: AuditKind, /, **fields: object) -> None:
        """Write."""
        self.rows.append((kind, fields))


@dataclass
class FakeReader:
    """Sees the given things one look after the other, the last one from then on; reads whatever it is given."""

    sees: list[Presence | DeviceError]
    gives: CardRead | CardUnreadable | DeviceError = field(default_factory=lambda: CardRead(CARD))
    while_reading: Callable[[], None] = lambda: None
    looks: int = 0
    reads: int = 0

    def __post_init__(self) -> None:
        self._next: Iterator[Presence | DeviceError] = chain(self.sees, repeat(self.sees[-1]))

    def health(self) -> Health:
        """Well."""
        return Health("id_card", Level.READY)

    def presence(self) -> Presence:
        """The next thing."""
        self.looks += 1
        seen = next(self._next)
        if isinstance(seen, DeviceError):
            raise seen
        return seen

    def read(self, cancel: Event) -> CardRead | CardUnreadable:  # noqa: ARG002 - the protocol's signature
        """What is given."""
        self.reads += 1
        self.while_reading()
        if isinstance(self.gives, DeviceError):
            raise self.gives
        return self.gives

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.services.card._POLL_S", 0.001)


def desk(reader: "FakeReader", book: Book | None = None) -> CardDesk:
    return CardDesk(reader, cast("Any", book or Book()))


def next_card(reader: FakeReader, memory: VisitMemory | None = None) -> h.CardRead | h.CardNotRead | h.ReaderFailed:
    return desk(reader).read_next(memory or VisitMemory(), Event())


@pytest.mark.parametrize("there", [FRESH, READ])
def test_a_card_that_lies_there_at_the_tap_is_noticed_and_not_read(there: Presence) -> None:
    """It may be the last resident's: whether it was read before does not matter."""
    reader = FakeReader([there])
    assert desk(reader).look() == h.CardLying()
    assert reader.reads == 0


def test_an_empty_reader_is_said_to_be_empty() -> None:
    """The card may be laid."""
    assert desk(FakeReader([NONE])).look() == h.ReaderEmpty()


def test_a_passport_left_on_its_own_reader_is_something_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a card is: noticed, and waited for until it is taken. A reader for it that fails hides no card."""

    class Documents:
        lies: tuple[bool | DeviceError, ...] = (True, True, False)

        def present(self) -> bool:
            now, self.lies = self.lies[0], self.lies[1:] or self.lies
            if isinstance(now, DeviceError):
                raise now
            return now

    monkeypatch.setattr("kiosk.services.card._POLL_S", 0.01)
    documents = Documents()
    counter = CardDesk(cast("Any", FakeReader([NONE])), cast("Any", Book()), cast("Any", documents))
    assert counter.look() == h.CardLying()
    assert counter.wait_for_lift(Event()) == h.CardLifted()
    assert counter.look() == h.ReaderEmpty()
    documents.lies = (DeviceUnavailableError("gone"),)
    assert (
        CardDesk(cast("Any", FakeReader([READ])), cast("Any", Book()), cast("Any", documents)).look() == h.CardLying()
    )


def test_lifting_is_waited_for() -> None:
    """A fresh card and a read one alike must leave the reader."""
    reader = FakeReader([READ, READ, FRESH, NONE])
    assert desk(reader).wait_for_lift(Event()) == h.CardLifted()
    assert reader.looks == 4


def test_a_card_is_read_when_it_is_laid() -> None:
    """Into this visit's memory."""
    reader, memory = FakeReader([NONE, NONE, FRESH]), VisitMemory()
    assert next_card(reader, memory) == h.CardRead(CARD.kind)
    assert memory.card is CARD
    assert (reader.looks, reader.reads) == (3, 1)


def test_a_card_that_was_read_before_is_never_read_again_without_being_lifted() -> None:
    """It lies there, comes away, is laid again: only then."""
    reader = FakeReader([READ, READ, NONE, FRESH])
    assert next_card(reader) == h.CardRead(CARD.kind)
    assert (reader.looks, reader.reads) == (4, 1)


@pytest.mark.parametrize("problem", list(CardProblem))
def test_an_unreadable_card_is_told_with_its_problem(problem: CardProblem) -> None:
    """And the memory stays empty."""
    memory = VisitMemory()
    assert next_card(FakeReader([FRESH], CardUnreadable(problem)), memory) == h.CardNotRead(problem.value)
    assert memory.card is None


@pytest.mark.parametrize("error", [DeviceUnavailableError("/dev/reader"), DeviceTimeoutError("FIND")])
def test_a_reader_that_fails_is_told_by_its_code(error: DeviceError) -> None:
    """At every step; an exception would leave the resident waiting."""
    failed = h.ReaderFailed(error.code)
    assert desk(FakeReader([error])).look() == failed
    assert desk(FakeReader([READ, error])).wait_for_lift(Event()) == failed
    assert next_card(FakeReader([NONE, error])) == failed
    assert next_card(FakeReader([FRESH], error)) == failed


@pytest.mark.parametrize("sees", [READ, NONE])
def test_leaving_ends_every_wait(sees: Presence) -> None:
    """Whatever lies there."""
    counter, cancel = desk(FakeReader([sees])), Event()
    ended: list[object] = []

    def waits() -> None:
        ended.append(counter.wait_for_lift(cancel))
        ended.append(counter.read_next(VisitMemory(), cancel))

    waiting = Thread(target=waits)
    waiting.start()
    begun = time.monotonic()
    cancel.set()
    waiting.join(PATIENCE_S)
    assert len(ended) == 2
    assert time.monotonic() - begun < 1


def test_a_cancelled_read_says_so_and_keeps_nothing() -> None:
    """The driver's own way of ending."""
    memory = VisitMemory()
    assert next_card(FakeReader([FRESH], DeviceCancelledError()), memory) == h.ReaderFailed("device-cancelled")
    assert memory.card is None


def test_a_card_that_arrives_after_its_visit_is_kept_nowhere() -> None:
    """The resident left while the last byte was on its way: the wiped memory stays empty."""
    memory, cancel = VisitMemory(), Event()

    def leaves() -> None:
        cancel.set()
        memory.forget()

    reader = FakeReader([FRESH], while_reading=leaves)
    assert desk(reader).read_next(memory, cancel) != h.CardRead(CARD.kind)
    assert memory.card is None
