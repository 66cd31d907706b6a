"""What is added to a file leaves the file as it was, and is read by those who know nothing of it."""

import io
from collections.abc import Callable

import pikepdf
import pytest

from forms.errors import SignatureMisfitError
from forms.incremental import IncrementalUpdate, stream
from forms.paper import HouseholdCertificate
from tests.support.papers import SPARSE

Papers = Callable[[HouseholdCertificate], bytes]


def _saved(pdf: bytes, mode: pikepdf.ObjectStreamMode) -> bytes:
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as source:
        source.save(output, object_stream_mode=mode)
    return output.getvalue()


def test_no_byte_before_the_update_changes(rendered: Papers) -> None:
    """The old file is a prefix of the new one."""
    update = IncrementalUpdate(rendered(SPARSE))
    update.extend_root(b" /Lamp %d 0 R" % update.add(stream(b"light")))
    assert update.finished().startswith(rendered(SPARSE))


def test_qpdf_reads_what_was_added_and_has_nothing_to_say(rendered: Papers) -> None:
    """New objects and replaced ones, in a file of reportlab's and in one of qpdf's."""
    for pdf in (rendered(SPARSE), _saved(rendered(SPARSE), pikepdf.ObjectStreamMode.disable)):
        update = IncrementalUpdate(pdf)
        update.extend_root(b" /Lamp %d 0 R" % update.add(stream(b"light")))
        update.extend_page(b" /Shade true")
        with pikepdf.open(io.BytesIO(update.finished())) as read:
            assert read.check_pdf_syntax() == []
            assert bytes(read.Root.Lamp.read_bytes()) == b"light"
            assert read.pages[0].obj.Shade
            assert read.pages[0].obj.Contents.read_bytes()


def test_a_file_without_a_cross_reference_table_is_refused(rendered: Papers) -> None:
    """Its successor would have to have a stream as well, which PDF/A-1 forbids."""
    with pytest.raises(SignatureMisfitError, match="table"):
        IncrementalUpdate(_saved(rendered(SPARSE), pikepdf.ObjectStreamMode.generate))
    with pytest.raises(SignatureMisfitError, match="table"):
        IncrementalUpdate(b"%PDF-1.4 cut short")


def test_a_signed_file_is_not_signed_again(signed: Papers) -> None:
    """It has its form, and must not get another."""
    with pytest.raises(SignatureMisfitError, match="form"):
        IncrementalUpdate(signed(SPARSE))
