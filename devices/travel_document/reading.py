"""Reading one travel document, from the first byte to belief (ICAO 9303-11, 4.2 and 5.1)."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from civic.document import DocumentKind
from civic.masking import PersonalBytes, PersonalText
from civic.mrz import MrzKey
from civic.mrz_zone import MrzZone, ZoneFormat
from devices.chip import tlv
from devices.chip.channel import Channel, ChipGoneError, ChipSilentError
from devices.travel_document import bac, data_groups, pace, portrait
from devices.travel_document.apdu import ACCESS_DENIED, DONE, NOT_NOW, Command, PlainSession, Session
from devices.travel_document.api import DocumentProblem, DocumentRead, DocumentUnreadable, Stage, TravelDocument
from devices.travel_document.authentication import check_content, check_signer
from devices.travel_document.authorities import Authorities
from devices.travel_document.data_groups import AdditionalDetails
from devices.travel_document.files import (
    ATR_INFO,
    CARD_ACCESS,
    COM,
    DATA_GROUPS,
    DETAILS,
    DOCUMENT_DETAILS,
    PORTRAIT,
    SHORT_CHUNK,
    SOD,
    ZONE,
    ChipFile,
    ExtendedLengthError,
    FileReader,
    chunk_of,
)
from devices.travel_document.problems import DocumentError, understanding
from devices.travel_document.security_object import SecurityObject

_APPLICATION = bytes.fromhex("A0000002471001")  # eMRTD, 9303-10, 3.4
_MASTER_FILE = bytes.fromhex("3F00")
_REQUIRED: Final = frozenset({ZONE, PORTRAIT})
_OPENED, _SMALL_READ, _ALL_READ = 0.15, 0.25, 0.95  # shares of the whole, by the time they take
_CARD_FORMATS = frozenset({ZoneFormat.TD1, ZoneFormat.PERMIT})


@dataclass(frozen=True, slots=True)
class _HeedingChannel:
    """Asks before each command whether anybody still waits for the answer."""

    channel: Channel
    heed: Callable[[], None]

    def transmit(self, apdu: bytes) -> bytes:
        self.heed()
        return self.channel.transmit(apdu)


@dataclass(frozen=True, slots=True)
class _Visit:
    """What one reading is given."""

    channel: Channel
    key: MrzKey
    authorities: Authorities
    on_stage: Callable[[Stage, float], None]


@dataclass(frozen=True, slots=True)
class _Opened:
    """A chip that let us in, and by which way; ``chunk``: how much it is asked for at once."""

    session: Session
    access: str
    chunk: int


def read_document(
    channel: Channel,
    key: MrzKey,
    authorities: Authorities,
    on_stage: Callable[[Stage, float], None],
    heed: Callable[[], None],
) -> DocumentRead | DocumentUnreadable:
    """Open the chip with ``key``, read it and authenticate it. ``heed``: called before each command; it raises
    DeviceCancelledError when the visit is over. Raises that, and DeviceError when the reader itself fails."""
    visit = _Visit(_HeedingChannel(channel, heed), key, authorities, on_stage)
    try:
        try:
            return DocumentRead(_read(visit, extended=True))
        except ExtendedLengthError:  # the session may be gone with it
            return DocumentRead(_read(visit, extended=False))
    except ChipGoneError:
        return DocumentUnreadable(DocumentProblem.MOVED)
    except ChipSilentError:
        return DocumentUnreadable(DocumentProblem.SILENT)
    except DocumentError as error:
        return DocumentUnreadable(error.problem, error.detail)


def _read(visit: _Visit, *, extended: bool) -> TravelDocument:
    visit.on_stage(Stage.OPENING, 0.0)
    opened = _open(visit, extended=extended)
    visit.on_stage(Stage.READING, _OPENED)
    security_object, groups = _read_files(visit, FileReader(opened.session, opened.chunk))
    visit.on_stage(Stage.CHECKING, _ALL_READ)
    document = _believe(visit, opened.access, security_object, groups)
    visit.on_stage(Stage.CHECKING, 1.0)
    return document


# --- opening ---


def _open(visit: _Visit, *, extended: bool) -> _Opened:
    """By PACE where the chip offers a way of it that is known here, by BAC otherwise; also when PACE ends before the
    password was put to the proof. Once it was, the chip's word is final: asking again by the weaker way would help
    only who stands between."""
    plain = PlainSession(visit.channel)
    plain.exchange(Command(0xA4, 0x00, 0x0C, _MASTER_FILE))  # whatever was selected; not every chip has it
    reader = FileReader(plain)
    chunk = chunk_of(_if_readable(lambda: reader.read_start(ATR_INFO))) if extended else SHORT_CHUNK
    offers = _offers(_if_readable(lambda: reader.read(CARD_ACCESS)))
    if offers:
        with suppress(pace.PaceUnusableError):
            session = pace.open_session(visit.channel, visit.key, offers[0])
            _select_application(session)
            return _Opened(session, "PACE", chunk)
    _select_application(plain)
    return _Opened(bac.open_session(visit.channel, visit.key), "BAC", chunk)


def _select_application(session: Session) -> None:
    answer = session.exchange(Command(0xA4, 0x04, 0x0C, _APPLICATION))
    if answer.status == DONE:
        return
    there = answer.status in {ACCESS_DENIED, NOT_NOW}  # and wants another way in
    problem = DocumentProblem.REFUSED if there else DocumentProblem.NOT_TRAVEL_DOCUMENT
    raise DocumentError(problem, f"SELECT {answer.status:04X}")


def _if_readable(read: Callable[[], bytes | None]) -> bytes | None:
    """A file outside of the application: what is wrong with it is not yet wrong with the document."""
    try:
        return read()
    except DocumentError:
        return None


def _offers(card_access: bytes | None) -> tuple[pace.PaceOffer, ...]:
    try:
        return pace.offers(card_access) if card_access else ()
    except tlv.TlvError:
        return ()


# --- reading ---


def _read_files(visit: _Visit, reader: FileReader) -> tuple[SecurityObject, Mapping[int, bytes]]:
    """What was signed decides which groups there must be; EF.COM, which nobody signed, may only add to it."""
    com, sod = _required(COM, reader.read(COM)), _required(SOD, reader.read(SOD))
    with understanding(COM.name):
        listed = data_groups.listed_groups(com)
    with understanding(SOD.name):
        security_object = SecurityObject.parse(sod)
    groups = {}
    for number, file in _portrait_last(DATA_GROUPS):
        must = number in _REQUIRED or number in security_object.hashes
        if must or number in listed:
            content = reader.read(file, _progress(visit, number))
            if content is not None:
                groups[number] = content
            elif must:
                _required(file, content)
    return security_object, groups


def _portrait_last(files: Mapping[int, ChipFile]) -> list[tuple[int, ChipFile]]:
    """What takes long comes when all else is there."""
    return sorted(files.items(), key=lambda item: item[0] == PORTRAIT)


def _progress(visit: _Visit, number: int) -> Callable[[float], None]:
    """The portrait's bytes are nearly all of the time."""
    if number != PORTRAIT:
        return lambda _: None
    return lambda share: visit.on_stage(Stage.PORTRAIT, _SMALL_READ + share * (_ALL_READ - _SMALL_READ))


def _required(file: ChipFile, content: bytes | None) -> bytes:
    if content is None:
        raise DocumentError(DocumentProblem.INCOMPLETE, file.name)
    return content


# --- believing ---


def _believe(
    visit: _Visit, access: str, security_object: SecurityObject, groups: Mapping[int, bytes]
) -> TravelDocument:
    """Nothing is taken out of a group before its hash was found to be the signed one."""
    check_content(security_object, groups)
    with understanding("EF.DG1"):
        zone = data_groups.zone(groups[ZONE])
        name = zone.name
    with understanding("EF.DG12"):
        issued_on = data_groups.issued_on(groups[DOCUMENT_DETAILS]) if DOCUMENT_DETAILS in groups else None
    check_signer(security_object, visit.authorities, zone.issuing_state, issued_on, visit.key.expiry_date)
    _check_page(zone, visit.key)
    with understanding("EF.DG11"):
        more = data_groups.additional_details(groups[DETAILS]) if DETAILS in groups else AdditionalDetails()
    with understanding("EF.DG2"):
        image = portrait.image(groups[PORTRAIT])
    return TravelDocument(
        kind=DocumentKind.TRAVEL_PERMIT if zone.format in _CARD_FORMATS else DocumentKind.PASSPORT,
        issuing_state=zone.issuing_state,
        number=zone.number,
        name=name,
        chinese_name=more.name,
        nationality=zone.nationality,
        sex=zone.sex,
        birth_date=visit.key.birth_date,
        expiry_date=visit.key.expiry_date,
        personal_number=PersonalText(more.personal_number) if more.personal_number else zone.optional,
        portrait=PersonalBytes(image),
        access=access,
        signer=security_object.signer.name,
    )


def _check_page(zone: MrzZone, key: MrzKey) -> None:
    """The chip is the page's: the same number and, as far as the zone tells, the same dates."""
    pairs = {
        "number": (zone.number.reveal(), key.number.reveal().upper().strip("<")),
        "birth": (zone.birth.reveal(), f"{key.birth_date:%y%m%d}"),
        "expiry": (zone.expiry.reveal(), f"{key.expiry_date:%y%m%d}"),
    }
    for item, (stored, printed) in pairs.items():
        if stored != printed:
            raise DocumentError(DocumentProblem.PAGE_DIFFERS, item)
