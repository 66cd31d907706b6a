"""Telling records what became of a paper: again and again if need be, with the same words and the same key each time.

Records decide once per serial. When they already decided otherwise (an officer voided it, or an answer was lost), their
truth becomes the journal's, and the difference is audited.
"""

from backend_client.contract.base import ProblemCode
from backend_client.contract.papers import PaperAnswer, PaperState, VoidReason
from backend_client.errors import RecordsError, RecordsProtocolError, RecordsRefusedError, RecordsUnreachableError
from backend_client.session import RecordsSession
from kiosk.store.journal import Attempt, AttemptState, Journal, Outcome, Wish
from terminal.store.audit import Audit, AuditKind

VOID_REASONS: dict[AttemptState, VoidReason] = {
    AttemptState.RESERVING: VoidReason.ABANDONED,
    AttemptState.RESERVED: VoidReason.ABANDONED,
    AttemptState.SEALED: VoidReason.NOT_PRINTED,
    AttemptState.SPOOLED: VoidReason.PRINT_DOUBTFUL,
}
"""Why an attempt that ends in this state is void: the most that may have happened."""

_TRUTH = {ProblemCode.PAPER_VOID: Outcome.VOID, ProblemCode.PAPER_DELIVERED: Outcome.DELIVERED}
_OUTCOMES = {PaperState.VOID: Outcome.VOID, PaperState.DELIVERED: Outcome.DELIVERED}
_WISHED = {Wish.VOID: Outcome.VOID, Wish.DELIVER: Outcome.DELIVERED}


class TellRecords:
    """Tells one wish. Thread-safe: telling twice at once is telling twice."""

    def __init__(self, session: RecordsSession, journal: Journal, audit: Audit) -> None:
        self._session = session
        self._journal = journal
        self._audit = audit

    def tell(self, attempt: Attempt) -> Attempt:
        """Tell the wish of an attempt that has one; the attempt as it is afterwards.

        A refusal is noted and the wish stays. Raises RecordsUnreachableError when nobody answers.
        """
        try:
            outcome, serial = self._ask(attempt)
        except RecordsUnreachableError:
            raise
        except RecordsError as error:
            return self._journal.refused(attempt, error.code)
        if outcome is not _wished(attempt):
            self._audit.append(
                AuditKind.PAPER_CONFLICT,
                serial=serial or attempt.key.hex,
                was=_wished(attempt).value,
                outcome=outcome.value,
            )
        settled = self._journal.settled(attempt, outcome, serial)
        self._audit.append(AuditKind.PAPER_SETTLED, serial=settled.serial or settled.key.hex, outcome=outcome.value)
        return settled

    def _ask(self, attempt: Attempt) -> tuple[Outcome, str]:
        """What records hold now, and the serial (empty: the key reserved nothing)."""
        try:
            answer = self._send(attempt)
        except RecordsRefusedError as error:
            truth = _TRUTH.get(error.problem.code)
            if truth is None:
                raise
            return truth, attempt.serial or ""
        if answer.state not in _OUTCOMES:
            raise RecordsProtocolError(f"still {answer.state}")
        return _OUTCOMES[answer.state], answer.serial

    def _send(self, attempt: Attempt) -> PaperAnswer:
        if attempt.serial is None:
            reason = _reason(attempt)
            return self._session.void_reservation(attempt.key, reason, attempt.key_for("void-reservation"))
        if attempt.wish is Wish.DELIVER:
            return self._session.delivered(attempt.serial, attempt.key_for("delivered"))
        return self._session.void_paper(attempt.serial, _reason(attempt), attempt.key_for("void"))


def _wished(attempt: Attempt) -> Outcome:
    return _WISHED[attempt.wish or Wish.VOID]


def _reason(attempt: Attempt) -> VoidReason:
    return attempt.reason or VoidReason.ABANDONED
