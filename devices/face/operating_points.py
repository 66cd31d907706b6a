"""Which rates a model pack was measured at.

A pack may carry its own, in its ``manifest.json``; whoever licenses one asks its vendor for them:

    "identification": {
      "source": "vendor's report 12 of 2026-08, NIST FRTE protocol",
      "pairs": 40000000,
      "sets": ["visa photographs"],
      "points": [
        {"false_match_rate": 1e-6, "similarity": 0.31, "misses": [0.004]},
        {"false_match_rate": 1e-7, "similarity": 0.36, "misses": [0.007]}
      ]
    }

``sets`` and ``misses`` may be left out. What a vendor states is the vendor's: a site that has measured its own
threshold (``face-calibrate``) is held to that one alone.
"""

import json
from pathlib import Path
from typing import Any

from devices.face.api import Threshold
from devices.face.identification import OperatingPoints, OperatingPointsError, Point

MODEL_ID = "yunet-2023mar_sface-2021dec"  # of the pack that devices.face.pack makes
_MOST_BYTES = 1 << 20

SFACE = OperatingPoints(
    points=(
        Point(1e-3, 0.383, (0.0, 0.0, 0.345)),
        Point(1e-4, 0.461, (0.022, 0.003, None)),
        Point(1e-5, 0.531, (0.044, 0.024, None)),
    ),
    pairs=900_062,
    source=(
        "SFace on 900,062 pooled impostor pairs of public sets (LFW, ORL, Bollywood, deepface), own measurement; "
        "East Asian faces unmeasured and expected to be harder"
    ),
    sets=("LFW", "ORL", "web pictures"),
)
"""The default pack's. The highest impostor of all had 0.595; why that is no fourth point: docs/decisions/gate-face.md.
Web pictures (Bollywood, with label noise): by the threshold of 1e-3 of that set itself."""


def operating_points(pack: Path, own: Threshold | None = None) -> OperatingPoints | None:
    """Of the pack in this folder: the site's ``own`` threshold, the manifest's points, or the default pack's; None:
    nothing is known. Raises OperatingPointsError: the manifest's contradict themselves, or claim too much."""
    if own is not None:
        return _of_the_site(own)
    manifest = _manifest(pack)
    if "identification" in manifest:
        return _parsed(manifest["identification"])
    return SFACE if manifest.get("model_id") == MODEL_ID else None


def _of_the_site(own: Threshold) -> OperatingPoints:
    """``face-calibrate`` states no rate that fewer pairs than 3 / rate support."""
    return OperatingPoints((Point(own.false_match_rate, own.similarity),), pairs=None, source=own.source)


def _manifest(pack: Path) -> dict[str, Any]:
    try:
        file = pack / "manifest.json"
        read = json.loads(file.read_text("utf-8")) if file.stat().st_size <= _MOST_BYTES else None
    except (OSError, ValueError):
        return {}  # a pack of the older form has none
    return read if isinstance(read, dict) else {}


def _parsed(entry: Any) -> OperatingPoints:  # noqa: ANN401 - a vendor's JSON
    try:
        sets = tuple(str(name) for name in entry.get("sets", ()))
        points = tuple(_point(each, len(sets)) for each in entry["points"])
        return OperatingPoints(points, int(entry["pairs"]), str(entry["source"]), sets)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise OperatingPointsError("form") from error


def _point(entry: dict[str, Any], sets: int) -> Point:
    misses = tuple(None if part is None else float(part) for part in entry.get("misses", [None] * sets))
    return Point(float(entry["false_match_rate"]), float(entry["similarity"]), misses)
