"""Draw the state diagrams of docs/flows from the flow code: ``python -m scripts.draw_flows``.

Nothing is parsed. Every event is given to every state that can be reached, and what ``advance`` answers is drawn, so a
diagram can't say what the code does not do. ``tests/test_flow_diagrams.py`` fails where a committed page differs.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import UTC, date, datetime
from enum import Enum
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import TypeVar, get_type_hints

from civic.document import DocumentKind
from civic.masking import Personal
from civic.mrz_entry import MrzEntry, MrzField
from civic.number_entry import LENGTH, NumberEntry
from kiosk.flows import (
    application,
    check_paper,
    claim,
    comfort,
    details,
    errand,
    happenings,
    identity,
    issuing,
    leftovers,
    maintenance,
    parting,
    proof,
    readiness,
    touches,
    visit,
)
from kiosk.flows.base import Event, Step
from kiosk.flows.dwelling_entry import DoorPart, DwellingEntry

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "flows"

S = TypeVar("S", bound=Hashable)

_PURPOSES = (
    happenings.Purpose("plain", (), members=True),
    happenings.Purpose("book-is-enough", (), book_is_enough=True),
)
_SERVICES = (
    errand.Service("household_certificate", _PURPOSES, children_below=16),
    errand.Service("temporary_id_proof", _PURPOSES[:1], hint=(("zh", ""),)),
    errand.Service("no_criminal_record", _PURPOSES[:1], collecting=errand.Collecting(3, ())),
    errand.Service("residence_receipt", _PURPOSES[:1]),
)
_READY = readiness.Readiness((*((service.kind, ()) for service in _SERVICES), (readiness.CHECK, ())))
_HERE = (DocumentKind.RESIDENT_CARD, DocumentKind.PASSPORT, DocumentKind.NUMBER)
_OFFERS = identity.Offers(
    documents=(*((kind, "") for kind in _HERE), (DocumentKind.FOREIGNER_CARD, "exit-entry")),
    today=date(2026, 11, 22),
    officer=True,
)
_CLAIM = identity.Claim(DocumentKind.RESIDENT_CARD)
_CHILD = happenings.Child("child", Personal("child"), 9)
_ADULT = happenings.Member("member", "spouse", "", adult=True)
_OWN = happenings.OwnData((), children=(_CHILD,), members=(_ADULT,))
_APPLICATION = happenings.Application("household_certificate", "plain")
_TRIES = identity.Tries(3, datetime(2026, 11, 20, tzinfo=UTC))

SAMPLES: dict[str, tuple[object, ...]] = {
    "claim": (_CLAIM,),
    "closed": (None, ("repair", "tonight")),
    "code": ("code",),
    "digit": (Personal("7"),),
    "expected": maintenance.EXPECTED[:1],
    "finding": (check_paper.Finding(check_paper.Standing.COMPARE),),
    "instruction": ("look-straight",),
    "key": (Personal("9"),),
    "locked_minutes": (0, 15),
    "offers": (_OFFERS,),
    "medium": ("page",),
    "office": ("exit-entry",),
    "own": (_OWN, happenings.OwnData(()), happenings.OwnData((), closed="not-eligible")),
    "dwelling": (errand.Dwelling("flat", Personal("flat")),),
    "PersonChosen.handle": ("", "child"),
    "handle": ("member",),
    "CardNotRead.problem": ("moved", "refused"),
    "DocumentNotRead.problem": ("moved", "wrong-key", "altered"),
    "printer": ("page_printer",),
    "progress": (0.5,),
    "purpose_id": ("plain", "book-is-enough"),
    "reached": ("nobody",),
    "readiness": (_READY,),
    "reason": maintenance.REASONS[:1],
    "said": ("printed",),
    "seconds": (20,),
    "serial": ("serial",),
    "receipt": (False,),
    "service": _SERVICES,
    "stage": ("reading",),
    "tries": (None, _TRIES),
    "waiting_for": ("",),
}
"""What to try for a field of an event, by the field's name, after the event's where events differ.

Truths and enumerations are tried whole.
"""


@dataclass(frozen=True, slots=True)
class Arrow:
    """One answer of ``advance``: the kinds of state before and after, the event, the kinds of command."""

    before: str
    event: Event
    after: str
    commands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One file of docs/flows. ``states``: the classes that may be met, in the order in which they are drawn.

    ``elsewhere``: states that are flows of their own, and the page on which they are drawn.
    """

    title: str
    source: str
    states: Sequence[type]
    arrows: Sequence[Arrow]
    elsewhere: dict[str, str] = field(default_factory=dict)


# --- exploring -------------------------------------------------------------------------------------------------------


def events_of(*modules: ModuleType) -> list[Event]:
    """Every event that the modules define, with every combination of its fields' samples."""
    return [event for module in modules for kind in _event_kinds(module) for event in _samples(kind)]


def _event_kinds(module: ModuleType) -> Iterable[type[Event]]:
    for kind in vars(module).values():
        if isinstance(kind, type) and issubclass(kind, Event) and kind.__module__ == module.__name__:
            yield kind


def _samples(kind: type[Event]) -> Iterable[Event]:
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind)]
    for values in product(*(_values(kind, name, hints[name]) for name in names)):
        yield kind(**dict(zip(names, values, strict=True)))


def _values(kind: type[Event], name: str, hint: object) -> tuple[object, ...]:
    if hint is bool:
        return (False, True)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return tuple(hint)
    own = f"{kind.__name__}.{name}"
    return SAMPLES[own] if own in SAMPLES else SAMPLES[name]


def explore(
    starts: Sequence[S], advance: Callable[[S, Event], Step[S]], events: Sequence[Event], kind: Callable[[S], str]
) -> list[Arrow]:
    """Breadth first: every event that does something. ``kind`` names the box of a state."""
    known, waiting, arrows = set(starts), [*starts], []
    for state in waiting:  # grows while it is walked
        for event in events:
            step = advance(state, event)
            if step == Step(state):
                continue
            commands = tuple(type(command).__name__ for command in step.commands)
            arrows.append(Arrow(kind(state), event, kind(step.state), commands))
            if step.state not in known:
                known.add(step.state)
                waiting.append(step.state)
    return arrows


# --- drawing ---------------------------------------------------------------------------------------------------------


def draw(page: Page) -> str:
    """The whole file."""
    moving = [arrow for arrow in page.arrows if arrow.before != arrow.after]
    anywhere = _from_anywhere(moving)
    drawn = [arrow for arrow in moving if (type(arrow.event), arrow.after) not in anywhere]
    parts = (_head(page), _diagram(page, drawn), _anywhere(moving, anywhere), _staying(page), _states(page))
    return "\n".join(part for part in parts if part)


def _head(page: Page) -> str:
    return f"""# {page.title}

Drawn from `{page.source}` by `python -m scripts.draw_flows`.

Every event was given to every state that can be reached. An arrow reads `event [with these values] / commands`. Where
one event leads to two places and no values are named, the state decides (tries used up, for instance). What leaves the
screen as it is, is not drawn.
"""


def _diagram(page: Page, arrows: Sequence[Arrow]) -> str:
    order = [state.__name__ for state in page.states]
    pairs = _unique((arrow.before, arrow.after) for arrow in arrows)
    lines = [f"    [*] --> {page.arrows[0].before}"]
    for before, after in sorted(pairs, key=lambda pair: (order.index(pair[0]), order.index(pair[1]))):
        between = [arrow for arrow in arrows if (arrow.before, arrow.after) == (before, after)]
        lines.append(f"    {before} --> {after} : {'<br/>'.join(_labels(between, arrows))}")
    return "\n".join(("```mermaid", "stateDiagram-v2", *lines, "```", ""))


def _labels(between: Sequence[Arrow], drawn: Sequence[Arrow]) -> list[str]:
    """One line for each set of commands: the kinds of event that lead to them."""
    labels = []
    for commands in _unique(arrow.commands for arrow in between):
        events = [arrow for arrow in between if arrow.commands == commands]
        kinds = _unique(type(arrow.event) for arrow in events)
        named = " or ".join(f"{kind.__name__}{_condition(kind, events, drawn)}" for kind in kinds)
        labels.append(" / ".join((named, ", ".join(commands))) if commands else named)
    return labels


def _condition(kind: type[Event], between: Sequence[Arrow], drawn: Sequence[Arrow]) -> str:
    """The values that lead here, for the fields of which others lead elsewhere."""
    here = [arrow.event for arrow in between if type(arrow.event) is kind]
    all_there_are = [arrow.event for arrow in drawn if arrow.before == between[0].before and type(arrow.event) is kind]
    told = []
    for each in fields(kind):
        values = _unique(_value(event, each.name) for event in here)
        if len(values) < len(_unique(_value(event, each.name) for event in all_there_are)):
            told.append(", ".join(values))
    return f" [{'; '.join(told)}]" if told else ""


def _value(event: Event, name: str) -> str:
    value = getattr(event, name)
    if isinstance(value, bool):
        return name if value else f"not {name}"
    if value is None or is_dataclass(value):
        return f"with {name}" if value else f"without {name}"
    return str(value)


def _from_anywhere(moving: Sequence[Arrow]) -> set[tuple[type[Event], str]]:
    """What leads to one place from all others: a sentence says it better than a dozen arrows."""
    boxes = {arrow.before for arrow in moving}
    return {
        (kind, after)
        for kind, after in {(type(arrow.event), arrow.after) for arrow in moving}
        if boxes - {after} <= {a.before for a in moving if (type(a.event), a.after) == (kind, after)}
    }


def _anywhere(moving: Sequence[Arrow], anywhere: set[tuple[type[Event], str]]) -> str:
    lines = []
    for kind, after in sorted(anywhere, key=lambda pair: pair[0].__name__):
        commands = {arrow.commands for arrow in moving if (type(arrow.event), arrow.after) == (kind, after)}
        done = " or ".join(f"`{', '.join(each)}`" for each in sorted(commands))
        lines.append(f"From everywhere: `{kind.__name__}` leads to `{after}`, with {done}.\n")
    return "\n".join(lines)


def _staying(page: Page) -> str:
    staying = [arrow for arrow in page.arrows if arrow.before == arrow.after and arrow.commands]
    own = [arrow for arrow in staying if arrow.before not in page.elsewhere]
    if not own:
        return ""
    rows = _unique((arrow.before, type(arrow.event).__name__, ", ".join(arrow.commands)) for arrow in own)
    table = "\n".join(f"| `{state}` | `{event}` | `{commands}` |" for state, event, commands in rows)
    return f"## Done without leaving the screen\n\n| state | event | commands |\n|---|---|---|\n{table}\n"


def _states(page: Page) -> str:
    rows = "\n".join(f"| `{state.__name__}` | {_sentence(state, page)} |" for state in page.states)
    return f"## States\n\n| state | what it is |\n|---|---|\n{rows}\n"


def _sentence(state: type, page: Page) -> str:
    where = page.elsewhere.get(state.__name__)
    said = " ".join((state.__doc__ or "").split()).replace("``", "`")
    return f"{said} Drawn in [{where}]({where})." if where else said


T = TypeVar("T")


def _unique(items: Iterable[T]) -> list[T]:
    """Without repetitions, in order of first appearance."""
    return list(dict.fromkeys(items))


# --- the flows -------------------------------------------------------------------------------------------------------


def _kind(state: object) -> str:
    return type(state).__name__


_NUMBER = "990101198603140019"
_DOOR = ("5", "1", "1203")
_PAGE = ("E12345678", "19860309", "20330509")


def _plain_claim(at: claim.Here) -> claim.Here:
    """One key away from a complete entry, so that there are finitely many and each can be completed."""
    match at:
        case claim.EnteringNumber(_, entry) if len(entry.text) < LENGTH:
            return replace(at, entry=NumberEntry(_NUMBER[:-1], today=_OFFERS.today))
        case claim.TypingPage(_, entry):
            now = tuple(MrzField).index(entry.field)
            whole = entry.text == _PAGE[now]
            number, born, expires = (
                text if place < now or (place == now and whole) else text[:-1] for place, text in enumerate(_PAGE)
            )
            return replace(at, entry=MrzEntry(entry.field, (number, born, expires), None, entry.permit, _OFFERS.today))
        case _:
            return at


def _plain_details(at: details.Here) -> details.Here:
    """The same of a door; and without what is counted."""
    match at:
        case details.EnteringDwelling(case, entry, problem):
            now = tuple(DoorPart).index(entry.part)
            building, unit, room = (text if place <= now else "" for place, text in enumerate(_DOOR))
            return details.EnteringDwelling(case, DwellingEntry(entry.part, (building, unit, room)), problem)
        case _:
            return at


def _plain_issuing(at: issuing.Here) -> issuing.Here:
    return replace(at, called=min(at.called, 1)) if isinstance(at, issuing.TakingPaper) else at


def _plain_application(here: application.Here) -> application.Here:
    match here:
        case application.Claiming(at=at):
            return replace(here, at=_plain_claim(at))
        case application.Asking(at):
            return application.Asking(_plain_details(at))
        case application.Making(at):
            return application.Making(_plain_issuing(at))
        case _:
            return here


def _plain_visit(now: visit.Visit) -> visit.Visit:
    """The visit without what changes no arrow."""
    place = visit.Serving(_plain_application(now.place.at)) if isinstance(now.place, visit.Serving) else now.place
    return visit.Visit(place, readiness=now.readiness, closed=now.closed)


def _plainly(advance: Callable[[S, Event], Step[S]], plain: Callable[[S], S]) -> Callable[[S, Event], Step[S]]:
    """The flow, with each state it comes to made plain."""

    def advanced(state: S, event: Event) -> Step[S]:
        step = advance(state, event)
        return Step(plain(step.state), step.commands)

    return advanced


def cases() -> list[proof.Here]:
    """Everyone who comes to be proven: a face or an officer, an officer alone, a face alone."""
    claims = (_CLAIM, replace(_CLAIM, minor=True))
    return [proof.begin(each, replace(_OFFERS, officer=there)).state for there in (True, False) for each in claims]


def questions() -> list[details.Here]:
    """Every service, with a family and without."""
    own = (_OWN, happenings.OwnData((), members=(_ADULT,)))
    errands = (errand.Errand(service, service.purposes[0], _OFFERS) for service in _SERVICES)
    return [details.begin(each, row).state for each, row in product(errands, own)]


def pages() -> dict[str, Page]:
    """File name -> what stands there."""
    of_service, of_desk = events_of(happenings, identity, errand), events_of(maintenance, happenings)
    return {
        "claim.md": Page(
            "Who is said to be here",
            "kiosk/flows/claim.py",
            claim.Here.__args__,
            explore([claim.begin(_OFFERS).state], _plainly(claim.advance, _plain_claim), of_service, _kind),
        ),
        "proof.md": Page(
            "That it is them",
            "kiosk/flows/proof.py",
            proof.Here.__args__,
            explore(cases(), proof.advance, of_service, _kind),
        ),
        "details.md": Page(
            "What a service asks besides",
            "kiosk/flows/details.py",
            details.Here.__args__,
            explore(questions(), _plainly(details.advance, _plain_details), of_service, _kind),
        ),
        "issuing.md": Page(
            "Making a paper",
            "kiosk/flows/issuing.py",
            issuing.Here.__args__,
            explore([issuing.begin(_APPLICATION).state], _plainly(issuing.advance, _plain_issuing), of_service, _kind),
        ),
        "parting.md": Page(
            "The end of every service",
            "kiosk/flows/parting.py",
            parting.Here.__args__,
            explore([parting.begin(served=True).state], parting.advance, of_service, _kind),
        ),
        "application.md": Page(
            "A service that makes a paper",
            "kiosk/flows/application.py",
            application.Here.__args__,
            explore(
                [application.begin(service, _OFFERS).state for service in _SERVICES],
                _plainly(application.advance, _plain_application),
                of_service,
                _kind,
            ),
            elsewhere={
                "Claiming": "claim.md",
                "Proving": "proof.md",
                "Asking": "details.md",
                "Making": "issuing.md",
                "Parting": "parting.md",
            },
        ),
        "check_paper.md": Page(
            "Checking a paper",
            "kiosk/flows/check_paper.py",
            check_paper.Here.__args__,
            explore([check_paper.begin().state], check_paper.advance, events_of(check_paper, happenings), _kind),
        ),
        "maintenance.md": Page(
            "The technician's page",
            "kiosk/flows/maintenance.py",
            maintenance.Here.__args__,
            explore([maintenance.begin()], maintenance.advance, of_desk, _kind),
        ),
        "visit.md": Page(
            "The visit around every service",
            "kiosk/flows/visit.py",
            visit.Place.__args__,
            explore(
                [visit.Visit(readiness=_READY)],
                _plainly(visit.advance, _plain_visit),
                [*events_of(touches, comfort, leftovers, readiness, identity, errand, check_paper), *of_desk],
                lambda now: _kind(now.place),
            ),
            elsewhere={
                "Serving": "application.md",
                "CheckingPaper": "check_paper.md",
                "Maintaining": "maintenance.md",
            },
        ),
    }


def main() -> None:
    """Write every page."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, page in pages().items():
        (FOLDER / name).write_text(draw(page), "utf-8")
        print(FOLDER.name, name)


if __name__ == "__main__":
    main()
