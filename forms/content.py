"""Every word of a page, in reading order: what the page draws and what the compact code vouches for.

One composition serves both, so a page can't say what its code does not cover. The canonical text is all of it without
white space: where a line breaks is the layout's business, and a reader of the PDF gets the same text whatever spaces
their program puts between.
"""

import hashlib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta, timezone

from forms.paper import HouseholdCertificate

CHINA_TIME = timezone(timedelta(hours=8), "CST")  # one zone for the whole country (UTC+8, no summer time)
DIGEST_BYTES = 16


@dataclass(frozen=True, slots=True)
class Field:
    """One entry of the table. ``wide``: it always has a row of its own."""

    chinese: str
    english: str
    value: str
    wide: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class PageContent:
    """The page's words. ``warning`` is empty on a paper that is no specimen."""

    warning: str
    serial: str
    title: str
    subtitle: str
    statement: str
    statement_english: str
    fields: tuple[Field, ...]
    blank_below: str
    instructions: tuple[str, ...]
    issuer: str
    date: str
    notice: str
    notice_english: str

    def __repr__(self) -> str:
        return f"PageContent({len(self.fields)} fields)"

    def texts(self) -> Iterator[str]:
        """Every text, in the order in which the page draws it."""
        yield from (self.warning, self.serial, self.title, self.subtitle, self.statement, self.statement_english)
        for field in self.fields:
            yield from (field.chinese, field.english, field.value)
        yield from (self.blank_below, *self.instructions, self.issuer, self.date, self.notice, self.notice_english)


def compose(paper: HouseholdCertificate) -> PageContent:
    """The page of a 户籍证明. Fields that the register leaves empty are left out."""
    return PageContent(
        warning="样张 · 无法律效力 SPECIMEN · NOT VALID" if paper.specimen else "",
        serial=f"编号 No. {paper.serial}",
        title="户籍证明",
        subtitle="HOUSEHOLD CERTIFICATE",
        statement="兹证明，下列内容与本机关户口登记的记载一致。",
        statement_english="The particulars below agree with the household register kept by this authority.",
        fields=tuple(field for field in _fields(paper) if field.value),
        blank_below="（以下空白）",
        instructions=(
            "扫码核验真伪",
            "Scan to check this paper",
            "请用核验程序扫描左侧二维码，所示内容须与纸面一致。",
            "Scan with the verifier: what it shows must agree with this sheet.",
        ),
        issuer=paper.issuer,
        date=chinese_date(paper.issued_at.astimezone(CHINA_TIME).date()),
        notice="复印无效，以核验结果为准。",
        notice_english="A copy is not valid; the result of the check decides.",
    )


def _fields(paper: HouseholdCertificate) -> tuple[Field, ...]:
    """The order of the register's own form （常住人口登记表）， then what concerns this paper."""
    return (
        Field("姓名", "Name", paper.name),
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
        Field("用途", "Purpose", paper.purpose, wide=True),
        Field("有效期至", "Valid until", chinese_date(paper.valid_until)),
        Field("承办", "Issued at", f"自助终端 {paper.machine}" if paper.machine else ""),
    )


def chinese_date(day: date) -> str:
    """``2026年11月22日``: Arabic numerals without leading zeros (GB/T 9704-2012, 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def canonical(text: str) -> str:
    """``text`` without white space and control characters."""
    return "".join(c for c in text if not (c.isspace() or unicodedata.category(c) == "Cc"))


def digest(text: str) -> bytes:
    """The first sixteen bytes of SHA-256 over the canonical text in UTF-8."""
    return hashlib.sha256(canonical(text).encode()).digest()[:DIGEST_BYTES]


def content_digest(paper: HouseholdCertificate) -> bytes:
    """What the compact code states of a paper's contents."""
    return digest("".join(compose(paper).texts()))
