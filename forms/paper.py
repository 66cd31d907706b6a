"""What the papers say: typed, and free of layout, keys and devices.

These are the fields as records hands them out; the page, the strip, the compact code and the verification all work from
them. Every value is printed as it stands. Empty text: there is no entry, and the row is left out.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum
from typing import Literal

CHINA_TIME = timezone(timedelta(hours=8), "CST")  # one zone for the whole country (UTC+8, no summer time)


class PaperKind(StrEnum):
    """The closed set of papers. The value stands in the compact code and in the journal."""

    HOUSEHOLD_CERTIFICATE = "household_certificate"
    TEMPORARY_ID_PROOF = "temporary_id_proof"
    NO_CRIMINAL_RECORD = "no_criminal_record"
    RESIDENCE_RECEIPT = "residence_receipt"
    LATER_RECEIPT = "later_receipt"


class Medium(StrEnum):
    """What a paper is printed on. Its words are the same on both."""

    PAGE = "page"  # A4, at the page printer
    STRIP = "strip"  # 80 mm, at the thermal printer


@dataclass(frozen=True, slots=True)
class Wording:
    """What a paper says besides its fields, in the words of the policy. ``remarks``: sentences under the fields."""

    title: str
    title_english: str
    statement: str
    statement_english: str
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Issue:
    """What every paper has, whatever it says."""

    serial: str  # 编号
    wording: Wording
    purpose: str  # in the words of the policy
    issuer: str  # 出具机关
    machine: str  # 承办: the kiosk's number
    issued_at: datetime  # records' time, aware, in the bureau's own zone
    specimen: bool  # no bureau's own key is installed: the page and the seal read 样张

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.serial})"

    __str__ = __repr__


@dataclass(frozen=True, slots=True, repr=False)
class HouseholdMember:
    """Another person of the same household, as far as a purpose needs them."""

    relation: str  # to the householder
    name: str
    id_number: str  # first four and last four characters, stars between

    def __repr__(self) -> str:
        return "HouseholdMember()"

    __str__ = __repr__


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class HouseholdCertificate(Issue):
    """户籍证明: one person's own row of the household register (户口登记条例 art. 4).

    ``applicant``: the recorded guardian who asked for a child's, empty for one's own. ``members``: only where the
    purpose needs them, and of adults only those whose own card was there.
    """

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
    valid_until: date
    applicant: str = ""
    members: tuple[HouseholdMember, ...] = ()
    kind: Literal[PaperKind.HOUSEHOLD_CERTIFICATE] = PaperKind.HOUSEHOLD_CERTIFICATE


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class TemporaryIdProof(Issue):
    """临时身份证明: who somebody is, for one purpose and a stated time (公通字〔2016〕21号). Not the temporary ID card.

    ``portrait``: base64 of records' own photograph, JPEG, 358x441 pixels. ``purposes``: all that the form lists, of
    which ``purpose`` is ticked.
    """

    name: str
    sex: str
    nation: str
    birth_date: date
    id_number: str
    address: str
    portrait: str
    purposes: tuple[str, ...]
    valid_from: datetime  # to the minute
    valid_until: datetime
    kind: Literal[PaperKind.TEMPORARY_ID_PROOF] = PaperKind.TEMPORARY_ID_PROOF


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class NoCriminalRecord(Issue):
    """无犯罪记录证明 (公安机关办理犯罪记录查询工作规定, 2021): nothing was found for one person in a stated time.

    ``queried_from`` None: from birth on.
    """

    name: str
    sex: str
    birth_date: date
    nationality: str
    document: str  # which kind of document, as people call it
    document_number: str
    queried_from: date | None
    queried_until: date
    valid_until: date
    kind: Literal[PaperKind.NO_CRIMINAL_RECORD] = PaperKind.NO_CRIMINAL_RECORD


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ResidenceReceipt(Issue):
    """居住登记凭证: that somebody has declared where they live (居住证暂行条例). ``permit_from``: the day from which a
    residence permit may be asked for (art. 2: half a year)."""

    name: str
    id_number: str  # first four and last four characters, stars between
    address: str  # where they live now
    declared_on: date
    permit_from: date
    valid_until: date
    kind: Literal[PaperKind.RESIDENCE_RECEIPT] = PaperKind.RESIDENCE_RECEIPT


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class LaterReceipt(Issue):
    """受理回执: an answer can be collected later. The same whatever the answer will be, and whoever chose to wait.

    ``purpose``: the service that was asked for, by its name alone.
    """

    name: str  # masked: 张*灯
    id_number: str  # its last four characters, stars before
    ready_on: date
    window: str  # name and address of where it can be collected
    hours: str
    phone: str
    bring: str
    valid_until: date
    kind: Literal[PaperKind.LATER_RECEIPT] = PaperKind.LATER_RECEIPT


Paper = HouseholdCertificate | TemporaryIdProof | NoCriminalRecord | ResidenceReceipt | LaterReceipt


def ends_at(paper: Paper) -> datetime:
    """The first instant at which a paper is no longer valid."""
    last = paper.valid_until
    if isinstance(last, datetime):
        return last
    return datetime.combine(last + timedelta(days=1), time(), CHINA_TIME)


def last_day(paper: Paper) -> date:
    """The last day on which a paper is valid, in China."""
    return (ends_at(paper).astimezone(CHINA_TIME) - timedelta(seconds=1)).date()
