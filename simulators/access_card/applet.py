"""What an access card answers: PIV's application as far as a gate asks (NIST SP 800-73-4, part 2), and its bare number,
which is the reader's own answer (PC/SC part 3, 3.2.2.1.3). Faults are here that only the card can have."""

import os
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256

from simulators.access_card.cards import SimulatedAccessCard, certificate_object, key_of
from simulators.chip.command import Command, StatusError
from simulators.chip.tlv import parse, tlv

APPLICATION = bytes.fromhex("a000000308000010000100")
AUTHENTICATE, GET_DATA, GET_RESPONSE, SELECT = 0x87, 0xCB, 0xC0, 0xA4
_CERTIFICATE = bytes.fromhex("5c035fc101")
_GET_UID = bytes.fromhex("ffca000000")
_DONE = b"\x90\x00"
_PIECE, _SMALL_PIECE = 256, 32
_LONG = 1500  # bytes that make a certificate longer than cards' usually are
_DIGEST_BYTES = 32


@dataclass(slots=True)
class Replay:
    """A signature that was heard when the card was honest: what a recorder plays back."""

    signature: bytes = b""


class AccessApplet:
    """A card with power. Reset it by making another."""

    def __init__(self, card: SimulatedAccessCard, fault: str, heard: Replay) -> None:
        self._card, self._fault, self._heard = card, fault, heard
        self._selected = False
        self._rest = b""

    def answer(self, apdu: bytes) -> bytes:
        """The answer to one command, status included. Never raises."""
        if apdu == _GET_UID:
            return self._card.number + _DONE if self._card.number else b"\x6a\x81"
        try:
            return self._answer(Command.parse(apdu))
        except StatusError as error:
            return error.status.to_bytes(2, "big")

    def _answer(self, command: Command) -> bytes:
        if self._card.storage:
            raise StatusError(0x6A81)
        match command.ins:
            case 0xA4 if self._card.has_application and APPLICATION.startswith(command.data):
                self._selected = True
                return self._handed_out(tlv(0x61, tlv(0x4F, APPLICATION[5:]), tlv(0x79, tlv(0x4F, APPLICATION[:5]))))
            case 0xA4:
                raise StatusError(0x6A82)
            case 0xC0:
                return self._piece()
            case 0xCB if self._selected:
                return self._handed_out(self._object(command))
            case 0x87 if self._selected and command.p1p2 == 0x119E:  # noqa: PLR2004 - P-256, card authentication
                return self._handed_out(self._signed(command.data))
            case _:
                raise StatusError(0x6D00)

    def _object(self, command: Command) -> bytes:
        if command.data != _CERTIFICATE or self._card.key is None:
            raise StatusError(0x6A82)
        if self._fault == "damaged":
            return self._card.certificate[:-9]
        return certificate_object(self._card.key, padding=_LONG) if self._fault == "pieces" else self._card.certificate

    def _signed(self, data: bytes) -> bytes:
        if self._fault == "refused" or self._card.key is None:
            raise StatusError(0x6982)
        challenge = _challenge(data)
        if self._fault == "replayed" and self._heard.signature:
            return tlv(0x7C, tlv(0x82, self._heard.signature))
        key = key_of("a thief") if self._fault == "wrong-signature" else self._card.key
        self._heard.signature = key.sign(challenge, ec.ECDSA(Prehashed(SHA256())))
        return tlv(0x7C, tlv(0x82, self._heard.signature))

    def _handed_out(self, data: bytes) -> bytes:
        self._rest = data
        return self._piece()

    def _piece(self) -> bytes:
        """As much as goes out at once, and how much there is yet (61xx)."""
        if self._fault == "endless":
            return os.urandom(_PIECE) + b"\x61\x00"
        size = _SMALL_PIECE if self._fault == "pieces" else _PIECE
        piece, self._rest = self._rest[:size], self._rest[size:]
        return piece + (bytes([0x61, min(len(self._rest), size) % _PIECE]) if self._rest else _DONE)


def _challenge(data: bytes) -> bytes:
    """32 bytes, asked to be signed. Raises StatusError (6A80)."""
    try:
        inside = dict(parse(dict(parse(data))[0x7C]))
    except (ValueError, KeyError):
        raise StatusError(0x6A80) from None
    challenge = inside.get(0x81, b"")
    if len(challenge) != _DIGEST_BYTES or inside.get(0x82) != b"":
        raise StatusError(0x6A80)
    return challenge
