"""What somebody sends, taken in: who asks too fast, or finds no place, is refused before anything is kept of it."""

from typing import Final

from civic.clock import Clock
from records.api.body import Receive, whole_body
from records.public.pace import Pace
from records.public.places import FullError, Places

LARGEST: Final = 8 * 1024 * 1024  # bytes: a telephone's picture
SPARE: Final = 16 * 1024 * 1024  # bytes that are read away so that a browser shows a refusal; then its line is cut
AT_ONCE: Final = 8  # that are read: so much memory they may take
_SECONDS: Final = 60.0
_AWAY_SECONDS: Final = 20.0


class TurnedAwayError(Exception):
    """Not taken in: ``status`` of HTTP, and ``why``, the name of the page's words for it."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


class Intake:
    """One for each running service, on its event loop."""

    def __init__(self, clock: Clock) -> None:
        self._pace, self._places = Pace(clock), Places(AT_ONCE)

    async def body(self, address: str, receive: Receive) -> bytes:
        """The body of a request from ``address``, counted whatever becomes of it. Raises TurnedAwayError, and
        ConnectionError: the sender is gone."""
        if not self._pace.may_ask(address):
            raise await _after_the_rest(receive, TurnedAwayError(429, "pace"))
        try:
            with self._places.one(address):
                body, refused = await whole_body(receive, LARGEST, _SECONDS, SPARE)
        except FullError:
            raise await _after_the_rest(receive, TurnedAwayError(503, "busy")) from None
        if refused:
            raise TurnedAwayError(refused, str(refused))
        return body


async def _after_the_rest(receive: Receive, refusal: TurnedAwayError) -> TurnedAwayError:
    """The same, once what is on its way is read away, as far as that goes."""
    await whole_body(receive, 0, _AWAY_SECONDS, SPARE)
    return refusal
