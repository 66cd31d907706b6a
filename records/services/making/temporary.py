"""The temporary ID proof: the register's own photograph, one purpose of all that the form lists, and its hours."""

import base64
from datetime import timedelta

from backend_client.contract.base import ProblemCode
from forms.paper import TemporaryIdProof
from records.context import Records
from records.errors import PhotographError, RefusedError
from records.population.photograph import identity_photograph
from records.services.asking import Asked
from records.services.making.head import Head

_HOURS_A_DAY = 24
_LONGEST_DAYS = 30  # whatever a policy says


def portrait(records: Records, asked: Asked) -> str:
    """The person's own photograph in base64, cut to the paper's format if it has another. Refused (no-portrait): the
    register has none, or one that can't be cut so."""
    return base64.b64encode(_photograph(records, asked.about.person_id)).decode("ascii")


def has_photograph(records: Records, person_id: str) -> bool:
    """Whether ``portrait`` would have one: said before anything is asked, by the cut that the paper will make."""
    if not records.register.has_portrait(person_id):
        return False
    try:
        _photograph(records, person_id)
    except RefusedError:
        return False
    return True


def _photograph(records: Records, person_id: str) -> bytes:
    image = records.register.portrait(person_id)
    if image is None:
        raise RefusedError(ProblemCode.NO_PORTRAIT)
    try:
        return identity_photograph(image.reveal())
    except PhotographError as error:
        raise RefusedError(ProblemCode.NO_PORTRAIT, error.detail) from None


def temporary_id_proof(asked: Asked, head: Head, image: str) -> TemporaryIdProof:
    """The proof, good from this minute on."""
    about, begins = asked.about, asked.at.replace(second=0)
    hours = asked.purpose.validity_hours or min(asked.rules.validity_days, _LONGEST_DAYS) * _HOURS_A_DAY
    return TemporaryIdProof(
        **head,
        name=about.name.reveal(),
        sex=about.sex.reveal(),
        nation=about.nation.reveal(),
        birth_date=about.birth_date,
        id_number=about.id_number.reveal(),
        address=about.address.reveal(),
        portrait=image,
        purposes=tuple(each.title.zh for each in asked.rules.purposes),
        valid_from=begins,
        valid_until=begins + timedelta(hours=hours),
    )
