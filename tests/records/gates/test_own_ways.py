"""Cards, faces, slips, phones and guests' codes of one's own right: chosen, limited, lost, and over by themselves."""

import base64
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from backend_client.contract.intakes import Declarant, NewCard, TenancyContent
from backend_client.contract.policy import GateRules
from backend_client.contract.tenancies import WayKind
from civic.gate_codes import code_ref, parse
from records.context import Records
from records.errors import RefusedError
from records.services.gates import deriving, in_force, phones, ways
from records.store import alerts
from tests.support import at_gates
from tests.support.at_gates import LAST, TODAY, cursor, give, grants_heard, new_card, open_ways, take
from tests.support.clocks import StillClock
from tests.support.records_client import CHILD, DENG, LAN, KioskClient

NOTICE = "2026-11"


def _ask(kiosk: KioskClient, subject: str, what: str, **body: Any) -> Any:
    return kiosk.post(f"/v1/identifications/{subject}/{what}", body)


def _key() -> str:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    return base64.b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode("ascii")


def _redeem(records: Records, url: str, key: str = "") -> phones.Redeemed:
    return phones.redeem(records, url.partition("#")[2], key or _key())


# --- cards and faces -------------------------------------------------------------------------------------------------


def test_a_lost_card_opens_nothing_from_now_on(records: Records) -> None:
    """The other one goes on, and nobody else's can be reported lost."""
    gate, right, hers = at_gates.at_compound(records), give(records), give(records, LAN)
    take(records, right, card=new_card("0001"))
    take(records, right, card=new_card("0002"))
    take(records, hers, card=new_card("0003"))
    first, second = open_ways(records, right)
    (other,) = open_ways(records, hers)
    since = cursor(gate)
    take(records, right, lost=(first.way_id, other.way_id))
    (grant,) = grants_heard(gate, since)
    assert grant is not None
    assert [each.id for each in grant.ways] == [second.way_id]
    assert open_ways(records, hers) == [other]


def test_a_card_of_somebody_else_is_refused_and_an_officer_is_told(records: Records) -> None:
    """Nothing tells whose it is; ones own again is nothing new."""
    right, hers, card = give(records), give(records, LAN), new_card()
    assert take(records, right, card=card) == ()
    assert take(records, hers, card=card) == (ways.CARD_USED,)
    assert take(records, right, card=card) == ()
    assert (len(open_ways(records, right)), open_ways(records, hers)) == (1, [])
    with records.database.reading() as transaction:
        (alert,) = alerts.list_open(transaction)
    assert (alert.kind, alert.number_hash, alert.device_id) == ("card-used", "", "")


def test_a_bare_number_is_a_way_only_where_the_policy_says_so(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    right, card = give(records), NewCard(number="04A1B2C3", label="B2C3")
    assert take(records, right, card=card) == (ways.CARD_WEAK,)
    monkeypatch.setattr(in_force, "rules", lambda _transaction: GateRules(weak_cards=True))
    assert take(records, right, card=card) == ()
    (way,) = open_ways(records, right, WayKind.CARD_NUMBER)
    assert "04A1B2C3" not in way.ref


@pytest.mark.parametrize("key", ["AAAA", "====", base64.b64encode(b"\x30\x00").decode()])
def test_what_is_no_key_is_no_card(records: Records, key: str) -> None:
    assert take(records, give(records), card=NewCard(public_key=key)) == (ways.CARD_UNREADABLE,)


def test_there_is_an_end_to_cards(records: Records) -> None:
    right = give(records)
    refused = [take(records, right, card=new_card()) for _ in range(ways.MOST + 1)]
    assert refused == [()] * ways.MOST + [(ways.MANY,)]


def test_a_face_is_consented_to_with_a_text_and_withdrawn_at_once(records: Records) -> None:
    gate, right = at_gates.at_compound(records), give(records)
    assert take(records, right, face=True) == (ways.NO_NOTICE,)
    assert take(records, right, face=True, notice=NOTICE) == ()
    assert take(records, right, face=True, notice=NOTICE) == ()
    (way,) = open_ways(records, right, WayKind.FACE)
    assert (way.notice, way.ref) == (NOTICE, "")
    since = cursor(gate)
    take(records, right, face=False)
    assert grants_heard(gate, since) == [None]


def test_a_face_is_chosen_with_a_tenancy_but_by_no_child(records: Records) -> None:
    right = give(records)
    told = {"right": right.right_id, "starts_on": "2026-11-22", "ends_on": "2026-11-30", "notice": NOTICE}
    for card, refused in ((CHILD, (ways.TOO_YOUNG,)), (DENG, ())):
        who = Declarant(name=card.name, id_number=card.id_number, proven=True)
        content = TenancyContent(who=who, ways=(WayKind.FACE, WayKind.CARD), **told)
        with records.database.writing() as transaction:
            assert ways.take(records, transaction, right.person_id, right.right_id, content) == refused
    assert [each.kind for each in open_ways(records, right)] == [WayKind.FACE]


def test_ones_own_ways_are_read_back_without_keys(records: Records) -> None:
    right = give(records)
    take(records, right, card=new_card("19AF"))
    with records.database.reading() as transaction:
        (own,) = ways.of_right(records, transaction, right.right_id)
    assert (own.kind, own.label, own.since, own.waiting) == (WayKind.CARD, "19AF", TODAY, True)


# --- slips -----------------------------------------------------------------------------------------------------------


def test_a_slip_opens_for_days_and_the_next_one_ends_it(records: Records, kiosk: KioskClient) -> None:
    """Gates have the hash alone."""
    gate, right, subject = at_gates.at_unit(records), give(records), kiosk.prove()
    since = cursor(gate)
    first = _ask(kiosk, subject, "slip", right=right.right_id).json()
    second = _ask(kiosk, subject, "slip", right=right.right_id).json()
    earlier, later = grants_heard(gate, since)
    assert earlier is not None
    assert later is not None
    assert [each.ref for each in earlier.ways] == [code_ref(first["code"])]
    assert [each.ref for each in later.ways] == [code_ref(second["code"])]
    assert later.ways[0].ends_at == records.clock.now() + timedelta(days=7)
    assert first["number"] != second["number"]
    assert (second["document"], second["people"], second["name"][0]) == ("0019", 1, "张")
    assert second["name"] != DENG.name


def test_a_slip_is_ones_own_alone(records: Records, kiosk: KioskClient) -> None:
    hers, subject = give(records, LAN), kiosk.prove()
    for right in (hers.right_id, "f" * 32):
        answer = _ask(kiosk, subject, "slip", right=right)
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    unproven = kiosk.identify(LAN, "visit-0002")["subject"]
    assert _ask(kiosk, unproven, "slip", right=hers.right_id).json()["code"] == "identity-not-proven"


# --- guests ----------------------------------------------------------------------------------------------------------


def test_a_guest_has_a_grant_of_the_day_and_a_holder_of_their_own(records: Records, kiosk: KioskClient) -> None:
    gate, right, subject = at_gates.at_unit(records), give(records), kiosk.prove()
    since = cursor(gate)
    made = _ask(kiosk, subject, "guest-codes", right=right.right_id, day="2026-11-24").json()
    (grant,) = grants_heard(gate, since)
    assert grant is not None
    assert (grant.starts_on, grant.ends_on, grant.grace_until) == (TODAY + timedelta(2), TODAY + timedelta(2), None)
    assert grant.ways[0].ref == code_ref(parse(made["digits"]).text) == code_ref(made["code"])
    assert grant.holder == grant.ways[0].id


def test_so_many_guests_a_day_and_no_day_outside_the_right(records: Records, kiosk: KioskClient) -> None:
    right, subject = give(records, ends_on=TODAY + timedelta(days=3)), kiosk.prove()
    codes = [_ask(kiosk, subject, "guest-codes", right=right.right_id, day="2026-11-23").status_code for _ in range(6)]
    assert codes == [201] * 5 + [429]
    for day in ("2026-11-21", "2026-11-26", "2027-11-23"):
        assert _ask(kiosk, subject, "guest-codes", right=right.right_id, day=day).json()["code"] == "validation"


def test_a_guests_day_passes_by_itself(records: Records, kiosk: KioskClient, clock: StillClock) -> None:
    gate, right, subject = at_gates.at_unit(records), give(records), kiosk.prove()
    _ask(kiosk, subject, "guest-codes", right=right.right_id, day="2026-11-22")
    assert at_gates.snapshot(gate).count == 1
    clock.pass_by(3600)  # past the bureau's midnight
    assert at_gates.snapshot(gate).count == 0
    assert deriving.sweep(records) == 1


# --- phones ----------------------------------------------------------------------------------------------------------


def test_a_phone_is_a_way_once_its_page_was_opened(records: Records, kiosk: KioskClient) -> None:
    """Again with the same key, the same; with another, nothing."""
    gate, right, subject, key = at_gates.at_unit(records), give(records), kiosk.prove(), _key()
    url = _ask(kiosk, subject, "phone", right=right.right_id).json()["url"]
    since = cursor(gate)
    redeemed = _redeem(records, url, key)
    assert _redeem(records, url, key).credential == redeemed.credential
    (grant,) = grants_heard(gate, since)
    assert grant is not None
    assert [(each.id, each.ref) for each in grant.ways] == [(redeemed.credential, key)]
    assert (redeemed.community_id, redeemed.valid_to) == (records.settings.community, LAST + timedelta(days=7))
    with pytest.raises(RefusedError):
        _redeem(records, url)


def test_a_link_lasts_ten_minutes_and_a_made_up_one_never(
    records: Records, kiosk: KioskClient, clock: StillClock
) -> None:
    right, subject = give(records), kiosk.prove()
    url = _ask(kiosk, subject, "phone", right=right.right_id).json()["url"]
    with pytest.raises(RefusedError):
        _redeem(records, "https://x/pass#" + "a" * 32)
    with pytest.raises(RefusedError):
        _redeem(records, url, "AAAA")
    clock.pass_by(10 * 60)
    with pytest.raises(RefusedError):
        _redeem(records, url)
    assert open_ways(records, right) == []


def test_three_phones_and_a_few_links_an_hour(records: Records, kiosk: KioskClient) -> None:
    right, subject = give(records), kiosk.prove()
    urls = [_ask(kiosk, subject, "phone", right=right.right_id).json()["url"] for _ in range(4)]
    for url in urls[:3]:
        _redeem(records, url)
    with pytest.raises(RefusedError):
        _redeem(records, urls[3])
    assert _ask(kiosk, subject, "phone", right=right.right_id).status_code == 429
    take(records, right, lost=tuple(each.way_id for each in open_ways(records, right)))
    again = [_ask(kiosk, subject, "phone", right=right.right_id).status_code for _ in range(3)]
    assert again == [201, 201, 429]


def test_the_same_phone_is_one_way_alone(records: Records, kiosk: KioskClient) -> None:
    """A key that is a way already is nobody's second one."""
    right, subject, key = give(records), kiosk.prove(), _key()
    first, second = (_ask(kiosk, subject, "phone", right=right.right_id).json()["url"] for _ in range(2))
    _redeem(records, first, key)
    with pytest.raises(RefusedError):
        _redeem(records, second, key)


def test_a_right_that_ended_meanwhile_gives_no_phone(records: Records, kiosk: KioskClient) -> None:
    right, subject = give(records), kiosk.prove()
    url = _ask(kiosk, subject, "phone", right=right.right_id).json()["url"]
    at_gates.change(records, right, ended_at=records.clock.now(), ended_why="departure")
    with pytest.raises(RefusedError):
        _redeem(records, url)


def test_what_was_made_for_the_dead_opens_nothing(records: Records) -> None:
    gate, right = at_gates.at_compound(records), give(records)
    take(records, right, card=new_card())
    since = cursor(gate)
    with records.database.writing() as transaction:
        assert ways.end_all(records, transaction, right.person_id) == 1
    assert grants_heard(gate, since) == [None]
    assert open_ways(records, right) == []
