"""The simulated access cards: the same at every terminal, and a process as a demonstration starts it."""

import signal
import subprocess
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from simulators.access_card.applet import AccessApplet, Replay
from simulators.access_card.cards import KEYED, NAMES, card, key_of
from simulators.chip.tlv import parse


def test_every_card_that_can_be_laid_is_one() -> None:
    """``none`` is the reader without a card; names of nobody's making are that, too."""
    assert [name for name in NAMES if card(name) is None] == ["none"]
    assert card("nobody-s") is None


def test_a_cards_key_is_the_same_in_every_process() -> None:
    """Added at a kiosk, it opens at a gate. Its certificate is its own."""
    program = "from simulators.access_card.cards import key_of; print(key_of('deng').private_numbers().private_value)"
    elsewhere = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert int(elsewhere) == key_of("deng").private_numbers().private_value
    assert len({key_of(name).private_numbers().private_value for name in KEYED}) == len(KEYED)
    held = card("deng")
    assert held is not None
    inside = dict(parse(dict(parse(held.certificate))[0x53]))
    key = x509.load_der_x509_certificate(inside[0x70]).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert key.public_numbers() == key_of("deng").public_key().public_numbers()


def test_a_card_refuses_what_it_does_not_know() -> None:
    """As a real one: a command before the application is selected, another key, a challenge that is none."""
    held = card("deng")
    assert held is not None
    applet = AccessApplet(held, "ok", Replay())
    for command, status in (
        ("00cb3fff055c035fc10100", "6d00"),
        ("00a4040007a000000247100100", "6a82"),  # a passport's
        ("00a404000ba00000030800001000010000", None),
        ("00cb3fff055c035fc10500", "6a82"),  # another certificate
        ("0087119a047c02820000", "6d00"),  # another key
        ("0087119e047c02820000", "6a80"),
        ("0087119e0500", "6700"),
        ("00b0000000", "6d00"),
    ):
        answer = applet.answer(bytes.fromhex(command)).hex()
        assert answer.endswith(status or "9000"), command


def test_the_process_ends_when_it_is_told_to(tmp_path: Path) -> None:
    """It waits for a reader as long as there is none."""
    command = [sys.executable, "-m", "simulators.access_card", "--folder", str(tmp_path), "--port", "20000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "access cards: port 20000\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0
