"""Four who look for somebody who is hidden, in every view that there is: what they are told is what they would be told
if she had never been here, to the byte.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from records import installation
from records.app import api
from records.context import Records
from tests.support import attackers, worlds
from tests.support.attackers import ATTACKERS, KIOSK
from tests.support.clocks import StillClock
from tests.support.hidden import registered
from tests.support.records_client import DENG
from tests.support.worlds import CHILD, HER

Both = tuple[Records, Records]


@pytest.fixture
def remembered(folder: Path, clock: StillClock) -> dict[str, str]:
    return worlds.prepare(folder, clock)


@pytest.fixture
def both(folder: Path, tmp_path: Path, remembered: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Both]:
    del remembered
    with worlds.worlds(folder, tmp_path) as made:
        ids = [registered(made[0], card).person_id for card in (HER, CHILD)]
        monkeypatch.setattr(attackers, "PERSON_IDS", ids)
        yield made


@pytest.mark.parametrize("who", ATTACKERS)
def test_an_attacker_learns_nothing(both: Both, remembered: dict[str, str], who: str) -> None:
    """And leaves as many rows behind in either world, so that nobody can read it from the store's size."""
    hidden, absent = attackers.told_in_both(both, who, remembered)
    assert len(hidden) == len(absent) > 5
    for place, (one, other) in enumerate(zip(hidden, absent, strict=True)):
        assert one == other, f"answer {place} of {who}"
    for personal in (HER.name, HER.id_number, CHILD.name, CHILD.id_number):
        assert all(personal.encode() not in said for said in hidden)
    assert not [said for said in hidden if b" /console/sign-in " in said[:40]], "the session ended before the walk did"
    assert worlds.traces(both[0]) == worlds.traces(both[1])


def test_unhidden_the_same_steps_find_her(folder: Path, remembered: dict[str, str]) -> None:
    """At the kiosk and at the console: the walk looks where she is."""
    records = installation.open_existing(folder, StillClock())
    kiosk, console = (b"".join(walk(records, remembered)) for walk in (attackers.spouse, attackers.curious_officer))
    records.database.close()
    escaped = CHILD.name.encode("unicode_escape")
    assert CHILD.name.encode() in kiosk or escaped in kiosk
    for found in (HER.name, HER.id_number, CHILD.id_number, DENG.name):
        assert found.encode() in console
    assert b"/console/flats/" in console


def test_every_route_has_its_step_or_its_reason(records: Records) -> None:
    """Of the interface that kiosks speak; the console's are walked by the officer, and listed role by role."""
    described = api(records).openapi()["paths"]
    found = {f"{method.upper()} {path}" for path, methods in described.items() for method in methods}
    assert found <= set(KIOSK)
