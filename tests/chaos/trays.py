"""What lies in the trays, read as anybody with a phone would read it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import requests
from PIL import Image

from forms.code import read_claims
from forms.errors import CodeError
from forms.paper import Medium
from tests.chaos.surroundings import World
from tests.support.squares import squares


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper in a tray whose code can be read: it counts as whole, though its end may be missing."""

    medium: Medium
    serial: str
    code: str
    at: datetime


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
        read = squares(image.convert("L"))
    found = []
    for each in read:
        try:
            found.append((read_claims(each.text).serial, each.text))
        except CodeError:
            continue
    return found


def online(world: World, code: str) -> str:
    """What anybody hears who checks a paper."""
    url, root = f"{world.server.url}/v1/verifications", str(world.server.root_pem)
    answer = requests.post(url, json={"code": code}, timeout=10, verify=root)
    answer.raise_for_status()
    return str(answer.json()["standing"])
