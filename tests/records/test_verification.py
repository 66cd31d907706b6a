"""Anyone may ask about the paper they hold, by its code alone."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import TypeAdapter

from backend_client.contract.papers import VoidReason
from forms.code import CodeKey, sign_code
from forms.paper import HouseholdCertificate
from forms.trust import TrustStore
from records.context import Records
from records.services.papers import void_by_officer
from tests.support.clocks import StillClock
from tests.support.records_client import Client, KioskClient

A_DAY = 24 * 3600


@pytest.fixture
def anyone(records: Records) -> Client:
    return Client(records, None)


def _standing(anyone: Client, code: str) -> tuple[str, str]:
    answer = anyone.post("/v1/verifications", {"code": code}).json()
    return answer["standing"], answer["serial"]


def test_a_paper_is_genuine_once_delivered(anyone: Client, kiosk: KioskClient) -> None:
    """Not before: a page may lie in a broken printer."""
    reservation = kiosk.reserved()
    serial, code = reservation["serial"], reservation["code"]
    assert _standing(anyone, code) == ("not-yet", serial)
    kiosk.seal(serial)
    assert _standing(anyone, code) == ("not-yet", serial)
    kiosk.delivered(serial)
    assert _standing(anyone, code) == ("genuine", serial)


def test_a_void_paper_is_void_however_it_became_so(anyone: Client, kiosk: KioskClient, records: Records) -> None:
    first, second = kiosk.reserved(), kiosk.reserved(visit="visit-0002")
    kiosk.void(first["serial"])
    kiosk.seal(second["serial"])
    kiosk.delivered(second["serial"])
    void_by_officer(records, second["serial"], VoidReason.OFFICER)
    assert {_standing(anyone, each["code"])[0] for each in (first, second)} == {"void"}


def test_a_paper_is_good_on_its_last_day_and_not_the_day_after(
    anyone: Client, kiosk: KioskClient, clock: StillClock
) -> None:
    """Days end at the bureau's midnight: 55 minutes after the still clock's time."""
    reservation = kiosk.reserved()
    kiosk.seal(reservation["serial"])
    kiosk.delivered(reservation["serial"])
    clock.pass_by(29 * A_DAY + 54 * 60)
    assert _standing(anyone, reservation["code"])[0] == "genuine"
    clock.pass_by(60)
    assert _standing(anyone, reservation["code"])[0] == "expired"


def test_a_code_of_another_key_is_unknown(anyone: Client, kiosk: KioskClient) -> None:
    """The same words, signed by somebody else; and no serial is confirmed."""
    paper = TypeAdapter(HouseholdCertificate).validate_python(kiosk.reserved()["paper"])
    forged = sign_code(paper, CodeKey(ec.generate_private_key(ec.SECP256R1())))
    assert _standing(anyone, forged) == ("unknown", "")


@pytest.mark.parametrize("code", ["", "PAD1:", "PAD1:ABC", "HC1:6BF", "2026-0001-000001-57", "\N{SNOWMAN}" * 200])
def test_what_is_no_code_is_unknown(anyone: Client, code: str) -> None:
    """A bare serial among them: nobody counts through our papers."""
    assert _standing(anyone, code) == ("unknown", "")


def test_the_trust_bundle_is_all_that_a_verifier_needs(anyone: Client) -> None:
    bundle = anyone.get("/v1/trust").json()
    trust = TrustStore.from_pem(bundle["root_pem"], "".join(bundle["issuers_pem"]))
    assert {issuer.purpose.value for issuer in trust.issuers} == {"document-signing", "code-signing"}
