"""A slot that holds only the newest thing: for camera pictures, where an old one is worth nothing."""

from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Latest(Generic[T]):
    """Put from one thread, take from another; what nobody took is replaced."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._value: T | None = None

    def put(self, value: T | None) -> None:
        """Replace what is there."""
        with self._lock:
            self._value = value

    def take(self) -> T | None:
        """The newest value, once; None when there is none since the last time."""
        with self._lock:
            value, self._value = self._value, None
            return value
