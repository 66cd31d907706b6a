"""Items of a batch, each opened and looked at by itself: what can be kept, and why the others can't.

Nothing of what was sealed stands in the sentence that says why.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from pydantic import ValidationError

from backend_client.contract.base import ProblemCode
from backend_client.contract.intakes import (
    CONTENTS,
    Comer,
    Content,
    Declarant,
    DepartureContent,
    IntakeItem,
    IntakeStatus,
    NewCard,
    ResidenceContent,
    SealedFile,
    TenancyContent,
    seal_info,
)
from backend_client.contract.persons import DwellingRequest
from backend_client.errors import SealUnreadableError
from backend_client.seals import open_seal
from civic.errors import InvalidValueError
from civic.id_number import IdNumber
from civic.person_name import PersonName
from records import intake_keys
from records.errors import DataFolderError, IntakeUnreadableError
from records.intake_keys import IntakeKeyAwayError, IntakeKeyUnknownError
from records.rules.periods import bureau_time
from records.store.intakes import IntakeRow

_EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)  # a clock that lost its time is odd, and kept as it came
_LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)
_A_DAY = timedelta(days=1)  # by which a kiosk's clock, or its zone, may be off
_LONGEST_LEASE = timedelta(days=20 * 366)  # Civil Code, 705, with leap days
_MOST_PLACES = 3
_MODELS = (IntakeItem, Declarant, DwellingRequest, SealedFile, Comer, NewCard, *CONTENTS.values())
_NAMES = {name for model in _MODELS for name in model.model_fields}


@dataclass(frozen=True, slots=True)
class Said:
    """No, and why."""

    status: IntakeStatus
    problem: ProblemCode
    detail: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Opened:
    """An item that can be kept. ``digest``: of its header and seal, as they came; ``content``: JSON, to be stored."""

    item: IntakeItem
    intake_id: str
    digest: str
    content: str


class Opener:
    """Opens the items of one batch; each key is read once. ``folder``: of the keys."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._keys: dict[str, Callable[[], X25519PrivateKey]] = {}

    def opened(self, raw: dict[str, Any]) -> Opened | Said:
        """An item as JSON has it."""
        try:
            item = IntakeItem.model_validate(raw)
        except ValidationError as error:
            return rejected(ProblemCode.INTAKE_CONTENT, places(error))
        if not _EARLIEST <= item.at <= _LATEST:
            return rejected(ProblemCode.INTAKE_CONTENT, "at: no time of ours")
        try:
            sealed = open_seal(item, self._key(item.key_id))
        except (IntakeKeyAwayError, DataFolderError):
            return Said(IntakeStatus.HELD, ProblemCode.KEY_AWAY)
        except IntakeKeyUnknownError:
            return rejected(ProblemCode.INTAKE_UNREADABLE, "nobody has this key")
        except SealUnreadableError:
            return rejected(ProblemCode.INTAKE_UNREADABLE)
        return _looked_at(item, sealed)

    def _key(self, key_id: str) -> X25519PrivateKey:
        if key_id not in self._keys:
            self._keys[key_id] = _outcome(lambda: intake_keys.private(self._folder, key_id))
        return self._keys[key_id]()


def content_of(row: IntakeRow) -> Content:
    """What a stored intake says. IntakeUnreadableError: it was stored by a release that this one does not follow."""
    try:
        return CONTENTS[row.kind].model_validate_json(row.content)
    except ValueError:
        raise IntakeUnreadableError from None


def rejected(problem: ProblemCode, detail: str = "") -> Said:
    """Never, as it is."""
    return Said(IntakeStatus.REJECTED, problem, detail)


def places(error: ValidationError) -> str:
    """Where, and which rule; never what was sent."""
    found = error.errors(include_url=False, include_context=False, include_input=False)[:_MOST_PLACES]
    return "; ".join(f"{'.'.join(_name(part) for part in each['loc'])}: {each['type']}" for each in found)


def _looked_at(item: IntakeItem, sealed: bytes) -> Opened | Said:
    try:
        content = CONTENTS[item.kind].model_validate_json(sealed)
        _require_sense(content, item)
    except ValidationError as error:
        return rejected(ProblemCode.INTAKE_CONTENT, places(error))
    except InvalidValueError as error:
        return rejected(ProblemCode.INTAKE_CONTENT, error.code)
    digest = hashlib.sha256(seal_info(item) + item.sealed.encode("ascii")).hexdigest()
    return Opened(item, str(item.id), digest, content.model_dump_json())


def _require_sense(content: Content, item: IntakeItem) -> None:
    """InvalidValueError: no person has such a name or number, the day is none, or a key is of a file not sent."""
    PersonName(content.who.name)
    if content.who.citizen_number:
        IdNumber(content.who.id_number)
    if isinstance(content, ResidenceContent) and not _past(content.since, item.at):
        raise InvalidValueError("since")
    _require_days(content)
    if not {each.sha256 for each in content.files} <= set(item.blobs):
        raise InvalidValueError("files")


def _require_days(content: Content) -> None:
    """InvalidValueError: a day that is none or of no time of ours, an end before its beginning, or a lease of more than
    twenty years."""
    if isinstance(content, DepartureContent):
        _day(content.day, "day")
    if isinstance(content, TenancyContent):
        first, last = _day(content.starts_on, "starts_on"), _day(content.ends_on, "ends_on")
        if not first <= last <= first + _LONGEST_LEASE:
            raise InvalidValueError("ends_on")


def _day(text: str, field: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise InvalidValueError(field) from None
    if found >= _LATEST.date():  # days are counted from it on, and there are none behind the year 9999
        raise InvalidValueError(field)
    return found


def _past(day: str, at: datetime) -> bool:
    try:
        return date.fromisoformat(day) <= bureau_time(at + _A_DAY).date()
    except ValueError:
        return False


def _outcome(read: Callable[[], X25519PrivateKey]) -> Callable[[], X25519PrivateKey]:
    """The key or the error, whichever it was, for every further item."""
    try:
        key = read()
    except (IntakeKeyUnknownError, IntakeKeyAwayError, DataFolderError) as error:
        caught = error  # the name ``error`` ends with this block

        def fail() -> X25519PrivateKey:
            raise caught

        return fail
    return lambda: key


def _name(part: int | str) -> str:
    """Of a field of ours, or a place in a list; a field that somebody made up, which may hold anything, is not said."""
    return str(part) if isinstance(part, int) or part in _NAMES else "a field"
