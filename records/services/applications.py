"""Whether an answer comes now or at the window, and the applications that are answered there.

Nothing that leaves here tells which of the reasons it was: found, unclear, conflict, unavailable, by choice, by lot, or
an earlier application that is still open.
"""

from backend_client.contract.policy import LaterRules
from forms.paper import PaperKind
from records.context import Records
from records.criminal.source import Finding
from records.rules.later import comes_now, lot, ready_on
from records.rules.periods import valid_until
from records.services.asking import Asked
from records.store import applications
from records.store.applications import ApplicationRow
from records.store.database import Transaction


def asks_source(asked: Asked) -> bool:
    """Whether criminal records are looked up: not when a receipt is only printed again."""
    again = asked.replaced is not None and bool(asked.replaced.application)
    return asked.rules.kind is PaperKind.NO_CRIMINAL_RECORD and not again


def at_window(records: Records, transaction: Transaction, asked: Asked, finding: Finding, rules: LaterRules) -> bool:
    """Whether this request gets a receipt. The receipt that a reissue prints again stays one."""
    if asked.replaced is not None and asked.replaced.application:
        return True
    person = asked.about.person_id
    waits = applications.open_of(transaction, person, asked.rules.kind, asked.at.date()) is not None
    drawn = lot(records.keyed_hash("later", asked.rules.kind, person, str(asked.at.year)))
    return not comes_now(finding, asked.request.when, waits=waits, lot=drawn, share=rules.share)


def of_receipt(
    transaction: Transaction, asked: Asked, finding: Finding, rules: LaterRules, serial: str
) -> ApplicationRow:
    """The application that the receipt ``serial`` is for: the one it reissues, the open one, or a new one."""
    if asked.replaced is not None and asked.replaced.application:
        again = applications.find(transaction, asked.replaced.application)
        if again is not None:
            return again
    person, day = asked.about.person_id, asked.at.date()
    row = applications.open_of(transaction, person, asked.rules.kind, day)
    if row is not None:
        applications.found_again(transaction, row, finding.value)
        return row
    row = new(asked, finding, rules, serial)
    applications.add(transaction, row)
    return row


def new(asked: Asked, finding: Finding, rules: LaterRules, serial: str) -> ApplicationRow:
    """An application as it would be opened now."""
    return ApplicationRow(
        serial=serial,
        person_id=asked.about.person_id,
        kind=asked.rules.kind.value,
        outcome=finding.value,
        opened_at=asked.at,
        ready_on=ready_on(asked.at.date(), rules.working_days, rules.holidays),
        valid_until=valid_until(asked.at, rules.validity_days),
        number_hash=asked.number_hash,
    )
