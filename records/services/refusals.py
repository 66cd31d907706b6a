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
├── StaleError                it was changed since the page was made
├── ReadingUnfitError         purpose, ticket or number won't do; ``detail``: which, and why
├── ReadingLimitError         too many looks in an hour; ``minutes`` until the next
├── ApprovalOverError         decided already, or its week is over
├── SameAccountError          whoever asked can't be the second
├── CheckFailedError          the number that the second account typed is not the one that was asked about
├── AskingUnfitError          what was asked for won't do; ``detail``: number, basis, until, ticket-…, many
├── DraftRefusedError         not with this draft of the rules; ``detail``: which of its reasons
├── EventUnfitError           what was asked for in somebody's life can't be, as the register stands now
├── DocumentUnfitError        a dispute is decided by a document, whose number is missing or won't do
├── SlipUnknownError          no slip has this number, or another has taken its place
├── WayOverError             a way in is over, or none of theirs
├── GuardCodeUnfitError       no one-day code by this slip; ``detail``: running, long-over, many
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


class StaleError(ConsoleRefusalError):
    """It was changed since the page was made that this was sent from."""

    code = "stale"


class ReasonUnfitError(ConsoleRefusalError):
    """The reason that was given won't do."""

    code = "reason-unfit"


class ReadingUnfitError(ConsoleRefusalError):
    """A look needs a listed purpose that opens it, a ticket's number, and a whole citizen number."""

    code = "reading-unfit"


class ReadingLimitError(ConsoleRefusalError):
    """Too many looks in an hour: the next in ``minutes``."""

    code = "reading-limit"

    def __init__(self, minutes: int) -> None:
        super().__init__(str(minutes))
        self.minutes = minutes


class ApprovalOverError(ConsoleRefusalError):
    """Somebody else has decided it, or nobody did in time."""

    code = "approval-over"


class SameAccountError(ConsoleRefusalError):
    """Two accounts must agree, and this is the first one again."""

    code = "same-account"


class CheckFailedError(ConsoleRefusalError):
    """What the second account typed by itself is not what the first one asked about."""

    code = "check-failed"


class EventUnfitError(ConsoleRefusalError):
    """Of whichever reason: the register has no such person, they are dead, it happened already, or later events."""

    code = "event-unfit"


class AskingUnfitError(ConsoleRefusalError):
    """What is asked for won't do."""

    code = "asking-unfit"


class DraftRefusedError(ConsoleRefusalError):
    """A draft of the rules can't be changed, asked for or signed. ``detail``: file (the settings name one, which has
    the rules), over, changed (since it was looked at), own (another account's), same (who asked can't sign), based (the
    rules have changed since it was begun), nothing (would change), unfit (something in it is wrong)."""

    code = "draft-refused"


class DocumentUnfitError(ConsoleRefusalError):
    """A dispute is decided by a document that lay before the officer; its number is missing, or won't do."""

    code = "document-unfit"


class SlipUnknownError(ConsoleRefusalError):
    """No slip has this number or code, or another one has taken its place."""

    code = "slip-unknown"


class GuardCodeUnfitError(ConsoleRefusalError):
    """The guard gives no one-day code by this slip. ``detail``: running (the right still opens the gate), long-over,
    many (a day)."""

    code = "guard-code-unfit"


class WayOverError(ConsoleRefusalError):
    """The way in that is said to be lost opens nothing any more, or is somebody else's."""

    code = "way-over"
