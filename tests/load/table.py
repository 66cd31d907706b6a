"""A result as docs/scale.md has it."""

import os
import platform
from statistics import median

from tests.load.campaign import BATCH, SINGLE, WRITE, Result
from tests.load.measuring import Figure
from tests.load.works import IN_A_BATCH

_HEAD = "| {} | a second | rows a second | x empty | p50 ms | p99 ms | service CPU ms | client CPU ms |"
_RULE = "|---|---:|---:|---:|---:|---:|---:|---:|"


def machine() -> str:
    """What it was measured on."""
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"


def table(kind: str, result: Result) -> str:
    """One database."""
    lines = [_line(name, figure, result.times_empty(name)) for name, figure in result.figures.items()]
    return "\n".join([_HEAD.format(kind), _RULE, *lines, "", *_said(result)])


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
    opened, inserted = median(result.opened), median(result.inserted)
    halves = f"in one thread without HTTP, opening seals {opened:,.0f}, inserting what is open {inserted:,.0f}"
    lines = [
        *(_shared(result, where, waited) for where, waited in result.syncs.items()),
        f"- {BATCH}: {result.ingested:,.0f} rows/s from request to commit; {halves}",
    ]
    for words, copied in copies(result).items():
        shares = f"inserting reaches {inserted / copied:.2f} of it, request to commit {result.ingested / copied:.2f}"
        most = f"opening alone would reach {opened / copied:.2f}"
        lines.append(f"- COPY of the same rows into the same table, {words}: {copied:,.0f} rows/s; {shares}, {most}")
    return lines


def _shared(result: Result, where: str, waited: list[float]) -> str:
    times, single = f"{result.shared(where):.2f} times as many as with", SINGLE.partition(", ")[2]
    return f"- {WRITE}{where}: {times} {single}; one wait for the disk takes {median(waited):.2f} ms"


def copies(result: Result) -> dict[str, float]:
    """Rows a second by COPY; none on SQLite, which has no such thing."""
    if not result.copied:
        return {}
    return {
        f"{IN_A_BATCH} rows a transaction": median(each.batches for each in result.copied),
        "in one piece": median(each.whole for each in result.copied),
    }
