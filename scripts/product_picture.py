"""Compose docs/pictures/product.png from what ``make run`` left in out/demo, and gate.png from what ``make gate`` left
in out/gate: ``python -m scripts.product_picture``.

Only screens without a face are taken: the camera's picture shows a real person's portrait, which leaves no test.
"""

from pathlib import Path

from PIL import Image, ImageDraw

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"

KIOSK = ("attract", "home", "face-or-officer", "own-data", "take-paper")
GATE = ("idle", "card-deng", "card-neighbour", "fire", "technician-page")
HEIGHT, GAP, MARGIN, CORNER = 540, 24, 36, 14
BACKGROUND, EDGE = "#e9e6df", "#c9c4b8"


def screens(out: Path, names: tuple[str, ...]) -> list[Path]:
    """The files of these screens, in this order."""
    return [next((out / "screens").glob(f"[0-9][0-9]-{name}.png")) for name in names]


def _framed(image: Image.Image) -> Image.Image:
    """Scaled to HEIGHT, with round corners and a thin edge."""
    width = round(image.width * HEIGHT / image.height)
    scaled = image.resize((width, HEIGHT), Image.Resampling.LANCZOS)
    box = (0, 0, width - 1, HEIGHT - 1)
    mask = Image.new("L", scaled.size, 0)
    ImageDraw.Draw(mask).rounded_rectangle(box, CORNER, fill=255)
    framed = Image.new("RGB", scaled.size, BACKGROUND)
    framed.paste(scaled, mask=mask)
    ImageDraw.Draw(framed).rounded_rectangle(box, CORNER, outline=EDGE, width=2)
    return framed


def compose(files: list[Path]) -> Image.Image:
    """Side by side, all of one height."""
    images = [_framed(Image.open(file).convert("RGB")) for file in files]
    width = sum(image.width for image in images) + GAP * (len(images) - 1) + 2 * MARGIN
    picture = Image.new("RGB", (width, HEIGHT + 2 * MARGIN), BACKGROUND)
    left = MARGIN
    for image in images:
        picture.paste(image, (left, MARGIN))
        left += image.width + GAP
    return picture


def _write(name: str, files: list[Path]) -> None:
    """Into docs/pictures."""
    path = PICTURES / name
    path.parent.mkdir(parents=True, exist_ok=True)
    compose(files).save(path, optimize=True)
    print(path.relative_to(ROOT), path.stat().st_size // 1000, "kB")


if __name__ == "__main__":
    demo, gate = ROOT / "out" / "demo", ROOT / "out" / "gate"
    if demo.exists():
        _write("product.png", [*screens(demo, KIOSK), demo / "printed-page.png"])
    if gate.exists():
        _write("gate.png", screens(gate, GATE))
