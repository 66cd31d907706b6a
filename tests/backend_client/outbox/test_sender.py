"""Sending: in order, once in effect, and one item never holds up another."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from threading import Event
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend_client.contract.base import Problem, ProblemCode
from backend_client.contract.intakes import IntakeAnswers, IntakeBatch, IntakeItem, IntakeResult, IntakeStatus
from backend_client.errors import DeviceRevokedError, RecordsError, RecordsProtocolError, RecordsUnreachableError
from backend_client.outbox.port import LARGEST, MOST
from backend_client.outbox.sender import Drained, Sender
from tests.support.clocks import NOW
from tests.support.outbox import MemoryRecords, poisonous, refused, sealed

LOST = RecordsUnreachableError("lost")


@dataclass
class MemoryStore:
    """A backend_client.outbox.port.OutboxStore without a disk."""

    waiting: list[IntakeItem] = field(default_factory=list)
    aside: dict[int, ProblemCode | None] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    answers: int = 0

    def ready(self, after: int, most: int = MOST, largest: int = LARGEST) -> tuple[IntakeItem, ...]:
        assert largest == LARGEST
        return tuple(item for item in self.waiting if item.sequence > after)[:most]

    def settle(self, results: Sequence[IntakeResult]) -> None:
        self.answers += 1
        by_id = {result.id: result for result in results}
        for item in list(self.waiting):
            result = by_id.get(item.id)
            if result is not None and result.status is not IntakeStatus.HELD:
                self.waiting.remove(item)
                if result.status is IntakeStatus.REJECTED:
                    self.aside[item.sequence] = result.problem

    def blob(self, sha256: str) -> bytes | None:
        return self.files.get(sha256)


def queue(length: int, poison: Sequence[int] = ()) -> MemoryStore:
    """So many items; those at these places are poisonous."""
    made = ((poisonous() if number in poison else sealed()).item(number) for number in range(1, length + 1))
    return MemoryStore(list(made))


def drain(store: MemoryStore, records: Any) -> Drained:
    return Sender(records, store).drain(Event())


def test_everything_is_sent_in_order_in_batches() -> None:
    """At most a hundred at once."""
    store, records = queue(250), MemoryRecords()
    assert drain(store, records) == Drained(sent=250, last=250)
    assert records.order == list(range(1, 251))
    assert [len(batch) for batch in records.batches] == [100, 100, 50]
    assert (store.waiting, store.aside, store.answers) == ([], {}, 3)


def test_nothing_waiting_asks_nothing() -> None:
    """Records do not hear of it."""
    records = MemoryRecords()
    assert drain(queue(0), records) == Drained()
    assert records.batches == []


def test_a_poisonous_item_is_set_aside_and_the_rest_goes_on() -> None:
    """With what records said of it."""
    store, records = queue(5, poison=[3]), MemoryRecords()
    assert drain(store, records).error is None
    assert records.order == [1, 2, 4, 5]
    assert store.aside == {3: ProblemCode.INTAKE_UNREADABLE}


@pytest.mark.parametrize("place", [1, 7, 64, 99, 100])
def test_a_batch_that_is_refused_whole_is_halved_until_the_item_is_found(place: int) -> None:
    """Whatever records can't even take apart: one item aside, ninety-nine arrive, still in order."""
    store, records = queue(100), MemoryRecords()
    records.whole.add(store.waiting[place - 1].id)
    assert drain(store, records).error is None
    assert records.order == [number for number in range(1, 101) if number != place]
    assert store.aside == {place: ProblemCode.VALIDATION}
    assert len(records.batches) <= 2 + 2 * 7 + (place == 1)


@pytest.mark.parametrize("length", [1, 2, 5, 100])
def test_when_records_take_none_of_a_batch_it_is_no_item_s_fault(length: int) -> None:
    """Two releases that differ must not set a whole queue aside, nor be told so two hundred times."""
    store, records = queue(length), MemoryRecords()
    records.whole = {item.id for item in store.waiting}
    ended = drain(store, records)
    assert (len(store.waiting), store.aside, ended.sent) == (length, {}, 0)
    assert ended.error is not None
    assert ended.error.code == "records-validation"
    assert len(records.batches) <= 4


@pytest.mark.parametrize("poison", [range(1, 4), range(1, 8), (1, 2, 3, 100), range(1, 121), range(2, 131)])
def test_no_number_of_items_that_are_refused_whole_keeps_a_good_one(poison: Sequence[int]) -> None:
    """Not at the head of the queue, not as many as a batch holds: each run asks about two more, and the far end."""
    store, records = queue(130), MemoryRecords()
    records.whole = {store.waiting[place - 1].id for place in poison}
    sender = Sender(records, store)
    runs = next(run for run in count(1) if sender.drain(Event()).error is None)
    assert runs <= (1 if 100 not in poison else 1 + len(poison) // 2)
    assert sorted(records.order) == [number for number in range(1, 131) if number not in poison]
    assert sorted(store.aside) == list(poison)


def test_one_item_alone_is_refused_for_good_as_soon_as_another_is_taken() -> None:
    """It may be the newest of all."""
    store, records = queue(1), MemoryRecords()
    records.whole = {store.waiting[0].id}
    sender = Sender(records, store)
    for _ in range(3):
        assert sender.drain(Event()).error is not None
    assert len(records.batches) == 9
    store.waiting.append(sealed().item(2))
    assert sender.drain(Event()).error is None
    assert (records.order, store.waiting, store.aside) == ([2], [], {1: ProblemCode.VALIDATION})


def test_several_items_of_a_batch_may_be_refused_whole() -> None:
    """As long as records take others of it."""
    store, records = queue(40), MemoryRecords()
    records.whole = {store.waiting[place - 1].id for place in (3, 4, 5, 30, 40)}
    assert drain(store, records).error is None
    assert sorted(store.aside) == [3, 4, 5, 30, 40]
    assert len(records.order) == 35
    assert records.order == sorted(records.order)


def test_a_lost_answer_is_asked_for_again_with_the_same_items() -> None:
    """Records knew them: duplicates, and gone."""
    store, records = queue(3), MemoryRecords(loses=[LOST])
    ended = drain(store, records)
    assert (ended.error, ended.sent, len(store.waiting)) == (LOST, 0, 3)
    assert drain(store, records) == Drained(sent=3, last=3)
    assert records.batches[0] == records.batches[1]
    assert (records.order, store.waiting) == ([1, 2, 3], [])


@given(st.lists(st.sampled_from(["fails", "loses", "well"]), max_size=12), st.integers(1, 7))
def test_whatever_is_lost_on_the_way_each_item_arrives_once_and_in_order(ways: list[str], most: int) -> None:
    """Requests and answers, in any order."""
    store, records = queue(6), MemoryRecords()
    sender = Sender(records, store)
    whole = store.ready
    store.ready = lambda after, *_: whole(after, most)  # type: ignore[method-assign]
    for way in ways:
        if way != "well":
            getattr(records, way).append(RecordsUnreachableError(way))
        sender.drain(Event())
    records.fails.clear()
    records.loses.clear()
    assert sender.drain(Event()).error is None
    assert (records.order, store.waiting, store.aside) == ([1, 2, 3, 4, 5, 6], [], {})


@pytest.mark.parametrize(
    "error",
    [
        LOST,
        refused(ProblemCode.INTERNAL, 500),
        refused(ProblemCode.TOO_MANY_REQUESTS, 429, after=9),
        refused(ProblemCode.NOT_PERMITTED, 403),
        RecordsProtocolError("x"),
        DeviceRevokedError(Problem(type="t", title="t", status=403, code=ProblemCode.DEVICE_REVOKED)),
    ],
)
def test_what_is_no_fault_of_an_item_changes_nothing(error: RecordsError) -> None:
    """It ends the run; nothing is set aside."""
    store, records = queue(3), MemoryRecords(fails=[error])
    assert drain(store, records).error is error
    assert (len(store.waiting), store.aside, store.answers) == (3, {}, 0)


def test_an_answer_about_other_items_changes_nothing() -> None:
    """Neither the first nor the last of them."""
    other = sealed().item(9)

    class Confused(MemoryRecords):
        def intakes(self, batch: IntakeBatch) -> IntakeAnswers:
            results = [IntakeResult(id=item.id, status=IntakeStatus.ACCEPTED) for item in (*batch.items[:-1], other)]
            return IntakeAnswers(server_time=NOW, results=tuple(results))

    store = queue(3)
    assert isinstance(drain(store, Confused()).error, RecordsProtocolError)
    assert (len(store.waiting), store.aside, store.answers) == (3, {}, 0)


def test_held_items_stay_and_hold_up_nobody() -> None:
    """The next run brings them again."""
    store, records = queue(5), MemoryRecords()
    records.held = {store.waiting[1].id}
    assert drain(store, records) == Drained(sent=5, held=1, last=5)
    assert [item.sequence for item in store.waiting] == [2]
    records.held.clear()
    assert drain(store, records) == Drained(sent=1, last=2)
    assert records.order == [1, 3, 4, 5, 2]


def test_files_come_before_the_item_that_names_them_and_once_in_a_run() -> None:
    """By their hash."""
    shared = b"ciphertext"
    items = [sealed(blobs=[shared]).item(1), sealed(blobs=[shared, b"other"]).item(2)]
    files = {sha256(each).hexdigest(): each for each in (shared, b"other")}
    store, records = MemoryStore(items, files=files), MemoryRecords()
    assert drain(store, records) == Drained(sent=2, last=2)
    assert (records.blobs, records.puts) == (files, 2)


def test_an_item_whose_file_is_gone_is_set_aside_and_the_others_go_on() -> None:
    """A disk may lose one."""
    store, records = MemoryStore([sealed(blobs=[b"lost"]).item(1), sealed().item(2)]), MemoryRecords()
    assert drain(store, records).error is None
    assert (records.order, store.aside) == ([2], {1: ProblemCode.BLOB_MISMATCH})


def test_a_file_that_records_refuse_takes_its_item_aside() -> None:
    """And nobody else's."""
    name = sha256(b"big").hexdigest()
    store = MemoryStore([sealed(blobs=[b"big"]).item(1), sealed().item(2)], files={name: b"big"})
    records = MemoryRecords(fails=[refused(ProblemCode.MALFORMED, 413)])
    assert drain(store, records).error is None
    assert (records.order, store.aside) == ([2], {1: ProblemCode.MALFORMED})


def test_a_file_that_can_t_be_brought_now_keeps_its_item_waiting() -> None:
    """The line broke: nothing is anybody's fault."""
    name = sha256(b"big").hexdigest()
    store = MemoryStore([sealed(blobs=[b"big"]).item(1)], files={name: b"big"})
    assert drain(store, MemoryRecords(fails=[LOST])).error is LOST
    assert (len(store.waiting), store.aside) == (1, {})


def with_files(length: int, each: int) -> MemoryStore:
    """So many items with so many files of their own, and as many that have none."""
    contents = [[bytes([place, number]) for number in range(each)] for place in range(length)]
    made = [sealed(blobs=content) for content in contents] + [sealed() for _ in contents]
    store = MemoryStore([each.item(place) for place, each in enumerate(made, start=1)])
    store.files = {sha256(file).hexdigest(): file for content in contents for file in content}
    return store


def test_many_files_are_brought_item_by_item_and_records_need_room_for_one_item_s_alone() -> None:
    """Those of a hundred items would be more than may wait for their items."""
    store, records = with_files(8, 20), MemoryRecords(room=20)
    assert drain(store, records) == Drained(sent=16, last=16)
    assert (records.order, records.puts, store.waiting) == (list(range(1, 17)), 160, [])


def test_a_file_that_finds_no_room_keeps_its_own_item_and_nobody_else_s() -> None:
    """Records hold an item back, and its files fill the room: what needs no file arrives, the rest comes later."""
    store, records = with_files(3, 20), MemoryRecords(room=20)
    records.held = {store.waiting[0].id}
    sender = Sender(records, store)
    assert sender.drain(Event()) == Drained(sent=6, held=3, last=6)
    assert (records.order, records.puts) == ([4, 5, 6], 20)
    assert sender.drain(Event()).error is None
    assert records.puts == 20, "what is there already was brought again"
    records.held.clear()
    assert sender.drain(Event()) == Drained(sent=3, last=3)
    assert (records.order, store.waiting, store.aside) == ([4, 5, 6, 1, 2, 3], [], {})


def test_files_that_records_have_lost_meanwhile_are_brought_again() -> None:
    """A week passed while the item was held back: they say which item misses one."""
    store, records = with_files(1, 2), MemoryRecords()
    records.held = {store.waiting[0].id}
    sender = Sender(records, store)
    sender.drain(Event())
    records.held.clear()
    records.blobs.clear()
    assert sender.drain(Event()).held == 1
    assert sender.drain(Event()) == Drained(sent=1, last=1)
    assert (records.puts, store.waiting) == (4, [])


def test_a_file_that_can_t_be_read_now_is_not_taken_for_lost() -> None:
    """Its item stays; the others go on."""
    store, records = with_files(1, 1), MemoryRecords()

    def no_room(_: str) -> bytes:
        raise OSError(24, "too many open files")

    store.blob = no_room  # type: ignore[method-assign, assignment]
    assert drain(store, records) == Drained(sent=2, held=1, last=2)
    assert (records.order, store.aside) == ([2], {})


def test_a_run_that_is_cancelled_ends_between_two_requests() -> None:
    """What was answered by then is settled, what comes later is a lost answer."""
    store, cancel = queue(250), Event()

    class Stops(MemoryRecords):
        def intakes(self, batch: IntakeBatch) -> IntakeAnswers:
            answers = super().intakes(batch)
            if len(self.batches) == 2:
                cancel.set()
            return answers

    records = Stops()
    assert Sender(records, store).drain(cancel).sent == 100
    assert (len(store.waiting), len(records.kept)) == (150, 200)
    assert Sender(records, store).drain(Event()).sent == 150
    assert records.order == list(range(1, 251))


def test_only_what_came_later_is_sent_when_that_is_wanted() -> None:
    """Beside items that records hold back."""
    store, records = queue(4), MemoryRecords()
    assert Sender(records, store).drain(Event(), after=2) == Drained(sent=2, last=4)
    assert records.order == [3, 4]
