"""What became of a paper, at the console: by its whole serial, nothing of a person without a purpose and a ticket, and
void for a listed reason."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from backend_client.contract.changes import Topic
from backend_client.contract.papers import PaperState
from records.console import texts
from records.console.visitor import COOKIE
from records.context import Records
from records.errors import PopulationAwayError
from records.rules.paper_voids import VoidBasis
from records.rules.purposes import Purpose
from records.services import paper_desk, persons, sessions
from records.services.looking import Why
from records.services.sessions import Session
from records.store import audit, changes, paper_voids
from records.store.protection import Basis
from tests.support.clocks import StillClock
from tests.support.console import Browser, Page
from tests.support.hidden import hide, not_registered_yet, registered
from tests.support.records_client import DAUGHTER, DENG, WIFE, KioskClient
from tests.support.records_server import BOTH

PAPERS = "/console/papers"
VOID = f"{PAPERS}/void"
HOLDER = f"{PAPERS}/holder"
UNKNOWN = "没有可以显示的证明"


def _find(desk: Browser, serial: str) -> Page:
    desk.get(PAPERS)
    return desk.send(PAPERS, serial=serial)


def _delivered(kiosk: KioskClient) -> str:
    serial = str(kiosk.reserved()["serial"])
    assert kiosk.seal(serial).status_code == 200
    assert kiosk.delivered(serial).status_code == 200
    return serial


def _deeds(records: Records) -> list[Mapping[Any, Any]]:
    with records.database.reading() as transaction:
        return [row for row in audit.latest(transaction, 12) if str(row["action"]).startswith("paper-")]


def _session(desk: Browser) -> Session:
    session = sessions.resume(desk.records, desk.http.cookies[COOKIE])
    assert session is not None
    return session


def _away(_register: object, _person_id: str) -> None:
    raise PopulationAwayError("away")


def _whole(page: Page) -> Page:
    assert page.open == []
    for tag, told in page.tags:
        if tag == "input" and told.get("type") != "hidden":
            assert page.labels[told["id"] or ""]
    return page


@pytest.mark.parametrize("kind", BOTH)
def test_a_serial_shows_what_became_of_it_and_nothing_of_a_person(desk: Browser, kiosk: KioskClient) -> None:
    """Its steps and its kiosk; whose it is only by the door that every look goes through."""
    serial = _delivered(kiosk)
    page = _whole(_find(desk, f" {serial} "))
    assert (page.status, page.path) == (200, PAPERS)
    for said in (serial, "户籍证明", "已交给本人", "here", "签章"):
        assert said in page.text
    assert DENG.name not in page.answer.text
    assert DENG.id_number not in page.answer.text
    refused = desk.send(HOLDER, purpose="case-handling", ticket="")
    assert (refused.status, "请写明工单编号" in refused.text) == (422, True)
    shown = desk.send(HOLDER, purpose="case-handling", ticket="JJ-2026-0117")
    assert (shown.title, DENG.name in shown.text) == ("人员资料", True)
    actions = [row["action"] for row in _deeds(desk.records)]
    assert actions[-3:] == ["paper-looked-at"] * 3


def test_a_paper_is_made_void_for_a_listed_reason_after_its_meaning_was_read(desk: Browser, kiosk: KioskClient) -> None:
    """Kiosks hear of it, its holder is told, and the page says why from then on; once is enough."""
    serial = _delivered(kiosk)
    _find(desk, serial)
    assert desk.send(VOID, basis="because").status == 422
    meaning = _whole(desk.send(VOID, basis="lost"))
    assert "任何人核验这份证明都会看到" in meaning.text
    done = desk.send(VOID)
    assert (done.path, "已作废" in done.text) == (PAPERS, True)
    again = _find(desk, serial)
    assert "本人遗失或被盗" in again.text
    assert [form.action for form in again.forms].count(VOID) == 0
    told = kiosk.get(f"/v1/identifications/{kiosk.prove(DENG, 'visit-0002')}/messages").json()["messages"]
    assert ("paper-void", serial) in [(each["kind"], each["ref"]) for each in told]
    with desk.records.database.reading() as transaction:
        heard = [(each.topic, each.ref) for each in changes.after(transaction, 0, 100, tuple(Topic))]
    assert (Topic.PAPER_VOID, serial) in heard
    (deed,) = [row for row in _deeds(desk.records) if row["action"] == "paper-voided"]
    assert json.loads(str(deed["facts"]))["basis"] == "lost"


def test_what_is_typed_wrong_is_said(desk: Browser) -> None:
    """A serial with a slip; one that nobody has."""
    page = _find(desk, "2026-0001-000042")
    assert (page.status, "不是完整的编号" in page.text) == (422, True)
    page = _whole(_find(desk, "2026-0001-000001-79"))
    assert (page.status, UNKNOWN in page.text) == (404, True)


def test_the_page_counts_by_kiosk_and_state_and_masks_serials(
    desk: Browser, records: Records, kiosk: KioskClient, clock: StillClock
) -> None:
    """Today's, and what is open from before; yesterday's that are decided are not there."""
    _delivered(kiosk)
    open_one = str(kiosk.reserved(visit="visit-0002")["serial"])
    page = _whole(desk.get(PAPERS))
    assert open_one not in page.text
    assert paper_desk.masked(open_one) in page.text
    assert paper_desk.masked("2026-0001-000042-53") == "****-****-****42-53"
    assert "已交给本人 1" in page.text
    session = _session(desk)
    clock.pass_by(24 * 3600)
    counts = paper_desk.overview(records, session).counts
    assert [dict(states) for states in counts.values()] == [{PaperState.RESERVED: 1}]


def test_papers_of_somebody_hidden_are_not_there(desk: Browser, kiosk: KioskClient, records: Records) -> None:
    """By their serial as if it had never been given, in no count, and void by nobody here."""
    serial = _delivered(kiosk)
    hide(records, DENG)
    page = _find(desk, serial)
    assert (page.status, UNKNOWN in page.text) == (404, True)
    assert "今天还没有证明" in page.text
    assert UNKNOWN in desk.send(PAPERS, serial=serial).text
    with records.database.reading() as transaction:
        assert paper_voids.find(transaction, serial) is None


@pytest.mark.parametrize("kind", BOTH)
def test_nor_those_about_a_hidden_child_or_of_who_was_hidden_before_they_were_registered(
    desk: Browser, kiosk: KioskClient, records: Records
) -> None:
    """A paper that is found, but is nobody's, would be the sign; nor does it stand among its guardian's."""
    subject = kiosk.prove()
    (child,) = kiosk.record(subject)["children"]
    serial = str(kiosk.reserve(subject, person=child["handle"]).json()["serial"])
    guardian, given = registered(records, DENG), Why(Purpose.CASE_HANDLING, "JJ-2026-0117")
    assert _find(desk, serial).status == 200
    assert [row.serial for row in persons.opened(records, _session(desk), guardian, given).papers] == [serial]
    with not_registered_yet(records, WIFE):
        hide(records, WIFE)
    hide(records, DAUGHTER, basis=Basis.DISPUTED_GUARDIANSHIP)
    others = str(kiosk.reserve(kiosk.vouched(WIFE, "visit-0002")).json()["serial"])
    assert [_find(desk, each).status for each in (serial, others)] == [404, 404]
    assert persons.opened(records, _session(desk), guardian, given).papers == ()


def test_a_stolen_paper_is_made_void_while_the_register_is_away(
    desk: Browser, kiosk: KioskClient, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is hidden is known here: the register is not asked, however many papers there are."""
    serial = _delivered(kiosk)
    monkeypatch.setattr(type(records.register), "resident", _away)
    _find(desk, serial)
    desk.send(VOID, basis="lost")
    done = desk.send(VOID)
    assert (done.status, "已作废" in done.text) == (200, True)


def test_every_reason_has_its_words() -> None:
    known = texts.words("zh").texts
    assert [each for each in VoidBasis if f"void_basis.{each}" not in known] == []
