"""``python -m tests.devices.face.pairs``: the table of docs/face-accuracy.md, all pairs of the test portraits."""

import itertools

from devices.face.api import PortraitProblem, similarity
from devices.face.driver import InsightFaceEngine
from tests.support.camera import PACK, PORTRAITS


def table() -> list[str]:
    """Markdown: each pair of portraits, its cosine similarity, and what the threshold makes of it."""
    engine = InsightFaceEngine(PACK)
    engine.load()
    vectors = {path.stem: engine.portrait_vector(path.read_bytes()) for path in sorted(PORTRAITS.glob("*.jpg"))}
    lines = ["| portrait | portrait | similarity | decision |", "|---|---|---|---|"]
    for (one, first), (other, second) in itertools.combinations(vectors.items(), 2):
        if isinstance(first, PortraitProblem) or isinstance(second, PortraitProblem):
            raise TypeError("a portrait without a face")
        likeness = similarity(first, second)
        decision = "**one person**" if likeness >= engine.threshold.similarity else "two persons"
        lines.append(f"| {one} | {other} | {likeness:.2f} | {decision} |")
    return lines


if __name__ == "__main__":
    print("\n".join(table()))
