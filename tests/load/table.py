"""A result as docs/scale.md has it."""

import os
import platform
from statistics import median

from tests.load.campaign import BATCH, SINGLE, WRITE, Result
from tests.load.measuring import Figure

_HEAD = (
    "| {} | a second | rows a second | x empty | p50 ms | p99 ms | service CPU ms | client CPU ms |",
    "|---|---:|---:|---:|---:|---:|---:|---:|",
)


def machine() -> str:
    """What it was measured on."""
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"


def table(kind: str, result: Result) -> str:
    """One database."""
    head = [_HEAD[0].format(kind), _HEAD[1]]
    lines = [_line(name, figure, result.times_empty(name)) for name, figure in result.figures.items()]
    return "\n".join([*head, *lines, "", *_said(result)])


def _line(name: str, figure: Figure, times: float) -> str:
    cells = (
        f"{figure.rate:,.0f}",
        f"{figure.rate * figure.rows:,.0f}",
        f"{times:.1f}",
        f"{figure.within_ms(0.5):.1f}",
        f"{figure.within_ms(0.99):.1f}",
        f"{figure.cpu_ms:.2f}",
        f"{figure.client_ms:.2f}",
    )
    return f"| {name} | {' | '.join(cells)} |"


def _said(result: Result) -> list[str]:
    inserted = median(result.inserted)
    lines = [
        f"- {WRITE}: {result.write_gain:.2f} times as many as with {SINGLE.partition(', ')[2]}",
        f"- {BATCH}: {result.ingested:,.0f} rows/s from request to commit; {inserted:,.0f} once seals are open",
    ]
    if result.copied:
        copied = median(result.copied)
        shares = f"{result.ingested / copied:.2f} of it from request to commit, {inserted / copied:.2f} without opening"
        lines.append(f"- COPY of the same rows into the same table: {copied:,.0f} rows/s; {shares}")
    return lines
