"""Whether the code on a phone was signed by the key of the way that it names."""

import base64
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from backend_client.phone_code import verified
from civic.gate_codes import PhoneCode, parse, phone_statement

COMMUNITY, CREDENTIAL, COUNTER = "C-01", "0123456789abcdef0123456789abcdef", 59848020
KEY = ec.derive_private_key(20261123, ec.SECP256R1())


def written(key: PublicKeyTypes) -> str:
    """A public key as a grant holds it."""
    return base64.b64encode(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def shown() -> PhoneCode:
    """What a phone shows now: signed as a browser's WebCrypto does, r and s side by side."""
    r, s = decode_dss_signature(KEY.sign(phone_statement(COMMUNITY, CREDENTIAL, COUNTER), ec.ECDSA(SHA256())))
    code = parse(PhoneCode(CREDENTIAL, COUNTER, r.to_bytes(32, "big") + s.to_bytes(32, "big")).text)
    assert isinstance(code, PhoneCode)
    return code


def test_a_code_of_the_grants_key_holds() -> None:
    assert verified(shown(), written(KEY.public_key()), COMMUNITY)


def test_it_holds_for_its_community_way_and_half_minute_alone() -> None:
    """Whatever else it is shown as."""
    code, key = shown(), written(KEY.public_key())
    assert not verified(code, key, "C-02")
    assert not verified(replace(code, credential="f" * 32), key, COMMUNITY)
    assert not verified(replace(code, counter=COUNTER + 1), key, COMMUNITY)
    assert not verified(code, written(ec.derive_private_key(7, ec.SECP256R1()).public_key()), COMMUNITY)


@settings(deadline=None)  # the machine may be busy
@given(st.binary(min_size=64, max_size=64))
def test_no_other_signature_holds(signature: bytes) -> None:
    """Zeros and numbers beyond the curve's order among them."""
    key = written(KEY.public_key())
    assert not verified(replace(shown(), signature=signature), key, COMMUNITY)
    assert not verified(replace(shown(), signature=bytes(64)), key, COMMUNITY)
    assert not verified(replace(shown(), signature=b"\xff" * 64), key, COMMUNITY)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "no key",
        base64.b64encode(b"no key").decode(),
        written(ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key()),
        written(ec.derive_private_key(20261123, ec.SECP384R1()).public_key()),
        "密钥",
    ],
)
def test_a_key_that_is_none_or_of_another_kind_verifies_nothing(key: str) -> None:
    assert not verified(shown(), key, COMMUNITY)
