"""The carried list of divisions: present, renamed and dissolved ones."""

import json
from pathlib import Path

import pytest

from civic import regions


@pytest.mark.parametrize(
    ("code", "full_name", "dissolved"),
    [
        ("330113", "浙江省杭州市临平区", False),  # made in 2021
        ("110103", "北京市崇文区", True),  # dissolved in 2010
        ("653228", "新疆维吾尔自治区和田地区和康县", False),  # made in 2024
        ("133100", "河北省雄安新区", False),
        ("830000", "台湾", False),
        ("810000", "香港特别行政区", False),
        ("429004", "湖北省仙桃市", False),  # belongs to its province directly
        ("500222", "重庆市綦江县", True),
        ("152601", "内蒙古自治区乌兰察布盟集宁市", True),  # its prefecture is dissolved too
        ("990101", "示例省示例市平安区", False),
    ],
)
def test_a_code_has_its_name_now_or_the_last_it_had(code: str, full_name: str, dissolved: bool) -> None:
    region = regions.name(code)
    assert region
    assert (str(region), region.dissolved) == (full_name, dissolved)


@pytest.mark.parametrize("code", ["000000", "11", "1101", "", "33011", "330199", "1101031"])
def test_what_the_list_does_not_know_has_no_name(code: str) -> None:
    assert regions.name(code) is None


def test_every_division_lies_in_a_province_and_says_so(checkout: Path) -> None:
    listed = json.loads((checkout / "assets/tables/regions.json").read_text("utf-8"))
    codes = [*listed["current"], *listed["former"]]
    assert len(codes) == len(set(codes)) > 3700
    for code in codes:
        region = regions.name(code)
        assert region
        assert region.province
        assert code[:2] in regions.PROVINCES | {"99"}
    assert {code[:2] for code in codes} == regions.PROVINCES | {"99"}
