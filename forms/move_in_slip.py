"""入住登记流程单: what is done, what is still to do, and a square that opens the gate until then.

Whoever moves in carries it through the community, where it may be seen or lost: of the person it says a masked name
and four characters, and the square holds a random code, which stands for nobody. Sealed and signed by nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from forms import pdfa
from forms.content import chinese_date, chinese_minute
from forms.paper import Medium
from forms.slip_sheet import GAP, NUMBER, SMALL, TEXT, TITLE, VALUE, Line, both, render_lines, square
from forms.slip_sheet import field as value

_TITLE = ("入住登记流程单", "Move-in slip")
_NOT = ("本登记不是住建部门的合同备案", "Not the housing department's filing of the contract")
_WAYS = (("card", "门禁卡"), ("phone", "手机码"), ("face", "刷脸"))


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class MoveInSheet:
    """``number``: to read aloud; ``code``: what the square holds. ``name``: masked; ``document``: the last four
    characters of its number. ``registered_at``, ``valid_until``: local time. ``people``: who live there, all of them.
    ``ways``: values of backend_client.contract.tenancies.WayKind that are set up or chosen. ``phone``: who helps."""

    number: str
    code: str = field(repr=False)
    community: str
    address: str
    name: str
    document: str
    registered_at: datetime
    ends_on: date | None
    people: int
    ways: tuple[str, ...]
    valid_until: datetime
    days: int
    phone: str = ""

    def __repr__(self) -> str:
        return "MoveInSheet()"

    __str__ = __repr__


def render_move_in_slip(sheet: MoveInSheet, medium: Medium) -> bytes:
    """A PDF (PDF/A-1b) of the medium's width: an A4 page, or a strip as long as it has to be. Raises
    MissingGlyphError."""
    return render_lines(_lines(sheet), medium, pdfa.Description(_TITLE[0], "Lamplight", _NOT[0], sheet.registered_at))


def _lines(sheet: MoveInSheet) -> Iterator[Line]:
    yield from (*both(*_TITLE, TITLE), Line(sheet.community, TEXT), Line("", GAP))
    yield from _opening(sheet)
    yield from _who(sheet)
    yield from _steps(sheet)
    yield from (*both(*_NOT, TEXT, framed=True), Line("", GAP))
    yield from both(
        "合同备案由房东向住房租赁主管部门办，不收费；房东不办的，租客可以办。人口登记由公安机关办。",
        "The housing department files contracts, the police register residents: two filings, two offices.",
    )
    if sheet.phone:
        yield from (Line("", GAP), *value("咨询电话", "Questions", sheet.phone))


def _opening(sheet: MoveInSheet) -> Iterator[Line]:
    yield from both(
        f"到小区门口，把这个码对准扫码口。有效{sheet.days}日", "Hold this to the scanner at the gate", VALUE
    )
    yield square(sheet.code)
    yield Line(f"有效至 {chinese_minute(sheet.valid_until)}", VALUE)
    yield from both(
        "请自己用，不要给别人。丢了到自助机补打，旧的马上作废。",
        "For you alone. If it is lost, print a new one at a kiosk: this one ends at once.",
    )
    yield Line("", GAP)


def _who(sheet: MoveInSheet) -> Iterator[Line]:
    ends = chinese_date(sheet.ends_on) if sheet.ends_on else "无期限 no end"
    yield from value("流程单号", "Number", sheet.number, NUMBER)
    yield from value("地址", "Address", sheet.address)
    yield from value("姓名 · 证件后四位", "Name · last four", f"{sheet.name}　{sheet.document}")
    yield from value("租期至 · 同住", "Until · people living there", f"{ends}　{sheet.people} 人")
    yield Line("", GAP)


def _steps(sheet: MoveInSheet) -> Iterator[Line]:
    yield from both("① √ 已登记", f"registered {sheet.registered_at:%Y-%m-%d %H:%M}")
    chosen = "　".join(f"{'√' if kind in sheet.ways else '□'} {words}" for kind, words in _WAYS)
    yield from (Line("② 办长期通行方式，任选，可多选", TEXT), Line(chosen, TEXT))
    yield from (Line("card, phone, face: any of them, at a kiosk", SMALL), Line("", GAP))
    yield from (*both("不刷脸也可办卡", "A card does as well as a face", VALUE, framed=True), Line("", GAP))
    yield from both("③ □ 试开小区门　□ 试开单元门", "try the community's gate and the unit's door")
    yield Line("", GAP)
