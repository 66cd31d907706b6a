"""Whether a paper's words can be set is known before a serial is spent on it."""

from dataclasses import fields

import pytest

from backend_client.contract.persons import HouseholdRecord, Member
from forms.paper import Medium, PaperKind
from forms.placement import place
from kiosk.services.draft import PaperWords, _draft, obstacle
from kiosk.services.readiness import SERVICES
from tests.support.papers import FULL, LONG

WORDS = PaperWords(FULL.wording, FULL.issuer, (FULL.purpose, "乘坐火车客车"))
ROW = {
    name: getattr(FULL, name) for name in HouseholdRecord.model_fields if name in {each.name for each in fields(FULL)}
}
SPOUSE = Member(handle="handle", relation="妻", name="李*", adult=True)


def record(**changed: object) -> HouseholdRecord:
    """A made-up resident's row."""
    return HouseholdRecord(**ROW | {"members": (SPOUSE,)} | changed)


@pytest.mark.parametrize("medium", list(Medium))
@pytest.mark.parametrize("service", SERVICES)
def test_every_paper_can_be_set_from_an_ordinary_row(service: str, medium: Medium) -> None:
    """On both media."""
    assert obstacle(record(), PaperKind(service), WORDS, medium) == ""


def test_a_row_that_no_page_holds_is_told_before_anything_is_reserved() -> None:
    """However small its type becomes."""
    longest = record(address=LONG.address * 40)
    assert obstacle(longest, PaperKind.HOUSEHOLD_CERTIFICATE, WORDS, Medium.PAGE) == "paper-too-long"


def test_a_masked_name_that_no_font_draws_is_told_as_well() -> None:
    """It is no text of the row's own."""
    masked = SPOUSE.model_copy(update={"name": "\ue000*"})
    assert obstacle(record(members=(masked,)), PaperKind.HOUSEHOLD_CERTIFICATE, WORDS, Medium.PAGE) == "missing-glyph"


def test_the_draft_says_what_the_paper_will_say() -> None:
    """The lines of a certificate, but for what only records know."""
    drafted = {line.text for line in place(_draft(record(), PaperKind.HOUSEHOLD_CERTIFICATE, WORDS)).lines}
    assert {FULL.name, FULL.householder, FULL.purpose} <= drafted
