"""A paper whose words fit on nothing is refused before a serial is spent on it, and no refusal tells what was found."""

import tomllib
from dataclasses import replace
from typing import Any

import pytest
import tomli_w

from civic.id_number import IdNumber
from forms.errors import AssetsMissingError, MissingGlyphError
from records.context import Records
from records.criminal.source import Finding
from records.sections import PolicySettings
from records.services import policy
from records.services.making import paper as making
from records.store import applications, counters, criminal
from tests.support.records_client import DENG, KioskClient, new_key
from tests.support.records_server import rules_with

ASKED = {"kind": "no_criminal_record", "purpose": "job"}
ENDLESS = ["仅限所列用途。" * 40] * 12


def _rules(rules: dict[str, Any], kind: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in rules["papers"] if each["kind"] == kind)
    return found


def _kiosk(records: Records, kind: str, *, receipt: bool = False) -> KioskClient:
    """A kiosk whose policy says far too much on one paper, or on the receipt in its place."""
    rules = tomllib.loads(rules_with(answer_s=0))
    paper = _rules(rules, kind)
    (paper["later"] if receipt else paper)["wording"]["remarks"] = ENDLESS
    (records.folder / "endless.toml").write_text(tomli_w.dumps(rules), "utf-8")
    chosen = records.settings.model_copy(update={"policy": PolicySettings(file="endless.toml")})
    other = replace(records, settings=chosen)
    policy.issue(other)
    return KioskClient(other)


def _find(records: Records) -> None:
    person = records.population.find(IdNumber(DENG.id_number))
    assert person is not None
    with records.database.writing() as transaction:
        criminal.put(transaction, person.person_id, Finding.FOUND.value)


def test_no_serial_and_no_key_is_spent_on_it(records: Records) -> None:
    """The next paper gets the first serial, and the same key may be sent once the words are right."""
    kiosk, key = _kiosk(records, "household_certificate"), new_key()
    subject = kiosk.prove()
    refused = kiosk.reserve(subject, key)
    assert (refused.status_code, refused.json()["code"]) == (409, "paper-too-long")
    assert not refused.json()["retryable"]
    with records.database.reading() as transaction:
        assert counters.last(transaction, "paper-2026-0001") == 0
    policy.issue(records)
    assert kiosk.reserve(subject, key).json()["serial"] == "2026-0001-000001-79"


def test_a_declaration_whose_receipt_fits_nowhere_is_none(records: Records) -> None:
    """Paper and declaration are made together or not at all."""
    kiosk = _kiosk(records, "residence_receipt")
    with records.database.reading() as transaction:
        before = list(transaction.connection.exec_driver_sql("SELECT * FROM residences"))
    flat = kiosk.post("/v1/dwellings", {"building": "1", "unit": "1", "room": "101"}).json()["id"]
    answer = kiosk.reserve(kiosk.prove(), kind="residence_receipt", purpose="declare", dwelling=flat)
    assert answer.json()["code"] == "paper-too-long"
    with records.database.reading() as transaction:
        assert list(transaction.connection.exec_driver_sql("SELECT * FROM residences")) == before


@pytest.mark.parametrize("found", [False, True])
def test_a_certificate_that_fits_nowhere_is_a_receipt_like_any_other(records: Records, found: bool) -> None:
    """Were it refused, the refusal would say that nothing was found, and the receipt that something was."""
    if found:
        _find(records)
    kiosk = _kiosk(records, "no_criminal_record")
    assert kiosk.reserve(kiosk.prove(), **ASKED).json()["paper"]["kind"] == "later_receipt"
    with records.database.reading() as transaction:
        (row,) = applications.every(transaction)
    assert row.outcome == ("found" if found else "clean")


@pytest.mark.parametrize("found", [False, True])
def test_where_the_receipt_fits_nowhere_everybody_is_refused(records: Records, found: bool) -> None:
    """Also who would have got the certificate."""
    if found:
        _find(records)
    kiosk = _kiosk(records, "no_criminal_record", receipt=True)
    assert kiosk.reserve(kiosk.prove(), **ASKED).json()["code"] == "paper-too-long"
    with records.database.reading() as transaction:
        assert applications.every(transaction) == []


@pytest.mark.parametrize("error", [MissingGlyphError, AssetsMissingError])
def test_glyphs_are_the_kiosks_to_judge(
    kiosk: KioskClient, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    """It looks before it asks, with the fonts that it draws with; records may have others, or none."""

    def unknown(*_: object) -> bool:
        raise error

    monkeypatch.setattr(making, "fits", unknown)
    assert kiosk.reserve(kiosk.prove()).status_code == 201
