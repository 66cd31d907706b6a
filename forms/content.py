"""Every word of a page, in reading order: what the page draws and what the compact code vouches for.

One composition serves both, so a page can't say what its code does not cover. The canonical text is all of it without
white space: where a line breaks is the layout's business, and a reader of the PDF gets the same text whatever spaces
their program puts between.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, assert_never

from forms.paper import (
    CHINA_TIME,
    HouseholdCertificate,
    LaterReceipt,
    NoCriminalRecord,
    Paper,
    ResidenceReceipt,
    TemporaryIdProof,
)

DIGEST_BYTES = 16
TICKED: Final = "\u2713"  # drawn in a box: no typeface of the papers has the ballot box with its tick
OPEN: Final = "\u25a1"
_CONTROL = re.compile("[\\x00-\\x1f\\x7f-\\x9f]")  # all of Unicode's category Cc


@dataclass(frozen=True, slots=True)
class Field:
    """One entry of the table. A line's end in ``value`` is one on paper too. ``wide``: it always has a row of its own.
    ``loud``: what whoever holds the paper looks for first. ``choices``: what ``value`` consists of, one of it ticked.
    """

    chinese: str
    english: str
    value: str
    wide: bool = False
    loud: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class PageContent:
    """The words of a page or strip. ``warning`` is empty on a paper that is no specimen."""

    warning: str
    serial: str
    title: str
    subtitle: str
    statement: str
    statement_english: str
    fields: tuple[Field, ...]
    remarks: tuple[str, ...]
    blank_below: str
    instructions: tuple[str, ...]
    issuer: str
    date: str
    notice: str
    notice_english: str

    def __repr__(self) -> str:
        return f"PageContent({len(self.fields)} fields)"

    def texts(self) -> Iterator[str]:
        """Every text, in the order in which it is drawn."""
        yield from (self.warning, self.serial, self.title, self.subtitle, self.statement, self.statement_english)
        for field in self.fields:
            yield from (field.chinese, field.english, field.value)
        yield from (*self.remarks, self.blank_below, *self.instructions)
        yield from (self.issuer, self.date, self.notice, self.notice_english)


def compose(paper: Paper) -> PageContent:
    """The words of a paper. Fields that have no value, or nothing but white space, are left out."""
    wording = paper.wording
    return PageContent(
        warning="样张 · 无法律效力 SPECIMEN · NOT VALID" if paper.specimen else "",
        serial=f"编号 No. {paper.serial}",
        title=wording.title,
        subtitle=wording.title_english.upper(),
        statement=wording.statement,
        statement_english=wording.statement_english,
        fields=tuple(field for field in (*_fields(paper), _machine(paper)) if canonical(field.value)),
        remarks=wording.remarks,
        blank_below="（以下空白）",
        instructions=(
            "扫码核验真伪",
            "Scan to check this paper",
            "请用核验程序扫描二维码，所示内容须与纸面一致。",
            "Scan with the verifier: what it shows must agree with this sheet.",
        ),
        issuer=paper.issuer,
        date=chinese_date(paper.issued_at.astimezone(CHINA_TIME).date()),
        notice="复印无效；核验后请核对持证人证件。",
        notice_english="A copy is not valid; after the check, compare the holder's ID.",
    )


def _fields(paper: Paper) -> tuple[Field, ...]:
    match paper:
        case HouseholdCertificate():
            return _household(paper)
        case TemporaryIdProof():
            return _temporary(paper)
        case NoCriminalRecord():
            return _no_record(paper)
        case ResidenceReceipt():
            return _residence(paper)
        case LaterReceipt():
            return _later(paper)
        case _:
            assert_never(paper)


def _machine(paper: Paper) -> Field:
    return Field("承办", "Issued at", f"自助终端 {paper.machine}" if paper.machine else "")


def _household(paper: HouseholdCertificate) -> tuple[Field, ...]:
    """The order of the register's own form （常住人口登记表）， then what concerns this paper."""
    members = (f"{each.relation}：{each.name} {each.id_number}" for each in paper.members)
    return (
        Field("姓名", "Name", paper.name, loud=True),
        Field("曾用名", "Former name", paper.former_name),
        Field("性别", "Sex", paper.sex),
        Field("民族", "Ethnic group", paper.nation),
        Field("出生日期", "Date of birth", chinese_date(paper.birth_date)),
        Field("公民身份号码", "Citizen ID number", paper.id_number),
        Field("出生地", "Birthplace", paper.birthplace),
        Field("籍贯", "Native place", paper.native_place),
        Field("户籍地址", "Registered address", paper.address, wide=True),
        Field("户别", "Household type", paper.household_type, wide=True),
        Field("户主姓名", "Householder", paper.householder),
        Field("与户主关系", "Relation to householder", paper.relation),
        Field("何时由何地迁来", "Moved in", paper.moved_in, wide=True),
        *(Field("同户人员", "Of the same household", each, wide=True) for each in members),
        Field("申请人", "Applicant", paper.applicant, wide=True),
        Field("用途", "Purpose", paper.purpose, wide=True),
        Field("有效期至", "Valid until", chinese_date(paper.valid_until)),
    )


def _temporary(paper: TemporaryIdProof) -> tuple[Field, ...]:
    choices = tuple(f"{TICKED if each == paper.purpose else OPEN} {each}" for each in paper.purposes)
    period = f"自 {chinese_minute(paper.valid_from)}\n至 {chinese_minute(paper.valid_until)}"
    return (
        Field("姓名", "Name", paper.name, wide=True, loud=True),
        Field("性别", "Sex", paper.sex),
        Field("民族", "Ethnic group", paper.nation),
        Field("出生日期", "Date of birth", chinese_date(paper.birth_date), wide=True),
        Field("公民身份号码", "Citizen ID number", paper.id_number, wide=True),
        Field("户籍地址", "Registered address", paper.address, wide=True),
        Field("用途", "Purpose", "  ".join(choices), wide=True, choices=choices),
        Field("有效期限", "Valid", period, wide=True, loud=True),
    )


def _no_record(paper: NoCriminalRecord) -> tuple[Field, ...]:
    since = chinese_date(paper.queried_from) if paper.queried_from else "出生之日"
    return (
        Field("姓名", "Name", paper.name, loud=True),
        Field("性别", "Sex", paper.sex),
        Field("国籍", "Nationality", paper.nationality),
        Field("出生日期", "Date of birth", chinese_date(paper.birth_date)),
        Field("证件种类", "Document", paper.document),
        Field("证件号码", "Document number", paper.document_number),
        Field("查询时段", "Period", f"{since} 至 {chinese_date(paper.queried_until)}", wide=True),
        Field("用途", "Purpose", paper.purpose, wide=True),
        Field("有效期至", "Valid until", chinese_date(paper.valid_until)),
    )


def _residence(paper: ResidenceReceipt) -> tuple[Field, ...]:
    return (
        Field("姓名", "Name", paper.name, loud=True),
        Field("公民身份号码", "Citizen ID number", paper.id_number),
        Field("居住地址", "Address of residence", paper.address, wide=True, loud=True),
        Field("申报日期", "Declared on", chinese_date(paper.declared_on), wide=True),
        Field("可申领居住证", "Permit possible from", chinese_date(paper.permit_from), wide=True, loud=True),
        Field("有效期至", "Valid until", chinese_date(paper.valid_until)),
    )


def _later(paper: LaterReceipt) -> tuple[Field, ...]:
    """First whose and what for; then when, where, with what and whom to ask; the rest is for the office."""
    return (
        Field("办理事项", "Service", paper.purpose, wide=True),
        Field("姓名", "Name", paper.name),
        Field("公民身份号码", "Citizen ID number", paper.id_number),
        Field("可领取日期", "Ready on", chinese_date(paper.ready_on), wide=True, loud=True),
        Field("领取地点", "Collect at", paper.window, wide=True, loud=True),
        Field("窗口时间", "Hours", paper.hours, wide=True, loud=True),
        Field("请携带", "Bring", paper.bring, wide=True, loud=True),
        Field("咨询电话", "Phone", paper.phone, wide=True, loud=True),
        Field("受理时间", "Received", chinese_minute(paper.issued_at), wide=True),
        Field("回执有效期至", "Valid until", chinese_date(paper.valid_until)),
    )


def chinese_minute(moment: datetime) -> str:
    """``2026年11月22日23时05分``, on the wall clock in China."""
    local = moment.astimezone(CHINA_TIME)
    return f"{chinese_date(local.date())}{local.hour}时{local.minute:02}分"


def chinese_date(day: date) -> str:
    """``2026年11月22日``: Arabic numerals without leading zeros (GB/T 9704-2012, 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def canonical(text: str) -> str:
    """``text`` without white space and control characters."""
    return _CONTROL.sub("", "".join(text.split()))


def digest(text: str) -> bytes:
    """The first sixteen bytes of SHA-256 over the canonical text in UTF-8."""
    return hashlib.sha256(canonical(text).encode()).digest()[:DIGEST_BYTES]


def content_digest(paper: Paper) -> bytes:
    """What the compact code states of a paper's contents."""
    return digest("".join(compose(paper).texts()))
