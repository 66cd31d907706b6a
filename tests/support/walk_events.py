"""Everything that may happen in a visit, and the made-up values that it happens with: for walks through the flows."""

from dataclasses import replace
from datetime import UTC, date, datetime

from civic.document import DocumentKind
from civic.masking import Personal
from kiosk.flows import (
    check_paper,
    contents,
    correction,
    declaration,
    errand,
    hand_in,
    leftovers,
    maintenance,
    notices,
    pages,
    phone,
    tenancy,
    tenancy_case,
    tenancy_codes,
    tenancy_draft,
    tenancy_mine,
    tenancy_people,
    tenancy_receipts,
    tenancy_ways,
    told,
    touches,
)
from kiosk.flows import happenings as h
from kiosk.flows import identity as who
from kiosk.flows.base import Event
from kiosk.flows.comfort import LanguageToggled, LargeTypeToggled, SpeechToggled
from kiosk.flows.readiness import ABOUT_FLATS, CHECK, NOTICES, RESIDENCE, Readiness, ReadinessChanged
from kiosk.presenters import gallery_tenancy, gallery_tenancy_deeds

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

ABROAD = who.Claim(DocumentKind.PASSPORT, unclear=True, abroad=True)
CLAIMS = (CLAIM, replace(CLAIM, minor=True), replace(CLAIM, unclear=True), replace(CLAIM, has_portrait=False))
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
    *(who.Identified(each) for each in (*CLAIMS, ABROAD)),
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
    tenancy_receipts.ReceiptAsked(),
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

FORWARD: tuple[Event, ...] = EVENTS[:6] + EVENTS[19:]  # without what every screen takes


def proves(event: Event) -> bool:
    """Whether this shows that they are who they say: by their face, or an officer's word."""
    match event:
        case who.FaceDecided(result):
            return result is who.FaceResult.PASSED
        case who.OfficerDecided(answer):
            return answer is who.OfficerAnswer.CONFIRMED
        case _:
            return False
