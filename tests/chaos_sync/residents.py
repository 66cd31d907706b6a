"""Who comes to a kiosk: most hand something in, some with files, some have a paper reserved that never comes out.

What is handed in carries a token, by which it is found again at records; the ledger has it before and after.
"""

from hashlib import sha256
from random import Random
from threading import Event

from backend_client.contract.intakes import CorrectionContent, Declarant
from backend_client.contract.papers import Reserve, VoidReason
from backend_client.errors import RecordsError
from forms.paper import PaperKind
from kiosk.services.outbox import IntakeClosedError
from tests.chaos_sync.bugs import Bug
from tests.chaos_sync.ledger import Ledger
from tests.chaos_sync.parts import Kiosk, Place

NAME, NUMBER = "张明灯", "990101198603140019"
_WHO = Declarant(name=NAME, id_number=NUMBER, proven=True)
_PAPERS = 0.15  # of all who come
_WITH_FILES = 0.25
_CROWD = 6
_LARGEST = 40_000
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Residents:
    """At one kiosk, in one of its lives."""

    def __init__(self, kiosk: Kiosk, place: Place, ledger: Ledger, over: Event, resting: Event) -> None:
        self._kiosk, self._place, self._ledger = kiosk, place, ledger
        self._over, self._resting = over, resting
        self._chance = Random(place.seed)
        self._count = 0

    def come(self) -> None:
        """The next one, or a small crowd."""
        self._over.wait(self._chance.expovariate(1 / self._place.pace))
        crowd = self._chance.choice((1, 1, 1, 2, _CROWD))
        for _ in range(crowd):
            if self._over.is_set() or self._resting.is_set():
                return
            if self._chance.random() < _PAPERS:
                self._have_paper()
            else:
                self._hand_in()

    def _hand_in(self) -> None:
        """What the resident is told is true only if it is at records in the end."""
        self._count += 1
        token = token_of(self._place.number, self._place.life, self._count)
        content = CorrectionContent(who=_WHO, fields=("name", token))
        files = self._files()
        names = sorted(sha256(each).hexdigest() for each in files)
        self._ledger.say("begun", token=token, content=digest_of(content), files=names)
        try:
            taken = self._kiosk.desk.hand_in(content, files)
            if self._place.bug is Bug.KIOSK_TWICE:
                self._kiosk.desk.hand_in(content, files)
        except IntakeClosedError as error:
            self._ledger.say("closed", reason=error.detail)
            return
        self._ledger.say("took", token=token, id=str(taken.number))

    def _files(self) -> list[bytes]:
        if self._chance.random() >= _WITH_FILES:
            return []
        count = self._chance.choice((1, 1, 3))
        return [self._chance.randbytes(self._chance.randint(1, _LARGEST)) for _ in range(count)]

    def _have_paper(self) -> None:
        """Reserved, and given up: what records hold of it in the end is nothing but void, once."""
        journal = self._kiosk.journal
        attempt = journal.begin(PaperKind.HOUSEHOLD_CERTIFICATE, "move_hukou")
        wish = Reserve(subject=self._place.subject, kind=attempt.kind, purpose=attempt.purpose)
        try:
            attempt = journal.reserved(attempt, self._kiosk.session.reserve(wish, attempt.key).serial)
        except RecordsError as error:
            self._ledger.say("not reserved", error=error.code)
        journal.wish_void(attempt, VoidReason.ABANDONED)
        self._ledger.say("paper")


def token_of(*numbers: int) -> str:
    """Letters alone, since that is what a field's name may have."""
    return "_".join(["x", *(_in_letters(number) for number in numbers)])


def digest_of(content: CorrectionContent) -> str:
    """Of all that it says."""
    return sha256(content.model_dump_json().encode()).hexdigest()


def _in_letters(number: int) -> str:
    high, low = divmod(number, len(_LETTERS))
    return (_in_letters(high) if high else "") + _LETTERS[low]
