"""The forms in which rules are changed: what each shows, what is wrong in it and where that is said."""

import json

import pytest

from records.console import texts
from records.console.policy_words import Called
from records.rules import policy_fields
from records.rules.policy_changes import changes
from records.rules.policy_slips import slips
from records.services import policy

RULES = policy.read_rules(policy.DEFAULT_FILE).model_dump(mode="json")


PURPOSES = "purposes.household_certificate"


def test_each_form_gives_back_what_it_shows() -> None:
    """Nothing is lost or changed by opening a form and sending it as it is."""
    for subject in policy_fields.subjects(RULES):
        rules, wrong = policy.fit(policy_fields.changed(subject, RULES, policy_fields.filled(subject, RULES)))
        assert rules is not None, wrong
        assert rules.model_dump(mode="json") == RULES, subject.key


def test_every_field_and_change_has_its_words() -> None:
    """In both languages, with where people will meet it."""
    known = texts.words("zh").texts
    words = {field.word for subject in policy_fields.subjects(RULES) for field in subject.fields}
    assert [word for word in words if f"rule.{word}" not in known] == []
    parts = {subject.name for subject in policy_fields.subjects(RULES)}
    assert [part for part in parts if f"rule_part.{part}" not in known] == []
    everything = changes({}, RULES)
    unseen = [each.way for each in everything if not any(f"rule_seen.{name}" in known for name in each.way)]
    assert unseen == []


@pytest.mark.parametrize(
    ("key", "field", "typed", "code"),
    [
        ("desk", "name.en", "", "empty"),
        ("desk", "openings", "1 9-17", "model_type"),
        ("timeouts", "warning", "5", "greater_than_equal"),
        ("timeouts", "idle", "soon", "int_parsing"),
        ("later.no_criminal_record", "holidays", "tomorrow", "date_from_datetime_parsing"),
        ("intake", "kinds", "gossip", "enum"),
        ("tenancy", "silence_days", "1", "greater_than_equal"),
        ("tenancy", "remind_days", "30\n30", "twice"),
        ("tenancy", "remind_days", "", "too_short"),
        ("tenancy", "mediation.en", "", "empty"),
        ("gate", "fpir", "often", "float_parsing"),
        ("gate", "strike_s", "26", "less_than_equal"),
        ("gate", "guard_phone", "1" * 33, "string_too_long"),
        ("paper.residence_receipt", "media", "", "too_short"),
        (PURPOSES, "0.id", "Move Hukou", "id"),
        (PURPOSES, "1.id", "move_hukou", "twice"),
        (PURPOSES, "1.validity_hours", "9999", "less_than_equal"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(key: str, field: str, typed: str, code: str) -> None:
    """By the same checks as a file's, and in words of the console's own."""
    subject = next(each for each in policy_fields.subjects(RULES) if each.key == key)
    new = policy_fields.changed(subject, RULES, {**policy_fields.filled(subject, RULES), field: typed})
    _, wrong = policy.fit(new)
    assert {(policy_fields.field_of(subject, each.place), each.code) for each in wrong} == {(field, code)}
    assert f"slip.{code}" in texts.words("zh").texts
    assert policy_fields.filled(subject, new)[field] == typed


def test_a_door_is_not_called_open_while_it_may_be() -> None:
    """Nor may rules be without those of flats and gates: then there is nothing to fill in, and nothing wrong."""
    broken = json.loads(json.dumps(RULES))
    broken["gate"] |= {"strike_s": 15, "held_s": 10}
    assert [(each.place, each.code) for each in slips(broken)] == [(("gate", "held_s"), "held")]
    assert "slip.held" in texts.words("zh").texts
    without = {**RULES, "tenancy": None, "gate": None}
    assert slips(without) == ()
    assert not {"tenancy", "gate"} & {each.name for each in policy_fields.subjects(without)}


def test_rules_that_contradict_themselves_are_no_rules() -> None:
    """An office that is nowhere, a paper without a purpose, one kind twice."""
    broken = json.loads(json.dumps(RULES))
    broken["offices"] = []
    broken["papers"][1]["purposes"] = []
    broken["papers"].append(broken["papers"][0])
    assert {each.code for each in slips(broken)} == {"office", "no_purposes", "twice"}


def test_what_is_changed_is_called_by_its_title() -> None:
    """As it stands in the rules in force; two that are titled alike by their ids too, and an order by the same."""
    new = json.loads(json.dumps(RULES))
    first, second, *_ = purposes = new["papers"][0]["purposes"]
    first["title"] = second["title"]
    purposes[0:2] = [{**first, "id": "moved"}, second]
    called = Called(texts.words("en"), RULES, new)
    said = {called.change(each): called.value(each.new, each) for each in changes(RULES, new)}
    at = "Household certificate · Purposes"
    assert said[f"{at} · My household book is lost (moved) · Title (Chinese)"] == second["title"]["zh"]
    assert said[f"{at} · Moving my registration to another province · Title (Chinese)"] == ""
    assert said[f"{at} · Order"].startswith(
        "My household book is lost (moved) · My household book is lost (book_lost) ·"
    )


@pytest.mark.parametrize(("place", "code"), [("registered", "unseen"), ("documents", "twice")])
def test_nothing_is_signed_that_is_not_shown(place: str, code: str) -> None:
    """Two values of which one is made, and a kind of document that another rule hides behind."""
    old, new = json.loads(json.dumps(RULES)), json.loads(json.dumps(RULES))
    documents, who = new["papers"][0]["documents"], new["papers"][0]["eligibility"]
    old["papers"][0]["eligibility"]["registered"] = ["990101", "990102"]
    if place == "registered":
        who["registered"] = ["990101\n990102"]
        assert [each.word for each in changes(old, new)] == ["registered"]
    else:
        documents.append({**documents[0], "office": "exit_entry"})
    _, wrong = policy.fit(new)
    assert [(each.code, place in each.place) for each in wrong] == [(code, True)]
    assert f"slip.{code}" in texts.words("zh").texts
