"""What the officers' console refuses. The words that an officer reads stand in its text catalogue, by ``code``.

ConsoleRefusalError
├── SignInRefusedError        account, password and one-time code do not belong together; which of them is not said
├── MustWaitError             too many failures; ``seconds`` until the next try
├── PasswordUnfitError        a new password won't do; ``detail``: short, long, obvious, same, differs, wrong
├── NotYourRightError         the role does not include it
├── CodeUnknownError          no open request has this visit code
├── CaseOverError             another officer was first, or the visit is over; ``detail``: how it ended
├── UnopenedError             nobody has seen what was found
├── TakenUpError              a colleague has seen it last
└── ReasonUnfitError          the reason won't do; ``detail``: missing, long, no-number, personal
"""

from records.errors import RecordsError


class ConsoleRefusalError(RecordsError):
    """The console says no."""

    code = "console-refusal"


class SignInRefusedError(ConsoleRefusalError):
    """Account, password and one-time code do not belong together."""

    code = "sign-in-refused"


class MustWaitError(ConsoleRefusalError):
    """Too many failures: wait ``seconds``."""

    code = "must-wait"

    def __init__(self, seconds: int) -> None:
        super().__init__(str(seconds))
        self.seconds = seconds


class PasswordUnfitError(ConsoleRefusalError):
    """The new password won't do."""

    code = "password-unfit"


class NotYourRightError(ConsoleRefusalError):
    """The role does not include it."""

    code = "not-your-right"


class CodeUnknownError(ConsoleRefusalError):
    """No open request has this visit code."""

    code = "visit-code-unknown"


class CaseOverError(ConsoleRefusalError):
    """The case can't be decided any more."""

    code = "case-over"


class UnopenedError(ConsoleRefusalError):
    """An application is settled by who has opened it, and nobody has since what was found last changed."""

    code = "unopened"


class TakenUpError(ConsoleRefusalError):
    """A colleague opened the application last: it is theirs to settle, until it is opened again."""

    code = "taken-up"


class ReasonUnfitError(ConsoleRefusalError):
    """The reason that was given won't do."""

    code = "reason-unfit"
