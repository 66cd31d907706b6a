"""Who gets which paper here, said beforehand in the list of services and enforced alike when one is asked for."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from records.cli import main
from records.context import Records
from records.sections import PolicySettings
from records.services import policy, residences
from tests.support.records_client import CHILD, DENG, GUEST, RARE, KioskClient
from tests.support.records_server import rules_with

CERTIFICATE = {"kind": "no_criminal_record", "purpose": "job"}
SEEN = "lease seen, desk book 2026-31"


def _closed(kiosk: KioskClient, subject: str, child: str = "") -> dict[str, str]:
    return {each["kind"]: each["why"] for each in kiosk.record(subject, child)["closed"]}


def _declared(kiosk: KioskClient, subject: str, room: str = "501") -> str:
    """The serial of a residence receipt."""
    flat = kiosk.post("/v1/dwellings", {"building": "3", "unit": "2", "room": room}).json()["id"]
    answer = kiosk.reserve(subject, kind="residence_receipt", purpose="declare", dwelling=flat)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["serial"])


def _by_rules(records: Records, change: tuple[str, str]) -> Records:
    """The same records by a policy with one change."""
    text = rules_with(answer_s=0)
    assert change[0] in text
    (records.folder / "other.toml").write_text(text.replace(*change), "utf-8")
    chosen = records.settings.model_copy(update={"policy": PolicySettings(file="other.toml")})
    other = replace(records, settings=chosen)
    policy.issue(other)
    return other


# --- a residence ---


def test_ones_own_word_for_a_residence_is_not_enough(kiosk: KioskClient, records: Records) -> None:
    """An officer sees the lease or the permit first (规定 art. 6); it is said so before anything is asked."""
    subject = kiosk.vouched(GUEST)
    assert _closed(kiosk, subject)["no_criminal_record"] == "not-eligible"
    serial = _declared(kiosk, subject)
    assert _closed(kiosk, subject)["no_criminal_record"] == "residence-unconfirmed"
    assert kiosk.reserve(subject, **CERTIFICATE).json()["code"] == "residence-unconfirmed"
    residences.confirm(records, serial, SEEN)
    assert "no_criminal_record" not in _closed(kiosk, subject)
    assert kiosk.reserve(subject, **CERTIFICATE).status_code == 201


def test_a_policy_may_take_ones_word(records: Records) -> None:
    kiosk = KioskClient(_by_rules(records, ("\nconfirmed = true", "\nconfirmed = false")))
    subject = kiosk.vouched(GUEST)
    _declared(kiosk, subject)
    assert kiosk.reserve(subject, **CERTIFICATE).status_code == 201


def test_who_moves_is_confirmed_no_longer(kiosk: KioskClient, records: Records, folder: Path) -> None:
    """Nor once they have come back; and the receipt of a flat they have left confirms nothing."""
    subject = kiosk.vouched(GUEST)
    first = _declared(kiosk, subject)
    residences.confirm(records, first, SEEN)
    _declared(kiosk, subject)
    assert "no_criminal_record" not in _closed(kiosk, subject)  # the same flat again changes nothing
    _declared(kiosk, subject, "502")
    assert _closed(kiosk, subject)["no_criminal_record"] == "residence-unconfirmed"
    assert main(["--data", str(folder), "confirm-residence", first, "--reason", SEEN]) == 1
    _declared(kiosk, subject)
    assert _closed(kiosk, subject)["no_criminal_record"] == "residence-unconfirmed"


def test_the_command_confirms_by_a_serial_with_a_reason(
    kiosk: KioskClient, records: Records, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The deed stands in the audit with both, and whoever it is about does not."""
    serial = _declared(kiosk, kiosk.vouched(GUEST))
    assert main(["--data", str(folder), "confirm-residence", serial, "--reason", SEEN]) == 0
    assert capsys.readouterr().out == f"The residence on {serial} is confirmed.\n"
    with records.database.reading() as transaction:
        query = sa.text("SELECT facts FROM audit WHERE action = 'residence-confirmed'")
        (facts,) = transaction.connection.execute(query).scalars()
    assert json.loads(facts) == {"serial": serial, "reason": SEEN}


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("", "write what you saw"),
        ("lease seen", "needs its number"),
        (f"{GUEST.name} 31", "no name"),
        ("1" * 101, "100 characters"),
    ],
)
def test_a_reason_that_will_not_do_confirms_nothing(
    kiosk: KioskClient, folder: Path, capsys: pytest.CaptureFixture[str], reason: str, said: str
) -> None:
    subject = kiosk.vouched(GUEST)
    serial = _declared(kiosk, subject)
    assert main(["--data", str(folder), "confirm-residence", serial, "--reason", reason]) == 1
    assert said in capsys.readouterr().err
    assert _closed(kiosk, subject)["no_criminal_record"] == "residence-unconfirmed"


def test_a_void_receipt_and_another_paper_confirm_nothing(
    kiosk: KioskClient, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    subject = kiosk.vouched(GUEST)
    void, other = _declared(kiosk, subject), str(kiosk.reserved(DENG, "visit-0002")["serial"])
    kiosk.void(void)
    for serial in (void, other, "2026-0001-999999-00"):
        assert main(["--data", str(folder), "confirm-residence", serial, "--reason", SEEN]) == 1
        assert f"no residence receipt that counts has the serial {serial}" in capsys.readouterr().err


# --- an age ---


@pytest.mark.parametrize(("kind", "purpose"), [("no_criminal_record", "job"), ("residence_receipt", "declare")])
def test_below_sixteen_a_guardian_asks(kiosk: KioskClient, kind: str, purpose: str) -> None:
    """Said before the child has answered anything; whether there is anything about them plays no part."""
    subject = kiosk.vouched(CHILD)
    flat = kiosk.post("/v1/dwellings", {"building": "3", "unit": "2", "room": "501"}).json()["id"]
    assert _closed(kiosk, subject)[kind] == "too-young"
    assert kiosk.reserve(subject, kind=kind, purpose=purpose, dwelling=flat).json()["code"] == "too-young"


def test_a_guardian_asks_for_a_child_whom_the_policy_would_not_let_ask(records: Records) -> None:
    """Where the policy lets guardians ask for that paper at all."""
    rule = "\nguardian_below = 16 #"
    kiosk = KioskClient(_by_rules(records, (rule, f"\neligibility = {{ from_age = 16 }}{rule}")))
    assert _closed(kiosk, kiosk.vouched(CHILD))["household_certificate"] == "too-young"
    subject = kiosk.prove(visit="visit-0002")
    (child,) = (each["handle"] for each in kiosk.record(subject)["children"])
    assert "household_certificate" not in _closed(kiosk, subject, child)
    assert kiosk.reserve(subject, person=child).status_code == 201


# --- a photograph ---


def test_who_has_no_photograph_in_the_register_hears_it_in_the_list(kiosk: KioskClient) -> None:
    """And not after their answers: a proof of identity would prove nothing without a face."""
    subject = kiosk.vouched(RARE)
    assert _closed(kiosk, subject) == {"temporary_id_proof": "no-portrait"}
    assert kiosk.reserve(subject, kind="temporary_id_proof", purpose="rail").json()["code"] == "no-portrait"
    assert _closed(kiosk, kiosk.prove(visit="visit-0002")) == {}
