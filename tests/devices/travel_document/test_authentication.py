from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from asn1crypto import cms, x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.chip import tlv
from devices.travel_document.api import DocumentProblem
from devices.travel_document.authentication import check_content, check_signer
from devices.travel_document.authorities import Authorities
from devices.travel_document.certificates import Certificate
from devices.travel_document.problems import DocumentError, understanding
from devices.travel_document.security_object import SecurityObject
from simulators.chip.issuer import Issuer, SignatureKind, Signer, security_object

ISSUER, IMPOSTOR = Issuer("UT"), Issuer("UT")
START, END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
MADE = datetime(2021, 6, 1, tzinfo=UTC)
EXPIRES = date(2031, 5, 31)
GROUPS = {1: b"the zone", 2: b"the portrait"}
SIGNER = ISSUER.signer(SignatureKind.ECDSA, START, END)


def _store(*issuers: Issuer) -> Authorities:
    return Authorities(tuple(Certificate.load(each.certificate.public_bytes(Encoding.DER)) for each in issuers))


def _parsed(signer: Signer = SIGNER, by: Signer | None = None) -> SecurityObject:
    return SecurityObject.parse(security_object(GROUPS, signer, MADE, by))


def _problem(check: SecurityObject, issued_on: date | None = None, store: Authorities | None = None) -> DocumentProblem:
    with pytest.raises(DocumentError) as refused:
        check_signer(check, store or _store(ISSUER), "UTO", issued_on, EXPIRES)
    return refused.value.problem


@pytest.mark.parametrize("kind", SignatureKind)
def test_what_an_authoritys_signer_signed_is_believed(kind: SignatureKind) -> None:
    parsed = _parsed(ISSUER.signer(kind, START, END))
    check_content(parsed, GROUPS)
    check_signer(parsed, _store(IMPOSTOR, ISSUER), "UTO", None, EXPIRES)
    assert parsed.signed_on == date(2021, 6, 1)


@pytest.mark.parametrize(
    "groups", [{1: b"the zone.", 2: GROUPS[2]}, {1: GROUPS[1], 2: b""}, {11: b"nobody signed this"}]
)
def test_a_group_that_was_not_signed_so_is_altered(groups: dict[int, bytes]) -> None:
    with pytest.raises(DocumentError) as refused:
        check_content(_parsed(), groups)
    assert refused.value.problem is DocumentProblem.ALTERED


def test_a_signature_by_another_key_is_wrong() -> None:
    forged = _parsed(by=ISSUER.signer(SignatureKind.ECDSA, START, END))
    with pytest.raises(DocumentError) as refused:
        check_content(forged, GROUPS)
    assert refused.value.problem is DocumentProblem.SIGNATURE_WRONG


def test_hashes_that_were_changed_after_signing_make_the_signature_wrong() -> None:
    """The signed attributes hold the digest of the hashes."""
    sod = security_object(GROUPS, SIGNER, MADE)
    hashed = _parsed().hashes[1]
    changed = SecurityObject.parse(sod.replace(hashed, bytes(len(hashed))))
    assert changed.hashes[1] == bytes(len(hashed))
    assert not changed.genuine


def test_a_signer_of_an_authority_that_only_has_the_same_name_is_unknown() -> None:
    """Names are anybody's."""
    assert _problem(_parsed(IMPOSTOR.signer(SignatureKind.ECDSA, START, END))) is DocumentProblem.SIGNER_UNKNOWN
    assert _problem(_parsed(), store=Authorities()) is DocumentProblem.SIGNER_UNKNOWN


def test_a_state_s_authority_signs_for_that_state_alone() -> None:
    """A signer of another state, stolen or willing, makes no passports of this one."""
    check_content(_parsed(), GROUPS)
    with pytest.raises(DocumentError) as refused:
        check_signer(_parsed(), _store(ISSUER, Issuer("CN")), "CHN", None, EXPIRES)
    assert refused.value.problem is DocumentProblem.SIGNER_UNKNOWN
    assert refused.value.detail.endswith(", for CHN")


def test_an_authority_may_be_found_by_its_signature_alone() -> None:
    """States write one name in several ways, and some leave the identifiers out."""
    (authority,) = _store(ISSUER).certificates
    renamed = replace(authority, subject=b"another spelling", subject_key_id=None)
    check_signer(_parsed(), Authorities((renamed,)), "UTO", None, EXPIRES)


def test_keys_count_only_for_what_they_are_stated_to_be_for() -> None:
    (authority,) = _store(ISSUER).certificates
    store = Authorities((replace(authority, usage=frozenset({"crl_sign"})),))
    assert _problem(_parsed(), store=store) is DocumentProblem.SIGNER_UNKNOWN
    parsed = _parsed()
    signer = replace(parsed.signer, usage=frozenset({"key_agreement"}))
    assert _problem(replace(parsed, signer=signer)) is DocumentProblem.SIGNER_UNKNOWN
    check_signer(replace(parsed, signer=replace(parsed.signer, usage=None)), _store(ISSUER), "UTO", None, EXPIRES)


@pytest.mark.parametrize("issued_on", [date(2019, 12, 31), date(2031, 1, 2), date(2031, 6, 1)])
def test_a_signer_that_was_not_valid_on_the_day_of_issue_is_expired(issued_on: date) -> None:
    """Before it, after it, and after the document's own end."""
    assert _problem(_parsed(), issued_on) is DocumentProblem.SIGNER_EXPIRED


def test_a_document_made_after_its_own_end_is_not_believed() -> None:
    """Its signer was valid on that day."""
    with pytest.raises(DocumentError) as refused:
        check_signer(_parsed(), _store(ISSUER), "UTO", date(2026, 1, 2), date(2026, 1, 1))
    assert refused.value.problem is DocumentProblem.SIGNER_EXPIRED


def test_an_authority_that_was_not_valid_on_the_day_of_issue_is_expired() -> None:
    (authority,) = _store(ISSUER).certificates
    old = replace(authority, last_day=date(2021, 5, 31))
    assert _problem(_parsed(), store=Authorities((old,))) is DocumentProblem.SIGNER_EXPIRED
    check_signer(_parsed(), Authorities((old, authority)), "UTO", None, EXPIRES)  # renewed with the same key


@pytest.mark.parametrize(
    ("last_day", "believed"), [(date(2021, 5, 31), True), (date(2021, 5, 30), False), (date(2031, 1, 1), True)]
)
def test_without_any_date_a_document_was_made_within_ten_years_of_its_end(last_day: date, believed: bool) -> None:
    """Neither DG12 nor the signature tells the day: one on which the signer was valid must be possible."""
    parsed = replace(_parsed(), signed_on=None)
    parsed = replace(parsed, signer=replace(parsed.signer, last_day=last_day))
    if believed:
        check_signer(parsed, _store(ISSUER), "UTO", None, EXPIRES)
    else:
        assert _problem(parsed) is DocumentProblem.SIGNER_EXPIRED


def test_the_last_day_of_february_has_an_earlier_year_too() -> None:
    check_signer(replace(_parsed(), signed_on=None), _store(ISSUER), "UTO", None, date(2028, 2, 29))


def test_what_was_signed_as_another_kind_of_content_is_no_documents() -> None:
    """A state signs lists, too."""
    wrapped = cms.ContentInfo.load(tlv.read(security_object(GROUPS, SIGNER, MADE), 0x77))
    signed = wrapped["content"]
    signed["encap_content_info"]["content_type"] = "2.23.136.1.1.2"
    attributes = signed["signer_infos"][0]["signed_attrs"]
    attributes[0]["values"] = ["2.23.136.1.1.2"]
    signed["signer_infos"][0]["signature"] = SIGNER.sign(b"\x31" + attributes.dump(force=True)[1:])
    assert not SecurityObject.parse(tlv.encode(0x77, wrapped.dump(force=True))).genuine


def test_a_signer_may_be_named_by_its_key() -> None:
    """RFC 3369, 5.3: the second form of the signer's identifier."""
    wrapped = cms.ContentInfo.load(tlv.read(security_object(GROUPS, SIGNER, MADE), 0x77))
    certificate = x509.Certificate.load(SIGNER.certificate.public_bytes(Encoding.DER))
    name = cms.SignerIdentifier("subject_key_identifier", certificate.key_identifier)
    wrapped["content"]["signer_infos"][0]["sid"] = name
    assert SecurityObject.parse(tlv.encode(0x77, wrapped.dump(force=True))).genuine


def test_a_security_object_without_its_signer_has_an_unknown_one() -> None:
    wrapped = cms.ContentInfo.load(tlv.read(security_object(GROUPS, SIGNER, MADE), 0x77))
    other = x509.Certificate.load(ISSUER.certificate.public_bytes(Encoding.DER))
    wrapped["content"]["certificates"] = [other]
    with pytest.raises(DocumentError) as refused:
        SecurityObject.parse(tlv.encode(0x77, wrapped.dump(force=True)))
    assert refused.value.problem is DocumentProblem.SIGNER_UNKNOWN


def test_what_a_certificate_calls_itself_can_not_break_a_line_of_the_log() -> None:
    """Whoever makes a false passport chooses its signer's name."""
    forged = SIGNER.certificate.public_bytes(Encoding.DER).replace(b"SPECIMEN", b"A\n\x1b[2JB~")
    assert Certificate.load(forged).name.startswith("Common Name: CSCA UT A??[2JB~")


SOD = security_object(GROUPS, SIGNER, MADE)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(SOD) - 1), st.integers(1, 255))
def test_any_changed_byte_gives_a_problem_and_never_a_traceback(at: int, change: int) -> None:
    """Or nothing that is believed: what is not signed may change as it likes."""
    changed = SOD[:at] + bytes([SOD[at] ^ change]) + SOD[at + 1 :]
    with suppress(DocumentError):
        with understanding("EF.SOD"):
            parsed = SecurityObject.parse(changed)
        check_content(parsed, GROUPS)
        check_signer(parsed, _store(ISSUER), "UTO", None, EXPIRES)
        assert parsed.hashes == _parsed().hashes


@settings(deadline=None)  # the machine may be busy
@given(st.binary(max_size=200))
def test_any_bytes_are_a_security_object_or_damage(content: bytes) -> None:
    with pytest.raises(DocumentError) as refused, understanding("EF.SOD"):
        SecurityObject.parse(tlv.encode(0x77, content))
    assert refused.value.detail.startswith("EF.SOD")
