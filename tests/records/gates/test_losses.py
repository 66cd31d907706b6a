"""A card, slip or phone that is lost, by a call: an officer ends that one way, from its holder's page."""

import json

import pytest
import sqlalchemy as sa

from backend_client.contract.tenancies import WayKind
from records.context import Records
from records.rules.purposes import OPENS, Purpose, View
from records.rules.roles import Role
from records.rules.way_losses import LossBasis
from records.services import looking
from records.services.gates import losses
from records.services.looking import Why
from records.services.refusals import NotYourRightError, ReadingUnfitError, WayOverError
from records.services.sessions import Session
from records.store import ways
from records.store.rights import RightRow
from records.store.tables.keeping import audit
from tests.support import at_gates
from tests.support.at_gates import cursor, give, grants_heard, new_card, open_ways, take, told_to
from tests.support.clocks import StillClock
from tests.support.console import Browser, Page, hire
from tests.support.hidden import hide
from tests.support.records_client import DENG, LAN
from tests.support.security import signed_in

FIND, WAYS, LOST = "/console/persons", "/console/persons/ways", "/console/persons/ways/lost"
TICKET = "JJ-2026-0117"


@pytest.fixture
def right(records: Records) -> RightRow:
    """Two cards and a face."""
    right = give(records)
    take(records, right, card=new_card("0001"), face=True, notice="2026-11")
    take(records, right, card=new_card("0002"))
    return right


@pytest.fixture
def officer(records: Records, clock: StillClock) -> Session:
    return at_gates.session(records, clock)


@pytest.fixture
def desk(records: Records, clock: StillClock) -> Browser:
    return signed_in(records, clock, hire(records, "chen"))


def _opened(desk: Browser, purpose: Purpose = Purpose.REPORT_RECEIVED) -> Page:
    desk.get(FIND)
    return desk.send(FIND, number=DENG.id_number, purpose=purpose.value, ticket=TICKET)


def _handle(records: Records, session: Session, right: RightRow, purpose: Purpose = Purpose.REPORT_RECEIVED) -> str:
    return looking.seal(records, session, right.person_id, Why(purpose, TICKET))


def _deed(records: Records) -> tuple[str, dict[str, str]]:
    with records.database.reading() as transaction:
        query = sa.select(audit.c.subject, audit.c.facts).where(audit.c.action == "way-lost-by-call")
        subject, facts = transaction.connection.execute(query).one()
    return subject, json.loads(facts)


def test_a_call_ends_one_way_and_gates_holder_and_audit_hear_of_it(
    records: Records, desk: Browser, right: RightRow
) -> None:
    """Chosen among kinds and times, without a card's number; nothing happens before it is confirmed."""
    gate = at_gates.at_unit(records)
    first, second = open_ways(records, right, WayKind.CARD)
    _opened(desk)
    page = desk.send(WAYS)
    assert page.form(LOST).choices["way"] == [first.way_id, second.way_id]
    assert [each for each in ("0001", "0002", DENG.name, DENG.id_number) if each in page.answer.text] == []
    since = cursor(gate)
    asked = desk.send(LOST, way=first.way_id, basis="stolen")
    assert "被盗" in asked.text
    assert (grants_heard(gate, since), len(open_ways(records, right))) == ([], 3)
    done = desk.send(LOST)
    assert (done.path, "已挂失" in done.text) == (FIND, True)
    with records.database.reading() as transaction:
        ended = ways.by_id(transaction, first.way_id)
    assert ended is not None
    assert (ended.cancelled_why, ended.cancelled_at) == (ways.Ended.LOST, records.clock.now())
    (grant,) = grants_heard(gate, since)
    assert grant is not None
    assert first.way_id not in {each.id for each in grant.ways}
    assert second.way_id in {each.id for each in grant.ways}
    assert told_to(records, right.person_id) == [("way-lost", "", "card")]
    told = {"officer": "chen", "role": "officer", "purpose": "report-received", "ticket": TICKET}
    whose = records.keyed_hash("person", right.person_id)
    assert _deed(records) == (whose, {**told, "kind": "card", "basis": "stolen"})


@pytest.mark.usefixtures("right")
def test_which_and_why_are_asked_for_and_without_a_page_that_is_open_the_number(desk: Browser) -> None:
    _opened(desk)
    desk.send(WAYS)
    page = desk.send(LOST, basis="lost")
    assert (page.status, "请选择是哪一样" in page.text) == (422, True)
    (way, _) = page.form(LOST).choices["way"]
    page = desk.send(LOST, way=way, basis="a whim")
    assert (page.status, "请选择为什么挂失" in page.text) == (422, True)
    page = desk.send(LOST, handle="made up", way=way, basis="lost", confirmed="yes")
    assert (page.status, page.title) == (409, "查阅人员资料")


@pytest.mark.parametrize("purpose", [each for each in Purpose if View.WAYS not in OPENS[each]])
def test_a_purpose_that_does_not_open_it_shows_and_ends_nothing(
    records: Records, officer: Session, right: RightRow, purpose: Purpose
) -> None:
    handle, (first, _) = _handle(records, officer, right, purpose), open_ways(records, right, WayKind.CARD)
    with pytest.raises(ReadingUnfitError):
        losses.of_handle(records, officer, handle)
    with pytest.raises(ReadingUnfitError):
        losses.end(records, officer, handle, first.way_id, LossBasis.LOST)
    assert first in open_ways(records, right)


def test_neither_a_face_nor_somebody_elses_nor_one_that_is_over_can_be_ended(
    records: Records, officer: Session, right: RightRow
) -> None:
    """Each other way stays, and nobody is told anything."""
    hers = give(records, LAN)
    take(records, hers, card=new_card("0003"))
    (other,), (face,) = open_ways(records, hers), open_ways(records, right, WayKind.FACE)
    handle, (first, _) = _handle(records, officer, right), open_ways(records, right, WayKind.CARD)
    assert losses.end(records, officer, handle, first.way_id, LossBasis.NOT_THEIRS)
    for way in (other, face, first):
        with pytest.raises(WayOverError):
            losses.end(records, officer, handle, way.way_id, LossBasis.LOST)
    assert (open_ways(records, hers), face in open_ways(records, right)) == ([other], True)
    assert (told_to(records, hers.person_id), len(told_to(records, right.person_id))) == ([], 1)


def test_of_somebody_who_is_hidden_meanwhile_nothing_is_shown(
    records: Records, officer: Session, right: RightRow
) -> None:
    handle = _handle(records, officer, right)
    (first, _) = open_ways(records, right, WayKind.CARD)
    hide(records, DENG)
    assert losses.of_handle(records, officer, handle) is None
    assert losses.end(records, officer, handle, first.way_id, LossBasis.LOST) is False
    assert first in open_ways(records, right)


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.OFFICER])
def test_no_other_role_ends_any(records: Records, clock: StillClock, right: RightRow, role: Role) -> None:
    """Nor the property desk, which is asked first."""
    session = at_gates.session(records, clock, "other", role)
    handle, (first, _) = _handle(records, session, right), open_ways(records, right, WayKind.CARD)
    with pytest.raises(NotYourRightError):
        losses.of_handle(records, session, handle)
    with pytest.raises(NotYourRightError):
        losses.end(records, session, handle, first.way_id, LossBasis.LOST)
    assert first in open_ways(records, right)
