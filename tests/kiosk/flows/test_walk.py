"""Random walks through every flow: never stuck, never home without the wipe, never a paper without an identity, never
a face without consent, never an officer called whom nobody could be."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.flows import (
    application,
    correction,
    declaration,
    details,
    errand,
    hand_in,
    issuing,
    notices,
    phone,
    proof,
    tenancy,
    tenancy_codes,
    tenancy_draft,
    tenancy_leaving,
    tenancy_mine,
    tenancy_places,
    tenancy_ways,
    visit,
)
from kiosk.flows import happenings as h
from kiosk.flows import identity as who
from kiosk.flows.base import Command, Event
from kiosk.presenters.gallery import visits
from tests.support.walk_events import EVENTS, FORWARD, READY, proves


def _served(now: visit.Visit) -> bool:
    return isinstance(now.place, _SERVED)


_SERVED = (
    visit.Serving | visit.Declaring | visit.CheckingPaper | visit.ReadingNotices | visit.Renting | visit.SayingGoodbye
)
_READ_OVER = (
    declaration.ReadingOver
    | correction.ReadingOver
    | tenancy_draft.ReadingOver
    | tenancy_leaving.ReadingOver
    | tenancy_mine.ReadingAnswerOver
    | tenancy_places.ReadingPeopleOver
    | tenancy_ways.ConfirmingCard
    | tenancy_ways.ConfirmingLost
    | tenancy_ways.ConfirmingWithdrawal
    | tenancy_ways.ReadingFaceNotice
)


class _Watch:
    """What must hold after every step."""

    def __init__(self) -> None:
        self.visit = visit.Visit(readiness=READY)
        self.proven = False  # a face or an officer confirmed it and nobody was forgotten since
        self.consented: bool | None = None  # the last word about the camera in this visit
        self.seen = False  # the spouse's own card was there
        self.dirty = False  # something of a person may be in memory

    def happen(self, event: Event) -> None:
        before = self.visit
        step = visit.advance(before, event)
        self.visit = step.state
        asking = isinstance(visit.innermost(before), details.AskingRecords)
        self.seen = self.seen or (asking and event == errand.CompanionSeen("spouse"))
        for command in step.commands:
            self.perform(command, before, event)
        if _served(self.visit) and not isinstance(self.visit.place, visit.SayingGoodbye):
            self.dirty = True
        if isinstance(self.visit.place, visit.Attract | visit.Home | visit.Closed):
            assert not self.dirty, f"{event} led to {self.visit.place} without the wipe"
        self.check_no(visit.innermost(self.visit))

    def check_no(self, state: object) -> None:
        """Who has said no to the camera is neither offered it again nor brought before it."""
        if self.consented is False:
            assert not isinstance(state, proof.FacingCamera)
            assert not (isinstance(state, proof.ChoosingProof) and state.case.face_offered)

    def perform(  # noqa: C901, PLR0912 - one match, a promise each
        self, command: Command, before: visit.Visit, event: Event
    ) -> None:
        match command:
            case h.ForgetResident():
                self.dirty = self.proven = self.seen = False
                self.consented = None
            case who.NoteConsent(given):
                assert self.consented is not False, "asked again after no"
                self.consented = given
            case who.VerifyFace():
                assert self.consented, "a camera without consent"
            case who.AskOfficer():
                state = visit.innermost(before)
                assert isinstance(state, proof.ChoosingProof | proof.FaceNotConfirmed)
                assert state.case.officer, "nobody is on duty"
            case h.OpenRecord(person="child") | errand.AskCompanion():
                assert self.proven, "another person's row before the identity was proven"
            case h.OpenRecord():
                assert proves(event) or isinstance(visit.innermost(before), proof.TellingTries)
                self.proven = True
            case notices.OpenNotices() | tenancy.OpenTenancies():
                assert self.proven or proves(event) or isinstance(visit.innermost(before), proof.TellingTries)
                self.proven = True
            case phone.SendCode() | phone.CheckCode() | phone.RemovePhone():
                assert self.proven, "a number for somebody who is not proven"
            case (
                tenancy_ways.AskPhoneLink()
                | tenancy_ways.ReadAccessCard()
                | tenancy_codes.MakeGuestCode()
                | tenancy_codes.MakeSlip()
            ):
                assert self.proven, "a way in for somebody who is not proven"
            case hand_in.HandIn(content):
                read_over = isinstance(visit.innermost(before), _READ_OVER)
                assert read_over, "handed in twice, or before it was read over"
                assert content.who.proven is self.proven, "records would be told what was not so"
            case hand_in.PrintSlip(receipt):
                assert event == hand_in.HandedIn(receipt), "a slip before it was on the disk"
            case h.MakePaper(asked):
                assert self.proven, "a paper before the identity was proven"
                assert asked.dwelling or asked.kind != "residence_receipt", "nobody said where they live"
                assert "spouse" not in asked.members or self.seen, "an adult without their own card"
            case h.NotePaperUntaken(serial):
                assert isinstance(visit.innermost(before), issuing.TakingPaper)
                assert serial
            case _:
                pass


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(EVENTS), max_size=60))
def test_any_order_of_events_keeps_the_promises(events: list[Event]) -> None:
    """_Watch checks them after each event; and wherever it ended, something leads on."""
    watch = _Watch()
    for event in events:
        watch.happen(event)
    assert _moves(watch.visit, EVENTS)


@settings(max_examples=300, deadline=None)
@given(st.randoms(use_true_random=True))
def test_a_visit_that_goes_somewhere_keeps_the_promises(chance: Random) -> None:
    """The same, along paths that a resident might take."""
    watch = _Watch()
    for _ in range(40):
        watch.happen(_leading_on(watch.visit, chance))
    assert _moves(watch.visit, EVENTS)


def _leading_on(now: visit.Visit, chance: Random) -> Event:
    """One of the events that lead on from here, each as likely as the others."""
    shuffled = chance.sample(FORWARD, len(FORWARD))
    return next((event for event in shuffled if visit.advance(now, event).state != now), shuffled[0])


def _moves(now: visit.Visit, events: tuple[Event, ...]) -> bool:
    return any(visit.advance(now, event).state != now for event in events)


def test_no_screen_is_a_dead_end() -> None:
    """From each a way leads to the lamp, or to a place from which one does."""
    ending: set[visit.Place] = set()
    for name, start in visits():
        came: dict[visit.Place, visit.Place | None] = {start.place: None}
        waiting, at = [start], None
        while waiting and at is None:
            now = waiting.pop(0)
            if isinstance(now.place, visit.Attract | visit.Closed) or now.place in ending:
                at = now.place
            for after in (visit.advance(now, event).state for event in EVENTS):
                if after.place not in came:
                    came[after.place] = now.place
                    waiting.append(after)
        assert at is not None, f"{name} never ends"
        while at is not None:
            ending.add(at)
            at = came[at]


def test_issuing_is_never_interrupted_by_quiet() -> None:
    asked = h.Application("household_certificate", "a")
    for at in (issuing.Issuing(asked), issuing.Voiding(asked, "S-1")):
        assert not visit.may_go_quiet(visit.Visit(visit.Serving(application.Making(at))))
