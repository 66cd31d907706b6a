"""The screens of what is one's own, of one flat, and of one's yes or no."""

from typing import assert_never

from kiosk.flows import tenancy_case as shared
from kiosk.flows import tenancy_mine as flow
from kiosk.flows import tenancy_receipts as receipts
from kiosk.flows.tenancy_told import ENDED, Ask, LetFlat, OwnRight
from kiosk.presenters import tenancy_receipts
from kiosk.presenters.surroundings import Surroundings
from kiosk.presenters.tenancy_words import on, short, span, steps, yes_or_no
from terminal.views import Choice, ChoiceView, MessageView, View

_OFFICER_DECIDES = ("renewal", "early-end")
_LATER = (flow.Deed.WAYS, flow.Deed.GUEST, flow.Deed.SLIP)  # which a right will have once it opens something


def present(state: flow.Here, around: Surroundings) -> View:
    """The view of one state."""
    match state:
        case flow.Listing():
            return _listing(state, around) if state.case.linked else _away(state.case, around)
        case flow.AtFlat(flat):
            return _flat(flat, around)
        case flow.AtLetFlat(case, let):
            return _let(case, let, around)
        case flow.Answering(case, ask):
            return _answering(case, ask, around)
        case flow.ReadingAnswerOver(_, ask, yes):
            return _answer_over(ask, around, yes=yes)
        case receipts.ShowingReceipt():
            return tenancy_receipts.present(state, around)
        case _:
            assert_never(state)


# --- the list --------------------------------------------------------------------------------------------------------


def _listing(state: flow.Listing, around: Surroundings) -> View:
    words, asks = around.words, len(state.case.own.asks)
    question = words("renting.mine.question") if state.entries else words("renting.mine.none")
    waits = words("renting.mine.waits", count=asks) if asks else ""
    register = _doing("register", "renting.mine.register", state.case.takes("tenancy"), around)
    end = Choice("on", words("renting.mine.more") if state.more else words("common.finish"))
    return ChoiceView(
        waits or question,
        around.speech(waits, question),
        words("renting.mine.help"),
        steps=steps(around),
        back=around.back(),
        forward=end,
        paragraph="" if state.entries else words("renting.mine.none_line"),
        choices=(*(_entry(each, state.case, around) for each in state.shown), register),
    )


def _entry(entry: flow.Entry, case: shared.Case, around: Surroundings) -> Choice:
    words, action = around.words, f"entry:{entry.ref}"
    match entry:
        case Ask(kind=kind, address=address):
            taken = case.takes("answer")
            note = short(address) if taken else words("renting.shut")
            return Choice(action, words(f"renting.asked.{kind}"), note, enabled=taken, icon="edit")
        case OwnRight():
            return Choice(action, short(entry.address), _standing(entry, around), icon="residence")
        case LetFlat(address=address, tenant=tenant):
            return Choice(
                action,
                short(address),
                words(f"renting.let.note{'' if tenant else '_unnamed'}", name=tenant),
                icon="tenancy",
            )


def _doing(action: str, key: str, able: bool, around: Surroundings) -> Choice:  # noqa: FBT001 - as Choice has it
    note = "" if around.aided else around.words(f"{key}_note")
    return Choice(action, around.words(key), note if able else around.words("renting.shut"), enabled=able, icon="edit")


def _away(case: shared.Case, around: Surroundings) -> View:
    """Without a link, or of whom records know nothing: what is taken in all the same, and what has to wait, each with
    its reason."""
    words = around.words
    able = case.takes("tenancy")
    waiting = (
        ("entry:", "mine.see"),
        ("deed:ways", "deed.ways"),
        ("deed:guest", "deed.guest"),
        ("deed:leave", "deed.leave"),
    )
    why = "stranger" if case.stranger else "away"
    question = words(f"renting.{why}.question")
    return ChoiceView(
        question,
        around.speech(question, words(f"renting.{why}.spoken")),
        words(f"renting.{why}.help"),
        steps=steps(around),
        back=around.back(),
        choices=(
            _doing("register", "renting.mine.register", able, around),
            _doing("register-again", "renting.away.renew", able, around),
            *(
                Choice(action, words(f"renting.{key}"), words(f"renting.{why}.needs"), enabled=False)
                for action, key in waiting
            ),
        ),
        columns=2,
    )


# --- one flat --------------------------------------------------------------------------------------------------------


def _standing(right: OwnRight, around: Surroundings) -> str:
    """How it stands, in one sentence that is true whoever looks."""
    key = f"renting.state.{right.state}"
    if right.ends_on is None:
        key = "renting.state.endless"
    return around.words(key, end=on(right.ends_on, around), grace=on(right.grace_until or right.ends_on, around))


def _flat(flat: shared.Flat, around: Surroundings) -> View:
    words, right = around.words, flat.right
    others = words("renting.mine.others", count=right.others) if right.others and not around.aided else ""
    space = " " if others and words.language != "zh" else ""
    lines = [short(right.address), f"{_standing(right, around)}{space}{others}"]
    if right.renewal_until:
        lines.append(words("renting.mine.renewing", day=on(right.renewal_until, around)))
    lines += [words(f"renting.missing.{each}") for each in right.missing if words.has(f"renting.missing.{each}")]
    permit = words("renting.mine.permit", day=on(right.permit_from, around)) if right.permit_from else ""
    if permit and not around.aided:
        lines.append(permit)
    return ChoiceView(
        words("renting.mine.flat"),
        around.speech(words("renting.mine.flat"), *lines[1:]),
        "\n".join(part for part in (words("renting.mine.flat_help"), permit) if part),
        steps=steps(around),
        back=around.back(),
        forward=tenancy_receipts.asked(around) if right.registered else None,
        paragraph="\n".join(lines),
        choices=tuple(_deed(deed, flat, around) for deed in flow.Deed if _offered(right, deed)),
        columns=2,
    )


def _offered(right: OwnRight, deed: flow.Deed) -> bool:
    return flow.fitting(right, deed) or (deed in _LATER and right.state != ENDED)


def _deed(deed: flow.Deed, flat: shared.Flat, around: Surroundings) -> Choice:
    words, able = around.words, flow.open_to(flat, deed)
    why = words("renting.shut" if flow.fitting(flat.right, deed) else "renting.not_yet")
    return Choice(f"deed:{deed}", words(f"renting.deed.{deed}"), "" if able else why, enabled=able)


def _let(case: shared.Case, let: LetFlat, around: Surroundings) -> View:
    words = around.words
    missing = [words(f"renting.let.missing.{each}") for each in let.missing if words.has(f"renting.let.missing.{each}")]
    able = case.takes("departure")
    stands = missing if let.ends else [words("renting.state.ended")]
    filed = [words("renting.let.filed", number=let.filing_number)] if let.filing_number else []
    lives = words(f"renting.let.{'lives' if let.tenant else 'count'}", name=let.tenant, count=let.people)
    return ChoiceView(
        words("renting.let.question"),
        around.speech(words("renting.let.question"), *stands),
        words("renting.let.help"),
        steps=steps(around),
        back=around.back(),
        forward=tenancy_receipts.asked(around) if let.registered else Choice("on", words("renting.let.done")),
        paragraph="\n".join((short(let.address), lives, span(let.starts_on, let.ends_on, around), *filed, *stands)),
        choices=(Choice("ask-end", words("renting.let.end"), enabled=able),) if let.ends else (),
    )


# --- a yes or a no ---------------------------------------------------------------------------------------------------


def _answering(case: shared.Case, ask: Ask, around: Surroundings) -> View:
    words = around.words
    question = words(f"renting.answer.{ask.kind}")
    days = str(case.own.silence_days)
    silence = words(f"renting.answer.{_silence(ask)}", when=around.moment(ask.until), days=days)
    mediation = words.pick(case.own.mediation) if case.own.mediation and ask.kind == "early-end" else ""
    lines = (
        words("renting.answer.who", name=ask.name) if ask.name else "",  # nobody hears of whom a law hides
        short(ask.address),
        span(ask.starts_on, ask.ends_on, around),
        *(() if around.aided else (silence, words("renting.leave.mediation", name=mediation) if mediation else "")),
    )
    return ChoiceView(
        question,
        around.speech(question, silence),
        "\n".join((words("renting.answer.help"), silence)),
        steps=steps(around),
        back=around.back(),
        paragraph="\n".join(line for line in lines if line),
        choices=yes_or_no(around, "renting.answer.yes", "renting.answer.no"),
    )


def _silence(ask: Ask) -> str:
    """What no answer does: who would move in does not, and about a lease an officer decides; about a new one soon,
    though its landlord may answer for longer."""
    if ask.kind == "tenancy":
        return "officer_soon"
    return "goes_on" if ask.goes_on else "officer" if ask.kind in _OFFICER_DECIDES else "lapses"


def _answer_over(ask: Ask, around: Surroundings, *, yes: bool) -> View:
    words = around.words
    question = words("renting.answer.over_yes" if yes else "renting.answer.over_no")
    true_now = words(f"renting.answer.{ask.kind}")
    return MessageView(
        question,
        around.speech(question, words("renting.answer.over_line")),
        words("renting.answer.over_help"),
        steps=steps(around),
        back=around.back(),
        forward=Choice("issue", words("declare.hand_in")),
        true_now=true_now,
        you_can=words("renting.answer.over_line"),
    )
