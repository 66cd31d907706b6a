"""What the services say: what this paper will say, whom it may be for, and what stands on every receipt."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.flows import application, correction, details, issuing, visit
from kiosk.flows import happenings as h
from kiosk.presenters.application import present
from kiosk.presenters.gallery import PLACE, samples, visits
from kiosk.presenters.gallery_services import CASE, NO_RECORD, asking
from kiosk.presenters.surroundings import Surroundings
from terminal.texts import Catalogue
from terminal.views import ChoiceView, DataView, MessageView, Picture, View

CATALOGUE = Catalogue.load(Path(__file__).resolve().parents[3] / "assets" / "texts")
AROUND = Surroundings(CATALOGUE.in_language("zh"), datetime(2026, 11, 22, 23, 5, tzinfo=UTC), PLACE)
STATES = dict(asking())


def rows(name: str) -> dict[str, str]:
    view = present(STATES[name], AROUND)
    assert isinstance(view, DataView)
    return {row.label: row.value for row in view.rows}


def choices(state: application.Here) -> ChoiceView:
    view = present(state, AROUND)
    assert isinstance(view, ChoiceView)
    return view


def test_a_temporary_proof_says_until_when_and_for_what_alone() -> None:
    """By the hours of its purpose, from now on."""
    said = rows("data-temporary")
    assert list(said) == ["姓名", "性别", "民族", "出生日期", "公民身份号码", "户籍地址", "用途", "有效期"]
    assert said["有效期"] == "24 小时，到 11月23日 23:05 左右，只限这个用途"


def test_an_inquiry_says_what_is_asked_and_for_which_time() -> None:
    said = rows("data-no-record")
    assert list(said) == ["姓名", "性别", "出生日期", "证件号码", "查询时段", "用途", "有效期", "什么时候要"]
    assert (said["查询时段"], said["什么时候要"]) == ("从出生到查询当天", "稍后领取")
    assert rows("data-no-record-now") == said | {"什么时候要": "现在打印"}


def test_a_registration_shows_the_whole_address_that_was_typed() -> None:
    """What the register holds stays masked."""
    said = rows("data-residence")
    assert said["现在住址"].endswith("5 幢 1 单元 1203 室")
    assert "*" in said["公民身份号码"]


def test_who_stands_on_it_and_who_asks_is_said() -> None:
    assert rows("data-members")["同户人员"] == "子 张**"
    assert rows("data-child")["申请人"] == "您（监护人）"
    assert "申请人" not in rows("data-members")


def test_now_and_later_are_drawn_as_equals() -> None:
    """Two answers of one size; neither is the blue one, none is chosen already."""
    view = choices(STATES["when"])
    assert [choice.action for choice in view.choices] == ["now", "later"]
    assert view.forward is None
    assert {bool(choice.note) for choice in view.choices} == {True}


def test_a_member_is_ticked_or_says_what_it_takes() -> None:
    assert [choice.icon for choice in choices(STATES["members-chosen"]).choices] == ["tick", "tick", "empty"]
    assert "身份证" in choices(STATES["members"]).choices[0].note


@pytest.mark.parametrize("medium", ["page", "strip"])
def test_a_receipt_says_when_where_and_what_to_bring_and_nothing_of_why(medium: str) -> None:
    """From the policy; the same for who chose to wait."""

    def taking(*, later: bool) -> View:
        asked = h.Application(NO_RECORD.kind, "job", later=later)
        return present(application.Making(issuing.TakingPaper(asked, "serial", medium, receipt=True)), AROUND)

    assert taking(later=True) == taking(later=False)
    view = taking(later=True)
    assert isinstance(view, ChoiceView)
    assert all(part in view.paragraph for part in ("3 个工作日", "平安灯派出所户籍窗口", "本回执"))
    assert view.picture is (Picture.TAKE_STRIP if medium == "strip" else Picture.TAKE_PAPER)


def test_a_paper_that_is_called_out_is_said_aloud_and_names_nobody() -> None:
    asked = h.Application("household_certificate", "move")
    lying = present(application.Making(issuing.TakingPaper(asked, "serial")), AROUND)
    called = present(application.Making(issuing.TakingPaper(asked, "serial", called=1)), AROUND)
    assert (lying.aloud, called.aloud) == (0, 1)
    assert called.spoken == called.question == "请取走打印好的纸。"


def test_a_machine_that_waits_for_a_hand_is_worth_coming_back_to() -> None:
    """Begun, the paper is owed; not begun, one may try later. What no hand cures is for the window."""
    said = {
        (code, void): getattr(present(application.Making(issuing.Ended(code, void)), AROUND), "you_can", "")
        for code, void in (("cutter-error", True), ("waste-full", False), ("yearly-limit", False))
    }
    assert "免费重出" in said["cutter-error", True]
    assert "过一会儿" in said["waste-full", False]
    assert said["yearly-limit", False].startswith("请到值守窗口")


def test_every_state_of_every_service_is_in_the_gallery() -> None:
    """So that make screens and the tests of words see it."""
    seen = {type(visit.innermost(now)) for _, now in visits()}
    ends = {details.Known, details.Stopped, details.GivenUp, issuing.Finished}
    wanted = {*details.Here.__args__, *issuing.Here.__args__} - ends
    assert wanted <= seen


@pytest.mark.parametrize(
    ("language", "aided", "values"),
    [
        ("zh", True, ["张**", "男", "汉", "1986年**月**日"]),
        ("en", False, ["张**", "男 · male", "汉 · Han", "1986-**-**"]),
    ],
)
def test_who_corrects_reads_what_stands_in_each_line(language: str, values: list[str], *, aided: bool) -> None:
    """Masked; in large type too, with what is to be done. The register's own word, and what it is called in English."""
    around = replace(AROUND, words=CATALOGUE.in_language(language), aided=aided)
    view = present(application.Correcting(correction.ChoosingLines(CASE)), around)
    assert isinstance(view, ChoiceView)
    assert view.paragraph == around.words("correct.line")
    assert [choice.note for choice in view.choices] == values
    over = present(application.Correcting(correction.ReadingOver(CASE, ("sex", "birth_date"))), around)
    assert isinstance(over, DataView)
    assert [row.value for row in over.rows] == [values[1], values[3]]


def test_a_declaration_that_ends_at_the_window_speaks_of_no_paper() -> None:
    """Nothing was to be made: nothing was handed in."""
    seen = next(view for name, view, _ in samples(AROUND.words) if name == "declare-window")
    assert isinstance(seen, MessageView)
    assert seen.true_now.endswith(AROUND.words("handed_in.not_kept_true_now"))
