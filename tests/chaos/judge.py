"""What became of a round, seen from outside: the trays, records' database, the answer that anybody gets who checks."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import requests
import zxingcpp
from PIL import Image

from forms.code import read_claims
from forms.errors import CodeError
from forms.paper import Medium
from tests.chaos.surroundings import World

_ONLINE = {"delivered": "genuine", "void": "void"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper in a tray whose code can be read: it counts as whole, though its end may be missing."""

    medium: Medium
    serial: str
    code: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Verdict:
    """One round's. ``outcome``: none, or what the serial is, and what lies in the tray. ``exposed_s``: for how long a
    sheet lay in a tray before records called it void. ``wrong``: what must never be."""

    outcome: str
    exposed_s: float
    wrong: tuple[str, ...]


def papers(world: World) -> list[Sheet]:
    """Every paper in the trays with a code that can be read, put away for who wants to look."""
    away = world.folder / "papers"
    away.mkdir(exist_ok=True)
    found = []
    for medium, tray in ((Medium.PAGE, world.page_tray), (Medium.STRIP, world.strip_tray)):
        for picture in sorted(tray.glob("*.png")):
            document = picture.with_suffix(".pdf")
            if medium is Medium.PAGE and not document.exists():
                picture.unlink()  # the printer lost its power while the sheet moved
                continue
            at = datetime.fromtimestamp((document if document.exists() else picture).stat().st_mtime, UTC)
            found += [Sheet(medium, serial, code, at) for serial, code in _codes(picture)]
            picture.rename(away / f"{medium}-{at.timestamp():.3f}.png")
            document.unlink(missing_ok=True)
    return found


def _codes(picture: Path) -> list[tuple[str, str]]:
    with Image.open(picture) as image:
        read = zxingcpp.read_barcodes(
            image.convert("L"), formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
        )
    found = []
    for each in read:
        try:
            found.append((read_claims(each.text).serial, each.text))
        except CodeError:
            continue
    return found


def judge(
    world: World, before: set[str], sheets: list[Sheet], journal: dict[str, str], word: tuple[str, str] | None
) -> Verdict:
    """Hold everything against each other. ``journal``: serial -> outcome. ``word``: what the resident had said of which
    serial when the process still lived."""
    truth = world.truth()
    new = {serial: truth[serial] for serial in truth if serial not in before}
    wrong = [f"{len(new)} serials for one paper"] * (len(new) > 1)
    for serial, (state, both, _) in new.items():
        if both or journal.get(serial, state) != state:
            wrong.append(f"{serial} is delivered and void")
        if state not in _ONLINE:
            wrong.append(f"{serial} is neither delivered nor void: {state}")
        if state == "delivered" and [each.serial for each in sheets].count(serial) != 1:
            wrong.append(f"{serial} is delivered, and its sheets are not one")
        if word and word[0] == serial and state != word[1]:
            wrong.append(f"{serial} is {state}, and the resident was told {word[1]}")
    for sheet in sheets:
        standing = online(world, sheet.code)
        if standing != _ONLINE.get(truth[sheet.serial][0]):
            wrong.append(f"a paper of {sheet.serial} lies there, {truth[sheet.serial][0]}, and is {standing} online")
    return Verdict(_outcome(new, sheets), _exposed(truth, sheets), tuple(wrong))


def online(world: World, code: str) -> str:
    """What anybody hears who checks a paper."""
    url, root = f"{world.server.url}/v1/verifications", str(world.server.root_pem)
    answer = requests.post(url, json={"code": code}, timeout=10, verify=root)
    answer.raise_for_status()
    return str(answer.json()["standing"])


def _outcome(new: dict[str, tuple[str, bool, datetime | None]], sheets: list[Sheet]) -> str:
    if not new:
        return "no serial"
    (serial, (state, _, _)), *_ = new.items()
    out = any(each.serial == serial for each in sheets)
    return state if state == "delivered" else f"void, {'paper out' if out else 'no paper'}"


def _exposed(truth: dict[str, tuple[str, bool, datetime | None]], sheets: list[Sheet]) -> float:
    spans = [(void - sheet.at).total_seconds() for sheet in sheets if (void := truth[sheet.serial][2])]
    return max([0.0, *spans])
