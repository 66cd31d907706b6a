"""Reading a paper back: the text of a PDF, and the compact code in a picture, a scan or a PDF.

Files come from strangers, so their size is bounded before they are opened wide. PDFium keeps its state in one place for
the whole process: two threads in it at once end the process. So ``opened`` lets one in at a time.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

import numpy as np
import pypdfium2
import zxingcpp
from numpy.typing import NDArray
from PIL import Image, ImageOps

from forms.code import PREFIX
from forms.errors import UnreadablePaperError

PDF_MAGIC = b"%PDF-"
LARGEST_FILE = 40_000_000  # bytes
_MOST_PIXELS = 80_000_000  # an A4 sheet at 600 dpi has 35 million
_LONGEST_SIDE = 20_000  # pixels; the reader of codes has a limit of its own (65535), and looks at twice the size
_MOST_PAGES = 4
_LONGEST_EDGE = 1500  # points; A4 is 842
_DOTS_PER_INCH = 200
_SCANNED_DOTS_PER_INCH = 250  # of a scan, whose words are to be read
_SMALL = 4_000_000  # pixels up to which a second look at twice the size pays

_IN_PDFIUM = RLock()

Grey = NDArray[np.uint8]  # height x width


def find_code(paper: bytes) -> str:
    """The one compact code on a paper (PNG, JPEG or PDF). Raises UnreadablePaperError: none, several, no such file."""
    if len(paper) > LARGEST_FILE:
        raise UnreadablePaperError("the file is too large")
    pictures = _pages(paper) if paper.startswith(PDF_MAGIC) else iter((_picture(paper),))
    found = dict.fromkeys(code for picture in pictures for code in codes_in(picture))
    if len(found) != 1:
        raise UnreadablePaperError("several codes" if found else "no code")
    return next(iter(found))


def codes_in(picture: Grey) -> tuple[str, ...]:
    """The distinct compact codes in a picture; a small one is looked at again enlarged."""
    found = _read(picture)
    if not found and picture.size <= _SMALL:
        found = _read(np.asarray(Image.fromarray(picture).resize((2 * picture.shape[1], 2 * picture.shape[0]))))
    return found


def pictures(paper: bytes) -> Iterator[Image.Image]:
    """The sheets that a file shows, in their colours; of a PDF each page. Raises UnreadablePaperError."""
    if not paper.startswith(PDF_MAGIC):
        yield _image(paper)
        return
    with opened(paper) as document:
        for page in document:
            yield page.render(scale=_SCANNED_DOTS_PER_INCH / 72, may_draw_forms=False).to_pil().copy()


def page_text(pdf: bytes) -> str:
    """The text of all pages as PDFium gives it, in the order of the content. Raises UnreadablePaperError."""
    with opened(pdf) as document:
        return "".join(page.get_textpage().get_text_range() for page in document)


@contextmanager
def opened(pdf: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """A document, for this thread alone while the block lasts; what comes of it outlives the block only as a copy.
    Raises UnreadablePaperError."""
    with _IN_PDFIUM:
        document = _document(pdf)
        try:
            if len(document) > _MOST_PAGES or any(max(page.get_size()) > _LONGEST_EDGE for page in document):
                raise UnreadablePaperError("more or larger pages than a paper has")
            yield document
        finally:
            document.close()


def _read(picture: Grey) -> tuple[str, ...]:
    codes = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
    return tuple(dict.fromkeys(each.text for each in codes if each.text.startswith(PREFIX)))


def _picture(content: bytes) -> Grey:
    return np.asarray(_image(content).convert("L"))


def _image(content: bytes) -> Image.Image:
    """The picture itself, upright as its camera meant it."""
    try:
        image = Image.open(io.BytesIO(content), formats=("PNG", "JPEG"))
        if image.width * image.height > _MOST_PIXELS or max(image.size) > _LONGEST_SIDE:
            raise UnreadablePaperError("the picture is too large")
        image.load()
        return ImageOps.exif_transpose(image)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UnreadablePaperError("neither a PNG or JPEG picture nor a PDF") from error


def _pages(pdf: bytes) -> Iterator[Grey]:
    with opened(pdf) as document:
        for page in document:
            bitmap = page.render(scale=_DOTS_PER_INCH / 72, grayscale=True, may_draw_forms=False)
            yield np.array(bitmap.to_numpy()[..., 0] if bitmap.n_channels > 1 else bitmap.to_numpy()).squeeze()


def _document(pdf: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise UnreadablePaperError("the PDF is damaged") from error
