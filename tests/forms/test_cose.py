"""COSE_Sign1 in our one form: right by another's hand, and nothing else gets in."""

import base64
from collections.abc import Callable

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from forms.cose import Sign1, read_sign1, sign1
from forms.errors import CoseError
from forms.trust import key_id

TYPE = "application/vnd.example+cose"
KEY = ec.derive_private_key(7, ec.SECP256R1())

# cose-wg/Examples, ecdsa-examples/ecdsa-sig-01.json: ES256 over protected {1: -7} and this payload
EXAMPLE_PAYLOAD = b"This is the content."
EXAMPLE_SIGNATURE = bytes.fromhex(
    "8eb33e4ca31d1c465ab05aac34cc6b23d58fef5c083106c4d25a91aef0b0117e"
    "2af9a291aa32e14ab834dc56ed2a223444547e01f11d3b0916e5a4c345cacb36"
)
EXAMPLE_X, EXAMPLE_Y = (
    int.from_bytes(base64.urlsafe_b64decode(each + "="))
    for each in ("usWxHK2PmfnHKwXPS54m0kTcGJ90UiglWiGahtagnv8", "IBOL-C3BttVivg-lSreASjpkttcsz-1rb7btKLv8EX4")
)


def test_the_working_groups_own_signature_holds() -> None:
    """What is signed is what the standard says, not only what we ourselves sign."""
    key = ec.EllipticCurvePublicNumbers(EXAMPLE_X, EXAMPLE_Y, ec.SECP256R1()).public_key()
    example = Sign1(b"11", EXAMPLE_PAYLOAD, bytes.fromhex("a10126"), EXAMPLE_SIGNATURE)
    assert example.is_signed_with(key)
    assert not Sign1(b"11", EXAMPLE_PAYLOAD + b" ", bytes.fromhex("a10126"), EXAMPLE_SIGNATURE).is_signed_with(key)


@pytest.mark.parametrize("content_type", ["", TYPE], ids=["untyped", "typed"])
def test_what_was_signed_is_read(content_type: str) -> None:
    """By whoever signed it, and by nobody else."""
    read = read_sign1(sign1(b"said", KEY, content_type), content_type)
    assert (read.payload, read.key_id) == (b"said", key_id(KEY.public_key()))
    assert read.is_signed_with(KEY.public_key())
    assert not read.is_signed_with(ec.derive_private_key(8, ec.SECP256R1()).public_key())
    assert not read.is_signed_with(ed25519.Ed25519PrivateKey.generate().public_key())


@pytest.mark.parametrize(("signed", "asked"), [("", TYPE), (TYPE, ""), (TYPE, TYPE + "2")])
def test_one_type_never_passes_for_another(signed: str, asked: str) -> None:
    """A key signs codes and lists."""
    with pytest.raises(CoseError):
        read_sign1(sign1(b"said", KEY, signed), asked)


VARIANTS: dict[str, Callable[[list[object]], object]] = {
    "another tag": lambda parts: cbor2.CBORTag(98, parts),
    "no tag": lambda parts: parts,
    "something unprotected": lambda parts: cbor2.CBORTag(18, [parts[0], {5: b"iv"}, *parts[2:]]),
    "a longer signature": lambda parts: cbor2.CBORTag(18, [*parts[:3], bytes(65)]),
    "another algorithm": lambda parts: cbor2.CBORTag(18, [_header({1: -8}), *parts[1:]]),
    "an algorithm that only equals it": lambda parts: cbor2.CBORTag(18, [_header({1: -7.0}), *parts[1:]]),
    "a critical header": lambda parts: cbor2.CBORTag(18, [_header({2: [9], 9: 1}), *parts[1:]]),
    "the header's entries the other way": lambda parts: cbor2.CBORTag(
        18, [cbor2.dumps({4: key_id(KEY.public_key()), 1: -7}), *parts[1:]]
    ),
    "a longer key id": lambda parts: cbor2.CBORTag(18, [cbor2.dumps({1: -7, 4: bytes(9)}), *parts[1:]]),
    "a fifth part": lambda parts: cbor2.CBORTag(18, [*parts, b""]),
}


def _header(changed: dict[int, object]) -> bytes:
    return cbor2.dumps({1: -7, 4: key_id(KEY.public_key())} | changed)


@pytest.mark.parametrize("variant", VARIANTS)
def test_there_is_one_form_and_no_other(variant: str) -> None:
    """Whatever can be written in two ways is refused in all but one."""
    parts = list(cbor2.loads(sign1(b"said", KEY)).value)
    with pytest.raises(CoseError):
        read_sign1(cbor2.dumps(VARIANTS[variant](parts)))


@pytest.mark.parametrize(
    "raw",
    [b"", b"\xd2", b"\x81" * 4000, b"\xd2\x5f\xff", b"\x1b" + bytes(8)],
    ids=["nothing", "cut", "deep", "indefinite", "a longer integer than needed"],
)
def test_bytes_that_are_no_message_are_ours_to_refuse(raw: bytes) -> None:
    """One error, whatever a parser thinks of them."""
    with pytest.raises(CoseError):
        read_sign1(raw)
