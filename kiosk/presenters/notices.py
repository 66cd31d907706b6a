"""The screens of 我的通知: what there is to tell, who looked, and the number of the phone."""

from dataclasses import replace
from typing import assert_never

from kiosk.flows import ending, phone, told
from kiosk.flows import notices as flow
from kiosk.flows.phone_entry import CODE_GROUPS, PHONE_GROUPS
from kiosk.presenters import claim, parting, proof
from kiosk.presenters.ending import stopped, why
from kiosk.presenters.surroundings import Surroundings
from kiosk.presenters.waiting import waiting
from terminal.views import Choice, KeypadView, Keys, MessageView, NoticeView, Tone, View

ROUTE = ("before", "card", "face", "notices")
STEP = 3


def present(state: flow.Here, around: Surroundings) -> View:
    """The view of one state."""
    around = replace(around, route=ROUTE)
    match state:
        case flow.ReadingNotice():
            return _before(around)
        case flow.Claiming(at):
            return claim.present(at, around)
        case flow.Proving(at):
            return proof.present(at, around)
        case flow.Opening():
            return waiting("notices.opening", around, STEP)
        case flow.NotOpened(code):
            return _not_opened(code, around)
        case flow.Listing():
            return _listing(state, around)
        case flow.ShowingLooks():
            return _looks(state, around)
        case phone.ShowingPhone():
            return _phone(state, around)
        case phone.EnteringPhone():
            return _number(state, around)
        case phone.SendingCode():
            return waiting("phone.sending", around, STEP)
        case phone.EnteringCode():
            return _code(state, around)
        case phone.CheckingCode():
            return waiting("phone.checking", around, STEP)
        case phone.ConfirmingRemoval():
            return _removal(around)
        case phone.Removing():
            return waiting("phone.removing", around, STEP)
        case ending.Parting(at):
            return parting.present(at, around)
        case ending.Over() | ending.Left():
            return waiting("parting.looking", around)
        case _:
            assert_never(state)


def _before(around: Surroundings) -> View:
    words = around.words
    filled = {"issuer": words.pick(around.place.issuer), "phone": around.place.desk.phone}
    said = {
        "who": words("notice.who", **filled),
        "what": words("notices.before_what"),
        "why": words("notices.before_why"),
        "long": words("notice.long"),
        "face": words("notice.face"),
    }
    titles = {name: words(f"notice.{name}_title") for name in said} | {"why": words("notices.before_why_title")}
    return NoticeView(
        words("notice.question"),
        words("notice.spoken"),
        words("notice.help"),
        steps=around.steps(0),
        back=around.back(),
        forward=Choice("agree", words("notice.agree")),
        paragraphs=tuple((titles[name], said[name]) for name in said),
        small=words("notice.name", name=around.place.notice),
    )


def _not_opened(code: str, around: Surroundings) -> View:
    words = around.words
    return stopped(why(code, around), words("notices.not_opened"), words("ended.can.later"), around)


# --- what there is to tell -------------------------------------------------------------------------------------------


def _listing(state: flow.Listing, around: Surroundings) -> View:
    words, opened = around.words, state.opened
    count = len(opened.notices)
    question = words("notices.question", count=count) if count else words("notices.none")
    cards = tuple(_card(each, around) for each in state.shown)
    nothing = ((words("notices.none_title"), words("notices.none_line")),)
    end = Choice("on", words("notices.older") if state.more else words("common.finish"))
    return NoticeView(
        question,
        around.speech(question, *(f"{title}\n{body}" for title, body in cards)),
        words("notices.help"),
        steps=around.steps(STEP),
        back=around.back(),
        forward=end,
        paragraphs=cards or nothing,
        choices=(
            Choice("looks", words("looks.title"), _counted(len(opened.looks), around), icon="show"),
            Choice("phone", words("phone.title"), _number_now(opened.phone, around), icon="phone"),
        ),
    )


def _card(notice: told.Notice, around: Surroundings) -> tuple[str, str]:
    """When, and what it is and what to do in plain words."""
    words = around.words
    exact = f"notices.told.{notice.kind}-{notice.state}"
    key = exact if words.has(exact) else f"notices.told.{notice.kind}"
    said = words(key if words.has(key) else "notices.told.other", ref=notice.ref, state=_named(notice.state, around))
    return around.moment(notice.at), said


def _named(state: str, around: Surroundings) -> str:
    """Of a door that records name in both languages, its name in this one."""
    chinese, _, english = state.partition(" / ")
    return english if english and around.words.language == "en" else chinese


def _counted(count: int, around: Surroundings) -> str:
    return around.words("looks.count", count=count) if count else around.words("looks.none_note")


def _looks(state: flow.ShowingLooks, around: Surroundings) -> View:
    words = around.words
    cards = tuple(_look(each, around) for each in state.shown)
    question = words("looks.question") if cards else words("looks.none")
    ask = words("looks.ask", **around.desk())
    return NoticeView(
        question,
        around.speech(question, *(f"{title}\n{body}" for title, body in cards), ask),
        words("looks.help"),
        steps=around.steps(STEP),
        back=around.back(),
        forward=Choice("on", words("notices.older" if state.more else "looks.done")),
        paragraphs=(
            *(cards or ((words("looks.none_title"), words("looks.none_line")),)),
            (words("looks.ask_title"), ask),
        ),
    )


def _look(look: told.Look, around: Surroundings) -> tuple[str, str]:
    words = around.words
    reader, purpose = f"looks.reader.{look.reader}", f"looks.purpose.{look.purpose}"
    said = words(
        "looks.told",
        reader=words(reader if words.has(reader) else "looks.reader.other"),
        purpose=words(purpose if words.has(purpose) else "looks.purpose.other"),
        ticket=look.ticket,
    )
    return around.moment(look.at), said


# --- the number ------------------------------------------------------------------------------------------------------


def _number_now(phone: told.Phone, around: Surroundings) -> str:
    words = around.words
    if not phone.masked:
        return words("phone.none_note")
    return words("phone.due_note") if phone.due or phone.due_soon else phone.masked


def _phone(state: phone.ShowingPhone, around: Surroundings) -> View:
    words, phone = around.words, state.opened.phone
    changed = "failed" if state.problem else state.changed
    question = words(f"phone.changed.{changed}" if changed else "phone.question")
    problem = _problem(state.problem, around) if state.problem else ""
    registered = words("phone.now", number=phone.masked) if phone.masked else words("phone.none")
    due = words("phone.due" if phone.due else "phone.due_soon") if phone.due or phone.due_soon else ""
    true_now = around.speech(problem, registered, due)
    says = "" if around.aided and phone.masked else words("phone.says")  # they have read it before
    change = Choice("phone-change", words(_what_to_do(phone)))
    removal = (Choice("phone-remove", words("phone.remove")),) if phone.masked else ()
    return MessageView(
        question,
        around.speech(question, true_now, says),
        words("phone.help"),
        tone=Tone.ATTENTION if state.problem else Tone.CALM,
        steps=around.steps(STEP),
        back=around.back(),
        true_now=true_now,
        you_can=says,
        choices=(change, *removal),
    )


def _what_to_do(phone: told.Phone) -> str:
    if not phone.masked:
        return "phone.add"
    return "phone.again" if phone.due or phone.due_soon else "phone.change"


def _problem(code: str, around: Surroundings) -> str:
    key = f"phone.problem.{code}"
    return around.words(key if around.words.has(key) else "phone.problem.no-link")


def _number(state: phone.EnteringPhone, around: Surroundings) -> View:
    words = around.words
    line = _problem(state.problem, around) if state.problem else words("phone.number_line")
    return KeypadView(
        words("phone.number_question"),
        around.speech(words("phone.number_question"), line),
        words("phone.number_help"),
        steps=around.steps(STEP),
        back=around.back(),
        forward=Choice("key-done", words("phone.send"), enabled=state.entry.whole),
        keys=Keys.DIGITS,
        groups=state.entry.groups,
        sizes=PHONE_GROUPS,
        line=line,
        wrong=bool(state.problem),
    )


def _code(state: phone.EnteringCode, around: Surroundings) -> View:
    words = around.words
    number = state.entry.digits
    line = _problem(state.problem, around) if state.problem else words("phone.code_line", number=number[-4:])
    return KeypadView(
        words("phone.code_question"),
        around.speech(words("phone.code_question"), line),
        words("phone.code_help"),
        steps=around.steps(STEP),
        back=around.back(),
        forward=Choice("key-done", words("phone.code_done"), enabled=state.code.whole),
        other=Choice(
            "code-again", words("phone.code_again" if state.again else "phone.code_soon"), enabled=state.again
        ),
        keys=Keys.DIGITS,
        groups=state.code.groups,
        sizes=CODE_GROUPS,
        line=line,
        wrong=bool(state.problem),
    )


def _removal(around: Surroundings) -> View:
    words = around.words
    return MessageView(
        words("phone.removal_question"),
        around.speech(words("phone.removal_question"), words("phone.removal_true_now")),
        words("phone.help"),
        steps=around.steps(STEP),
        back=around.back(),
        true_now=words("phone.removal_true_now"),
        choices=(Choice("phone-remove", words("phone.removal_yes")),),
    )
