"""The number of an item, and an answer that is about what was sent."""

from datetime import UTC, datetime
from uuid import RFC_4122, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend_client.contract.intakes import IntakeAnswers, IntakeResult, IntakeStatus
from backend_client.errors import RecordsProtocolError
from backend_client.outbox.items import RANDOM_BITS, answered, uuid7
from tests.support.clocks import NOW
from tests.support.outbox import sealed

BITS = st.integers(0, 2**RANDOM_BITS - 1)


def test_the_standard_s_own_example() -> None:
    """RFC 9562, A.6."""
    at = datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)
    random_bits = 0xCC3 << 62 | 0x18C4DC0C0C07398F
    assert str(uuid7(at, random_bits)) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


@given(st.datetimes(timezones=st.just(UTC)), BITS, BITS)
def test_it_is_a_uuid_of_version_7_for_any_clock(at: datetime, one: int, other: int) -> None:
    """Two of one millisecond differ by chance alone."""
    number = uuid7(at, one)
    assert (number.version, number.variant) == (7, RFC_4122)
    assert (number == uuid7(at, other)) is (one == other)


def answers(*ids: object) -> IntakeAnswers:
    results = tuple(IntakeResult.model_validate({"id": each, "status": IntakeStatus.ACCEPTED}) for each in ids)
    return IntakeAnswers(server_time=NOW, results=results)


def test_an_answer_is_believed_when_it_is_about_the_items_that_were_sent() -> None:
    """One each, in their order."""
    items = [sealed().item(number) for number in (1, 2)]
    assert [each.id for each in answered(items, answers(items[0].id, items[1].id))] == [each.id for each in items]


def test_a_reason_of_tomorrow_spoils_no_answer() -> None:
    """The item is refused for a reason that this release has no word for; the others' results are read."""
    said = '{"id": "017f22e2-79b0-7cc3-98c4-dc0c0c07398f", "status": "rejected", "problem": "not-on-a-sunday"}'
    result = IntakeResult.model_validate_json(said)
    assert (result.status, result.problem) == (IntakeStatus.REJECTED, None)


@pytest.mark.parametrize("said", ["fewer", "more", "others", "turned round", "one twice"])
def test_an_answer_about_something_else_is_none(said: str) -> None:
    """Nothing of it is used."""
    one, two = (sealed().item(number) for number in (1, 2))
    ids = {
        "fewer": (one.id,),
        "more": (one.id, two.id, uuid4()),
        "others": (one.id, uuid4()),
        "turned round": (two.id, one.id),
        "one twice": (one.id, one.id),
    }
    with pytest.raises(RecordsProtocolError):
        answered([one, two], answers(*ids[said]))
