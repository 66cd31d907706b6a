"""No code page stands anywhere between the chip, the screen and the paper.

GBK has no room for rare names, and Python's GB 18030 is the mapping of 2000, which moves some characters to others.
"""

import ast
import codecs
from collections.abc import Iterator
from pathlib import Path

import pytest

CODE_PAGES = {"gb2312", "gbk", "gb18030", "hz", "big5", "big5hkscs", "cp950"}
SPEAKS_TO_A_ROM = {  # a strip printer's own type; it refuses what that can't hold, and no name is read there
    "devices/thermal_printer/text.py",
    "simulators/escpos/paper.py",
}
FOLDERS = ["civic", "devices", "kiosk", "forms", "simulators"]


def constants(source: str) -> Iterator[str]:
    """Every text in the code, and every name of a module, which may be a codec's (encodings.gbk)."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.ImportFrom | ast.Import):
            yield from (alias.name.rpartition(".")[2] for alias in node.names)


def is_code_page(word: str) -> bool:
    """Under any of its names: cp936, euccn, iso-ir-58, ..."""
    try:
        return codecs.lookup(word).name in CODE_PAGES
    except (LookupError, ValueError, UnicodeEncodeError):
        return False


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_code_page_is_named(checkout: Path, folder: str) -> None:
    """In whatever spelling Python knows."""
    files = list((checkout / folder).rglob("*.py"))
    found = {
        (file.relative_to(checkout).as_posix(), word)
        for file in files
        for word in constants(file.read_text("utf-8"))
        if is_code_page(word)
    }
    assert files
    assert {name for name, _ in found} <= SPEAKS_TO_A_ROM, found


@pytest.mark.parametrize("word", ["gbk", "GB18030", "gb2312_80", "cp936", "936", "chinese", "hz-gb-2312"])
def test_the_check_knows_their_names(word: str) -> None:
    """It would find them."""
    assert [each for each in constants(f"b''.decode({word!r})") if is_code_page(each)] == [word]
