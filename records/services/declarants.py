"""Who handed something in, by the number that it states: a citizen's, or that of a document that has another one."""

from backend_client.contract.intakes import Declarant
from civic.id_number import IdNumber
from civic.masking import Personal, PersonalText
from records.context import Records
from records.services.evidence import holder
from records.services.life_events.numbers import whose


def person_of(records: Records, who: Declarant) -> str:
    """Their handle; empty: nobody whom the register knows."""
    if who.citizen_number:
        return whose(records, IdNumber(who.id_number))
    found = holder(records, who.document, who.issuing_state, who.id_number)
    return found.person_id if found is not None else ""


def number_of(who: Declarant) -> Personal:
    """Masks itself. InvalidValueError: it is none of its kind."""
    return IdNumber(who.id_number) if who.citizen_number else PersonalText(who.id_number)
