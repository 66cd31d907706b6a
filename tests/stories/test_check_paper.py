"""验证证明 at the real screen: somebody holds one paper after the other before the camera, and reads what each is.

The papers are records' own: reserved, printed as a page, and held so close that their code fills the picture.
"""

import base64
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import base45
import pytest

from backend_client.contract.papers import Reservation, Reserve, SealRequest, VoidReason
from backend_client.device_files import CERTIFICATE_FILE, KEY_FILE
from backend_client.session import RecordsSession
from civic.clock import SystemClock
from forms.code import PREFIX
from forms.paper import HouseholdCertificate, Paper, PaperKind
from kiosk.flows import check_paper
from kiosk.flows import visit as flow
from simulators.house import House
from terminal.views import DataView, MessageView, View
from tests.support.forged import drawn, scanned
from tests.support.identification import proven_subject
from tests.support.records_client import LAN
from tests.support.sheets import around_code
from tests.support.story import open_kiosk, ready_kiosk, shown

if TYPE_CHECKING:  # importing it would open the window
    from simulators.walker import Walker

_HAND_S = 1.0  # a hand takes the sheet away before it touches anything
ANOTHER_NAME = "李若梅"  # as long as LAN's


@dataclass(frozen=True)
class Sheets:
    """Pictures of papers: what comes before the camera. ``serial``: of the genuine one."""

    genuine: Path
    void: Path
    altered: Path
    serial: str


@pytest.fixture(scope="module")
def sheets(shared_house: House, tmp_path_factory: pytest.TempPathFactory) -> Sheets:
    folder, identity = tmp_path_factory.mktemp("sheets"), shared_house.folder / "kiosk" / "identity"
    device = identity / CERTIFICATE_FILE, identity / KEY_FILE
    url = f"https://localhost:{shared_house.records_port}"
    with closing(RecordsSession(url, shared_house.trust / "root.pem", *device)) as session:
        subject = proven_subject(session, identity / KEY_FILE, LAN, "visit-check", SystemClock().now())
        genuine, void = _sealed(session, subject), _sealed(session, subject)
        session.delivered(genuine.serial, uuid4())
        session.void_paper(void.serial, VoidReason.UNREADABLE, uuid4())
    altered = replace(_household(genuine.paper), name=ANOTHER_NAME)
    return Sheets(
        _close_up(folder / "genuine.png", genuine.paper, genuine.code),
        _close_up(folder / "void.png", void.paper, void.code),
        _close_up(folder / "altered.png", altered, _with_another_name(genuine.code)),
        genuine.serial,
    )


def _sealed(session: RecordsSession, subject: str) -> Reservation:
    """A certificate that may be printed."""
    asked = Reserve(subject=subject, kind=PaperKind.HOUSEHOLD_CERTIFICATE, purpose="move_hukou")
    reserved = session.reserve(asked, uuid4())
    session.seal(reserved.serial, SealRequest(digest=base64.b64encode(bytes(32)).decode()), uuid4())
    return reserved


def _household(paper: Paper) -> HouseholdCertificate:
    assert isinstance(paper, HouseholdCertificate)
    return paper


def _with_another_name(code: str) -> str:
    """What a forger makes of a code: other words under the signature that stands there."""
    message: bytes = base45.b45decode(code.removeprefix(PREFIX))
    assert message.count(LAN.name.encode()) == 1
    text: str = base45.b45encode(message.replace(LAN.name.encode(), ANOTHER_NAME.encode())).decode()
    return PREFIX + text


def _close_up(picture: Path, paper: Paper, code: str) -> Path:
    """The part of the page around its code."""
    around_code(scanned(drawn(paper, code), 150)).save(picture)
    return picture


def reach_the_camera(walker: "Walker") -> None:
    """From the lamp, by the tile 验证证明."""
    walker.go_home()
    walker.driver.tap("check-paper")


def hold(walker: "Walker", sheet: Path) -> DataView | MessageView:
    """Hold it there until the screen says what it is, and take it away again."""
    walker.await_screen(check_paper.ShowingPaper)
    walker.note("show-it")
    walker.state.set("camera", subject=f"paper:{sheet}")
    walker.await_screen(check_paper.Told)
    walker.state.set("camera", subject="nobody")
    walker.driver.pump(_HAND_S)
    walker.note(sheet.stem)
    view = shown(walker)
    assert isinstance(view, DataView | MessageView)
    return view


def rows(view: View) -> dict[str, str]:
    """What is laid beside the sheet."""
    assert isinstance(view, DataView)
    return {row.label: row.value for row in view.rows}


def leave(walker: "Walker") -> None:
    walker.driver.tap("back")
    walker.await_screen(flow.Home)
    walker.driver.tap("clear")
    walker.await_screen(flow.Attract)


def test_somebody_who_is_handed_papers_reads_what_each_of_them_is(house: House, sheets: Sheets) -> None:
    """With a link; then at a kiosk that was started anew while records can't be reached."""
    with ready_kiosk(house, "check-paper") as walker:
        reach_the_camera(walker)
        genuine = hold(walker, sheets.genuine)
        assert genuine.question == "二维码是真的，请逐项比对"
        stated = rows(genuine)
        assert (stated["姓名"], stated["编号"]) == (LAN.name, sheets.serial)
        assert "是否作废" not in stated  # records were asked

        walker.driver.tap("check-another")
        assert hold(walker, sheets.void).question == "这份证明已作废"
        walker.driver.tap("language")
        walker.note("void-english")
        assert shown(walker).question == "This paper is void"

        walker.driver.tap("check-another")
        altered = hold(walker, sheets.altered)
        assert altered.question == "The code was changed"
        assert isinstance(altered, MessageView)  # nothing of what it claims is shown
        leave(walker)

    house.stop_records()
    with open_kiosk(house, "check-paper/offline") as walker:
        reach_the_camera(walker)
        assert "没有连上主管机关；截至" in rows(hold(walker, sheets.genuine))["是否作废"]
        walker.driver.tap("check-another")
        void = hold(walker, sheets.void)
        assert void.question == "这份证明已作废"
        assert rows(void)["是否作废"].endswith("的名单上已作废。")
        leave(walker)
