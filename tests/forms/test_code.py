"""The signed compact code: what it states, and everything that must not pass for it."""

from dataclasses import fields, replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import base45
import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms.code import CUT, LONGEST_CODE, PREFIX, CodeKey, open_code, read_claims, sign_code
from forms.content import compose, content_digest, digest
from forms.errors import AlteredCodeError, CodeError, UnknownIssuerError, UnreadableCodeError
from forms.paper import HouseholdCertificate, HouseholdMember, Paper
from forms.qr import modules
from forms.trust import TrustStore
from tests.support.papers import EVERY_KIND, FULL, LONG, RARE
from tests.support.pki import NOT_BEFORE, make_pki

ALPHANUMERIC = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
VERSION_14 = 73  # modules along a side


def _envelope(code: str) -> list[object]:
    parts: list[object] = list(cbor2.loads(base45.b45decode(code.removeprefix(PREFIX))).value)
    return parts


def _code(parts: list[object], tag: int = 18) -> str:
    text: str = base45.b45encode(cbor2.dumps(cbor2.CBORTag(tag, parts))).decode()
    return PREFIX + text


def test_a_code_states_what_a_person_compares(code_key: CodeKey, trust: TrustStore) -> None:
    """Opened with the trusted keys, the claims are the paper's."""
    claims = open_code(sign_code(FULL, code_key), trust)
    assert [(label.chinese, text) for label, text in claims.facts] == [
        ("姓名", FULL.name),
        ("公民身份号码", "9901**********0012"),
        ("性别", "男"),
        ("出生日期", "1990年3月7日"),
        ("用途", FULL.purpose),
    ]
    assert (claims.serial, claims.issuer, claims.specimen) == (FULL.serial, FULL.issuer, True)
    assert (claims.issued_at, claims.valid_until) == (FULL.issued_at, FULL.valid_until)
    assert claims.digest == content_digest(FULL)


def test_the_number_is_masked_in_the_code(code_key: CodeKey) -> None:
    """The code holds the first and last four characters, and the ten between nowhere."""
    code = sign_code(FULL, code_key)
    assert read_claims(code).stated[1] == "9901**********0012"
    assert FULL.id_number.encode() not in base45.b45decode(code.removeprefix(PREFIX))


def test_rare_characters_survive(code_key: CodeKey, trust: TrustStore) -> None:
    """A name beyond U+FFFF is stated code point for code point."""
    assert open_code(sign_code(RARE, code_key), trust).stated[0] == RARE.name


@pytest.mark.parametrize("paper", [FULL, RARE, LONG], ids=["full", "rare", "long"])
def test_a_code_fits_its_symbol(paper: HouseholdCertificate, code_key: CodeKey) -> None:
    """Alphanumeric characters only, and never beyond version 14 at level M."""
    code = sign_code(paper, code_key)
    assert set(code) <= ALPHANUMERIC
    assert len(code) <= LONGEST_CODE
    assert len(modules(code)) <= VERSION_14


def test_what_does_not_fit_is_cut_and_says_so(code_key: CodeKey, trust: TrustStore) -> None:
    """Long texts end in an ellipsis; the digest covers them whole."""
    claims = open_code(sign_code(LONG, code_key), trust)
    name = claims.stated[0]
    assert name.endswith(CUT)
    assert LONG.name.startswith(name.removesuffix(CUT))
    assert claims.digest == content_digest(LONG)


def test_every_printed_field_changes_the_digest() -> None:
    """One character anywhere on the page is another content."""
    texts = [field.name for field in fields(FULL) if field.type is str]
    digests = {content_digest(_lengthened(name)) for name in texts}
    assert len(digests) == len(texts)
    assert content_digest(FULL) not in digests


@pytest.mark.parametrize("paper", EVERY_KIND, ids=[each.kind for each in EVERY_KIND])
def test_no_character_moves_from_one_field_to_the_next_without_a_trace(paper: Paper) -> None:
    """王小 and 明 are not 王 and 小明: what one field is called stands between, and is part of what is signed."""
    content = compose(paper)
    whole = digest("".join(content.texts()))
    for at, (one, other) in enumerate(pairwise(content.fields)):
        moved = list(content.fields)
        moved[at] = replace(one, value=one.value + other.value[0])
        moved[at + 1] = replace(other, value=other.value[1:])
        assert digest("".join(replace(content, fields=tuple(moved)).texts())) != whole


def test_a_member_s_relation_and_name_keep_apart() -> None:
    """A nephew called 孙伟 is no grandnephew called 伟."""
    nephew, grandnephew = (
        HouseholdMember("侄", "孙伟", "9901**********0019"),
        HouseholdMember("侄孙", "伟", "9901**********0019"),
    )
    assert content_digest(replace(FULL, members=(nephew,))) != content_digest(replace(FULL, members=(grandnephew,)))


def _lengthened(name: str) -> HouseholdCertificate:
    change: dict[str, Any] = {name: getattr(FULL, name) + "一"}
    return replace(FULL, **change)


@pytest.mark.parametrize("position", [0, 2, 3])
def test_one_changed_bit_is_noticed(position: int, code_key: CodeKey, trust: TrustStore) -> None:
    """In the header, the payload or the signature: never a claim."""
    parts = _envelope(sign_code(FULL, code_key))
    content = bytearray(parts[position])  # type: ignore[call-overload]
    content[-1] ^= 1
    parts[position] = bytes(content)
    with pytest.raises(CodeError):
        open_code(_code(parts), trust)


def test_another_name_under_the_same_signature_is_altered(code_key: CodeKey, trust: TrustStore) -> None:
    """The signature is over the payload, not beside it."""
    genuine, other = _envelope(sign_code(FULL, code_key)), _envelope(sign_code(RARE, code_key))
    with pytest.raises(AlteredCodeError):
        open_code(_code([genuine[0], {}, other[2], genuine[3]]), trust)


def test_a_code_of_an_unknown_key_is_of_an_unknown_issuer(trust: TrustStore) -> None:
    """A good signature by somebody else counts for nothing."""
    with pytest.raises(UnknownIssuerError):
        open_code(sign_code(FULL, CodeKey(make_pki().code.key)), trust)


def test_a_document_key_signs_no_codes() -> None:
    """The purpose of a certificate is kept."""
    pki = make_pki()
    with pytest.raises(UnknownIssuerError):
        open_code(sign_code(FULL, CodeKey(pki.document.key)), pki.trust())


def test_a_code_issued_before_its_key_existed_is_refused(code_key: CodeKey, trust: TrustStore) -> None:
    """The certificate must have been valid when the paper was issued."""
    early = replace(FULL, issued_at=NOT_BEFORE - timedelta(days=1))
    with pytest.raises(UnknownIssuerError):
        open_code(sign_code(early, code_key), trust)


@pytest.mark.parametrize(
    "text",
    ["", "PAD1:", "HC1:6BF", "PAD1:ab", "PAD1:" + "0" * 600, "https://example.invalid/", "PAD1:\u4e00"],
    ids=["empty", "nothing", "prefix", "alphabet", "long", "address", "chinese"],
)
def test_what_is_no_code_is_unreadable(text: str, trust: TrustStore) -> None:
    """Other codes that lie about are not called forgeries."""
    with pytest.raises(UnreadableCodeError):
        open_code(text, trust)


@pytest.mark.parametrize("variant", ["tag", "unprotected", "short", "trailing", "claim", "algorithm"])
def test_a_structure_that_differs_is_unreadable(variant: str, code_key: CodeKey, trust: TrustStore) -> None:
    """The structure is read strictly: one form, nothing extra."""
    parts = _envelope(sign_code(FULL, code_key))
    claims = cbor2.loads(parts[2])  # type: ignore[arg-type]
    header = cbor2.loads(parts[0])  # type: ignore[arg-type]
    broken = {
        "tag": _code(parts, tag=98),
        "unprotected": _code([parts[0], {4: b"12345678"}, *parts[2:]]),
        "short": _code([*parts[:3], b"short"]),
        "trailing": PREFIX + base45.b45encode(cbor2.dumps(cbor2.CBORTag(18, parts)) + b"\0").decode(),
        "claim": _code([*parts[:2], cbor2.dumps(claims | {7: b"x"}), parts[3]]),
        "algorithm": _code([cbor2.dumps(header | {1: -8}), *parts[1:]]),
    }
    with pytest.raises(UnreadableCodeError):
        open_code(broken[variant], trust)


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_arbitrary_bytes_raise_only_our_own_errors(trust: TrustStore, content: bytes) -> None:
    """Whatever stands behind the prefix, the answer is one of ours."""
    with pytest.raises(CodeError):
        open_code(PREFIX + base45.b45encode(content).decode(), trust)


_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.binary(max_size=70) | st.text(max_size=12)
_ITEMS = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=9) | st.dictionaries(_SCALARS, inner, max_size=4)
)


@given(payload=_ITEMS, header=_ITEMS)
@settings(max_examples=80, deadline=None)
def test_arbitrary_claims_raise_only_our_own_errors(trust: TrustStore, payload: object, header: object) -> None:
    """A well-formed envelope around anything at all is still only an error of ours."""
    with pytest.raises(CodeError):
        open_code(_code([cbor2.dumps(header), {}, cbor2.dumps(payload), bytes(64)]), trust)


@given(at=st.integers(min_value=0, max_value=8), value=_SCALARS)
@settings(max_examples=150, deadline=None)
def test_a_claim_of_another_kind_raises_only_our_own_errors(
    code_key: CodeKey, trust: TrustStore, at: int, value: object
) -> None:
    """Each entry of the paper's map replaced by anything."""
    parts = _envelope(sign_code(FULL, code_key))
    claims = cbor2.loads(parts[2])  # type: ignore[arg-type]
    claims[-65537][at] = value
    with pytest.raises(CodeError):
        open_code(_code([*parts[:2], cbor2.dumps(claims), bytes(64)]), trust)


def test_claims_mask_themselves(code_key: CodeKey) -> None:
    """Neither str nor repr shows a name."""
    claims = read_claims(sign_code(FULL, code_key))
    assert FULL.name not in f"{claims} {claims!r}"
