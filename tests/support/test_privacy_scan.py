"""The scan itself: a name planted in any form is found, and nothing is found where nothing is."""

import base64
import gzip
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, PngImagePlugin

from forms.code import CodeKey, sign_code
from forms.render import render
from tests.support.papers import FULL
from tests.support.pki import make_pki
from tests.support.privacy_scan import find_personal, unexpected_files

NAME, NUMBER = FULL.name, FULL.id_number
NEEDLES = [NAME, NUMBER, FULL.address]


def _zipped() -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", gzip.compress(NAME.encode("gb18030")))
    return output.getvalue()


def _png(*, code: bool) -> bytes:
    facts = PngImagePlugin.PngInfo()
    picture = Image.new("L", (40, 40), 255)
    if code:
        drawn = zxingcpp.create_barcode(NAME, zxingcpp.BarcodeFormat.QRCode)
        picture = Image.fromarray(zxingcpp.write_barcode_to_image(drawn, scale=4))
    else:
        facts.add_itxt("Author", NAME, zip=True)
    output = io.BytesIO()
    picture.save(output, "PNG", pnginfo=facts)
    return output.getvalue()


PLANTS: dict[str, Callable[[], bytes]] = {
    "utf-8": NAME.encode,
    "utf-16": lambda: b"x" + NAME.encode("utf-16-le"),
    "gb18030": lambda: NAME.encode("gb18030"),
    "json": lambda: json.dumps({"name": NAME}).encode(),
    "base64": lambda: base64.b64encode(f"name={NAME}; ...".encode()),
    "zip and gzip": _zipped,
    "picture metadata": lambda: _png(code=False),
    "code in a picture": lambda: _png(code=True),
    "page": lambda: render(FULL, sign_code(FULL, CodeKey(make_pki().code.key))),
}


@pytest.mark.parametrize("plant", PLANTS)
def test_a_name_is_found_in_any_form(tmp_path: Path, plant: str) -> None:
    """As itself, escaped, packed, drawn or coded."""
    (tmp_path / "file").write_bytes(PLANTS[plant]())
    assert {each.needle for each in find_personal(tmp_path, NEEDLES)} >= {0}


def test_deleted_rows_long_values_and_the_wal_are_read(tmp_path: Path) -> None:
    """A free page, an overflow chain that cuts the needle, and a write that is not yet in the file."""
    database = sqlite3.connect(tmp_path / "a.db")
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA secure_delete=OFF")
    database.execute("CREATE TABLE note (text TEXT)")
    database.execute("INSERT INTO note VALUES (?)", ("x" * 3000 + (FULL.address + "，") * 300,))
    database.execute("DELETE FROM note")
    database.commit()
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.execute("INSERT INTO note VALUES (?)", (NUMBER,))
    database.commit()
    found = {(each.path.name, each.needle) for each in find_personal(tmp_path, NEEDLES)}
    database.close()
    assert ("a.db", 2) in found
    assert ("a.db-wal", 1) in found


def test_a_piece_of_a_picture_is_found_wherever_it_lies(tmp_path: Path) -> None:
    """As it is, and as text that carries bytes."""
    picture = bytes(range(256)) * 8
    piece = picture[700:748]
    (tmp_path / "cut").write_bytes(b"something before" + picture[500:900])
    (tmp_path / "text").write_bytes(base64.b64encode(b"xy" + picture))
    (tmp_path / "hex").write_text(picture.hex())
    (tmp_path / "other").write_bytes(bytes(2000))
    assert {each.path.name for each in find_personal(tmp_path, [piece])} == {"cut", "text", "hex"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("code=402913;", True),
        ('["402913"]', True),
        ("402 913", True),
        ("at 15:05:07.402913 UTC", False),
        ("a402913f", False),
        ("1402913", False),
    ],
)
def test_a_short_code_counts_where_it_stands_alone(tmp_path: Path, text: str, found: bool) -> None:
    """Hashes and clocks write six digits too."""
    (tmp_path / "log").write_text(text)
    assert bool(find_personal(tmp_path, NEEDLES, ["402913"])) is found


def test_nothing_is_found_where_nothing_is(tmp_path: Path) -> None:
    """No false alarm in ordinary files."""
    (tmp_path / "a.json").write_text(json.dumps({"serial": FULL.serial, "state": "void"}))
    (tmp_path / "b.png").write_bytes(_png(code=False).replace(b"iTXt", b"zzZz"))
    assert [each for each in find_personal(tmp_path, NEEDLES) if each.path.name == "a.json"] == []


def test_files_and_links_off_the_list_are_named(tmp_path: Path) -> None:
    """Whatever a program leaves behind must be expected."""
    (tmp_path / "kiosk").mkdir()
    (tmp_path / "kiosk" / "kiosk.db").write_text("")
    (tmp_path / "kiosk" / "core").write_text("")
    (tmp_path / "link").symlink_to("/nowhere")
    assert unexpected_files(tmp_path, ["kiosk/*.db"]) == [Path("kiosk/core"), Path("link")]
