"""What the paper will say, before it is made: the row in the paper's order, and what was asked for."""

from collections.abc import Iterator
from datetime import timedelta

from civic.masking import Personal
from kiosk.flows.details import Case
from kiosk.presenters.surroundings import Surroundings
from terminal.views import Choice, DataRow, DataView, View


def present(case: Case, around: Surroundings) -> View:
    """Masked; what was chosen in this visit stands whole."""
    words = around.words
    kind, shown = case.errand.service.kind, case.shown
    rows = tuple(row(field.value, words(label(kind, field.name))) for field in shown.fields)
    said = words("record.reissue") if case.errand.purpose.id in shown.reissues else ""
    return DataView(
        words(f"record.question.{kind}"),
        around.speech(said, words("record.spoken")),
        words("record.help"),
        steps=around.steps(3),
        back=around.back(),
        forward=Choice("issue", words("record.issue"), note=said),
        rows=(*rows, *_chosen(case, around)),
        reveal=words("record.reveal"),
        mistake=Choice("mistake", words("record.mistake")),
    )


def label(kind: str, name: str) -> str:
    """The key. A receipt has another address than that of the register, and an inquiry calls the number otherwise."""
    return "field.document_number" if (kind, name) == ("no_criminal_record", "id_number") else f"field.{name}"


def row(value: Personal, label: str) -> DataRow:
    """Masked, and whole while the button is held."""
    shown, full = str(value), value.reveal()
    return DataRow(label, shown, full if full != shown else "")


def _chosen(case: Case, around: Surroundings) -> Iterator[DataRow]:
    """What the paper says besides the row: who else, for what, how long."""
    words, service, purpose = around.words, case.errand.service, case.errand.purpose
    if service.kind == "no_criminal_record":
        yield DataRow(words("field.period"), words("field.whole_life"))
    if case.dwelling is not None:
        yield DataRow(words("field.dwelling"), case.dwelling.address.reveal())  # they have just typed it here
        yield DataRow(words("field.permit"), words("field.half_a_year"))
    for member in case.shown.members:
        if member.handle in case.members:
            yield DataRow(words("field.member"), f"{member.relation} {member.name}")
    if case.child is not None:
        yield DataRow(words("field.applicant"), words("field.guardian"))
    yield DataRow(words("field.purpose"), words.pick(purpose.title))
    yield DataRow(words("field.valid_days"), _valid(case, around))
    if service.collecting is not None:
        yield DataRow(words("field.when"), words("when.later" if case.later else "when.now"))


def _valid(case: Case, around: Surroundings) -> str:
    words, hours = around.words, case.errand.purpose.valid_hours
    if hours is None:
        return words("field.days", days=case.errand.service.valid_days)
    until = around.now + timedelta(hours=hours)
    return words("field.until", hours=hours, day=around.day_of_year(until), clock=f"{until:%H:%M}")
