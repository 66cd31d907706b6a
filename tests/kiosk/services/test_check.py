"""A paper before the camera: what it is online, offline, and where nothing can be known; and that nothing stays."""

import gc
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import cast
from weakref import ref

import numpy as np
import pytest

from backend_client.contract.verification import PaperStanding, VerificationAnswer
from backend_client.errors import RecordsUnreachableError
from backend_client.session import RecordsSession
from devices.camera.api import Camera, Frame, Image
from devices.errors import DeviceError, DeviceUnavailableError
from forms.carried import CarriedList, sign_list, void_hashes
from forms.code import CodeKey, sign_code
from forms.errors import CarriedListError
from forms.qr import modules
from kiosk.flows import check_paper as flow
from kiosk.flows.check_paper import Standing
from kiosk.services.check import Belief, CheckDesk
from tests.support.carried import revocations
from tests.support.clocks import StillClock
from tests.support.papers import SPARSE
from tests.support.pki import Pki, make_pki

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


def _list(pki: Pki, *void: str, made_at: datetime = NOW) -> bytes:
    issuers = (pki.document.certificate, pki.code.certificate)
    stated = CarriedList(
        "示例", made_at, made_at + timedelta(days=7), issuers, revocations(pki, made_at), void_hashes(void)
    )
    return sign_list(stated, CodeKey(pki.code.key))


def _desk(pki: Pki, eye: Eye, records: Records, carried: bytes = b"") -> CheckDesk:
    belief = Belief(pki.root.certificate)
    if carried:
        belief.accept(carried)
    return CheckDesk(cast("Camera", eye), cast("RecordsSession", records), belief, StillClock())


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
def test_records_have_the_last_word(pki: Pki, said: PaperStanding, standing: Standing, held: bool) -> None:
    """And the facts are those that the code states."""
    finding = _looked(_desk(pki, Eye(_shown(_code(pki))), Records(said), _list(pki) if held else b""))
    assert finding.standing is standing
    assert finding.as_of == ""
    if standing is Standing.COMPARE:
        assert [fact.text for fact in finding.facts][:2] == [SPARSE.name, "9901**********0012"]


def test_offline_the_list_decides_as_of_its_date(pki: Pki) -> None:
    """And says of which minute it is, and whether it is old."""
    finding = _looked(_desk(pki, Eye(_shown(_code(pki))), Records(None), _list(pki)))
    assert (finding.standing, finding.as_of, finding.old) == (Standing.COMPARE, "2026年11月23日9时00分", False)
    void = _looked(_desk(pki, Eye(_shown(_code(pki))), Records(None), _list(pki, SPARSE.serial)))
    assert void.standing is Standing.VOID
    old = _list(pki, made_at=NOW - timedelta(days=20))
    assert _looked(_desk(pki, Eye(_shown(_code(pki))), Records(None), old)).old


def test_without_records_and_list_nothing_is_known(pki: Pki) -> None:
    """Not good news, not bad news."""
    assert _looked(_desk(pki, Eye(_shown(_code(pki))), Records(None))) == flow.Finding(Standing.NOT_KNOWN)


def test_a_foreign_code_shows_nothing_that_it_says(pki: Pki) -> None:
    finding = _looked(_desk(pki, Eye(_shown(_code(make_pki()))), Records(None), _list(pki)))
    assert finding == flow.Finding(Standing.UNKNOWN_ISSUER)


def test_where_no_code_comes_the_looking_ends(pki: Pki) -> None:
    """After its patience, by the camera's clock; records were not asked."""
    eye, records = Eye(None), Records(PaperStanding.GENUINE)
    assert _looked(_desk(pki, eye, records)).standing is Standing.NOT_READABLE
    assert records.asked == []
    assert eye.closed


def test_a_camera_that_fails_is_said(pki: Pki) -> None:
    desk = _desk(pki, Eye(None, DeviceUnavailableError("gone")), Records(None))
    assert desk.look(Event(), lambda _: None, lambda _: None) == flow.CameraFailed()


def test_the_camera_is_closed_and_no_frame_is_kept(pki: Pki) -> None:
    """Before anything is asked of records."""
    eye = Eye(_shown(_code(pki)))
    _looked(_desk(pki, eye, Records(PaperStanding.GENUINE)))
    gc.collect()
    assert eye.closed
    assert all(each() is None for each in eye.given)


def test_a_newer_list_takes_the_place_of_an_older_one_and_not_the_other_way(pki: Pki) -> None:
    """A list that does not hold changes nothing."""
    records = Records(None, _list(pki, SPARSE.serial))
    desk = _desk(pki, Eye(_shown(_code(pki))), records, _list(pki, made_at=NOW - timedelta(hours=1)))
    desk.refresh()
    assert _looked(desk).standing is Standing.VOID
    records.carries = _list(pki, made_at=NOW - timedelta(days=1))
    desk.refresh()
    records.carries = b"damaged"
    desk.refresh()
    assert _looked(desk).standing is Standing.VOID
    with pytest.raises(CarriedListError):
        desk.belief.accept(_list(make_pki()))
