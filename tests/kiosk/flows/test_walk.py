"""Random walks through every flow: never stuck, never home without the wipe, never a paper without an identity."""

from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from civic.masking import Personal
from kiosk.flows import happenings as h
from kiosk.flows import household_certificate as certificate
from kiosk.flows import maintenance, visit
from kiosk.flows.base import Command, Event
from kiosk.presenters.gallery import visits

PURPOSES = (h.Purpose("a", ()), h.Purpose("b", (), book_is_enough=True))
READY = visit.Readiness((("household_certificate", ()),))
OWN = h.OwnData((h.OwnField("name", Personal("某某")),))

EVENTS: tuple[Event, ...] = (
    visit.Begun(),
    visit.ServiceChosen("household_certificate", PURPOSES),
    visit.LanguageToggled(),
    visit.LargeTypeToggled(),
    visit.SpeechToggled(),
    visit.HelpToggled(),
    visit.Cleared(),
    visit.WentQuiet(20),
    visit.Extended(),
    visit.GoodbyeOver(),
    visit.LeftoverSeen(),
    visit.AlarmHeld(),
    visit.AlarmAnswered("nobody"),
    visit.AlarmLeft(),
    visit.CornerTapped(),
    visit.ReadinessChanged(READY),
    h.PurposeChosen("a"),
    h.PurposeChosen("b"),
    h.WentOnAnyway(),
    h.NoticeAccepted(),
    h.FaceChosen(),
    h.OtherWayChosen(),
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
    h.CardRead(),
    h.CardNotRead("moved"),
    h.CardNotRead("refused"),
    h.ReaderFailed("device-timeout"),
    h.Identified(has_portrait=True),
    h.Identified(has_portrait=False),
    h.NotIdentified("record-unclear"),
    h.FaceInstructed("turn-left", 0.4),
    *(h.FaceDecided(result) for result in h.FaceResult),
    h.RecordOpened(OWN),
    h.RecordNotOpened("records-unreachable"),
    h.IssueAdvanced(h.Stage.SEALING),
    h.PaperPrinted("S-1"),
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
    maintenance.TestPrintAsked(),
    maintenance.TestPrintEnded("printed"),
    maintenance.ClosingAsked(),
    maintenance.ReasonChosen("paper"),
    maintenance.ExpectedChosen("tonight"),
    maintenance.ReopeningAsked(),
    maintenance.LeftMaintenance(),
)


def _served(now: visit.Visit) -> bool:
    return isinstance(now.place, visit.Serving | visit.SayingGoodbye)


class _Watch:
    """What must hold after every step."""

    def __init__(self) -> None:
        self.visit = visit.Visit(readiness=READY)
        self.proven = False  # the face was confirmed and nobody was forgotten since
        self.dirty = False  # something of a person may be in memory

    def happen(self, event: Event) -> None:
        before = self.visit
        step = visit.advance(before, event)
        self.visit = step.state
        for command in step.commands:
            self.perform(command, before, event)
        if _served(self.visit) and not isinstance(self.visit.place, visit.SayingGoodbye):
            self.dirty = True
        if isinstance(self.visit.place, visit.Attract | visit.Home | visit.Closed):
            assert not self.dirty, f"{event} led to {self.visit.place} without the wipe"

    def perform(self, command: Command, before: visit.Visit, event: Event) -> None:
        match command:
            case h.ForgetResident():
                self.dirty = self.proven = False
            case h.OpenRecord():
                assert event == h.FaceDecided(h.FaceResult.PASSED)
                assert before.place is not self.visit.place
                self.proven = True
            case h.MakePaper():
                assert self.proven, "a paper before the identity was proven"
            case _:
                pass


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(EVENTS), max_size=60))
def test_any_order_of_events_keeps_the_promises(events: list[Event]) -> None:
    watch = _Watch()
    for event in events:
        watch.happen(event)


_FORWARD: tuple[Event, ...] = EVENTS[:2] + EVENTS[15:]


@cache
def _moving(now: visit.Visit) -> tuple[Event, ...]:
    """What leads on from here: the same places are passed again and again."""
    return tuple(event for event in _FORWARD if visit.advance(now, event).state != now)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_visit_that_goes_somewhere_keeps_the_promises(data: st.DataObject) -> None:
    watch = _Watch()
    for _ in range(40):
        watch.happen(data.draw(st.sampled_from(_moving(watch.visit) or EVENTS)))


def test_no_screen_is_a_dead_end() -> None:
    for name, start in visits():
        reached, waiting = {start.place}, [start]
        home = False
        while waiting and not home:
            now = waiting.pop(0)
            home = isinstance(now.place, visit.Attract | visit.Closed)
            for event in EVENTS:
                after = visit.advance(now, event).state
                if after.place not in reached:
                    reached.add(after.place)
                    waiting.append(after)
        assert home, f"{name} never ends"


def test_issuing_is_never_interrupted_by_quiet() -> None:
    errand = certificate.Errand(PURPOSES[0])
    for at in (certificate.Issuing(errand), certificate.Voiding(errand, "S-1")):
        assert not visit.may_go_quiet(visit.Visit(visit.Serving(at)))
