"""Where the files are that come with the product but are no code: texts, fonts, face weights, demonstration people."""

import os
import sys
from pathlib import Path


def assets_folder() -> Path:
    """Return the root of all assets: LAMPLIGHT_ASSETS, the built one-folder application's, or the checkout's."""
    if named := os.environ.get("LAMPLIGHT_ASSETS"):
        return Path(named)
    built = getattr(sys, "_MEIPASS", None)  # set by the PyInstaller bootloader
    return Path(built or Path(__file__).resolve().parents[1]) / "assets"


def third_party(path: str) -> Path:
    """Return a fetched asset, by its path below third_party/."""
    return assets_folder() / "third_party" / path
