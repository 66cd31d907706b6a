"""Anyone may ask about the paper they hold, by its code alone."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import TypeAdapter

from backend_client.contract.papers import VoidReason
from backend_client.contract.verification import CARRIED_TYPE
from forms.carried import CarriedList, open_list
from forms.code import CodeKey, sign_code
from forms.paper import HouseholdCertificate
from forms.trust import TrustStore
from records.cli import main
from records.context import Records
from records.services import carrying
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


def _list(anyone: Client, records: Records) -> CarriedList:
    answer = anyone.get("/v1/trust/carried")
    assert answer.headers["content-type"] == CARRIED_TYPE
    return open_list(answer.content, records.trust)[0]


def test_the_carried_list_has_what_is_void_and_may_still_be_shown(
    anyone: Client, kiosk: KioskClient, records: Records, clock: StillClock
) -> None:
    """A paper that has expired by itself needs no entry."""
    void, good = kiosk.reserved(), kiosk.reserved(visit="visit-0002")
    kiosk.void(void["serial"])
    carried = _list(anyone, records)
    assert (carried.made_at, len(carried)) == (clock.now(), 1)
    assert carried.says_void(void["serial"])
    assert not carried.says_void(good["serial"])
    clock.pass_by(30 * A_DAY)
    assert len(_list(anyone, records)) == 0


def test_a_temporary_proof_expires_at_its_minute(anyone: Client, kiosk: KioskClient, clock: StillClock) -> None:
    """Not at the midnight of its last day."""
    reservation = kiosk.reserve(kiosk.prove(), kind="temporary_id_proof", purpose="rail").json()
    kiosk.seal(reservation["serial"])
    kiosk.delivered(reservation["serial"])
    clock.pass_by(A_DAY - 60)
    assert _standing(anyone, reservation["code"])[0] == "genuine"
    clock.pass_by(60)
    assert _standing(anyone, reservation["code"])[0] == "expired"


def test_threads_that_sign_a_list_each_leave_one_whole_list(tmp_path: Path) -> None:
    """Its readers find any of them, never a half or a mixture."""
    path, lists = tmp_path / "carried.cose", [bytes([number]) * 200_000 for number in range(64)]
    with ThreadPoolExecutor(8) as pool:
        done = [pool.submit(carrying.write, path, each) for each in lists]
    assert [each.result() for each in done] == [None] * len(lists)
    assert path.read_bytes() in lists
    assert list(tmp_path.iterdir()) == [path]


def test_the_carried_list_is_signed_anew_when_it_says_something_new_or_is_old(
    anyone: Client, kiosk: KioskClient, records: Records, clock: StillClock
) -> None:
    """Asked again it is the same bytes: anyone may ask."""
    first = anyone.get("/v1/trust/carried").content
    clock.pass_by(59 * 60)
    assert anyone.get("/v1/trust/carried").content == first
    kiosk.void(kiosk.reserved()["serial"])
    assert len(_list(anyone, records)) == 1
    second = anyone.get("/v1/trust/carried").content
    clock.pass_by(3600)
    assert anyone.get("/v1/trust/carried").content != second


def test_the_command_writes_the_list(
    folder: Path, records: Records, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "carried.cose"
    assert main(["--data", str(folder), "carry", "--out", str(out)]) == 0
    assert f"{out.stat().st_size} bytes" in capsys.readouterr().out
    assert len(open_list(out.read_bytes(), records.trust)[0]) == 0
