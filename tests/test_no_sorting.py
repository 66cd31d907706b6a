"""No code sorts people: the field that names a person's nation is carried to the paper, and decides nothing."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

PACKAGES = ("backend_client", "civic", "devices", "forms", "gate", "kiosk", "records", "terminal")
FIELD = "nation"
_DECIDING = (ast.Compare, ast.If, ast.IfExp, ast.While, ast.Match, ast.BoolOp, ast.comprehension)


def _mentions(node: ast.AST) -> bool:
    return any(
        (isinstance(each, ast.Attribute) and each.attr == FIELD) or (isinstance(each, ast.Name) and each.id == FIELD)
        for each in ast.walk(node)
    )


def _deciding(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a node on which something depends."""
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        yield node.test
    elif isinstance(node, ast.Match):
        yield node.subject
    elif isinstance(node, ast.comprehension):
        yield from node.ifs
    elif isinstance(node, ast.Compare | ast.BoolOp):
        yield node


def decisions(source: str) -> list[int]:
    """Lines on which something depends on the field."""
    nodes = (node for node in ast.walk(ast.parse(source)) if isinstance(node, _DECIDING))
    return sorted({part.lineno for node in nodes for part in _deciding(node) if _mentions(part)})  # type: ignore[attr-defined] # all are expressions


def test_nothing_depends_on_a_person_s_nation(checkout: Path) -> None:
    """Neither a comparison nor a branch nor a filter, anywhere in the product."""
    files = [file for package in PACKAGES for file in (checkout / package).rglob("*.py")]
    naming = {file: text for file in files if re.search(rf"\b{FIELD}\b", text := file.read_text("utf-8"))}
    assert naming, "a field of that name is nowhere: it has another one now"
    assert {str(file.relative_to(checkout)): lines for file, text in naming.items() if (lines := decisions(text))} == {}


def test_a_branch_on_the_field_would_be_found() -> None:
    """However it is written."""
    ways = ("if card.nation == '05': alarm()", "x = 1 if nation in SOME else 2", "[p for p in people if p.nation]")
    assert all(decisions(way) for way in ways)
