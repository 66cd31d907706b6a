"""The number of a resident's phone: verified, due each year, replaced without the old phone, and never readable."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from records import contact_key
from records.context import Records
from records.errors import ClockJumpedError, DataFolderError
from records.messages.gateway import GatewayAwayError, GatewayRefusedError
from records.services import contacts, retention, texting
from records.store import audit
from records.store import contacts as stored
from records.store.tables import metadata
from tests.support.clocks import StillClock
from tests.support.phone import NUMBER, OTHER, Phone
from tests.support.records_client import DENG, LAN, KioskClient
from tests.support.texts_end import TextsEnd


@pytest.fixture
def end() -> TextsEnd:
    return TextsEnd()


@pytest.fixture
def open_records(records: Records, end: TextsEnd) -> Records:
    return replace(records, gateway=end)


@pytest.fixture
def kiosk(open_records: Records) -> KioskClient:
    return KioskClient(open_records)


def _wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_a_number_counts_once_its_code_was_typed(kiosk: KioskClient, end: TextsEnd) -> None:
    phone = Phone(kiosk)
    assert phone.read() == {"masked": "", "verified_at": None, "due": False, "revision": 0, "due_soon": False}
    assert phone.put().status_code == 202
    assert end.taken[0][0] == NUMBER
    assert phone.read()["masked"] == ""
    found = phone.type(end.code).json()
    assert (found["masked"], found["due"], found["verified_at"]) == ("138****1234", False, "2026-11-22T15:05:00Z")
    assert phone.read() == found


def test_only_who_is_proven_may_ask(kiosk: KioskClient) -> None:
    subject = kiosk.identify()["subject"]
    for method, path, body in (
        ("GET", "contact", None),
        ("PUT", "contact", {"number": NUMBER}),
        ("POST", "contact/code", {"code": "123456"}),
        ("DELETE", "contact", None),
        ("GET", "messages", None),
    ):
        answer = kiosk.send(method, f"/v1/identifications/{subject}/{path}", body, If_Match='"0"')
        assert (answer.status_code, answer.json()["code"]) == (403, "identity-not-proven")


@pytest.mark.parametrize(
    "number", ["12800001234", "1380000123", "138000012345", "+8613800001234", "１３８００００１２３４", ""]
)
def test_what_is_no_mainland_mobile_number_is_refused_and_not_quoted(kiosk: KioskClient, number: str) -> None:
    answer = Phone(kiosk).put(number)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation")
    assert not number or number not in answer.text


def test_a_code_is_good_for_ten_minutes(kiosk: KioskClient, clock: StillClock, end: TextsEnd) -> None:
    phone = Phone(kiosk)
    phone.put()
    clock.pass_by(600)
    assert phone.type(end.code).json()["code"] == "contact-code-wrong"
    assert phone.read()["masked"] == ""


def test_a_code_takes_five_tries_and_each_waits_longer(kiosk: KioskClient, clock: StillClock, end: TextsEnd) -> None:
    phone = Phone(kiosk)
    phone.put()
    waits = []
    for _ in range(contacts.CODE_TRIES):
        answer = phone.type(_wrong(end.code))
        while answer.status_code == 429:
            waits.append(answer.json()["retry_after_s"])
            clock.pass_by(waits[-1])
            answer = phone.type(_wrong(end.code))
        assert (answer.status_code, answer.json()["code"]) == (403, "contact-code-wrong")
    assert waits == [2, 4]
    clock.pass_by(30)
    assert phone.type(end.code).json()["code"] == "contact-code-wrong"


def test_a_code_is_somebodys_own(kiosk: KioskClient, end: TextsEnd) -> None:
    """Another proven person, at the same kiosk, can't use it."""
    Phone(kiosk).put()
    other = Phone(kiosk, LAN, "visit-0002")
    assert other.type(end.code).json()["code"] == "contact-code-wrong"


def test_the_same_number_within_a_minute_sends_no_other_code(
    kiosk: KioskClient, clock: StillClock, end: TextsEnd
) -> None:
    """A lost answer is asked for again; after a minute, another code is."""
    phone = Phone(kiosk)
    first = phone.put().json()
    clock.pass_by(59)
    again = phone.put().json()
    assert (len(end.taken), again["expires_at"], again["again_at"]) == (1, first["expires_at"], first["again_at"])
    clock.pass_by(1)
    assert phone.put().status_code == 202
    assert len(end.taken) == 2
    assert phone.type(end.code).status_code == 200


@pytest.mark.parametrize("which", ["person", "number", "kiosk"])
def test_codes_of_a_day_are_limited(open_records: Records, clock: StillClock, end: TextsEnd, which: str) -> None:
    """For each person, number and kiosk; the refusal says when the next day begins."""
    chosen = open_records.settings.messages.model_copy(update={f"codes_each_{which}": 2})
    settings = open_records.settings.model_copy(update={"messages": chosen})
    kiosk = KioskClient(replace(open_records, settings=settings))
    phones = (Phone(kiosk), Phone(kiosk, LAN, "visit-0002"))
    numbers = {"person": (OTHER, NUMBER, OTHER), "number": (NUMBER,) * 3, "kiosk": (NUMBER, OTHER, "18700009999")}
    whose = {"person": (0, 0, 0), "number": (0, 1, 0), "kiosk": (0, 1, 0)}
    answers = []
    for number, index in zip(numbers[which], whose[which], strict=True):
        answers.append(phones[index].put(number))
        clock.pass_by(61)
    assert [each.status_code for each in answers] == [202, 202, 429]
    assert 0 < answers[-1].json()["retry_after_s"] <= 86_401
    clock.pass_by(answers[-1].json()["retry_after_s"])
    assert Phone(kiosk, DENG, "visit-0003").put(numbers[which][0]).status_code == 202
    assert len(end.taken) == 3


def test_when_no_text_can_be_sent_it_is_said_at_once(kiosk: KioskClient, end: TextsEnd) -> None:
    """Nothing is left behind, and it does not count."""
    end.failing.extend([GatewayAwayError("status 503")] * 2)
    phone = Phone(kiosk)
    answer = phone.put()
    assert (answer.status_code, answer.json()["code"], answer.json()["retryable"]) == (503, "contact-unreachable", True)
    assert phone.put().status_code == 202


def test_without_a_gateway_no_number_is_taken(records: Records) -> None:
    assert Phone(KioskClient(records)).put().json()["code"] == "contact-unreachable"


def test_a_lost_answer_of_the_gateway_sends_one_text(kiosk: KioskClient, end: TextsEnd) -> None:
    """It is asked again under the same id."""
    end.failing.append(GatewayAwayError("ReadTimeout"))
    assert Phone(kiosk).put().status_code == 202
    assert (len(end.ids), len(set(end.ids)), len(end.taken)) == (2, 1, 1)


def test_a_number_that_the_gateway_refuses_is_not_tried_again(kiosk: KioskClient, end: TextsEnd) -> None:
    end.failing.append(GatewayRefusedError("status 422"))
    assert Phone(kiosk).put().json()["code"] == "contact-unreachable"
    assert len(end.ids) == 1


def test_it_is_replaced_without_the_old_phone_which_hears_of_it(
    open_records: Records, kiosk: KioskClient, end: TextsEnd
) -> None:
    """And hears nothing else: neither the new number nor whose it was."""
    phone = Phone(kiosk)
    before = phone.verified(end)
    after = phone.verified(end, OTHER)
    assert (after["masked"], after["revision"] > before["revision"]) == ("159****5678", True)
    assert texting.send_due(open_records)
    number, text = end.taken[-1]
    assert number == NUMBER
    assert "有变动" in text
    assert not any(part in text for part in (DENG.name, OTHER[-4:], NUMBER[-4:]))
    assert not texting.send_due(open_records)


def test_a_removed_number_hears_of_it_and_gets_nothing_more(
    open_records: Records, kiosk: KioskClient, end: TextsEnd
) -> None:
    phone = Phone(kiosk)
    found = phone.verified(end)
    assert phone.remove(found["revision"]).status_code == 204
    assert phone.read()["revision"] == 0
    assert texting.send_due(open_records)
    assert "有变动" in end.taken[-1][1]


def test_a_revision_that_is_not_the_present_one_changes_nothing(kiosk: KioskClient, end: TextsEnd) -> None:
    """Two visits of one person: the second one to change it must read it again."""
    phone, other = Phone(kiosk), Phone(kiosk, DENG, "visit-0002")
    phone.verified(end)
    for answer in (other.put(OTHER, revision=0), other.remove(0)):
        assert (answer.status_code, answer.json()["code"]) == (412, "stale-revision")
    assert phone.read()["masked"] == "138****1234"
    assert phone.kiosk.send("PUT", phone.path, {"number": OTHER}).json()["code"] == "validation"


def test_a_code_for_what_was_changed_meanwhile_is_stale(
    open_records: Records, kiosk: KioskClient, end: TextsEnd
) -> None:
    phone = Phone(kiosk)
    found = phone.verified(end)
    phone.put(OTHER)
    with open_records.database.writing() as transaction:
        row = stored.find(transaction, _person(open_records))
        assert row is not None
        stored.put(transaction, replace(row, revision=found["revision"] + 10))
    assert phone.type(end.code).json()["code"] == "stale-revision"


def test_it_is_due_again_after_a_year_and_says_so_a_month_before(
    open_records: Records, kiosk: KioskClient, clock: StillClock, end: TextsEnd
) -> None:
    found = Phone(kiosk).verified(end)
    assert not found["due_soon"]
    clock.pass_by(timedelta(days=334).total_seconds())
    assert contacts.warn(open_records) == 0
    clock.pass_by(timedelta(days=2).total_seconds())
    assert contacts.warn(open_records) == 1
    assert contacts.warn(open_records) == 0  # once
    read = Phone(KioskClient(open_records), DENG, "visit-0002").read()
    assert (read["due_soon"], read["due"]) == (True, False)
    clock.pass_by(timedelta(days=30).total_seconds())
    phone = Phone(KioskClient(open_records), DENG, "visit-0003")
    assert phone.read()["due"]
    again = phone.verified(end)
    assert (again["due"], again["due_soon"], again["masked"]) == (False, False, "138****1234")


def test_what_is_stored_is_unreadable(open_records: Records, kiosk: KioskClient, end: TextsEnd) -> None:
    """The number stands in no column of no table, before and after it was verified; nor does the code."""
    phone = Phone(kiosk)
    phone.put()
    code = end.code
    assert not _stored(open_records, NUMBER) and not _stored(open_records, code)  # noqa: PT018
    phone.type(code)
    assert not _stored(open_records, NUMBER)
    with open_records.database.reading() as transaction:
        assert all(not row.sealed for row in transaction.connection.execute(sa.select(metadata.tables["texts"])))


def test_a_sealed_number_moved_to_another_row_does_not_open(records: Records) -> None:
    keys = records.folder / "keys"
    sealed = contact_key.seal(keys, NUMBER, "contact", "pingandeng", "p1")
    assert contact_key.opened(keys, sealed, "contact", "pingandeng", "p1") == NUMBER
    with pytest.raises(DataFolderError, match="does not open"):
        contact_key.opened(keys, sealed, "contact", "pingandeng", "p2")
    assert (keys / "contacts.key").stat().st_mode & 0o077 == 0


def test_each_step_is_in_the_audit_without_the_number(open_records: Records, kiosk: KioskClient, end: TextsEnd) -> None:
    phone = Phone(kiosk)
    phone.remove(phone.verified(end)["revision"])
    with open_records.database.reading() as transaction:
        rows = transaction.connection.execute(sa.select(metadata.tables["audit"]).order_by("seq")).all()
        assert audit.first_break(transaction) is None
    actions = [row.action for row in rows if row.action.startswith("contact-") and row.action != "contact-read"]
    assert actions == ["contact-code-asked", "contact-code-typed", "contact-verified", "contact-removed"]
    assert not any(NUMBER in row.facts for row in rows)


def test_what_is_old_is_forgotten(open_records: Records, kiosk: KioskClient, clock: StillClock, end: TextsEnd) -> None:
    """A code after a day, what is left of texts after a week, a number that nobody verified again after two years."""
    Phone(kiosk).verified(end)
    Phone(kiosk, LAN, "visit-0002").put(OTHER)
    kept = []
    for days in (0, 2, 6, 720, 1, 2):
        clock.pass_by(timedelta(days=days).total_seconds())
        with suppress(ClockJumpedError):  # two years at once are believed a day later
            retention.tidy(open_records)
        kept.append(tuple(_count(open_records, table) for table in ("contact_codes", "texts", "contacts")))
    assert kept == [(1, 2, 1), (0, 2, 1), (0, 0, 1), (0, 0, 1), (0, 0, 1), (0, 0, 0)]


def _count(records: Records, table: str) -> int:
    with records.database.reading() as transaction:
        query = sa.select(sa.func.count()).select_from(metadata.tables[table])
        return int(transaction.connection.execute(query).scalar_one())


def _person(records: Records) -> str:
    with records.database.reading() as transaction:
        return str(transaction.connection.execute(sa.text("SELECT person_id FROM contacts")).scalar())


def _stored(records: Records, secret: str) -> bool:
    with records.database.reading() as transaction:
        rows = (row for table in metadata.sorted_tables for row in transaction.connection.execute(sa.select(table)))
        return any(secret in str(value) for row in rows for value in row)
