"""A paper held before the simulated camera: its code is read there as at the kiosk."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from forms.qr import modules
from forms.reading import codes_in
from simulators.held_picture import HeldSheet

CODE = "PAD1:" + "A" * 300


def test_the_code_of_a_held_sheet_is_read(tmp_path: Path) -> None:
    """Straight, and turned a little as a hand does."""
    symbol = np.pad(modules(CODE), 6).repeat(8, 0).repeat(8, 1)
    Image.fromarray(np.where(symbol, 0, 255).astype(np.uint8)).save(tmp_path / "sheet.png")
    sheet = HeldSheet(tmp_path / "sheet.png")
    for turn in (0, 6):
        assert codes_in(np.ascontiguousarray(sheet.at(turn)[..., 1])) == (CODE,)


def test_a_missing_picture_is_said(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no picture"):
        HeldSheet(tmp_path / "none.png")
