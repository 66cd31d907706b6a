"""One variable moves every asset."""

from pathlib import Path

import pytest

from civic.assets import assets_folder, third_party


def test_an_administrator_s_folder_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """LAMPLIGHT_ASSETS names the root, with third_party/ below it."""
    monkeypatch.setenv("LAMPLIGHT_ASSETS", str(tmp_path))
    assert assets_folder() == tmp_path
    assert third_party("fonts/a.ttf") == tmp_path / "third_party" / "fonts" / "a.ttf"


def test_papers_and_screens_look_in_the_same_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One folder of fonts serves what is printed and what is shown."""
    from forms.fonts import font_file
    from terminal.fonts import coverage

    fonts = tmp_path / "third_party" / "fonts"
    fonts.mkdir(parents=True)
    (fonts / "Paper.ttf").touch()
    monkeypatch.setenv("LAMPLIGHT_ASSETS", str(tmp_path))
    assert font_file("Paper") == fonts / "Paper.ttf"
    with pytest.raises(FileNotFoundError) as error:
        coverage("fonts/Screen.ttf")
    assert Path(error.value.filename) == fonts / "Screen.ttf"


def test_the_built_application_has_them_beside_its_modules(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The bootloader says where it unpacked."""
    monkeypatch.delenv("LAMPLIGHT_ASSETS", raising=False)
    monkeypatch.setattr("sys._MEIPASS", str(tmp_path), raising=False)
    assert assets_folder() == tmp_path / "assets"


def test_a_checkout_has_its_own(monkeypatch: pytest.MonkeyPatch, checkout: Path) -> None:
    """Without any word, they are beside the packages."""
    monkeypatch.delenv("LAMPLIGHT_ASSETS", raising=False)
    assert assets_folder() == checkout / "assets"
