"""What is done for each cell of the table of effects. Each function tells what it changed, as it was before."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Final

from records.rules.life_effects import TABLE, Effect, Thing
from records.services.gates import ways
from records.services.life_events import flats, row
from records.services.life_events.happening import HOUSEHOLDER, Earlier, Happening
from records.services.life_events.papers import void
from records.store import contacts, life_changes, life_events, protection, residents, texts
from records.store.protection import Basis, ProtectionRow, Whose

_LEFT_ALONE: Final = frozenset({Effect.KEPT, Effect.OFFICER})

Perform = Callable[[Happening], Earlier]


def perform(it: Happening, only: frozenset[Thing] = frozenset(Thing)) -> Earlier:
    """Do what the table says of ``only`` these things; what was changed, as it was before."""
    earlier: Earlier = {}
    for thing, effect in TABLE[it.kind].items():
        if effect not in _LEFT_ALONE and thing in only:
            earlier |= HANDLERS[thing, effect](it)
    return earlier


def open_points(it: Happening) -> list[str]:
    """What is left for an officer, before anything is changed: codes."""
    leaves = TABLE[it.kind][Thing.HOUSEHOLD] is Effect.OFFICER and it.person.relation == HOUSEHOLDER
    found = ["householder-gone"] if leaves and it.others else []
    if TABLE[it.kind][Thing.WARDS] is Effect.ENDED and _alone(it):
        found.append("child-alone")
    return found


def _alone(it: Happening) -> bool:
    """Whether somebody living would be without any guardian."""
    wards = [residents.by_person(it.transaction, each) for each in life_changes.wards_of(it.transaction, it.person_id)]
    living = (each.person_id for each in wards if each is not None and not each.deceased)
    return any(life_changes.guardians_of(it.transaction, each) == [it.person_id] for each in living)


# --- what speaks to or of them ---------------------------------------------------------------------------------------


def _silence(it: Happening) -> Earlier:
    contacts.remove(it.transaction, it.person_id)
    contacts.drop_code(it.transaction, it.person_id)
    texts.call_back(it.transaction, it.person_id)
    return {}


def _end_visits(it: Happening) -> Earlier:
    life_changes.end_visits(it.transaction, it.person_id, it.records.clock.now())
    return {}


def _forget_beside(it: Happening) -> Earlier:
    life_changes.forget_beside(it.transaction, it.person_id)
    return {}


def _end_applications(it: Happening) -> Earlier:
    life_changes.end_applications(it.transaction, it.person_id)
    return {}


def _end_ways(it: Happening) -> Earlier:
    ways.end_all(it.records, it.transaction, it.person_id)
    return {}


# --- the register ----------------------------------------------------------------------------------------------------


def _end_residences(it: Happening) -> Earlier:
    return {"lived": life_changes.end_residences(it.transaction, it.person_id, it.today)}


def _end_wards(it: Happening) -> Earlier:
    wards = life_changes.wards_of(it.transaction, it.person_id)
    for child in wards:
        life_changes.end_guardianship(it.transaction, child, it.person_id)
    return {"wards": wards}


def _end_guardians(it: Happening) -> Earlier:
    """The one that is meant, or all."""
    meant = it.told.get("guardian")
    guardians = [meant] if meant else life_changes.guardians_of(it.transaction, it.person_id)
    for guardian in guardians:
        life_changes.end_guardianship(it.transaction, it.person_id, guardian)
    return {"guardians": guardians}


def _give_guardian(it: Happening) -> Earlier:
    residents.add_guardian(it.transaction, it.person_id, it.told["guardian"])
    return {"given": it.told["guardian"]}


def _rename_householder(it: Happening) -> Earlier:
    if it.person.relation != HOUSEHOLDER or not it.person.household:
        return {}
    named = {"household": it.person.household, "before": it.person.name, "name": it.told["name"]}
    life_changes.name_householder(it.transaction, named["household"], named["before"], named["name"])
    return {"householder": named}


def _forget_documents(it: Happening) -> Earlier:
    """A passport in the old name, or with the old number, finds nobody until the register has the new one."""
    return {"documents": [asdict(each) for each in life_changes.forget_documents(it.transaction, it.person_id)]}


# --- what goes by the number -----------------------------------------------------------------------------------------


def _hashes(it: Happening) -> tuple[str, str]:
    before, now = (it.records.number_hash(each) for each in (it.person.id_number, it.told["new_number"]))
    return before, now


def _move_tries(it: Happening) -> Earlier:
    life_changes.move_tries(it.transaction, *_hashes(it))
    return {}


def _hide_by_both(it: Happening) -> Earlier:
    return {"hidden_by": life_changes.hide_by(it.transaction, *_hashes(it), it.person_id)}


def _remember_number(it: Happening) -> Earlier:
    life_events.had(it.transaction, it.person.id_number, it.person_id)
    return {"numbers": [it.person.id_number, it.told["new_number"]]}


def _hide(it: Happening) -> Earlier:
    """From everybody but those who hid them, until it is decided whose the child is."""
    whose = Whose(it.records.number_hash(it.person.id_number), it.person_id)
    now, asked = it.records.clock.now(), it.asked
    hiding = ProtectionRow(whose, Basis.DISPUTED_GUARDIANSHIP, asked.ticket, now, None, asked.asked_by, it.by)
    return {"hidden_by": [protection.add(it.transaction, hiding)]}


HANDLERS: Final[dict[tuple[Thing, Effect], Perform]] = {
    (Thing.CONTACT, Effect.ENDED): _silence,
    (Thing.VISITS, Effect.ENDED): _end_visits,
    (Thing.COMPANIONS, Effect.ENDED): _forget_beside,
    (Thing.PAPERS_OPEN, Effect.VOID): void(Thing.PAPERS_OPEN),
    (Thing.PAPERS_OWN, Effect.VOID): void(Thing.PAPERS_OWN),
    (Thing.PAPERS_BY_GUARDIAN, Effect.VOID): void(Thing.PAPERS_BY_GUARDIAN),
    (Thing.RECEIPTS, Effect.VOID): void(Thing.RECEIPTS),
    (Thing.APPLICATIONS, Effect.ENDED): _end_applications,
    (Thing.WAYS, Effect.ENDED): _end_ways,
    (Thing.RESIDENCES, Effect.ENDED): _end_residences,
    (Thing.RIGHTS, Effect.ENDED): flats.end,
    (Thing.WARDS, Effect.ENDED): _end_wards,
    (Thing.GUARDIANS, Effect.ENDED): _end_guardians,
    (Thing.GUARDIANS, Effect.BEGUN): _give_guardian,
    (Thing.HOUSEHOLD, Effect.CHANGED): _rename_householder,
    (Thing.DOCUMENTS, Effect.ENDED): _forget_documents,
    (Thing.TRIES, Effect.MOVED): _move_tries,
    (Thing.PROTECTION, Effect.BEGUN): _hide,
    (Thing.PROTECTION, Effect.COPIED): _hide_by_both,
    (Thing.FORMER_NUMBERS, Effect.BEGUN): _remember_number,
    (Thing.ROW, Effect.CHANGED): row.change,
}
"""A cell that is missing here would be a KeyError; the walk of the table meets every one."""
