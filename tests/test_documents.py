"""What the documents point to is there, and everything that is there is pointed to."""

import re
import subprocess
from pathlib import Path

import pytest

README_LINES = 120
PICTURE_BYTES = 400_000
_LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
_NAMED = re.compile(r"`((?:[\w.-]+/)+[\w.-]+\.(?:py|toml|md|sql|kv))`")


@pytest.fixture(scope="module")
def documents(checkout: Path) -> dict[Path, str]:
    """Return every page, by its path."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"]
    names = subprocess.run(listing, cwd=checkout, capture_output=True, text=True, check=True).stdout.split("\0")
    return {checkout / name: (checkout / name).read_text("utf-8") for name in names if (checkout / name).is_file()}


def _targets(page: Path, text: str) -> set[Path]:
    return {(page.parent / link).resolve() for link in _LINK.findall(text) if "://" not in link}


def test_every_link_leads_somewhere(documents: dict[Path, str]) -> None:
    broken = [f"{page}: {target}" for page, text in documents.items() for target in _targets(page, text)
              if not target.exists()]  # fmt: skip
    assert not broken


def test_every_page_is_linked_from_another(documents: dict[Path, str], checkout: Path) -> None:
    """A page that nothing leads to is read by nobody."""
    linked = {target for page, text in documents.items() for target in _targets(page, text) if target != page}
    assert not documents.keys() - linked - {checkout / "README.md"}


def test_every_file_that_is_named_is_there(documents: dict[Path, str], checkout: Path) -> None:
    """Names in back quotes with a folder before them; what running or set-up makes is not committed."""
    made = ("var", "out", "store", "dist")
    missing = {
        f"{page.relative_to(checkout)}: {name}"
        for page, text in documents.items()
        for name in _NAMED.findall(text)
        if name.split("/")[0] not in made and not any((base / name).exists() for base in (checkout, page.parent))
    }
    assert not missing


def test_the_readme_is_short_and_its_picture_small(checkout: Path) -> None:
    assert len((checkout / "README.md").read_text("utf-8").splitlines()) < README_LINES
    assert (checkout / "docs/pictures/product.png").stat().st_size < PICTURE_BYTES


def test_every_target_and_program_that_is_named_exists(documents: dict[Path, str], checkout: Path) -> None:
    """``make x`` and ``.venv/bin/x`` in the documents."""
    makefile = (checkout / "Makefile").read_text("utf-8")
    text = "\n".join(documents.values())
    targets = set(re.findall(r"(?:`|^    )make ([a-z]+)", text, re.MULTILINE))
    assert targets
    assert not {target for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)}
    programs = set(re.findall(r"\.venv/bin/([a-z-]+)", text))
    assert not {program for program in programs if not (checkout / ".venv" / "bin" / program).exists()}
