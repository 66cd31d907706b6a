"""A search has its time, and its thread; nobody waits for one that hangs."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from civic.id_number import IdNumber
from records.context import Records
from records.criminal.source import Finding
from records.errors import SettingsError
from records.services import policy, searching
from records.store import criminal
from tests.support.hanging_source import PATIENCE_S, HangingSource
from tests.support.records_client import DENG
from tests.support.records_server import rules_with

SOURCE_S = 0.3
LET_GO_S = 1.0


def test_searches_that_hang_for_good_keep_no_later_one_waiting(records: Records) -> None:
    """Each has its thread, and there are so many; when all hang, a further one is late in the same time."""
    hanging, person = HangingSource(), records.population.find(IdNumber(DENG.id_number))
    assert person is not None
    begun = time.monotonic()
    with ThreadPoolExecutor(20) as pool:
        found = set(pool.map(lambda _: searching.found_within(hanging, person, SOURCE_S), range(20)))
    assert (found, hanging.asked) == ({Finding.UNAVAILABLE}, 16)
    assert time.monotonic() - begun < PATIENCE_S
    hanging.let.set()
    assert searching.found_within(records.criminal, person, LET_GO_S) is Finding.CLEAN


@pytest.mark.parametrize("finding", [Finding.CLEAN, Finding.FOUND])
def test_a_search_takes_its_whole_time_however_soon_the_source_answers(records: Records, finding: Finding) -> None:
    """What is made of the answer begins for everybody at the same moment."""
    person = records.population.find(IdNumber(DENG.id_number))
    assert person is not None
    with records.database.writing() as transaction:
        criminal.put(transaction, person.person_id, finding.value)
    begun = time.monotonic()
    assert searching.found_within(records.criminal, person, SOURCE_S) is finding
    assert time.monotonic() - begun >= SOURCE_S


@pytest.mark.parametrize("answer_s", [0, 0.49])
def test_a_policy_that_answers_too_soon_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer_s: float
) -> None:
    """It says which setting, and why: the time would tell."""
    monkeypatch.setattr(policy, "SHORTEST_ANSWER_S", 0.5)
    (tmp_path / "rules.toml").write_text(rules_with(answer_s=answer_s), "utf-8")
    with pytest.raises(SettingsError, match=r"no_criminal_record: answer_s must be at least 0\.5"):
        policy.read_rules(tmp_path / "rules.toml")


@pytest.mark.parametrize("answer_s", [4.1, 8])
def test_a_policy_that_answers_too_late_for_a_kiosk_is_refused(tmp_path: Path, answer_s: float) -> None:
    """Late, it would leave after twice that, when the kiosk has given up."""
    (tmp_path / "rules.toml").write_text(rules_with(answer_s=answer_s), "utf-8")
    with pytest.raises(SettingsError, match=r"later\] answer_s: must be a number from 0 to 4"):
        policy.read_rules(tmp_path / "rules.toml")
