"""What somebody chose to come in by, and what they agreed to with it or take back: each consent is kept by itself."""

from datetime import date

from backend_client.contract.intakes import TenancyContent, WaysContent
from backend_client.contract.tenancies import OwnWay, WayKind
from records.rules.periods import bureau_time
from records.services.gates import ways
from records.services.tenancies.work import Work, note
from records.store import consents
from records.store.consents import ConsentRow, Purpose
from records.store.rights import RightRow


def choose(work: Work, right: RightRow, content: TenancyContent | WaysContent, born: date | None) -> tuple[str, ...]:
    """Carry it out; codes of what was not taken. A consent stands for a face that was taken, and for none that was not.
    ``born``: when its holder was, as the register has it."""
    refused = ways.take(work.records, work.transaction, right.person_id, right.right_id, content, born)
    about = (right.person_id, Purpose.GATE_FACE, right.right_id)
    if _withdraws(content):
        if consents.withdraw(work.transaction, *about, work.now):
            note(work, "consent-withdrawn", right.person_id, purpose=Purpose.GATE_FACE.value)
    elif _agrees(content) and not {ways.NO_NOTICE, ways.TOO_YOUNG} & set(refused):
        consents.give(work.transaction, *about, content.notice, work.now)
        note(work, "consent-given", right.person_id, purpose=Purpose.GATE_FACE.value, notice=content.notice)
    return refused


def standing(work: Work, right: RightRow) -> tuple[OwnWay, ...]:
    """The consents that a right has left behind: no gate has the face any more, and each can still be taken back."""
    found = consents.standing(work.transaction, right.person_id, Purpose.GATE_FACE, right.right_id)
    return tuple(_own(each) for each in found)


def _own(row: ConsentRow) -> OwnWay:
    return OwnWay(ref=row.consent_id, kind=WayKind.FACE, since=bureau_time(row.given_at).date())


def _agrees(content: TenancyContent | WaysContent) -> bool:
    if isinstance(content, TenancyContent):
        return WayKind.FACE in content.ways
    return content.face is True


def _withdraws(content: TenancyContent | WaysContent) -> bool:
    return isinstance(content, WaysContent) and content.face is False
