"""The household certificate: one's own row or a child's, and the rows of others where the purpose needs them."""

from forms.paper import HouseholdCertificate, HouseholdMember
from forms.stated import shortened
from records.population.source import Resident
from records.rules.periods import valid_until
from records.services.asking import Asked
from records.services.making.head import Head


def household_certificate(asked: Asked, head: Head) -> HouseholdCertificate:
    """The certificate."""
    about = asked.about
    return HouseholdCertificate(
        **head,
        name=about.name.reveal(),
        former_name=about.former_name.reveal(),
        sex=about.sex.reveal(),
        nation=about.nation.reveal(),
        birth_date=about.birth_date,
        id_number=about.id_number.reveal(),
        birthplace=about.birthplace.reveal(),
        native_place=about.native_place.reveal(),
        address=about.address.reveal(),
        household_type=about.household_type.reveal(),
        householder=about.householder.reveal(),
        relation=about.relation.reveal(),
        moved_in=about.moved_in.reveal(),
        valid_until=valid_until(asked.at, asked.rules.validity_days),
        applicant=f"{asked.applicant.name.reveal()}（监护人）" if asked.for_child else "",
        members=tuple(_member(each) for each in asked.members),
    )


def _member(person: Resident) -> HouseholdMember:
    number = shortened(person.id_number.reveal())
    return HouseholdMember(person.relation.reveal(), person.name.reveal(), number)
