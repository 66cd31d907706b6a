"""Random walks through every flow: never stuck, never home without the wipe, never a paper without an identity, never
a face without consent, never an officer called whom nobody could be."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from civic.document import DocumentKind
from civic.masking import Personal
from kiosk.flows import (
    application,
    check_paper,
    claim,
    contents,
    correction,
    declaration,
    details,
    errand,
    hand_in,
    issuing,
    leftovers,
    maintenance,
    notices,
    pages,
    phone,
    proof,
    tenancy,
    tenancy_case,
    tenancy_codes,
    tenancy_draft,
    tenancy_leaving,
    tenancy_mine,
    tenancy_people,
    tenancy_places,
    tenancy_ways,
    told,
    touches,
    visit,
)
from kiosk.flows import happenings as h
from kiosk.flows import identity as who
from kiosk.flows.base import Command, Event
from kiosk.flows.comfort import LanguageToggled, LargeTypeToggled, SpeechToggled
from kiosk.flows.readiness import ABOUT_FLATS, CHECK, NOTICES, RESIDENCE, Readiness, ReadinessChanged
from kiosk.presenters import gallery_tenancy, gallery_tenancy_deeds
from kiosk.presenters.gallery import visits

PURPOSES = (h.Purpose("a", (), members=True), h.Purpose("b", (), book_is_enough=True))
SERVICES = (
    errand.Service("household_certificate", PURPOSES, children_below=16),
    errand.Service("temporary_id_proof", PURPOSES, hint=(("zh", "不是卡"),)),
    errand.Service("no_criminal_record", PURPOSES, collecting=errand.Collecting(3, ())),
    errand.Service("residence_receipt", PURPOSES[:1]),
)
_TAKEN = tuple((kind, ()) for kind in ABOUT_FLATS)
_AWAY = ("records.unreachable",)
READY = Readiness((*((service.kind, ()) for service in SERVICES), (CHECK, ()), (NOTICES, ()), *_TAKEN))
AWAY = Readiness((*READY.blocked, ("residence_receipt", _AWAY), (NOTICES, _AWAY), (RESIDENCE, ())))
CHILD = h.Child("child", Personal("某"), 9)
MEMBERS = (h.Member("spouse", "配偶", "李**", adult=True), h.Member("son", "子", "王**", adult=False))
ROW = tuple(h.OwnField(name, Personal("某某")) for name in ("name", "id_number", "address"))
OWN = h.OwnData(ROW, children=(CHILD,), members=MEMBERS)
OFFERS = who.Offers(
    (
        (DocumentKind.RESIDENT_CARD, ""),
        (DocumentKind.PASSPORT, ""),
        (DocumentKind.NUMBER, ""),
        *((kind, "exit_entry") for kind in (DocumentKind.FOREIGNER_CARD, DocumentKind.HMT_PERMIT)),
    ),
    date(2026, 11, 22),
    officer=True,
    correction=True,
)
NIGHT = replace(OFFERS, officer=False)
CLAIM = who.Claim(DocumentKind.RESIDENT_CARD)
TRIES = who.Tries(3, datetime(2026, 11, 20, tzinfo=UTC))
NUMBER = "990101198603140019"
_TOLD = told.Notice("answer-ready", TRIES.last_at)
OPENED = told.Opened((_TOLD,) * 4, (told.Look(TRIES.last_at, "officer", "report-received", "JQ-1"),) * 4)

DECLARANT = hand_in.Declarant(Personal("某某"), Personal(NUMBER), proven=False)
RECEIPT = hand_in.Receipt("residence", "4827-1936-5042", DECLARANT.name, TRIES.last_at)

_CLAIMS = (CLAIM, replace(CLAIM, minor=True), replace(CLAIM, unclear=True), replace(CLAIM, has_portrait=False))
EVENTS: tuple[Event, ...] = (
    touches.Begun(),
    *(touches.ServiceChosen(service, OFFERS) for service in SERVICES),
    touches.ServiceChosen(SERVICES[0], NIGHT),
    LanguageToggled(),
    LargeTypeToggled(),
    SpeechToggled(),
    touches.HelpToggled(),
    touches.Cleared(),
    touches.WentQuiet(20),
    touches.Extended(),
    touches.GoodbyeOver(),
    leftovers.LeftoverSeen(),
    touches.AlarmHeld(),
    touches.AlarmAnswered("nobody"),
    touches.AlarmLeft(),
    touches.CornerTapped(),
    ReadinessChanged(READY),
    ReadinessChanged(AWAY),
    h.PurposeChosen("a"),
    h.PurposeChosen("b"),
    h.WentOnAnyway(),
    h.NoticeAccepted(),
    *(who.WayChosen(way) for way in who.Way),
    who.ElsewhereAsked("exit_entry"),
    *(who.KeyPressed(Personal(key)) for key in "03X"),
    who.KeyErased(),
    who.EntryFinished(),
    who.TypingChosen(),
    who.PermitToggled(),
    who.OtherDocumentChosen(),
    who.FaceChosen(),
    who.OfficerChosen(),
    h.DataConfirmed(),
    h.MistakeReported(),
    h.PaperTaken(),
    h.PaperMissed(),
    h.PaperMissed(unreadable=True),
    h.WentBack(),
    h.WentOn(),
    h.CardLying(),
    h.ReaderEmpty(),
    h.CardLifted(),
    h.CardRead(DocumentKind.RESIDENT_CARD),
    h.CardRead(DocumentKind.FOREIGNER_CARD),
    h.CardNotRead("moved"),
    h.CardNotRead("refused"),
    h.ReaderFailed("device-timeout"),
    who.PageInstructed("hold-still"),
    who.PageRead(),
    who.PageNotRead("timed-out"),
    who.DocumentFound("reading", 0.4),
    who.DocumentRead(DocumentKind.PASSPORT),
    who.DocumentNotRead("moved"),
    who.DocumentNotRead("wrong-key"),
    who.DocumentNotRead("altered"),
    *(who.Identified(each) for each in _CLAIMS),
    who.NotIdentified("card-expired"),
    who.Slowed(30),
    who.WaitedOut(),
    who.FaceInstructed("turn-left", 0.4),
    *(who.FaceDecided(result) for result in who.FaceResult),
    who.FaceDecided(who.FaceResult.PASSED, TRIES),
    who.OfficerAsked("482913"),
    who.OfficerOpened(),
    *(who.OfficerDecided(answer) for answer in who.OfficerAnswer),
    who.OfficerDecided(who.OfficerAnswer.CONFIRMED, TRIES),
    h.RecordOpened(OWN),
    h.RecordOpened(replace(OWN, closed="not-eligible")),
    errand.PersonChosen(""),
    errand.PersonChosen("child"),
    errand.MemberToggled("spouse"),
    errand.MemberToggled("son"),
    errand.CompanionSeen("spouse"),
    errand.CompanionRefused("not-of-household"),
    errand.WhenChosen(later=False),
    errand.WhenChosen(later=True),
    errand.LettersToggled(),
    errand.DwellingFound(errand.Dwelling("flat", Personal("某处"))),
    errand.DwellingNotFound("dwelling-unknown"),
    h.RecordNotOpened("records-unreachable"),
    h.IssueAdvanced(h.Stage.SEALING),
    h.PaperPrinted("S-1"),
    h.PaperPrinted("S-2", "strip", receipt=True),
    h.PaperUntaken(),
    h.PaperNotPrinted("jam", void=True, maybe_out=True),
    h.PaperRejected(),
    h.JobFailed("unexpected"),
    maintenance.DigitPressed(Personal("7")),
    maintenance.DigitErased(),
    maintenance.PinEntered(),
    maintenance.PinAccepted(None),
    maintenance.PinAccepted(("repair", "unknown")),
    maintenance.PinRefused(0),
    maintenance.PinRefused(15),
    maintenance.TestsAsked(),
    maintenance.TestPrintAsked(),
    maintenance.TestPrintEnded("printed"),
    maintenance.TestAlarmAsked(),
    maintenance.TestAlarmAnswered("nobody"),
    maintenance.ClosingAsked(),
    maintenance.ReasonChosen("paper"),
    maintenance.ExpectedChosen("tonight"),
    maintenance.ReopeningAsked(),
    maintenance.AsideAsked(),
    maintenance.AsideChosen("again"),
    maintenance.AsideChosen("told-resident"),
    maintenance.GivingUpConfirmed(),
    maintenance.LeftMaintenance(),
    touches.CheckChosen(),
    check_paper.CodeSeen(),
    check_paper.PaperChecked(check_paper.Finding(check_paper.Standing.COMPARE)),
    check_paper.CameraFailed(),
    check_paper.AnotherShown(),
    touches.NoticesChosen(OFFERS),
    notices.NoticesOpened(OPENED),
    notices.NoticesNotOpened("records-unreachable"),
    notices.LooksAsked(),
    notices.PhoneAsked(),
    phone.ChangeAsked(),
    phone.RemovalAsked(),
    phone.AnotherCodeAsked(),
    phone.CodeSent(60),
    phone.CodeNotSent("no-texts"),
    phone.CodeNotSent("stale"),
    phone.AnotherCodeAllowed(),
    phone.PhoneChanged(told.Phone("138****1234", revision=2)),
    phone.PhoneNotChanged("wrong-code"),
    phone.PhoneNotChanged("stale"),
    touches.RentingChosen(OFFERS),
    tenancy.TenanciesOpened(replace(DECLARANT, proven=True), gallery_tenancy.OWN),
    tenancy.TenanciesUnavailable("records-unreachable"),
    tenancy_mine.RegisterAsked(),
    *(tenancy_mine.EntryChosen(each.ref) for each in (gallery_tenancy.ASKS[0], gallery_tenancy.RIGHT)),
    tenancy_mine.EntryChosen(gallery_tenancy.LET.ref),
    *(tenancy_mine.DeedChosen(deed) for deed in tenancy_mine.Deed),
    tenancy_mine.EndAsked(),
    tenancy_case.Answered(yes=True),
    tenancy_case.Answered(yes=False),
    tenancy_case.DayChosen(0),
    tenancy_case.OtherDayAsked(),
    tenancy_draft.MonthsChosen(12),
    pages.PagesAsked(),
    pages.LaterChosen(),
    pages.NextPageAsked(),
    pages.AgainAsked(),
    pages.PageTurned(-1),
    pages.PageHinted("flatter"),
    pages.PageTaken(),
    pages.PageNotTaken("timed-out"),
    tenancy_draft.WayToggled("card"),
    tenancy_draft.WayToggled("face"),
    tenancy_people.ComerAsked(),
    tenancy_people.ComerLeftOut(),
    *(tenancy_people.ComerRead(comer) for comer in gallery_tenancy_deeds.COMERS),
    tenancy_people.ComerUnfit("card-expired"),
    tenancy_ways.CardAsked(),
    tenancy_ways.LinkAsked(),
    tenancy_ways.FaceAsked(),
    tenancy_ways.LossAsked(),
    tenancy_ways.LostChosen("c1"),
    tenancy_ways.AccessCardRead(contents.NewCard("4F2A", public_key="a2V5")),
    tenancy_ways.AccessCardUnfit("moved"),
    tenancy_ways.PhoneLinkMade("https://gate.example/p#1"),
    tenancy_ways.PhoneLinkNotMade("no-link"),
    tenancy_codes.GuestCodeMade(gallery_tenancy_deeds.GUEST_CODE),
    tenancy_codes.SlipMade(gallery_tenancy_deeds.MOVE_IN_SLIP),
    tenancy_codes.NothingMade("no-link"),
    tenancy_codes.PrintAsked(),
    touches.DeclarationChosen(OFFERS),
    declaration.CardTaken(DECLARANT),
    declaration.CardUnfit("card-expired"),
    correction.LineToggled("address"),
    correction.LineToggled("id_number"),
    hand_in.HandedIn(RECEIPT),
    hand_in.NotHandedIn("outbox.store-unwritable"),
    hand_in.SlipEnded(hand_in.Slip.STRIP),
    hand_in.SlipEnded(hand_in.Slip.NONE),
)


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
                assert _proves(event) or isinstance(visit.innermost(before), proof.TellingTries)
                self.proven = True
            case notices.OpenNotices() | tenancy.OpenTenancies():
                assert self.proven or _proves(event) or isinstance(visit.innermost(before), proof.TellingTries)
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


def _proves(event: Event) -> bool:
    match event:
        case who.FaceDecided(result):
            return result is who.FaceResult.PASSED
        case who.OfficerDecided(answer):
            return answer is who.OfficerAnswer.CONFIRMED
        case _:
            return False


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(EVENTS), max_size=60))
def test_any_order_of_events_keeps_the_promises(events: list[Event]) -> None:
    """_Watch checks them after each event; and wherever it ended, something leads on."""
    watch = _Watch()
    for event in events:
        watch.happen(event)
    assert _moves(watch.visit, EVENTS)


_FORWARD: tuple[Event, ...] = EVENTS[:6] + EVENTS[19:]


@cache
def _moving(now: visit.Visit) -> tuple[Event, ...]:
    """What leads on from here: the same places are passed again and again."""
    return _moves(now, _FORWARD)


def _moves(now: visit.Visit, events: tuple[Event, ...]) -> tuple[Event, ...]:
    return tuple(event for event in events if visit.advance(now, event).state != now)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_visit_that_goes_somewhere_keeps_the_promises(data: st.DataObject) -> None:
    """The same, along paths that a resident might take."""
    watch = _Watch()
    for _ in range(40):
        watch.happen(data.draw(st.sampled_from(_moving(watch.visit) or EVENTS)))
    assert _moves(watch.visit, EVENTS)


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


# --- claim and proof by themselves -----------------------------------------------------------------------------------

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
@given(st.sampled_from(_CLAIMS), st.sampled_from((OFFERS, NIGHT)), st.lists(st.sampled_from(EVENTS), max_size=40))
def test_a_proof_is_a_face_that_passed_or_an_officer_who_confirmed(
    claimed: who.Claim, offers: who.Offers, events: list[Event]
) -> None:
    state: proof.Here = proof.begin(claimed, offers).state
    shown = False
    for event in events:
        before, state = state, proof.advance(state, event).state
        shown = shown or (state != before and _proves(event))
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
