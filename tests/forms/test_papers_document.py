"""docs/papers.md lists the fields of each paper as the papers have them."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from forms.content import Field, compose
from forms.paper import Paper
from tests.support.papers import CHILD, LATER, NO_RECORD, PROOF, RESIDENCE

DOCUMENT = (Path(__file__).resolve().parent.parent.parent / "docs" / "papers.md").read_text("utf-8")
FULLEST: tuple[Paper, ...] = (replace(CHILD, former_name="王灯灯"), PROOF, NO_RECORD, RESIDENCE, LATER)


def _listed(title: str) -> list[tuple[str, str]]:
    section = DOCUMENT.split(f"### {title} ")[1].split("###")[0]
    rows = re.findall(r"^\| (\S+(?: •)?) \| ([A-Z][^|]*?) \|", section, re.MULTILINE)
    return [(chinese, english) for chinese, english in rows if chinese != "field"]


def _row(field: Field) -> tuple[str, str]:
    return field.chinese + (" •" if field.loud else ""), field.english


@pytest.mark.parametrize("paper", FULLEST, ids=[each.kind for each in FULLEST])
def test_the_document_lists_every_field_in_its_order(paper: Paper) -> None:
    """A field that comes several times is listed once."""
    assert _listed(paper.wording.title) == list(dict.fromkeys(_row(field) for field in compose(paper).fields))
