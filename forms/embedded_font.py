"""A typeface inside a PDF: only the shapes that a paper uses, and a true map from them to Unicode.

reportlab cuts the subset; two of its habits are mended here. It copies the whole table of shapes for every subset,
fifty megabytes for a single rare character; here the file stays mapped, and a shape is copied when it is used. And it
writes a code point above U+FFFF as five hexadecimal digits where a ToUnicode map holds UTF-16BE (ISO 32000-1, 9.10.3),
and more entries in a block than are allowed; its maps are replaced once they are made.
"""

import mmap
from pathlib import Path
from typing import Any

from reportlab.pdfbase.ttfonts import TTFont, TTFontFace

_BFCHAR_LIMIT = 100  # entries of one bfchar block (Adobe CMap specification, 5014)
_SHAPES = "glyf"


class EmbeddedFont(TTFont):  # type: ignore[misc, unused-ignore]
    """A TrueType font under the name by which reportlab is to know it. Raises TTFError for a broken file."""

    def __init__(self, name: str, file: Path) -> None:
        super().__init__(name, _MappedFile(file), asciiReadable=False)  # a fallback would carry 95 unused Latin shapes
        self.face.__class__ = _MappedFace

    def addObjects(self, doc: Any) -> None:  # noqa: ANN401, N802 # reportlab's own signature
        """Make the PDF objects of each subset, then state again what its codes mean."""
        state = self.state.get(doc)
        subsets = [list(subset) for subset in state.subsets] if state else []
        names = [self.getSubsetInternalName(number, doc)[1:] for number in range(len(subsets))]
        super().addObjects(doc)
        for name, subset in zip(names, subsets, strict=True):
            base_font = doc.idToObject["BasicFonts"].dict[name].BaseFont
            doc.idToObject[f"toUnicodeCMap:{base_font}"].content = _to_unicode(base_font, subset)


class _MappedFace(TTFontFace):  # type: ignore[misc, unused-ignore]
    """Its table of shapes is read in slices."""

    _ttf_data: mmap.mmap

    def get_table(self, tag: str) -> Any:  # noqa: ANN401 # what slices like bytes
        """The bytes of a table."""
        if tag == _SHAPES:
            return _Slices(self._ttf_data, self.get_table_pos(tag)[0])
        return super().get_table(tag)  # type: ignore[no-untyped-call]


class _Slices:
    """A part of a mapped file, copied slice by slice."""

    def __init__(self, data: mmap.mmap, start: int) -> None:
        self._data = data
        self._start = start

    def __getitem__(self, part: slice) -> bytes:
        return self._data[self._start + part.start : self._start + part.stop]


class _MappedFile:
    """What reportlab takes for an open file: ``read`` gives the mapping instead of a copy."""

    def __init__(self, file: Path) -> None:
        self.name = file.name
        self._file = file

    def read(self) -> mmap.mmap:
        """The whole file."""
        with self._file.open("rb") as stream:
            return mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)


def _to_unicode(name: str, subset: list[int]) -> str:
    entries = [f"<{code:02X}> <{chr(point).encode('utf-16-be').hex().upper()}>" for code, point in enumerate(subset)]
    blocks = [entries[start : start + _BFCHAR_LIMIT] for start in range(0, len(entries), _BFCHAR_LIMIT)]
    return "\n".join(
        (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
            f"/CIDSystemInfo << /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def",
            f"/CMapName /{name} def /CMapType 2 def",
            f"1 begincodespacerange <00> <{len(subset) - 1:02X}> endcodespacerange",
            *(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks),
            "endcmap CMapName currentdict /CMap defineresource pop end end",
        )
    )
