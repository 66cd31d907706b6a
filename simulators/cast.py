"""Who may stand before the simulated camera."""

import tomllib
from functools import lru_cache
from pathlib import Path

from simulators.held_picture import CutOutEyes, HeldSheet, StillPicture
from simulators.lease_page import LeasePage
from simulators.living_picture import LivingPicture, Nobody, NoFaceError, Subject
from simulators.scenery import WORN
from simulators.travel_page import TravelPage, pages

_HELPERS = ("impostor_2", "impostor_1")  # portraits: the second helps the first
_KINDS: dict[str, type[LivingPicture | StillPicture]] = {
    "live": LivingPicture,
    "still": StillPicture,
    "eyes": CutOutEyes,
}


class Cast:
    """Who may stand before the camera: the ``live`` pictures of the residents, and every portrait by its stem."""

    def __init__(self, residents: Path, portraits: Path, detector: Path) -> None:
        self._portraits = portraits
        self._detector = detector
        self._pictures = live_pictures(residents)

    def subject(self, name: str, worn: str = "") -> Subject:
        """``nobody``, ``live:``, ``still:``, ``eyes:``, ``page:``, ``lease:NAME`` or ``paper:FILE``. Nobody, too, if
        there is no such picture: it says so. ``worn``: what a living one has on their face (scenery.WORN)."""
        return self._wearing(name, worn) if worn in WORN else self._subject(name)

    def helper(self, name: str) -> Subject:
        """Somebody else than this subject, who came along."""
        return self._subject("live:" + next(who for who in _HELPERS if not name.endswith(who)))

    @lru_cache(maxsize=4)  # noqa: B019 - there is one cast per process
    def _wearing(self, name: str, worn: str) -> Subject:
        subject = self._subject(name)
        return subject.wearing(WORN[worn]) if isinstance(subject, LivingPicture) else subject

    @lru_cache(maxsize=16)  # noqa: B019 - there is one cast per process
    def _subject(self, name: str) -> Subject:
        kind, _, who = name.partition(":")
        if kind == "page" and who in pages():
            return TravelPage(who)
        if kind == "lease":
            return _lease(who)
        if kind == "paper":
            return _sheet(Path(who))
        if kind not in _KINDS:
            return Nobody()
        try:
            return _ready(_KINDS[kind](self._portraits / self._pictures.get(who, f"{who}.jpg"), self._detector))
        except NoFaceError as error:
            print(f"simulated camera: {error}", flush=True)
            return Nobody()


def _lease(name: str) -> Subject:
    try:
        return LeasePage(name)
    except KeyError:
        print(f"simulated camera: no such page of a lease: {name}", flush=True)
        return Nobody()


def _sheet(picture: Path) -> Subject:
    try:
        return HeldSheet(picture)
    except OSError as error:
        print(f"simulated camera: {error}", flush=True)
        return Nobody()


def live_pictures(residents: Path) -> dict[str, str]:
    """Each resident's key and the file name of their ``live`` picture. Empty without the file."""
    if not residents.is_file():
        return {}
    entries: dict[str, dict[str, str]] = tomllib.loads(residents.read_text("utf-8"))
    return {key: entry["live"] for key, entry in entries.items() if entry.get("live")}


def _ready(subject: Subject) -> Subject:
    """How far they turn and nod is found out now, not when they are asked to."""
    _ = subject.turns, subject.nods
    return subject
