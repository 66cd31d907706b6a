"""Statements compiled once for all databases of a test process: each test has one of its own, of the same tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import sqlalchemy as sa
from sqlalchemy.util import LRUCache

_MOST = 4000


class _Statements(LRUCache[Any, Any]):
    """What SQLAlchemy keeps for one engine, for all of one kind: the first part of a key is the engine's dialect."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_of_kind(key), default)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(_of_kind(key), value)


def _of_kind(key: tuple[Any, ...]) -> tuple[Any, ...]:
    dialect, *statement = key
    return type(dialect), *statement


@contextmanager
def compiled_once() -> Iterator[None]:
    """Engines that are made inside share what they compile."""
    statements, create = _Statements(_MOST), sa.create_engine

    def sharing(*of: Any, **more: Any) -> sa.Engine:
        engine = create(*of, **more)
        engine._compiled_cache = statements
        return engine

    with patch.object(sa, "create_engine", sharing):
        yield
