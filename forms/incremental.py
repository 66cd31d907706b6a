"""Adding to a PDF without touching a byte of it: an incremental update (ISO 32000-1, 7.5.6).

qpdf (through pikepdf) reads the file; what is added is written here, as new objects and a cross-reference table that
points back to the file's own. The file must have such a table too (not a cross-reference stream), as PDF/A-1 demands.
"""

import io
import re

import pikepdf

from forms.errors import SignatureMisfitError

_TAIL = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
_KEPT = ("/Info", "/ID")  # of the trailer


class IncrementalUpdate:
    """New and replaced objects for ``pdf``. Raises SignatureMisfitError for a file it can't continue."""

    def __init__(self, pdf: bytes) -> None:
        tail = _TAIL.search(pdf, max(0, len(pdf) - 64))
        if tail is None or not pdf.startswith(b"xref", int(tail[1])):
            raise SignatureMisfitError("the file has no cross-reference table")
        self._previous = int(tail[1])
        self._out = io.BytesIO()
        self._out.write(pdf if pdf.endswith(b"\n") else pdf + b"\n")
        self._offsets: dict[int, int] = {}
        with pikepdf.open(io.BytesIO(pdf)) as source:
            self._read(source)

    def _read(self, source: pikepdf.Pdf) -> None:
        page = source.pages[0].obj
        if "/AcroForm" in source.Root or "/Annots" in page:
            raise SignatureMisfitError("the file has a form or annotations already")
        self.root, self.page = source.Root.objgen[0], page.objgen[0]
        self._root, self._page = source.Root.unparse(resolved=True), page.unparse(resolved=True)
        self._size = int(source.trailer.Size)
        kept = ((name, source.trailer.get(name)) for name in _KEPT)
        self._trailer = b"".join(b"%s %s " % (name.encode(), value.unparse()) for name, value in kept if value)

    def reserve(self) -> int:
        """The number of a new object, to be written later."""
        self._size += 1
        return self._size - 1

    def write(self, number: int, content: bytes) -> int:
        """Write an object; the offset of ``content`` in the file."""
        self._offsets[number] = self._out.tell()
        self._out.write(b"%d 0 obj\n" % number)
        start = self._out.tell()
        self._out.write(content + b"\nendobj\n")
        return start

    def add(self, content: bytes) -> int:
        """Write a new object; its number."""
        number = self.reserve()
        self.write(number, content)
        return number

    def extend_root(self, entries: bytes) -> None:
        """Write the catalog anew, with more entries."""
        self.write(self.root, _extended(self._root, entries))

    def extend_page(self, entries: bytes) -> None:
        """Write the first page anew, with more entries."""
        self.write(self.page, _extended(self._page, entries))

    def finished(self) -> bytes:
        """The file, with its new cross-reference table (ISO 32000-1, 7.5.4: entries of 20 bytes) and trailer."""
        start = self._out.tell()
        self._out.write(b"xref\n")
        for first, offsets in _runs(self._offsets):
            self._out.write(b"%d %d\n" % (first, len(offsets)))
            self._out.writelines(b"%010d 00000 n \n" % offset for offset in offsets)
        self._out.write(
            b"trailer\n<< /Size %d /Root %d 0 R %s/Prev %d >>\nstartxref\n%d\n%%%%EOF\n"
            % (self._size, self.root, self._trailer, self._previous, start)
        )
        return self._out.getvalue()


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """A stream object's content."""
    return b"<< %s/Length %d >>\nstream\n%s\nendstream" % (entries, len(content), content)


def references(numbers: list[int]) -> bytes:
    """An array of references."""
    return b"[" + b" ".join(b"%d 0 R" % number for number in numbers) + b"]"


def _extended(dictionary: bytes, entries: bytes) -> bytes:
    return dictionary.removesuffix(b">>") + entries + b" >>"


def _runs(offsets: dict[int, int]) -> list[tuple[int, list[int]]]:
    """Offsets of consecutive numbers, together."""
    found: list[tuple[int, list[int]]] = []
    for number in sorted(offsets):
        if found and found[-1][0] + len(found[-1][1]) == number:
            found[-1][1].append(offsets[number])
        else:
            found.append((number, [offsets[number]]))
    return found
