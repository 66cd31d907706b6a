"""What the papers say: typed, and free of layout, keys and devices.

These are the fields as records hands them out; the page, the compact code and the verification all work from them.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class PaperKind(StrEnum):
    """The closed set of papers. The value stands in the compact code and in the journal."""

    HOUSEHOLD_CERTIFICATE = "household_certificate"


@dataclass(frozen=True, slots=True, repr=False)
class HouseholdCertificate:
    """户籍证明: one person's own row of the household register (户口登记条例 art. 4).

    Every value is printed as it stands. Empty text: the register has no entry, and the row is left out of the page.
    """

    serial: str  # 编号
    name: str
    former_name: str
    sex: str  # 男 / 女
    nation: str  # 民族, carried because the form legally carries it
    birth_date: date
    id_number: str
    birthplace: str
    native_place: str
    address: str
    household_type: str  # 家庭户 / 集体户
    householder: str
    relation: str  # to the householder
    moved_in: str  # when and from where
    purpose: str  # in the words of the policy
    issuer: str  # 出具机关
    machine: str  # 承办: the kiosk's number
    issued_at: datetime  # records' time, aware, in the bureau's own zone
    valid_until: date
    specimen: bool  # no bureau's own key is installed: the page and the seal read 样张
    kind: PaperKind = PaperKind.HOUSEHOLD_CERTIFICATE

    def __repr__(self) -> str:
        return f"HouseholdCertificate({self.serial})"

    __str__ = __repr__
