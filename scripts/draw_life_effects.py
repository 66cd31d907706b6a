"""Write the table of docs/life-events.md from rules and words: ``python -m scripts.draw_life_effects``.

A test fails where the committed page differs. What stands above the table is written by hand.
"""

from collections.abc import Iterator
from pathlib import Path

from records.console.texts import words
from records.rules.life_effects import TABLE, Effect, EventKind, Thing, lasting

PAGE = Path(__file__).resolve().parent.parent / "docs" / "life-events.md"
BEGINS = "<!-- drawn -->\n"


def draw() -> str:
    """The page, with the table as the code has it."""
    head, _, _ = PAGE.read_text("utf-8").partition(BEGINS)
    return head + BEGINS + "".join(_table())


def _table() -> Iterator[str]:
    say = words("en")
    yield _row("", *(say(f"matter.{kind}") for kind in EventKind))
    yield _row(*["---"] * (len(EventKind) + 1))
    for thing in Thing:
        yield _row(say(f"life_thing.{thing}"), *(_cell(kind, thing) for kind in EventKind))


def _cell(kind: EventKind, thing: Thing) -> str:
    """Empty: it stays as it is. A star: for good."""
    effect = TABLE[kind][thing]
    return "" if effect is Effect.KEPT else f"{effect}{'*' if thing in lasting(kind) else ''}"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |\n"


if __name__ == "__main__":
    PAGE.write_text(draw(), "utf-8")
