"""From the first byte to belief: our reader against the simulator's chip, which was written apart from it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic.document import DocumentKind
from civic.masking import PersonalText
from civic.mrz import MrzKey
from devices.chip.channel import Channel, ChipGoneError, ChipSilentError
from devices.errors import DeviceCancelledError, DeviceFaultError
from devices.travel_document.api import DocumentProblem, DocumentRead, DocumentUnreadable, Stage, TravelDocument
from devices.travel_document.authorities import Authorities
from devices.travel_document.reading import read_document
from simulators.chip import lds
from simulators.chip.applet import Personalisation
from simulators.chip.ciphers import AES128, AES192, AES256, TDES
from simulators.chip.curves import BRAINPOOL_P256, P256
from simulators.chip.documents import documents
from simulators.chip.pace import PaceOffer
from simulators.chip.personalise import Press
from tests.support.chip_channels import AppletChannel

DOCUMENTS = documents()
DENG = DOCUMENTS["deng"]


@pytest.fixture(scope="module")
def press() -> Press:
    return Press()


@pytest.fixture(scope="module")
def store(press: Press, tmp_path_factory: pytest.TempPathFactory) -> Authorities:
    folder: Path = tmp_path_factory.mktemp("authorities")
    for country, issuer in press.authorities.items():
        (folder / f"{country}.pem").write_bytes(issuer.pem())
    return Authorities.load(folder)


def _read(channel: Channel, store: Authorities, key: MrzKey = DENG.key) -> DocumentRead | DocumentUnreadable:
    return read_document(channel, key, store, lambda *_: None, lambda: None)


def _document(channel: Channel, store: Authorities, key: MrzKey = DENG.key) -> TravelDocument:
    outcome = _read(channel, store, key)
    assert isinstance(outcome, DocumentRead), outcome
    return outcome.document


def _problem(channel: Channel, store: Authorities, key: MrzKey = DENG.key) -> tuple[DocumentProblem, str]:
    outcome = _read(channel, store, key)
    assert isinstance(outcome, DocumentUnreadable), outcome
    return outcome.problem, outcome.detail


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_document_is_read_as_it_was_made(press: Press, store: Authorities, name: str) -> None:
    """Passports and permits, each with another cipher, curve, signature and picture."""
    made = DOCUMENTS[name]
    document = _document(AppletChannel(press.make(made)), store, made.key)
    assert document.kind is made.kind
    assert (document.issuing_state, document.nationality, document.sex) == (made.state, made.state, made.sex)
    assert document.number.reveal() == made.number
    assert document.name.reveal() == made.names.replace("<<", " ").replace("<", " ")
    assert (document.chinese_name.reveal() if document.chinese_name else "") == made.chinese_name
    assert document.personal_number.reveal() == made.personal_number
    assert (document.birth_date, document.expiry_date) == (made.birth, made.expires)
    image = lds.photograph(made.picture, made.image_bytes, jpeg_2000=made.jpeg_2000)
    assert document.portrait.reveal() == image
    assert document.access == ("PACE" if made.pace else "BAC")
    assert document.signer.startswith(f"Common Name: CSCA {made.country} SPECIMEN")


def test_a_passport_that_another_state_signed_is_not_believed(press: Press, store: Authorities) -> None:
    """Both states' authorities are in the store; the zone in the chip says whose document it is."""
    problem, detail = _problem(AppletChannel(press.make(replace(DENG, country="UT"))), store)
    assert problem is DocumentProblem.SIGNER_UNKNOWN
    assert detail.endswith(", for CHN")


@pytest.mark.parametrize("rest", [0xDF, 0xE0, 0xF0, 0xF1, 0x100, 0x101])
def test_a_last_piece_of_any_size_fits_its_response(press: Press, store: Authorities, rest: int) -> None:
    """What is left of a file is asked for in a short command, and comes with tags, padding and MAC around it."""
    at_once, header = 2048, 5
    plain = press.make(DENG).files[lds.DG2]
    to_add = (header + rest - len(plain)) % at_once
    made = replace(DENG, image_bytes=DENG.image_bytes + to_add)
    chip = replace(press.make(made), master_files={lds.CARD_ACCESS: press.make(DENG).master_files[lds.CARD_ACCESS]})
    assert (len(chip.files[lds.DG2]) - header) % at_once == rest
    assert _document(AppletChannel(chip), store).portrait.reveal()


@pytest.mark.parametrize("suite", [TDES, AES128, AES192, AES256], ids=["3DES", "AES-128", "AES-192", "AES-256"])
@pytest.mark.parametrize("curve", [P256, BRAINPOOL_P256], ids=["P-256", "brainpoolP256r1"])
def test_pace_works_with_each_cipher_and_curve(press: Press, store: Authorities, suite: object, curve: object) -> None:
    made = replace(DENG, pace=PaceOffer(suite, curve), bac=False)  # type: ignore[arg-type]
    assert _document(AppletChannel(press.make(made)), store).access == "PACE"


@pytest.mark.parametrize("size", [10_000, 18 * 1024, 50_000])
@pytest.mark.parametrize("longest", [0, 1000, 0x8000])
def test_a_portrait_of_any_size_is_read_at_any_length(
    press: Press, store: Authorities, size: int, longest: int
) -> None:
    """In short commands, in extended ones, and beyond 32 KiB."""
    made = replace(DENG, image_bytes=size, longest=longest)
    assert len(_document(AppletChannel(press.make(made)), store).portrait.reveal()) == size


@pytest.mark.parametrize(
    ("fault", "problem", "detail"),
    [
        ("wrong-key", DocumentProblem.WRONG_KEY, "PACE 6300"),
        ("missing-dg2", DocumentProblem.INCOMPLETE, "EF.DG2"),
        ("tampered-dg1", DocumentProblem.ALTERED, "EF.DG1"),
        ("tampered-dg2", DocumentProblem.ALTERED, "EF.DG2"),
        ("forged-signature", DocumentProblem.SIGNATURE_WRONG, "EF.SOD"),
        ("wrong-signer", DocumentProblem.SIGNER_UNKNOWN, "Common Name: CSCA CN SPECIMEN"),
        ("expired-signer", DocumentProblem.SIGNER_EXPIRED, "Common Name: CSCA CN SPECIMEN"),
        ("not-a-passport", DocumentProblem.NOT_TRAVEL_DOCUMENT, "SELECT 6A82"),
    ],
)
def test_each_fault_has_its_own_problem(
    press: Press, store: Authorities, fault: str, problem: DocumentProblem, detail: str
) -> None:
    found, told = _problem(AppletChannel(press.make(DENG, fault)), store)
    assert found is problem
    assert told.startswith(detail)


def test_a_wrong_key_is_told_by_bac_too(press: Press, store: Authorities) -> None:
    """A chip that refused the proof is not asked again."""
    channel = AppletChannel(press.make(DOCUMENTS["deng-permit"], "wrong-key"))
    assert _problem(channel, store, DOCUMENTS["deng-permit"].key) == (DocumentProblem.WRONG_KEY, "BAC 6300")
    assert [apdu[1] for apdu in channel.sent].count(0x82) == 1


def test_a_wrong_key_at_pace_is_not_tried_at_bac(press: Press, store: Authorities) -> None:
    channel = AppletChannel(press.make(DENG, "wrong-key"))
    assert _problem(channel, store)[0] is DocumentProblem.WRONG_KEY
    assert 0x84 not in {apdu[1] for apdu in channel.sent}


def test_the_application_is_selected_before_a_challenge_is_asked_for(press: Press, store: Authorities) -> None:
    """Some chips know no challenge outside of it."""
    channel = AppletChannel(press.make(DENG, "bac-only"))
    assert _document(channel, store).access == "BAC"
    sent = [apdu.hex() for apdu in channel.sent]
    assert sent[sent.index("0084000008") - 1] == "00a4040c07a0000002471001"


def test_a_chip_that_offers_pace_and_then_knows_none_is_opened_by_bac(press: Press, store: Authorities) -> None:
    """PACE ended before the password was put to the proof."""
    chip = replace(press.make(DENG), pace=None)
    channel = AppletChannel(chip)
    assert _document(channel, store).access == "BAC"
    assert 0x22 in {apdu[1] for apdu in channel.sent}


def test_a_chip_without_a_way_in_that_is_known_here_refuses(press: Press, store: Authorities) -> None:
    """Its PACE is of another kind, and it has no BAC."""
    chip = replace(press.make(DENG), pace=None, bac=False)
    assert _problem(AppletChannel(chip), store) == (DocumentProblem.REFUSED, "GET CHALLENGE 6985")


def test_a_reader_that_carries_no_long_commands_reads_in_short_ones(press: Press, store: Authorities) -> None:
    """The chip says that it takes them; the reader fails each (facts of several models)."""

    def refuse(_: int, apdu: bytes) -> None:
        if len(apdu) > 5 and apdu[4] == 0:
            raise DeviceFaultError("no long ones")

    channel = AppletChannel(press.make(DENG), refuse)
    assert _document(channel, store).access == "PACE"
    assert len(channel.sent) > 80


@pytest.mark.parametrize("error", [DeviceFaultError, DeviceCancelledError])
def test_what_ails_the_reader_is_not_the_documents_problem(
    press: Press, store: Authorities, error: type[Exception]
) -> None:
    """It leaves as it is."""

    def fail(number: int, _: bytes) -> None:
        if number > 20:
            raise error

    with pytest.raises(error):
        _read(AppletChannel(press.make(DENG), fail), store)


@pytest.mark.parametrize(
    ("error", "problem"), [(ChipGoneError, DocumentProblem.MOVED), (ChipSilentError, DocumentProblem.SILENT)]
)
@pytest.mark.parametrize("at", [0, 3, 9, 15, 25])
def test_a_chip_may_go_at_any_moment(
    press: Press, store: Authorities, error: type[Exception], problem: DocumentProblem, at: int
) -> None:
    def leave(number: int, _: bytes) -> None:
        if number == at:
            raise error

    assert _problem(AppletChannel(press.make(DENG), leave), store) == (problem, "")


def test_a_left_visit_ends_the_reading_before_the_next_command(press: Press, store: Authorities) -> None:
    channel = AppletChannel(press.make(DENG))

    def heed() -> None:
        if len(channel.sent) == 12:
            raise DeviceCancelledError

    with pytest.raises(DeviceCancelledError):
        read_document(channel, DENG.key, store, lambda *_: None, heed)
    assert len(channel.sent) == 12


def test_progress_only_grows_and_ends_at_the_whole(press: Press, store: Authorities) -> None:
    told: list[tuple[Stage, float]] = []
    read_document(AppletChannel(press.make(DENG)), DENG.key, store, lambda *stage: told.append(stage), lambda: None)
    assert list(dict.fromkeys(stage for stage, _ in told)) == list(Stage)
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)


def test_a_chip_of_another_document_than_its_page_is_told(press: Press, store: Authorities) -> None:
    """A genuine chip's content behind the keys of another page."""
    other = replace(DENG, number="EA0000099")
    chip = replace(press.make(DENG), information=other.key.information())
    assert _problem(AppletChannel(chip), store, other.key) == (DocumentProblem.PAGE_DIFFERS, "number")


def test_an_empty_store_believes_nobody(press: Press) -> None:
    assert _problem(AppletChannel(press.make(DENG)), Authorities())[0] is DocumentProblem.SIGNER_UNKNOWN


def _without(chip: Personalisation, *files: int) -> Personalisation:
    return replace(chip, files={file: content for file, content in chip.files.items() if file not in files})


@pytest.mark.parametrize(
    ("file", "detail"), [(lds.COMMON, "EF.COM"), (lds.SECURITY, "EF.SOD"), (lds.DG1, "EF.DG1"), (lds.DG11, "EF.DG11")]
)
def test_a_missing_file_is_named(press: Press, store: Authorities, file: int, detail: str) -> None:
    """Also one that only the signature promises."""
    chip = _without(press.make(DENG), file)
    assert _problem(AppletChannel(chip), store) == (DocumentProblem.INCOMPLETE, detail)


def test_a_group_that_nobody_signed_is_not_believed(press: Press, store: Authorities) -> None:
    """A chip that lists more than its state signed."""
    signed = press.make(DENG)
    groups = {file: content for file, content in signed.files.items() if file != lds.DG11}
    sod = press._security(DENG, "ok", {file: groups[file] for file in (lds.DG1, lds.DG2, lds.DG12)})
    chip = replace(signed, files={**signed.files, lds.SECURITY: sod})
    assert _problem(AppletChannel(chip), store) == (DocumentProblem.ALTERED, "EF.DG11: not signed")
    assert _document(AppletChannel(_without(chip, lds.DG11)), store).chinese_name is None


def test_a_card_is_a_permit_and_a_booklet_a_passport(press: Press, store: Authorities) -> None:
    permit = DOCUMENTS["deng-permit"]
    assert _document(AppletChannel(press.make(permit)), store, permit.key).kind is DocumentKind.TRAVEL_PERMIT
    assert _document(AppletChannel(press.make(DENG)), store).kind is DocumentKind.PASSPORT


def test_what_was_read_does_not_show_itself(press: Press, store: Authorities) -> None:
    shown = repr(_read(AppletChannel(press.make(DENG)), store))
    assert not any(text in shown for text in (DENG.number, "ZHANG", DENG.chinese_name, DENG.personal_number))


class _HostileChannel:
    """Answers what it is given, in turn, and then no more than a status."""

    def __init__(self, answers: Iterator[bytes]) -> None:
        self._answers = answers

    def transmit(self, apdu: bytes) -> bytes:
        """The next answer."""
        return next(self._answers, b"\x90\0") if apdu else b""


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.binary(max_size=40) | st.binary(max_size=20).map(lambda data: data + b"\x90\0"), max_size=12))
def test_any_answers_give_a_problem_and_never_a_traceback(answers: list[bytes]) -> None:
    key = MrzKey(PersonalText("L898902C3"), date(1974, 8, 12), date(2032, 4, 15))
    assert isinstance(_read(_HostileChannel(iter(answers)), Authorities(), key), DocumentUnreadable)


@pytest.fixture(scope="module")
def altered(press: Press, store: Authorities) -> Callable[[int, int, bytes], list[DocumentRead | DocumentUnreadable]]:
    """Reads a genuine chip with something written into one of its files, and instead of it."""
    chip = press.make(replace(DENG, image_bytes=10_000, pace=None))

    def read(file: int, at: int, content: bytes) -> list[DocumentRead | DocumentUnreadable]:
        right = chip.files[file]
        start = at % len(right)
        wrong = {content, (right[:start] + content + right[start + len(content) :])[: len(right)]} - {right}
        return [_read(AppletChannel(replace(chip, files={**chip.files, file: each})), store) for each in wrong]

    return read


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([lds.COMMON, lds.SECURITY, lds.DG1, lds.DG2, lds.DG11, lds.DG12]),
    st.integers(0, 200),
    st.binary(min_size=1, max_size=60),
)
def test_whatever_is_written_into_a_file_gives_a_problem(
    altered: Callable[[int, int, bytes], list[DocumentRead | DocumentUnreadable]], file: int, at: int, content: bytes
) -> None:
    """Two files are not signed themselves; what a reading takes from those is."""
    outcomes = altered(file, at, content)
    assert file in {lds.COMMON, lds.SECURITY} or all(isinstance(each, DocumentUnreadable) for each in outcomes)


def test_short_and_extended_commands_differ_in_their_number(press: Press, store: Authorities) -> None:
    """18 KiB of portrait: a few commands against a hundred."""
    counts = {}
    for longest in (0, 0x8000):
        channel = AppletChannel(press.make(replace(DENG, longest=longest)))
        _document(channel, store)
        counts[longest] = len(channel.sent)
    assert counts[0x8000] < 40
    assert counts[0] > 100
