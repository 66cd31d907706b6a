"""What records refuse, and what keeps records from starting.

RecordsError
├── RefusedError              a request gets no; ``problem`` is the code of the problem detail that is sent
│   ├── PopulationAwayError   the register elsewhere does not answer, or not as it must
│   └── KeyUnusableError      a key that signs papers is revoked, or not where it should be
│       ├── TokenAwayError    its token is not there, or does not work
│       ├── TokenPinError     the token's PIN can't be read, or is wrong
│       └── TokenLockedError  the token takes no PIN any more
├── SettingsError             records.toml or the policy file can't be used
├── DataFolderError           the data folder, a key or a certificate can't be used
├── DatabaseUnusableError     the database can't be reached, or is another one
├── ClockJumpedError          nothing is deleted by a clock that has just jumped
├── MigrationError            what is stored breaks a rule that this version has
├── PhotographError           a picture can't be made an identity photograph
├── BackupError               a backup can't be made, or can't be put back
├── KeyChangeError            a key can't be taken back as it was said
├── UnknownNameError          a command names a device or a serial that is not here
├── CheckFailedError          something that the service needs is not whole
└── AuditBrokenError          the audit's chain of hashes does not hold
"""

from backend_client.contract.base import ProblemCode
from civic.errors import CodedError

_KEY_AGAIN_S = 5


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


class KeyUnusableError(RefusedError):
    """A key can't sign now; the same request may be sent again. ``detail`` tells the operator what to do, and stays
    here: whoever asked hears only that it is so."""

    code = "records-key-unusable"

    def __init__(self, detail: str) -> None:
        super().__init__(ProblemCode.INTERNAL, detail, retry_after_s=_KEY_AGAIN_S)
        self.words = "a key that signs papers can't be used now"


class IntakeUnreadableError(RecordsError):
    """A stored intake is not what this release reads. Nothing of it is in the error."""

    code = "records-intake-unreadable"


class PopulationAwayError(RefusedError):
    """The register elsewhere can't be asked; the same request may be sent again. ``detail`` says why, without anything
    that was asked or answered, and stays here."""

    code = "records-population-away"

    def __init__(self, detail: str) -> None:
        super().__init__(ProblemCode.INTERNAL, detail, retry_after_s=_KEY_AGAIN_S)
        self.words = "the household register can't be asked now"


class TokenAwayError(KeyUnusableError):
    """The token, or the module that speaks to it, is not there or does not work."""

    code = "records-token-away"


class TokenPinError(KeyUnusableError):
    """The token's PIN can't be read, or the token refuses it."""

    code = "records-token-pin"


class TokenLockedError(KeyUnusableError):
    """Too many wrong PINs: the token takes none any more."""

    code = "records-token-locked"


class SettingsError(RecordsError):
    """``records.toml`` or the policy file breaks its own rules."""

    code = "records-settings"


class DataFolderError(RecordsError):
    """The data folder, or a key in it, is missing, unreadable or half made."""

    code = "records-data-folder"


class ClockJumpedError(RecordsError):
    """The clock has jumped by more than a week; what is deleted by it waits until it has gone on so for a day."""

    code = "records-clock-jumped"


class DatabaseUnusableError(RecordsError):
    """The database can't be reached, or is not this community's; ``detail`` says what to do."""

    code = "records-database"


class MigrationError(RecordsError):
    """What is stored breaks a rule that this version has; ``detail`` names the rows and what to do."""

    code = "records-migration"


class PhotographError(RecordsError):
    """A picture can't be made an identity photograph without stretching it, or cutting a face."""

    code = "records-photograph"


class BackupError(RecordsError):
    """A backup can't be made or put back; ``detail`` says why."""

    code = "records-backup"


class KeyChangeError(RecordsError):
    """A key can't be taken back as it was said: which one, or since when, is not clear. ``detail`` asks."""

    code = "records-key-change"


class UnknownNameError(RecordsError):
    """No device or serial of that name."""

    code = "records-unknown-name"


class CheckFailedError(RecordsError):
    """``records check`` found something that is not whole."""

    code = "records-check-failed"


class AuditBrokenError(RecordsError):
    """A row of the audit was changed, or is missing; ``detail`` names the first."""

    code = "records-audit-broken"
