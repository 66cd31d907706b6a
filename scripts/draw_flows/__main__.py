"""Write every page."""

from pathlib import Path

from scripts.draw_flows.draw import draw
from scripts.draw_flows.pages import pages

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "flows"


def main() -> None:
    """Write every page."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, page in pages().items():
        (FOLDER / name).write_text(draw(page), "utf-8")
        print(FOLDER.name, name)


if __name__ == "__main__":
    main()
