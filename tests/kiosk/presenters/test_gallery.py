"""Every screen, in both languages: words for all of it, a spoken sentence, and a way for the keypad."""

import re
import tomllib
from pathlib import Path

import pytest

from kiosk.actions import event_of
from kiosk.flows.errand import SERVICES
from kiosk.flows.readiness import CHECK, NOTICES, TENANCY
from kiosk.presenters.gallery import PLACE, samples, visits
from kiosk.presenters.gallery_identification import OFFERS
from terminal.texts import LANGUAGES, Catalogue, MissingTextError, Words
from terminal.views import DataView, MessageView, PictureView, ProgressView

TEXTS = Path(__file__).resolve().parents[3] / "assets" / "texts"
CATALOGUE = Catalogue.load(TEXTS)
_BUSY = {
    *("looking-at-reader", "identifying", "opening-record", "opening-child", "member-asking", "door-finding"),
    *("voiding", "parting", "check-left"),
    *("declare-looking", "declare-checking", "declare-keeping", "declare-done", "declare-left", "correct-finished"),
    *("notices-opening", "notices-over", "phone-sending", "phone-checking", "phone-removing"),
    *("renting-checking", "renting-opening", "renting-keeping", "renting-over", "lease-finding", "people-checking"),
    *("people-gathered", "ways-asking-link", "guest-making", "slip-making", "renting-checking-stranger"),
}
_WAITS_FOR_HANDS = {"take-card", "declare-take-card", "leftover-card", "out-of-service"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_says_a_sentence_and_has_help(language: str) -> None:
    for name, view, _ in samples(CATALOGUE.in_language(language)):
        assert view.question.strip(), name
        assert view.spoken.strip(), name
        assert view.help.strip(), name


def test_no_english_text_is_left_in_chinese_or_the_other_way_round() -> None:
    han = re.compile(r"[\u4e00-\u9fff]")
    for name, view, chrome in samples(CATALOGUE.in_language("en")):
        spoken = f"{view.question} {view.spoken} {view.help} {chrome.alarm}"
        assert not han.search(spoken), f"{name}: {spoken}"
    for name, view, _ in samples(CATALOGUE.in_language("zh")):
        assert han.search(view.question), name


def test_every_screen_can_be_walked_with_the_keypad_or_ends_by_itself() -> None:
    for name, view, _ in samples(CATALOGUE.in_language("zh")):
        if not view.focus_order:
            assert name in _BUSY | _WAITS_FOR_HANDS or isinstance(view, ProgressView), name
        assert len(set(view.focus_order)) == len(view.focus_order), name


def test_every_target_means_something() -> None:
    for name, view, chrome in samples(CATALOGUE.in_language("zh")):
        actions = [action for action in view.focus_order if action != "reveal"]
        actions += [choice.action for choice in chrome.buttons]
        for action in actions:
            assert event_of(action, PLACE.service, lambda _: OFFERS) is not None, f"{name}: {action}"


def test_the_languages_have_the_same_texts_with_the_same_places() -> None:
    chinese, english = (_flat(tomllib.loads((TEXTS / f"{name}.toml").read_text("utf-8"))) for name in LANGUAGES)
    assert chinese.keys() == english.keys()
    for key, text in chinese.items():
        assert _places(text) == _places(english[key]), key


def test_a_missing_key_is_an_error_and_never_shown() -> None:
    with pytest.raises(MissingTextError, match=r"no\.such\.key"):
        CATALOGUE.in_language("zh")("no.such.key")


def test_no_text_is_carried_that_no_screen_uses() -> None:
    used: set[str] = set()

    class _Noting(Words):
        __slots__ = ()

        def __call__(self, key: str, **values: object) -> str:
            used.add(key)
            return super().__call__(key, **values)

    words = _Noting("zh", _flat(tomllib.loads((TEXTS / "zh.toml").read_text("utf-8"))))
    for large in (False, True):
        assert len(list(samples(words, large=large))) == len(list(visits()))
    technician = (
        *("device.state.", "device.value_", "device.fact.", "device.card_status.", "device.document_problem."),
        *("device.page_printer_action.", "device.thermal_printer_action."),
        *("device.id_card_action.", "device.travel_document_action.", "device.camera_action."),
        *("device.access_card_action.", "device.code_scanner_action.", "device.card_reason."),
        *("device.intake_problem.", "device.intakes_problem.", "device.said."),
    )
    by_policy = ("opening.", "document.")  # its hours and its kinds: test_opening.py
    rare = (
        *technician,
        *by_policy,
        "reason.",
        "field.",
        "value.",
        "attract.weekday",
        "date.month_",
        "closed.",
        "maintenance.said.",
    )
    unused = {key for key in words._texts if key not in used and not key.startswith(rare)}
    unpictured = {
        *("device.access_card", "device.code_scanner"),  # not every kiosk has the one, and gates have the other
        "device.speaker",
        *(f"home.{tile}_note" for tile in (*SERVICES, TENANCY, NOTICES, CHECK)),  # fewer services: test_tenancy.py
        "maintenance.all_well",
        "maintenance.pin_unset",
        "maintenance.pin_checking",
    }
    assert unused <= unpictured, sorted(unused - unpictured)


def test_own_data_is_masked_until_it_is_held() -> None:
    view = next(view for _, view, _ in samples(CATALOGUE.in_language("zh")) if isinstance(view, DataView))
    number = next(row for row in view.rows if "号码" in row.label)
    assert number.value == "9901**********0019"
    assert number.revealed == "990101198603140019"
    assert "198603140019" not in repr(view)
    assert not any(row.revealed and row.revealed in view.spoken for row in view.rows)


def test_a_refusal_never_blames() -> None:
    for language, blame in (
        ("zh", ("您错", "无效操作", "非法", "拒绝")),
        ("en", ("you failed", "invalid", "illegal", "denied")),
    ):
        for name, view, _ in samples(CATALOGUE.in_language(language)):
            words = f"{view.question}{view.spoken}{getattr(view, 'true_now', '')}".lower()
            assert not any(word in words for word in blame), f"{name}: {words}"


def test_who_can_not_be_served_is_told_where_and_when() -> None:
    desk, hall = (dict(window.name)["zh"] for window in (PLACE.desk, PLACE.offices[0]))
    for name, view, _ in samples(CATALOGUE.in_language("zh")):
        if name.startswith(("ended-", "window-", "officer-nobody", "officer-declined", "out-of-service")):
            assert isinstance(view, MessageView)
            assert desk in view.you_can, name
            assert PLACE.desk.phone in view.you_can, name
        elif name.startswith("elsewhere"):
            assert isinstance(view, MessageView)
            assert hall in view.question, name
            assert PLACE.offices[0].phone in view.you_can, name


def test_the_pictures_show_what_hands_must_do() -> None:
    shown = {
        name: view.picture for name, view, _ in samples(CATALOGUE.in_language("zh")) if isinstance(view, PictureView)
    }
    assert shown["card"] == "lay-card"
    assert shown["lift-card"] == "lift-card"
    assert shown["take-card"] == "take-card"


def _flat(table: dict[str, object], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in table.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{name}.")
        else:
            flat[f"{prefix}{name}"] = str(value)
    return flat


def _places(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)", text))
