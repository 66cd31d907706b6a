"""我的通知: a table of what follows what; nothing before the proof; a number counts by a code alone."""

from datetime import UTC, date, datetime

import pytest

from civic.document import DocumentKind
from civic.masking import Personal
from kiosk.flows import claim, ending, parting, phone, proof, told
from kiosk.flows import happenings as h
from kiosk.flows import identity as who
from kiosk.flows import notices as flow
from kiosk.flows.base import Command, Event, State
from kiosk.flows.phone_entry import CodeEntry, PhoneEntry

AT = datetime(2026, 11, 20, tzinfo=UTC)
OFFERS = who.Offers(((DocumentKind.RESIDENT_CARD, ""), (DocumentKind.NUMBER, "")), date(2026, 11, 22), officer=True)
PHONE = told.Phone("138****1234", revision=3)
MANY = told.Opened(
    tuple(told.Notice("answer-ready", AT, ref=f"S-{each}") for each in range(7)),
    tuple(told.Look(AT, "officer", "report-received", f"JQ-{each}") for each in range(4)),
    PHONE,
)
NONE = told.Opened()
WHOLE, CODE = PhoneEntry("13800001234"), CodeEntry("482913")
KEY = who.KeyPressed(Personal("4"))
CASE = proof.Case(who.Claim(DocumentKind.RESIDENT_CARD), face_works=True, officer=True)

TABLE: list[tuple[flow.Here, Event, type[State], tuple[type[Command], ...]]] = [
    (flow.ReadingNotice(OFFERS), h.NoticeAccepted(), flow.Claiming, ()),
    (flow.ReadingNotice(OFFERS), h.WentBack(), ending.Left, ()),
    (flow.Claiming(claim.Identifying(OFFERS)), who.Identified(CASE.claim), flow.Proving, ()),
    (flow.Claiming(claim.Identifying(OFFERS)), who.NotIdentified("card-expired"), flow.NotOpened, ()),
    (flow.Claiming(claim.ChoosingWay(OFFERS)), h.WentBack(), ending.Left, (h.StopJobs,)),
    (flow.Proving(proof.FacingCamera(CASE)), who.FaceDecided(who.FaceResult.PASSED), flow.Opening, (flow.OpenNotices,)),
    (flow.Proving(proof.AtWindow(CASE, "nobody")), h.WentOn(), ending.Parting, (h.LookAtReader,)),
    (flow.Opening(), flow.NoticesOpened(MANY), flow.Listing, ()),
    (flow.Opening(), flow.NoticesNotOpened("records-unreachable"), flow.NotOpened, ()),
    (flow.Opening(), h.JobFailed("unexpected"), flow.NotOpened, ()),
    (flow.NotOpened("records-unreachable"), h.WentOn(), ending.Parting, (h.LookAtReader,)),
    (flow.Listing(MANY), flow.LooksAsked(), flow.ShowingLooks, ()),
    (flow.Listing(MANY), flow.PhoneAsked(), phone.ShowingPhone, ()),
    (flow.Listing(MANY), h.WentBack(), ending.Parting, (h.LookAtReader,)),
    (flow.Listing(NONE), h.WentOn(), ending.Parting, (h.LookAtReader,)),
    (flow.ShowingLooks(MANY), h.WentBack(), flow.Listing, ()),
    (flow.ShowingLooks(NONE), h.WentOn(), flow.Listing, ()),
    (phone.ShowingPhone(MANY), phone.ChangeAsked(), phone.EnteringPhone, ()),
    (phone.ShowingPhone(MANY), phone.RemovalAsked(), phone.ConfirmingRemoval, ()),
    (phone.ShowingPhone(NONE), phone.RemovalAsked(), phone.ShowingPhone, ()),
    (phone.ShowingPhone(MANY), h.WentBack(), flow.Listing, ()),
    (phone.ConfirmingRemoval(MANY), h.WentBack(), phone.ShowingPhone, ()),
    (phone.ConfirmingRemoval(MANY), phone.RemovalAsked(), phone.Removing, (phone.RemovePhone,)),
    (phone.Removing(MANY), phone.PhoneChanged(told.Phone()), phone.ShowingPhone, ()),
    (phone.Removing(MANY), phone.PhoneNotChanged("no-link"), phone.ShowingPhone, ()),
    (phone.Removing(MANY), phone.PhoneNotChanged("stale"), flow.Opening, (flow.OpenNotices,)),
    (phone.Removing(MANY), h.JobFailed("unexpected"), phone.ShowingPhone, ()),
    (phone.EnteringPhone(MANY), KEY, phone.EnteringPhone, ()),
    (phone.EnteringPhone(MANY, PhoneEntry("138")), who.EntryFinished(), phone.EnteringPhone, ()),
    (phone.EnteringPhone(MANY, WHOLE), who.EntryFinished(), phone.SendingCode, (phone.SendCode,)),
    (phone.EnteringPhone(MANY, WHOLE), h.WentBack(), phone.ShowingPhone, ()),
    (phone.SendingCode(MANY, WHOLE), phone.CodeSent(60), phone.EnteringCode, (phone.AwaitAnotherCode,)),
    (phone.SendingCode(MANY, WHOLE), phone.CodeNotSent("no-texts"), phone.EnteringPhone, ()),
    (phone.SendingCode(MANY, WHOLE), phone.CodeNotSent("stale"), flow.Opening, (flow.OpenNotices,)),
    (phone.SendingCode(MANY, WHOLE), h.JobFailed("unexpected"), phone.EnteringPhone, ()),
    (phone.EnteringCode(MANY, WHOLE), KEY, phone.EnteringCode, ()),
    (phone.EnteringCode(MANY, WHOLE), phone.AnotherCodeAsked(), phone.EnteringCode, ()),
    (phone.EnteringCode(MANY, WHOLE, again=True), phone.AnotherCodeAsked(), phone.SendingCode, (phone.SendCode,)),
    (phone.EnteringCode(MANY, WHOLE, CODE), who.EntryFinished(), phone.CheckingCode, (phone.CheckCode,)),
    (phone.EnteringCode(MANY, WHOLE), who.EntryFinished(), phone.EnteringCode, ()),
    (phone.EnteringCode(MANY, WHOLE), h.WentBack(), phone.EnteringPhone, (h.StopJobs,)),
    (phone.CheckingCode(MANY, WHOLE), phone.PhoneChanged(PHONE), phone.ShowingPhone, (h.StopJobs,)),
    (phone.CheckingCode(MANY, WHOLE), phone.PhoneNotChanged("wrong-code"), phone.EnteringCode, ()),
    (phone.CheckingCode(MANY, WHOLE), phone.PhoneNotChanged("stale"), flow.Opening, (flow.OpenNotices,)),
    (phone.CheckingCode(MANY, WHOLE), h.JobFailed("unexpected"), phone.EnteringCode, ()),
    (ending.Parting(parting.LookingForCard(served=True)), h.ReaderEmpty(), ending.Over, ()),
    (ending.Left(), flow.NoticesOpened(MANY), ending.Left, ()),
]


@pytest.mark.parametrize(("state", "event", "after", "commands"), TABLE)
def test_each_event_leads_where_the_table_says(
    state: flow.Here, event: Event, after: type[State], commands: tuple[type[Command], ...]
) -> None:
    step = flow.advance(state, event)
    assert isinstance(step.state, after)
    assert tuple(type(each) for each in step.commands) == commands


def test_pages_are_walked_to_the_oldest_and_back_again() -> None:
    """Each notice stands on one page, in its order."""
    here: flow.Here = flow.Listing(MANY)
    seen = []
    while isinstance(here, flow.Listing):
        seen.append(here.shown)
        here = flow.advance(here, h.WentOn()).state if here.more else ending.Left()
    assert tuple(each for page in seen for each in page) == MANY.notices
    assert [len(page) for page in seen] == [3, 3, 1]
    back = flow.advance(flow.Listing(MANY, 2), h.WentBack()).state
    assert back == flow.Listing(MANY, 1)
    looks = flow.advance(flow.ShowingLooks(MANY), h.WentOn()).state
    assert isinstance(looks, flow.ShowingLooks)
    assert (looks.shown, looks.more) == (MANY.looks[3:], False)
    assert flow.advance(looks, h.WentBack()).state == flow.ShowingLooks(MANY)


def test_a_code_goes_to_what_was_typed_at_the_revision_that_was_shown() -> None:
    step = flow.advance(phone.EnteringPhone(MANY, WHOLE), who.EntryFinished())
    assert step.commands == (phone.SendCode(WHOLE, 3),)
    assert flow.advance(phone.ConfirmingRemoval(MANY), phone.RemovalAsked()).commands == (phone.RemovePhone(3),)


def test_another_code_is_offered_a_minute_later_wherever_the_person_is_by_then() -> None:
    """A code that is just being compared takes the offer along."""
    waiting = flow.advance(phone.EnteringCode(MANY, WHOLE), phone.AnotherCodeAllowed()).state
    assert waiting == phone.EnteringCode(MANY, WHOLE, again=True)
    checking = flow.advance(phone.CheckingCode(MANY, WHOLE), phone.AnotherCodeAllowed()).state
    failed = flow.advance(checking, phone.PhoneNotChanged("wrong-code")).state
    assert failed == phone.EnteringCode(MANY, WHOLE, again=True, problem="wrong-code")


def test_a_wrong_code_is_typed_from_the_beginning() -> None:
    failed = flow.advance(phone.CheckingCode(MANY, WHOLE), phone.PhoneNotChanged("wrong-code")).state
    assert isinstance(failed, phone.EnteringCode)
    assert failed.code == CodeEntry()
    assert flow.advance(failed, KEY).state == phone.EnteringCode(MANY, WHOLE, CodeEntry("4"))


@pytest.mark.parametrize(("keys", "stands"), [("13800001234", "13800001234"), ("23", ""), ("12", "1"), ("1X3", "13")])
def test_only_a_mainland_mobile_number_can_be_typed(keys: str, stands: str) -> None:
    entry = PhoneEntry()
    for key in keys:
        entry = entry.press(key)
    assert entry.digits == stands
    assert entry.press("9").digits == (stands if entry.whole else entry.press("9").digits)
    assert entry.erase().digits == stands[:-1]


def test_a_state_prints_neither_number_nor_code() -> None:
    """States stand in debug logs."""
    for state in (phone.EnteringCode(MANY, WHOLE, CODE), phone.SendingCode(MANY, WHOLE), flow.Listing(MANY)):
        shown = repr(state)
        assert not any(secret in shown for secret in (WHOLE.digits, CODE.digits, PHONE.masked, "JQ-1", "S-1"))
    assert WHOLE.digits not in repr(phone.SendCode(WHOLE, 3))
