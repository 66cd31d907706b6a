"""Whoever rents a flat is registered, wherever they come from: by the document that they have, and where the register
does not know it, by an officer."""

from typing import Any

import pytest
from pydantic import ValidationError

from backend_client.contract.intakes import Declarant, WaysContent
from backend_client.contract.tenancies import WayKind
from civic.document import DocumentKind
from records.rules.intakes import IntakeState
from records.services import intake_lapsing
from records.services.declarants import number_of
from records.services.intake_opening import content_of
from records.store import consents, residents, ways
from records.store.consents import Purpose
from records.store.residents import DocumentRow
from tests.support.records_client import DENG, GUEST, LAN, WIFE
from tests.support.tenancies import A_YEAR, DAY_S, Town, comer

PASSPORT = {"document": DocumentKind.PASSPORT, "issuing_state": "UTO", "id_number": "L898902C3"}
CARD_2017 = {"document": DocumentKind.FOREIGNER_CARD_2017, "id_number": "UTO990190010107"}
CARD_2023 = {"document": DocumentKind.FOREIGNER_CARD, "id_number": "999101199001010017"}


def _who(*, proven: bool = False, **document: Any) -> Declarant:
    return Declarant(**{"name": "EXAMPLE ALEX", "proven": proven, **document})


def _known(town: Town, kind: DocumentKind, state: str, number: str) -> None:
    """The register has it as another document of theirs."""
    with town.records.database.writing() as transaction:
        residents.add_document(transaction, DocumentRow(kind, state, number, town.person(DENG)))


@pytest.mark.parametrize("document", [PASSPORT, CARD_2017, CARD_2023], ids=lambda each: each["document"])
def test_whom_the_register_does_not_know_waits_for_an_officer(town: Town, document: dict[str, Any]) -> None:
    """Nothing begins, and nobody is asked."""
    town.owns()
    number = town.rents(who=_who(**document))
    assert town.at(number) == ("waiting", "foreign")
    assert (town.tenancy(number), town.asked(LAN)) == (None, ())
    said = content_of(town.intake(number)).who
    assert number_of(said).reveal() == document["id_number"]
    assert document["id_number"] not in str(number_of(said)) + repr(said)
    town.clock.pass_by((town.records.settings.intakes.open_days + 1) * DAY_S)
    intake_lapsing.lapse(town.records)
    assert town.intake(number).state is IntakeState.LAPSED


@pytest.mark.parametrize(("document", "state"), [(PASSPORT, "UTO"), (CARD_2017, "CHN")], ids=["passport", "2017"])
def test_whom_the_register_knows_by_it_registers_and_renews(town: Town, document: dict[str, Any], state: str) -> None:
    _known(town, document["document"], state, document["id_number"])
    town.owns()
    number = town.rents(who=_who(**document, proven=True))
    town.answers(LAN)
    assert (town.at(number), town.state(DENG)) == (("accepted", "by-rule"), "active")
    town.renews(A_YEAR.replace(year=2028), who=_who(**document, proven=True))
    town.answers(LAN)
    assert town.right(DENG).ends_on == A_YEAR.replace(year=2028)


def test_a_face_is_consented_to_by_whoever_is_old_enough_whatever_their_document(town: Town) -> None:
    """A passport's number says nothing of an age: the register does."""
    _known(town, DocumentKind.PASSPORT, "UTO", PASSPORT["id_number"])
    town.owns()
    town.rents(who=_who(**PASSPORT, proven=True))
    town.answers(LAN)
    right = town.right(DENG).right_id
    town.hands_in(WaysContent(who=_who(**PASSPORT, proven=True), right=right, face=True, notice="2026-11"))
    with town.records.database.reading() as transaction:
        chosen = ways.open_of_right(transaction, right, town.clock.now())
        assert len(consents.standing(transaction, town.person(DENG), Purpose.GATE_FACE)) == 1
    assert [each.kind for each in chosen] == [WayKind.FACE]


def test_whoever_comes_along_is_found_by_the_document_that_was_read(town: Town) -> None:
    """A card of 2023, and a permit of Hong Kong, Macao or Taiwan, has a number that is made like a citizen's."""
    _known(town, DocumentKind.FOREIGNER_CARD_2017, "CHN", CARD_2017["id_number"])
    here = comer(DENG, document=DocumentKind.FOREIGNER_CARD_2017, number=CARD_2017["id_number"])
    town.lives(GUEST, here, comer(WIFE, document=DocumentKind.HMT_PERMIT))
    assert (town.state(DENG), town.state(WIFE)) == ("active", "active")


def test_a_number_is_of_its_documents_kind() -> None:
    number = {"id_number": "L898902C3"}
    wrong: list[dict[str, Any]] = [number, {**PASSPORT, "id_number": "L8-9"}, {**CARD_2023, **number}]
    for each in wrong:
        with pytest.raises(ValidationError):
            _who(**each)
