"""The card side of a travel document: the standard's worked examples, every kind and fault, and what it refuses.

The reader's side is written apart, by another hand: where the two understand one another, both follow the standard.
"""

import signal
import socket
import subprocess
import sys
from dataclasses import replace
from itertools import product
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography import x509

from civic import mrz_zone
from devices.travel_document.api import DocumentProblem, DocumentRead, DocumentUnreadable
from devices.travel_document.authorities import Authorities
from devices.travel_document.reading import read_document
from simulators.chip import lds
from simulators.chip.applet import Applet
from simulators.chip.bac import BasicAccessControl
from simulators.chip.ciphers import AES128, AES192, AES256, TDES, Suite
from simulators.chip.command import Command, StatusError
from simulators.chip.curves import BRAINPOOL_P256, P256, Curve, Point
from simulators.chip.documents import SimulatedDocument, documents
from simulators.chip.pace import Chance, Pace, PaceOffer
from simulators.chip.personalise import Press
from simulators.chip.secure_messaging import SecureMessaging
from simulators.chip.tlv import parse, tlv
from simulators.state import MODELS
from tests.support.pcsc import quiet

EXAMPLE = "L898902C<369080619406236"  # ICAO 9303-11, D.2
PACE_EXAMPLE = "T22000129364081251010318"  # G.1
WAYS = ("bac-only", "pace-only", "no-extended-length", "slow")  # wishes, not faults: the document is read
ON_THE_WIRE = ("removed-mid-read", "hung", "garbage")  # tests/devices/travel_document/test_driver.py
PROBLEMS = {
    "wrong-key": DocumentProblem.WRONG_KEY,
    "missing-dg2": DocumentProblem.INCOMPLETE,
    "tampered-dg1": DocumentProblem.ALTERED,
    "tampered-dg2": DocumentProblem.ALTERED,
    "wrong-signer": DocumentProblem.SIGNER_UNKNOWN,
    "forged-signature": DocumentProblem.SIGNATURE_WRONG,
    "expired-signer": DocumentProblem.SIGNER_EXPIRED,
    "not-a-passport": DocumentProblem.NOT_TRAVEL_DOCUMENT,
}


@pytest.fixture(scope="module")
def press() -> Press:
    return Press()


@pytest.fixture(scope="module")
def authorities(press: Press, tmp_path_factory: pytest.TempPathFactory) -> Authorities:
    folder = tmp_path_factory.mktemp("store")
    press.fill_store(folder)
    return Authorities.load(folder)


def read(
    press: Press, authorities: Authorities, document: SimulatedDocument, fault: str = "ok"
) -> DocumentRead | DocumentUnreadable:
    """By the kiosk's own reading, without a reader between."""
    channel = SimpleNamespace(transmit=Applet(press.make(document, fault)).answer)
    return read_document(channel, document.key, authorities, quiet, lambda: None)


def status(answer: bytes) -> str:
    return answer[-2:].hex()


# --- every kind, every fault ---


@pytest.mark.parametrize("name", documents())
def test_every_document_is_read_whole(press: Press, authorities: Authorities, name: str) -> None:
    """And the ways in that can be wished for are ways in."""
    for fault in ("ok", *WAYS):
        assert isinstance(read(press, authorities, documents()[name], fault), DocumentRead), fault


@pytest.mark.parametrize(("name", "fault"), [*product(documents(), PROBLEMS)])
def test_every_fault_is_its_own_problem_on_every_kind(
    press: Press, authorities: Authorities, name: str, fault: str
) -> None:
    """None is taken for another, whichever way the chip is made."""
    outcome = read(press, authorities, documents()[name], fault)
    assert isinstance(outcome, DocumentUnreadable)
    assert outcome.problem is PROBLEMS[fault]


def test_every_state_of_the_device_is_tried() -> None:
    """A new fault without a test fails here."""
    assert set(MODELS["travel_document"].states) == {"ok", *WAYS, *ON_THE_WIRE, *PROBLEMS}


@pytest.mark.parametrize("suite", [TDES, AES128, AES192, AES256])
@pytest.mark.parametrize("curve", [P256, BRAINPOOL_P256])
def test_every_cipher_opens_on_every_curve(press: Press, authorities: Authorities, suite: Suite, curve: Curve) -> None:
    """Eight ways of PACE."""
    document = replace(documents()["deng"], pace=PaceOffer(suite, curve), bac=False)
    outcome = read(press, authorities, document)
    assert isinstance(outcome, DocumentRead)
    assert outcome.document.access == "PACE"


@pytest.mark.parametrize("fault", ["ok", "no-extended-length"])
def test_a_file_beyond_32_kb_is_read(press: Press, authorities: Authorities, fault: str) -> None:
    """Where an offset no longer fits into the command's parameters."""
    document = replace(documents()["deng"], image_bytes=60 * 1024)
    outcome = read(press, authorities, document, fault)
    assert isinstance(outcome, DocumentRead)
    assert len(outcome.document.portrait.reveal()) == 60 * 1024


@pytest.mark.parametrize("name", documents())
def test_the_zone_on_the_page_opens_the_chip(name: str) -> None:
    """What a camera reads is the key, all check digits holding."""
    document = documents()[name]
    for lines in (document.printed, document.zone):
        zone = mrz_zone.parse(lines)
        assert zone.key(document.issued).information() == document.key.information()
    assert all(len(line) in {30, 44} for line in document.zone)


@pytest.mark.parametrize("name", documents())
def test_a_portrait_is_a_picture_of_the_stated_size(press: Press, name: str) -> None:
    """A JPEG is filled up to the byte."""
    document = documents()[name]
    image = lds.photograph(document.picture, document.image_bytes, jpeg_2000=document.jpeg_2000)
    assert image[:4] == (b"\0\0\0\x0c" if document.jpeg_2000 else b"\xff\xd8\xff\xfe")
    assert len(image) == document.image_bytes if not document.jpeg_2000 else len(image) < document.image_bytes * 1.1
    assert press.make(document).files[lds.DG2].endswith(image)


def test_the_store_holds_self_signed_specimens(press: Press) -> None:
    """A production kiosk knows them by that word."""
    for issuer in press.authorities.values():
        certificate = x509.load_pem_x509_certificate(issuer.pem())
        certificate.verify_directly_issued_by(certificate)
        assert "SPECIMEN" in certificate.subject.rfc4514_string()


# --- worked examples of the standard ---


def test_basic_access_control_follows_the_worked_example() -> None:
    """ICAO 9303-11, D.3 and D.4: keys, mutual authentication, and the first protected commands."""
    subject = BasicAccessControl(EXAMPLE)
    subject._nonce = bytes.fromhex("4608F91988702212")
    sent = "72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F25F1448EEA8AD90A7"
    answer, session = subject.authenticate(bytes.fromhex(sent), bytes.fromhex("0B4F80323EB3191CB04970CB4052790B"))
    said = "46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F2F2D235D074D7449"
    assert answer.hex().upper() == said
    assert session.counter == 0x887022120C06C226

    select = Command.parse(bytes.fromhex("0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800"))
    assert session.unwrap(select) == Command(0, 0xA4, 0x02, 0x0C, bytes.fromhex("011E"))
    assert session.wrap(b"", 0x9000).hex().upper() == "990290008E08FA855A5D4C50A8ED9000"
    first = Command.parse(bytes.fromhex("0CB000000D9701048E08ED6705417E96BA5500"))
    assert session.unwrap(first) == Command(0, 0xB0, 0, 0, le=4)
    said = "8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000"
    assert session.wrap(bytes.fromhex("60145F01"), 0x9000).hex().upper() == said


def test_pace_follows_the_worked_example() -> None:
    """ICAO 9303-11, G.1: generic mapping on brainpoolP256r1 with AES-128."""
    chance = Chance(
        nonce=bytes.fromhex("3F00C4D39D153F2B2A214A078D899B22"),
        mapping=0x498FF49756F2DC1587840041839A85982BE7761D14715FB091EFA7BCE9058560,
        agreement=0x107CF58696EF6155053340FD633392BA81909DF7B9706F226F32086C7AFF974A,
    )
    offer = PaceOffer(AES128, BRAINPOOL_P256)
    assert offer.card_access().hex().upper() == "31143012060A04007F0007020204020202010202010D"
    subject = Pace(offer, PACE_EXAMPLE, chance)
    subject.choose(bytes.fromhex("800A04007F00070202040202830101"))
    steps = [
        ("7C00", "7C12801095A3A016522EE98D01E76CB6B98B42C3"),
        (
            (
                "7C438141047ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E544552DCB6725218799115B55C9BAA6D"
                "9F6BC3A9618E70C25AF71777A9C4922D"
            ),
            (
                "7C43824104824FBA91C9CBE26BEF53A0EBE7342A3BF178CEA9F45DE0B70AA601651FBA3F5730D8C879AAA9C9F73991E61B58F4D52E"
                "B87A0A0C709A49DC63719363CCD13C54"
            ),
        ),
        (
            (
                "7C438341042DB7A64C0355044EC9DF190514C625CBA2CEA48754887122F3A5EF0D5EDD301C3556F3B3B186DF10B857B58F6A7EB80F2"
                "0BA5DC7BE1D43D9BF850149FBB36462"
            ),
            (
                "7C438441049E880F842905B8B3181F7AF7CAA9F0EFB743847F44A306D2D28C1D9EC65DF6DB7764B22277A2EDDC3C265A9F018F9CB8"
                "52E111B768B326904B59A0193776F094"
            ),
        ),
        ("7C0A8508C2B0BD78D94BA866", "7C0A86083ABB9674BCE93C08"),
    ]
    session = None
    for number, (sent, said) in enumerate(steps, 1):
        cla = 0x00 if number == len(steps) else 0x10
        answer, session = subject.step(Command(cla, 0x86, 0, 0, bytes.fromhex(sent), 256))
        assert answer.hex().upper() == said, number
    assert session is not None
    assert session.encryption.hex().upper() == "F5F0E35C0D7161EE6724EE513A0D9A7F"
    assert session.authentication.hex().upper() == "FE251C7858B356B24514B3BD5F4297D1"


@pytest.mark.parametrize("curve", [P256, BRAINPOOL_P256])
def test_points_are_added_and_multiplied_as_the_group_does(curve: Curve) -> None:
    """k(mG) is (km)G, and P + G is (p + 1)G; what is no point is refused."""
    point = curve.times_generator(12345)
    assert curve.times(7, point) == curve.times_generator(7 * 12345)
    assert curve.add(point, curve.times_generator(1)) == curve.times_generator(12346)
    assert curve.decode(curve.encode(point)) == point
    for wrong in (b"", curve.encode(Point(point.x, point.y ^ 1)), b"\x02" + curve.encode(point)[1:]):
        with pytest.raises(ValueError, match="not a point"):
            curve.decode(wrong)


# --- what a strict chip refuses ---


def test_a_stranger_reads_nothing(press: Press) -> None:
    """Only what stands outside the application; and a plain command ends a session."""
    applet = Applet(press.make(documents()["deng"]))
    assert status(applet.answer(bytes.fromhex("00B09C0000"))) == "9000"  # EF.CardAccess by its short identifier
    assert status(applet.answer(bytes.fromhex("00A4040C07A0000002471001"))) == "9000"
    assert status(applet.answer(bytes.fromhex("00A4020C020102"))) == "9000"
    assert status(applet.answer(bytes.fromhex("00B0000000"))) == "6982"
    assert status(applet.answer(bytes.fromhex("0CB000000D9701048E08ED6705417E96BA5500"))) == "6982"
    assert status(applet.answer(bytes.fromhex("00E0000000"))) == "6d00"


def test_a_challenge_serves_one_try(press: Press) -> None:
    """A wrong proof is told so; a second one needs a new challenge."""
    applet = Applet(press.make(documents()["deng-permit"]))
    applet.answer(bytes.fromhex("00A4040C07A0000002471001"))
    proof = bytes.fromhex("0082000028") + bytes(40) + b"\x28"
    assert status(applet.answer(proof)) == "6985"
    assert len(applet.answer(bytes.fromhex("0084000008"))) == 10
    assert status(applet.answer(proof)) == "6300"
    assert status(applet.answer(proof)) == "6985"


def test_pace_takes_its_steps_in_order(press: Press) -> None:
    """And no protocol or password that it did not offer."""
    applet = Applet(press.make(documents()["deng"]))
    nonce, mapping = "10860000027C0000", "10860000047C02810000"
    assert status(applet.answer(bytes.fromhex(nonce))) == "6985"
    assert status(applet.answer(bytes.fromhex("0022C1A40F800A04007F00070202040204830101"))) == "6a80"
    assert status(applet.answer(bytes.fromhex("0022C1A40F800A04007F00070202040202830102"))) == "6a80"
    assert status(applet.answer(bytes.fromhex("0022C1A40F800A04007F00070202040202830101"))) == "9000"
    assert status(applet.answer(bytes.fromhex("10860000067C04830204FF00"))) == "6985"
    assert status(applet.answer(bytes.fromhex(nonce))) == "9000"
    assert status(applet.answer(bytes.fromhex(mapping))) == "6a80"  # no point


def test_a_changed_command_ends_the_session() -> None:
    """One bit of its MAC, or a missing one."""
    for data, said in (("8E08ED6705417E96BA56", 0x6988), ("970104", 0x6987), ("8E", 0x6988)):
        with pytest.raises(StatusError) as caught:
            SecureMessaging.begin(TDES, bytes(16)).unwrap(Command(0x0C, 0xB0, 0, 0, bytes.fromhex(data)))
        assert caught.value.status == said


@pytest.mark.parametrize(
    ("apdu", "parsed"),
    [
        ("00840000", Command(0, 0x84, 0, 0)),
        ("0084000008", Command(0, 0x84, 0, 0, le=8)),
        ("0084000000", Command(0, 0x84, 0, 0, le=256)),
        ("00A4020C020102", Command(0, 0xA4, 2, 0x0C, b"\1\2")),
        ("00A4020C02010200", Command(0, 0xA4, 2, 0x0C, b"\1\2", 256)),
        ("00B00000000800", Command(0, 0xB0, 0, 0, le=2048, extended=True)),
        ("00B00000000000", Command(0, 0xB0, 0, 0, le=65536, extended=True)),
        ("00A4020C0000020102", Command(0, 0xA4, 2, 0x0C, b"\1\2", extended=True)),
        ("00A4020C00000201020100", Command(0, 0xA4, 2, 0x0C, b"\1\2", 256, extended=True)),
    ],
)
def test_a_command_is_taken_apart(apdu: str, parsed: Command) -> None:
    """All cases of ISO/IEC 7816-3, short and extended."""
    assert Command.parse(bytes.fromhex(apdu)) == parsed


@pytest.mark.parametrize("apdu", ["", "00A4", "00A4020C0301", "00A4020C020102FFFF", "00B0000000080000FF"])
def test_a_command_whose_lengths_do_not_fit_is_refused(apdu: str) -> None:
    """With the status for it."""
    with pytest.raises(StatusError, match="6700"):
        Command.parse(bytes.fromhex(apdu))


def test_data_objects_come_apart_as_they_were_put_together() -> None:
    """Long tags, long lengths; an end too early is an error."""
    objects = [(0x80, b""), (0x5F1F, bytes(88)), (0x87, bytes(200)), (0x7F61, bytes(70000))]
    data = b"".join(tlv(tag, value) for tag, value in objects)
    assert list(parse(data)) == objects
    for end in (1, 3, 50, len(data) - 1):
        with pytest.raises(ValueError, match="ends within"):
            list(parse(data[:end]))


# --- as a process ---


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_the_process_fills_the_store_and_ends_when_told(tmp_path: Path, told: signal.Signals) -> None:
    """Status 0, also while nobody listens at the port."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = str(nobody.getsockname()[1])
        command = [sys.executable, "-m", "simulators.chip", "--folder", str(tmp_path), "--port", port]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline().startswith(f"travel documents: port {port}, authorities: ")
            assert Authorities.load(tmp_path / "authorities").count == 2
            process.send_signal(told)
            assert process.wait(5) == 0
