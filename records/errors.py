"""What records refuse, and what keeps records from starting.

RecordsError
├── RefusedError              a request gets no; ``problem`` is the code of the problem detail that is sent
├── SettingsError             records.toml or the policy file can't be used
├── DataFolderError           the data folder, a key or a certificate can't be used
├── UnknownNameError          a command names a device or a serial that is not here
└── AuditBrokenError          the audit's chain of hashes does not hold
"""

from backend_client.contract.base import ProblemCode
from civic.errors import CodedError


class RecordsError(CodedError):
    """Records can't do what was asked."""

    code = "records"


class RefusedError(RecordsError):
    """A request is refused; ``problem`` says why, in the vocabulary of the contract."""

    code = "records-refused"

    def __init__(self, problem: ProblemCode, detail: str = "", *, retry_after_s: int | None = None) -> None:
        super().__init__(detail or problem.value)
        self.problem = problem
        self.words = detail
        self.retry_after_s = retry_after_s


class SettingsError(RecordsError):
    """``records.toml`` or the policy file breaks its own rules."""

    code = "records-settings"


class DataFolderError(RecordsError):
    """The data folder, or a key in it, is missing, unreadable or half made."""

    code = "records-data-folder"


class UnknownNameError(RecordsError):
    """No device or serial of that name."""

    code = "records-unknown-name"


class AuditBrokenError(RecordsError):
    """A row of the audit was changed, or is missing; ``detail`` names the first."""

    code = "records-audit-broken"
