"""Which fields of a named person a role sees at the console, for which purpose. Pure, and all there is to ask."""

from typing import Final

from records.rules.purposes import OPENS, Purpose, View
from records.rules.roles import Right, Role, may

FIELDS: Final[dict[View, tuple[str, ...]]] = {
    View.IDENTITY: ("name", "id_number", "sex", "birth_date", "address", "relation"),
    View.HOUSEHOLD: ("members",),
    View.DWELLING: ("homes",),
    View.PAPERS: ("papers",),
    View.WAYS: (),  # asked for on the page, and on none without it
    View.PASSES: (),  # gates have them, and a second account must agree
}


def views(role: Role, purpose: Purpose) -> frozenset[View]:
    """What opens for a role; nothing for one without the right."""
    return OPENS[purpose] if may(role, Right.PERSONS) else frozenset()


def fields(role: Role, purpose: Purpose) -> tuple[str, ...]:
    """The fields that it shows, in the order of the page."""
    opened = views(role, purpose)
    return tuple(name for view in View if view in opened for name in FIELDS[view])
