"""How the reading of a card ends early: one exception that carries its conclusion, and never leaves the driver."""

from civic.errors import CodedError
from devices.access_card.api import CardReason


class CardError(CodedError):
    """The card that lies there is no way in. ``detail``: a status word, a rule; nothing of the card's own."""

    code = "access-card"

    def __init__(self, reason: CardReason, detail: str = "") -> None:
        super().__init__(detail)
        self.reason = reason
