"""The impact assessment points at tests that are there, and leaves no table and no processing out."""

import re
from pathlib import Path

import pytest

from records.store.tables import metadata


@pytest.fixture(scope="module")
def assessment(checkout: Path) -> str:
    return (checkout / "docs" / "compliance.md").read_text("utf-8")


def rows(assessment: str, first: str) -> list[list[str]]:
    """Return the cells of each row whose first cell fits."""
    lines = (line.strip("|").split("|") for line in assessment.splitlines() if re.match(rf"\| {first} \|", line))
    return [[cell.strip() for cell in line] for line in lines]


def test_every_test_that_it_names_is_there(assessment: str, checkout: Path) -> None:
    """In the file and by the name that are written."""
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", assessment)
    missing = [
        f"{path}::{name}"
        for path, name in named
        if not (checkout / path).is_file()
        or not re.search(rf"^def {name}\(", (checkout / path).read_text("utf-8"), re.MULTILINE)
    ]
    assert len(named) > 30
    assert not missing


def test_every_processing_has_a_risk_a_measure_and_a_test(assessment: str) -> None:
    """What is processed, and what is done about it, are two tables of the same numbers."""
    processed = [row for row in rows(assessment, r"P\d+") if len(row) == 7]
    treated = [row for row in rows(assessment, r"P\d+") if len(row) == 4]
    assert {row[0] for row in processed} == {row[0] for row in treated}
    assert all(all(cell for cell in row) for row in [*processed, *treated])
    assert all("::" in row[3] for row in treated)


def test_every_table_is_assessed(assessment: str) -> None:
    """A new one is processing that nobody has thought about yet."""
    places = " ".join(row[6] for row in rows(assessment, r"P\d+") if len(row) == 7)
    assert not metadata.tables.keys() - set(re.findall(r"`(\w+)`", places))
