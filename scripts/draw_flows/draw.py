"""A page of docs/flows: the diagram, what moves nobody, and what each state is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import TypeVar

from kiosk.flows.base import Event
from scripts.draw_flows.explore import Arrow

T = TypeVar("T")


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
    for kind, after in sorted(anywhere, key=lambda pair: (pair[0].__name__, pair[1])):
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


def _unique(items: Iterable[T]) -> list[T]:
    """Without repetitions, in order of first appearance."""
    return list(dict.fromkeys(items))
