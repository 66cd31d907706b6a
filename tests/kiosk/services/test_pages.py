"""A contract's pages: into the visit's memory, shown again, sealed when they are handed in, gone with the visit."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import cast
from unittest.mock import Mock

import numpy as np
import pytest

from backend_client.contract.intakes import TenancyContent
from backend_client.policy import PolicyHolder
from backend_client.seals import open_file, open_seal
from backend_client.trusted_clock import TrustedClock
from civic.masking import PersonalBytes
from devices.camera.api import Image
from devices.document_camera.api import CoarseCameraError, NoPageError, PageInstruction, PhotographedPage, Signature
from devices.errors import DeviceCancelledError, DeviceUnavailableError
from kiosk.flows import contents, pages
from kiosk.flows import hand_in as flow
from kiosk.presenters.gallery import PLACE
from kiosk.presenters.gallery_intakes import WHO
from kiosk.services.hand_in import HandInDesk
from kiosk.services.memory import VisitMemory
from kiosk.services.outbox import IntakeDesk
from kiosk.services.pages import PagesDesk
from kiosk.services.printers import Printers
from kiosk.store.blobs import Blobs
from kiosk.store.outbox import Outbox
from tests.support.clocks import SetClock
from tests.support.kiosk_store import KioskStore, store_on
from tests.support.outbox import BOOT, KEY, intake_rules, policy_with

RIGHT = "0" * 32


def page(text: bytes) -> PhotographedPage:
    return PhotographedPage(PersonalBytes(text), 150, np.full((2, 2), len(text), np.float32))


@dataclass
class Shelf:
    """A camera that takes these pages in turn, or fails as it is told to."""

    answers: list[PhotographedPage | Exception]
    known: list[int] = field(default_factory=list)

    def photograph(
        self,
        known: tuple[Signature, ...],
        cancel: Event,
        on_instruction: Callable[[PageInstruction], None],
        on_frame: Callable[[Image], None],
    ) -> PhotographedPage:
        assert not cancel.is_set()
        self.known.append(len(known))
        on_instruction(PageInstruction.COME_CLOSER)
        on_frame(np.zeros((2, 2, 3), np.uint8))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def shown(self, page: PhotographedPage) -> Image:
        return np.full((1, 1, 3), len(page.jpeg.reveal()), np.uint8)


def take(desk: PagesDesk, memory: VisitMemory, at: int) -> tuple[pages.PageTaken | pages.PageNotTaken, list[str]]:
    said: list[str] = []
    return desk.take(memory, at, Event(), lambda word: said.append(word.hint), memory.see), said


def test_pages_lie_in_the_visits_memory_in_their_order_and_one_can_be_taken_again() -> None:
    camera, memory = Shelf([page(b"1"), page(b"22"), page(b"333")]), VisitMemory()
    desk = PagesDesk(camera)
    assert take(desk, memory, 0) == (pages.PageTaken(), ["come-closer"])
    take(desk, memory, 1)
    take(desk, memory, 0)
    assert [each.jpeg.reveal() for each in memory.pages] == [b"333", b"22"]
    assert camera.known == [0, 1, 1], "the page that is taken again is not held against itself"


def test_what_was_taken_is_on_the_screen_at_once_and_again_when_it_is_asked_for() -> None:
    memory = VisitMemory()
    desk = PagesDesk(Shelf([page(b"1"), page(b"22")]))
    for at, wide in ((0, 1), (1, 2)):
        take(desk, memory, at)
        seen = memory.seen()
        assert seen is not None
        assert seen[0, 0, 0] == wide
    assert desk.show(memory, 0, memory.see) == pages.PageOnScreen()
    seen = memory.seen()
    assert seen is not None
    assert seen[0, 0, 0] == 1


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NoPageError("60 s"), "timed-out"),
        (CoarseCameraError("640x480"), "camera-too-coarse"),
        (DeviceUnavailableError("gone"), "no-camera"),
        (DeviceCancelledError(), "no-camera"),
    ],
)
def test_a_page_that_is_not_taken_leaves_the_others_as_they_were(error: Exception, code: str) -> None:
    memory = VisitMemory()
    desk = PagesDesk(Shelf([page(b"1"), error]))
    take(desk, memory, 0)
    assert take(desk, memory, 1)[0] == pages.PageNotTaken(code)
    assert len(memory.pages) == 1


def test_a_kiosk_without_such_a_camera_says_so() -> None:
    assert take(PagesDesk(None), VisitMemory(), 0)[0] == pages.PageNotTaken("no-camera")


def test_pages_are_forgotten_with_the_visit_and_a_late_one_is_let_go() -> None:
    memory = VisitMemory()
    desk = PagesDesk(Shelf([page(b"1"), page(b"22")]))
    take(desk, memory, 0)
    memory.forget()
    assert memory.pages == ()
    take(desk, memory, 0)
    assert memory.pages == ()
    assert memory.seen() is None


def test_forgetting_them_leaves_the_visit() -> None:
    memory = VisitMemory(subject="s")
    desk = PagesDesk(Shelf([page(b"1")]))
    take(desk, memory, 0)
    desk.forget(memory)
    assert (memory.pages, memory.subject) == ((), "s")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[KioskStore]:
    with store_on(tmp_path / "kiosk.db", SetClock()) as store:
        yield store


def test_they_are_handed_in_sealed_each_by_a_key_of_its_own_that_stands_in_the_sealed_content(
    store: KioskStore, tmp_path: Path
) -> None:
    machine = SetClock()
    time = TrustedClock(machine, BOOT, store.settings)
    time.hear(machine.up, machine.wall)
    policy = cast("PolicyHolder", SimpleNamespace(current=lambda: policy_with(intake_rules())))
    blobs = Blobs(tmp_path)
    outbox = Outbox(store.database, store.audit, blobs, time)
    desk = HandInDesk(IntakeDesk(outbox, blobs, policy, time, tmp_path), Mock(Printers), lambda: PLACE, machine)
    memory = VisitMemory(pages=(page(b"page one"), page(b"page two, longer"), page(b"of an errand given up")))
    lease = contents.Lease(WHO, None, RIGHT, date(2026, 12, 1), date(2027, 11, 30), pages=2)
    assert isinstance(desk.hand_in(lease, memory), flow.HandedIn)
    assert memory.pages == (), "this kiosk can't show them any more"
    (item,) = outbox.ready(0)
    content = TenancyContent.model_validate_json(open_seal(item, KEY))
    kept = {name: outbox.blob(name) or b"" for name in item.blobs}
    assert [open_file(kept[file.sha256], file) for file in content.files] == [b"page one", b"page two, longer"]
    assert b"page one" not in b"".join(kept.values())
