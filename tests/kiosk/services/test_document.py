"""Showing a travel document: what page and chip say goes into the memory of this visit, or is told by a code."""

import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from threading import Event, Thread
from typing import Any, cast
from weakref import ref

import numpy as np
import pytest

from civic.document import DocumentKind
from civic.masking import PersonalBytes, PersonalText
from civic.mrz import MrzKey
from civic.person_name import PersonName
from devices.camera.api import Frame, Image
from devices.errors import (
    DeviceCancelledError,
    DeviceError,
    DeviceFaultError,
    DeviceMisconfiguredError,
    DeviceTimeoutError,
    DeviceUnavailableError,
)
from devices.health import Health, Level
from devices.mrz.api import PageInstruction
from devices.travel_document.api import DocumentProblem, DocumentRead, DocumentUnreadable, Stage, TravelDocument
from kiosk.flows import happenings as h
from kiosk.flows import identity as who
from kiosk.services.document import DocumentDesk
from kiosk.services.memory import VisitMemory
from terminal.store.audit import AuditKind
from tests.support.kiosk_store import KioskStore

KEY = MrzKey(PersonalText("EA0000014"), date(1986, 3, 14), date(2034, 2, 28))
OTHER = MrzKey(PersonalText("EA0000032"), date(1991, 9, 23), date(2034, 2, 28))
DOCUMENT = TravelDocument(
    kind=DocumentKind.PASSPORT,
    issuing_state="CHN",
    number=PersonalText("EA0000014"),
    name=PersonName("ZHANG MINGDENG"),
    chinese_name=None,
    nationality="CHN",
    sex="M",
    birth_date=date(1986, 3, 14),
    expiry_date=date(2034, 2, 28),
    personal_number=PersonalText(""),
    portrait=PersonalBytes(b"jpeg"),
    access="PACE",
    signer="CN 1",
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
class Camera:
    """Gives a picture each tenth of a second, by its own clock, until it ``breaks``."""

    breaks: DeviceError | None = None
    closed: bool = False
    given: list["ref[Image]"] = field(default_factory=list)

    def frames(self, cancel: Event) -> Iterator[Frame]:
        """Endless."""
        try:
            for tick in range(10_000):
                if cancel.is_set():
                    raise DeviceCancelledError
                if self.breaks is not None:
                    raise self.breaks
                image = np.zeros((4, 4, 3), np.uint8)
                self.given.append(ref(image))
                yield Frame(image, number=tick, at=tick / 10)
        finally:
            self.closed = True


@dataclass
class Engine:
    """Reads the given things, one frame after the other, and the last one from then on."""

    reads: list[MrzKey | PageInstruction]
    breaks: DeviceError | None = None

    def load(self) -> None:
        """The model."""
        if self.breaks is not None:
            raise self.breaks

    def read(self, image: Image) -> MrzKey | PageInstruction:
        """The next."""
        assert image.size
        return self.reads.pop(0) if len(self.reads) > 1 else self.reads[0]


@dataclass
class Reader:
    """``gives`` what it is told, once a chip lies there, which it does from the ``arrives``th look on."""

    gives: DocumentRead | DocumentUnreadable | DeviceError = field(default_factory=lambda: DocumentRead(DOCUMENT))
    arrives: int = 0
    absent: DeviceError | None = None
    while_reading: Callable[[], None] = lambda: None
    looks: int = 0
    keys: list[MrzKey] = field(default_factory=list)

    def health(self) -> Health:
        """Well."""
        return Health("travel_document", Level.READY)

    def present(self) -> bool:
        """Whether it lies there."""
        if self.absent is not None:
            raise self.absent
        self.looks += 1
        return self.looks > self.arrives

    def read(
        self, key: MrzKey, cancel: Event, on_stage: Callable[[Stage, float], None]
    ) -> DocumentRead | DocumentUnreadable:
        """Two stages, and what is given."""
        assert not cancel.is_set()
        self.keys.append(key)
        on_stage(Stage.OPENING, 0.0)
        self.while_reading()
        on_stage(Stage.READING, 0.4)
        if isinstance(self.gives, DeviceError):
            raise self.gives
        return self.gives

    def close(self) -> None:
        """Nothing is open."""


@dataclass
class Counter:
    """A desk, and what it says on the way."""

    camera: Camera = field(default_factory=Camera)
    engine: Engine | None = None
    reader: Reader | None = None
    book: Book = field(default_factory=Book)
    said: list[who.PageInstructed | who.DocumentFound] = field(default_factory=list)
    shown: int = 0
    after_three: Callable[[], None] = lambda: None

    @property
    def desk(self) -> DocumentDesk:
        """Built of the parts as they are now."""
        return DocumentDesk(*cast("Any", (self.camera, self.engine, self.reader, self.book)))

    def see(self, image: Image) -> None:
        """A picture for the screen; it is not kept."""
        assert image.size
        self.shown += 1
        if self.shown == 3:
            self.after_three()

    def page(self, memory: VisitMemory, cancel: Event | None = None) -> who.PageRead | who.PageNotRead:
        """Hold a page before the camera."""
        return self.desk.read_page(memory, cancel or Event(), self.said.append, self.see)

    def chip(
        self, memory: VisitMemory, typed: MrzKey | None = None, cancel: Event | None = None
    ) -> who.DocumentRead | who.DocumentNotRead | h.ReaderFailed:
        """Lay the document."""
        return self.desk.read(memory, typed, cancel or Event(), self.said.append)


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.services.document._POLL_S", 0.001)


# --- the page ---


def test_a_page_that_is_read_the_same_twice_is_in_the_memory_of_this_visit() -> None:
    """What to do meanwhile is said, the picture is shown, and the camera is closed."""
    counter, memory = Counter(engine=Engine([*[PageInstruction.COME_CLOSER] * 2, KEY, KEY])), VisitMemory()
    assert counter.page(memory) == who.PageRead()
    assert memory.page == KEY
    assert who.PageInstructed("come-closer") in counter.said
    assert counter.shown == 4
    assert counter.camera.closed


@pytest.mark.parametrize(
    ("counter", "code"),
    [
        (Counter(), "no-model"),
        (Counter(engine=Engine([KEY], DeviceMisconfiguredError("broken-model"))), "no-model"),
        (Counter(engine=Engine([PageInstruction.GLARE])), "timed-out"),
        (Counter(Camera(DeviceUnavailableError("unplugged")), Engine([KEY])), "no-camera"),
        (Counter(Camera(DeviceFaultError("another-camera")), Engine([KEY])), "no-camera"),
    ],
)
def test_a_page_that_is_not_read_can_be_typed_and_the_code_says_why(counter: Counter, code: str) -> None:
    """Never an exception: the resident stands before the camera."""
    memory = VisitMemory()
    assert counter.page(memory) == who.PageNotRead(code)
    assert memory.page is None


def test_a_camera_that_goes_still_is_told_like_a_page_that_nobody_could_read() -> None:
    """Whichever it was, typing is the way on; the technician's page knows more."""
    assert Counter(Camera(DeviceTimeoutError("stalled")), Engine([KEY])).page(VisitMemory()) == who.PageNotRead(
        "timed-out"
    )


def test_whoever_leaves_before_the_page_is_read_leaves_nothing() -> None:
    """No key, and no picture that anything still holds."""
    counter, memory, cancel = Counter(engine=Engine([PageInstruction.SHOW_PAGE])), VisitMemory(), Event()
    counter.after_three = cancel.set
    assert isinstance(counter.page(memory, cancel), who.PageNotRead)
    assert (memory.page, counter.shown, counter.camera.closed) == (None, 3, True)
    gc.collect()
    assert [picture() for picture in counter.camera.given] == [None] * len(counter.camera.given)


# --- the chip ---


def test_a_document_is_waited_for_read_and_kept_for_this_visit_alone() -> None:
    """Stage by stage, with the key of the page."""
    reader, memory = Reader(arrives=3), VisitMemory(page=KEY)
    counter = Counter(reader=reader)
    assert counter.chip(memory) == who.DocumentRead(DocumentKind.PASSPORT)
    assert (memory.document, memory.kind) == (DOCUMENT, DocumentKind.PASSPORT)
    assert (reader.looks, reader.keys) == (4, [KEY])
    assert counter.said == [who.DocumentFound("opening", 0.0), who.DocumentFound("reading", 0.4)]
    assert counter.book.rows == []


def test_what_was_typed_counts_more_than_what_the_camera_read() -> None:
    """It was typed because the camera was wrong."""
    reader = Reader()
    Counter(reader=reader).chip(VisitMemory(page=OTHER), KEY)
    assert reader.keys == [KEY]


@pytest.mark.parametrize("problem", DocumentProblem)
def test_a_document_that_is_not_believed_is_told_by_its_problem_and_audited(
    problem: DocumentProblem, store: KioskStore
) -> None:
    """In the real audit, which takes codes alone; nothing of the document is kept."""
    memory = VisitMemory(page=KEY)
    desk = replace(Counter(reader=Reader(DocumentUnreadable(problem, "EF.DG2: 6982"))).desk, audit=store.audit)
    assert desk.read(memory, None, Event(), lambda _: None) == who.DocumentNotRead(problem.value)
    assert memory.document is None
    assert store.audited(AuditKind.DOCUMENT_NOT_READ) == [{"visit": memory.visit, "reason": problem.value}]


@pytest.mark.parametrize("error", [DeviceUnavailableError("in-use"), DeviceFaultError("8010002F")])
def test_a_reader_that_fails_is_told_by_its_code(error: DeviceError) -> None:
    """Before anything lies there, and while it is read."""
    failed = h.ReaderFailed(error.code)
    assert Counter(reader=Reader(absent=error)).chip(VisitMemory(page=KEY)) == failed
    assert Counter(reader=Reader(error)).chip(VisitMemory(page=KEY)) == failed


def test_nothing_is_read_without_a_reader_or_without_what_opens_the_chip() -> None:
    """Such a way is never offered; if it is taken all the same, nobody waits for ever."""
    reader = Reader()
    assert Counter().chip(VisitMemory(page=KEY)) == h.ReaderFailed("no-reader")
    assert Counter(reader=reader).chip(VisitMemory()) == h.ReaderFailed("no-reader")
    assert reader.looks == 0


def test_leaving_ends_the_wait_for_a_document() -> None:
    """At once."""
    counter, cancel, ended = Counter(reader=Reader(arrives=10**9)), Event(), list[object]()
    waiting = Thread(target=lambda: ended.append(counter.chip(VisitMemory(page=KEY), None, cancel)))
    waiting.start()
    cancel.set()
    waiting.join(PATIENCE_S)
    assert ended == [who.DocumentNotRead("moved")]


@pytest.mark.parametrize("outcome", [DocumentRead(DOCUMENT), DocumentUnreadable(DocumentProblem.MOVED)])
def test_a_document_that_arrives_after_its_visit_is_kept_and_noted_nowhere(
    outcome: DocumentRead | DocumentUnreadable,
) -> None:
    """The resident left while the last byte was on its way."""
    memory, cancel = VisitMemory(page=KEY), Event()

    def leaves() -> None:
        cancel.set()
        memory.forget()

    counter = Counter(reader=Reader(outcome, while_reading=leaves))
    assert counter.chip(memory, None, cancel) == who.DocumentNotRead("moved")
    assert (memory.document, memory.page) == (None, None)
    assert counter.book.rows == []


def test_no_word_of_a_document_is_printed() -> None:
    """By what the desk holds, hands over or says."""
    memory = VisitMemory(page=KEY)
    counter = Counter(reader=Reader(DocumentRead(replace(DOCUMENT))))
    said = repr((counter.chip(memory), memory, counter.said, memory.document, KEY))
    assert "ZHANG" not in said
    assert "EA0000014" not in said
