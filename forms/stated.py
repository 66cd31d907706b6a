"""What a compact code states of a paper in clear: the few facts that a person compares with the sheet.

The code holds the texts alone, in this order; their labels follow from the kind.
"""

from dataclasses import dataclass
from typing import Final, assert_never

from forms.content import chinese_date
from forms.paper import (
    HouseholdCertificate,
    LaterReceipt,
    NoCriminalRecord,
    Paper,
    PaperKind,
    ResidenceReceipt,
    TemporaryIdProof,
)


@dataclass(frozen=True, slots=True)
class Label:
    """What a fact is called: the same words as on the paper."""

    chinese: str
    english: str


_NAME = Label("姓名", "Name")
_SEX = Label("性别", "Sex")
_BIRTH = Label("出生日期", "Date of birth")
_NUMBER = Label("公民身份号码", "Citizen ID number")
_PURPOSE = Label("用途", "Purpose")

LABELS: Final[dict[PaperKind, tuple[Label, ...]]] = {
    PaperKind.HOUSEHOLD_CERTIFICATE: (_NAME, _NUMBER, _SEX, _BIRTH, _PURPOSE),
    PaperKind.TEMPORARY_ID_PROOF: (_NAME, _NUMBER, _SEX, _BIRTH, _PURPOSE),
    PaperKind.NO_CRIMINAL_RECORD: (_NAME, Label("证件号码", "Document number"), _SEX, _BIRTH, _PURPOSE),
    PaperKind.RESIDENCE_RECEIPT: (_NAME, _NUMBER, Label("居住地址", "Address of residence")),
    PaperKind.LATER_RECEIPT: (_NAME, _NUMBER, Label("办理事项", "Service")),
}


def stated(paper: Paper) -> tuple[str, ...]:
    """The texts, one for each label of the paper's kind. A number is cut to its first and last four characters."""
    match paper:
        case HouseholdCertificate() | TemporaryIdProof():
            return paper.name, shortened(paper.id_number), paper.sex, chinese_date(paper.birth_date), paper.purpose
        case NoCriminalRecord():
            number = shortened(paper.document_number)
            return paper.name, number, paper.sex, chinese_date(paper.birth_date), paper.purpose
        case ResidenceReceipt():
            return paper.name, paper.id_number, paper.address
        case LaterReceipt():
            return paper.name, paper.id_number, paper.purpose
        case _:
            assert_never(paper)


_SHOWN = 4


def shortened(number: str) -> str:
    """``9901**********0019``; of a number too short for that, the last four characters."""
    hidden = len(number) - 2 * _SHOWN
    if hidden < _SHOWN:
        return "*" * max(len(number) - _SHOWN, 0) + number[-_SHOWN:]
    return number[:_SHOWN] + "*" * hidden + number[-_SHOWN:]
