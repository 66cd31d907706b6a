"""Trying again: one rule for a gate that is away, for one that refuses, and for one that has not heard of a consent."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import pytest

from backend_client.contract.base import Wire
from backend_client.contract.templates import (
    MOST_OFFERED,
    SealedTemplate,
    Taken,
    TemplateAnswer,
    TemplateOffers,
    TemplatesWanted,
)
from gate.services.giving import Answer, Giving
from gate.services.peer_client import PeerUnreachableError
from gate.services.peers import KnownPeer
from tests.gate.made_up import VECTOR, number
from tests.gate.site import GateThere, face, holder, right, site

HOURS = 6 * 3600
MANY = range(1, 2 * MOST_OFFERED + 20)


@dataclass
class Line:
    """The other gate. ``there``: it answers; ``knows``: credentials that it has heard of; ``takes``: what it says."""

    there: bool = True
    knows: set[str] = field(default_factory=lambda: {number(3000 + of) for of in MANY})
    takes: Taken = Taken.TAKEN
    asked: list[type[Wire]] = field(default_factory=list)

    def ask(self, peer: KnownPeer, path: str, body: Wire, answer: type[Answer]) -> Answer:  # noqa: ARG002 - PeerClient's
        self.asked.append(type(body))
        if not self.there:
            raise PeerUnreachableError
        if isinstance(body, TemplateOffers):
            offered = tuple(each.credential for each in body.offers if each.credential in self.knows)
            return answer.model_validate(TemplatesWanted(wanted=offered).model_dump())
        return answer.model_validate(TemplateAnswer(taken=self.takes).model_dump())

    def times(self, kind: type[Wire]) -> int:
        return self.asked.count(kind)


@dataclass
class Gate:
    """The one that gives."""

    south: GateThere
    five: GateThere
    line: Line
    giving: Giving
    known: tuple[KnownPeer, ...] = ()

    def tick(self) -> None:
        self.known = self.known or (self.five.known(),)
        self.giving.tick(self.known)

    def passes(self, seconds: int) -> None:
        for _ in range(seconds // 120):
            self.south.clock.pass_by(120)
            self.tick()


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    with site(tmp_path, "south", "unit-5") as (south, five):
        south.hears(right(1), right(2))
        line = Line()
        giving = Giving("south", south.store.templates, line, lambda: south.key, south.clock, Random(1))
        yield Gate(south, five, line, giving)


def test_what_was_given_is_offered_to_nobody_again(gate: Gate) -> None:
    gate.south.store.templates.put(face(1))
    gate.passes(HOURS)
    assert gate.line.asked == [TemplateOffers, SealedTemplate]


def test_a_gate_that_is_away_is_asked_less_and_less_and_at_once_when_there_is_news(gate: Gate) -> None:
    gate.line.there = False
    gate.south.store.templates.put(face(1))
    gate.passes(HOURS)
    assert 20 < gate.line.times(TemplateOffers) < 70, "a quarter of an hour at most, half of it on the average"
    before = gate.line.times(TemplateOffers)
    gate.south.store.templates.put(face(2))
    gate.giving.wake()
    gate.tick()
    assert gate.line.times(TemplateOffers) == before + 1
    gate.line.there = True
    gate.passes(1800)
    assert gate.line.times(SealedTemplate) == 2


@pytest.mark.parametrize("taken", [Taken.REFUSED, Taken.HELD])
def test_what_is_refused_is_tried_again_later_and_what_is_held_is_not(gate: Gate, taken: Taken) -> None:
    gate.line.takes = taken
    gate.south.store.templates.put(face(1))
    gate.passes(HOURS)
    sent = gate.line.times(SealedTemplate)
    assert (20 < sent < 70) if taken is Taken.REFUSED else sent == 1


def test_many_that_the_other_gate_has_not_heard_of_hold_up_none_that_it_has(gate: Gate) -> None:
    """A compound's gate and one of its units: most consents are another unit's. They are offered page by page."""
    gate.south.hears(*(right(of) for of in MANY))
    database = gate.south.store.database
    rows = [(holder(of), VECTOR, "2026-11-22T15:05:00+00:00", number(3000 + of), "") for of in MANY]
    database.execute_many("INSERT INTO template VALUES (?, ?, ?, ?, ?)", rows)
    gate.line.knows = {number(3000 + MANY[-1])}
    gate.tick()
    assert (gate.line.times(TemplateOffers), gate.line.times(SealedTemplate)) == (3, 1)
    assert len(gate.south.store.templates.not_given("unit-5", "", 1000)) == len(MANY) - 1


def test_a_gate_at_a_new_address_is_asked_at_once_and_one_without_any_never(gate: Gate) -> None:
    gate.line.there = False
    gate.south.store.templates.put(face(1))
    gate.passes(3600)
    before = gate.line.times(TemplateOffers)
    moved = replace(gate.five.known(), address="192.0.2.9:7443")
    gate.giving.tick((moved,))
    assert gate.line.times(TemplateOffers) == before + 1
    gate.giving.tick((replace(moved, address=""),))
    assert gate.line.times(TemplateOffers) == before + 1


def test_a_face_made_anew_while_the_old_one_was_on_its_way_is_given_too(gate: Gate) -> None:
    old, new = face(1), replace(face(1), vector=face(2).vector, made_at=face(1).made_at.replace(minute=30))
    gate.south.store.templates.put(old)
    gate.south.store.templates.put(new)
    gate.south.store.templates.given(old, "unit-5")
    assert gate.south.store.templates.not_given("unit-5", "", 10) == [new]
    gate.south.store.templates.given(new, "unit-5")
    assert gate.south.store.templates.not_given("unit-5", "", 10) == []


def test_a_key_that_is_none_is_a_gate_that_can_not_be_reached(gate: Gate) -> None:
    gate.south.store.templates.put(face(1))
    broken = replace(gate.five.known(), key="AAAA")
    gate.giving.tick((broken,))
    assert gate.line.asked == [TemplateOffers]
    assert len(gate.south.store.templates.not_given("unit-5", "", 10)) == 1
