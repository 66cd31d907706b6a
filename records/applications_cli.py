"""``records applications``: what waits at the window. Persons are masked as on receipts; no finding stands here."""

from records.context import Records
from records.rules.later import shown_name, shown_number
from records.rules.periods import bureau_time
from records.store import applications, protection
from records.store.applications import ApplicationRow


def lines(records: Records) -> list[str]:
    """A line for each application, the oldest first; none for who is hidden."""
    today = bureau_time(records.clock.now()).date()
    with records.database.reading() as transaction:
        rows, hidden = applications.every(transaction), protection.hidden(transaction, today)
    return [_line(records, row) for row in rows if not hidden.tickets(row.person_id, row.number_hash)]


def _line(records: Records, row: ApplicationRow) -> str:
    person = records.population.resident(row.person_id)
    who = f"{shown_name(person.name.reveal())} {shown_number(person.id_number.reveal())}" if person else "-"
    times = f"opened {bureau_time(row.opened_at):%Y-%m-%d %H:%M}  ready on {row.ready_on}"
    settled = f"  by {row.settled_by} {bureau_time(row.settled_at):%Y-%m-%d %H:%M}" if row.settled_at else ""
    return f"{row.serial}  {row.kind}  {row.state.value:11}  {times}  {who}{settled}"
