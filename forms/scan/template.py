"""What each kind of paper says in any case: its labels in their order, and the words that never change.

They are composed of papers that say nothing, so that a label has one home (forms.content).
"""

from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Final

from forms.content import PageContent, compose
from forms.paper import (
    HouseholdCertificate,
    HouseholdMember,
    LaterReceipt,
    NoCriminalRecord,
    Paper,
    PaperKind,
    ResidenceReceipt,
    TemporaryIdProof,
    Wording,
)

_DAY = date(2000, 1, 1)
_AT = datetime(2000, 1, 1, tzinfo=UTC)
_ANY: Final = "\u25cb"  # stands for whatever a field says
_ISSUE: Final[dict[str, Any]] = {
    "serial": _ANY,
    "wording": Wording(_ANY, _ANY, _ANY, _ANY),
    "purpose": _ANY,
    "issuer": _ANY,
    "machine": _ANY,
    "issued_at": _AT,
    "specimen": True,
    "name": _ANY,
}
_IDENTITY: Final[dict[str, Any]] = {"sex": _ANY, "nation": _ANY, "birth_date": _DAY, "id_number": _ANY}


@cache
def template_of(kind: PaperKind) -> PageContent:
    """A paper of that kind with every field that it may have, each saying nothing."""
    return compose(_empty(kind))


def _empty(kind: PaperKind) -> Paper:
    texts: tuple[str, ...]
    match kind:
        case PaperKind.HOUSEHOLD_CERTIFICATE:
            texts = ("former_name", "birthplace", "native_place", "address", "household_type", "householder")
            return HouseholdCertificate(
                **_ISSUE,
                **_IDENTITY,
                **_saying_nothing(*texts, "relation", "moved_in", "applicant"),
                members=(HouseholdMember(_ANY, _ANY, _ANY),),
                valid_until=_DAY,
            )
        case PaperKind.TEMPORARY_ID_PROOF:
            return TemporaryIdProof(
                **_ISSUE, **_IDENTITY, address=_ANY, portrait="", purposes=(_ANY,), valid_from=_AT, valid_until=_AT
            )
        case PaperKind.NO_CRIMINAL_RECORD:
            texts = ("sex", "nationality", "document", "document_number")
            return NoCriminalRecord(
                **_ISSUE,
                **_saying_nothing(*texts),
                birth_date=_DAY,
                queried_from=_DAY,
                queried_until=_DAY,
                valid_until=_DAY,
            )
        case PaperKind.RESIDENCE_RECEIPT:
            return ResidenceReceipt(
                **_ISSUE, id_number=_ANY, address=_ANY, declared_on=_DAY, permit_from=_DAY, valid_until=_DAY
            )
        case PaperKind.LATER_RECEIPT:
            texts = ("id_number", "window", "hours", "phone", "bring")
            return LaterReceipt(**_ISSUE, **_saying_nothing(*texts), ready_on=_DAY, valid_until=_DAY)


def _saying_nothing(*names: str) -> dict[str, Any]:
    return dict.fromkeys(names, _ANY)
