"""A paper before the camera: what it is online, offline, and where nothing can be known; and that nothing stays."""

import gc
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import cast
from uuid import uuid4
from weakref import ref

import numpy as np
import pytest

from backend_client.contract.papers import Reserve, VoidReason
from backend_client.contract.verification import PaperStanding, VerificationAnswer
from backend_client.device_files import DeviceIdentity
from backend_client.errors import RecordsUnreachableError
from backend_client.session import RecordsSession
from civic.clock import SystemClock
from devices.camera.api import Camera, Frame, Image
from devices.errors import DeviceError, DeviceUnavailableError
from forms.code import PREFIX, CodeKey, sign_code
from forms.paper import PaperKind
from forms.qr import modules
from forms.trust import Purpose
from kiosk.flows import check_paper as flow
from kiosk.flows.check_paper import Standing
from kiosk.services.belief import Belief
from kiosk.services.check import CheckDesk
from kiosk.store.feed import Feed
from terminal.store.errors import StoreUnwritableError
from tests.support.carried import signed_list
from tests.support.clocks import StillClock
from tests.support.identification import proven_subject
from tests.support.kiosk_store import KioskStore
from tests.support.papers import SPARSE
from tests.support.pki import Pki, make_issuer, make_pki
from tests.support.records_client import LAN
from tests.support.records_server import RecordsServer, free_port

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def pki() -> Pki:
    return make_pki()


def _code(pki: Pki) -> str:
    return sign_code(SPARSE, CodeKey(pki.code.key))


def _shown(code: str) -> Image:
    symbol = np.pad(modules(code), 4).repeat(5, 0).repeat(5, 1)
    return np.repeat(np.where(symbol, 20, 235).astype(np.uint8)[..., None], 3, axis=2)


@dataclass
class Eye:
    """A camera: two frames of nothing, then what is held before it."""

    image: Image | None
    breaks: DeviceError | None = None
    closed: bool = False
    given: list["ref[Image]"] = field(default_factory=list)

    def frames(self, cancel: Event) -> Iterator[Frame]:
        try:
            for tick in range(1000):
                if cancel.is_set():
                    return
                if self.breaks:
                    raise self.breaks
                image = np.zeros((480, 640, 3), np.uint8) if self.image is None or tick < 2 else self.image.copy()
                self.given.append(ref(image))
                yield Frame(image, tick, tick / 2)
        finally:
            self.closed = True


@dataclass
class Records:
    """Records as a session reaches them; ``standing`` None: not reached."""

    standing: PaperStanding | None
    carries: bytes = b""
    asked: list[str] = field(default_factory=list)

    def verify(self, code: str) -> VerificationAnswer:
        self.asked.append(code)
        if self.standing is None:
            raise RecordsUnreachableError("cut")
        return VerificationAnswer(server_time=NOW, standing=self.standing)

    def carried(self) -> bytes:
        if not self.carries:
            raise RecordsUnreachableError("cut")
        return self.carries


@pytest.fixture
def belief(pki: Pki, tmp_path: Path) -> Belief:
    return Belief(pki.root.pem, tmp_path, StillClock(NOW))


def _desk(belief: Belief, eye: Eye, records: Records, carried: bytes = b"") -> CheckDesk:
    if carried:
        belief.accept(carried)
    return CheckDesk(cast("Camera", eye), cast("RecordsSession", records), belief, StillClock(NOW))


def _looked(desk: CheckDesk) -> flow.Finding:
    answer = desk.look(Event(), lambda _: None, lambda _: None)
    assert isinstance(answer, flow.PaperChecked)
    return answer.finding


@pytest.mark.parametrize(
    ("said", "standing"),
    [
        (PaperStanding.GENUINE, Standing.COMPARE),
        (PaperStanding.NOT_YET, Standing.NOT_YET),
        (PaperStanding.VOID, Standing.VOID),
        (PaperStanding.EXPIRED, Standing.EXPIRED),
        (PaperStanding.UNKNOWN, Standing.UNKNOWN_ISSUER),
    ],
)
@pytest.mark.parametrize("held", [True, False], ids=["with a list", "without"])
def test_records_have_the_last_word(
    pki: Pki, belief: Belief, said: PaperStanding, standing: Standing, held: bool
) -> None:
    """And the facts are those that the code states."""
    finding = _looked(_desk(belief, Eye(_shown(_code(pki))), Records(said), signed_list(pki, NOW) if held else b""))
    assert finding.standing is standing
    assert finding.as_of is None
    if standing is Standing.COMPARE:
        assert [fact.text for fact in finding.facts][:2] == [SPARSE.name, "9901**********0012"]


def test_offline_the_list_decides_as_of_its_date(pki: Pki, belief: Belief) -> None:
    """And says of which minute it is, and whether it is old."""
    old = signed_list(pki, NOW - timedelta(days=20))
    assert _looked(_desk(belief, Eye(_shown(_code(pki))), Records(None), old)).old
    finding = _looked(_desk(belief, Eye(_shown(_code(pki))), Records(None), signed_list(pki, NOW)))
    assert (finding.standing, finding.as_of, finding.old) == (Standing.COMPARE, NOW, False)
    void = _looked(_desk(belief, Eye(_shown(_code(pki))), Records(None), signed_list(pki, NOW, SPARSE.serial)))
    assert void.standing is Standing.VOID


def test_offline_the_later_word_counts_of_list_and_feed(pki: Pki, belief: Belief) -> None:
    """The feed said void after the list was made; not even records that were put back from before it say otherwise."""
    genuine = signed_list(pki, NOW)
    fed = replace(_desk(belief, Eye(_shown(_code(pki))), Records(None), genuine), says_void=SPARSE.serial.__eq__)
    assert _looked(fed).standing is Standing.VOID
    forgotten = replace(
        fed,
        camera=cast("Camera", Eye(_shown(_code(pki)))),
        session=cast("RecordsSession", Records(PaperStanding.GENUINE)),
    )
    assert _looked(forgotten).standing is Standing.VOID
    other = replace(fed, camera=cast("Camera", Eye(_shown(_code(pki)))), says_void="another".__eq__)
    assert _looked(other).standing is Standing.COMPARE


@pytest.mark.parametrize("held", [True, False], ids=["with a list", "without"])
def test_what_records_called_void_stays_so_without_a_link(
    pki: Pki, belief: Belief, store: KioskStore, held: bool
) -> None:
    """Sooner than the feed has told of it."""
    feed, eye = Feed(store.database, StillClock(NOW)), Eye(_shown(_code(pki)))
    told = _desk(belief, eye, Records(PaperStanding.VOID), signed_list(pki, NOW) if held else b"")
    _looked(replace(told, says_void=feed.says_void, keep_void=feed.hold))
    later = _desk(belief, eye, Records(None), signed_list(pki, NOW))
    assert _looked(replace(later, says_void=feed.says_void)).standing is Standing.VOID


def test_a_full_disk_does_not_keep_records_answer_back(pki: Pki, belief: Belief) -> None:
    def full(serial: str) -> None:
        raise StoreUnwritableError(serial)

    told = _desk(belief, Eye(_shown(_code(pki))), Records(PaperStanding.VOID))
    assert _looked(replace(told, keep_void=full)).standing is Standing.VOID


def test_without_records_and_list_nothing_is_known(pki: Pki, belief: Belief) -> None:
    """Not good news, not bad news."""
    assert _looked(_desk(belief, Eye(_shown(_code(pki))), Records(None))) == flow.Finding(Standing.NOT_KNOWN)


def test_a_foreign_code_shows_nothing_that_it_says(pki: Pki, belief: Belief) -> None:
    """And only records say that it is foreign."""
    records, today = Records(PaperStanding.UNKNOWN), signed_list(pki, NOW)
    finding = _looked(_desk(belief, Eye(_shown(_code(make_pki()))), records, today))
    assert finding == flow.Finding(Standing.UNKNOWN_ISSUER)
    assert len(records.asked) == 1


@pytest.mark.parametrize(
    ("said", "standing"), [(PaperStanding.GENUINE, Standing.COMPARE), (PaperStanding.VOID, Standing.VOID)]
)
def test_a_key_that_is_newer_than_the_list_is_known_to_records(
    pki: Pki, belief: Belief, said: PaperStanding, standing: Standing
) -> None:
    """The key was changed since the list was fetched: the papers of the new one are theirs."""
    rotated = replace(pki, code=make_issuer(pki.root, Purpose.CODE, "next"))
    records, before = Records(said), signed_list(pki, NOW - timedelta(minutes=50))
    finding = _looked(_desk(belief, Eye(_shown(_code(rotated))), records, before))
    assert (finding.standing, finding.as_of, len(records.asked)) == (standing, None, 1)
    assert SPARSE.name in [fact.text for fact in finding.facts]


def test_without_records_a_key_that_the_list_lacks_is_not_denied(pki: Pki, belief: Belief) -> None:
    """It may be newer than the list, whose date is said; what the code states is not shown: nobody vouches for it."""
    rotated = replace(pki, code=make_issuer(pki.root, Purpose.CODE, "next"))
    before = signed_list(pki, NOW - timedelta(days=8))
    finding = _looked(_desk(belief, Eye(_shown(_code(rotated))), Records(None), before))
    assert finding == flow.Finding(Standing.NOT_KNOWN, as_of=NOW - timedelta(days=8), old=True)


@pytest.mark.parametrize("held", [True, False], ids=["with a list", "without"])
def test_what_is_no_code_of_a_paper_is_not_sent_to_records(pki: Pki, belief: Belief, held: bool) -> None:
    """It begins like one, and states no paper."""
    records = Records(PaperStanding.GENUINE)
    desk = _desk(belief, Eye(_shown(f"{PREFIX}NO PAPER AT ALL")), records, signed_list(pki, NOW) if held else b"")
    assert _looked(desk) == flow.Finding(Standing.NOT_READABLE)
    assert records.asked == []


def test_where_no_code_comes_the_looking_ends(belief: Belief) -> None:
    """After its patience, by the camera's clock; records were not asked."""
    eye, records = Eye(None), Records(PaperStanding.GENUINE)
    assert _looked(_desk(belief, eye, records)).standing is Standing.NOT_READABLE
    assert records.asked == []
    assert eye.closed


def test_a_camera_that_fails_is_said(belief: Belief) -> None:
    desk = _desk(belief, Eye(None, DeviceUnavailableError("gone")), Records(None))
    assert desk.look(Event(), lambda _: None, lambda _: None) == flow.CameraFailed()


def test_the_camera_is_closed_and_no_frame_is_kept(pki: Pki, belief: Belief) -> None:
    """Before anything is asked of records."""
    eye = Eye(_shown(_code(pki)))
    _looked(_desk(belief, eye, Records(PaperStanding.GENUINE)))
    gc.collect()
    assert eye.closed
    assert all(each() is None for each in eye.given)


def test_a_list_that_does_not_come_or_hold_changes_nothing(
    pki: Pki, belief: Belief, caplog: pytest.LogCaptureFixture
) -> None:
    """And says so; the next one that holds is taken."""
    records = Records(None, signed_list(pki, NOW - timedelta(hours=1), SPARSE.serial))
    desk = _desk(belief, Eye(_shown(_code(pki))), records)
    desk.refresh()
    for carries in (b"", b"damaged", signed_list(make_pki(), NOW), signed_list(pki, NOW - timedelta(days=1))):
        records.carries = carries
        desk.refresh()
        assert _looked(desk).standing is Standing.VOID
    assert [each.getMessage().split(": ")[1] for each in caplog.records] == [
        "records-unreachable",
        *3 * ["carried-list"],
    ]
    records.carries = signed_list(pki, NOW)
    desk.refresh()
    assert _looked(desk).standing is Standing.COMPARE


def test_records_clock_lets_an_older_list_follow_one_of_a_day_to_come(pki: Pki, belief: Belief) -> None:
    """As the link measured it; where it did not, the newer one stays."""
    records = Records(None, signed_list(pki, NOW))
    desk = _desk(belief, Eye(None), records, signed_list(pki, NOW + timedelta(days=365)))
    desk.refresh()
    assert _date(desk) == NOW + timedelta(days=365)
    desk.refresh(0.0)
    assert _date(desk) == NOW


def _date(desk: CheckDesk) -> datetime | None:
    carried, _ = desk.belief.now()
    return None if carried is None else carried.made_at


def test_started_without_a_link_the_kiosk_knows_what_records_last_said(
    records: RecordsServer, session: RecordsSession, device: DeviceIdentity, tmp_path: Path
) -> None:
    """Two papers of the real service, one of them void; the kiosk was ended, and nobody answers the one that starts."""
    clock, root = SystemClock(), records.root_pem.read_text("ascii")
    subject = proven_subject(session, device.key, LAN, "visit-check", clock.now())
    asked = Reserve(subject=subject, kind=PaperKind.HOUSEHOLD_CERTIFICATE, purpose="move_hukou")
    good, void = session.reserve(asked, uuid4()), session.reserve(asked, uuid4())
    session.void_paper(void.serial, VoidReason.UNREADABLE, uuid4())
    CheckDesk(cast("Camera", Eye(None)), session, Belief(root, tmp_path, clock), clock).refresh()

    started, nowhere = Belief(root, tmp_path, clock), f"https://localhost:{free_port()}"
    with closing(RecordsSession(nowhere, records.root_pem, device.certificate, device.key)) as cut:
        eyes = [cast("Camera", Eye(_shown(paper.code))) for paper in (good, void)]
        found = [_looked(CheckDesk(eye, cut, started, clock)) for eye in eyes]
    assert [each.standing for each in found] == [Standing.COMPARE, Standing.VOID]
    carried, _ = started.now()
    assert carried is not None
    assert {each.as_of for each in found} == {carried.made_at}
    assert LAN.name in [fact.text for fact in found[0].facts]
