"""The page for anybody in a real browser: a desk's and a telephone's, in both languages, by touch and by keyboard."""

import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count, product
from pathlib import Path

import base45
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from backend_client.contract.papers import VoidReason
from civic.clock import SystemClock
from forms.code import PREFIX, CodeKey, sign_code
from forms.qr import modules
from records import installation
from records.public.intake import LARGEST
from records.services.papers import void_by_officer
from tests.support.browser import DESK, PHONE, Seen
from tests.support.clocks import StillClock
from tests.support.papers import SPARSE
from tests.support.pki import make_pki
from tests.support.records_client import KioskClient
from tests.support.records_server import RecordsServer, free_port, quick_settings, rules_with, write_settings

LONG_AGO = timedelta(days=40)
VIEWS = [pytest.param(*view, id="-".join(view)) for view in product((DESK, PHONE), ("zh", "en"))]
LANG = {"zh": "zh-CN", "en": "en"}
TITLES = {
    "compare": ("二维码是真的，请对照纸面", "The code is genuine: now compare"),
    "not-yet": ("尚待确认", "Not confirmed yet"),
    "void": ("已作废", "Void"),
    "expired": ("已过期", "Expired"),
    "altered": ("与签发时不同", "Not as it was issued"),
    "unknown": ("不是本机关出具", "Not issued here"),
}
PROBLEMS = {
    "no-code": ("照片里没有找到", "no paper's code in the picture"),
    "too-large": ("照片超过 8 MB", "larger than 8 MB"),
    "unreadable": ("这不是本机关证明的二维码内容", "This is not what a code of this authority says"),
    "nothing": ("请先选择照片", "Choose a picture first"),
}
A_LONG_NAME = "IMG_20261122_230501_a-rather-long-name-as-telephones-give.jpg"
ADDRESSES = (f"198.51.100.{number}" for number in count(1))  # each test is another visitor's


@pytest.fixture(scope="module")
def codes() -> dict[str, str]:
    """Filled in as the papers are made."""
    return {"unknown": sign_code(SPARSE, CodeKey(make_pki().code.key)), "unreadable": "PAD1:%%%"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, codes: dict[str, str]) -> Iterator[RecordsServer]:
    """Records with a paper of each sort, behind a proxy at this machine."""
    folder = tmp_path_factory.mktemp("check")
    data = folder / "records"
    data.mkdir()
    settings = quick_settings()
    behind = settings.server.model_copy(update={"check_proxy": "127.0.0.1"})
    write_settings(data, settings.model_copy(update={"server": behind}), rules_with())
    _issue(data, codes)
    started = RecordsServer(data, free_port(), folder / "records.log")
    started.start()
    yield started
    started.stop()


def _issue(data: Path, codes: dict[str, str]) -> None:
    clock = StillClock(SystemClock().now() - LONG_AGO)
    records = installation.prepare(data, clock, lambda _sentence: None)
    kiosk = KioskClient(records)
    codes["expired"] = _delivered(kiosk, "expired")[1]
    clock.pass_by(LONG_AGO.total_seconds())
    codes["compare"] = _delivered(kiosk, "compare")[1]
    codes["not-yet"] = kiosk.reserved(visit="visit-not-yet")["code"]
    serial, codes["void"] = _delivered(kiosk, "void")
    void_by_officer(records, serial, VoidReason.OFFICER)
    codes["altered"] = _altered(codes["compare"])
    records.database.close()


def _delivered(kiosk: KioskClient, name: str) -> tuple[str, str]:
    paper = kiosk.reserved(visit=f"visit-{name}")
    kiosk.seal(paper["serial"])
    kiosk.delivered(paper["serial"])
    return paper["serial"], paper["code"]


def _altered(code: str) -> str:
    """The same with another last byte, which is of the signature."""
    message = bytearray(base45.b45decode(code.removeprefix(PREFIX)))
    message[-1] ^= 1
    text: str = base45.b45encode(bytes(message)).decode("ascii")
    return PREFIX + text


@pytest.fixture
def seen(visitors: Callable[[str], Seen], size: str, language: str) -> Seen:
    """The form, open."""
    opened = visitors(size)
    opened.comes_from(next(ADDRESSES))
    opened.page.goto(f"/check/?language={language}")
    return opened


def _photograph(code: str) -> FilePayload:
    """A sheet with the code on it, as a telephone sends it."""
    symbol = np.pad(modules(code), 4).repeat(6, 0).repeat(6, 1)
    sheet = np.full((900, 700), 236, np.uint8)
    sheet[250 : 250 + len(symbol), 90 : 90 + len(symbol)] = np.where(symbol, 20, 236)
    output = io.BytesIO()
    Image.fromarray(sheet).save(output, "JPEG")
    return FilePayload(
        name=A_LONG_NAME,
        mimeType="image/jpeg",
        buffer=output.getvalue(),
    )


def _chosen(page: Page, file: FilePayload | Path) -> None:
    """Choose it as people do: by what the browser opens."""
    with page.expect_file_chooser() as opened:
        page.locator("#paper").click()
    opened.value.set_files(file)


def _touched(seen: Seen, size: str, what: str) -> None:
    control = seen.page.locator(what)
    control.tap() if size == PHONE else control.click()


@pytest.mark.parametrize(("size", "language"), VIEWS)
def test_the_form_is_whole(seen: Seen, size: str, language: str) -> None:
    seen.picture(f"form-{language}-{size}")
    assert not seen.faults(LANG[language])


@pytest.mark.parametrize("answer", TITLES)
@pytest.mark.parametrize(("size", "language"), VIEWS)
def test_each_answer_is_a_page_to_read(
    seen: Seen, size: str, language: str, answer: str, codes: dict[str, str]
) -> None:
    """A telephone sends a picture; at a desk the code is pasted."""
    if size == PHONE:
        _chosen(seen.page, _photograph(codes[answer]))
    else:
        seen.page.locator("#code").click()
        seen.page.keyboard.insert_text(codes[answer])
    _touched(seen, size, "button.next")
    expect(seen.page.locator("h1")).to_have_text(TITLES[answer][language == "en"])
    seen.picture(f"{answer}-{language}-{size}")
    assert not seen.faults(LANG[language])


@pytest.mark.parametrize(("size", "language"), [(PHONE, "en")])
def test_from_an_answer_the_form_is_one_touch_away(seen: Seen, size: str, codes: dict[str, str]) -> None:
    """In the same language. A telephone may paste too."""
    _touched(seen, size, "#code")
    seen.page.keyboard.insert_text(codes["compare"])
    _touched(seen, size, "button.next")
    _touched(seen, size, "main a")
    expect(seen.page.locator("#code")).to_have_value("")
    assert not seen.faults("en")


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Pictures that are none, and too large."""
    folder = tmp_path_factory.mktemp("spoilt")
    files = {"no-code": folder / "IMG_1.jpg", "too-large": folder / "IMG_2.jpg"}
    files["no-code"].write_bytes(b"\xff\xd8\xff" + bytes(9_000))
    files["too-large"].write_bytes(b"\xff\xd8\xff" + bytes(LARGEST + 1))
    return files


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize(("size", "language"), VIEWS)
def test_a_problem_is_said_above_the_form(
    seen: Seen, size: str, language: str, problem: str, codes: dict[str, str], spoilt: dict[str, Path]
) -> None:
    """The form is there again to go on with."""
    if problem == "unreadable":
        seen.page.locator("#code").fill(codes["unreadable"])
    elif problem != "nothing":
        _chosen(seen.page, spoilt[problem])
    _touched(seen, size, "button.next")
    expect(seen.page.get_by_role("alert")).to_contain_text(PROBLEMS[problem][language == "en"])
    expect(seen.page.locator("#paper")).to_be_visible()
    seen.picture(f"{problem}-{language}-{size}")
    assert not seen.faults(LANG[language])


@pytest.mark.parametrize(("size", "language"), [(DESK, "zh"), (DESK, "en")])
def test_the_keyboard_alone_reaches_and_sends_the_form(seen: Seen, language: str, codes: dict[str, str]) -> None:
    """In the order of the page, and one sees where one is."""
    stops = []
    for _ in range(4):
        seen.page.keyboard.press("Tab")
        stops.append(
            seen.page.evaluate(
                "[document.activeElement.id || document.activeElement.tagName, "
                "getComputedStyle(document.activeElement).outlineStyle]"
            )
        )
    assert stops == [["A", "solid"], ["paper", "solid"], ["code", "solid"], ["BUTTON", "solid"]]
    seen.page.keyboard.press("Shift+Tab")
    seen.page.keyboard.insert_text(codes["void"])
    seen.page.keyboard.press("Enter")
    expect(seen.page.locator("h1")).to_have_text(TITLES["void"][language == "en"])


@pytest.mark.parametrize(("size", "language"), [(DESK, "zh")])
def test_a_picture_is_chosen_by_keyboard(seen: Seen, codes: dict[str, str]) -> None:
    seen.page.on("filechooser", lambda _chooser: None)  # asked for before the key is pressed, not beside it
    seen.page.locator("#paper").focus()
    with seen.page.expect_file_chooser() as opened:
        seen.page.keyboard.press("Enter")
    opened.value.set_files(_photograph(codes["not-yet"]))
    seen.page.keyboard.press("Tab")
    seen.page.keyboard.press("Tab")
    seen.page.keyboard.press("Enter")
    expect(seen.page.locator("h1")).to_have_text(TITLES["not-yet"][0])


@pytest.mark.parametrize(("size", "language"), [(PHONE, "zh")])
def test_the_other_language_is_one_touch_away(seen: Seen, size: str) -> None:
    _touched(seen, size, "header a")
    expect(seen.page.locator("html")).to_have_attribute("lang", "en")
    assert not seen.faults("en")


@pytest.mark.parametrize(("size", "language"), [(PHONE, "zh")])
def test_a_page_that_breaks_the_rules_is_noticed(seen: Seen) -> None:
    """Else all the others here would say nothing."""
    spoilt = (
        "<h1>2</h1><input id=bare style='height: 9px'><a href=/ id=long>"
        + "w" * 99
        + "</a><img src=https://elsewhere.invalid/x>"
    )
    seen.page.evaluate("spoilt => document.body.insertAdjacentHTML('beforeend', spoilt)", spoilt)
    faults = "\n".join(seen.faults("en"))
    for wrong in (
        "language: zh-CN",
        "headings: 2",
        "wider: ",
        "unlabelled: ['bare']",
        "small: ['long']",
        "outside: ['long']",
    ):
        assert wrong in faults
    assert "style-src 'self'" in faults
    assert "img-src 'self'" in faults
