"""The slip for what somebody handed in and records decide later: that it was received, its number, what comes next.

It says in a frame what it is not. Sealed and signed by nothing, without a code that could pass for a paper's; of the
person it says a masked name.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from forms import pdfa
from forms.paper import Medium
from forms.slip_sheet import GAP, NUMBER, TEXT, TITLE, VALUE, Line, both, field, render_lines


class SlipKind(StrEnum):
    """What was handed in; the value is that of backend_client.contract.intakes."""

    RESIDENCE = "residence"
    CORRECTION = "correction"
    TENANCY = "tenancy"
    OCCUPANT = "occupant"
    DEPARTURE = "departure"
    ANSWER = "answer"
    WAYS = "ways"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class IntakeSlip:
    """``number``: as the screen shows it. ``name``: masked. ``at``: local time. ``window``, ``hours``, ``phone``: of
    the desk that looks at papers."""

    kind: SlipKind
    number: str
    name: str
    at: datetime
    window: str
    hours: str
    phone: str

    def __repr__(self) -> str:
        return f"IntakeSlip({self.kind})"

    __str__ = __repr__


@dataclass(frozen=True, slots=True)
class _Words:
    """Chinese, and English below it. ``bring``: to the window, when there is something to show."""

    title: tuple[str, str]
    what: tuple[str, str]
    is_not: tuple[str, str]
    then: tuple[str, str]
    bring: tuple[str, str]


_FOREIGN = (
    "来自国外的同住人，入住后 24 小时内要登记；带护照到窗口也可以。",
    "Whoever is from abroad registers within 24 hours of moving in, here or at the desk with a passport.",
)
_WORDS = {
    SlipKind.RESIDENCE: _Words(
        ("已收到，待联网处理", "Received · to be decided once connected"),
        ("居住登记", "Residence registration"),
        ("这不是居住登记凭证", "Not a residence registration receipt"),
        (
            "本机联网后自动送达，由民警核实。结果在任何一台自助机的「我的通知」里看。",
            "Sent once this kiosk is connected. An officer decides; see My notices at any kiosk.",
        ),
        (
            "身份证，租赁合同或房屋权属证明，可先带到窗口核对。",
            "Your ID card and the lease or title can be shown at the desk.",
        ),
    ),
    SlipKind.CORRECTION: _Words(
        ("已收到，待民警核对", "Received · to be decided by an officer"),
        ("登记信息更正", "Correction"),
        ("这不是证明", "This certifies nothing"),
        (
            "民警核对材料后更正。结果在任何一台自助机的「我的通知」里看。",
            "An officer corrects it once papers were seen; see My notices at any kiosk.",
        ),
        (
            "身份证，写着正确内容的材料（户口簿、出生证、结婚证等），请带到窗口。",
            "Bring your ID card, and a paper that says it right, to the desk.",
        ),
    ),
    SlipKind.TENANCY: _Words(
        ("已收到，待核实", "Received · to be checked"),
        ("租住登记或续租", "Registering or renewing a lease"),
        ("这不是住建部门的合同备案", "Not the housing department's filing of the contract"),
        (
            "新租住要房东本人同意，或由民警核实；续租时原来的门禁照常有效。结果在任何一台自助机的「我的通知」里看。",
            "A new lease needs the landlord's own yes, or an officer. While a renewal waits your doors open as before.",
        ),
        (
            "合同备案由房东向住房租赁主管部门办，不收费；房东不办的，租客可以办。",
            "The landlord files the contract with the housing department, free; if not, the tenant may.",
        ),
    ),
    SlipKind.OCCUPANT: _Words(
        ("已收到，待核实", "Received · to be checked"),
        ("登记同住人", "Registering who lives with me"),
        ("这不是居住证", "Not a residence permit"),
        (
            "成年人要本人同意，孩子要监护人同意。结果在任何一台自助机的「我的通知」里看。",
            "An adult says yes by their own card, a guardian for a child. See My notices at any kiosk.",
        ),
        _FOREIGN,
    ),
    SlipKind.DEPARTURE: _Words(
        ("已收到，待核实", "Received · to be checked"),
        ("提前结束租住", "Ending a lease before its day"),
        ("没有人会因此被锁在门外或门里", "Nobody is locked out or in by this"),
        (
            "住在里面的成年人各自同意才结束，48 小时内可以不同意。意见不一时请社区调解。结果在「我的通知」里看。",
            "It ends by the yes of each adult who lives there; 48 hours to object. Mediation helps both sides.",
        ),
        (
            "押金、租金由双方自己结清，本登记不处理。",
            "Deposit and rent are settled between both sides, not here.",
        ),
    ),
    SlipKind.ANSWER: _Words(
        ("已收到您的答复", "Your answer is received"),
        ("答复别人的申请", "Answering what was asked of me"),
        ("这不是合同，也不是备案", "Neither a contract nor a filing"),
        (
            "本机联网后送达，随即生效。结果在任何一台自助机的「我的通知」里看。",
            "It takes effect once this kiosk is connected; see My notices at any kiosk.",
        ),
        (
            "不是您本人答复的，请马上打电话或到窗口。",
            "If it was not you who answered, call or come to the desk at once.",
        ),
    ),
    SlipKind.WAYS: _Words(
        ("已收到，联网后办好", "Received · set up once connected"),
        ("门禁通行方式", "How I come through the gate"),
        ("不刷脸也可办卡，也可用手机码", "A card or a telephone does as well as a face"),
        (
            "联网后几分钟生效，挂失的也是。结果在任何一台自助机的「我的通知」里看。",
            "It works, or is blocked, minutes after this kiosk is connected; see My notices.",
        ),
        (
            "打不开时，请按门口的呼叫键找值班室。",
            "If it does not open, call the guard by the button at the gate.",
        ),
    ),
}


def render_slip(slip: IntakeSlip, medium: Medium) -> bytes:
    """A PDF (PDF/A-1b) of the medium's width: an A4 page, or a strip as long as it has to be. Raises
    MissingGlyphError."""
    words = _WORDS[slip.kind]
    return render_lines(_lines(slip), medium, pdfa.Description(words.title[0], "Lamplight", words.is_not[0], slip.at))


def _lines(slip: IntakeSlip) -> Iterator[Line]:
    words = _WORDS[slip.kind]
    yield from (*both(*words.title, TITLE), Line("", GAP))
    yield from (*both(*words.is_not, VALUE, framed=True), Line("", GAP))
    yield from field("编号", "Number", slip.number, NUMBER)
    yield from field("事项", "Request", f"{words.what[0]} {words.what[1]}", TEXT)
    yield from field("姓名", "Name", slip.name)
    yield from (*field("时间", "Time", f"{slip.at:%Y-%m-%d %H:%M}"), Line("", GAP))
    for sentence in (words.then, words.bring):
        yield from (*both(*sentence), Line("", GAP))
    yield from (Line(each, TEXT) for each in (slip.window, slip.hours, slip.phone) if each)
