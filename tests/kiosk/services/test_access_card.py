"""The access card at the kiosk's reader: over PC/SC to a simulated card, and every reason as the flow's own."""

import base64
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

from devices.access_card.api import AccessCardReader, CardKey, CardNumber, CardProof, CardReason, Unreadable
from devices.errors import DeviceUnavailableError
from devices.health import Health, Level
from kiosk.flows import tenancy_ways as flow
from kiosk.services.access_card import AccessCardDesk
from simulators.access_card.cards import key_of
from tests.support.access_card import CardReader, fitted_card_reader


class _Saying:
    """A reader that says what a test wrote down; an error is raised."""

    def __init__(self, said: CardProof | Exception | None) -> None:
        self._said = said

    def health(self) -> Health:
        return Health("access_card", Level.READY)

    def wait(self, timeout: float, cancel: Event) -> CardProof | None:
        assert timeout > 0
        assert not cancel.is_set()
        if isinstance(self._said, Exception):
            raise self._said
        return self._said

    def close(self) -> None:
        """Nothing is open."""


def _read(reader: AccessCardReader | None, *, weak: bool = False) -> flow.AccessCardRead | flow.AccessCardUnfit:
    return AccessCardDesk(reader, lambda: weak).read(Event())


_UNFIT = {
    CardReason.MOVED: "moved",
    CardReason.SILENT: "moved",
    CardReason.DAMAGED: "not-a-card",
    CardReason.REFUSED: "not-a-card",
    CardReason.NO_KEY: "not-a-card",
    CardReason.KEY_UNFIT: "not-a-card",
    CardReason.NOT_PROVEN: "not-a-card",
    CardReason.NO_NUMBER: "not-a-card",
    CardReason.RANDOM_NUMBER: "not-a-card",
}


@pytest.mark.parametrize("reason", CardReason)
def test_every_reason_of_a_reader_is_one_of_the_screens(reason: CardReason) -> None:
    """Laid once more, or another card: a screen has no third advice."""
    assert _read(_Saying(Unreadable(reason))) == flow.AccessCardUnfit(_UNFIT[reason])


def test_nobody_laid_one_or_there_is_no_reader() -> None:
    assert _read(_Saying(None)) == flow.AccessCardUnfit("none-laid")
    assert _read(_Saying(DeviceUnavailableError("unplugged"))) == flow.AccessCardUnfit("reader-failed")
    assert _read(None) == flow.AccessCardUnfit("reader-failed")


def test_a_card_that_only_says_its_number_is_taken_where_the_policy_does() -> None:
    old = _Saying(CardNumber(bytes.fromhex("045a1b2c3d4e5f")))
    assert _read(old) == flow.AccessCardUnfit("weak")
    read = _read(old, weak=True)
    assert isinstance(read, flow.AccessCardRead)
    assert read.card.weak
    assert read.card.number is not None
    assert (read.card.number.reveal(), read.card.label) == ("045A1B2C3D4E5F", "4E5F")
    assert "045A" not in repr(read)


def test_a_key_is_handed_on_as_it_was_proven() -> None:
    read = _read(_Saying(CardKey(b"\x30\x59", "7A1C")))
    assert isinstance(read, flow.AccessCardRead)
    assert (read.card.public_key, read.card.label, read.card.number) == ("MFk=", "7A1C", None)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CardReader]:
    with fitted_card_reader(Path(tmp_path_factory.mktemp("reader"))) as fitted:
        yield fitted


def test_a_real_reader_has_the_card_sign_a_challenge(reader: CardReader) -> None:
    """Over pcscd; the key is the card's own, and the label the last of its number."""
    reader.lay("deng")
    read = _read(reader.driver)
    assert isinstance(read, flow.AccessCardRead)
    key = load_der_public_key(base64.b64decode(read.card.public_key))
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert key.public_numbers() == key_of("deng").public_key().public_numbers()
    assert len(read.card.label) == 4
    reader.lift()
    reader.lay("number")
    assert _read(reader.driver) == flow.AccessCardUnfit("weak")
    reader.lift()
