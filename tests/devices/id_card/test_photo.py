"""Photos opened by a library that may do anything: real C, compiled here, in the worker's process."""

import io
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from civic.masking import PersonalBytes
from devices.id_card import photo
from devices.id_card.photo import HEIGHT, WIDTH, VendorPhotoDecoder

WLT = PersonalBytes(b"WLT\0" + bytes(range(255)) * 4)
SYMBOL = "_Z6unpackPcS_i"
PATIENCE_S = 20.0  # a test machine is shared
SIGNATURE = f"int {SYMBOL}(char *wlt, char *picture, int number)"
PAINT = "for (int at = 0; at < 38556; at++) picture[at] = (char)(at / 306 + number);"  # each row another grey

WELL = f"{SIGNATURE} {{ if (wlt[0] != 'W') return -1; {PAINT} return 1; }}"
CORNERS = f"{SIGNATURE} {{ picture[0] = (char)255; picture[38555] = (char)255; return 1; }}"
TALKS = f"""#include <stdio.h>
{SIGNATURE} {{ puts(wlt); fputs(wlt, stderr); fflush(0); {PAINT} return 1; }}"""
WRITES = f"""#include <stdio.h>
{SIGNATURE} {{ FILE *f = fopen("photo.tmp", "w"); if (f && (fputs(wlt, f) < 0 || fclose(f))) return -5;
 {PAINT} return 1; }}"""
OVERRUNS = f"{SIGNATURE} {{ {PAINT} for (int at = 0; at < 400; at++) picture[38556 + at] = wlt[at + 1024]; return 1; }}"
CRASHES = f"{SIGNATURE} {{ return *(volatile int *)0; }}"
ABORTS = f"#include <stdlib.h>\n{SIGNATURE} {{ abort(); }}"
LEAVES = f"#include <stdlib.h>\n{SIGNATURE} {{ exit(0); }}"
HANGS = f"#include <unistd.h>\n{SIGNATURE} {{ for (;;) pause(); }}"
REFUSES = f"{SIGNATURE} {{ {PAINT} return -5; }}"
DRAWS_NOTHING = f"{SIGNATURE} {{ return 1; }}"
NAMES_OTHERWISE = "int unpack_it(char *wlt, char *picture, int number) { return 1; }"

Compile = Callable[[str], Path]


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Compile:
    """Make a shared library of a few lines of C, once each."""
    folder, made = tmp_path_factory.mktemp("libraries"), dict[str, Path]()

    def compile_(code: str) -> Path:
        if code not in made:
            library = folder / str(len(made)) / "libphoto.so"
            library.parent.mkdir()
            command = ["gcc", "-x", "c", "-shared", "-fPIC", "-O0", "-o", str(library), "-"]
            subprocess.run(command, input=code, text=True, check=True, capture_output=True)
            made[code] = library
        return made[code]

    return compile_


def opened(library: Path, **settings: str | float) -> Image.Image | None:
    found = VendorPhotoDecoder(library, **{"patience": PATIENCE_S, **settings}).decode(WLT)  # type: ignore[arg-type]
    return Image.open(io.BytesIO(found.reveal())) if found else None


def test_a_photo_becomes_a_picture_of_the_chips_size(compiled: Compile) -> None:
    """102 x 126 pixels, a file of 38862 bytes, first row on top, and nothing of it in any word."""
    found = VendorPhotoDecoder(compiled(WELL), patience=PATIENCE_S).decode(WLT)
    assert found is not None
    assert len(found.reveal()) == 38862
    picture = Image.open(io.BytesIO(found.reveal()))
    assert (picture.format, picture.size, picture.mode) == ("BMP", (WIDTH, HEIGHT), "RGB")
    assert [picture.getpixel((50, row)) for row in (0, 125)] == [((708 + row) % 256,) * 3 for row in (0, 125)]
    assert "38862 bytes" in repr(found)


def test_the_number_reaches_the_library(compiled: Compile) -> None:
    """708 in one maker's programs, 752 in another's."""
    picture = opened(compiled(WELL), number=752)
    assert picture is not None
    assert picture.getpixel((0, 0)) == (752 % 256,) * 3


@pytest.mark.parametrize(
    ("turned", "blue", "red"),
    [
        ("no", (0, 0), (101, 125)),
        ("rows", (0, 125), (101, 0)),
        ("columns", (101, 0), (0, 125)),
        ("both", (101, 125), (0, 0)),
    ],
)
def test_a_picture_that_is_made_the_wrong_way_round_is_turned(
    compiled: Compile, turned: str, blue: tuple[int, int], red: tuple[int, int]
) -> None:
    """Colours keep their order: the first byte of a pixel is its blue, the last its red."""
    picture = opened(compiled(CORNERS), turned=turned)
    assert picture is not None
    assert (picture.getpixel(blue), picture.getpixel(red)) == ((0, 0, 255), (255, 0, 0))


def test_a_library_that_reads_and_writes_too_far_is_borne_with(compiled: Compile) -> None:
    """There is room behind both."""
    assert opened(compiled(OVERRUNS)) is not None


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (CRASHES, "crashed"),
        (ABORTS, "crashed"),
        (LEAVES, "refused"),
        (REFUSES, "refused"),
        (DRAWS_NOTHING, "refused"),
        (NAMES_OTHERWISE, "no-library"),
    ],
    ids=["crashes", "aborts", "leaves", "refuses", "draws-nothing", "named-otherwise"],
)
def test_a_library_that_fails_costs_the_photo_and_nothing_else(
    compiled: Compile, caplog: pytest.LogCaptureFixture, code: str, reason: str
) -> None:
    """No exception, one line for the technician, and not a byte of the photo in it."""
    assert opened(compiled(code)) is None
    assert [record.getMessage() for record in caplog.records] == [f"photo of a card: {reason}"]


def test_a_library_that_hangs_is_ended(compiled: Compile, caplog: pytest.LogCaptureFixture) -> None:
    """The worker does not stay behind."""
    begun = time.monotonic()
    assert opened(compiled(HANGS), patience=0.6) is None
    assert time.monotonic() - begun < PATIENCE_S
    assert [record.getMessage() for record in caplog.records] == ["photo of a card: hung"]
    assert _workers() == []


def test_what_is_no_library_is_no_photo(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Not there, no program code, or in a folder that is not there."""
    (tmp_path / "text.so").write_text("text", "utf-8")
    for name in ("none.so", "text.so", "no-folder/none.so"):
        assert opened(tmp_path / name) is None
    assert {record.getMessage() for record in caplog.records} == {"photo of a card: no-library"}


@pytest.mark.parametrize("code", [TALKS, WRITES], ids=["talks", "writes"])
def test_a_library_can_neither_print_nor_write_the_photo(
    compiled: Compile, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, code: str
) -> None:
    """What it prints is thrown away; a file that it opens stays empty, or the photo is given up."""
    caplog.set_level(logging.DEBUG)
    library = compiled(code)
    opened(library)
    said = capfd.readouterr()
    assert "WLT" not in said.out + said.err + caplog.text
    assert all(b"WLT" not in file.read_bytes() for file in library.parent.iterdir())


def test_talk_of_the_library_is_not_taken_for_the_picture(compiled: Compile) -> None:
    """Many print a greeting."""
    assert opened(compiled(TALKS)) is not None


def test_a_crash_leaves_no_memory_behind(compiled: Compile, tmp_path: Path) -> None:
    """The worker may neither write a dump nor hand one to the system's collector."""
    tells = f"""#include <sys/prctl.h>
#include <sys/resource.h>
{SIGNATURE} {{ struct rlimit core; getrlimit(RLIMIT_CORE, &core);
 {PAINT} return prctl(PR_GET_DUMPABLE) == 0 && core.rlim_max == 0 ? 1 : -1; }}"""
    assert opened(compiled(tells)) is not None
    assert list(tmp_path.iterdir()) == []


def test_the_photo_is_in_no_argument_of_the_worker(compiled: Compile, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every user of the machine can read those; and of the kiosk's surroundings it is told nothing."""
    tells = f"""#include <stdlib.h>
{SIGNATURE} {{ {PAINT} return getenv("SECRET_OF_THE_KIOSK") == 0 ? 1 : -1; }}"""
    monkeypatch.setenv("SECRET_OF_THE_KIOSK", "1")
    assert opened(compiled(tells)) is not None
    assert [*photo._worker(), "library", SYMBOL, "708"][1:4] == ["-I", "-m", "devices.id_card.photo_worker"]


def test_the_built_kiosk_is_its_own_worker(compiled: Compile, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no Python beside it: it starts itself by another name, which its first lines understand."""
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert photo._worker() == [sys.executable, photo.WORKER_COMMAND]
    entry = [sys.executable, str(checkout / "scripts" / "built_kiosk.py"), photo.WORKER_COMMAND]
    monkeypatch.setattr(photo, "_worker", lambda: entry)
    assert opened(compiled(WELL)) is not None


def _workers() -> list[str]:
    """The worker processes of this test's."""
    children = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    numbers = " ".join(file.read_text("ascii") for file in children).split()
    lines = [(Path("/proc") / number / "cmdline") for number in numbers]
    return [line.read_text("utf-8") for line in lines if line.exists() and "photo_worker" in line.read_text("utf-8")]
