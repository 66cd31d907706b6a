"""What a card or a code is to the rule of admission: a card's proof, or a square's text, as something presented."""

from collections.abc import Callable
from dataclasses import dataclass, field

from backend_client.phone_code import verified
from civic.errors import InvalidValueError
from civic.gate_codes import GateCode, GuestDigits, PhoneCode, card_ref, code_ref, number_ref, parse
from devices.access_card import api as cards
from gate.flows.admission import CardKey, CardNumber, Code, Phone, Presented


@dataclass(frozen=True, slots=True)
class Shown:
    """The text of a square, or what somebody typed."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """``phone_key``: gate.services.admit.Admit's; ``community``: the community's id, empty before the first policy."""

    phone_key: Callable[[str], str | None]
    community: Callable[[], str]

    def presented(self, what: object) -> Presented | None:
        """None: it is no way in here, whatever it is."""
        match what:
            case cards.CardKey(public_key):
                return CardKey(card_ref(public_key))
            case cards.CardNumber(number):
                return CardNumber(number_ref(self.community(), number))
            case Shown(text):
                return self._coded(text)
            case _:
                return None

    def _coded(self, text: str) -> Presented | None:
        try:
            code: GateCode = parse(text)
        except InvalidValueError:
            return None
        if not isinstance(code, PhoneCode):
            return Code(code_ref(code), short=isinstance(code, GuestDigits))
        key = self.phone_key(code.credential)
        good = key is not None and verified(code, key, self.community())
        return Phone(code.credential, code.counter, good)
