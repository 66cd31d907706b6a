"""The screens of a service that makes a paper: the hint, the purpose, the notice, and what the paper will say."""

from typing import assert_never

from kiosk.flows import application as flow
from kiosk.flows import ending
from kiosk.flows import happenings as h
from kiosk.flows.errand import Errand, Service
from kiosk.presenters import claim, confirmation, correction, details, issuing, parting, proof
from kiosk.presenters.surroundings import Surroundings
from kiosk.presenters.waiting import waiting
from terminal.views import Choice, ChoiceView, MessageView, NoticeView, Picture, View


def present(state: flow.Here, around: Surroundings) -> View:
    """The view of one state."""
    match state:
        case flow.ReadingHint(service):
            return _hint(service, around)
        case flow.ChoosingPurpose(service):
            return _purposes(service, around)
        case flow.BookIsEnough(errand):
            return _book(errand.purpose, around)
        case flow.ReadingNotice(errand):
            return _notice(errand, around)
        case flow.Claiming(_, at):
            return claim.present(at, around)
        case flow.Proving(_, at):
            return proof.present(at, around)
        case flow.OpeningRecord():
            return waiting("record.opening", around, 3)
        case flow.Asking(at):
            return details.present(at, around)
        case flow.ConfirmingData(case):
            return confirmation.present(case, around)
        case flow.Correcting(at):
            return correction.present(at, around)
        case flow.Making(at):
            return issuing.present(at, around)
        case ending.Parting(at):
            return parting.present(at, around)
        case ending.Over() | ending.Left():
            return waiting("parting.looking", around)
        case _:
            assert_never(state)


def _hint(service: Service, around: Surroundings) -> View:
    words = around.words
    said = words("hint.question", service=words(f"home.{service.kind}"))
    hint = words.pick(service.hint)
    return MessageView(
        said,
        around.speech(said, hint),
        words("hint.help"),
        steps=around.steps(0),
        back=around.back(),
        forward=Choice("on", words("hint.on")),
        true_now=hint,
        picture=Picture.PAPER,
    )


def _purposes(service: Service, around: Surroundings) -> View:
    words = around.words
    choices = tuple(
        Choice(
            f"purpose:{purpose.id}",
            words.pick(purpose.title),
            note=words("purpose.enough_note") if purpose.book_is_enough else "",
        )
        for purpose in service.purposes
    )
    return ChoiceView(
        words("purpose.question"),
        words("purpose.spoken", service=words(f"home.{service.kind}")),
        words("purpose.help"),
        steps=around.steps(0),
        back=around.back(),
        choices=choices,
    )


def _book(purpose: h.Purpose, around: Surroundings) -> View:
    words = around.words
    return MessageView(
        words("book.question"),
        around.speech(words("book.spoken"), words.pick(purpose.why_enough)),
        words("book.help"),
        steps=around.steps(0),
        back=around.back(),
        true_now=words.pick(purpose.why_enough),
        you_can=words("book.basis"),
        choices=(Choice("on", words("book.leave")), Choice("anyway", words("book.go_on"))),
    )


def _notice(errand: Errand, around: Surroundings) -> View:
    words = around.words
    filled = {
        "issuer": words.pick(around.place.issuer),
        "phone": around.place.desk.phone,
        "fee": words.pick(errand.service.fee),
    }
    names = ("who", "what", "why", "long", "face")
    said = {name: f"notice.{name}" for name in names} | {"what": f"notice.what.{errand.service.kind}"}
    return NoticeView(
        words("notice.question"),
        words("notice.spoken"),
        words("notice.help"),
        steps=around.steps(0),
        back=around.back(),
        forward=Choice("agree", words("notice.agree")),
        paragraphs=tuple((words(f"notice.{name}_title"), words(said[name], **filled)) for name in names),
        small=words("notice.name", name=around.place.notice),
    )
