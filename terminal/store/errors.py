"""What can be wrong with the terminal's own disk.

StoreError
├── AlreadyRunningError   another process holds this terminal's store; ``detail`` says which
├── StoreDamagedError     the file is no database any more; ``detail`` says what to do
│   └── StoreLockedError  it is encrypted, and not by the key that was given
├── StoreTooNewError      the file was written by a newer release
├── StoreUnwritableError  the disk is full, read-only or failing: nothing was changed
└── AuditBrokenError      a row of the audit was changed, or is missing
"""

from civic.errors import CodedError


class StoreError(CodedError):
    """The terminal's own disk can't be relied on."""

    code = "store"


class AlreadyRunningError(StoreError):
    """Another process holds this terminal's store."""

    code = "already-running"


class StoreDamagedError(StoreError):
    """The file fails SQLite's own check."""

    code = "store-damaged"


class StoreLockedError(StoreDamagedError):
    """The file does not open by the key that was given: another's, or its first page is damaged."""

    code = "store-locked"


class StoreTooNewError(StoreError):
    """The file's schema is newer than this release: going on could lose what it says."""

    code = "store-too-new"


class StoreUnwritableError(StoreError):
    """SQLite could not make a change durable. The change did not happen."""

    code = "store-unwritable"


class AuditBrokenError(StoreError):
    """The hash chain does not hold; ``detail`` names the first row that is wrong."""

    code = "audit-broken"
