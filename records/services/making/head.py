"""What every paper has, whatever it says."""

from datetime import datetime
from typing import TypedDict

from backend_client.contract.policy import PaperWording
from forms.paper import Wording
from records.context import Records
from records.rules import numbering
from records.services.asking import Asked
from records.store import counters
from records.store.database import Transaction


class Head(TypedDict):
    """The fields of ``forms.paper.Issue``."""

    serial: str
    wording: Wording
    purpose: str
    issuer: str
    machine: str
    issued_at: datetime
    specimen: bool


def head(records: Records, transaction: Transaction, asked: Asked) -> Head:
    """The paper's own, with the kiosk's next serial: papers and receipts count in one series."""
    number = asked.device.number
    sequence = counters.following(transaction, f"paper-{asked.at.year}-{number}")
    keys = records.keys
    return Head(
        serial=numbering.serial(asked.at.year, number, sequence),
        wording=_wording(asked.rules.wording),
        purpose=asked.purpose.title.zh,
        issuer=keys.bureau,
        machine=asked.device.device_id,
        issued_at=asked.at,
        specimen=keys.specimen,
    )


def receipt_head(own: Head, asked: Asked, words: PaperWording) -> Head:
    """The same serial on the receipt in its place: its purpose is the paper that was asked for."""
    return {**own, "wording": _wording(words), "purpose": asked.rules.wording.title.zh}


def _wording(words: PaperWording) -> Wording:
    return Wording(words.title.zh, words.title.en, words.statement.zh, words.statement.en, words.remarks)
