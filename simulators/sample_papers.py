"""A paper of every kind, of two people who do not exist: one with a common name, one with every rare character.

Words, purposes and hours are those of the default policy; the numbers' division is nobody's.
"""

import base64
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TypedDict

from backend_client.contract.policy import PaperRules, PaperWording
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
from forms.stated import shortened
from records.population import nobody
from records.rules.later import ready_on, shown_name, shown_number
from records.rules.periods import half_a_year_after, valid_until
from records.services.policy import Rules

RARE = "\u3402\u4dae\u9fef\U00020bb7\U0002cb5b\U00030edd\U0002ec00"
"""From extension A (its first and last), the end of the base plane, extensions B, E, G and I."""

_NAME, _NUMBER = "王小明", "990101199003070012"
_BORN = date(1990, 3, 7)
_PLACE = "示例省示例市平安区"
_ADDRESS = f"{_PLACE}平安路街道灯火社区18号平安小区3栋2单元1201室"


class _Head(TypedDict):
    serial: str
    wording: Wording
    purpose: str
    issuer: str
    machine: str
    issued_at: datetime
    specimen: bool


def samples(rules: Rules, issuer: str, at: datetime) -> Iterator[tuple[str, Paper]]:
    """Each with a name for its file. ``at``: when all were issued, aware, to the minute."""
    common = list(_papers(rules, issuer, at))
    yield from ((paper.kind.value, paper) for paper in common)
    for paper in common:
        yield f"{paper.kind}-rare", _rare(paper)


def _papers(rules: Rules, issuer: str, at: datetime) -> Iterator[Paper]:
    of = {each.kind: each for each in rules.papers}
    issue = _Issue(issuer, at)
    yield _household(issue, of[PaperKind.HOUSEHOLD_CERTIFICATE])
    yield _temporary(issue, of[PaperKind.TEMPORARY_ID_PROOF])
    yield _no_record(issue, of[PaperKind.NO_CRIMINAL_RECORD])
    yield _residence(issue, of[PaperKind.RESIDENCE_RECEIPT])
    yield _later(issue, of[PaperKind.NO_CRIMINAL_RECORD], rules)


class _Issue:
    """Gives each paper its head, and the next serial."""

    def __init__(self, issuer: str, at: datetime) -> None:
        self.at = at
        self._issuer = issuer
        self._given = 0

    def head(self, words: PaperWording, purpose: str) -> _Head:
        """The fields of ``forms.paper.Issue``."""
        self._given += 1
        return _Head(
            serial=f"PAD-{self.at.year}-{self._given:08}",
            wording=Wording(words.title.zh, words.title.en, words.statement.zh, words.statement.en, words.remarks),
            purpose=purpose,
            issuer=self._issuer,
            machine="PAD-01",
            issued_at=self.at,
            specimen=True,
        )


def _household(issue: _Issue, rules: PaperRules) -> HouseholdCertificate:
    purpose = next((each for each in rules.purposes if each.members), rules.purposes[0])
    return HouseholdCertificate(
        **issue.head(rules.wording, purpose.title.zh),
        name=_NAME,
        former_name="王明明",
        sex="男",
        nation="汉族",
        birth_date=_BORN,
        id_number=_NUMBER,
        birthplace=_PLACE,
        native_place="示例省示例市",
        address=_ADDRESS,
        household_type="家庭户",
        householder="王大明",
        relation="子",
        moved_in="2008年9月1日由示例省另一市河边区迁来",
        valid_until=valid_until(issue.at, rules.validity_days),
        members=(
            HouseholdMember("户主", "王大明", "9901**********0011"),
            HouseholdMember("儿媳", "李小红", "9901**********0024"),
        ),
    )


def _temporary(issue: _Issue, rules: PaperRules) -> TemporaryIdProof:
    chosen = rules.purposes[min(1, len(rules.purposes) - 1)]
    _, portrait = next(nobody.portraits())
    return TemporaryIdProof(
        **issue.head(rules.wording, chosen.title.zh),
        name=_NAME,
        sex="男",
        nation="汉族",
        birth_date=_BORN,
        id_number=_NUMBER,
        address=_ADDRESS,
        portrait=base64.b64encode(portrait).decode("ascii"),
        purposes=tuple(each.title.zh for each in rules.purposes),
        valid_from=issue.at,
        valid_until=issue.at + timedelta(hours=chosen.validity_hours or 24 * rules.validity_days),
    )


def _no_record(issue: _Issue, rules: PaperRules) -> NoCriminalRecord:
    return NoCriminalRecord(
        **issue.head(rules.wording, rules.purposes[0].title.zh),
        name=_NAME,
        sex="男",
        birth_date=_BORN,
        nationality="中国",
        document="居民身份证",
        document_number=_NUMBER,
        queried_from=None,
        queried_until=issue.at.date(),
        valid_until=valid_until(issue.at, rules.validity_days),
    )


def _residence(issue: _Issue, rules: PaperRules) -> ResidenceReceipt:
    return ResidenceReceipt(
        **issue.head(rules.wording, rules.purposes[0].title.zh),
        name=_NAME,
        id_number=shortened(_NUMBER),
        address=f"{_PLACE}灯火路18号平安灯小区3栋2单元1201室",
        declared_on=issue.at.date(),
        permit_from=half_a_year_after(issue.at.date()),
        valid_until=valid_until(issue.at, rules.validity_days),
    )


def _later(issue: _Issue, rules: PaperRules, all_rules: Rules) -> LaterReceipt:
    later, desk = rules.later, all_rules.desk
    if later is None:
        raise ValueError("the policy has no receipts")
    return LaterReceipt(
        **issue.head(later.wording, rules.wording.title.zh),
        name=shown_name(_NAME),
        id_number=shown_number(_NUMBER),
        ready_on=ready_on(issue.at.date(), later.working_days, later.holidays),
        window=f"{desk.name.zh}，{desk.address.zh}",
        hours=desk.hours.zh,
        phone=desk.phone,
        bring=later.bring.zh,
        valid_until=valid_until(issue.at, later.validity_days),
    )


def _rare(paper: Paper) -> Paper:
    """The same of somebody with a rare name; where a receipt masks it, its window stands at a place of that name."""
    serial = paper.serial.replace("-0000", "-0001")
    if isinstance(paper, LaterReceipt):
        return replace(paper, serial=serial, name=shown_name(f"王{RARE}"), window=f"{paper.window}（{RARE}街口）")
    return replace(paper, serial=serial, name=f"王{RARE}")
