"""The no-criminal-record certificate: of one person, from birth to today."""

from forms.paper import NoCriminalRecord
from records.rules.periods import valid_until
from records.services.asking import Asked
from records.services.making.head import Head


def no_criminal_record(asked: Asked, head: Head) -> NoCriminalRecord:
    """The certificate. Who stands in the household register is a citizen, known by the citizen number."""
    about = asked.about
    return NoCriminalRecord(
        **head,
        name=about.name.reveal(),
        sex=about.sex.reveal(),
        birth_date=about.birth_date,
        nationality="中国",
        document="居民身份证",
        document_number=about.id_number.reveal(),
        queried_from=None,
        queried_until=asked.at.date(),
        valid_until=valid_until(asked.at, asked.rules.validity_days),
    )
