"""Places for pictures, which take up memory and then seconds of a processor: so many in all, and of one address two."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from records.services.failures import neighbourhood

OF_ONE_ADDRESS: Final = 2


class FullError(Exception):
    """There is no place, or none for this address."""


class Places:
    """On the event loop of a running service. Whose a place is, is forgotten as soon as it is free."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken = Counter[str]()

    @contextmanager
    def one(self, address: str) -> Iterator[None]:
        """A place for as long as it is needed. Raises FullError."""
        who = neighbourhood(address)
        if self._taken.total() >= self._most or self._taken[who] >= OF_ONE_ADDRESS:
            raise FullError
        self._taken[who] += 1
        try:
            yield
        finally:
            self._taken -= Counter({who: 1})  # what is nought goes
