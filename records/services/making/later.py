"""The receipt of an application that is answered at the window: the same words whoever waits."""

from backend_client.contract.policy import Desk, LaterRules
from forms.paper import LaterReceipt
from records.rules.later import shown_name, shown_number
from records.services.asking import Asked
from records.services.making.head import Head
from records.store.applications import ApplicationRow


def later_receipt(asked: Asked, head: Head, rules: LaterRules, application: ApplicationRow) -> LaterReceipt:
    """The receipt of ``application``; a further one says the same days."""
    desk: Desk = asked.policy.desk
    return LaterReceipt(
        **head,
        name=shown_name(asked.about.name.reveal()),
        id_number=shown_number(asked.about.id_number.reveal()),
        ready_on=application.ready_on,
        window=f"{desk.name.zh}，{desk.address.zh}",
        hours=desk.hours.zh,
        phone=desk.phone,
        bring=rules.bring.zh,
        valid_until=application.valid_until,
    )
