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
    FOREIGN = "foreign"  # of somebody from abroad: the registration within 24 hours (Exit and Entry Law, 39)


class Side(StrEnum):
    """Whose copy it is."""

    TENANT = "tenant"
    LANDLORD = "landlord"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class TenancyReceipt:
    """``number``: as the screen shows it. ``name``: masked, of whoever keeps it; ``other``: masked, of the other side,
    or of the foreign occupant. ``starts_on``, ``ends_on``: of the tenancy; ``people``: who live there.
    ``filing_number``: the housing department's, empty: none is known. ``arrived_at``: when a foreign occupant moved in.
    ``at``: local time. ``mediation``: who helps when both sides disagree; ``phone``: of the desk."""

    kind: ReceiptKind
    side: Side
    number: str
    name: str
    other: str
    address: str
    starts_on: date
    ends_on: date
    people: int
    at: datetime
    filing_number: str = ""
    arrived_at: date | None = None
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
        "入住后 24 小时内登记已完成。换住处、换护照，要再登记一次。",
        "Registered as due within 24 hours. Register again after moving, or with a new passport.",
    ),
    (ReceiptKind.FOREIGN, Side.LANDLORD): (
        "您的境外租客已登记。换人时，新租客要在 24 小时内登记。",
        "Your guest from abroad is registered. Whoever comes next registers within 24 hours.",
    ),
}


def render_receipt(receipt: TenancyReceipt, medium: Medium) -> bytes:
    """A PDF (PDF/A-1b) of the medium's width: an A4 page, or a strip as long as it has to be. Raises
    MissingGlyphError."""
    title = _TITLES[receipt.kind][0]
    return render_lines(_lines(receipt), medium, pdfa.Description(title, "Lamplight", "two filings", receipt.at))


def _lines(receipt: TenancyReceipt) -> Iterator[Line]:
    yield from both(*_TITLES[receipt.kind], TITLE)
    yield from (*_copy(receipt.side), Line("", GAP))
    yield from field("编号", "Number", receipt.number, NUMBER)
    yield from field("地址", "Address", receipt.address)
    yield from field("姓名", "Name", receipt.name)
    yield from _other(receipt)
    yield from field("租期", "Lease", f"{chinese_date(receipt.starts_on)}至{chinese_date(receipt.ends_on)}")
    yield from field("居住人数 · 登记时间", "People · registered", f"{receipt.people} 人　{chinese_minute(receipt.at)}")
    yield Line("", GAP)
    yield from _filings(receipt)
    yield from (*both(*_THEN[receipt.kind, receipt.side]), Line("", GAP))
    if receipt.mediation:
        yield from both(f"有争议：{receipt.mediation}，不收费", "If you disagree: free mediation")
    if receipt.phone:
        yield from field("咨询电话", "Questions", receipt.phone)


def _copy(side: Side) -> Iterator[Line]:
    yield from both(*{Side.TENANT: ("租客留存", "Tenant's"), Side.LANDLORD: ("房东留存", "Landlord's")}[side])


def _other(receipt: TenancyReceipt) -> Iterator[Line]:
    if receipt.kind is ReceiptKind.FOREIGN:
        yield from field("境外人员", "Foreigner", receipt.other)
        if receipt.arrived_at:
            yield from field("入住日期", "Moved in", chinese_date(receipt.arrived_at))
        return
    yield from field(
        *{Side.TENANT: ("房东", "Landlord"), Side.LANDLORD: ("租客", "Tenant")}[receipt.side], receipt.other
    )


def _filings(receipt: TenancyReceipt) -> Iterator[Line]:
    """Two offices, and which of them this is."""
    yield from both(
        "这是公安机关的人口登记，不是住建部门的合同备案", "The police's register, not a filing", VALUE, framed=True
    )
    yield Line("", GAP)
    if receipt.filing_number:
        yield from field("合同备案号（住建部门）", "Filing number, housing department", receipt.filing_number)
    else:
        yield from both(
            "合同备案号：还没有。由房东向住房租赁主管部门办，不收费；房东不办的，租客可以办。",
            "No filing number yet. The landlord files the contract, free; if not, the tenant may.",
        )
    yield Line("", GAP)
