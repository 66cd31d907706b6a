"""Signing a document: one digest per serial, ever."""

import base64
import hashlib
from functools import partial

from backend_client.contract.base import ProblemCode
from backend_client.contract.papers import PaperState, SealAnswer, SealRequest
from forms.signature import make_cms
from records.context import Records
from records.errors import RefusedError
from records.rules import papers as rules
from records.services import timestamps
from records.services.papers import claim_of, deed_of, move_under_key
from records.store import audit, papers
from records.store.database import Transaction
from records.store.devices import DeviceRow
from records.store.papers import PaperRow


def seal(records: Records, device: DeviceRow, serial: str, request: SealRequest, key: str) -> tuple[SealAnswer, bool]:
    """Sign one digest for a serial. Asked again for the same digest, sign it again; True: the key came before.

    The digest is remembered before it is signed: whatever is lost after that, no other digest is ever signed.
    """
    digest = _digest(request.digest)
    claim = claim_of(records, device, "seal", key, serial, request.digest)

    def remember(transaction: Transaction, paper: PaperRow) -> PaperState:
        state = rules.after_seal(paper.state, paper.digest, request.digest)
        if paper.state is PaperState.RESERVED:
            papers.update(transaction, serial, state=state, digest=request.digest, sealed_at=claim.created_at)
            audit.append(transaction, deed_of(records, paper, "paper-sealed"))
        return state

    _, again = move_under_key(records, claim, serial, remember)
    own = records.keys.document
    chain = (records.keys.root.certificate,)
    cms = make_cms(digest, own.key, own.certificate, chain, partial(timestamps.stamp, records))
    return SealAnswer(server_time=records.clock.now(), cms=base64.b64encode(cms).decode("ascii")), again


def _digest(text: str) -> bytes:
    try:
        digest = base64.b64decode(text, validate=True)
    except ValueError:
        digest = b""
    if len(digest) != hashlib.sha256().digest_size:
        raise RefusedError(ProblemCode.VALIDATION, "digest: not base64 of 32 bytes")
    return digest
