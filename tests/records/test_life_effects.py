"""Every cell of the table of effects is performed on real stores, and what it does is what the table says."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from backend_client.contract.papers import PaperState
from records import installation
from records.context import Records
from records.rules.life_effects import OF_NOBODY, TABLE, TABLES, Effect, EventKind, Thing, lasting
from records.services.life_events import taking_back
from records.services.refusals import EventUnfitError
from records.store import life_events, papers, residents
from records.store.approvals import Matter
from records.store.database import Transaction
from records.store.papers import ContentRow
from records.store.tables import metadata
from tests.support.clocks import StillClock
from tests.support.lives import (
    NEW_NUMBER,
    SERIALS,
    TICKET,
    Life,
    Rows,
    delivered,
    everything,
    happen,
    live,
    of_thing,
    told,
)
from tests.support.records_client import DENG
from tests.support.records_server import copied, default_kind

World = tuple[Records, Life]
BESIDE = {"life_events", "audit", "counters", "changes", "messages"}  # a deed, and who is told


@pytest.fixture(scope="module")
def world(preparations: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Return somebody with everything, for all tests: what each does is rolled back."""
    with copied(preparations(default_kind()), tmp_path_factory.mktemp("lives") / "records") as folder:
        opened = installation.open_existing(folder, StillClock())
        yield opened, live(opened)
        opened.database.close()


class _EnoughError(Exception):
    pass


@contextmanager
def _tried(records: Records) -> Iterator[Transaction]:
    """Inside a transaction of which nothing stays."""
    with pytest.raises(_EnoughError), records.database.writing() as transaction:  # noqa: PT012
        yield transaction
        raise _EnoughError


def _after(world: World, kind: EventKind, *, taken_back: bool = False) -> tuple[dict[str, Rows], dict[str, Rows], str]:
    """All that there is before and after an event, and what it leaves for an officer."""
    records, life = world
    with _tried(records) as transaction:
        before = everything(transaction, metadata.tables)
        happen(records, transaction, Matter(kind.value), told(life, kind))
        event = life_events.latest(transaction, life.person)
        assert event is not None
        if taken_back:
            back = {"person": life.person, "of_ticket": TICKET}
            happen(records, transaction, Matter.LIFE_TAKEN_BACK, back)
        return before, everything(transaction, metadata.tables), event.open_points
    raise AssertionError


def _seen(thing: Thing, before: Rows, after: Rows, points: str) -> Effect:
    """What became of a thing."""
    if after == before:
        return Effect.OFFICER if thing is Thing.HOUSEHOLD and "householder-gone" in points else Effect.KEPT
    if thing in SERIALS:
        return Effect.VOID
    if len(after) < len(before):
        return Effect.ENDED
    if len(after) > len(before):
        new = [_but_for(row, "number_hash", "protection_id") for row in after if row not in before]
        copied = new == [_but_for(row, "number_hash", "protection_id") for row in before]
        return Effect.COPIED if copied else Effect.BEGUN
    differing = {name for old, new in zip(before, after, strict=True) for name in old if old[name] != new[name]}
    return Effect.MOVED if differing == {"number_hash"} else Effect.CHANGED


def _but_for(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


@pytest.mark.parametrize("kind", EventKind)
def test_an_event_does_what_its_row_says(world: World, kind: EventKind) -> None:
    """Cell by cell; and nothing in a table of which no changing cell speaks."""
    before, after, points = _after(world, kind)
    _, life = world
    there = {thing: of_thing(life, thing, before) for thing in Thing}
    assert all(there.values()), "a thing that is not there proves nothing"
    now = {thing: of_thing(life, thing, after) for thing in Thing}
    assert {thing: _seen(thing, there[thing], now[thing], points) for thing in Thing} == TABLE[kind]
    touched = {name for thing, effect in TABLE[kind].items() if effect is not Effect.KEPT for name in TABLES[thing]}
    assert {name for name in before if before[name] != after[name]} <= touched | BESIDE


@pytest.mark.parametrize("kind", EventKind)
def test_what_is_taken_back_is_as_it_was_but_for_what_lasts(world: World, kind: EventKind) -> None:
    """The register's own rows to the letter; of the rest, what the page says beforehand."""
    before, after, _ = _after(world, kind, taken_back=True)
    _, life = world
    other = {thing for thing in Thing if of_thing(life, thing, before) != of_thing(life, thing, after)}
    assert other == set(lasting(kind))
    assert before["residents"] == after["residents"]


def test_every_table_is_spoken_of() -> None:
    """A new table says of which thing it is, or why it is nobody's; and every event has a word on every thing."""
    spoken = {name for names in TABLES.values() for name in names}
    assert sorted(spoken | set(OF_NOBODY)) == sorted(metadata.tables)
    assert not spoken & set(OF_NOBODY)
    assert {kind: set(row) for kind, row in TABLE.items()} == {kind: set(Thing) for kind in EventKind}


def test_who_holds_a_void_paper_is_told_and_the_devices_are(world: World) -> None:
    """Serials alone. The dead get no text; the guardian of a dead child does, and reads it at a kiosk."""
    before, after, points = _after(world, EventKind.DEATH)
    _, life = world
    told_to = {(each["person_id"], each["ref"]) for each in after["messages"] if each not in before["messages"]}
    assert told_to == {(life.person, "own"), (life.person, "receipt"), (life.guardian, "by-guardian")}
    heard = [each["ref"] for each in after["changes"] if each not in before["changes"]]
    assert sorted(heard) == ["by-guardian", "open", "open-by-guardian", "own", "receipt"]
    assert not [each for each in after["texts"] if each["state"] == "queued"]
    assert points == "householder-gone"
    reasons = {each["void_reason"] for each in after["papers"] if each["state"] == "void"}
    assert reasons == {"officer"}


def test_what_a_guardian_by_mistake_asked_for_is_void_when_that_is_taken_back(world: World) -> None:
    """And nothing of who is a guardian."""
    records, life = world
    with _tried(records) as transaction:
        happen(records, transaction, Matter.GUARDIAN_GIVEN, told(life, EventKind.GUARDIAN_GIVEN))
        papers.add(transaction, delivered(records, "mistaken", life.friend, life.person), ContentRow("mistaken", "{}"))
        happen(records, transaction, Matter.LIFE_TAKEN_BACK, {"person": life.person, "of_ticket": TICKET})
        void = {row.serial for row in papers.every(transaction) if row.state is PaperState.VOID}
        assert void == {"mistaken"}


UNFIT = [
    (Matter.DEATH, {"person": ""}),
    (Matter.NUMBER_CHANGE, {"new_number": "990101199109230021"}),
    (Matter.NAME_CHANGE, {"name": DENG.name}),
    (Matter.MOVE_IN, {"householder": "-"}),
    (Matter.GUARDIAN_GIVEN, {"guardian": "-"}),
    (Matter.LIFE_TAKEN_BACK, {"of_ticket": TICKET}),
]


@pytest.mark.parametrize(("matter", "change"), UNFIT)
def test_what_does_not_fit_the_register_does_not_happen(world: World, matter: Matter, change: dict[str, str]) -> None:
    """Nobody, a number that somebody has, a stranger's household, a guardian whom nobody knows, no event yet."""
    records, life = world
    kind = EventKind(matter.value) if matter is not Matter.LIFE_TAKEN_BACK else EventKind.DEATH
    with _tried(records) as transaction, pytest.raises(EventUnfitError):
        happen(records, transaction, matter, {**told(life, kind), **change})


def test_of_the_dead_nothing_happens_and_the_last_event_is_taken_back_first(world: World) -> None:
    """By its ticket."""
    records, life = world
    with _tried(records) as transaction:
        happen(records, transaction, Matter.NUMBER_CHANGE, told(life, EventKind.NUMBER_CHANGE))
        happen(records, transaction, Matter.DEATH, told(life, EventKind.DEATH))
        with pytest.raises(EventUnfitError):
            happen(records, transaction, Matter.NAME_CHANGE, told(life, EventKind.NAME_CHANGE))
        with pytest.raises(EventUnfitError):
            happen(records, transaction, Matter.LIFE_TAKEN_BACK, {"person": life.person, "of_ticket": "HJ-other"})
        for _ in range(2):
            happen(records, transaction, Matter.LIFE_TAKEN_BACK, {"person": life.person, "of_ticket": TICKET})
        assert life_events.latest(transaction, life.person) is None
        assert life_events.who_had(transaction, NEW_NUMBER) == ""


@pytest.mark.parametrize("kind", [kind for kind in EventKind if kind is not EventKind.GUARDIAN_DISPUTED])
def test_an_event_that_is_agreed_to_twice_happens_once(world: World, kind: EventKind) -> None:
    """What was before would be lost: the former name, where somebody came from."""
    records, life = world
    with _tried(records) as transaction:
        happen(records, transaction, Matter(kind.value), told(life, kind))
        with pytest.raises(EventUnfitError):
            happen(records, transaction, Matter(kind.value), told(life, kind))


def test_nobody_moves_into_a_household_that_is_not_there(world: World) -> None:
    """Of somebody who has moved out."""
    records, life = world
    with _tried(records) as transaction:
        friend = {**told(life, EventKind.MOVE_OUT), "person": life.friend}
        happen(records, transaction, Matter.MOVE_OUT, friend)
        with pytest.raises(EventUnfitError):
            happen(records, transaction, Matter.MOVE_IN, told(life, EventKind.MOVE_IN))


def test_only_the_event_that_was_meant_is_taken_back(world: World) -> None:
    """Asked for twice, one is; asked for before another event followed under the same ticket, none is."""
    records, life = world
    with _tried(records) as transaction:
        happen(records, transaction, Matter.MOVE_OUT, told(life, EventKind.MOVE_OUT))
        early = {"person": life.person, "event": taking_back.meant(transaction, life.person, TICKET)}
        happen(records, transaction, Matter.NAME_CHANGE, told(life, EventKind.NAME_CHANGE))
        late = {"person": life.person, "event": taking_back.meant(transaction, life.person, TICKET)}
        with pytest.raises(EventUnfitError):
            happen(records, transaction, Matter.LIFE_TAKEN_BACK, early)
        happen(records, transaction, Matter.LIFE_TAKEN_BACK, late)
        with pytest.raises(EventUnfitError):
            happen(records, transaction, Matter.LIFE_TAKEN_BACK, late)
        standing = life_events.latest(transaction, life.person)
        assert standing is not None
        assert standing.kind is EventKind.MOVE_OUT


OF_THE_WIFE = [
    (Matter.NAME_CHANGE, {"name": "王新", "latin": ""}),
    (Matter.MOVE_OUT, {"address": "远方路2号", "division": "990202"}),
]


@pytest.mark.parametrize(("matter", "change"), OF_THE_WIFE)
def test_taking_back_leaves_what_anothers_event_has_changed(
    world: World, matter: Matter, change: dict[str, str]
) -> None:
    """The householder was renamed while the wife's own event stood: her row says the new name."""
    records, life = world
    with _tried(records) as transaction:
        before = residents.by_person(transaction, life.wife)
        happen(records, transaction, matter, {**told(life, EventKind.DEATH), "person": life.wife, **change})
        happen(records, transaction, Matter.NAME_CHANGE, told(life, EventKind.NAME_CHANGE))
        happen(records, transaction, Matter.LIFE_TAKEN_BACK, {"person": life.wife, "of_ticket": TICKET})
        assert before is not None
        assert residents.by_person(transaction, life.wife) == replace(before, householder="张长明")
