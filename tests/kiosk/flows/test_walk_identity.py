"""Random walks through claim and proof by themselves: they end by what records or the person said, and they do end."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from civic.document import DocumentKind
from kiosk.flows import (
    application,
    claim,
    proof,
    visit,
)
from kiosk.flows import identity as who
from kiosk.flows.base import Event
from kiosk.presenters.gallery import visits
from tests.support.walk_events import CLAIM, CLAIMS, EVENTS, NIGHT, OFFERS, proves

_ENDS = claim.Claimed | claim.Stopped | claim.GivenUp | proof.Proven | proof.Unproven


@settings(max_examples=300, deadline=None)
@given(st.sampled_from((OFFERS, NIGHT)), st.lists(st.sampled_from(EVENTS), max_size=40))
def test_a_claim_ends_only_by_what_records_or_the_person_said(offers: who.Offers, events: list[Event]) -> None:
    state: claim.Here = claim.begin(offers).state
    for event in events:
        before, state = state, claim.advance(state, event).state
        if isinstance(state, claim.Claimed) and state is not before:
            assert isinstance(before, claim.Identifying)
            assert isinstance(event, who.Identified)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(CLAIMS), st.sampled_from((OFFERS, NIGHT)), st.lists(st.sampled_from(EVENTS), max_size=40))
def test_a_proof_is_a_face_that_passed_or_an_officer_who_confirmed(
    claimed: who.Claim, offers: who.Offers, events: list[Event]
) -> None:
    state: proof.Here = proof.begin(claimed, offers).state
    shown = False
    for event in events:
        before, state = state, proof.advance(state, event).state
        shown = shown or (state != before and proves(event))
        assert shown or not isinstance(state, proof.Proven | proof.TellingTries)
        if claimed.minor or claimed.unclear:
            assert not isinstance(state, proof.FacingCamera | proof.FaceNotConfirmed)


def _everywhere() -> Iterator[tuple[str, claim.Here | proof.Here]]:
    """Every state of the gallery that claim and proof have."""
    for name, now in visits():
        if isinstance(now.place, visit.Serving) and isinstance(
            now.place.at, application.Claiming | application.Proving
        ):
            yield name, now.place.at.at


def test_claim_and_proof_come_to_an_end_from_every_screen() -> None:
    """By what the person does, or the machine answers; nobody has to wait for something that may never come."""
    for name, start in _everywhere():
        assert _ending(start), f"{name} never ends"


def _ending(start: claim.Here | proof.Here) -> bool:
    reached: set[claim.Here | proof.Here] = {start}
    waiting = [start]
    for now in waiting:
        for event in EVENTS:
            after = _advanced(now, event)
            if isinstance(after, _ENDS):
                return True
            if after not in reached:
                reached.add(after)
                waiting.append(after)
    return False


def _advanced(now: claim.Here | proof.Here, event: Event) -> claim.Here | proof.Here:
    if isinstance(now, claim.Here):
        return claim.advance(now, event).state
    return proof.advance(now, event).state


def test_a_wrong_number_and_another_face_show_the_same_screens() -> None:
    """What the resident sees depends on the claim in nothing, once a live face is asked for."""
    for result, tried in product((who.FaceResult.NOT_CONFIRMED, who.FaceResult.TIMED_OUT), range(proof.FACE_TRIES)):
        seen = set()
        for kind in (DocumentKind.NUMBER, DocumentKind.RESIDENT_CARD):
            case = proof.Case(replace(CLAIM, kind=kind), face_works=True, officer=True, face_tries=tried)
            state = proof.advance(proof.FacingCamera(case), who.FaceDecided(result)).state
            assert isinstance(state, proof.FaceNotConfirmed)
            seen.add((state.result, state.tries_left))
        assert len(seen) == 1
