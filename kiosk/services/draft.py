"""A paper as it would be, made before a serial is spent on it: whether its words can be set at all.

What only records know (serial, times, machine) is as long as theirs at least. What is still to be chosen (purpose,
members) is the longest that can be chosen.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from backend_client.contract.persons import HouseholdRecord
from forms.errors import FormsError, PaperTooLongError
from forms.paper import (
    CHINA_TIME,
    HouseholdCertificate,
    HouseholdMember,
    Medium,
    NoCriminalRecord,
    Paper,
    PaperKind,
    ResidenceReceipt,
    TemporaryIdProof,
    Wording,
)
from forms.placement import fits

_SERIAL, _MACHINE = "0000-0000-000000-00", "0000-0000"
_AT, _DAY = datetime(2026, 12, 31, 23, 59, tzinfo=CHINA_TIME), date(2026, 12, 31)
_DOCUMENT = "台湾居民来往大陆通行证"  # the longest name of a document
_MASKED = "0000**********0000"


@dataclass(frozen=True, slots=True)
class PaperWords:
    """What the policy says on a paper."""

    wording: Wording
    issuer: str
    purposes: tuple[str, ...]
    specimen: bool = True


def obstacle(record: HouseholdRecord, kind: PaperKind, words: PaperWords, medium: Medium) -> str:
    """The code of the reason why this record's paper can't be set; empty: nothing."""
    try:
        return "" if fits(_draft(record, kind, words), medium) else PaperTooLongError.code
    except FormsError as error:
        return error.code


def _draft(record: HouseholdRecord, kind: PaperKind, words: PaperWords) -> Paper:
    common: dict[str, Any] = {
        "serial": _SERIAL,
        "wording": words.wording,
        "purpose": max(words.purposes, key=len, default=""),
        "issuer": words.issuer,
        "machine": _MACHINE,
        "issued_at": _AT,
        "specimen": words.specimen,
        "name": record.name,
    }
    match kind:
        case PaperKind.TEMPORARY_ID_PROOF:
            ends: dict[str, Any] = {"valid_from": _AT, "valid_until": _AT, "portrait": "", "purposes": words.purposes}
            return TemporaryIdProof(
                **common, **ends, **_of(record, "sex", "nation", "birth_date", "id_number", "address")
            )
        case PaperKind.NO_CRIMINAL_RECORD:
            span: dict[str, Any] = {
                "queried_from": _DAY,
                "queried_until": _DAY,
                "valid_until": _DAY,
                "nationality": "中国",
            }
            shown: dict[str, Any] = {
                "document": _DOCUMENT,
                "document_number": record.id_number,
                **_of(record, "sex", "birth_date"),
            }
            return NoCriminalRecord(**common, **span, **shown)
        case PaperKind.RESIDENCE_RECEIPT:
            days: dict[str, Any] = {"declared_on": _DAY, "permit_from": _DAY, "valid_until": _DAY}
            return ResidenceReceipt(**common, **days, id_number=_MASKED, address=record.address)
        case _:
            return HouseholdCertificate(**common, **_household(record))


def _household(record: HouseholdRecord) -> dict[str, Any]:
    own = _of(
        *(record, "former_name", "sex", "nation", "birth_date", "id_number", "birthplace", "native_place", "address"),
        *("household_type", "householder", "relation", "moved_in"),
    )
    members = tuple(HouseholdMember(each.relation, each.name, _MASKED) for each in record.members)
    return own | {"valid_until": _DAY, "members": members}


def _of(record: HouseholdRecord, *names: str) -> dict[str, Any]:
    return {name: getattr(record, name) for name in names}
