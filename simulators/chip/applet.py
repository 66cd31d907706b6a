"""The eMRTD application and the master file around it (ICAO 9303-10 and 9303-11): what a chip answers to a command."""

from collections.abc import Mapping
from dataclasses import dataclass

from simulators.chip.bac import BasicAccessControl
from simulators.chip.command import Command, StatusError
from simulators.chip.lds import CARD_ACCESS, CARD_ATTRIBUTES
from simulators.chip.pace import Pace, PaceOffer
from simulators.chip.secure_messaging import SecureMessaging
from simulators.chip.tlv import parse, tlv

APPLICATION = bytes.fromhex("a0000002471001")
_MASTER_FILE = 0x3F00
_OK, _END = 0x9000, 0x6282
_SHORT_IDENTIFIERS = {0x01: CARD_ATTRIBUTES, 0x1C: CARD_ACCESS}  # in the master file
_SECURED = 0x0C
_FITS_SHORT = 256
_OFFSET, _PIECE = 0x54, 0x53


@dataclass(frozen=True, slots=True)
class Personalisation:
    """What the issuer put into a chip. ``files``: by file identifier, those of the application and those of the master
    file. ``information``: the MRZ information its keys come from. ``longest``: the most bytes of one extended answer, 0
    for a chip of short commands only. ``application``: False for a chip that is no travel document."""

    files: Mapping[int, bytes]
    master_files: Mapping[int, bytes]
    information: str
    bac: bool = True
    pace: PaceOffer | None = None
    longest: int = 0x8000
    application: bool = True

    def atr(self) -> bytes:
        """As a contactless reader makes it up (PC/SC part 3, 3.1.3.2.3): card capabilities, then the check byte."""
        lengths = 0x40 if self.longest else 0x00  # extended Lc and Le (ISO/IEC 7816-4, 12.1.1.9)
        body = bytes([0x85, 0x80, 0x01, 0x80, 0x73, 0xC0, 0x21, lengths])
        check = 0
        for byte in body:
            check ^= byte
        return b"\x3b" + body + bytes([check])


class Applet:
    """A chip with power. Reset it by making another."""

    def __init__(self, chip: Personalisation) -> None:
        self._chip = chip
        self._bac = BasicAccessControl(chip.information)
        self._pace = Pace(chip.pace, chip.information) if chip.pace else None
        self._in_application = False
        self._session: SecureMessaging | None = None
        self.current = 0

    def answer(self, apdu: bytes) -> bytes:
        """The answer to one command, status included. Never raises."""
        try:
            command = Command.parse(apdu)
            if command.extended and not self._chip.longest:
                raise StatusError(0x6700)  # noqa: TRY301 - one way out for each refusal
            if command.cla & _SECURED:
                return self._secured(command)
            self._session = None  # a plain command ends the session (9303-11, 9.8.3)
            data, status = self._plain(command)
        except StatusError as error:
            self._session = None
            return error.status.to_bytes(2, "big")
        return data + status.to_bytes(2, "big")

    def _secured(self, sealed: Command) -> bytes:
        session = self._session
        if session is None:
            raise StatusError(0x6982)
        command = session.unwrap(sealed)
        try:
            data, status = self._open(command)
        except StatusError as error:
            data, status = b"", error.status
        answer = session.wrap(data, status, odd=bool(command.ins & 1))
        room = self._chip.longest if sealed.extended else _FITS_SHORT
        if len(answer) > room:
            raise StatusError(0x6700)
        return answer

    def _plain(self, command: Command) -> tuple[bytes, int]:
        """What a stranger may ask."""
        match command.ins:
            case 0xA4:
                return self._select(command)
            case 0xB0 if not self._in_application:
                return self._read(command)
            case 0xB0 | 0xB1:
                raise StatusError(0x6982)
            case 0x84 | 0x82:
                return self._basic(command)
            case 0x22 | 0x86 if self._pace is not None:
                return self._pace_step(self._pace, command)
            case _:
                raise StatusError(0x6D00)

    def _open(self, command: Command) -> tuple[bytes, int]:
        """What one who has come in may ask."""
        match command.ins:
            case 0xA4:
                return self._select(command)
            case 0xB0:
                return self._read(command)
            case 0xB1:
                return self._read_far(command)
            case _:
                raise StatusError(0x6D00)

    def _basic(self, command: Command) -> tuple[bytes, int]:
        if not (self._in_application and self._chip.bac):
            raise StatusError(0x6985)
        if command.ins == 0x84:  # noqa: PLR2004 - GET CHALLENGE
            return self._bac.challenge(), _OK
        answer, self._session = self._bac.authenticate(command.data)
        return answer, _OK

    def _pace_step(self, pace: Pace, command: Command) -> tuple[bytes, int]:
        if command.ins == 0x22:  # noqa: PLR2004 - MANAGE SECURITY ENVIRONMENT
            if command.p1p2 != 0xC1A4:  # noqa: PLR2004 - set authentication template, mutual
                raise StatusError(0x6A86)
            pace.choose(command.data)
            return b"", _OK
        answer, self._session = pace.step(command)
        return answer, _OK

    def _select(self, command: Command) -> tuple[bytes, int]:
        match command.p1:
            case 0x04 if command.data == APPLICATION and self._chip.application:
                self._in_application, self.current = True, 0
            case 0x02 if len(command.data) == 2:  # noqa: PLR2004 - a file identifier
                self.current = self._there(int.from_bytes(command.data, "big"))
            case 0x00 if command.data in {b"", _MASTER_FILE.to_bytes(2, "big")}:
                self._in_application, self.current = False, 0
            case _:
                raise StatusError(0x6A82)
        return b"", _OK

    def _there(self, file: int) -> int:
        if file not in self._folder:
            raise StatusError(0x6A82)
        return file

    @property
    def _folder(self) -> Mapping[int, bytes]:
        return self._chip.files if self._in_application else self._chip.master_files

    def _read(self, command: Command) -> tuple[bytes, int]:
        """READ BINARY from an offset, or from the beginning of a file named by its short identifier."""
        offset = command.p1p2
        if command.p1 & 0x80:
            short = command.p1 & 0x1F
            named = 0x0100 | short if self._in_application else _SHORT_IDENTIFIERS.get(short, 0)
            self.current, offset = self._there(named), command.p2
        return self._piece(offset, command.le)

    def _read_far(self, command: Command) -> tuple[bytes, int]:
        """READ BINARY with the offset in a data object, for what lies beyond 32 KB."""
        try:
            offset = int.from_bytes(dict(parse(command.data))[_OFFSET], "big")
        except (ValueError, KeyError):
            raise StatusError(0x6A80) from None
        if command.p1p2:
            self.current = self._there(command.p1p2)
        data, status = self._piece(offset, command.le)
        return tlv(_PIECE, data), status

    def _piece(self, offset: int, le: int | None) -> tuple[bytes, int]:
        if not self.current:
            raise StatusError(0x6986)
        if le is None:
            raise StatusError(0x6700)
        content = self._folder[self.current]
        if offset >= len(content):
            raise StatusError(0x6B00)
        piece = content[offset : offset + le]
        return piece, _OK if len(piece) == le or le in {_FITS_SHORT, 65536} else _END
