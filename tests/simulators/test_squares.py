"""Squares by name: what a hand holds before a gate's scanner, and what the scanner reads of it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from civic.gate_codes import PhoneCode, parse, phone_counter, phone_statement
from simulators import squares
from simulators.access_card.cards import key_of
from simulators.bench_rows import sections

PHONE = squares.Telephone("deng phone", "0" * 32, "demo")
SLIP = "LG1.00000000000000000000000000"
AT = datetime(2026, 11, 22, 15, 5, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    squares.write(tmp_path / "sim", {"slip": SLIP}, PHONE)
    return tmp_path / "sim"


def test_a_square_is_held_by_its_name_or_by_its_text(folder: Path, tmp_path: Path) -> None:
    assert squares.names(folder) == ("slip", "phone")
    assert squares.text(folder, "slip") == SLIP
    assert squares.text(folder, "anything else") == "anything else"
    assert squares.text(tmp_path, "slip") == "slip"
    assert squares.names(tmp_path) == ()


def test_a_telephone_shows_this_half_minute_signed_by_its_own_key(folder: Path) -> None:
    shown = parse(squares.text(folder, "phone"))
    assert isinstance(shown, PhoneCode)
    assert shown.credential == PHONE.credential
    assert abs(shown.counter - phone_counter(datetime.now(UTC))) <= 1
    r, s = (int.from_bytes(half, "big") for half in (shown.signature[:32], shown.signature[32:]))
    signed = encode_dss_signature(r, s), phone_statement("demo", shown.credential, shown.counter)
    key_of("deng phone").public_key().verify(*signed, ec.ECDSA(SHA256()))
    with pytest.raises(InvalidSignature):
        key_of("neighbour").public_key().verify(*signed, ec.ECDSA(SHA256()))
    assert PHONE.square(AT) != squares.text(folder, "phone")


def test_the_panel_offers_the_squares_that_there_are(folder: Path) -> None:
    (shown,) = (row for row in sections(squares.names(folder))["code_scanner"] if row.setting == "show")
    assert [(each.value, each.words) for each in shown.options] == [
        ("none", "无码"),
        ("slip", "流程单"),
        ("phone", "手机"),
    ]
