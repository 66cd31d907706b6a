"""The files of an intake, for the officer who has opened it: ciphertext, whose keys stand in the intake's content."""

from backend_client.contract.base import ProblemCode
from backend_client.errors import SealUnreadableError
from backend_client.seals import open_file
from records.context import Records
from records.errors import RefusedError
from records.services import intake_deciding
from records.services.intake_opening import content_of
from records.services.refusals import TakenUpError, UnopenedError
from records.services.sessions import Session
from records.store import blobs


def read(records: Records, session: Session, intake_id: str, sha256: str) -> bytes | None:
    """One file as it was before it was sealed; written down. None: this officer sees no such intake, or it has no such
    file. UnopenedError, TakenUpError: this officer has not opened it last, with a reason. Refused (intake-unreadable):
    the file is not what its key opens."""
    found = intake_deciding.find(records, session, intake_id)
    files = content_of(found.row).files if found is not None else ()
    sealed = next((each for each in files if each.sha256 == sha256), None)
    if found is None or sealed is None:
        return None
    if found.row.seen_by != session.officer.officer_id:
        raise TakenUpError if found.row.seen_by else UnopenedError
    with records.database.reading() as transaction:
        ciphertext = blobs.content(transaction, sha256)
    if ciphertext is None:
        return None
    try:
        content = open_file(ciphertext, sealed)
    except SealUnreadableError:
        raise RefusedError(ProblemCode.INTAKE_UNREADABLE) from None
    with records.database.writing() as transaction:
        intake_deciding.note(records, transaction, session, found.row, "intake-file-opened", file=sha256)
    return content
