"""What 我的通知 says: every kind in plain words, never more than a role, and what to do."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from backend_client.contract.messages import REISSUE, MessageKind
from kiosk.flows import notices as flow
from kiosk.flows import phone, told
from kiosk.presenters import notices
from kiosk.presenters.gallery import PLACE
from kiosk.presenters.surroundings import Surroundings
from records.rules.intakes import IntakeState
from records.rules.purposes import Purpose
from records.rules.roles import Right, Role, may
from terminal.texts import LANGUAGES, Catalogue
from terminal.views import MessageView, NoticeView

CATALOGUE = Catalogue.load(Path(__file__).resolve().parents[3] / "assets" / "texts")
AT = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
DECIDED = (IntakeState.ACCEPTED, IntakeState.MORE_PAPERS, IntakeState.REFUSED)


def _around(language: str) -> Surroundings:
    return Surroundings(CATALOGUE.in_language(language), datetime(2026, 11, 22, 23, 5, tzinfo=UTC), PLACE)


def _listed(language: str, **opened: object) -> NoticeView:
    view = notices.present(flow.Listing(told.Opened(**opened)), _around(language))  # type: ignore[arg-type]
    assert isinstance(view, NoticeView)
    return view


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_words_of_its_own(language: str) -> None:
    """Those of a decision by how it went; and each says when."""
    words = CATALOGUE.in_language(language)
    kinds = [kind.value for kind in MessageKind if kind is not MessageKind.READ]
    assert all(words.has(f"notices.told.{kind}") for kind in kinds)
    assert all(words.has(f"notices.told.intake-decided-{state}") for state in DECIDED)
    assert words.has(f"notices.told.paper-void-{REISSUE}")
    view = _listed(language, notices=(told.Notice("paper-void", AT, "2026-0001-000042-53"),))
    ((when, said),) = view.paragraphs
    assert "2026" in when
    assert "2026-0001-000042-53" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_purpose_and_every_role_that_reads_has_words(language: str) -> None:
    words = CATALOGUE.in_language(language)
    assert all(words.has(f"looks.purpose.{purpose}") for purpose in Purpose)
    readers = [role for role in Role if may(role, Right.PERSONS) or may(role, Right.HOUSES)]
    assert readers
    assert all(words.has(f"looks.reader.{role}") for role in readers)


def test_a_look_is_told_with_role_purpose_ticket_time_and_where_to_ask() -> None:
    looks = (told.Look(AT, "officer", "report-received", "JQ-2026-0311"),)
    view = notices.present(flow.ShowingLooks(told.Opened(looks=looks)), _around("zh"))
    assert isinstance(view, NoticeView)
    (when, said), (_, ask) = view.paragraphs
    assert "11月20日" in when
    assert all(part in said for part in ("民警", "接报警", "JQ-2026-0311"))
    assert all(part in ask for part in ("平安灯派出所户籍窗口", "0000-0110"))


def test_a_kind_that_this_kiosk_does_not_know_is_not_hidden() -> None:
    """Records may be newer."""
    ((_, said),) = _listed("zh", notices=(told.Notice("something-new", AT),)).paragraphs
    assert "值守窗口" in said


def test_that_the_number_is_due_stands_on_the_first_screen() -> None:
    view = _listed("zh", phone=told.Phone("138****1234", due_soon=True))
    assert "再验证" in view.choices[1].note
    assert _listed("zh", phone=told.Phone("138****1234")).choices[1].note == "138****1234"


def test_what_failed_is_said_and_what_is_true_now() -> None:
    state = phone.ShowingPhone(told.Opened(phone=told.Phone("138****1234")), problem="no-link")
    view = notices.present(state, _around("zh"))
    assert isinstance(view, MessageView)
    assert view.question == "号码没有删除。"
    assert "138****1234" in view.true_now
