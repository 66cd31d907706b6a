"""The residence receipt, and the declaration that it is the receipt of."""

from datetime import date

from forms.paper import ResidenceReceipt
from forms.stated import shortened
from records.rules.periods import half_a_year_after, valid_until
from records.services.asking import Asked
from records.services.making.head import Head
from records.store.dwellings import DwellingRow


def residence_receipt(asked: Asked, head: Head, flat: DwellingRow, declared_on: date) -> ResidenceReceipt:
    """The receipt. ``declared_on``: the day on which they said first that they live there."""
    return ResidenceReceipt(
        **head,
        name=asked.about.name.reveal(),
        id_number=shortened(asked.about.id_number.reveal()),
        address=flat.address,
        declared_on=declared_on,
        permit_from=half_a_year_after(declared_on),
        valid_until=valid_until(asked.at, asked.rules.validity_days),
    )
