"""Looking for a person in everything a program left on disk.

Every file is read as what it is: plain bytes, SQLite pages (free ones and the WAL's too), PDF streams and text,
pictures (metadata and two-dimensional codes), gzip, zlib and zip, one inside the other. In each layer the needles are
searched for in every writing in which a text may stand: UTF-8, UTF-16, GB 18030, JSON's and the web's escapes, base64
and hexadecimal. A search for encoded needles finds them at any offset, which decoding the content would not. Bytes (of
a portrait) are searched for as they are, in base64 and in hexadecimal.
"""

import base64
import gzip
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatch
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import base45  # type: ignore[import-untyped, unused-ignore]
import pikepdf
import pypdfium2  # type: ignore[import-untyped, unused-ignore]
import zxingcpp
from PIL import Image

_DEPTH = 4
_SQLITE, _WAL = b"SQLite format 3\x00", (b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83")
_WAL_HEADER, _FRAME_HEADER, _OVERFLOW_POINTER = 32, 24, 4
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"BM", b"GIF8", b"II*\x00", b"MM\x00*", b"RIFF", b"P4", b"P5", b"P6")
_BASE64_PHASES = 3
_CLEAN: dict[tuple[tuple[int, str, bytes], ...], set[bytes]] = {}  # contents that hold none of these, by their hash


@dataclass(frozen=True, slots=True)
class Finding:
    """Which needle (by its place in the list) stands where, in which writing."""

    path: Path
    layer: str
    writing: str
    needle: int


def find_personal(folder: Path, needles: Sequence[str | bytes], codes: Sequence[str] = ()) -> list[Finding]:
    """Every needle in every regular file below ``folder``.

    ``codes``: texts so short that chance writes them too, in a hash or a fraction of a second: they count where they
    stand alone, whole or in two halves as people read them. They are numbered after the needles.
    """
    writings = tuple(
        (number, writing, form) for number, needle in enumerate(needles) for writing, form in _writings(needle)
    )
    alone = [(number, _alone(code)) for number, code in enumerate(codes, start=len(needles))]
    return [
        Finding(path.relative_to(folder), layer, writing, number)
        for path in sorted(each for each in folder.rglob("*") if each.is_file() and not each.is_symlink())
        for layer, content in layers(path.read_bytes())
        for number, writing in _found(content, writings, alone)
    ]


def _found(
    content: bytes, writings: tuple[tuple[int, str, bytes], ...], alone: list[tuple[int, re.Pattern[bytes]]]
) -> Iterator[tuple[int, str]]:
    yield from _needles(sha256(content).digest(), content, writings)
    yield from ((number, "alone") for number, pattern in alone if pattern.search(content))


def _needles(digest: bytes, content: bytes, writings: tuple[tuple[int, str, bytes], ...]) -> list[tuple[int, str]]:
    """Whoever looks again and again finds most files as they were: what is known to hold nothing is not read twice."""
    clean = _CLEAN.setdefault(writings, set())
    found = [] if digest in clean else [(number, writing) for number, writing, form in writings if form in content]
    if not found:
        clean.add(digest)
    return found


def _alone(code: str) -> re.Pattern[bytes]:
    half = len(code) // 2
    text = re.escape(code[:half].encode()) + rb"[ -]?" + re.escape(code[half:].encode())
    return re.compile(rb"(?<![0-9A-Za-z.+/])" + text + rb"(?![0-9A-Za-z+/=])")


def unexpected_files(folder: Path, patterns: list[str]) -> list[Path]:
    """Files and links whose path below ``folder`` no pattern (fnmatch) allows."""
    found = (each.relative_to(folder) for each in sorted(folder.rglob("*")) if not each.is_dir() or each.is_symlink())
    return [path for path in found if not any(fnmatch(path.as_posix(), pattern) for pattern in patterns)]


def layers(content: bytes, name: str = "bytes", depth: int = _DEPTH) -> Iterator[tuple[str, bytes]]:
    """The bytes themselves, and whatever they hold in another form."""
    yield name, content
    if depth == 0 or not content:
        return
    for kind, inner in _opened(content):
        yield from layers(inner, f"{name} > {kind}", depth - 1)


def _opened(content: bytes) -> Iterator[tuple[str, bytes]]:
    if content.startswith(_SQLITE):
        yield from _sqlite_pages(content)
    elif content.startswith(_WAL):
        yield from _wal_pages(content)
    elif b"%PDF-" in content[:1024]:
        yield from _pdf(content)
    elif content.startswith(_PICTURES):
        yield from _picture(content)
    elif content.startswith(b"PK\x03\x04"):
        yield from _zip(content)
    else:
        yield from _compressed(content)


def _sqlite_pages(content: bytes) -> Iterator[tuple[str, bytes]]:
    """All pages in a row without the pointers that would cut a long value in two."""
    size = int.from_bytes(content[16:18], "big")
    size = 65536 if size == 1 else size
    pages = [content[start : start + size] for start in range(0, len(content), size)]
    yield "overflow pages", b"".join(page[_OVERFLOW_POINTER:] for page in pages)


def _wal_pages(content: bytes) -> Iterator[tuple[str, bytes]]:
    size = int.from_bytes(content[8:12], "big")
    starts = range(_WAL_HEADER + _FRAME_HEADER, len(content), size + _FRAME_HEADER)
    pages = [content[start : start + size] for start in starts]
    yield "wal pages", b"".join(pages)
    yield "wal overflow pages", b"".join(page[_OVERFLOW_POINTER:] for page in pages)


def _pdf(content: bytes) -> Iterator[tuple[str, bytes]]:
    with suppress(pikepdf.PdfError), pikepdf.open(io.BytesIO(content)) as document:
        for number, each in enumerate(document.objects):
            if isinstance(each, pikepdf.Stream):
                with suppress(pikepdf.PdfError):
                    yield f"pdf stream {number}", each.read_bytes()
        yield "pdf information", str(dict(document.docinfo.items())).encode()
    with suppress(pypdfium2.PdfiumError):
        document = pypdfium2.PdfDocument(content)
        for page in document:
            yield "pdf text", _unbroken(page.get_textpage().get_text_range()).encode()
            yield from _codes(page.render(scale=200 / 72).to_pil())
        document.close()


def _picture(content: bytes) -> Iterator[tuple[str, bytes]]:
    with suppress(OSError, ValueError, SyntaxError), Image.open(io.BytesIO(content)) as picture:
        facts = [*picture.info.values(), *picture.getexif().values()]
        yield "metadata", b"\n".join(each if isinstance(each, bytes) else str(each).encode() for each in facts)
        yield from _codes(picture.convert("L"))


def _codes(picture: Image.Image) -> Iterator[tuple[str, bytes]]:
    for code in zxingcpp.read_barcodes(picture.convert("L")):
        yield "code", code.text.encode()
        with suppress(ValueError):
            yield "code, base45", base45.b45decode(code.text.rpartition(":")[2])


def _zip(content: bytes) -> Iterator[tuple[str, bytes]]:
    with suppress(zipfile.BadZipFile, RuntimeError), zipfile.ZipFile(io.BytesIO(content)) as archive:
        yield "names", "\n".join(archive.namelist()).encode()
        for name in archive.namelist():
            yield name, archive.read(name)


def _compressed(content: bytes) -> Iterator[tuple[str, bytes]]:
    with suppress(OSError, EOFError, zlib.error):
        yield "gzip", gzip.decompress(content)
    with suppress(zlib.error):
        yield "zlib", zlib.decompress(content)


def _unbroken(text: str) -> str:
    return "".join(text.split())


def _writings(needle: str | bytes) -> Iterator[tuple[str, bytes]]:
    if isinstance(needle, bytes):
        yield from _binary_writings("bytes", needle)
        return
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "gb18030"):
        with suppress(UnicodeEncodeError):
            yield from _binary_writings(encoding, needle.encode(encoding))
    yield "json", json.dumps(needle)[1:-1].encode()
    yield "url", quote(needle).encode()


def _binary_writings(name: str, form: bytes) -> Iterator[tuple[str, bytes]]:
    yield name, form
    yield f"{name}, hex", form.hex().encode()
    yield from ((f"{name}, base64", each) for each in _base64_forms(form))


def _base64_forms(form: bytes) -> Iterator[bytes]:
    """The middle of the base64 text at each of the three phases, without the ends that neighbours change."""
    for phase in range(_BASE64_PHASES):
        text = base64.b64encode(bytes(phase) + form).rstrip(b"=")
        yield text[-(-phase * 8 // 6) : -1]
