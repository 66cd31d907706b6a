"""What kiosks hand in: each item judged by itself, kept once, whatever happens to the others."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from backend_client.contract.changes import Topic
from backend_client.contract.devices import DeviceKind
from backend_client.contract.intakes import MOST_ITEMS, ResidenceContent
from backend_client.seals import seal_file
from civic.id_number import IdNumber
from civic.slip_number import slip_number
from records.context import Records
from records.errors import RefusedError
from records.rules.intakes import IntakeState
from records.sections import IntakeSettings
from records.services import devices, intake_lapsing, retention
from records.services import intakes as service
from records.store import alerts, changes, intakes, messages
from records.store.alerts import AlertKind
from records.store.intakes import IntakeRow
from tests.support.clocks import StillClock
from tests.support.intakes import PATH, Outbox, correction, residence, rules_of, send
from tests.support.records_client import DENG, LAN, KioskClient

ACCEPTED, DUPLICATE = ("accepted", None), ("duplicate", None)
STRANGER = "110101199003070038"
A_DAY = 24 * 3600


@pytest.fixture
def outbox(records: Records, clock: StillClock) -> Outbox:
    return Outbox(rules_of(records), clock.now())


def _row(records: Records, item: dict[str, Any]) -> IntakeRow:
    with records.database.reading() as transaction:
        row = intakes.find(transaction, item["id"])
    assert row is not None
    return row


def _count(records: Records) -> int:
    with records.database.reading() as transaction:
        return intakes.backlog(transaction)


def _deeds(records: Records) -> list[dict[str, Any]]:
    with records.database.reading() as transaction:
        rows = transaction.connection.execute(sa.text("SELECT action, facts FROM audit ORDER BY seq")).all()
    return [json.loads(row.facts) for row in rows if row.action == "intakes-received"]


def test_what_was_sealed_is_kept_as_it_was_said(kiosk: KioskClient, records: Records, outbox: Outbox) -> None:
    """With the times of both clocks. Whose number it is, the register is asked when somebody opens it."""
    item = outbox.item(residence())
    assert send(kiosk, [item]) == [ACCEPTED]
    row = _row(records, item)
    assert ResidenceContent.model_validate_json(row.content) == residence()
    assert (row.person_id, row.device_id, row.state) == ("", kiosk.device_id, IntakeState.WAITING)
    assert (row.at, row.received_at, row.skew_ms) == (outbox.at, records.clock.now(), -40)
    assert _deeds(records) == [{"accepted": 1}]


def test_a_number_that_nobody_here_has_is_kept_for_the_officer(
    kiosk: KioskClient, records: Records, outbox: Outbox
) -> None:
    """Who has just moved in stands in no register of ours."""
    content = residence().model_copy(update={"who": residence().who.model_copy(update={"id_number": STRANGER})})
    item = outbox.item(content)
    assert send(kiosk, [item]) == [ACCEPTED]
    assert _row(records, item).person_id == ""
    assert STRANGER in _row(records, item).content


def test_sent_again_days_later_it_is_the_same_item(
    kiosk: KioskClient, records: Records, outbox: Outbox, clock: StillClock
) -> None:
    """The kiosk may have learnt its clock's error since; the seal and what it is bound to are what counts."""
    item = outbox.item(residence())
    assert send(kiosk, [item]) == [ACCEPTED]
    clock.pass_by(40 * 24 * 3600)
    assert send(kiosk, [{**item, "skew_ms": 9}, item]) == [DUPLICATE, DUPLICATE]
    assert _count(records) == 1
    assert len(_deeds(records)) == 1


def test_twice_in_one_batch_is_once(kiosk: KioskClient, records: Records, outbox: Outbox) -> None:
    first = outbox.item(residence())
    other = outbox.item(correction(), id=first["id"])
    assert send(kiosk, [first, first, other]) == [ACCEPTED, DUPLICATE, ("rejected", "intake-other")]
    assert _count(records) == 1


def test_another_item_of_the_same_number_changes_nothing(kiosk: KioskClient, records: Records, outbox: Outbox) -> None:
    first = outbox.item(residence())
    send(kiosk, [first])
    assert send(kiosk, [outbox.item(correction(), id=first["id"])]) == [("rejected", "intake-other")]
    assert _row(records, first).kind.value == "residence"


def test_another_kiosk_can_not_have_it(records: Records, kiosk: KioskClient, outbox: Outbox) -> None:
    """The same bytes from elsewhere: not a duplicate, which would make that kiosk believe that it had sent it."""
    item = outbox.item(residence())
    send(kiosk, [item])
    assert send(KioskClient(records), [item]) == [("rejected", "intake-other")]


def _spoilt(item: dict[str, Any], outbox: Outbox) -> list[tuple[dict[str, Any], tuple[str, str | None]]]:
    """Items that can't be kept, and what is said of each."""
    content: tuple[str, str | None] = ("rejected", "intake-content")
    unreadable: tuple[str, str | None] = ("rejected", "intake-unreadable")
    who = residence().who
    return [
        ({**item, "id": str(uuid4())}, unreadable),  # another header
        ({**outbox.item(residence()), "key_id": "0" * 16}, unreadable),
        ({**outbox.item(residence()), "sealed": "!"}, unreadable),
        ({**outbox.item(residence()), "sealed": ""}, unreadable),
        ({**outbox.item(residence()), "kind": "wish"}, content),
        ({**outbox.item(residence()), "sequence": 2**70}, content),
        ({**outbox.item(residence()), "at": "0001-01-01T00:00:00+14:00"}, content),
        ({**outbox.item(residence()), "at": "yesterday"}, content),
        ({**outbox.item(residence()), "colour": "red"}, content),
        ({"id": str(uuid4())}, content),
        (outbox.item(residence(since="2026-02-30")), content),
        (outbox.item(residence(since="2031-01-01")), content),
        (outbox.item(residence().model_copy(update={"who": who.model_copy(update={"name": "张\x00灯"})})), content),
        (outbox.item(residence().model_copy(update={"who": who.model_copy(update={"id_number": "1" * 18})})), content),
        (outbox.item(residence().model_copy(update={"files": (seal_file(b"x")[1],)})), content),  # it is not sent
        (outbox.item(residence(), blobs=["ab" * 32]), ("held", "blob-missing")),
    ]


def test_what_is_wrong_with_one_stops_no_other(kiosk: KioskClient, records: Records, outbox: Outbox) -> None:
    """A good one before, between and after each bad one; none of the answers says a word of what was sealed."""
    spoilt = _spoilt(outbox.item(residence()), outbox)
    items: list[dict[str, Any]] = [outbox.item(residence())]
    expected: list[tuple[str, str | None]] = [ACCEPTED]
    for bad, said in spoilt:
        items += [bad, outbox.item(correction(LAN))]
        expected += [said, ACCEPTED]
    answer = kiosk.post(PATH, {"items": items})
    assert [(each["status"], each["problem"]) for each in answer.json()["results"]] == expected
    assert _count(records) == len(spoilt) + 1
    assert not any(secret in answer.text for secret in (DENG.name, DENG.id_number, "colour", "yesterday"))
    assert _deeds(records) == [{"accepted": len(spoilt) + 1, "rejected": len(spoilt) - 1, "held": 1}]


def test_beyond_what_officers_can_decide_a_device_is_held(kiosk: KioskClient, records: Records, outbox: Outbox) -> None:
    """Not lost, and a copy of what is here is still one; each decision makes room for another."""
    few = records.settings.model_copy(update={"intakes": IntakeSettings(waiting=2)})
    bounded = replace(records, settings=few)
    items = [outbox.item(residence()) for _ in range(3)]
    sent = [(UUID(each["id"]), each) for each in items]

    def said() -> list[tuple[str, str | None]]:
        return [(each.status.value, each.problem) for each in service.take(bounded, kiosk.device, sent).results]

    assert said() == [ACCEPTED, ACCEPTED, ("held", "too-many-requests")]
    assert said() == [DUPLICATE, DUPLICATE, ("held", "too-many-requests")]
    with records.database.writing() as transaction:
        assert intakes.update(transaction, _row(records, items[0]), state="refused", decided_at=outbox.at)
    assert said() == [DUPLICATE, DUPLICATE, ACCEPTED]


def test_what_nobody_decides_is_told_closed_and_gone_in_the_end(
    kiosk: KioskClient, records: Records, outbox: Outbox, clock: StillClock
) -> None:
    """Officers hear of it once a day; who handed it in is told; what papers were asked for has its time from then."""
    waits, asked = outbox.item(residence()), outbox.item(correction())
    send(kiosk, [waits, asked])
    clock.pass_by(31 * A_DAY)
    for _ in range(2):
        intake_lapsing.look(records)
    with records.database.writing() as transaction:
        assert [(each.kind, each.device_id, each.count) for each in alerts.list_open(transaction)] == [
            (AlertKind.INTAKES_LATE, kiosk.device_id, 1)
        ]
        papers = {"state": "more-papers", "reason": "identity", "decided_at": clock.now()}
        assert intakes.update(transaction, _row(records, asked), **papers)
    clock.pass_by(150 * A_DAY)
    intake_lapsing.lapse(records)
    assert [_row(records, each).state for each in (waits, asked)] == [IntakeState.LAPSED, IntakeState.MORE_PAPERS]
    person = records.register.find(IdNumber(DENG.id_number))
    assert person is not None
    with records.database.reading() as transaction:
        told = messages.newest(transaction, person.person_id, 9)
        heard = changes.after(transaction, 0, 9, [Topic.INTAKE], kiosk.device_id)
    assert [(each.ref, each.state) for each in told] == [(slip_number(UUID(waits["id"])), "lapsed")]
    assert [(each.ref, each.body["state"]) for each in heard] == [(waits["id"], "lapsed")]
    clock.pass_by(1096 * A_DAY)
    assert retention.tidy(records)["intakes"] == 1


def test_while_the_key_is_away_its_items_are_held(kiosk: KioskClient, records: Records, outbox: Outbox) -> None:
    """And taken as soon as it is back."""
    path = records.key_store.folder / "intake" / f"{outbox.rules.key_id}.key.pem"
    away = path.rename(path.with_suffix(".away"))
    item = outbox.item(residence())
    assert send(kiosk, [item]) == [("held", "key-away")]
    assert _count(records) == 0
    away.rename(path)
    assert send(kiosk, [item]) == [ACCEPTED]


def test_many_requests_at_once_keep_each_item_once(kiosk: KioskClient, records: Records, outbox: Outbox) -> None:
    """Every thread sends the same hundred; together they say of each item once that it is accepted."""
    items = [outbox.item(correction()) for _ in range(100)]
    sent = [(each["id"], each) for each in items]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: service.take(records, kiosk.device, sent), range(8)))
    said = [[each.status.value for each in answer.results] for answer in answers]
    assert [sorted(column) for column in zip(*said, strict=True)] == [["accepted", *["duplicate"] * 7]] * 100
    assert _count(records) == 100


def test_a_whole_batch_is_one_deed_and_a_handful_of_statements(
    kiosk: KioskClient, records: Records, outbox: Outbox
) -> None:
    """However many items: what costs is the database's turn, not ours."""
    batch = [outbox.item(residence()) for _ in range(MOST_ITEMS)]
    statements: list[str] = []
    sent = [(each["id"], each) for each in batch]

    def heard(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    with records.database.reading() as transaction:
        engine = transaction.connection.engine
    sa.event.listen(engine, "before_cursor_execute", heard)
    answer = service.take(records, kiosk.device, sent)
    assert {each.status.value for each in answer.results} == {"accepted"}
    assert len([each for each in statements if each.startswith(("SELECT", "INSERT", "UPDATE"))]) <= 10
    assert _deeds(records) == [{"accepted": MOST_ITEMS}]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"items": []},
        {"items": [{}]},
        {"items": [{"id": "x"}]},
        {"items": [3]},
        {"items": {}},
        {"items": [], "a": 1},
    ],
)
def test_what_is_no_batch_is_refused_whole(kiosk: KioskClient, body: Any) -> None:
    answer = kiosk.post(PATH, body)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation")


def test_a_device_that_is_revoked_meanwhile_hands_nothing_in(
    kiosk: KioskClient, records: Records, outbox: Outbox
) -> None:
    """It was let in, and its seals were being opened: nobody would take away what it leaves behind."""
    devices.revoke(records, kiosk.device_id)
    with pytest.raises(RefusedError, match="device-revoked"):
        service.take(records, kiosk.device, [(item["id"], item) for item in [outbox.item(correction())]])
    assert _count(records) == 0


def test_a_gate_hands_nothing_in(records: Records, outbox: Outbox) -> None:
    gate = KioskClient(records, DeviceKind.GATE)
    answer = gate.post(PATH, {"items": [outbox.item(residence())]})
    assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted")


def test_a_digest_is_of_the_header_and_the_seal(kiosk: KioskClient, records: Records, outbox: Outbox) -> None:
    """Not of what was in it: two seals of the same words are two items."""
    item = outbox.item(residence())
    send(kiosk, [item])
    assert _row(records, item).digest != hashlib.sha256(_row(records, item).content.encode()).hexdigest()
    assert send(kiosk, [outbox.item(residence(), id=item["id"])]) == [("rejected", "intake-other")]
