"""How the papers look: one layout for each kind and medium, as data."""

from dataclasses import replace

from forms.layout import Layout
from forms.layouts.page import PAGE, PAGE_LIMITS, PAGE_PORTRAIT, PAGE_RESULT
from forms.layouts.strip import STRIP, STRIP_LIMITS, STRIP_PERIOD, STRIP_PORTRAIT, STRIP_RESULT
from forms.paper import Medium, PaperKind

__all__ = ["layout_of", "seal_line"]

_SEAL_LINES = {
    PaperKind.HOUSEHOLD_CERTIFICATE: "户口专用章"
}  # the others bear the authority's own seal, which says no more

_BASE = {Medium.PAGE: PAGE, Medium.STRIP: STRIP}
_LAYOUTS = {
    (PaperKind.TEMPORARY_ID_PROOF, Medium.PAGE): replace(PAGE, portrait=PAGE_PORTRAIT, remarks=PAGE_LIMITS),
    (PaperKind.TEMPORARY_ID_PROOF, Medium.STRIP): replace(
        STRIP, portrait=STRIP_PORTRAIT, remarks=STRIP_LIMITS, table=STRIP_PERIOD
    ),
    # its statement is what the paper is asked for
    (PaperKind.NO_CRIMINAL_RECORD, Medium.PAGE): replace(PAGE, statement=PAGE_RESULT),
    (PaperKind.NO_CRIMINAL_RECORD, Medium.STRIP): replace(STRIP, statement=STRIP_RESULT),
}


def layout_of(kind: PaperKind, medium: Medium) -> Layout:
    """The layout of a kind of paper."""
    return _LAYOUTS.get((kind, medium), _BASE[medium])


def seal_line(kind: PaperKind) -> str:
    """What stands on the seal of a kind of paper besides the authority's name; empty: nothing."""
    return _SEAL_LINES.get(kind, "")
