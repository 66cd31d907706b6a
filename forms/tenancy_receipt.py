"""What each side of a tenancy keeps: that it was registered, renewed or ended, and whose business the other filing is.

Sealed and signed by nothing: it helps whoever asks to find the entry by its number. Of the other side it says a masked
name.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from forms import pdfa
from forms.content import chinese_date, chinese_minute
from forms.paper import Medium
from forms.slip_sheet import GAP, NUMBER, TITLE, VALUE, Line, both, field, render_lines


class ReceiptKind(StrEnum):
    """What became of it."""

    REGISTERED = "registered"
    RENEWED = "renewed"
    ENDED = "ended"
    FOREIGN = "foreign"  # handed in, of somebody from abroad: due within 24 hours (Exit and Entry Law, 39)


class Side(StrEnum):
    """Whose copy it is."""

    TENANT = "tenant"
    LANDLORD = "landlord"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class TenancyReceipt:
    """``number``: of what was handed in. ``name``: masked, of whoever keeps it; ``other``: masked, of the other side,
    empty: nobody is named; of FOREIGN, who it is that lives there. ``starts_on``, ``ends_on``: of the tenancy, of
    FOREIGN the first from when they live there; ``people``: who live there. ``at``: local time, of ENDED the end's.
    ``filing_number``: the housing department's, empty: none is known. ``permit_from``: from when the tenant can apply
    for a residence permit. ``mediation``: who helps when both sides disagree; ``phone``: of the desk."""

    kind: ReceiptKind
    side: Side
    number: str
    name: str
    other: str
    address: str
    starts_on: date
    ends_on: date | None
    people: int
    at: datetime
    filing_number: str = ""
    permit_from: date | None = None
    mediation: str = ""
    phone: str = ""

    def __repr__(self) -> str:
        return f"TenancyReceipt({self.kind}, {self.side})"

    __str__ = __repr__


_TITLES = {
    ReceiptKind.REGISTERED: ("租住登记回执", "Lease registered"),
    ReceiptKind.RENEWED: ("续租登记回执", "Lease renewed"),
    ReceiptKind.ENDED: ("租住结束回执", "Lease ended"),
    ReceiptKind.FOREIGN: ("境外人员住宿登记回执", "Residence of a foreigner registered"),
}
_THEN = {
    (ReceiptKind.REGISTERED, Side.TENANT): (
        "从今天起可以在自助机办门禁卡、手机码；不刷脸也可办卡。",
        "A card or a phone code can be set up at a kiosk from today; nobody needs to give a face.",
    ),
    (ReceiptKind.REGISTERED, Side.LANDLORD): (
        "租客换人、增减人，请让本人到自助机登记。",
        "Whoever comes or goes registers at a kiosk by their own card.",
    ),
    (ReceiptKind.RENEWED, Side.TENANT): (
        "原来的门禁照常用，到期日自动顺延，不用再办。",
        "Your ways through the gate go on as they are; there is nothing to do.",
    ),
    (ReceiptKind.RENEWED, Side.LANDLORD): (
        "合同续签的，备案也要续办。",
        "A renewed contract is filed anew with the housing department.",
    ),
    (ReceiptKind.ENDED, Side.TENANT): (
        "还没搬完的，带流程单到值班室，可以开当天进门的码。不会把您锁在外面。",
        "Still moving out? The duty room gives a code for the day by your slip: nobody is locked out.",
    ),
    (ReceiptKind.ENDED, Side.LANDLORD): (
        "押金、租金由双方结清。不得以断水、断电、换锁等方式迫使对方搬离（住房租赁条例第十二条）。",
        "Deposit and rent are settled between you. Nobody may be forced out by cutting water, power or locks.",
    ),
    (ReceiptKind.FOREIGN, Side.TENANT): (
        "住宿登记已收到，收到的时间以上面为准；民警可能还要核实。换住处、换护照，要再登记一次。",
        "Received at the time above; an officer may still look at it. Moved, or a new passport? Register again.",
    ),
}
"""Of FOREIGN there is one copy, for whoever lives there."""


_REGISTERED = ("居住人数 · 登记时间", "People · registered")


def render_receipt(receipt: TenancyReceipt, medium: Medium) -> bytes:
    """A PDF (PDF/A-1b) of the medium's width: an A4 page, or a strip as long as it has to be. Raises
    MissingGlyphError."""
    title = _TITLES[receipt.kind][0]
    return render_lines(_lines(receipt), medium, pdfa.Description(title, "Lamplight", "two filings", receipt.at))


def _lines(receipt: TenancyReceipt) -> Iterator[Line]:
    yield from both(*_TITLES[receipt.kind], TITLE)
    yield from (*_copy(receipt), Line("", GAP))
    yield from field("编号", "Number", receipt.number, NUMBER)
    yield from field("地址", "Address", receipt.address)
    yield from field("姓名", "Name", receipt.name)
    yield from _other(receipt)
    yield from _days(receipt)
    yield Line("", GAP)
    yield from _filings(receipt)
    yield from (*both(*_THEN[receipt.kind, receipt.side]), Line("", GAP))
    yield from _permit(receipt)
    if receipt.mediation:
        yield from both(f"有争议：{receipt.mediation}，不收费", "If you disagree: free mediation")
    if receipt.phone:
        yield from field("咨询电话", "Questions", receipt.phone)


def _copy(receipt: TenancyReceipt) -> tuple[Line, Line]:
    if receipt.kind is ReceiptKind.FOREIGN:
        return both("本人留存", "For whoever lives there")
    return both(*{Side.TENANT: ("租客留存", "Tenant's"), Side.LANDLORD: ("房东留存", "Landlord's")}[receipt.side])


def _other(receipt: TenancyReceipt) -> Iterator[Line]:
    if receipt.kind is ReceiptKind.FOREIGN:
        yield from field("境外人员", "Foreigner", receipt.other)
    elif receipt.other:
        names = {Side.TENANT: ("房东", "Landlord"), Side.LANDLORD: ("租客", "Tenant")}
        yield from field(*names[receipt.side], receipt.other)


def _days(receipt: TenancyReceipt) -> Iterator[Line]:
    first, when = chinese_date(receipt.starts_on), chinese_minute(receipt.at)
    if receipt.kind is ReceiptKind.FOREIGN:
        yield from field("入住日期", "Lives there from", first)
        yield from field("收到时间", "Received", when)
        return
    last = f"至{chinese_date(receipt.ends_on)}" if receipt.ends_on else "起"
    yield from field("租期", "Lease", f"{first}{last}")
    names = ("居住人数 · 结束时间", "People · ended") if receipt.kind is ReceiptKind.ENDED else _REGISTERED
    yield from field(*names, f"{receipt.people} 人　{when}")


def _permit(receipt: TenancyReceipt) -> Iterator[Line]:
    """From when (居住证暂行条例, art. 2), and its yearly endorsement (art. 10)."""
    if receipt.permit_from is not None:
        yield from both(
            f"从{chinese_date(receipt.permit_from)}起可以申请居住证；领证后每年签注一次，在每满一年前的一个月内办。",
            "A residence permit can be applied for from that day; it is endorsed every year, in the month before each "
            "full year.",
        )
        yield Line("", GAP)


def _filings(receipt: TenancyReceipt) -> Iterator[Line]:
    """Two offices, and which of them this is."""
    yield from both(
        "这是公安机关的人口登记，不是住建部门的合同备案", "The police's register, not a filing", VALUE, framed=True
    )
    yield Line("", GAP)
    if receipt.kind is ReceiptKind.FOREIGN:
        return
    if receipt.filing_number:
        yield from field("合同备案号（住建部门）", "Filing number, housing department", receipt.filing_number)
    else:
        yield from both(
            "合同备案号：还没有。由房东向住房租赁主管部门办，不收费；房东不办的，租客可以办。",
            "No filing number yet. The landlord files the contract, free; if not, the tenant may.",
        )
    yield Line("", GAP)
