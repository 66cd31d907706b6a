"""Secure messaging: what a chip and a reader say once they share keys (ICAO 9303-11, 9.8)."""

from hmac import compare_digest
from typing import Final

from civic.errors import CodedError
from devices.chip import tlv
from devices.chip.channel import Channel
from devices.travel_document.apdu import MOST_EXTENDED, MOST_SHORT, Command, Response
from devices.travel_document.api import DocumentProblem
from devices.travel_document.ciphers import FOR_ENCRYPTION, FOR_MAC, CipherSuite, unpad
from devices.travel_document.problems import DocumentError

OVERHEAD: Final = 64  # of a protected response: tags, lengths, padding, status, MAC; never more than this

_PROTECTED = 0x0C  # in CLA: secure messaging, and the header is in the MAC
_CRYPTOGRAM = 0x87  # with its padding indicator
_CRYPTOGRAM_OF_OBJECTS = 0x85  # without; where INS is odd and the data are themselves data objects
_EXPECTED_LENGTH = 0x97
_STATUS = 0x99
_MAC = 0x8E
_PADDED = b"\x01"


class SessionEndedError(DocumentError):
    """The chip answered in the clear: it has dropped the keys. ``status``: what it said."""

    code = "session-ended"

    def __init__(self, status: int) -> None:
        super().__init__(DocumentProblem.REFUSED, f"session ended: {status:04X}")
        self.status = status


class SecureMessaging:
    """One session. ``secret``: what both sides derive the keys from; ``counter``: the send sequence counter's start."""

    def __init__(self, channel: Channel, suite: CipherSuite, secret: bytes, counter: int = 0) -> None:
        self._channel = channel
        self._suite = suite
        self._encryption_key = suite.derive(secret, FOR_ENCRYPTION)
        self._mac_key = suite.derive(secret, FOR_MAC)
        self._counter = counter

    def exchange(self, command: Command) -> Response:
        """Protect, send, check and open. Raises what the channel raises, and DocumentError: the chip broke off, or its
        answer is not the one that the keys' owner gave."""
        answer = Response.decode(self._channel.transmit(self.protect(command).encode()))
        if not answer.data:
            raise SessionEndedError(answer.status)
        return self.open(answer.data)

    def protect(self, command: Command) -> Command:
        """The command as it travels."""
        counter = self._count()
        header = bytes((command.cla | _PROTECTED,)) + command.header[1:]
        body = self._cryptogram(command, counter) + _expected_length(command)
        mac = self._suite.mac(self._mac_key, counter + self._suite.pad(header) + body)
        body += tlv.encode(_MAC, mac)
        return Command(
            command.ins, command.p1, command.p2, body, MOST_EXTENDED if command.extended else MOST_SHORT, header[0]
        )

    def open(self, data: bytes) -> Response:
        """What a protected response says. Raises DocumentError."""
        counter = self._count()
        try:
            return self._open(data, counter)
        except CodedError:  # an object that is none, a padding that is none, a wrong MAC: one answer to all of them
            raise DocumentError(DocumentProblem.REFUSED, "secure messaging") from None

    def _open(self, data: bytes, counter: bytes) -> Response:
        *said, mac = tlv.objects(data)
        body = b"".join(item.encoded for item in said)
        if mac.tag != _MAC or not compare_digest(mac.value, self._suite.mac(self._mac_key, counter + body)):
            raise tlv.TlvError("mac")
        status = tlv.need(body, _STATUS)
        return Response(self._plain(body, counter), int.from_bytes(status, "big"))

    def _plain(self, body: bytes, counter: bytes) -> bytes:
        cryptogram = tlv.find(body, _CRYPTOGRAM)
        if cryptogram is None:
            cryptogram = tlv.find(body, _CRYPTOGRAM_OF_OBJECTS)
        elif not cryptogram.startswith(_PADDED):
            raise tlv.TlvError("padding indicator")
        else:
            cryptogram = cryptogram[1:]
        if cryptogram is None:
            return b""
        key = self._encryption_key
        return unpad(self._suite.decrypt(key, cryptogram, self._suite.vector(key, counter)))

    def _cryptogram(self, command: Command, counter: bytes) -> bytes:
        if not command.data:
            return b""
        key = self._encryption_key
        text = self._suite.encrypt(key, self._suite.pad(command.data), self._suite.vector(key, counter))
        if command.ins % 2:
            return tlv.encode(_CRYPTOGRAM_OF_OBJECTS, text)
        return tlv.encode(_CRYPTOGRAM, _PADDED + text)

    def _count(self) -> bytes:
        """One more for each command, and for each response."""
        self._counter = (self._counter + 1) % 256**self._suite.block_size
        return self._counter.to_bytes(self._suite.block_size, "big")


def _expected_length(command: Command) -> bytes:
    if not command.le:
        return b""
    wide = 2 if command.extended else 1
    return tlv.encode(_EXPECTED_LENGTH, (command.le % 256**wide).to_bytes(wide, "big"))
