"""What stands beside the answer where nobody could be asked."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.flows import check_paper as flow
from kiosk.flows.check_paper import Standing
from kiosk.presenters.check_paper import present
from kiosk.presenters.gallery import PLACE
from kiosk.presenters.surroundings import Surroundings
from terminal.texts import Catalogue
from terminal.views import DataView, MessageView

CATALOGUE = Catalogue.load(Path(__file__).resolve().parents[3] / "assets" / "texts")
MADE_AT = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)
AT = "2026年11月22日 21:00"


@pytest.mark.parametrize(
    ("standing", "old", "said"),
    [
        (Standing.COMPARE, False, f"没有连上主管机关；截至 {AT} 未见作废。"),
        (Standing.COMPARE, True, f"没有连上主管机关；只有 {AT} 的旧名单。"),
        (Standing.VOID, False, f"没有连上主管机关；{AT} 的名单上已作废。"),
        (Standing.VOID, True, f"没有连上主管机关；{AT} 的名单上已作废。"),
    ],
)
def test_without_a_link_it_is_said_what_was_known_and_when(standing: Standing, old: bool, said: str) -> None:
    """Never that a void paper was not known to be void."""
    told = flow.Told(flow.Finding(standing, "household_certificate", as_of=MADE_AT, old=old))
    view = present(told, Surroundings(CATALOGUE.in_language("zh"), datetime(2026, 11, 22, 23, 5, tzinfo=UTC), PLACE))
    assert isinstance(view, DataView)
    assert {row.label: row.value for row in view.rows}["是否作废"] == said


def test_where_the_list_does_not_know_the_issuer_its_date_is_said() -> None:
    """Read and heard; it is no denial, and what to do follows."""
    told = flow.Told(flow.Finding(Standing.NOT_KNOWN, as_of=MADE_AT))
    view = present(told, Surroundings(CATALOGUE.in_language("zh"), datetime(2026, 11, 22, 23, 5, tzinfo=UTC), PLACE))
    assert isinstance(view, MessageView)
    assert view.question == "现在无法核对"
    assert view.true_now == f"{AT} 的名单不认识它的签发方：可能是新换的，也可能是假的。"
    assert view.you_can == "连不上主管机关，请过一会儿再试；核对之前，请不要凭它办事。"
    assert view.spoken.endswith(view.true_now + view.you_can)
    assert view.forward is not None
    assert view.forward.label == "再试一次"
