"""What can still be reached from an object, and what of the made-up resident is among it."""

import gc
from collections.abc import Iterator
from types import FunctionType, ModuleType

import numpy as np

from tests.support.made_up import CHILD_NAME, FLAT, NAME, NUMBER, PORTRAIT, SUBJECT


def reachable(*roots: object) -> Iterator[object]:
    """Every object that is referred to from here: through attributes, containers, closures and queues; not through
    modules, classes and a function's globals, which belong to the program and not to the visit."""
    seen: set[int] = set()
    todo: list[object] = list(roots)
    while todo:
        at = todo.pop()
        if id(at) in seen or isinstance(at, type | ModuleType):
            continue
        seen.add(id(at))
        yield at
        if isinstance(at, FunctionType):
            todo += [at.__closure__, at.__defaults__, at.__kwdefaults__]
        else:
            todo += gc.get_referents(at)


def personal_among(objects: Iterator[object]) -> list[str]:
    """What of the made-up resident is among them: kinds of objects, nothing more."""
    found = []
    for each in objects:
        text = isinstance(each, str) and any(part in each for part in (NAME, NUMBER, SUBJECT, CHILD_NAME, FLAT))
        picture_or_portrait = isinstance(each, np.ndarray) or (isinstance(each, bytes) and PORTRAIT in each)
        if text or picture_or_portrait:
            found.append(type(each).__name__)
    return found
