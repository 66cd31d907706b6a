"""The judge, shown what must never be: each is seen, and nothing else of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from backend_client.contract.changes import Topic
from tests.chaos_sync.evidence import NOWHERE, AtKiosk, AtRecords, Evidence, Kept, Step, Told
from tests.chaos_sync.judge import wrong_at, wrong_at_records
from tests.support.clocks import NOW

MINE, OTHER = "kiosk-0001", "kiosk-0002"
SERIAL, SECOND = "2026-0001-000001-79", "2026-0001-000002-76"
FILES = ("ab" * 32,)


def kept(place: int, token: str, state: str = "waiting") -> Kept:
    return Kept(f"id-{token}", place, NOW + timedelta(seconds=place), token, f"all of {token}", FILES, state)


def void(serial: str) -> Told:
    return Told(Topic.PAPER_VOID.value, serial, "{}")


DECIDED = Told(Topic.INTAKE.value, "id-b", "{}")
RECORDS = AtRecords(
    changes={1: ("", void(SERIAL)), 2: (MINE, DECIDED), 3: (OTHER, Told(Topic.INTAKE.value, "id-c", "{}"))},
    intakes={MINE: (kept(1, "a"), kept(2, "b", "refused")), OTHER: (kept(1, "c", "refused"),)},
    papers={MINE: {SERIAL: "void"}},
    accepted=3,
    forks={},
    first_break=None,
)
KIOSK = AtKiosk(
    MINE,
    begun={token: (f"all of {token}", FILES) for token in "abz"},  # of z the resident never heard
    took={"a": "id-a", "b": "id-b"},
    papers={SERIAL: "void"},
    voids=frozenset({SERIAL}),
    steps=(
        Step(0, anew=True, said=()),
        Step(1, anew=False, said=(void(SERIAL),)),
        Step(3, anew=False, said=(DECIDED,)),
    ),
)


def told(kiosk: AtKiosk = KIOSK, records: AtRecords = RECORDS) -> list[str]:
    """What the judge says."""
    evidence = Evidence(records, (kiosk,))
    return [*wrong_at_records(evidence), *wrong_at(evidence, kiosk)]


def test_nothing_is_wrong_where_nothing_is() -> None:
    """What was begun and never promised may be there or not, what was held may come later, and who began anew by a
    snapshot hears of no more."""
    assert told() == []
    early = kept(1, "a"), replace(kept(2, "b", "refused"), received_at=NOW)
    arrived = replace(RECORDS, intakes={**RECORDS.intakes, MINE: early})
    assert told(replace(KIOSK, held=frozenset({"id-a"})), arrived) == []
    anew = (KIOSK.steps[0], Step(3, anew=True, said=(SERIAL,)))
    assert told(replace(KIOSK, steps=anew)) == []
    other = replace(RECORDS, epoch=7)  # after a failover, as after a restore, there is another feed
    assert told(replace(KIOSK, steps=(*KIOSK.steps[:2], replace(anew[1], epoch=7))), other) == []


KIOSKS: dict[str, Callable[[], Any]] = {
    "taken in and not at records": lambda: {"took": {**KIOSK.took, "z": "id-z"}},
    "at records and never handed in": lambda: {"begun": {"b": KIOSK.begun["b"]}, "took": {"b": "id-b"}},
    "at records under another number": lambda: {"took": {"a": "id-a", "b": "id-a"}},
    "with another content or other files": lambda: {"begun": {**KIOSK.begun, "a": ("less of it", FILES)}},
    "with another content or other": lambda: {"begun": {**KIOSK.begun, "a": ("all of a", ())}},
    "1 still in the outbox": lambda: {"left": 1},
    "1 refused by records": lambda: {"aside": ("validation",)},
    "2 files left on the disk": lambda: {"files_left": 2},
    "1 personal texts on the disk": lambda: {"personal": 1},
    "1 papers not settled": lambda: {"unsettled": 1},
    "it broke: store-damaged": lambda: {"broke": ("store-damaged",)},
    "serials that the journal does not know": lambda: {"papers": {}},
    "serials that records do not know": lambda: {"papers": {SERIAL: "void", SECOND: "void"}},
    "serials that are not void at both ends": lambda: {"papers": {SERIAL: "delivered"}},
    "void papers that it does not know of": lambda: {"voids": frozenset()},
    "papers that it believes void": lambda: {"voids": frozenset({SERIAL, SECOND})},
    "step 2: 1 missing, 0 too many": lambda: {"steps": (KIOSK.steps[0], Step(1, anew=False, said=()), KIOSK.steps[2])},
    "step 2: 0 missing, 1 too many": lambda: {
        "steps": (KIOSK.steps[0], Step(1, anew=False, said=(void(SERIAL),) * 2), KIOSK.steps[2])
    },
    "step 1: 0 missing, 1 too many": lambda: {"steps": (Step(0, anew=True, said=(SERIAL,)), *KIOSK.steps[1:])},
    "step 2: another order": lambda: {"steps": (KIOSK.steps[0], Step(3, anew=False, said=(DECIDED, void(SERIAL))))},
    "from place 3 back to 1": lambda: {"steps": (*KIOSK.steps, Step(1, anew=False, said=()))},
    "step 3: another feed, and not begun anew": lambda: {"steps": (*KIOSK.steps[:2], replace(KIOSK.steps[2], epoch=7))},
    "ends in another one": lambda: {"steps": (*KIOSK.steps, replace(KIOSK.steps[2], said=(), epoch=7))},
    "not begun with a snapshot": lambda: {"steps": (Step(3, anew=False, said=(void(SERIAL), DECIDED)),)},
    "ends at place 1 of 3": lambda: {"steps": KIOSK.steps[:2]},
    "back to -1": lambda: {"steps": (*KIOSK.steps, Step(NOWHERE, anew=False, said=()))},
}


@pytest.mark.parametrize("sentence", KIOSKS)
def test_what_is_wrong_with_a_kiosk_is_seen(sentence: str) -> None:
    """Each change to what was right."""
    assert sentence in " | ".join(told(replace(KIOSK, **KIOSKS[sentence]())))


AT_RECORDS: dict[str, dict[str, Any]] = {
    "audit does not hold from row 7": {"first_break": 7},
    "1 times its audit was another one": {"forks": {MINE: 1}},
    "4 intakes were accepted, and 3 are there": {"accepted": 4},
    "the places of the feed have a gap": {"changes": {1: RECORDS.changes[1], 3: RECORDS.changes[3]}},
    "void papers that the feed does not tell of once": {"papers": {MINE: {SERIAL: "void", SECOND: "void"}}},
    "void papers that the feed tells of twice": {"changes": {**RECORDS.changes, 4: ("", void(SERIAL))}},
    "whose decision and the feed disagree: id-b": {"intakes": {**RECORDS.intakes, MINE: (kept(1, "a"), kept(2, "b"))}},
    "at records more than once: b": {"intakes": {MINE: (kept(1, "a"), kept(2, "b"), kept(3, "b"))}},
    "missing or there twice: 2 intakes up to place 3": {"intakes": {MINE: (kept(1, "a"), kept(3, "b"))}},
    "arrived in another order": {
        "intakes": {MINE: (replace(kept(1, "a"), received_at=NOW + timedelta(seconds=9)), kept(2, "b"))}
    },
}


@pytest.mark.parametrize("sentence", AT_RECORDS)
def test_what_is_wrong_at_records_is_seen(sentence: str) -> None:
    """Each change to what was right."""
    assert sentence in " | ".join(told(records=replace(RECORDS, **AT_RECORDS[sentence])))
