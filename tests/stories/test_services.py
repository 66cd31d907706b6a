"""The other services at the real screen: a proof without a card, an inquiry now and later, a flat, a child's paper.

What came out of the machines is read by its code, as a verifier would.
"""

from typing import TYPE_CHECKING

from forms.code import Claims, read_claims
from forms.paper import PaperKind
from forms.reading import find_code
from kiosk.flows import application, claim, details, issuing
from kiosk.flows import visit as flow
from simulators.house import House
from terminal.views import DataView
from tests.support.records_client import DAUGHTER, DENG
from tests.support.story import shown

if TYPE_CHECKING:  # importing it would open the window
    from simulators.walker import Walker

PERSON, OTHER, WIFE = "deng", "lan", "wife"


def prove(walker: "Walker", person: str) -> None:
    """By card and face, as far as the own row."""
    walker.lay_card(person)
    walker.look_into_camera(f"live:{person}")


def newest(house: House, medium: str) -> Claims:
    """What the code of the newest paper says."""
    folder, form = (house.strips, "png") if medium == "strip" else (house.tray, "pdf")
    paper = max(folder.glob(f"*.{form}"), key=lambda path: path.stat().st_mtime_ns)
    return read_claims(find_code(paper.read_bytes()))


def take(walker: "Walker") -> issuing.TakingPaper:
    """Confirm, wait, take what comes out, and go."""
    walker.confirm_data()
    taking = walker.await_screen(issuing.TakingPaper, seconds=60)
    assert isinstance(taking, issuing.TakingPaper)
    walker.take_paper()
    walker.leave()
    return taking


def rows(walker: "Walker") -> dict[str, str]:
    """What stands on the screen before it is printed."""
    walker.await_screen(application.ConfirmingData)
    view = shown(walker)
    assert isinstance(view, DataView)
    return {row.label: row.value for row in view.rows}


def test_somebody_without_a_card_leaves_with_a_proof_for_one_train(walker: "Walker", house: House) -> None:
    """What it is not is said first; no card is the first answer; the hours and the purpose stand on the screen."""
    walker.go_home()
    walker.choose("rail", "temporary_id_proof")
    choosing = walker.await_screen(claim.ChoosingWay)
    assert isinstance(choosing, claim.ChoosingWay)
    assert choosing.offers.ways[0].value == "number"
    walker.bring("number")
    walker.await_screen(claim.EnteringNumber)
    walker.type_keys(DENG.id_number)
    walker.look_into_camera(f"live:{PERSON}")
    said = rows(walker)
    assert said["有效期"].startswith("24 小时")
    assert "只限这个用途" in said["有效期"]
    taking = take(walker)
    assert (taking.medium, taking.receipt) == ("page", False)
    paper = newest(house, "page")
    assert (paper.kind, paper.serial) == (PaperKind.TEMPORARY_ID_PROOF, taking.serial)


def test_who_collects_later_gets_a_receipt_that_says_when_and_where(walker: "Walker", house: House) -> None:
    """On a strip, as receipts are; the screen names the window and what to bring."""
    walker.go_home()
    walker.choose("job", "no_criminal_record")
    prove(walker, OTHER)
    walker.choose_when("later")
    taking = take(walker)
    assert (taking.medium, taking.receipt) == ("strip", True)
    paper = newest(house, "strip")
    assert (paper.kind, paper.serial) == (PaperKind.LATER_RECEIPT, taking.serial)


def test_who_asks_for_it_now_gets_the_certificate_or_the_same_receipt(walker: "Walker", house: House) -> None:
    """Records decide; the kiosk says what it has in its hand."""
    walker.go_home()
    walker.choose("job", "no_criminal_record")
    prove(walker, PERSON)
    walker.choose_when("now")
    taking = take(walker)
    assert taking.receipt == (taking.medium == "strip")
    paper = newest(house, taking.medium)
    wanted = PaperKind.LATER_RECEIPT if taking.receipt else PaperKind.NO_CRIMINAL_RECORD
    assert (paper.kind, paper.serial) == (wanted, taking.serial)


def test_where_somebody_lives_is_typed_as_on_the_door(walker: "Walker", house: House) -> None:
    """A door that is not there is said at once and can be corrected."""
    walker.go_home()
    walker.choose(service="residence_receipt")
    prove(walker, PERSON)
    walker.type_door("5", "1", "9999")
    walker.driver.wait_until(lambda: bool(getattr(walker.here, "problem", "")), 10)
    walker.note("no-such-door")
    for _ in range(4):
        walker.driver.tap("key-erase")
    walker.type_keys("602")
    assert "现在住址" in rows(walker)
    taking = take(walker)
    assert taking.medium == "strip"
    paper = newest(house, "strip")
    assert (paper.kind, paper.serial) == (PaperKind.RESIDENCE_RECEIPT, taking.serial)
    assert any("5幢1单元602室" in text for text in paper.stated)


def test_a_father_leaves_with_his_daughter_s_certificate_and_her_mother_on_it(walker: "Walker", house: House) -> None:
    """Her mother lays her own card for it."""
    walker.go_home()
    walker.choose("household_members")
    prove(walker, PERSON)
    asking = walker.await_screen(details.ChoosingPerson)
    assert isinstance(asking, details.ChoosingPerson)
    walker.choose_person(asking.case.children[0].handle)
    household = walker.await_screen(details.ChoosingMembers)
    assert isinstance(household, details.ChoosingMembers)
    mother = next(each for each in household.case.shown.members if each.name.startswith("许"))
    assert mother.adult
    walker.add_adult(mother.handle, WIFE)
    assert isinstance(walker.here, details.ChoosingMembers)
    assert walker.here.case.members == (mother.handle,)
    walker.driver.tap("on")
    said = rows(walker)
    assert (said["申请人"], said["姓名"][0]) == ("您（监护人）", DAUGHTER.name[0])
    assert mother.name in said["同户人员"]
    taking = take(walker)
    paper = newest(house, "page")
    assert (paper.kind, paper.serial) == (PaperKind.HOUSEHOLD_CERTIFICATE, taking.serial)
    assert paper.stated[0] == DAUGHTER.name
    assert isinstance(walker.here, flow.Attract)
