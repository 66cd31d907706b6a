"""What of a person is in this process: reachable from an object, or anywhere at all."""

import gc
import weakref
from collections.abc import Iterable, Iterator

import numpy as np

from backend_client.contract.identity import SignedStatement
from civic.masking import PersonalBytes
from civic.mrz import MrzKey
from civic.mrz_entry import MrzEntry
from civic.number_entry import NumberEntry
from devices.face.api import LiveFace
from devices.face.capture import Capture
from devices.id_card.api import IdCard
from devices.travel_document.api import TravelDocument
from tests.support.reachable import reachable

_EVIDENCE = (IdCard, TravelDocument, MrzKey, NumberEntry, MrzEntry, PersonalBytes, LiveFace, Capture, SignedStatement)
_PICTURE_DIMENSIONS, _LEAST_PICTURE = 3, 64 * 64 * 3
_JPEG, _LEAST_ENCODED = b"\xff\xd8\xff", 500


def evidence_within(*roots: object) -> list[str]:
    """The kinds of what an identity was proven with, and of pictures, that can be reached from here."""
    return sorted({kind for each in reachable(*roots) if (kind := _kind(each))})


def personal_anywhere(needles: Iterable[str]) -> list[str]:
    """Kinds of objects of this whole process that hold one of these texts, or a picture; the texts' own are left out.

    Everything that the collector knows is looked at, and what it refers to: text stands in attributes and containers.
    """
    wanted = list(needles)
    own = {id(each) for each in wanted}
    gc.collect()
    return sorted({kind for each in _everything() if id(each) not in own and (kind := _personal(each, wanted))})


def _everything() -> Iterator[object]:
    for container in gc.get_objects():
        yield container
        yield from (each for each in gc.get_referents(container) if _is_a(each, str, bytes, np.ndarray))


def _is_a(each: object, *kinds: type) -> bool:
    """As ``isinstance``, which would ask a dead weak proxy for its object."""
    return issubclass(type(each), kinds)


def _personal(each: object, needles: list[str]) -> str:
    text = each if type(each) is str else ""
    return "text" if any(needle in text for needle in needles) else _kind(each)


def _kind(each: object) -> str:
    """The kind of a piece of evidence or a picture; "" for anything else."""
    if _is_a(each, weakref.ProxyType, weakref.CallableProxyType):
        return ""
    if isinstance(each, _EVIDENCE):
        empty = isinstance(each, NumberEntry) and not each.text
        return "" if empty else type(each).__name__
    if isinstance(each, np.ndarray):
        picture = each.dtype == np.uint8 and each.ndim == _PICTURE_DIMENSIONS and each.size >= _LEAST_PICTURE
        return "picture" if picture else ""
    encoded = isinstance(each, bytes) and len(each) > _LEAST_ENCODED and each.startswith(_JPEG)
    return "encoded picture" if encoded else ""
