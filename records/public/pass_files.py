"""The files of the phone's page, read once, and the worker that keeps them on the phone under one version.

The worker's text holds a hash of all of them: when any changes, the browser sees another worker, which fetches all anew
before it takes over. A page is never put together from two versions.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from civic.assets import third_party
from records.console.texts import LANGUAGES
from records.public.pages import FOLDER, STATIC, text, words_of

JAVASCRIPT: Final = "text/javascript"
_HERE: Final = FOLDER / "static"
_SQUARE: Final = "square/lean-qr-nano.mjs"  # of assets/manifest.toml
_PLACES: Final = {
    "console.css": STATIC,
    "lamp.svg": STATIC,
    "pass.css": _HERE,
    "pass.js": _HERE,
    "clock.js": _HERE,
    "key.js": _HERE,
    "keeping.js": _HERE,
}
_TYPES: Final = {".css": "text/css", ".svg": "image/svg+xml", ".js": JAVASCRIPT, ".mjs": JAVASCRIPT}


@dataclass(frozen=True, slots=True)
class File:
    """Its bytes, and what they are."""

    content: bytes
    media_type: str


@cache
def files() -> dict[str, File]:
    """By the name below /pass/static/."""
    found = [folder / name for name, folder in _PLACES.items()]
    return {each.name: _read(each) for each in (*found, third_party(_SQUARE))}


@cache
def own_worker() -> str:
    """The one that keeps these files."""
    return worker(files())


def worker(parts: dict[str, File]) -> str:
    """The service worker: what it keeps, under which version, and the code that does."""
    pages = {"/pass/": "zh", **{f"/pass/?language={each}": each for each in LANGUAGES}}
    source = (_HERE / "worker.js").read_text("utf-8")
    known = hashlib.sha256(source.encode("utf-8"))
    for content in (*(text("pass", words_of(each), "pass.html").encode() for each in LANGUAGES), *_contents(parts)):
        known.update(hashlib.sha256(content).digest())
    kept = [*pages, *(f"/pass/static/{name}" for name in parts)]
    return f"const VERSION = {json.dumps(known.hexdigest()[:16])};\nconst FILES = {json.dumps(kept)};\n{source}"


def _contents(parts: dict[str, File]) -> list[bytes]:
    return [part.content for _, part in sorted(parts.items())]


def _read(path: Path) -> File:
    return File(path.read_bytes(), _TYPES[path.suffix])
