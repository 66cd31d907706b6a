"""The screens of photographing a contract; no page is shown on them."""

from collections.abc import Iterator

from kiosk.flows import pages as flow

_HINTS = (
    "show-page",
    "whole-page",
    "flatter",
    "come-closer",
    "too-dark",
    "glare",
    "blurred",
    "faint",
    "blank",
    "known",
    "hold-still",
    "a-later-hint",
)


def photographs() -> Iterator[tuple[str, flow.Here]]:
    """(name, state) of every screen."""
    none, some, full = flow.Album(), flow.Album(count=3), flow.Album(count=flow.MOST)
    yield "pages", flow.OfferingPages(none)
    yield "pages-some", flow.OfferingPages(some)
    for hint in _HINTS:
        yield f"page-{hint}", flow.ShowingPage(some, 3, hint)
    yield "page-first", flow.LookingAtPage(flow.Album(count=1), 0)
    yield "page-last", flow.LookingAtPage(some, 2)
    yield "page-middle", flow.LookingAtPage(some, 1)
    yield "page-full", flow.LookingAtPage(full, flow.MOST - 1)
    for code in ("timed-out", "no-camera", "camera-too-coarse", "a-later-code"):
        yield f"page-not-{code}", flow.NoPage(none, 0, code)
    yield "page-not-more", flow.NoPage(some, 3, "timed-out")
