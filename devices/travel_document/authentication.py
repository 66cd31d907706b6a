"""Passive authentication: whether an issuing state made what a chip says (ICAO 9303-11, 5.1; 9303-12, 7)."""

from collections.abc import Iterable, Mapping
from datetime import date

from devices.travel_document.api import DocumentProblem
from devices.travel_document.authorities import Authorities
from devices.travel_document.certificates import Certificate
from devices.travel_document.problems import DocumentError, understanding
from devices.travel_document.security_object import SecurityObject
from devices.travel_document.states import may_sign

_LONGEST_VALIDITY_YEARS = 10  # of a travel document


def check_content(security_object: SecurityObject, groups: Mapping[int, bytes]) -> None:
    """The signature is the signer's, and every one of ``groups`` is as it was signed. Raises DocumentError."""
    if not security_object.genuine:
        raise DocumentError(DocumentProblem.SIGNATURE_WRONG, "EF.SOD")
    for number, file in groups.items():
        if number not in security_object.hashes:
            raise DocumentError(DocumentProblem.ALTERED, f"EF.DG{number}: not signed")
        if not security_object.holds(number, file):
            raise DocumentError(DocumentProblem.ALTERED, f"EF.DG{number}")


def check_signer(
    security_object: SecurityObject, authorities: Authorities, state: str, issued_on: date | None, expires_on: date
) -> None:
    """An authority of ``state`` in the store made the signer, and both were valid when the document was made. Raises
    DocumentError.

    ``state``: of which the document says that it is (as in the MRZ); no other state may sign for it. ``issued_on``: by
    DG12, where it says so; else the signing time counts. ``expires_on``: of the document; where nothing says when it
    was made, it was not before the longest validity that any has.
    """
    signer = security_object.signer
    vouching = _vouching(signer, authorities.certificates)
    if not vouching or not signer.may("digital_signature"):
        raise DocumentError(DocumentProblem.SIGNER_UNKNOWN, signer.name)
    entitled = [authority for authority in vouching if may_sign(authority.country, state)]
    if not entitled:
        raise DocumentError(DocumentProblem.SIGNER_UNKNOWN, f"{signer.name}, for {state}")
    made = issued_on or security_object.signed_on or max(signer.first_day, _earliest(expires_on))
    valid = made <= expires_on and signer.valid_on(made)
    if not valid or not any(authority.valid_on(made) for authority in entitled):
        raise DocumentError(DocumentProblem.SIGNER_EXPIRED, signer.name)


def _vouching(signer: Certificate, authorities: Iterable[Certificate]) -> list[Certificate]:
    """Those whose key signed the signer; several, where an authority renewed its certificate and kept the key.

    Names and key identifiers only say whom to ask first, since states write them in more than one way.
    """
    able = [authority for authority in authorities if authority.may("key_cert_sign")]
    named = [authority for authority in able if signer.names_as_issuer(authority)]
    with understanding("EF.SOD"):
        return [one for one in named if signer.signed_by(one)] or [one for one in able if signer.signed_by(one)]


def _earliest(expires_on: date) -> date:
    year = expires_on.year - _LONGEST_VALIDITY_YEARS
    day = 28 if (expires_on.month, expires_on.day) == (2, 29) else expires_on.day
    return expires_on.replace(year=year, day=day)
