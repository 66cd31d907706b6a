"""A picture of a sheet, read: from pixels to what a paper says."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from PIL import Image

from forms.layout import POINTS_PER_MM, Area
from forms.paper import Medium, PaperKind
from forms.scan.cells import Contents, UnknownLayoutError, contents, head_shift
from forms.scan.lines import Found, Page
from forms.scan.prints import Print
from forms.scan.recogniser import Reading, Recogniser
from forms.scan.registration import Box, Grey, Sheet, find_sheet
from forms.scan.seals import surplus

_COARSEST, _FINEST = 8.0, 12.0  # pixels per millimetre
_HIGHEST_STRIP = 420.0  # mm above the foot
_DARK = 60  # grey levels below the paper
_WIDEST_GAP = 0.35  # of a line's height
_STROKE = 0.15  # of a title's size
_SURPLUS = 1.0  # mm2 of ink in the seal's place that is not the seal's: half a character of small type
_RIM = 10.0  # mm of a page's edge that nothing of ours stands on


@dataclass(frozen=True, slots=True, repr=False)
class ReadSheet:
    """What was read, and the level picture it was read from."""

    contents: Contents
    page: Page


def read_sheet(picture: Image.Image, kind: PaperKind, recogniser: Recogniser) -> ReadSheet | None:
    """Read the one sheet in ``picture``; None: its place or its layout was not made out."""
    sheet = find_sheet(picture, kind)
    if sheet is None:
        return None
    scale = float(np.clip(sheet.resolution, _COARSEST, _FINEST))
    page = Page(sheet, _whole(sheet), tuple(_blank(sheet)), scale)
    left, right = sheet.layout.table.x, sheet.layout.table.x + sheet.layout.table.width
    found = page.found(left, right)
    found = _with_whole_title(found, sheet)
    bands = [[Print(box, partial(_read, page, box, recogniser)) for box in band] for band in found.bands]
    try:
        said = contents(sheet, kind, found, bands)
    except UnknownLayoutError:
        return None
    if surplus(sheet, kind, said) > _SURPLUS:
        said.stray.append(Print(_box(sheet.layout.foot.seal.below(sheet.foot), 0.0), Reading))
    return ReadSheet(said, page)


def _read(page: Page, box: Box, recogniser: Recogniser) -> Reading:
    return recogniser.read(squeezed(page.patch(box)))


def _with_whole_title(found: Found, sheet: Sheet) -> Found:
    """Titles are set so wide apart that their letters look like columns: they are put together again."""
    layout, bands = sheet.layout, list(found.bands)
    shift = head_shift(layout, sheet.medium, found.rules)
    for spot in (layout.title, layout.subtitle):
        size = spot.style.size / POINTS_PER_MM
        top, bottom = spot.y + shift - 1.1 * size, spot.y + shift + 0.35 * size
        for number, band in enumerate(bands[:2]):
            part = [each for each in band if top <= (each.top + each.bottom) / 2 <= bottom]
            if len(part) > 1:
                bands[number] = (*(each for each in band if each not in part), _around(part, _STROKE * size))
    return Found(found.rules, tuple(bands))


def _around(boxes: Sequence[Box], beside: float) -> Box:
    """All of them, and ``beside`` to the left and right: an outer stroke that is as tall as a ruled line is in none."""
    lefts, tops, rights, bottoms = zip(*((each.left, each.top, each.right, each.bottom) for each in boxes), strict=True)
    return Box(min(lefts) - beside, min(tops), max(rights) + beside, max(bottoms))


def squeezed(patch: Grey) -> Grey:
    """A line of print without more white between its letters than a third of its height."""
    dark = patch < np.percentile(patch, 90) - _DARK
    white = np.asarray(~dark.any(axis=0))
    run = np.arange(len(white)) - np.maximum.accumulate(np.where(white, -1, np.arange(len(white))))
    return patch[:, ~white | (run <= max(2, round(_WIDEST_GAP * len(patch))))]


def _whole(sheet: Sheet) -> Box:
    """All of the sheet that may bear print."""
    layout = sheet.layout
    if sheet.medium is Medium.PAGE:
        return Box(_RIM, _RIM, layout.width - _RIM, layout.height - _RIM)
    to_sheet = np.linalg.inv(sheet.to_picture)
    corners = [to_sheet @ np.array([x, 0.0, 1.0]) for x in (0.0, float(sheet.picture.width))]
    top = min(float(each[1] / each[2]) for each in corners)
    return Box(-0.5, max(top, -_HIGHEST_STRIP), layout.width + 0.5, layout.foot.height)


def _blank(sheet: Sheet) -> list[Box]:
    """Where no print is looked for."""
    foot = sheet.layout.foot
    areas = [foot.code.below(sheet.foot)]
    if sheet.medium is Medium.STRIP:
        areas.append(foot.seal.below(sheet.foot))
    return [_box(area, 0.8) for area in areas]


def _box(area: Area, margin: float) -> Box:
    return Box(area.x - margin, area.y - margin, area.right + margin, area.bottom + margin)
