"""Compose docs/pictures/product.png from what ``make run`` left in out/demo: ``python -m scripts.product_picture``.

Only screens without a face are taken: the camera's picture shows a real person's portrait, which leaves no test.
"""

from pathlib import Path

from PIL import Image, ImageDraw

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "out" / "demo"
PICTURE = ROOT / "docs" / "pictures" / "product.png"

SCREENS = ("attract", "home", "face-or-officer", "own-data", "take-paper")
HEIGHT, GAP, MARGIN, CORNER = 540, 24, 36, 14
BACKGROUND, EDGE = "#e9e6df", "#c9c4b8"


def tiles(demo: Path) -> list[Image.Image]:
    """The screens in the order of a visit, then the paper, all of one height."""
    files = [next((demo / "screens").glob(f"[0-9][0-9]-{name}.png")) for name in SCREENS]
    return [_framed(Image.open(file).convert("RGB")) for file in (*files, demo / "printed-page.png")]


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


def compose(images: list[Image.Image]) -> Image.Image:
    """Side by side."""
    width = sum(image.width for image in images) + GAP * (len(images) - 1) + 2 * MARGIN
    picture = Image.new("RGB", (width, HEIGHT + 2 * MARGIN), BACKGROUND)
    left = MARGIN
    for image in images:
        picture.paste(image, (left, MARGIN))
        left += image.width + GAP
    return picture


if __name__ == "__main__":
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    compose(tiles(DEMO)).save(PICTURE, optimize=True)
    print(PICTURE.relative_to(ROOT), PICTURE.stat().st_size // 1000, "kB")
